package atoms

import (
	"slices"

	"pathfinder/graphmodel/arn"
)

// maxGlobs bounds the globs that one intersection is written as.
const maxGlobs = 64

// Intersect returns globs that together cover exactly the texts that both a and
// b cover, none of them inside another; ok is false when there would be too
// many.
func Intersect(a, b arn.Glob) (list []arn.Glob, ok bool) {
	switch {
	case !arn.Overlaps(a, b):
		return nil, true
	case arn.Covers(a, b):
		return []arn.Glob{b}, true
	case arn.Covers(b, a):
		return []arn.Glob{a}, true
	}
	m := meeting{a: a.Runs().Elements(false), b: b.Runs().Elements(false)}
	m.done = make([][][]arn.Glob, (len(m.a)+1)*(len(m.b)+1))
	// From the ends to the beginnings: each entry needs only later ones.
	for i := len(m.a); i >= 0; i-- {
		for j := len(m.b); j >= 0; j-- {
			found := m.at(i, j)
			if len(found) > maxGlobs {
				return nil, false
			}
			m.done[i*(len(m.b)+1)+j] = [][]arn.Glob{found}
		}
	}
	list = slices.Clone(m.get(0, 0))
	for i := range list {
		list[i] = list[i].Runs()
	}
	list = widest(list)
	slices.Sort(list)
	return list, true
}

// A meeting holds, for each pair of rests of two globs, what both cover.
type meeting struct {
	a, b []arn.Element
	done [][][]arn.Glob
}

func (m *meeting) get(i, j int) []arn.Glob { return m.done[i*(len(m.b)+1)+j][0] }

var (
	run = arn.NewGlob("*")
	one = arn.NewGlob("?")
)

func (m *meeting) at(i, j int) []arn.Glob {
	switch {
	case i == len(m.a) && j == len(m.b):
		return []arn.Glob{""}
	case i == len(m.a):
		if m.b[j].Kind == arn.AnyRun {
			return m.get(i, j+1)
		}
		return nil
	case j == len(m.b):
		if m.a[i].Kind == arn.AnyRun {
			return m.get(i+1, j)
		}
		return nil
	}
	x, y := m.a[i], m.b[j]
	switch {
	case x.Kind == arn.AnyRun && y.Kind == arn.AnyRun:
		return widest(append(before(run, m.get(i+1, j)), before(run, m.get(i, j+1))...))
	case x.Kind == arn.AnyRun:
		return widest(append(before(step(y), m.get(i, j+1)), m.get(i+1, j)...))
	case y.Kind == arn.AnyRun:
		return widest(append(before(step(x), m.get(i+1, j)), m.get(i, j+1)...))
	case x.Kind == arn.AnyOne:
		return before(step(y), m.get(i+1, j+1))
	case y.Kind == arn.AnyOne || x.Rune == y.Rune:
		return before(step(x), m.get(i+1, j+1))
	}
	return nil
}

func step(e arn.Element) arn.Glob {
	if e.Kind == arn.AnyOne {
		return one
	}
	return arn.Literal(string(e.Rune))
}

func before(head arn.Glob, list []arn.Glob) []arn.Glob {
	out := make([]arn.Glob, len(list))
	for i, g := range list {
		out[i] = (head + g).Runs()
	}
	return out
}

// widest drops the globs that another one covers.
func widest(list []arn.Glob) []arn.Glob {
	var out []arn.Glob
	for i, g := range list {
		inside := false
		for j, h := range list {
			if i != j && arn.Covers(h, g) && (j < i || !arn.Covers(g, h)) {
				inside = true
				break
			}
		}
		if !inside {
			out = append(out, g)
		}
	}
	return out
}
