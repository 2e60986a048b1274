package permission

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// Names are numbered names of actions. They never change, so that spaces of equal
// lists can share one: a list of everything has thousands.
type Names struct {
	list  []string // as first written, without repeats
	index nameIndex
}

// NewNames numbers names in their order. Repeats do not count, in whatever case (E27).
func NewNames(list []string) *Names {
	n := &Names{list: make([]string, 0, len(list))}
	folded := make([]string, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, name := range list {
		if low := strings.ToLower(name); !seen[low] {
			seen[low] = true
			n.list, folded = append(n.list, name), append(folded, low)
		}
	}
	n.index = newNameIndex(folded)
	return n
}

// number returns the number of a name.
func (n *Names) number(name string) (int, bool) {
	i, ok := slices.BinarySearch(n.index.names, strings.ToLower(name))
	if !ok {
		return 0, false
	}
	return int(n.index.at[i]), true
}

// A nameIndex finds action names by pattern. All that a pattern can cover begins
// with what stands before its first wildcard, and stands together in sorted names.
type nameIndex struct {
	names []string // in lower case, sorted
	at    []int32  // the number of each
}

// newNameIndex indexes names, in lower case, by their place in the list.
func newNameIndex(folded []string) nameIndex {
	x := nameIndex{at: make([]int32, len(folded)), names: make([]string, len(folded))}
	for i := range x.at {
		x.at[i] = int32(i) //nolint:gosec // one for each text of a document
	}
	slices.SortFunc(x.at, func(a, b int32) int { return strings.Compare(folded[a], folded[b]) })
	for i, n := range x.at {
		x.names[i] = folded[n]
	}
	return x
}

// span returns where the names stand that begin like a pattern in lower case.
func (x *nameIndex) span(low string) (from, to int) {
	prefix := low
	if i := strings.IndexAny(low, "*?"); i >= 0 {
		prefix = low[:i]
	}
	from, _ = slices.BinarySearch(x.names, prefix)
	behind, _ := slices.BinarySearchFunc(x.names[from:], prefix, func(name, prefix string) int {
		if strings.HasPrefix(name, prefix) {
			return -1
		}
		return strings.Compare(name, prefix)
	})
	return from, from + behind
}

// match calls yield with the number of each name that a pattern in lower case
// covers. Time O(log names + names that begin like it).
func (x *nameIndex) match(low string, yield func(int)) {
	from, to := x.span(low)
	g := arn.NewGlob(low)
	for i := from; i < to; i++ {
		if g.Match(x.names[i]) {
			yield(int(x.at[i]))
		}
	}
}

// maxNameTests bounds the names that are compared with the patterns of a document:
// some seconds. Only documents get there that name tens of thousands of actions that
// nobody knows, by patterns that begin alike.
const maxNameTests = 50_000_000

// tests returns how many names match looks at for patterns in lower case.
func (x *nameIndex) tests(patterns []string) int {
	n := 0
	for _, low := range patterns {
		from, to := x.span(low)
		n += to - from
	}
	return n
}
