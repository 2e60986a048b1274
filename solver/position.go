package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// A position is where an account stands in its organization: nearly every decision needs
// it.
type position struct {
	path       string  // of organization, units and root, as aws:PrincipalOrgPaths has it
	scps, rcps []Level // from the root to the account itself
}

// position returns the position of an account that has one.
func (s *Solver) position(a *inventory.Account) *position {
	if known, ok := s.positions.Load(a); ok {
		return known.(*position)
	}
	at := &position{path: s.inv.OrgPath(a)}
	for _, u := range a.Path() {
		at.scps = append(at.scps, Level{Target: u.ID, Policies: named(nil, u.ID, u.SCPs)})
		at.rcps = append(at.rcps, Level{Target: u.ID, Policies: named(nil, u.ID, u.RCPs)})
	}
	at.scps = append(at.scps, Level{Target: a.ID, Policies: named(nil, a.ID, a.SCPs)})
	at.rcps = append(at.rcps, Level{Target: a.ID, Policies: named(nil, a.ID, a.RCPs)})
	at.scps, at.rcps = slices.Clip(at.scps), slices.Clip(at.rcps)
	known, _ := s.positions.LoadOrStore(a, at)
	return known.(*position)
}
