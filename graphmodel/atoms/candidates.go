package atoms

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/arn"
)

// A candidate is what some of the patterns have in common inside asked.
type candidate struct {
	of    []int      // the patterns; none is all that was asked
	atoms Bits       // what they cover together
	globs []arn.Glob // nil until made
	made  bool
	ok    bool
	cost  int // of making them, in words of sets
	turn  int // the last one that paid for it
}

// A pool holds the candidates of one Writer, no two of the same atoms.
type pool struct {
	left  int  // of the effort for what is being done
	turn  int  // numbers the sets that are written
	whole bool // all candidates were found
	asked arn.Glob
	globs [][]arn.Glob
	cols  []Bits // the atoms of each pattern
	all   Bits
	list  []*candidate
	index map[string]int // by atoms
}

// maxUnion bounds the globs of one candidate.
const maxUnion = 512

// maxPairs bounds the number of patterns of which all pairs are candidates.
const maxPairs = 24

// newPool finds the candidates: asked, each pattern, pairs of patterns while
// they are few, and for each atom the patterns that cover it, since any set
// can be written with those.
func newPool(asked arn.Glob, globs [][]arn.Glob, list []Atom) *pool {
	p := &pool{left: maxPool, asked: asked, globs: globs, all: NewBits(len(list)), index: map[string]int{}}
	p.cols = make([]Bits, len(globs))
	for i := range p.cols {
		p.cols[i] = NewBits(len(list))
	}
	for a, atom := range list {
		p.all.Add(a)
		for i := range globs {
			if atom.In.Has(i) {
				p.cols[i].Add(a)
			}
		}
	}
	p.add(nil, p.all)
	// Of patterns that do the same, the one that is read fastest.
	order := make([]int, len(globs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return bySize(globs[i], globs[j]) })
	var kept []int
	for _, i := range order {
		if p.add([]int{i}, p.cols[i]) {
			kept = append(kept, i)
		}
	}
	if len(kept) <= maxPairs {
		for n, i := range kept {
			for _, j := range kept[n+1:] {
				p.add([]int{i, j}, p.cols[i].And(p.cols[j]))
			}
		}
	}
	for _, atom := range list {
		var of []int
		for _, i := range kept {
			if atom.In.Has(i) {
				of = append(of, i)
			}
		}
		if !p.spend(len(of) * len(of)) {
			return p
		}
		p.add(p.reduce(of))
	}
	p.whole = true
	return p
}

// begin starts to write a set.
func (p *pool) begin() { p.left, p.turn = maxEffort, p.turn+1 }

// perGlob is what it takes to compare two globs, in words of sets.
const perGlob = 64

// spend takes so many operations on sets from the effort that is left, and reports whether
// there was as much.
func (p *pool) spend(sets int) bool { return p.pay(sets * len(p.all)) }

// pay is spend in words.
func (p *pool) pay(words int) bool {
	if p.left -= words; p.left < 0 {
		p.left = 0
		return false
	}
	return true
}

// reduce drops patterns that do not narrow what the others have in common.
func (p *pool) reduce(of []int) ([]int, Bits) {
	common := func(skip int) Bits {
		out := p.all
		for _, i := range of {
			if i != skip {
				out = out.And(p.cols[i])
			}
		}
		return out
	}
	want := common(-1)
	// The widest first: what is narrow stays.
	wide := slices.Clone(of)
	slices.SortStableFunc(wide, func(i, j int) int { return p.cols[j].count() - p.cols[i].count() })
	for _, i := range wide {
		if slices.Equal(common(i), want) {
			of = slices.DeleteFunc(of, func(j int) bool { return i == j })
		}
	}
	return of, want
}

// add adds a candidate unless it is empty or another one covers the same.
func (p *pool) add(of []int, atoms Bits) bool {
	key := atoms.Key()
	if _, old := p.index[key]; old || atoms.Empty() {
		return false
	}
	p.index[key] = len(p.list)
	p.list = append(p.list, &candidate{of: of, atoms: atoms})
	return true
}

// write makes the globs of c; it is not usable when there are too many. Each set pays for
// it, also when another one had them made: what a set is written as does not depend on
// which were written before.
func (p *pool) write(c *candidate) bool {
	if p.left == 0 {
		return false // nothing comes of it
	}
	if !c.made {
		c.made = true
		c.globs, c.ok = p.make(c)
	}
	if c.turn == p.turn {
		return c.ok
	}
	c.turn = p.turn
	return p.pay(c.cost) && c.ok
}

func (p *pool) make(c *candidate) (out []arn.Glob, ok bool) {
	out = []arn.Glob{p.asked}
	for _, i := range c.of {
		var next []arn.Glob
		for _, g := range out {
			for _, other := range p.globs[i] {
				more, ok := Intersect(g, other)
				if !ok {
					return nil, false
				}
				next = append(next, more...)
			}
		}
		if c.cost += len(next) * len(next) * perGlob; c.cost > maxEffort {
			return nil, false
		}
		if out = least(next); len(out) > maxUnion {
			return nil, false
		}
	}
	return out, len(out) > 0
}

// bySize sorts lists of globs by how long they are printed.
func bySize(a, b []arn.Glob) int {
	if len(a) != len(b) || len(a) == 0 {
		return cmp.Compare(len(a), len(b))
	}
	return byLength(a[0], b[0])
}

// byLength sorts globs by how long they are printed, then by text.
func byLength(a, b arn.Glob) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), byText(a, b))
}
