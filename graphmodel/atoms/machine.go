package atoms

import (
	"slices"
	"unicode"

	"pathfinder/graphmodel/arn"
)

// kind is what an element of a machine does.
type kind uint8

const (
	char kind = iota
	run
	one
	end // behind the last element of a list
)

// An element is one place of the machine. A state is the sorted list of the
// places that a beginning of a text can have come to; a pattern that can't be
// fulfilled any more has no place in it.
type element struct {
	char  rune
	canon rune  // of char, where case is ignored
	owner int32 // of which pattern; 0 is the one that all texts are within
	from  int32 // a run makes the places from here up to it superfluous
	kind  kind
	bound bool
	fold  bool
}

// A machine runs all patterns at once.
type machine struct {
	els    []element
	within int32 // places before this one belong to owner 0
	owners int
	noStar []int32 // owners that don't cover "*", which owner guard covers
	guard  int32
	chars  []rune // scratch of candidates
	folds  []element
}

// newMachine compiles within and patterns, and returns the first state.
func newMachine(within Pattern, patterns []Pattern) (m *machine, start []int32) {
	m = &machine{owners: len(patterns) + 1}
	add := func(owner int32, p Pattern) {
		for _, list := range p.lists {
			m.enter(int32(len(m.els)), &start, func() { m.list(owner, list, p.fold) })
		}
		if p.noStar {
			m.noStar = append(m.noStar, owner)
		}
	}
	add(0, within)
	m.within = int32(len(m.els))
	for i, p := range patterns {
		add(int32(i+1), p)
	}
	if len(m.noStar) > 0 {
		m.guard = int32(m.owners)
		m.owners++
		add(m.guard, Text(arn.Literal("*")))
	}
	return m, start
}

// enter compiles a list and puts its first place into start.
func (m *machine) enter(at int32, start *[]int32, compile func()) {
	compile()
	*start = m.put(*start, at)
}

// list compiles one list of elements.
func (m *machine) list(owner int32, list []arn.Element, fold bool) {
	first := int32(len(m.els))
	for _, e := range list {
		out := element{char: e.Char, owner: owner, bound: e.Bound}
		switch e.Wild {
		case arn.WildRun:
			out.kind = run
			out.from = first
			if e.Bound {
				out.from = m.fieldStart(first)
			}
		case arn.WildOne:
			out.kind = one
		default:
			if c := canon(e.Char); fold && unicode.SimpleFold(e.Char) != e.Char {
				out.fold, out.canon = true, c
			}
		}
		m.els = append(m.els, out)
	}
	m.els = append(m.els, element{kind: end, owner: owner})
}

// fieldStart returns the first place from which no colon can be read before
// the end of what is compiled. A bound run there swallows what the places
// since then can read; a free run swallows what all places before it can.
func (m *machine) fieldStart(first int32) int32 {
	at := int32(len(m.els))
	for at > first {
		if e := &m.els[at-1]; e.kind == char && e.char == ':' || e.kind != char && !e.bound {
			break
		}
		at--
	}
	return at
}

// put adds place k, and the one behind it if k can stand for nothing. Places
// come in order and once: a run has made those superfluous that lead to it, but
// for a colon before a bound run, and on a colon that run itself ends.
func (m *machine) put(state []int32, k int32) []int32 {
	n := len(state)
	e := &m.els[k]
	if e.kind != run {
		return append(state, k)
	}
	for n > 0 && state[n-1] >= e.from {
		n--
	}
	return append(state[:n], k, k+1)
}

// step appends the state behind c to dst. It is nil when no text within goes
// on like that.
func (m *machine) step(dst, state []int32, c rune) []int32 {
	fold := canon(c)
	inside := true
	for _, k := range state {
		if inside && k >= m.within {
			if len(dst) == 0 {
				return nil
			}
			inside = false
		}
		switch e := &m.els[k]; e.kind {
		case char:
			if e.char == c || e.fold && e.canon == fold {
				dst = m.put(dst, k+1)
			}
		case run:
			if !e.bound || c != ':' {
				dst = m.put(dst, k)
			}
		case one:
			if !e.bound || c != ':' {
				dst = m.put(dst, k+1)
			}
		case end:
		}
	}
	return dst
}

// accepted reports whether a text that ends in state is within, and sets in to
// the patterns that cover it.
func (m *machine) accepted(state []int32, in Bits) bool {
	inside, star := false, false
	for _, k := range state {
		e := &m.els[k]
		if k >= m.within && !inside {
			return false
		}
		if e.kind != end {
			continue
		}
		switch {
		case e.owner == 0:
			inside = true
			clear(in)
		case m.guard != 0 && e.owner == m.guard:
			star = true
		default:
			in.Add(int(e.owner - 1))
		}
	}
	if star {
		for _, o := range m.noStar {
			if o == 0 {
				return false
			}
			in[(o-1)/64] &^= 1 << ((o - 1) % 64)
		}
	}
	return inside
}

// candidates returns characters such that each possible next state is behind
// one of them: the characters that stand at the places, the colon if a place
// makes a difference there, and one that is none of these.
func (m *machine) candidates(state []int32) []rune {
	list, folds := m.chars[:0], m.folds[:0]
	wild, bound, fixed := false, false, true
	for _, k := range state {
		if k >= m.within && !wild && fixed {
			break // the texts within decide alone how it goes on
		}
		switch e := &m.els[k]; {
		case e.kind == end:
		case e.kind != char:
			wild = wild || e.owner == 0
			bound = bound || e.bound
		case e.fold:
			fixed = fixed && e.owner != 0
			folds = append(folds, *e)
		case len(list) == 0 || list[len(list)-1] != e.char:
			list = append(list, e.char)
		}
	}
	if bound {
		list = append(list, ':')
	}
	slices.Sort(list)
	list = slices.Compact(list)
	plain := len(list)
	for _, e := range folds {
		list = addCase(list, plain, e)
	}
	slices.SortFunc(list, byLooks)
	list = slices.Compact(list)
	if wild {
		if c, ok := other(list, folds); ok {
			at := len(list)
			for at > 0 && odd(list[at-1]) {
				at--
			}
			list = slices.Insert(list, at, c)
		}
	}
	m.chars, m.folds = list, folds
	return list
}

// addCase adds the spelling of e that is none of the first plain characters,
// which tell the spellings apart; without one, those will do.
func addCase(list []rune, plain int, e element) []rune {
	for _, c := range list[plain:] {
		if canon(c) == e.canon {
			return list
		}
	}
	best := rune(-1)
	for c := e.char; ; {
		if _, taken := slices.BinarySearch(list[:plain], c); !taken && (best < 0 || c < best) {
			if best = c; c == e.char {
				break // as the pattern spells it
			}
		}
		if c = unicode.SimpleFold(c); c == e.char {
			break
		}
	}
	if best < 0 {
		return list
	}
	return append(list, best)
}

// odd tells the characters that a reader would take for something else.
func odd(c rune) bool { return c == '*' || c == '?' || c == '$' || c == '{' }

// byLooks sorts characters, the odd ones last.
func byLooks(a, b rune) int {
	switch {
	case odd(a) == odd(b):
		return int(a - b)
	case odd(a):
		return 1
	}
	return -1
}

// readable are the characters that stand for "any other", best first.
const readable = "xyzwvutsrqponmlkjihgfedcba0123456789XYZWVUTSRQPONMLKJIHGFEDCBA"

// other returns a character that is none of list and no other spelling of one
// of folds.
func other(list []rune, folds []element) (rune, bool) {
	free := func(c rune) bool {
		return !slices.Contains(list, c) && (len(folds) == 0 ||
			!slices.ContainsFunc(folds, func(e element) bool { return e.canon == canon(c) }))
	}
	for _, c := range readable {
		if free(c) {
			return c, true
		}
	}
	if free('¤') {
		return '¤', true
	}
	for c := rune(0xA1); c <= unicode.MaxRune; c++ {
		if (c < 0xD800 || c > 0xDFFF) && unicode.IsPrint(c) && free(c) {
			return c, true
		}
	}
	return 0, false
}
