package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/service"
	"pathfinder/graphmodel/catalog"
)

// Every permission in the table is one that AWS knows, by this spelling, and none
// changes anything.
func TestOperationsRead(t *testing.T) {
	t.Parallel()
	const changes = catalog.AccessWrite | catalog.AccessPermissions | catalog.AccessTagging
	for _, s := range service.All() {
		seen := make(map[string]bool)
		for _, o := range s.Operations {
			if key := o.Service + " " + o.Name; seen[key] {
				t.Errorf("%s declares %s twice", s.Name, key)
			} else {
				seen[key] = true
			}
			if len(o.Actions) == 0 {
				t.Errorf("%s: %s names no permission", s.Name, o.Name)
			}
			for _, name := range o.Actions {
				a, ok := catalog.Default().Action(name)
				switch {
				case !ok || a.Name != name:
					t.Errorf("%s: %s needs %s, which the catalog does not hold", s.Name, o.Name, name)
				case a.Access&changes != 0 || a.Access == 0:
					t.Errorf("%s: %s has the access level %s", s.Name, name, a.Access)
				}
			}
		}
	}
}

// Services are found by name; their descriptions are complete.
func TestTable(t *testing.T) {
	t.Parallel()
	for _, s := range service.All() {
		found, ok := service.Find(s.Name)
		if !ok || found.Title != s.Title {
			t.Errorf("%s is not found", s.Name)
		}
		if s.Title == "" || s.What == "" || s.Scope == service.ScopeInvalid || s.Lists == 0 || s.Read == nil || len(s.Operations) == 0 {
			t.Errorf("%s is described incompletely", s.Name)
		}
		for _, typ := range s.Types {
			if strings.Count(typ, "::") != 2 {
				t.Errorf("%s finds %s, which CloudFormation does not name so", s.Name, typ)
			}
		}
	}
}
