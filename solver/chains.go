package solver

import "pathfinder/graphmodel/inventory"

// RoleChains returns who can become which role, in any number of hops: all of it, or
// what leads to and from one principal. Services are left out. An edge is decided
// by itself; whether a chain of them can be walked also depends on what sessions
// carry on, which [Solver.Can] and [Solver.WhoCan] follow.
func (s *Solver) RoleChains(around string) (*GraphAnswer, error) {
	b, f := s.drawing("Who can become whom"), s.finder()
	if around == "" {
		for _, a := range s.inv.Accounts {
			for _, role := range a.Held().Roles {
				b.becoming(f, role)
			}
			f.unreadIAM(a)
		}
		b.none("Nobody can become another principal")
		return b.finish(f.gaps()), nil
	}
	start, err := s.resolvePrincipal(around)
	if err != nil {
		return nil, err
	}
	b.focus = start.caller.ARN
	b.ans.Title = "Who can become " + start.caller.ARN + ", and whom that can become"
	b.node(b.focus)
	for queue := []string{b.focus}; len(queue) > 0; queue = queue[1:] {
		queue = append(queue, b.becoming(f, s.inv.Principal(queue[0]))...)
	}
	reached := map[string]bool{b.focus: true}
	for queue := []actor{start}; len(queue) > 0; queue = queue[1:] {
		for _, h := range s.hopsFrom(&queue[0]) {
			b.hop(f, h)
			if !reached[h.to.ARN] {
				reached[h.to.ARN] = true
				queue = append(queue, s.actorOf(h.to))
			}
		}
	}
	f.unreadAround(b.ans.Nodes)
	b.none("Nobody can become it, and it nobody else")
	return b.finish(f.gaps()), nil
}

// becoming adds who can assume a role, and returns those that were not drawn
// before. Nobody becomes what is none.
func (b *drawing) becoming(f *finder, role *inventory.Principal) (more []string) {
	if role == nil || role.Kind != inventory.Role {
		return nil
	}
	f.unread(role.ARN, "its trust policy", role.Trust)
	for _, h := range b.s.edges.callersOf(role) {
		c := &h.from.caller
		if c.Kind == CallerService {
			continue
		}
		if !b.nodes[c.ARN] {
			more = append(more, c.ARN)
		}
		b.hop(f, h)
	}
	return more
}
