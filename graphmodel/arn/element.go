package arn

import "strings"

// An Element is one step of a pattern, for those who run patterns as automata.
type Element struct {
	Kind ElementKind
	Rune rune // of a Char
	// Bound wildcards never cover a colon.
	Bound bool
}

// ElementKind says what an [Element] covers.
type ElementKind uint8

// The kinds of elements.
const (
	Char   ElementKind = iota // one given character
	AnyOne                    // any one character
	AnyRun                    // any run of characters, also none
)

// Elements returns the steps of g. With bound, its wildcards stay inside a field.
func (g Glob) Elements(bound bool) []Element {
	out := make([]Element, 0, len(g))
	for _, r := range toRunes(g) {
		switch r {
		case runRune:
			out = append(out, Element{Kind: AnyRun, Bound: bound})
		case oneRune:
			out = append(out, Element{Kind: AnyOne, Bound: bound})
		default:
			out = append(out, Element{Kind: Char, Rune: r})
		}
	}
	return out
}

// Elements returns the ways in which p covers texts, each a list of steps over
// the whole text: exact those by which [Pattern.Match] is Exact, runOn those by
// which it is at least RunOn. The lone "*" is one free wildcard; it alone covers
// requests without a resource, too (E39).
func (p Pattern) Elements() (exact, runOn [][]Element) {
	if p.all {
		return [][]Element{{{Kind: AnyRun}}}, nil
	}
	if p.n == 6 {
		exact = append(exact, fieldElements(p.fields[:]))
	}
	if !p.runsOn {
		return exact, nil
	}
	if p.short() {
		runOn = append(runOn, fieldElements(p.fields[:]))
	}
	var steps []Element
	for i := range p.raw {
		if i > 0 {
			steps = append(steps, Element{Kind: Char, Rune: ':'})
		}
		field := p.fields[i].Elements(i < 5)
		if n := len(field); n > 0 && field[n-1].Kind == AnyRun {
			field[n-1].Bound = false
		}
		steps = append(steps, field...)
	}
	return exact, append(runOn, steps)
}

// LikeElements returns the ways in which g covers ARNs as [Like] does.
func LikeElements(g Glob) [][]Element {
	if g == "\xff" {
		return [][]Element{{{Kind: AnyRun}}}
	}
	f, n := split(string(g))
	if n < 6 {
		return nil
	}
	fields := make([]Glob, 6)
	for i := range f {
		fields[i] = Glob(f[i])
	}
	return [][]Element{fieldElements(fields)}
}

// fieldElements joins six fields; wildcards of the first five stay inside.
func fieldElements(fields []Glob) []Element {
	var steps []Element
	for i, f := range fields {
		if i > 0 {
			steps = append(steps, Element{Kind: Char, Rune: ':'})
		}
		steps = append(steps, f.Elements(i < 5)...)
	}
	return steps
}

// Literal returns the text that g covers, if it has no wildcard.
func (g Glob) Literal() (text string, ok bool) { return string(g), !g.HasWildcard() }

// Runs returns g with each run of run wildcards written as one.
func (g Glob) Runs() Glob {
	double := string([]byte{anyRun, anyRun})
	for strings.Contains(string(g), double) {
		g = Glob(strings.ReplaceAll(string(g), double, double[:1]))
	}
	return g
}
