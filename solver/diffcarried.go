package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// What requests carry of the session that sends them (E226) says nothing of the
// requests of somebody else: a tag that the session of one role has to carry, or
// that its policies ask for, is no matter of the same tag of another caller.
// Ways that end with the same caller are compared with it, others without.

// ofCaller reports whether a key, in lower case, is one that sessions carry, as
// the calls that made them put it there.
func ofCaller(key string) bool {
	host, _, _ := strings.Cut(key, ":")
	return strings.HasPrefix(key, "aws:principaltag/") || key == "aws:sourceidentity" || key == "aws:userid" ||
		(strings.Contains(host, ".") || host == "saml") && keptClaims[key[strings.LastIndexByte(key, ':')+1:]]
}

// asksCaller reports whether an open question is about such a key.
func asksCaller(question string) bool {
	for _, rest := range strings.Split(strings.ToLower(question), "${")[1:] {
		name, _, _ := strings.Cut(rest, "}")
		name, _, _ = strings.Cut(name, ",") // a default follows (E71)
		if ofCaller(strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// withoutCaller returns the contexts that agree with one of g in all but what
// sessions carry.
func withoutCaller(sp *permission.Space, g *permission.Guard) *permission.Guard {
	keys, opaque := sp.Keys(g)
	keep := map[string]bool{"": true}
	for _, key := range keys {
		keep[key] = !ofCaller(key)
	}
	if slices.ContainsFunc(keys, ofCaller) {
		g = sp.Forget(g, keep)
	}
	for _, q := range opaque {
		if asksCaller(q) {
			no, yes := sp.Answered(g, q)
			g = sp.OrGuards(no, yes)
		}
	}
	return g
}

// carrying is withoutCaller for the requests of a label.
func carrying(sp *permission.Space, label *permission.Label) *permission.Label {
	out := sp.Nothing()
	for _, p := range sp.Pieces(label) {
		p.When = withoutCaller(sp, p.When)
		out = sp.Union(out, sp.Label(p))
	}
	return out
}

// An extent is what a caller may do, taken without what its session carries.
type extent struct {
	sure  *permission.Label // whatever it carries
	maybe *permission.Label // as far as it carries the right thing
}

// extent returns what a caller may do for the comparison with somebody else.
func (s *solution) extent(key string) extent {
	if x, ok := s.extents[key]; ok {
		return x
	}
	sp, label := s.sp, s.by[key].label
	x := extent{label, carrying(sp, label)}
	if list := s.sides[key]; x.maybe != label || list[0].c.history != nil {
		can := sp.Always() // what its session can carry
		if h := list[0].c.history; h != nil {
			can = sp.When(list[0].r.e.resolved(h))
		}
		refused := sp.Subtract(sp.Under(x.maybe, can), label)
		x.sure = sp.Subtract(x.maybe, carrying(sp, refused))
	}
	s.extents[key] = x
	return x
}

// meets reports whether some of a remainder is among what another way lets
// through, hops being its conditions for the hops of this one. It is also true
// when that can't be told.
func (r *remainder) meets(sp *permission.Space, hops []*guard.Expr, label *permission.Label) bool {
	if sp.Intersect(r.label, label).IsEmpty() {
		return false
	}
	for i, when := range hops {
		if in, _, ok := apart(r.hops[i], when); ok && in == guard.False {
			return false
		}
	}
	return true
}
