package permission

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Resources is a set of resources of a space.
type Resources struct{ set *resSet }

// lock makes a method of a space safe for concurrent use.
func (s *Space) lock() func() {
	s.mu.Lock()
	return s.mu.Unlock
}

// Actions returns the actions that a pattern such as "s3:Get*" covers (E27).
func (s *Space) Actions(pattern string) *ActionSet {
	defer s.lock()()
	a, ok := s.sets[pattern]
	if !ok {
		a = s.pool.match(pattern)
		s.sets[pattern] = a
	}
	return a
}

// Crowded reports whether it would take too long to find the actions of patterns
// one by one: the space has very many that the catalog lacks.
func (s *Space) Crowded(patterns []string) bool {
	defer s.lock()()
	low := make([]string, len(patterns))
	for i, pattern := range patterns {
		low[i] = strings.ToLower(pattern)
	}
	return s.pool.extra.index.tests(low)+len(low)*s.pool.len()/64 > maxNameTests
}

// Named returns the set of the actions with these names. The list must not
// change afterwards: asking again with the same one costs a look-up.
func (s *Space) Named(names []string) *ActionSet {
	defer s.lock()()
	if len(names) == 0 {
		return s.pool.empty
	}
	key := nameList{&names[0], len(names)}
	a, ok := s.named[key]
	if !ok {
		a = s.pool.of(names)
		s.named[key] = a
	}
	return a
}

// A nameList identifies a list of names by where it is.
type nameList struct {
	first *string
	n     int
}

// AllActions returns the set of all actions of the space.
func (s *Space) AllActions() *ActionSet { return s.pool.every }

// Names lists the names of a set of actions, sorted without case.
func (s *Space) Names(a *ActionSet) []string {
	out := make([]string, 0, a.Len())
	for i := range a.all() {
		out = append(out, s.pool.name(i))
	}
	return out
}

// UnionActions returns the actions that one of the sets holds.
func (s *Space) UnionActions(list ...*ActionSet) *ActionSet {
	defer s.lock()()
	return s.pool.union(list)
}

// IntersectActions returns the actions that both sets hold.
func (s *Space) IntersectActions(a, b *ActionSet) *ActionSet {
	defer s.lock()()
	return s.pool.combine(opAnd, a, b)
}

// SubtractActions returns the actions of a that b does not hold.
func (s *Space) SubtractActions(a, b *ActionSet) *ActionSet {
	defer s.lock()()
	return s.pool.combine(opSub, a, b)
}

// AllResources returns the set of all resources of the space.
func (s *Space) AllResources() Resources { return Resources{s.every} }

// Covered returns the resources that one of the patterns covers. The patterns,
// or all of them as a union, have to be among those that the space was made with.
func (s *Space) Covered(patterns ...arn.Pattern) Resources {
	defer s.lock()()
	out := s.labels.noRes
	if len(patterns) > 1 {
		if r, ok := s.byUnion[unionKey(patterns)]; ok {
			return Resources{r}
		}
	}
	for _, p := range patterns {
		r, ok := s.byPat[p]
		if !ok {
			panic("BUG: a resource pattern that the space does not know: " + p.String())
		}
		out = s.labels.combineRes(opOr, out, r)
	}
	return Resources{out}
}

// Others returns the resources of the space that are not in r.
func (s *Space) Others(r Resources) Resources {
	defer s.lock()()
	return Resources{s.labels.combineRes(opSub, s.every, r.set)}
}

// Both returns the resources that are in a and in b.
func (s *Space) Both(a, b Resources) Resources {
	defer s.lock()()
	return Resources{s.labels.combineRes(opAnd, a.set, b.set)}
}

// IsEmpty reports whether no resource is in the set.
func (r Resources) IsEmpty() bool { return r.set.empty() }

// Always returns the guard that holds for every request, and Never the one that
// holds for none.
func (s *Space) Always() *Guard { return s.guards.possible }

// Never returns the guard that holds for no request.
func (s *Space) Never() *Guard { return s.guards.no }

// Test returns the contexts in which a test holds. It has to be one of those
// that the space was made with.
func (s *Space) Test(c *policy.Condition) *Guard {
	defer s.lock()()
	return s.test(c)
}

func (s *Space) test(c *policy.Condition) *Guard {
	name := testName(c)
	g, ok := s.byTest[name]
	if !ok {
		if !s.derivable(c) {
			panic("BUG: a test that the space does not know: " + c.Operator.String() + " " + c.Key)
		}
		g = s.guards.combine(opAnd, s.testGuard(c), s.guards.possible)
		s.byTest[name] = g
	}
	return g
}

// derivable reports whether a test makes no difference inside the classes of its
// key, because a known test compares with the same values: the opposite of a
// known one is such a test.
func (s *Space) derivable(c *policy.Condition) bool {
	k := s.byKey[c.LowerKey()]
	if k == nil || hasVariable(c) {
		_, asked := s.opaque[question(c)]
		return asked
	}
	return c.Operator.IsNull() || slices.ContainsFunc(k.tests, func(t *policy.Condition) bool {
		return comparison(t) == comparison(c) && !slices.ContainsFunc(c.Values, func(v string) bool {
			return !slices.Contains(t.Values, v) && comparison(t) != "Bool"
		})
	})
}

// When returns the contexts in which an expression holds.
func (s *Space) When(e *guard.Expr) *Guard {
	if !e.Open() {
		if e == guard.True {
			return s.guards.possible
		}
		return s.guards.no
	}
	defer s.lock()()
	return guard.Fold(e, guard.Algebra[*Guard]{
		False: s.guards.no, True: s.guards.possible, Atom: s.test,
		Opaque: func(q string) *Guard {
			asked := s.guards.literal(s.opaque[q], func(i int) bool { return i == 1 })
			return s.guards.combine(opAnd, s.guards.possible, asked)
		},
		And: func(a, b *Guard) *Guard { return s.guards.combine(opAnd, a, b) },
		Or:  func(a, b *Guard) *Guard { return s.guards.combine(opOr, a, b) },
		Not: func(a *Guard) *Guard { return s.guards.combine(opSub, s.guards.possible, a) },
	})
}

// AndGuards, OrGuards and SubGuards combine sets of contexts.
func (s *Space) AndGuards(a, b *Guard) *Guard {
	defer s.lock()()
	return s.guards.combine(opAnd, a, b)
}

// OrGuards returns the contexts of a and b.
func (s *Space) OrGuards(a, b *Guard) *Guard {
	defer s.lock()()
	return s.guards.combine(opOr, a, b)
}

// SubGuards returns the contexts of a that are not in b.
func (s *Space) SubGuards(a, b *Guard) *Guard {
	defer s.lock()()
	return s.guards.combine(opSub, a, b)
}

// Whatever returns the contexts that are in g whatever its opaque questions come to,
// and Perhaps those that are when they come to something.
func (s *Space) Whatever(g *Guard) *Guard {
	defer s.lock()()
	return s.guards.without(opAnd, g)
}

// Perhaps returns the contexts that are in g for some answers to its opaque questions.
func (s *Space) Perhaps(g *Guard) *Guard {
	defer s.lock()()
	return s.guards.without(opOr, g)
}

// Beyond returns contexts of g that are in none of a list: some of them, and none
// only if there are none. It combines g with those sets alone that a context at
// hand is in, so that its diagrams stay small where that of all would not.
func (s *Space) Beyond(g *Guard, list []*Guard) *Guard {
	defer s.lock()()
	if len(list) == 0 {
		return g
	}
	asked := make([]bool, len(s.vars))
	for g != s.guards.no && !s.guards.over {
		clear(asked)
		point := s.guards.pick(g)
		i := slices.IndexFunc(list, func(other *Guard) bool { return s.guards.holds(other, point, asked) })
		if i < 0 {
			return s.around(point, asked)
		}
		g = s.guards.combine(opSub, g, list[i])
	}
	return s.guards.no
}

// around returns the contexts that are of the picked classes, as far as any was
// picked or asked for.
func (s *Space) around(point []int, asked []bool) *Guard {
	out := s.guards.yes
	for i, c := range slices.Backward(point) { // the diagram grows at its top
		if c >= 0 || asked[i] {
			out = s.guards.combine(opAnd, s.guards.literal(i, func(k int) bool { return k == max(c, 0) }), out)
		}
	}
	return out
}

// Requests returns the label of all requests with one of the actions, on one of
// the resources, in one of the contexts.
func (s *Space) Requests(a *ActionSet, r Resources, g *Guard) *Label {
	defer s.lock()()
	if a.IsEmpty() || r.set.empty() || g == s.guards.no {
		return s.labels.nothing
	}
	return s.labels.label([]row{{a, s.labels.column([]cell{{r.set, g}})}})
}

// Under returns the requests of a label in the contexts of g.
func (s *Space) Under(a *Label, g *Guard) *Label {
	if g == s.guards.possible {
		return a
	}
	return s.Intersect(a, s.Requests(s.pool.every, Resources{s.every}, g))
}

// Coarse reports whether the patterns overlap in too many ways to be told apart:
// the labels of the space are then of no use.
func (s *Space) Coarse() bool { return s.coarse }

// Overgrown reports whether the diagrams of contexts have reached the bound of
// the space: no set of the space means anything then. Whatever combines, compares or
// writes sets may get there, so that it is to be asked after the last of it.
func (s *Space) Overgrown() bool {
	defer s.lock()()
	return s.guards.over
}

// Nothing returns the empty label, Everything the label of all requests.
func (s *Space) Nothing() *Label { return s.labels.nothing }

// Everything returns the label of all requests of the space.
func (s *Space) Everything() *Label {
	return s.Requests(s.pool.every, Resources{s.every}, s.guards.possible)
}

// Union returns the requests of a and b.
func (s *Space) Union(a, b *Label) *Label {
	defer s.lock()()
	return s.combine(opOr, a, b)
}

// Intersect returns the requests that are in both a and b.
func (s *Space) Intersect(a, b *Label) *Label {
	defer s.lock()()
	return s.combine(opAnd, a, b)
}

// Subtract returns the requests of a that are not in b.
func (s *Space) Subtract(a, b *Label) *Label {
	defer s.lock()()
	return s.combine(opSub, a, b)
}

// Complement returns the requests of bound that are not in a.
func (s *Space) Complement(a, bound *Label) *Label { return s.Subtract(bound, a) }

// SubsetOf reports whether b holds every request of a.
func (s *Space) SubsetOf(a, b *Label) bool { return s.Subtract(a, b).IsEmpty() }

// Equal reports whether two labels of one space hold the same requests.
func (a *Label) Equal(b *Label) bool { return a == b }

// IsEmpty reports whether no request is in the label.
func (a *Label) IsEmpty() bool { return len(a.rows) == 0 }

// A Piece is a part of a label: all combinations of actions, resources and
// contexts.
type Piece struct {
	Actions   *ActionSet
	Resources Resources
	When      *Guard
}

// Pieces lists disjoint pieces that together are the label. Their order is that
// of the first action, the first resource, and then of no meaning.
func (s *Space) Pieces(a *Label) []Piece {
	var out []Piece
	for _, r := range a.rows {
		for _, c := range r.col.cells {
			out = append(out, Piece{r.actions, Resources{c.res}, c.guard})
		}
	}
	return out
}

// Label returns the requests of a piece.
func (s *Space) Label(p Piece) *Label { return s.Requests(p.Actions, p.Resources, p.When) }

// Exact reports whether what the label holds is known: no opaque question
// decides, and all patterns were told apart.
func (s *Space) Exact(a *Label) bool {
	defer s.lock()()
	if s.coarse {
		return false
	}
	for _, r := range a.rows {
		for _, c := range r.col.cells {
			if len(s.opaqueIn(c.guard)) > 0 {
				return false
			}
		}
	}
	return true
}

// opaqueIn lists the opaque questions that a set of contexts depends on.
func (s *Space) opaqueIn(g *Guard) (out []string) {
	levels := make([]bool, len(s.vars))
	s.guards.levels(g, map[*Guard]bool{}, levels)
	for i, yes := range levels {
		if yes && s.vars[i].key == "" {
			out = append(out, s.vars[i].opaque)
		}
	}
	return out
}
