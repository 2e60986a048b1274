package hitting

import (
	"maps"
	"math"
	"slices"
)

// A part is a problem that does not fall apart, while it is searched.
type part struct {
	hit, spare [][]int
	budget     *int

	chosen, excluded map[int]bool
	short            bool // some branch was left because it needed more elements
}

// solve finds a smallest set. bound is how many elements are needed at least.
func (x *part) solve(budget *int) (set []int, bound int, found, exact bool) {
	x.budget = budget
	for n := max(1, x.packing(math.MaxInt)); ; n++ {
		x.short = false
		if x.search(n) {
			return slices.Sorted(maps.Keys(x.chosen)), n, true, true
		}
		if *budget <= 0 {
			more := defaultBudget
			x.budget = &more
			clear(x.chosen)
			clear(x.excluded)
			found = x.search(math.MaxInt)
			return slices.Sorted(maps.Keys(x.chosen)), n, found, false
		}
		if !x.short {
			return nil, n, false, true
		}
	}
}

// search looks for a set with at most left more elements; when it finds one, it is
// in chosen.
func (x *part) search(left int) bool {
	if *x.budget--; *x.budget <= 0 {
		return false
	}
	branch, ok := x.tightest()
	if !ok {
		return true
	}
	if left == 0 || x.packing(left) > left {
		x.short = true
		return false
	}
	var tried []int
	defer func() {
		for _, e := range tried {
			delete(x.excluded, e)
		}
	}()
	for _, e := range branch {
		if x.excluded[e] || x.completes(e) {
			continue
		}
		x.chosen[e] = true
		if x.search(left - 1) {
			return true
		}
		delete(x.chosen, e)
		x.excluded[e] = true // what holds it was looked at
		tried = append(tried, e)
	}
	return false
}

// tightest returns the set that is not hit yet and leaves the least choice; ok is
// false when all are hit.
func (x *part) tightest() (set []int, ok bool) {
	least := math.MaxInt
	for _, s := range x.hit {
		n := 0
		for _, e := range s {
			if x.chosen[e] {
				n = -1
				break
			}
			if !x.excluded[e] {
				n++
			}
		}
		if n >= 0 && n < least {
			set, least, ok = s, n, true
		}
	}
	return set, ok
}

// packing counts disjoint sets that are not hit, up to one more than enough.
func (x *part) packing(enough int) (n int) {
	used := map[int]bool{}
	for _, s := range x.hit {
		if slices.ContainsFunc(s, func(e int) bool { return x.chosen[e] || used[e] && !x.excluded[e] }) {
			continue
		}
		if n++; n > enough {
			return n
		}
		for _, e := range s {
			used[e] = true
		}
	}
	return n
}

// completes reports whether e is all that a set to spare has left.
func (x *part) completes(e int) bool {
	return slices.ContainsFunc(x.spare, func(s []int) bool {
		return slices.Contains(s, e) && !slices.ContainsFunc(s, func(o int) bool { return o != e && !x.chosen[o] })
	})
}
