package arn

import (
	"strings"
	"unicode/utf8"
)

// A Fit says how a [Pattern] covers a resource.
type Fit uint8

// The fits, from none to certain.
const (
	NoFit Fit = iota
	RunOn     // only because a '*' that ends a field runs on past the colon (E35, UNSURE), or stands in a short ARN (E37, UNSURE)
	Exact     // field by field
)

// A Pattern is an entry of a Resource or NotResource element, ready for
// matching. The zero Pattern covers nothing.
type Pattern struct {
	text   Glob      // the fields as written, with their colons
	colons [5]uint32 // where the colons between them stand
	n      uint8     // fields, with those filled up
	raw    uint8     // fields as written
	filled bool      // those left out are '*'
	all    bool      // the lone "*" (E38)
	runsOn bool      // one of the first five fields ends with '*'
}

// field returns field i, also one that is filled up.
func (p *Pattern) field(i int) Glob {
	raw := int(p.raw)
	if i >= raw {
		if p.filled {
			return "\xff"
		}
		return ""
	}
	begin, end := 0, len(p.text)
	if i > 0 {
		begin = int(p.colons[i-1]) + 1
	}
	if i < raw-1 {
		end = int(p.colons[i])
	}
	return p.text[begin:end]
}

// fields returns all of them.
func (p *Pattern) fields() (f [6]Glob) {
	for i := range f {
		f[i] = p.field(i)
	}
	return f
}

// NewPattern reads g as a resource pattern. With complete, an ARN of fewer
// than six fields is filled up with '*', as AWS does in identity policies
// (E37).
func NewPattern(g Glob, complete bool) Pattern {
	if g == "\xff" {
		return Pattern{all: true}
	}
	p := Pattern{text: g, raw: 1}
	for at := 0; p.raw < 6; p.raw++ {
		i := strings.IndexByte(string(g[at:]), ':')
		if i < 0 {
			break
		}
		at += i + 1
		p.colons[p.raw-1] = uint32(at - 1) //nolint:gosec // no policy is as long
	}
	p.n = p.raw
	if p.raw < 6 && p.raw > 1 && p.field(0) == "arn" {
		p.filled = true
		if complete {
			p.n = 6
		}
	}
	for i := range min(int(p.raw), 5) {
		f := p.field(i)
		p.runsOn = p.runsOn || f != "" && f[len(f)-1] == anyRun
	}
	return p
}

// AppendKey appends bytes that are the same for equal patterns only.
func (p Pattern) AppendKey(b []byte) []byte {
	for _, f := range p.fields() {
		b = append(append(b, f...), 0)
	}
	all := byte(0)
	if p.all {
		all = 1
	}
	return append(b, p.n, p.raw, all)
}

// All reports whether p is the lone "*", the only pattern that also covers
// requests without a resource (E38, E39).
func (p Pattern) All() bool { return p.all }

// String prints p as a policy would write it.
func (p Pattern) String() string {
	if p.all {
		return "*"
	}
	return p.text.String()
}

// Glob returns p as one glob over whole ARNs; wildcards then run across
// colons, so it covers at least what p covers.
func (p Pattern) Glob() Glob {
	if p.all {
		return Glob([]byte{anyRun})
	}
	if p.runsOn && p.short() { // the fields filled up need not be there
		return p.text + Glob([]byte{anyRun})
	}
	return p.text + Glob(strings.Repeat(":\xff", int(p.n-p.raw)))
}

// Match tells how p covers the resource ARN s. The request resource "*" (an
// action without resource) is covered by the lone "*" only.
func (p Pattern) Match(s string) Fit {
	if p.all {
		return Exact
	}
	if s == "*" || p.n == 0 {
		return NoFit
	}
	f, n := split(s)
	if n == 6 && p.n == 6 && p.fieldwise(&f) {
		return Exact
	}
	if p.runsOn && (n == 6 && p.short() && p.fieldwise(&f) || p.runOn(s)) {
		return RunOn
	}
	return NoFit
}

// short reports whether fields are missing that can be filled up.
func (p *Pattern) short() bool { return p.filled }

// whole reports whether p can be compared field by field.
func (p *Pattern) whole() bool { return p.n == 6 || p.runsOn && p.short() }

// Overlaps reports whether p and q, field by field, have a resource in common.
func (p Pattern) Overlaps(q Pattern) bool {
	switch {
	case p.n == 0 && !p.all || q.n == 0 && !q.all:
		return false
	case p.all || q.all:
		return true
	case !p.whole() || !q.whole():
		return false
	}
	for i := range 6 {
		if !Overlaps(p.field(i), q.field(i)) {
			return false
		}
	}
	return true
}

// Covers reports whether p, field by field, covers all that q covers. Like
// [Covers] it may miss a cover where there is a '?', and never invents one.
func (p Pattern) Covers(q Pattern) bool {
	switch {
	case p.all:
		return q.all || q.n > 0
	case q.all || !p.whole() || !q.whole():
		return false
	}
	for i := range 6 {
		if !Covers(p.field(i), q.field(i)) {
			return false
		}
	}
	return true
}

func (p *Pattern) fieldwise(f *[6]string) bool {
	// From the right: resources differ there most often.
	for i := 5; i >= 0; i-- {
		if !p.field(i).Match(f[i]) {
			return false
		}
	}
	return true
}

// runOn matches with every '*' that ends one of the first five fields free to
// swallow colons; other wildcards of these fields stay inside (E35). The two
// kinds of wildcard need a table instead of the two-pointer walk.
func (p *Pattern) runOn(s string) bool {
	row := make([]bool, len(s)+1)
	next := make([]bool, len(s)+1)
	starts := characters(s)
	row[0] = true
	for i := range int(p.raw) {
		field := string(p.field(i))
		for k := range len(field) {
			c := field[k]
			free := i == 5 || c == anyRun && k == len(field)-1
			step(row, next, starts, c, free, s)
			row, next = next, row
		}
		if i < int(p.raw)-1 {
			step(row, next, starts, ':', true, s)
			row, next = next, row
		}
	}
	return row[len(s)]
}

// characters marks where the characters of s start, and its end. A wildcard
// never stops inside of one.
func characters(s string) []bool {
	starts := make([]bool, len(s)+1)
	for i := range s {
		starts[i] = true
	}
	starts[len(s)] = true
	return starts
}

// step advances the set of reachable positions of s by one pattern byte.
func step(row, next, starts []bool, c byte, free bool, s string) {
	clear(next)
	switch c {
	case anyRun:
		on := false
		for j := range row {
			if j > 0 && on && !free && s[j-1] == ':' {
				on = false
			}
			on = on || row[j]
			next[j] = on && starts[j]
		}
	case anyOne:
		for j, ok := range row[:len(s)] {
			if ok && (free || s[j] != ':') {
				_, w := utf8.DecodeRuneInString(s[j:])
				next[j+w] = true
			}
		}
	default:
		for j, ok := range row[:len(s)] {
			if ok && s[j] == c {
				next[j+1] = true
			}
		}
	}
}

// Like reports whether the ARN s is covered by g as ArnLike and ArnEquals
// compare: six fields, each a glob of its own that never leaves its field
// (E59). A pattern of fewer fields covers nothing, except the lone "*".
func Like(g Glob, s string) bool {
	if g == "\xff" {
		return true
	}
	pf, pn := split(string(g))
	sf, sn := split(s)
	if pn < 6 || sn < 6 {
		return false
	}
	for i := 5; i >= 0; i-- {
		if !Glob(pf[i]).Match(sf[i]) {
			return false
		}
	}
	return true
}
