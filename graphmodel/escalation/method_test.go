package escalation_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
)

// TestMethods holds the table together: moves and things are known, actions and
// resource types are in AWS's catalog, and methods that need a service name one.
func TestMethods(t *testing.T) {
	moves := []escalation.Move{
		escalation.Raise, escalation.Version, escalation.Join, escalation.Unbound, escalation.Undeny, escalation.Tag, escalation.Found,
		escalation.Become, escalation.BecomeRaised, escalation.Provider, escalation.Pass, escalation.PassRaised, escalation.Run,
		escalation.SSO, escalation.SSORaised, escalation.Open, escalation.Enabler, escalation.Limited, escalation.Covered, escalation.Hop,
		escalation.Closed, escalation.None,
	}
	things := []string{
		"", escalation.Self, escalation.SelfUser, escalation.SelfRole, escalation.OwnGroup, escalation.OwnPolicy, escalation.OwnBound, escalation.User,
		escalation.Role, escalation.RolePolicy, escalation.Group, escalation.SAMLOIDC, escalation.NewUser, escalation.NewRole,
		escalation.NewPolicy, escalation.NewGroup, escalation.NewProfile, escalation.Profile, escalation.Any,
	}
	c := catalog.Default()
	for _, m := range escalation.All() {
		if !slices.Contains(moves, m.Move) {
			t.Errorf("%s: move %q is not known", m.ID, m.Move)
		}
		if by := m.Move == escalation.Pass || m.Move == escalation.Run; by != (len(m.Services) > 0) {
			t.Errorf("%s: a %s with services %v", m.ID, m.Move, m.Services)
		}
		if !m.Move.Moves() && m.Move != escalation.Hop && m.If == "" {
			t.Errorf("%s: moves nobody, and does not say why", m.ID)
		}
		for _, n := range m.Needs {
			if !slices.Contains(things, n.On) {
				t.Errorf("%s: %q is not known", m.ID, n.On)
			}
			for _, name := range n.Actions {
				a, ok := c.Action(name)
				switch {
				case !ok && m.Move.Moves():
					t.Errorf("%s: the catalog has no %s", m.ID, name)
				case ok && a.Name != name:
					t.Errorf("%s: %s is spelled %s", m.ID, name, a.Name)
				}
			}
			for _, typ := range n.Types {
				service, name, _ := strings.Cut(typ, ":")
				if !slices.ContainsFunc(c.ResourceTypes(service), func(r catalog.ResourceType) bool { return r.Name == name }) {
					t.Errorf("%s: the catalog has no type %s", m.ID, typ)
				}
			}
		}
	}
	if n := len(escalation.All()); n < 187 {
		t.Errorf("%d methods", n)
	}
}
