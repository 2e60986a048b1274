package atoms

import (
	"unicode"

	"pathfinder/graphmodel/arn"
)

// A Pattern is a set of texts, given by lists of steps: a text is in the set
// when one of the lists covers all of it.
type Pattern struct {
	alts [][]arn.Element
	fold bool // characters compare without case
}

// Text returns the texts that g covers, its wildcards free.
func Text(g arn.Glob) Pattern { return Pattern{alts: [][]arn.Element{g.Elements(false)}} }

// Fold returns the texts that g covers when case makes no difference, as in
// strings.EqualFold.
func Fold(g arn.Glob) Pattern {
	p := Text(g)
	p.fold = true
	return p
}

// Fields returns the texts that g covers as ArnLike compares ([arn.Like]).
func Fields(g arn.Glob) Pattern { return Pattern{alts: arn.LikeElements(g)} }

// Resource returns the ARNs that p covers in some way; what it says of "*" as a
// text is of no meaning.
func Resource(p arn.Pattern) Pattern {
	exact, runOn := p.Elements()
	return Pattern{alts: append(exact, runOn...)}
}

// ResourceExact returns the ARNs that p covers field by field.
func ResourceExact(p arn.Pattern) Pattern {
	exact, _ := p.Elements()
	return Pattern{alts: exact}
}

// Match reports whether p covers s. It is the plain way; Cut must agree with it.
func (p Pattern) Match(s string) bool {
	for _, alt := range p.alts {
		at := make([]bool, len(alt)+1)
		at[0] = true
		closure(alt, at)
		for _, r := range s {
			next := make([]bool, len(alt)+1)
			for i, e := range alt {
				if at[i] && covers(e, r, p.fold) {
					next[i] = next[i] || e.Kind == arn.AnyRun
					next[i+1] = next[i+1] || e.Kind != arn.AnyRun
				}
			}
			closure(alt, next)
			at = next
		}
		if at[len(alt)] {
			return true
		}
	}
	return false
}

// closure lets runs be empty.
func closure(alt []arn.Element, at []bool) {
	for i, e := range alt {
		if at[i] && e.Kind == arn.AnyRun {
			at[i+1] = true
		}
	}
}

// covers reports whether a step takes the character r.
func covers(e arn.Element, r rune, fold bool) bool {
	switch {
	case e.Kind != arn.Char:
		return !e.Bound || r != ':'
	case e.Rune == r:
		return true
	}
	return fold && sameLetter(e.Rune, r)
}

func sameLetter(a, b rune) bool {
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return false
}
