package solver

import (
	"pathfinder/graphmodel/inventory"
)

// AccountGraph returns one account, by its id or its unique name: its users and
// roles, who can assume these roles in one hop, its resources, and who reaches
// them directly. Edges are decided.
func (s *Solver) AccountGraph(account string) (*GraphAnswer, error) {
	a, err := s.accountNamed(account)
	if err != nil {
		return nil, err
	}
	title := "Account " + a.ID
	if a.Name != "" {
		title = "Account " + a.Name + " " + a.ID
	}
	b, f := s.drawing(title), s.finder()
	held := a.Held()
	for _, p := range a.Principals() {
		b.node(p.ARN)
	}
	for _, role := range held.Roles {
		b.entrances(f, role)
	}
	for _, r := range held.Resources {
		b.node(r.ARN)
		t, asks := s.targetOf(r.ARN), s.asksOn(r.ARN)
		for _, reacher := range f.direct(t, asks) {
			b.grants(reacher.actor.caller.ARN, r.ARN, reacher.grants)
		}
		anon := actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}
		if grants := f.grants(&anon, t, asks); len(grants) > 0 {
			b.grants("anonymous", r.ARN, grants)
		}
	}
	return b.finish(f.gaps()), nil
}

// entrances adds who can assume a role.
func (b *drawing) entrances(f *finder, role *inventory.Principal) {
	for _, h := range b.s.edges.callersOf(role) {
		f.hops(&path{hops: []hop{h}})
		b.edge(GraphEdge{From: h.from.caller.ARN, To: role.ARN, Kind: h.kind, Condition: h.guard, Because: h.because})
	}
}

func (s *Solver) accountNamed(text string) (*inventory.Account, error) {
	if a := s.inv.Account(text); a != nil {
		return a, nil
	}
	var found *inventory.Account
	for _, a := range s.inv.Accounts {
		if a.Name != text && a.Alias != text || text == "" {
			continue
		}
		if found != nil {
			return nil, questionErr("two accounts are named %q: %s and %s; give the number", text, found.ID, a.ID)
		}
		found = a
	}
	if found == nil {
		return nil, questionErr("the snapshot holds no account %q", text)
	}
	return found, nil
}
