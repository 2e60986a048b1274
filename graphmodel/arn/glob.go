package arn

import (
	"strings"
	"unicode/utf8"
)

// A Glob is a pattern ready for matching: text in which the wildcards are two
// bytes that no valid text holds, so that a '*' that came out of a policy
// variable stays a plain character (E69). Make one with [NewGlob] or [Literal];
// concatenation with + is concatenation of patterns.
type Glob string

const (
	anyRun = '\xff' // any run of characters, also the empty one
	anyOne = '\xfe' // exactly one character
)

// NewGlob reads '*' and '?' in text as wildcards.
func NewGlob(text string) Glob {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.IndexByte(text, '*') < 0 && strings.IndexByte(text, '?') < 0 {
		return Glob(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		switch c := text[i]; c {
		case '*':
			b.WriteByte(anyRun)
		case '?':
			b.WriteByte(anyOne)
		default:
			b.WriteByte(c)
		}
	}
	return Glob(b.String())
}

// Literal takes every character of text as itself.
func Literal(text string) Glob { return Glob(strings.ToValidUTF8(text, "\uFFFD")) }

// HasWildcard reports whether g can match more than one text.
func (g Glob) HasWildcard() bool {
	return strings.IndexByte(string(g), anyRun) >= 0 || strings.IndexByte(string(g), anyOne) >= 0
}

// String prints g as a policy would write it: wildcards as '*' and '?'.
// Characters that were taken literally are printed as they are.
func (g Glob) String() string {
	if !g.HasWildcard() {
		return string(g)
	}
	b := []byte(g)
	for i, c := range b {
		switch c {
		case anyRun:
			b[i] = '*'
		case anyOne:
			b[i] = '?'
		}
	}
	return string(b)
}

// Policy prints g as a policy of version 2012-10-17 writes it: what g takes
// literally reads literally, a '*' as "${*}" and a "${" as "${$}{" (E70).
func (g Glob) Policy() string {
	if !strings.ContainsAny(string(g), "*?$") {
		return g.String()
	}
	var b strings.Builder
	for i := range len(g) {
		switch c := g[i]; {
		case c == '*' || c == '?' || c == '$' && strings.HasPrefix(string(g[i:]), "${"):
			b.WriteString("${" + string(c) + "}")
		case c == anyRun:
			b.WriteByte('*')
		case c == anyOne:
			b.WriteByte('?')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Match reports whether g covers the whole of s.
//
// The two-pointer walk remembers only the last run wildcard: going back to an
// earlier one can't help, since the last one can swallow whatever it could.
// Time O(len(g) × len(s)) at worst, O(len(g) + len(s)) for one wildcard.
func (g Glob) Match(s string) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(g) && g[p] == anyRun:
			star, mark = p, i
			p++
		case p < len(g) && g[p] == anyOne:
			_, w := utf8.DecodeRuneInString(s[i:])
			i += w
			p++
		case p < len(g) && g[p] == s[i]:
			p++
			i++
		case star >= 0:
			_, w := utf8.DecodeRuneInString(s[mark:])
			mark += w
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(g) && g[p] == anyRun {
		p++
	}
	return p == len(g)
}

// Overlaps reports whether some text is covered by both a and b.
// Time O(len(a) × len(b)).
func Overlaps(a, b Glob) bool {
	// row[j]: the first i characters of a and the first j of b can be the
	// same text. Wildcards may stand for nothing, hence the closures below.
	a, b, differ := apart(a, b)
	switch {
	case differ:
		return false
	case goesOn(a, b) || goesOn(b, a):
		return true
	}
	ra, rb := toRunes(a), toRunes(b)
	row := make([]bool, len(rb)+1)
	next := make([]bool, len(rb)+1)
	row[0] = true
	for j := 1; j <= len(rb) && rb[j-1] == runRune; j++ {
		row[j] = true
	}
	for i := 1; i <= len(ra); i++ {
		next[0] = row[0] && ra[i-1] == runRune
		for j := 1; j <= len(rb); j++ {
			x, y := ra[i-1], rb[j-1]
			switch {
			case x == runRune:
				next[j] = row[j] || next[j-1]
			case y == runRune:
				next[j] = next[j-1] || row[j]
			case x == oneRune || y == oneRune || x == y:
				next[j] = row[j-1]
			default:
				next[j] = false
			}
		}
		row, next = next, row
	}
	return row[len(rb)]
}

// Covers reports whether every text that b covers is covered by a too. It is
// exact for patterns without '?'; with '?' it may miss a cover (never invents
// one).
func Covers(a, b Glob) bool {
	// b is matched as [Glob.Match] matches a text: a '*' of it is a character that
	// only a '*' of a takes, and a '?' one that a '?' takes, too.
	i, j := 0, 0
	run, from := -1, 0 // the last '*' of a, and where in b what follows it was tried
	for j < len(b) {
		switch {
		case i < len(a) && a[i] == anyRun:
			run, from = i, j
			i++
		case i < len(a) && a[i] == anyOne && b[j] != anyRun:
			i++
			j += width(b[j:])
		case i < len(a) && a[i] == b[j] && a[i] != anyOne:
			i++
			j++
		case run >= 0:
			from += width(b[from:])
			i, j = run+1, from
		default:
			return false
		}
	}
	for i < len(a) && a[i] == anyRun {
		i++
	}
	return i == len(a)
}

// width returns the length of the first character of g, or of its wildcard.
func width(g Glob) int {
	if g[0] < utf8.RuneSelf || g[0] == anyRun || g[0] == anyOne {
		return 1
	}
	_, n := utf8.DecodeRuneInString(string(g))
	return n
}

// Two code points outside Unicode stand for the wildcards in rune slices.
const (
	runRune = utf8.MaxRune + 1
	oneRune = utf8.MaxRune + 2
)

// goesOn reports whether a is a text that anything may follow, and b begins with any
// text: there is one that both cover.
func goesOn(a, b Glob) bool {
	if a == "" || a[len(a)-1] != anyRun {
		return false
	}
	return len(a) == 1 || b != "" && b[0] == anyRun && !a[:len(a)-1].HasWildcard()
}

// toRunes decodes g; the wildcard bytes become runRune and oneRune.
// apart cuts off the literal text that two globs begin with, which no other part of
// them bears on. differ says that no text begins as both do.
func apart(a, b Glob) (restA, restB Glob, differ bool) {
	literal := func(c byte) bool { return c != anyRun && c != anyOne }
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] && literal(a[at]) {
		at++
	}
	if differ = at < len(a) && at < len(b) && literal(a[at]) && literal(b[at]); differ {
		return a, b, true
	}
	for at > 0 && (at < len(a) && !utf8.RuneStart(a[at]) || at < len(b) && !utf8.RuneStart(b[at])) {
		at--
	}
	return a[at:], b[at:], false
}

func toRunes(g Glob) []rune {
	out := make([]rune, 0, len(g))
	for s := string(g); s != ""; {
		switch s[0] {
		case anyRun:
			out = append(out, runRune)
			s = s[1:]
		case anyOne:
			out = append(out, oneRune)
			s = s[1:]
		default:
			r, w := utf8.DecodeRuneInString(s)
			out = append(out, r)
			s = s[w:]
		}
	}
	return out
}

// Prefix returns the text before the wildcard of a glob that is literal text
// followed by one run wildcard, as in bucket/*.
func Prefix(g Glob) (prefix string, ok bool) {
	i := strings.IndexByte(string(g), anyRun)
	if i < 0 || i != len(g)-1 || strings.IndexByte(string(g), anyOne) >= 0 {
		return "", false
	}
	return string(g[:i]), true
}

// After returns what is left of g once it has read prefix: globs that together
// cover exactly the texts t for which g covers prefix + t.
func (g Glob) After(prefix string) []Glob {
	at := 0 // as far as g is literal, one place has been reached
	for at < len(g) && at < len(prefix) && g[at] == prefix[at] && g[at] != anyRun && g[at] != anyOne {
		at++
	}
	for at > 0 && at < len(prefix) && !utf8.RuneStart(prefix[at]) {
		at--
	}
	states, next := make([]bool, len(g)+1), make([]bool, len(g)+1)
	states[at], prefix = true, prefix[at:]
	closure := func() {
		for p := at; p < len(g); p++ {
			if states[p] && g[p] == anyRun {
				states[p+1] = true
			}
		}
	}
	closure()
	for prefix != "" {
		_, w := utf8.DecodeRuneInString(prefix)
		clear(next)
		for p := at; p < len(g); p++ {
			switch {
			case !states[p]:
			case g[p] == anyRun:
				next[p] = true
			case g[p] == anyOne:
				next[p+1] = true
			case strings.HasPrefix(string(g[p:]), prefix[:w]):
				next[p+w] = true
			}
		}
		states, next, prefix = next, states, prefix[w:]
		closure()
	}
	var out []Glob
	for p := range len(g) + 1 {
		// A state behind its own wildcard is covered by the one before it.
		if states[p] && (p == 0 || g[p-1] != anyRun || !states[p-1]) {
			out = append(out, g[p:])
		}
	}
	return out
}
