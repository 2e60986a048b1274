package solver

import "pathfinder/graphmodel/inventory"

// OrganizationTree returns the organization: its units, their accounts, and on each the
// service and resource control policies that are attached to it there. What an
// account is under is what stands on the way down to it.
func (s *Solver) OrganizationTree() (*GraphAnswer, error) {
	o := s.inv.Organization
	if o == nil || o.Root == nil {
		return nil, questionErr("the snapshot holds no organization")
	}
	b := s.drawing("Organization " + o.ID)
	b.place(GraphNode{ID: o.Root.ID, Kind: "organization", Label: o.ID, Lines: b.policiesOn(o.Root.SCPs, o.Root.RCPs)})
	b.units(o.Root)
	return b.finish(s.finder().gaps()), nil
}

// units adds what hangs on a unit.
func (b *drawing) units(u *inventory.Unit) {
	for _, sub := range u.Units {
		b.place(GraphNode{ID: sub.ID, Kind: "unit", Label: sub.Name, Lines: b.policiesOn(sub.SCPs, sub.RCPs)})
		b.edge(GraphEdge{From: u.ID, To: sub.ID, Kind: "contains"})
		b.units(sub)
	}
	for _, id := range u.Accounts {
		n := GraphNode{ID: id, Kind: "account", Label: id, Account: id, External: true}
		if a := b.s.inv.Account(id); a != nil {
			n.ID, n.External, n.Lines = a.RootARN(), false, b.policiesOn(a.SCPs, a.RCPs)
			if a.Name != "" {
				n.Label = a.Name
			}
		}
		if id == b.s.inv.Organization.ManagementAccount {
			n.Lines = append([]string{"management: no SCP or RCP applies"}, n.Lines...) // E111, E118
		}
		b.place(n)
		b.edge(GraphEdge{From: u.ID, To: n.ID, Kind: "contains"})
	}
}

// policiesOn names policies that are attached, but for those that AWS attaches by
// itself and that allow everything.
func (b *drawing) policiesOn(scps, rcps []*inventory.Policy) (lines []string) {
	for _, list := range []struct {
		kind, open string
		policies   []*inventory.Policy
	}{{"SCP ", "FullAWSAccess", scps}, {"RCP ", "RCPFullAWSAccess", rcps}} {
		for _, p := range list.policies {
			if p.Name != list.open {
				lines = append(lines, list.kind+p.Name)
			}
		}
	}
	return lines
}
