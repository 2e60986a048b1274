package lint

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
)

// The lists name what there is, and are about what there isn't.
func TestTables(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	for call, action := range apiNames {
		if _, known := c.Action(call); known {
			t.Errorf("%s is an action", call)
		}
		for word := range strings.FieldsSeq(strings.ReplaceAll(action, ",", "")) {
			if !strings.Contains(word, ":") {
				continue
			}
			if !slices.ContainsFunc(c.Actions(word[:strings.IndexByte(word, ':')]), func(a catalog.Action) bool {
				return a.Name == word || strings.HasSuffix(word, "*") && strings.HasPrefix(a.Name, strings.TrimSuffix(word, "*"))
			}) {
				t.Errorf("%s: there is no action %s", call, word)
			}
		}
	}
	for action := range silentActions {
		if _, known := c.Action(action); known {
			t.Errorf("%s is an action", action)
		}
	}
	for name, service := range serviceAliases {
		if slices.Contains(c.Services(), name) || !slices.Contains(c.Services(), service) {
			t.Errorf("%s stands for %s", name, service)
		}
	}
	for _, list := range []map[string]bool{surelyWithout, listsByARN, wellDocumented, twofold} {
		for service := range list {
			if !slices.Contains(c.Services(), service) {
				t.Errorf("there is no service %s", service)
			}
		}
	}
	if !slices.IsSortedFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the rules are not sorted by id")
	}
}
