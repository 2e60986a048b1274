package permission

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// maxCubes bounds the alternatives that a guard is written as.
const maxCubes = 256

// Expr writes a set of contexts as an expression over the tests of the space: few
// alternatives, each of few tests. ok is false when that takes more than 256
// alternatives, or when the space is overgrown; the expression then is opaque.
func (s *Space) Expr(g *Guard) (e *guard.Expr, ok bool) {
	defer s.lock()()
	return s.expr(g)
}

func (s *Space) expr(g *Guard) (*guard.Expr, bool) {
	switch {
	case s.guards.over:
		return grown(), false
	case g == s.guards.no:
		return guard.False, true
	case g == s.guards.possible:
		return guard.True, true
	}
	if e, ok := s.written[g]; ok {
		return e, true
	}
	cubes, ok := s.cubes(g)
	switch {
	case s.guards.over:
		return grown(), false
	case !ok:
		return guard.Opaque("a condition of more than 256 alternatives"), false
	}
	e := guard.False
	for _, c := range cubes {
		all := guard.True
		for _, l := range c {
			all = guard.And(all, l.expr)
		}
		e = guard.Or(e, all)
	}
	s.written[g] = e
	return e, true
}

// grown stands for a condition of an overgrown space.
func grown() *guard.Expr {
	return guard.Opaque("a condition that combines with others in too many ways")
}

// A literal is a test or the opposite of one, with the contexts that meet it.
type literal struct {
	expr *guard.Expr
	g    *Guard
	cost int // literals of high cost are dropped first
}

// literals lists the tests, and their opposites, that bear on the variables of g.
func (s *Space) literals(g *Guard) []literal {
	levels := make([]bool, len(s.vars))
	s.guards.levels(g, map[*Guard]bool{}, levels)
	var out []literal
	add := func(e *guard.Expr, g *Guard, cost int) {
		if e = s.asPresent(e); e.Open() && g != s.guards.possible && g != s.guards.no {
			out = append(out, literal{e, g, cost})
		}
	}
	keys := map[string]bool{}
	for i := range s.tests {
		c := &s.tests[i]
		holds := s.byTest[testName(c)]
		if !s.asks(holds, levels) {
			continue
		}
		e := guard.Atom(*c)
		cost := 1
		if c.Operator.Negated() || c.Operator.IsNull() || c.Operator.IfExists {
			cost = 2
		}
		add(e, holds, cost)
		add(guard.Not(e), s.guards.combine(opSub, s.guards.possible, holds), cost+2)
		if k := s.byKey[c.LowerKey()]; k != nil && !keys[c.LowerKey()] && k.domain == "" {
			keys[c.LowerKey()] = true
			here := s.guards.combine(opAnd, s.present(c.LowerKey(), ""), s.guards.possible)
			add(guard.Atom(policy.NewCondition("Null", k.name, []string{"false"})), here, 6)
			add(guard.Atom(policy.NewCondition("Null", k.name, []string{"true"})), s.guards.combine(opSub, s.guards.possible, here), 5)
		}
	}
	for i, v := range s.vars {
		if levels[i] && v.key == "" && !s.isTest(v.opaque) {
			asked := s.guards.combine(opAnd, s.guards.possible, s.guards.literal(i, func(i int) bool { return i == 1 }))
			e := guard.Opaque(v.opaque)
			add(e, asked, 1)
			add(guard.Not(e), s.guards.combine(opSub, s.guards.possible, asked), 3)
		}
	}
	slices.SortStableFunc(out, func(a, b literal) int { return b.cost - a.cost })
	return out
}

// asPresent leaves out of tests what they say of the absence of keys that are certainly
// present.
func (s *Space) asPresent(e *guard.Expr) *guard.Expr {
	return guard.Fold(e, guard.Algebra[*guard.Expr]{
		False: guard.False, True: guard.True, Opaque: guard.Opaque, And: guard.And, Or: guard.Or, Not: guard.Not,
		Atom: func(c *policy.Condition) *guard.Expr {
			if k := s.byKey[c.LowerKey()]; k == nil || k.domain == "" || !c.Operator.IfExists {
				return guard.Atom(*c)
			}
			return guard.Atom(policy.NewCondition(strings.TrimSuffix(c.Operator.String(), "IfExists"), c.Key, c.Values))
		},
	})
}

// isTest reports whether an opaque question is one about a test.
func (s *Space) isTest(q string) bool {
	return slices.ContainsFunc(s.tests, func(c policy.Condition) bool { return question(&c) == q })
}

// asks reports whether g depends on one of the variables.
func (s *Space) asks(g *Guard, levels []bool) bool {
	own := make([]bool, len(s.vars))
	s.guards.levels(g, map[*Guard]bool{}, own)
	for i := range own {
		if own[i] && levels[i] {
			return true
		}
	}
	return false
}

// cubes writes g as alternatives of literals: for a context that is left, all
// that hold of it, less those that make no difference.
func (s *Space) cubes(g *Guard) (out [][]literal, ok bool) {
	all := s.literals(g)
	rest := g
	var sets []*Guard
	for rest != s.guards.no {
		if len(out) == maxCubes {
			return nil, false
		}
		point := s.point(rest)
		var cube []literal
		for _, l := range all {
			if s.guards.combine(opAnd, l.g, point) == point {
				cube = append(cube, l)
			}
		}
		cube, set := s.least(cube, g)
		if set == nil {
			return nil, false // the tests do not tell the contexts apart
		}
		out, sets = append(out, cube), append(sets, set)
		rest = s.guards.combine(opSub, rest, set)
	}
	for i := 0; i < len(out); { // what the others give anyway
		others := s.guards.no
		for j := range sets {
			if j != i {
				others = s.guards.combine(opOr, others, sets[j])
			}
		}
		if s.guards.combine(opSub, sets[i], others) == s.guards.no {
			out, sets = slices.Delete(out, i, i+1), slices.Delete(sets, i, i+1)
			continue
		}
		i++
	}
	return out, true
}

// least leaves out literals, the first ones first, for as long as all contexts that meet the
// rest are in g, and returns these contexts; nil where some that meet all literals are not.
// It looks from the end: a literal stays if what comes behind it is not enough. Most
// conditions are one test, and come at once, however many tests there are.
func (s *Space) least(cube []literal, g *Guard) (kept []literal, set *Guard) {
	set = s.guards.possible
	for s.guards.combine(opSub, set, g) != s.guards.no {
		all, i := set, len(cube)
		for s.guards.combine(opSub, all, g) != s.guards.no {
			if i--; i < 0 {
				return nil, nil
			}
			all = s.guards.combine(opAnd, all, cube[i].g)
		}
		if s.guards.over {
			return nil, nil
		}
		kept, set, cube = append(kept, cube[i]), s.guards.combine(opAnd, set, cube[i].g), cube[i+1:]
	}
	return kept, set
}

// point returns one class of contexts of g: a single answer to each question.
func (s *Space) point(g *Guard) *Guard {
	out := s.guards.yes
	for i, c := range s.guards.pick(g) {
		out = s.guards.combine(opAnd, out, s.guards.literal(i, func(k int) bool { return k == max(c, 0) }))
	}
	return out
}

// Terms writes a set of resources as the fewest patterns, with exceptions where
// something is cut out. alone says that the request without a resource is in
// it, too. ok is false when it could not be written exactly. The terms belong to
// the space.
func (s *Space) Terms(r Resources) (terms []atoms.Term, alone, ok bool) {
	defer s.lock()()
	w, known := s.terms[r.set]
	if !known {
		w = s.write(r.set)
		if s.terms == nil {
			s.terms = map[*resSet]writtenSet{}
		}
		s.terms[r.set] = w
	}
	return w.terms, s.none && r.set.has(0), w.ok && !s.coarse
}

// A writtenSet is a set of resources as patterns.
type writtenSet struct {
	terms []atoms.Term
	ok    bool
}

func (s *Space) write(r *resSet) (w writtenSet) {
	set := make([]bool, len(s.atoms))
	for i := range set {
		set[i] = r.has(i + 1)
	}
	if s.writer == nil {
		globs := make([][]arn.Glob, len(s.patterns))
		for i, union := range s.patterns {
			for _, p := range union {
				globs[i] = append(globs[i], p.Glob())
			}
		}
		within := s.within
		if within == "" {
			within = arn.NewGlob("*")
		}
		s.writer = atoms.NewWriter(within, globs, s.atoms)
	}
	w.terms, w.ok = s.writer.Cover(set)
	return w
}
