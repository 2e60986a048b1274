package atoms

import (
	"slices"

	"pathfinder/graphmodel/arn"
)

// A Term is a set of texts: what some of Globs cover, apart from what some of
// Except cover. Both are sorted as they are printed.
type Term struct{ Globs, Except []arn.Glob }

// Covers reports whether s is in the set.
func (t Term) Covers(s string) bool {
	match := func(g arn.Glob) bool { return g.Match(s) }
	return slices.ContainsFunc(t.Globs, match) && !slices.ContainsFunc(t.Except, match)
}

// A Writer writes sets of the atoms of one cut as few terms. It is for one caller at a time.
type Writer struct {
	asked arn.Glob
	globs [][]arn.Glob
	list  []Atom
	pool  *pool // nil until something is written
}

// maxPool bounds what it takes to find the candidates, and maxEffort what it takes to write
// one set with them, in words of sets: a second or so, and a tenth of one. Policies that
// people write take some hundreds.
const (
	maxPool   = 1 << 30
	maxEffort = 1 << 26
)

// NewWriter returns a Writer. list is what [Cut] returned for patterns that cover, inside
// what asked covers, the same as the globs of one list each together.
func NewWriter(asked arn.Glob, globs [][]arn.Glob, list []Atom) *Writer {
	return &Writer{asked: asked, globs: globs, list: list}
}

// Cover writes a set of atoms: set tells of each whether it is in it. The terms together
// cover exactly the set; it is not ok when that would take intersections of more than 64
// globs, or too much effort. What was written before makes no difference.
//
// Terms without exceptions come before all others: when the set can be written
// with none, it is one term. Otherwise terms are picked greedily, the one that
// adds most atoms for each of its globs first, so the result is short, though
// not always the shortest. Time O(candidates² × exceptions × atoms/64), where
// the candidates are at most as many as patterns, pairs of them, and atoms.
func (w *Writer) Cover(set []bool) (terms []Term, ok bool) {
	want := NewBits(len(w.list))
	for a := range w.list {
		if a < len(set) && set[a] {
			want.Add(a)
		}
	}
	if want.Empty() {
		return nil, true
	}
	if want.count() == len(w.list) {
		return []Term{{Globs: []arn.Glob{w.asked}}}, true
	}
	if w.pool == nil {
		w.pool = newPool(w.asked, w.globs, w.list)
	}
	w.pool.begin()
	if !w.pool.whole || !w.pool.spend(3*len(w.pool.list)) {
		return nil, false
	}
	pure := w.pool.pure(want)
	chosen, ok := w.pool.choose(pure, want)
	if !ok {
		if chosen, ok = w.pool.choose(append(pure, w.pool.mixed(want)...), want); !ok {
			return nil, false
		}
	}
	for _, d := range merge(chosen, len(w.list)) {
		terms = append(terms, d.term())
	}
	return terms, true
}

// A draft is a term in the making.
type draft struct {
	hosts, except []*candidate
	narrow        []*candidate // except, without what is outside of hosts
	covers        Bits
	cost          int // globs
}

// pure returns the candidates inside want, as drafts.
func (p *pool) pure(want Bits) []draft {
	var out []draft
	for _, c := range p.list {
		if c.atoms.within(want) && p.write(c) {
			out = append(out, draft{hosts: []*candidate{c}, covers: c.atoms, cost: len(c.globs)})
		}
	}
	return out
}

// mixed returns candidates that reach out of want, with the exceptions that
// bring them back.
func (p *pool) mixed(want Bits) []draft {
	var out []draft
	for _, c := range p.list {
		if c.atoms.both(want) == 0 || c.atoms.within(want) || !p.write(c) {
			continue
		}
		if d, ok := p.trim(c, want); ok {
			out = append(out, d)
		}
	}
	return out
}

// trim finds exceptions that take from host all that is not wanted, and as
// little as can be of what is. What they take too much other drafts cover: the
// candidate of an atom alone never needs an exception that takes the atom.
func (p *pool) trim(host *candidate, want Bits) (draft, bool) {
	good, bad := host.atoms.And(want), host.atoms.Minus(want)
	d := draft{hosts: []*candidate{host}, cost: len(host.globs)}
	for !bad.Empty() {
		if !p.spend(2 * len(p.list)) {
			return draft{}, false
		}
		var best *candidate
		bestLost, bestGain := 0, 0
		for _, c := range p.list {
			gain := c.atoms.both(bad)
			if gain == 0 {
				continue
			}
			lost := c.atoms.both(good)
			if best != nil && (lost > bestLost || lost == bestLost && gain < bestGain) {
				continue
			}
			if !p.write(c) || best != nil && lost == bestLost && gain == bestGain && len(c.globs) >= len(best.globs) {
				continue
			}
			best, bestLost, bestGain = c, lost, gain
		}
		if best == nil {
			return draft{}, false
		}
		d.except = append(d.except, best)
		good, bad = good.Minus(best.atoms), bad.Minus(best.atoms)
	}
	if good.Empty() {
		return draft{}, false
	}
	d.except = needed(d.except, host.atoms.Minus(want), func(c *candidate) Bits { return c.atoms })
	d.covers = host.atoms
	for _, c := range d.except {
		d.covers = d.covers.Minus(c.atoms)
		d.cost += len(c.globs)
		d.narrow = append(d.narrow, p.narrow(c, host))
	}
	return d, true
}

// narrow returns the candidate that c and host have in common, if it takes no
// more globs to write than c.
func (p *pool) narrow(c, host *candidate) *candidate {
	if at, ok := p.index[c.atoms.And(host.atoms).Key()]; ok {
		if n := p.list[at]; p.write(n) && len(n.globs) <= len(c.globs) {
			return n
		}
	}
	return c
}

// choose picks drafts that cover want together.
func (p *pool) choose(drafts []draft, want Bits) (chosen []draft, ok bool) {
	left := want
	for !left.Empty() {
		if !p.spend(len(drafts)) {
			return nil, false
		}
		best, bestGain := -1, 0
		for i, d := range drafts {
			gain := d.covers.both(left)
			if gain == 0 {
				continue
			}
			if best >= 0 {
				x, y := gain*drafts[best].cost, bestGain*d.cost
				if x < y || x == y && gain <= bestGain {
					continue
				}
			}
			best, bestGain = i, gain
		}
		if best < 0 {
			return nil, false
		}
		chosen = append(chosen, drafts[best])
		left = left.Minus(drafts[best].covers)
	}
	if !p.spend(2 * len(chosen) * len(chosen)) {
		return nil, false
	}
	// The dearest go first when others cover the same.
	slices.SortStableFunc(chosen, func(a, b draft) int { return a.cost - b.cost })
	return needed(chosen, want, func(d draft) Bits { return d.covers }), true
}

// needed drops items, the last ones first, while the rest covers want.
func needed[T any](list []T, want Bits, covers func(T) Bits) []T {
	for i := len(list) - 1; i >= 0; i-- {
		left := want
		for j, item := range list {
			if j != i {
				left = left.Minus(covers(item))
			}
		}
		if left.Empty() {
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}

// merge makes one draft of two while they mean the same together.
func merge(list []draft, atoms int) []draft {
	var out []draft
next:
	for _, d := range list {
		for i, o := range out {
			both, ok := o.with(d, o.except, d.except, atoms)
			if !ok {
				both, ok = o.with(d, o.narrow, d.narrow, atoms)
			}
			if ok {
				out[i] = both
				continue next
			}
		}
		out = append(out, d)
	}
	return out
}

// with merges o and d unless an exception of the one takes what only the other
// covers.
func (d draft) with(o draft, mine, others []*candidate, atoms int) (both draft, ok bool) {
	both.hosts = slices.Concat(d.hosts, o.hosts)
	both.except = slices.Concat(mine, others)
	both.narrow = both.except
	all, taken := NewBits(atoms), NewBits(atoms)
	for _, c := range both.hosts {
		all.Or(c.atoms)
	}
	for _, c := range both.except {
		taken.Or(c.atoms)
	}
	both.covers = slices.Clone(d.covers)
	both.covers.Or(o.covers)
	if !slices.Equal(all.Minus(taken), both.covers) {
		return draft{}, false
	}
	both.hosts = needed(both.hosts, all, func(c *candidate) Bits { return c.atoms })
	return both, true
}

// term writes d out.
func (d draft) term() Term {
	var t Term
	for _, c := range d.hosts {
		t.Globs = append(t.Globs, c.globs...)
	}
	for _, c := range d.except {
		t.Except = append(t.Except, c.globs...)
	}
	t.Globs, t.Except = least(t.Globs), least(t.Except)
	return t
}
