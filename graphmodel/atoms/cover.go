package atoms

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/arn"
)

// A Term is a set of texts: what some of Globs cover, apart from what some of
// Except cover. Both are sorted as they print.
type Term struct{ Globs, Except []arn.Glob }

// Cover writes a set of atoms as few terms. globs[i] is the glob of pattern i of
// the cut, asked that of the space; set[i] tells whether atom i is in the set.
// The terms together are exactly the set; ok is false when that would take more
// than can be read.
func Cover(asked arn.Glob, globs []arn.Glob, list []Atom, set []bool) (terms []Term, ok bool) {
	c := coverer{asked: asked, globs: globs, list: list}
	in, out := make([]bool, len(list)), make([]bool, len(list))
	rest := 0
	for i := range list {
		in[i], out[i] = set[i], !set[i]
		if set[i] {
			rest++
		}
	}
	if rest == len(list) {
		return []Term{{Globs: []arn.Glob{asked}}}, true
	}
	if !c.candidates() {
		return nil, false
	}
	for range maxTerms {
		if !slices.Contains(in, true) {
			return merge(c.terms, set), true
		}
		if !c.term(in, out, set) {
			return nil, false
		}
	}
	return nil, false
}

// maxTerms bounds the terms of one set.
const maxTerms = 64

// A candidate is what can stand in a term: globs, one in most cases, with the
// atoms they cover.
type candidate struct {
	globs []arn.Glob
	atoms []bool
	n     int
}

type coverer struct {
	asked arn.Glob
	globs []arn.Glob
	list  []Atom
	cands []candidate
	terms []made
}

// A made term remembers its atoms.
type made struct {
	Term
	host, cut []bool // the atoms of Globs, of Except
}

// candidates makes those of single patterns, and of the pairs that overlap with
// neither inside the other.
func (c *coverer) candidates() bool {
	all := make([]bool, len(c.list))
	for i := range all {
		all[i] = true
	}
	c.add([]arn.Glob{c.asked}, all)
	ok := true
	for i, g := range c.globs {
		in := c.having(i)
		list, good := Intersect(c.asked, g)
		ok = ok && good
		c.add(list, in)
	}
	for i, g := range c.globs {
		for j, h := range c.globs[:i] {
			if arn.Covers(g, h) || arn.Covers(h, g) || !arn.Overlaps(g, h) {
				continue
			}
			c.meet(g, h, c.both(c.having(i), c.having(j)))
		}
	}
	return ok
}

// meet adds what two globs of the space both cover.
func (c *coverer) meet(g, h arn.Glob, in []bool) {
	pair, ok := Intersect(g, h)
	var all []arn.Glob
	for _, p := range pair {
		list, good := Intersect(c.asked, p)
		ok, all = ok && good, append(all, list...)
	}
	if all = widest(all); ok && len(all) <= maxGlobs {
		c.add(all, in)
	}
}

// add adds globs that together cover exactly the atoms of in.
func (c *coverer) add(list []arn.Glob, in []bool) {
	n := count(in)
	if n == 0 || slices.ContainsFunc(c.cands, func(x candidate) bool { return slices.Equal(x.globs, list) }) {
		return
	}
	c.cands = append(c.cands, candidate{list, in, n})
}

func (c *coverer) having(i int) []bool {
	in := make([]bool, len(c.list))
	for j := range c.list {
		in[j] = c.list[j].In.Has(i)
	}
	return in
}

func (c *coverer) both(a, b []bool) []bool {
	out := make([]bool, len(a))
	for i := range a {
		out[i] = a[i] && b[i]
	}
	return out
}

func count(in []bool) (n int) {
	for _, b := range in {
		if b {
			n++
		}
	}
	return n
}

// term adds the term that covers most of what is left, with the fewest
// exceptions; in loses what it covers. Atoms of out must stay out.
func (c *coverer) term(in, out, set []bool) bool {
	best, gain, cost := -1, 0, 0
	var bestCut []int
	for i := range c.cands {
		x := &c.cands[i]
		bad := c.both(x.atoms, out)
		cut, cutAtoms, ok := c.exceptions(bad, set)
		if !ok {
			continue
		}
		n := 0
		for j := range in {
			if in[j] && x.atoms[j] && !cutAtoms[j] {
				n++
			}
		}
		// An exception costs as much as an atom is worth; without any is best.
		if better := cmp.Or(cmp.Compare(2*n-len(cut), 2*gain-cost), cmp.Compare(cost, len(cut))); n > 0 && (best < 0 || better > 0 ||
			better == 0 && x.shorter(&c.cands[best])) {
			best, gain, cost, bestCut = i, n, len(cut), cut
		}
	}
	if best < 0 {
		return c.single(in)
	}
	m := made{Term: Term{Globs: slices.Clone(c.cands[best].globs)}, host: c.cands[best].atoms, cut: make([]bool, len(in))}
	for _, i := range bestCut {
		m.Except = append(m.Except, c.cands[i].globs...)
		for j, b := range c.cands[i].atoms {
			m.cut[j] = m.cut[j] || b
		}
	}
	for j := range in {
		if m.host[j] && !m.cut[j] {
			in[j] = false
		}
	}
	c.terms = append(c.terms, m)
	return true
}

func (x *candidate) shorter(y *candidate) bool {
	return cmp.Or(cmp.Compare(len(x.globs), len(y.globs)), cmp.Compare(len(x.globs[0]), len(y.globs[0])),
		slices.Compare(x.globs, y.globs)) < 0
}

// exceptions chooses candidates that cover the bad atoms and none of the set.
func (c *coverer) exceptions(bad, set []bool) (list []int, covered []bool, ok bool) {
	covered = make([]bool, len(bad))
	left := slices.Clone(bad)
	for slices.Contains(left, true) {
		best, gain := -1, 0
		for i := range c.cands {
			x := &c.cands[i]
			n := 0
			for j := range left {
				if x.atoms[j] && set[j] {
					n = -1
					break
				}
				if x.atoms[j] && left[j] {
					n++
				}
			}
			if n > gain || n == gain && n > 0 && x.shorter(&c.cands[best]) {
				best, gain = i, n
			}
		}
		if best < 0 {
			return c.nested(bad, set)
		}
		list = append(list, best)
		for j, b := range c.cands[best].atoms {
			covered[j], left[j] = covered[j] || b, left[j] && !b
		}
	}
	return list, covered, true
}

// nested chooses candidates that cover the bad atoms where that takes part of
// the set away, too, which other terms then have to give.
func (c *coverer) nested(bad, set []bool) (list []int, covered []bool, ok bool) {
	covered = make([]bool, len(bad))
	for j := range bad {
		if !bad[j] || covered[j] {
			continue
		}
		best, worst := -1, 0
		for i := range c.cands {
			x := &c.cands[i]
			if lost := count(c.both(x.atoms, set)); x.atoms[j] && (best < 0 || lost < worst || lost == worst && x.shorter(&c.cands[best])) {
				best, worst = i, lost
			}
		}
		if best < 0 {
			return nil, nil, false
		}
		list = append(list, best)
		for i, b := range c.cands[best].atoms {
			covered[i] = covered[i] || b
		}
	}
	return list, covered, true
}

// single writes one atom: what all of its patterns cover, apart from each other
// pattern.
func (c *coverer) single(in []bool) bool {
	at := slices.Index(in, true)
	hosts := []arn.Glob{c.asked}
	for i, g := range c.globs {
		if !c.list[at].In.Has(i) {
			continue
		}
		var next []arn.Glob
		for _, h := range hosts {
			list, ok := Intersect(h, g)
			if !ok {
				return false
			}
			next = append(next, list...)
		}
		hosts = widest(next)
	}
	m := made{Term: Term{Globs: hosts}, host: slices.Clone(in), cut: make([]bool, len(in))}
	for j := range m.host {
		m.host[j] = true
		for i := range c.globs {
			m.host[j] = m.host[j] && (!c.list[at].In.Has(i) || c.list[j].In.Has(i))
		}
	}
	for i, g := range c.globs {
		if c.list[at].In.Has(i) {
			continue
		}
		for _, h := range hosts {
			list, ok := Intersect(h, g)
			if !ok || len(hosts) > maxGlobs {
				return false
			}
			m.Except = append(m.Except, list...)
		}
		for j := range m.cut {
			m.cut[j] = m.cut[j] || m.host[j] && c.list[j].In.Has(i)
		}
	}
	m.Except = widest(m.Except)
	in[at] = false
	c.terms = append(c.terms, m)
	return true
}

// merge joins terms where that leaves the meaning as it is, and sorts.
func merge(list []made, set []bool) []Term {
	for i := 0; i < len(list); i++ {
		for j := i + 1; j < len(list); j++ {
			if exact(&list[i], &list[j], set) {
				list[i].Globs = append(list[i].Globs, list[j].Globs...)
				list[i].Except = append(list[i].Except, list[j].Except...)
				for k := range list[i].host {
					list[i].host[k] = list[i].host[k] || list[j].host[k]
					list[i].cut[k] = list[i].cut[k] || list[j].cut[k]
				}
				list = slices.Delete(list, j, j+1)
				j--
			}
		}
	}
	terms := make([]Term, len(list))
	for i := range list {
		terms[i] = Term{Globs: tidy(list[i].Globs), Except: tidy(list[i].Except)}
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(slices.CompareFunc(a.Globs, b.Globs, byText), slices.CompareFunc(a.Except, b.Except, byText))
	})
	return terms
}

func byText(a, b arn.Glob) int { return cmp.Compare(a.String(), b.String()) }

// exact reports whether two terms can be written as one: no glob of one is cut
// by an exception of the other.
func exact(a, b *made, set []bool) bool {
	for k := range set {
		both := (a.host[k] || b.host[k]) && !a.cut[k] && !b.cut[k]
		if both != (a.host[k] && !a.cut[k] || b.host[k] && !b.cut[k]) {
			return false
		}
	}
	return true
}

func tidy(list []arn.Glob) []arn.Glob {
	list = widest(list)
	slices.SortFunc(list, byText)
	return slices.Compact(list)
}
