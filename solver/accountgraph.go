package solver

import (
	"maps"
	"runtime"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/internal/parallel"
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
	b.decided(f, a)
	b.none("Nobody was found who can assume a role of the account or reaches a resource of it")
	return b.finish(f.gaps()), nil
}

// DecidedGraph returns the access graph with all decided: who can assume which role
// in one hop, and who reaches which resource directly. Around is as for [Solver.Graph].
// It asks about each resource, and names each pair of a principal and a resource
// that it reaches, so it is for snapshots that can be looked at.
func (s *Solver) DecidedGraph(q GraphQuery) (*GraphAnswer, error) {
	b, f := s.drawing("Who reaches what"), s.finder()
	around := ""
	if q.Around != "" {
		at, err := s.findNode(q.Around)
		if err != nil {
			return nil, err
		}
		around = s.nodeName(at)
		b.focus, b.ans.Title = around, "Access around "+at.Name
	}
	parts := make([]*drawing, len(s.inv.Accounts))
	finders := make([]*finder, len(parts))
	parallel.Each(runtime.GOMAXPROCS(0), len(parts), func(i int) {
		parts[i], finders[i] = s.drawing(""), s.finder()
		parts[i].focus = b.focus
		parts[i].decided(finders[i], s.inv.Accounts[i])
	})
	for i, part := range parts {
		for _, n := range part.ans.Nodes {
			b.place(n)
		}
		b.ans.Edges = append(b.ans.Edges, part.ans.Edges...) // to what the account holds: no other part has them
		maps.Copy(f.unknown, finders[i].unknown)
		f.cut = f.cut || finders[i].cut
	}
	if around != "" {
		b.node(around)
		b.keepNear(around, q.Hops)
	}
	b.none("Nobody reaches anything")
	return b.finish(f.gaps()), nil
}

// decided adds an account's principals and resources, and who reaches these.
func (b *drawing) decided(f *finder, a *inventory.Account) {
	held := a.Held()
	f.unreadIAM(a)
	for _, p := range a.Principals() {
		b.node(p.ARN)
	}
	for _, role := range held.Roles {
		b.entrances(f, role)
	}
	for _, r := range held.Resources {
		b.node(r.ARN)
		t, asks := b.s.targetOf(r.ARN), b.s.asksOn(r.ARN)
		if asks == nil {
			f.unknown[Gap{What: r.ARN, Why: "which actions its service has is not known"}] = true
		}
		for _, reacher := range f.direct(t, asks) {
			b.grants(reacher.actor.caller.ARN, r.ARN, reacher.grants)
		}
		anon := actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}
		if grants := f.grants(&anon, t, asks); len(grants) > 0 {
			b.grants("anonymous", r.ARN, grants)
		}
	}
}

// keepNear drops the nodes that are more than some steps away, either way; no step
// goes on from the public or a service, which are near everything.
func (b *drawing) keepNear(id string, hops int) {
	next := map[string][]string{}
	for i := range b.ans.Edges {
		e := &b.ans.Edges[i]
		next[e.From], next[e.To] = append(next[e.From], e.To), append(next[e.To], e.From)
	}
	through := map[string]bool{id: true}
	for i := range b.ans.Nodes {
		n := &b.ans.Nodes[i]
		through[n.ID] = through[n.ID] || n.Kind != "public" && n.Kind != "service"
	}
	kept, at := map[string]bool{id: true}, []string{id}
	for range hops {
		var further []string
		for _, from := range at {
			if !through[from] {
				continue
			}
			for _, to := range next[from] {
				if !kept[to] {
					kept[to] = true
					further = append(further, to)
				}
			}
		}
		at = further
	}
	b.ans.Nodes = slices.DeleteFunc(b.ans.Nodes, func(n GraphNode) bool { return !kept[n.ID] })
	b.ans.Edges = slices.DeleteFunc(b.ans.Edges, func(e GraphEdge) bool { return !kept[e.From] || !kept[e.To] })
}

// entrances adds who can assume a role.
func (b *drawing) entrances(f *finder, role *inventory.Principal) {
	f.unread(role.ARN, "its trust policy", role.Trust)
	for _, h := range b.s.edges.callersOf(role) {
		b.hop(f, h)
	}
}

// hop adds who can assume a role, and notes what the hop lacked.
func (b *drawing) hop(f *finder, h hop) {
	f.hops(&path{hops: []hop{h}})
	b.edge(GraphEdge{From: h.from.caller.ARN, To: h.to.ARN, Kind: h.kind, Condition: h.guard, Because: h.because})
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
		names := func(yield func(string) bool) {
			for _, a := range s.inv.Accounts {
				if a.Name != "" && !yield(a.Name) {
					return
				}
			}
		}
		return nil, questionErr("the snapshot holds no account %q%s", text, orElse(likeName(names, text), ""))
	}
	return found, nil
}
