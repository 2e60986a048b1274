package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// OrganizationTree returns the organization: its units, their accounts, and on each the
// service and resource control policies that are attached to it there. What an
// account is under is what stands on the way down to it.
func (s *Solver) OrganizationTree() (*GraphAnswer, error) {
	o := s.inv.Organization
	if o == nil || o.Root == nil {
		return nil, questionErr("the snapshot holds no organization")
	}
	b := s.drawing("Organization " + o.ID)
	root := GraphNode{ID: o.Root.ID, Kind: "organization", Label: o.ID}
	f := s.finder()
	root.Lines, root.Denies = f.policiesOn(root.ID, o.Root.SCPs, o.Root.RCPs)
	b.place(root)
	b.units(f, o.Root)
	return b.finish(f.gaps()), nil
}

// units adds what hangs on a unit.
func (b *drawing) units(f *finder, u *inventory.Unit) {
	for _, sub := range u.Units {
		n := GraphNode{ID: sub.ID, Kind: "unit", Label: sub.Name}
		n.Lines, n.Denies = f.policiesOn(sub.ID, sub.SCPs, sub.RCPs)
		b.place(n)
		b.edge(GraphEdge{From: u.ID, To: sub.ID, Kind: "contains"})
		b.units(f, sub)
	}
	for _, id := range u.Accounts {
		n := GraphNode{ID: id, Kind: "account", Label: id, Account: id, External: true}
		if a := b.s.inv.Account(id); a != nil {
			n.ID, n.External = a.RootARN(), false
			n.Lines, n.Denies = f.policiesOn("account "+a.ID, a.SCPs, a.RCPs)
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
// itself and that allow everything: those that only allow, and those that deny.
//
// Where FullAWSAccess is not among the service control policies, only what they allow
// is left.
func (f *finder) policiesOn(where string, scps, rcps []*inventory.Policy) (allow, deny []string) {
	for _, list := range []struct {
		kind, open string
		policies   []*inventory.Policy
	}{{"SCP ", "FullAWSAccess", scps}, {"RCP ", "RCPFullAWSAccess", rcps}} {
		for _, p := range list.policies {
			if p.Name == list.open {
				continue
			}
			f.unread(where, list.kind+p.Name, p.Doc)
			if p.Doc == nil || p.Doc.Damaged() || p.Doc.Denies() {
				deny = append(deny, list.kind+p.Name) // what could not be read may deny anything
				continue
			}
			allow = append(allow, list.kind+p.Name)
		}
	}
	if len(scps) > 0 && !slices.ContainsFunc(scps, func(p *inventory.Policy) bool { return p.Name == "FullAWSAccess" }) {
		allow = append(allow, "no FullAWSAccess: only what SCPs allow")
	}
	return allow, deny
}
