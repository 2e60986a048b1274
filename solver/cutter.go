package solver

import (
	"cmp"
	"slices"
	"sort"

	"pathfinder/graphmodel/arn"
	"pathfinder/solver/internal/hitting"
)

// A cutter is a cut under way.
type cutter struct {
	s          *Solver
	q          CutQuestion
	set        actionSet
	resource   string
	from, keep *crew
	leave      []arn.Glob
	places     []cutPlace
	table      grantTable
	own        map[string][]int           // see ofPrincipal
	attached   map[string]map[string]bool // managed policies by account; see grantsSomebody

	base      []cutWay        // the ways there are
	beside    map[int]int     // by grant: how many ways that are not unwanted name it
	gaps      map[Gap]bool    // what some answer lacked
	spared    map[string]bool // roles that whoever is to be kept goes through
	unwanted  []string        // principals
	clauses   []clauseToHit
	noGoods   []noGood
	keeps     map[int][]string    // who needs a grant, where it alone must stay
	opened    map[string]*CutOpen // by principal
	unproven  string
	removed   []int
	atLeast   int
	kept      map[string]bool // starts that are to be kept
	side      *diffSide       // the snapshot as it is, for comparisons
	losses    map[string][]string
	encrypted map[string][]string // by keys; see breaks
}

// A noGood is a set of grants that must not be removed all together, with those who
// would lose access.
type noGood struct {
	grants []int
	keeps  []string
}

// A clauseToHit is a set of grants that is enough for a way of a start.
type clauseToHit struct {
	grants []int
	start  string
}

func (s *Solver) newCutter(q CutQuestion) (*cutter, error) {
	resources, err := s.resolve(q.Resource)
	if err != nil {
		return nil, err
	}
	set, err := newActionSet(orAll(q.Actions, resources))
	if err != nil {
		return nil, err
	}
	c := &cutter{
		s: s, q: q, set: set, resource: q.Resource, table: grantTable{ids: map[grantKey]int{}}, own: map[string][]int{}, attached: map[string]map[string]bool{},
		beside: map[int]int{}, gaps: map[Gap]bool{}, spared: map[string]bool{}, kept: map[string]bool{}, losses: map[string][]string{}, keeps: map[int][]string{}, opened: map[string]*CutOpen{},
	}
	if len(resources) == 1 {
		c.resource = resources[0]
	}
	if c.from, err = s.crewOf(q.From); err != nil {
		return nil, err
	}
	if c.keep, err = s.crewOf(q.Keep); err != nil {
		return nil, err
	}
	for _, text := range q.Leave {
		c.leave = append(c.leave, arn.NewGlob(text))
	}
	for _, r := range resources {
		for _, text := range s.waysTo(r) {
			if asks := set.asks(text); len(asks) > 0 {
				c.places = append(c.places, cutPlace{text: text, asks: asks, carriers: c.carriersOf(s.targetOf(text), asks)})
			}
		}
	}
	if len(c.places) == 0 {
		return nil, nothingApplies(resources, c.resource, set.patterns)
	}
	return c, nil
}

// unwantedIs reports whether the ways of a start are to be closed.
func (c *cutter) unwantedIs(w *cutWay) bool {
	who := &w.path.start.caller
	switch {
	case c.keep.has(who):
		return false
	case c.from.names(who):
		return true
	case c.spared[who.ARN]:
		return false
	}
	return len(c.q.From) == 0 || c.from.has(who)
}

// run finds the set.
func (c *cutter) run() error {
	var gaps []Gap
	now, err := c.without(nil, false)
	if err != nil {
		return err
	}
	c.base, gaps = c.ways(now)
	c.note(gaps)
	c.nameAlone(now)
	if err := c.meantSomebody(); err != nil {
		return err
	}
	for i, g := range c.leave { // the table holds all that bears on these ways
		if !slices.ContainsFunc(c.table.list, func(x *cutGrant) bool { return g.Match(x.name) }) {
			return questionErr("nothing that bears on the ways to %s is named %s: name a policy, or a resource or role, as answers do", c.resource, c.q.Leave[i])
		}
	}
	for i := range c.base {
		w := &c.base[i]
		if c.keep.has(&w.path.start.caller) {
			c.kept[w.path.start.caller.ARN] = true
			for k := range w.path.hops {
				c.spared[w.path.hops[k].to.ARN] = true
			}
		}
	}
	for i := range c.base {
		if w := &c.base[i]; !c.unwantedIs(w) {
			for _, id := range w.named {
				c.beside[id]++
			}
		}
	}
	list, left := c.base, c.wanting(c.base)
	for i := range left {
		c.unwanted = append(c.unwanted, left[i].path.start.caller.ARN)
	}
	slices.Sort(c.unwanted)
	c.unwanted = slices.Compact(c.unwanted)
	for {
		added, err := c.learn(left)
		if err != nil {
			return err
		}
		if !added {
			if added, err = c.learn(c.unlisted(now, c.wanting(c.base))); err != nil {
				return err
			}
		}
		if !added {
			if added, err = c.learnKept(); err != nil {
				return err
			}
		}
		if !added {
			c.reopen(now, list)
			return nil
		}
		c.choose()
		if now, err = c.without(c.removed, false); err != nil {
			return err
		}
		list, gaps = c.ways(now)
		c.note(gaps)
		left = c.wanting(list)
	}
}

func (c *cutter) note(gaps []Gap) {
	for _, g := range gaps {
		c.gaps[g] = true
	}
}

// wanting leaves the ways that are to be closed and may be closable.
func (c *cutter) wanting(list []cutWay) (out []cutWay) {
	for i := range list {
		if w := &list[i]; c.unwantedIs(w) && c.opened[w.path.start.caller.ARN] == nil {
			out = append(out, *w)
		}
	}
	return out
}

// maxLearned bounds the ways that are looked into before the next removal is tried: so
// many, and an eighth of all that are open.
const maxLearned = 48

// manyNamed is from how many grants on that are named on a way all is looked into that may
// open it without each other, before the next removal is tried.
const manyNamed = 8

// learn finds out what ways that are open after the last removal rest on. It looks
// at those that what it has found already does not bear on: the next removal tells
// about the others. It is false when nothing is left to close.
func (c *cutter) learn(left []cutWay) (added bool, err error) {
	often := map[int]int{}
	for i := range left {
		for _, id := range left[i].named {
			often[id]++
		}
	}
	hit := map[int]bool{}
	learned := 0
	for i := range left {
		w := &left[i]
		start := w.path.start.caller.ARN
		if c.opened[start] != nil || slices.ContainsFunc(w.named, func(id int) bool { return hit[id] }) {
			continue
		}
		if learned >= maxLearned+len(left)/8 {
			break
		}
		grants, ok, err := c.support(c.removed, w)
		if err != nil {
			return false, err
		}
		if !ok { // it is open, so what is named is the best there is to go by
			grants = w.named
			c.unproven = "a way that is open was not, asked by itself"
		}
		added = true
		for gone := c.removed; !c.unclosable(start, grants); {
			learned++
			c.clauses = append(c.clauses, clauseToHit{grants, start})
			best := -1
			for _, id := range grants {
				if !c.stays(id) && (best < 0 || often[id] > often[best]) {
					best = id
				}
			}
			hit[best] = true
			if !ok || len(w.named) < manyNamed {
				break
			}
			gone = slices.Concat(gone, grants)
			if grants, ok, err = c.support(gone, w); !ok || err != nil {
				break
			}
		}
		if err != nil {
			return false, err
		}
	}
	return added, nil
}

// stays reports whether a grant must not be removed.
func (c *cutter) stays(id int) bool {
	return len(c.keeps[id]) > 0 || slices.ContainsFunc(c.leave, func(g arn.Glob) bool { return g.Match(c.table.list[id].name) })
}

// unclosable sets a start aside when none of the grants of a way of it can be
// removed.
func (c *cutter) unclosable(start string, grants []int) bool {
	open := &CutOpen{Principal: start, Why: "no grant opens this way"}
	for _, id := range grants {
		if !c.stays(id) {
			return false
		}
		open.Keeps = append(open.Keeps, c.keeps[id]...)
		open.Needed = append(open.Needed, c.table.list[id].ref())
	}
	if len(grants) > 0 {
		open.Why = "every grant on this way is to be left"
		if len(open.Keeps) > 0 {
			open.Why = "every grant on this way is to be left, or needed by somebody who is to be kept"
		}
	}
	slices.Sort(open.Keeps)
	open.Keeps, open.Needed = slices.Compact(open.Keeps), sortRefs(open.Needed)
	c.opened[start] = open
	c.forget(start)
	return true
}

// forget drops what ways of a start rest on.
func (c *cutter) forget(start string) {
	c.clauses = slices.DeleteFunc(c.clauses, func(x clauseToHit) bool { return x.start == start })
}

// choose finds the smallest removal that hits all that was learned. Starts whose
// ways leave no choice are set aside.
func (c *cutter) choose() {
	for i := 0; i < len(c.clauses); { // somebody to be kept may need more by now
		x := c.clauses[i]
		if c.unclosable(x.start, x.grants) {
			i = 0
			continue
		}
		i++
	}
	for {
		rank := c.ranked()
		answer := c.problem(rank, len(c.clauses)).Solve()
		if answer.Found {
			c.removed = c.removed[:0]
			for _, r := range answer.Set {
				c.removed = append(c.removed, rank[r])
			}
			slices.Sort(c.removed)
			c.atLeast = answer.AtLeast
			if c.unproven == "" && !answer.Exact {
				c.unproven = "the search for a smaller set was given up"
			}
			return
		}
		c.setAside(rank)
	}
}

// ranked lists the grants of all clauses, those to be preferred first: that fewer
// ways of others rest on.
func (c *cutter) ranked() (rank []int) {
	for _, x := range c.clauses {
		rank = append(rank, x.grants...)
	}
	slices.Sort(rank)
	rank = slices.Compact(rank)
	slices.SortFunc(rank, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.beside[a], c.beside[b]), compareGrantsToCut(c.table.list[a], c.table.list[b]))
	})
	return rank
}

// problem is about the first n clauses.
func (c *cutter) problem(rank []int, n int) *hitting.Problem {
	at := make(map[int]int, len(rank))
	for r, id := range rank {
		at[id] = r
	}
	p := &hitting.Problem{}
	for _, x := range c.clauses[:n] {
		var set []int
		for _, id := range x.grants {
			set = append(set, at[id])
		}
		p.Hit = append(p.Hit, set)
	}
	for r, id := range rank {
		if c.stays(id) {
			p.Spare = append(p.Spare, []int{r})
		}
	}
	for _, g := range c.noGoods {
		var set []int
		for _, id := range g.grants {
			r, ok := at[id]
			if !ok {
				r = len(rank) + id // nothing asks for it
			}
			set = append(set, r)
		}
		p.Spare = append(p.Spare, set)
	}
	return p
}

// setAside finds the first clause that can't be hit together with those before, and
// sets its start aside.
func (c *cutter) setAside(rank []int) {
	n := sort.Search(len(c.clauses), func(n int) bool { return !c.problem(rank, n+1).Solve().Found })
	x := c.clauses[min(n, len(c.clauses)-1)]
	open := &CutOpen{Principal: x.start, Why: "closing it and the others takes access from somebody who is to be kept"}
	for _, id := range x.grants {
		open.Needed = append(open.Needed, c.table.list[id].ref())
		for _, g := range c.noGoods {
			if slices.Contains(g.grants, id) {
				open.Keeps = append(open.Keeps, g.keeps...)
			}
		}
	}
	slices.Sort(open.Keeps)
	open.Keeps, open.Needed = slices.Compact(open.Keeps), sortRefs(open.Needed)
	c.opened[x.start] = open
	c.forget(x.start)
}
