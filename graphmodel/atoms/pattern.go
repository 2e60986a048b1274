package atoms

import (
	"slices"
	"unicode"

	"pathfinder/graphmodel/arn"
)

// A Pattern is one way of matching whole texts. The zero Pattern covers none.
type Pattern struct {
	lists  [][]arn.Element // covers a text that one of the lists covers
	fold   bool            // characters are compared without regard to case
	noStar bool            // apart from the text "*" (a request without resource)
}

// Text returns the pattern that covers what g covers.
func Text(g arn.Glob) Pattern { return Pattern{lists: [][]arn.Element{tidy(g.Elements())}} }

// Fold returns the pattern that covers what g covers without regard to case,
// as [strings.EqualFold] compares characters.
func Fold(g arn.Glob) Pattern {
	p := Text(g)
	p.fold = true
	return p
}

// Fields returns the pattern that covers what [arn.Like] says that g covers.
func Fields(g arn.Glob) Pattern {
	list, ok := g.FieldElements()
	if !ok {
		return Pattern{}
	}
	return Pattern{lists: [][]arn.Element{tidy(list)}}
}

// Resource returns the pattern that covers what p fits in any way.
func Resource(p arn.Pattern) Pattern {
	exact, runOn := p.Elements()
	var out Pattern
	for _, l := range runOn {
		out.lists = append(out.lists, tidy(l))
	}
	out.noStar = out.Match("*")
	for _, l := range exact {
		// Of two lists that differ only in what is bound, the freer will do.
		if l = tidy(l); len(out.lists) == 0 || !freer(out.lists[len(out.lists)-1], l) {
			out.lists = append(out.lists, l)
		}
	}
	return out
}

// ResourceExact returns the pattern that covers what p fits exactly.
func ResourceExact(p arn.Pattern) Pattern {
	exact, _ := p.Elements()
	var out Pattern
	for _, l := range exact {
		out.lists = append(out.lists, tidy(l))
	}
	return out
}

// Union returns the pattern that covers what any of the list covers. It compares
// with regard to case. A request without resource is covered if one of the list
// covers every text.
func Union(list []Pattern) Pattern {
	var out Pattern
	for _, p := range list {
		out.lists = append(out.lists, p.lists...)
		out.noStar = out.noStar || p.noStar
	}
	out.noStar = out.noStar && !slices.ContainsFunc(out.lists, all)
	return out
}

// all reports whether a list is the lone run.
func all(list []arn.Element) bool {
	return len(list) == 1 && list[0].Wild == arn.WildRun && !list[0].Bound
}

// Match reports whether p covers the whole of s.
// Time O(elements × len(s)).
func (p Pattern) Match(s string) bool {
	if p.noStar && s == "*" {
		return false
	}
	for _, list := range p.lists {
		if matchList(list, s, p.fold) {
			return true
		}
	}
	return false
}

// matchList follows the places of list that a beginning of s can end at.
func matchList(list []arn.Element, s string, fold bool) bool {
	row, next := make([]bool, len(list)+1), make([]bool, len(list)+1)
	row[0] = true
	skip := func() { // a run may stand for nothing
		for i, e := range list {
			if row[i] && e.Wild == arn.WildRun {
				row[i+1] = true
			}
		}
	}
	skip()
	for _, c := range s {
		clear(next)
		for i, e := range list {
			switch {
			case !row[i] || e.Bound && c == ':':
			case e.Wild == arn.WildRun:
				next[i] = true
			case e.Wild == arn.WildOne, e.Char == c, fold && canon(e.Char) == canon(c):
				next[i+1] = true
			}
		}
		row, next = next, row
		skip()
	}
	return row[len(list)]
}

// tidy makes one run of neighbouring runs, bound only if all of them are. The
// automaton relies on it: no run follows a run.
func tidy(list []arn.Element) []arn.Element {
	out := list[:0]
	for _, e := range list {
		if n := len(out); n > 0 && e.Wild == arn.WildRun && out[n-1].Wild == arn.WildRun {
			out[n-1].Bound = out[n-1].Bound && e.Bound
			continue
		}
		out = append(out, e)
	}
	return out
}

// freer reports whether a is b with some of the bound wildcards set free.
func freer(a, b []arn.Element) bool {
	if len(a) != len(b) {
		return false
	}
	for i, e := range a {
		if e.Char != b[i].Char || e.Wild != b[i].Wild || e.Bound && !b[i].Bound {
			return false
		}
	}
	return true
}

// canon returns the same character for all that differ in case only.
func canon(r rune) rune {
	if r < 0x80 {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}
	least := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		least = min(least, o)
	}
	return least
}
