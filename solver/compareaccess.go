package solver

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// CompareAccess compares what a principal can reach with what another one can,
// or the same one in another snapshot: itself, and through the roles that it can
// assume. Witnesses say through which roles. The two solvers may be one.
func CompareAccess(before *Solver, principal string, after *Solver, other string) (*CompareAnswer, error) {
	c := &accessComparison{old: accessSide{s: before}, now: accessSide{s: after}}
	var err error
	if c.old.start, err = before.resolvePrincipal(principal); err != nil {
		return nil, err
	}
	if c.now.start, err = after.resolvePrincipal(other); err != nil {
		return nil, err
	}
	c.ans = &CompareAnswer{Pathfinder: "compare/1", Type: "effective", Exact: true, Unknown: []Gap{}}
	c.gaps = map[Gap]bool{}
	c.old.reach(c)
	c.now.reach(c)
	ends := map[string]bool{}
	for end := range maps.Keys(c.old.ends) {
		ends[end] = true
	}
	for end := range maps.Keys(c.now.ends) {
		ends[end] = true
	}
	for _, end := range slices.Sorted(maps.Keys(ends)) { // "", the principal itself, comes first
		if err := c.compareEnd(end); err != nil {
			return nil, err
		}
	}
	for _, w := range []*Witness{c.ans.WitnessOld, c.ans.WitnessNew} {
		if w != nil {
			for _, q := range w.If {
				c.gaps[Gap{What: strings.TrimPrefix(q, "not "), Why: whyOpen(q)}] = true
			}
		}
	}
	for g := range c.gaps {
		c.ans.Unknown = append(c.ans.Unknown, g)
	}
	slices.SortFunc(c.ans.Unknown, func(a, b Gap) int { return strings.Compare(a.What+"\x00"+a.Why, b.What+"\x00"+b.Why) })
	c.ans.Exact = c.ans.Exact && len(c.gaps) == 0
	return c.ans, nil
}

// An accessComparison is a comparison under way.
type accessComparison struct {
	ans      *CompareAnswer
	old, now accessSide
	gaps     map[Gap]bool
}

// An accessSide is one of the two, with the roles it reaches by their ARN and
// itself by "".
type accessSide struct {
	s     *Solver
	start actor
	ends  map[string][]path
}

// reach finds the roles, for each one way for everything that its session can
// carry when it is got to.
func (a *accessSide) reach(c *accessComparison) {
	f := a.s.finder()
	a.ends = map[string][]path{"": {{start: a.start}}}
	paths, cut := a.s.pathsFrom(a.start, a.s.readOfAll())
	f.cut = cut
	seen := map[string]bool{}
	for i := range paths {
		p := &paths[i]
		f.hops(p)
		role := p.hops[len(p.hops)-1].to.ARN
		carries := ""
		if p.end != nil {
			carries = exprKey(p.end)
		}
		if key := role + "\x00" + carries; !seen[key] {
			seen[key] = true
			a.ends[role] = append(a.ends[role], *p)
		}
	}
	for _, g := range f.gaps() { // what the snapshot lacks, and what the hops do
		c.gaps[g] = true
	}
}

// compareEnd compares what one end of the ways can do.
func (c *accessComparison) compareEnd(end string) error {
	resources := map[string]bool{"*": true}
	for _, side := range []*accessSide{&c.old, &c.now} {
		ways := side.ends[end]
		if len(ways) == 0 {
			continue
		}
		last := side.s.last(&ways[0])
		for _, a := range side.s.inv.Accounts {
			for _, r := range a.Held().Resources {
				resources[r.ARN] = true
			}
			for _, r := range a.Held().Roles {
				resources[r.ARN] = true
			}
		}
		for _, text := range side.s.namedElsewhere(&last) {
			resources[text] = true
		}
	}
	for _, r := range slices.Sorted(maps.Keys(resources)) {
		set, err := newActionSet(orAll(nil, []string{r}))
		if err != nil {
			return err
		}
		asks := set.asks(r)
		if r == "*" {
			asks = set.withoutResource()
		}
		for _, k := range asks {
			c.compareAsk(end, r, k)
		}
	}
	return nil
}

// compareAsk compares two labels of one ask, in one space.
func (c *accessComparison) compareAsk(end, resource string, k ask) {
	q := newInquiry(k.resource)
	q.apart, q.doubting = true, true
	q.v.Domains = c.said(end)
	read := func(side *accessSide) []*sides {
		from := len(q.sides)
		for i := range side.ends[end] {
			last := side.s.last(&side.ends[end][i])
			t := side.s.targetOf(resource)
			if resource == "*" {
				t.account = last.caller.Account
			} else if !side.s.mayReach(&last, t) {
				continue
			}
			t.read(q, &last, side.s.baseFor(&last, t), k)
		}
		return q.sides[from:len(q.sides):len(q.sides)]
	}
	before := read(&c.old)
	after := read(&c.now)
	if len(q.sides) == 0 {
		return
	}
	sp := q.space()
	a, b := q.effective(sp, before, false), q.effective(sp, after, false)
	if a.lost() || b.lost() {
		c.gaps[Gap{What: k.resource, Why: tooMany}] = true
		return
	}
	for _, x := range []*effective{a, b} {
		for _, why := range x.doubts {
			if !x.refused {
				c.gaps[Gap{What: resource, Why: why}] = true
			}
		}
	}
	for _, rule := range leaningApart(a, b) {
		c.gaps[unclearGap(rule)] = true
	}
	leans := slices.Concat(a.unsure, b.unsure)
	c.show(&c.ans.WitnessNew, &c.ans.NewPermitsMore, sp, sp.Subtract(b.label, a.label), leans, &c.now, end)
	c.show(&c.ans.WitnessOld, &c.ans.OldPermitsMore, sp, sp.Subtract(a.label, b.label), leans, &c.old, end)
}

// leaningApart lists the rules that AWS leaves unclear on which the answer to some
// request leans on one side alone, and comes out alike as the rule is taken.
func leaningApart(a, b *effective) (out []string) {
	sp := a.space
	alike := sp.Union(sp.Intersect(a.label, b.label), sp.Subtract(sp.Everything(), sp.Union(a.label, b.label)))
	leaning := func(x *effective, rule string) *permission.Label {
		out := sp.Nothing()
		for _, o := range x.unsure {
			if o.Of == rule {
				out = sp.Union(out, o.Label)
			}
		}
		return sp.Intersect(out, alike)
	}
	for _, o := range slices.Concat(a.unsure, b.unsure) {
		if one, other := leaning(a, o.Of), leaning(b, o.Of); !sp.SubsetOf(one, other) || !sp.SubsetOf(other, one) {
			out = append(out, o.Of)
		}
	}
	return out
}

func unclearGap(rule string) Gap {
	q := rule + ": " + Unsure(rule)
	return Gap{What: q, Why: whyOpen(q)}
}

// said limits keys that every request carries to what it can hold, so that witnesses
// do.
func (c *accessComparison) said(end string) map[string]arn.Glob {
	some := arn.NewGlob("?*")
	out := map[string]arn.Glob{"aws:currenttime": some, "aws:epochtime": some, "aws:requestedregion": some, "aws:userid": some}
	ids := map[arn.Glob]bool{}
	for _, side := range []*accessSide{&c.old, &c.now} {
		for i := range side.ends[end] {
			last := side.s.last(&side.ends[end][i])
			ids[last.caller.userIDs()] = true
		}
	}
	if len(ids) == 1 {
		for within := range ids {
			out["aws:userid"] = cmp.Or(within, some)
		}
	}
	return out
}

// show notes a difference; one that is certain takes the place of one that is
// not. leans are the requests whose answers lean on rules that AWS leaves unclear.
func (c *accessComparison) show(w **Witness, more *bool, sp *permission.Space, diff *permission.Label, leans []permission.Origin[string], side *accessSide, end string) {
	if diff.IsEmpty() || *w != nil && len((*w).If) == 0 {
		return
	}
	certain, rules := diff, []string(nil)
	for _, o := range leans {
		certain = sp.Subtract(certain, o.Label)
	}
	if certain.IsEmpty() {
		certain = diff
		for _, o := range leans {
			if !sp.Intersect(o.Label, diff).IsEmpty() {
				rules = appendNew(rules, o.Of)
			}
		}
	}
	r, _ := sp.Sample(certain)
	if *w != nil && len(r.Open)+len(rules) > 0 {
		return
	}
	p := side.ends[end][0]
	for _, way := range side.ends[end] { // one on which the session can carry what the request does
		if way.end == nil || way.end.Eval(r.Context) == policy.True {
			p = way
			break
		}
	}
	one := &Witness{Principal: side.start.caller.ARN, Action: r.Action, Resource: r.Resource, Context: map[string]any{}}
	for key, v := range r.Context {
		if name := keyName(key, r.Keys); v.Multi {
			one.Context[name] = v.Many
		} else {
			one.Context[name] = v.One
		}
	}
	for _, q := range r.Open {
		one.If = append(one.If, spoken(q))
	}
	for _, rule := range rules {
		one.If = append(one.If, unclearGap(rule).What)
	}
	for i := range p.hops {
		one.Via = append(one.Via, p.hops[i].to.ARN)
	}
	*more, *w = true, one
}
