package arn

import "unicode/utf8"

// A Wild says what an [Element] stands for.
type Wild uint8

// The kinds of element.
const (
	Plain   Wild = iota // the character Char
	WildRun             // any run of characters, also the empty one
	WildOne             // exactly one character
)

// An Element is one place of a pattern. A list of elements covers a text that
// the places, one after the other, use up.
type Element struct {
	Char  rune // the character of a Plain element
	Wild  Wild
	Bound bool // a wildcard that never stands for a colon
}

// Elements returns the places of g; no wildcard is bound.
func (g Glob) Elements() []Element { return g.elements(make([]Element, 0, len(g)), false) }

// FieldElements returns the places of g as [Like] reads it: wildcards of the
// first five fields are bound. A pattern that covers nothing is not ok.
func (g Glob) FieldElements() (list []Element, ok bool) {
	if g == "\xff" {
		return g.Elements(), true
	}
	f, n := split(string(g))
	if n < 6 {
		return nil, false
	}
	var fields [6]Glob
	for i := range f {
		fields[i] = Glob(f[i])
	}
	return fieldElements(&fields), true
}

// Elements returns p as lists of places: [Pattern.Match] says Exact for the
// texts that a list of exact covers, and RunOn for others that a list of runOn
// covers. The text "*", a request without resource, is the one exception: of
// the run-on lists none covers it, whatever its places say.
func (p Pattern) Elements() (exact, runOn [][]Element) {
	if p.all {
		return [][]Element{{{Wild: WildRun}}}, nil
	}
	if p.n == 0 {
		return nil, nil
	}
	fields := p.fields()
	if p.n == 6 {
		exact = append(exact, fieldElements(&fields))
	}
	if !p.runsOn {
		return exact, nil
	}
	if p.n != 6 && p.short() {
		runOn = append(runOn, fieldElements(&fields))
	}
	var list []Element
	for i, field := range fields[:p.raw] {
		list = field.elements(list, i < 5)
		if i < 5 && field != "" && field[len(field)-1] == anyRun {
			list[len(list)-1].Bound = false // the wildcard that runs on
		}
		if i < int(p.raw)-1 {
			list = append(list, Element{Char: ':'})
		}
	}
	return exact, append(runOn, list)
}

// fieldElements joins six fields; the wildcards of five of them stay inside.
func fieldElements(fields *[6]Glob) []Element {
	var list []Element
	for i, field := range fields {
		list = field.elements(list, i < 5)
		if i < 5 {
			list = append(list, Element{Char: ':'})
		}
	}
	return list
}

// elements appends the places of g to list.
func (g Glob) elements(list []Element, bound bool) []Element {
	for s := string(g); s != ""; {
		switch s[0] {
		case anyRun:
			list = append(list, Element{Wild: WildRun, Bound: bound})
			s = s[1:]
		case anyOne:
			list = append(list, Element{Wild: WildOne, Bound: bound})
			s = s[1:]
		default:
			r, w := utf8.DecodeRuneInString(s)
			list = append(list, Element{Char: r})
			s = s[w:]
		}
	}
	return list
}
