package atoms

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/arn"
)

// maxGlobs bounds what Intersect returns; nobody reads longer lists.
const maxGlobs = 64

// The wildcards as globs.
var (
	anyRun = arn.NewGlob("*")
	anyOne = arn.NewGlob("?")
)

// Intersect returns globs that together cover exactly the texts that both a
// and b cover, none of them covered by another one as far as [arn.Covers] can
// tell, sorted. It is not ok when more than 64 were needed on the way.
//
// Time O(len(a) × len(b)) for the table, and as many globs a cell as are in
// the result at most; the cells that matter are few for patterns that share a
// beginning.
func Intersect(a, b arn.Glob) (list []arn.Glob, ok bool) {
	switch {
	case arn.Covers(a, b):
		return []arn.Glob{b}, true
	case arn.Covers(b, a):
		return []arn.Glob{a}, true
	case !arn.Overlaps(a, b):
		return nil, true
	}
	t := table{a: ordered(a), b: ordered(b)}
	return t.fill()
}

// A table holds for each pair of places the globs that cover what both rests
// cover.
type table struct{ a, b []arn.Element }

// A way leads from a pair of places to a later one.
type way struct {
	emit arn.Glob
	i, j int
}

// ways returns how texts that both rests cover can begin. Where both patterns
// have a run, one of the runs ends first, and the other goes on.
func (t *table) ways(i, j int, out []way) []way {
	runA := i < len(t.a) && t.a[i].Wild == arn.WildRun
	runB := j < len(t.b) && t.b[j].Wild == arn.WildRun
	switch {
	case runA && runB:
		out = append(out, way{anyRun, i + 1, j}, way{anyRun, i, j + 1})
	case runA:
		out = append(out, way{"", i + 1, j})
		if j < len(t.b) {
			out = append(out, way{glob(t.b[j]), i, j + 1})
		}
	case runB:
		out = append(out, way{"", i, j + 1})
		if i < len(t.a) {
			out = append(out, way{glob(t.a[i]), i + 1, j})
		}
	case i < len(t.a) && j < len(t.b):
		switch x, y := t.a[i], t.b[j]; {
		case x.Wild == arn.WildOne:
			out = append(out, way{glob(y), i + 1, j + 1})
		case y.Wild == arn.WildOne || x.Char == y.Char:
			out = append(out, way{glob(x), i + 1, j + 1})
		}
	}
	return out
}

// fill computes the cells that the first one needs, from the last to it.
func (t *table) fill() (list []arn.Glob, ok bool) {
	w := len(t.b) + 1
	cells := make([][]arn.Glob, (len(t.a)+1)*w)
	need := make([]bool, len(cells))
	need[0] = true
	var ways []way
	for c := range cells { // ways lead to later cells only
		if need[c] {
			ways = t.ways(c/w, c%w, ways[:0])
			for _, to := range ways {
				need[to.i*w+to.j] = true
			}
		}
	}
	cells[len(cells)-1] = []arn.Glob{""}
	for c := len(cells) - 2; c >= 0; c-- {
		if !need[c] {
			continue
		}
		ways = t.ways(c/w, c%w, ways[:0])
		var out []arn.Glob
		for _, to := range ways {
			for _, rest := range cells[to.i*w+to.j] {
				out = append(out, to.emit+rest)
			}
		}
		if len(out) > 1 {
			out = least(out)
		}
		if len(out) > maxGlobs {
			return nil, false
		}
		cells[c] = out
	}
	slices.SortFunc(cells[0], byText)
	return cells[0], true
}

// ordered returns the elements of g with each row of wildcards written in one
// way: the single characters, then the run. [arn.Covers] then misses less.
func ordered(g arn.Glob) []arn.Element {
	list := g.Elements()
	for i, e := range list {
		if e.Wild == arn.WildOne {
			for ; i > 0 && list[i-1].Wild == arn.WildRun; i-- {
				list[i], list[i-1] = list[i-1], list[i]
			}
		}
	}
	return tidy(list)
}

// glob returns the glob of one element that is no run.
func glob(e arn.Element) arn.Glob {
	if e.Wild == arn.WildOne {
		return anyOne
	}
	return arn.Literal(string(e.Char))
}

// least drops globs that others cover.
func least(list []arn.Glob) []arn.Glob {
	slices.SortFunc(list, byText)
	list = slices.Compact(list)
	gone := make([]bool, len(list))
	for i, g := range list {
		for j, by := range list {
			if i != j && !gone[j] && arn.Covers(by, g) {
				gone[i] = true
				break
			}
		}
	}
	out := list[:0]
	for i, g := range list {
		if !gone[i] {
			out = append(out, g)
		}
	}
	return out
}

// byText sorts globs as they are printed; equal prints by what is literal.
func byText(a, b arn.Glob) int {
	return cmp.Or(cmp.Compare(a.String(), b.String()), cmp.Compare(a, b))
}
