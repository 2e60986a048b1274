// Package hitting finds smallest hitting sets: the fewest elements of which every
// one of some sets holds at least one.
//
// The search is exact. It takes apart what has nothing to do with each other, and
// then asks for ever more elements until that many are enough, branching on the
// set that leaves the least choice and leaving branches that a packing of disjoint
// sets shows to be too small. It takes exponential time at worst, so it is
// bounded; an [Answer] says whether the bound was met.
//
// The same problem has the same answer, in whatever order its sets are given.
package hitting

import (
	"cmp"
	"slices"
)

// A Problem says what has to be hit. Elements are numbers; among answers of one
// size those with lower ones are preferred.
type Problem struct {
	Hit   [][]int // each of these sets has to have an element in the answer
	Spare [][]int // each of these has to have an element that is not in it
	// Budget bounds the steps of the search; 0 means a million.
	Budget int
}

// An Answer is a hitting set.
type Answer struct {
	Set []int // sorted
	// Found is false when there is none: for certain if Exact is set.
	Found bool
	// Exact says that no smaller set does.
	Exact bool
	// AtLeast is how many elements any answer has.
	AtLeast int
}

const defaultBudget = 1_000_000

// Solve finds a smallest hitting set.
func (p *Problem) Solve() Answer {
	budget := cmp.Or(p.Budget, defaultBudget)
	out := Answer{Found: true, Exact: true}
	for _, part := range p.parts() {
		set, bound, found, exact := part.solve(&budget)
		out.AtLeast += bound
		out.Set = append(out.Set, set...)
		out.Found, out.Exact = out.Found && found, out.Exact && exact
		if !found {
			return Answer{Exact: exact}
		}
	}
	slices.Sort(out.Set)
	return out
}

// parts splits a problem into parts that share no element, in a fixed order.
func (p *Problem) parts() []*part {
	hit := minimal(p.Hit)
	forbidden := map[int]bool{}
	for _, s := range p.Spare {
		if s = sorted(s); len(s) == 1 {
			forbidden[s[0]] = true
		}
	}
	for i := range hit {
		hit[i] = slices.DeleteFunc(hit[i], func(e int) bool { return forbidden[e] })
	}
	hit = minimal(hit)
	root := map[int]int{} // of elements that some set holds
	for _, s := range hit {
		for _, e := range s {
			root[e] = e
		}
	}
	var spare [][]int
	for _, s := range minimal(p.Spare) {
		// What nobody asks for is not in the answer.
		if !slices.ContainsFunc(s, func(e int) bool { _, held := root[e]; return !held }) {
			spare = append(spare, s)
		}
	}
	var find func(e int) int
	find = func(e int) int {
		if root[e] != e {
			root[e] = find(root[e])
		}
		return root[e]
	}
	for _, list := range [][][]int{hit, spare} {
		for _, s := range list {
			for _, e := range s {
				a, b := find(s[0]), find(e)
				root[max(a, b)] = min(a, b)
			}
		}
	}
	byRoot := map[int]*part{}
	var out []*part
	at := func(s []int) *part {
		r := -1 // of a set that nothing can hit
		if len(s) > 0 {
			r = find(s[0])
		}
		if byRoot[r] == nil {
			byRoot[r] = &part{chosen: map[int]bool{}, excluded: map[int]bool{}}
			out = append(out, byRoot[r])
		}
		return byRoot[r]
	}
	for _, s := range hit {
		x := at(s)
		x.hit = append(x.hit, s)
	}
	for _, s := range spare {
		x := at(s)
		x.spare = append(x.spare, s)
	}
	return out
}

// sorted returns a set in order, without repeats.
func sorted(s []int) []int {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

// minimal sorts sets and leaves out those that hold another one.
func minimal(sets [][]int) (out [][]int) {
	all := make([][]int, len(sets))
	for i, s := range sets {
		all[i] = sorted(s)
	}
	slices.SortFunc(all, func(a, b []int) int { return cmp.Or(len(a)-len(b), slices.Compare(a, b)) })
	all = slices.CompactFunc(all, slices.Equal)
	holding := map[int][]int{} // by element: the sets of out that hold it
	for _, s := range all {
		count := map[int]int{}
		covers := len(out) > 0 && len(out[0]) == 0
		for _, e := range s {
			for _, i := range holding[e] {
				count[i]++
				covers = covers || count[i] == len(out[i])
			}
		}
		if covers {
			continue
		}
		for _, e := range s {
			holding[e] = append(holding[e], len(out))
		}
		out = append(out, s)
	}
	return out
}
