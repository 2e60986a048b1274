package audit_test

import (
	"testing"

	"pathfinder/collector"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// TestAssigned: findings about a role of a permission set say who may enter as it (E159),
// others nothing.
func TestAssigned(t *testing.T) {
	t.Parallel()
	inv, err := collector.Open("../../fixtures/acme")
	if err != nil {
		t.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := audit.Run(audit.Config{Solver: s, Inventory: inv, Survey: s.Survey(2)})
	if err != nil {
		t.Fatal(err)
	}
	said, silent := 0, 0
	for i := range rep.Findings {
		f := &rep.Findings[i]
		p := inv.Principal(f.Principal)
		if p == nil || f.Kind != "admin-equivalent" {
			continue
		}
		if !p.IsPermissionSet() {
			silent++
			if len(f.Assigned) > 0 {
				t.Errorf("%s is said to be assigned: %v", f.Principal, f.Assigned)
			}
			continue
		}
		said++
		if len(f.Assigned) != 1 || f.Assigned[0].Role != p.ARN || !f.Assigned[0].Complete {
			t.Errorf("%s: got %+v, want all who are assigned to that role", f.Principal, f.Assigned)
			continue
		}
		if a := f.Assigned[0]; a.PermissionSet == "AdministratorAccess" && (len(a.Users) != 0 || len(a.Groups) != 1 || a.Groups[0].Name != "Platform" || *a.Groups[0].People != 2) {
			t.Errorf("%s: got %+v, want the two people of Platform", f.Principal, a)
		}
	}
	if said < 3 || silent < 1 {
		t.Errorf("%d findings are about permission sets and %d about others", said, silent)
	}
}
