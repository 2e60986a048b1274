package permission

// An Origin is something that stands behind requests, such as a statement that
// allows them.
type Origin[S any] struct {
	Of    S
	Label *Label
}

// A Traced is a part of a piece of which every action comes from the same
// origins.
type Traced[S any] struct {
	Piece
	From []S // in the order of the list
}

// Trace splits a piece by the actions that different origins stand behind: an
// origin stands behind an action when its label shares a request of that action
// with the piece. Together the parts are the piece.
func Trace[S any](s *Space, p Piece, list []Origin[S]) []Traced[S] {
	parts := []Traced[S]{{Piece: p}}
	whole := s.Label(p)
	for _, o := range list {
		shared := s.ActionsOf(s.Intersect(o.Label, whole))
		if shared.IsEmpty() {
			continue
		}
		var next []Traced[S]
		for _, part := range parts {
			in, out := s.IntersectActions(part.Actions, shared), s.SubtractActions(part.Actions, shared)
			if !out.IsEmpty() {
				rest := part
				rest.Actions = out
				next = append(next, rest)
			}
			if !in.IsEmpty() {
				part.Actions = in
				part.From = append(part.From[:len(part.From):len(part.From)], o.Of)
				next = append(next, part)
			}
		}
		parts = next
	}
	return parts
}

// Apart splits a piece by the actions and resources to which different origins
// apply: an origin applies to a pair of an action and a resource when its label
// shares a request of it with the piece. Together the parts are the piece.
func Apart[S any](s *Space, p Piece, list []Origin[S]) []Traced[S] {
	parts := []Traced[S]{{Piece: p}}
	for _, o := range list {
		var next []Traced[S]
		for _, part := range parts {
			left := []Piece{part.Piece}
			for _, q := range s.Pieces(s.Intersect(o.Label, s.Label(part.Piece))) {
				var rest []Piece
				for _, l := range left {
					in, out := s.IntersectActions(l.Actions, q.Actions), s.SubtractActions(l.Actions, q.Actions)
					here := s.Both(l.Resources, q.Resources)
					if in.IsEmpty() || here.IsEmpty() {
						rest = append(rest, l)
						continue
					}
					hit := part
					hit.Piece = Piece{in, here, p.When}
					hit.From = append(part.From[:len(part.From):len(part.From)], o.Of)
					next = append(next, hit)
					if !out.IsEmpty() {
						rest = append(rest, Piece{out, l.Resources, p.When})
					}
					if there := s.Both(l.Resources, s.Others(q.Resources)); !there.IsEmpty() {
						rest = append(rest, Piece{in, there, p.When})
					}
				}
				left = rest
			}
			for _, l := range left {
				part.Piece = l
				next = append(next, part)
			}
		}
		parts = next
	}
	return parts
}

// ActionsOf returns the actions of which a label holds requests.
func (s *Space) ActionsOf(a *Label) *ActionSet {
	defer s.lock()()
	out := s.pool.empty
	for _, r := range a.rows {
		out = s.pool.combine(opOr, out, r.actions)
	}
	return out
}

// Keys lists the condition keys, in lower case, on which a set of contexts
// depends, and the opaque questions.
func (s *Space) Keys(g *Guard) (keys, opaque []string) {
	defer s.lock()()
	levels := make([]bool, len(s.vars))
	s.guards.levels(g, map[*Guard]bool{}, levels)
	for i, yes := range levels {
		switch v := s.vars[i]; {
		case !yes:
		case v.key == "":
			opaque = append(opaque, v.opaque)
		case len(keys) == 0 || keys[len(keys)-1] != v.key:
			keys = append(keys, v.key)
		}
	}
	return keys, opaque
}

// Answered returns the contexts that are left of g when an opaque question is
// answered no, and when it is answered yes.
func (s *Space) Answered(g *Guard, question string) (no, yes *Guard) {
	defer s.lock()()
	level, ok := s.opaque[question]
	if !ok {
		return g, g
	}
	memo := [2]map[*Guard]*Guard{{}, {}}
	return s.guards.follow(g, level, 0, memo[0]), s.guards.follow(g, level, 1, memo[1])
}

// Forget returns the contexts that agree with one of g in the keys that keep
// holds, in lower case, whatever their other keys and opaque questions are.
func (s *Space) Forget(g *Guard, keep map[string]bool) *Guard {
	defer s.lock()()
	memo := map[*Guard]*Guard{}
	var forget func(n *Guard) *Guard
	forget = func(n *Guard) *Guard {
		if n.kids == nil {
			return n
		}
		if done, ok := memo[n]; ok {
			return done
		}
		kids := make([]*Guard, len(n.kids))
		some := s.guards.no
		for i, k := range n.kids {
			kids[i] = forget(k)
			some = s.guards.combine(opOr, some, kids[i])
		}
		if keep[s.vars[n.level].key] {
			some = s.guards.node(n.level, kids)
		}
		memo[n] = some
		return some
	}
	return s.guards.combine(opAnd, forget(g), s.guards.possible)
}

// follow answers one question inside a diagram.
func (g *guards) follow(n *Guard, level, answer int, memo map[*Guard]*Guard) *Guard {
	if n.level > level {
		return n
	}
	if n.level == level {
		return n.kids[answer]
	}
	if done, ok := memo[n]; ok {
		return done
	}
	kids := make([]*Guard, len(n.kids))
	for i, k := range n.kids {
		kids[i] = g.follow(k, level, answer, memo)
	}
	memo[n] = g.node(n.level, kids)
	return memo[n]
}
