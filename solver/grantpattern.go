package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// A marked pattern is one with open variables, read for writing: a character
// that no name holds stands for each of them.
type marked struct {
	glob  arn.Glob
	marks []string // the characters, and the variables, in turn
}

// firstMark is the first character of a private area.
const firstMark = 0xE000

var star = arn.NewGlob("*")

// readMarked reads a text of policy version 2012-10-17.
func readMarked(text string) (m marked) {
	for {
		i := strings.Index(text, "${")
		j := strings.IndexByte(text[max(i, 0):], '}') + i
		if i < 0 || j < i {
			m.glob += arn.NewGlob(text)
			return m
		}
		m.glob += arn.NewGlob(text[:i])
		switch variable := text[i : j+1]; variable {
		case "${*}", "${?}", "${$}":
			m.glob += arn.Literal(variable[2:3])
		default:
			mark := string(rune(firstMark + len(m.marks)/2))
			m.marks = append(m.marks, mark, variable)
			m.glob += arn.Literal(mark)
		}
		text = text[j+1:]
	}
}

// text writes one of the patterns that came out of m.
func (m *marked) text(g arn.Glob) string { return strings.NewReplacer(m.marks...).Replace(g.Policy()) }

// wide covers whatever m does: a variable stands for anything.
func (m *marked) wide() arn.Glob {
	wide := string(m.glob)
	for i := 0; i < len(m.marks); i += 2 {
		wide = strings.ReplaceAll(wide, m.marks[i], string(star))
	}
	return arn.Glob(wide)
}

// after lists what is left of m behind a prefix. ok is false when the value of
// a variable could be a part of the prefix.
func (m *marked) after(prefix string) (rest []arn.Glob, ok bool) {
	for i := range prefix {
		for _, g := range m.glob.After(prefix[:i]) {
			next := string(g)
			for strings.HasPrefix(next, string(star)) {
				next = next[len(star):]
			}
			for j := 0; j < len(m.marks); j += 2 {
				if strings.HasPrefix(next, m.marks[j]) {
					return nil, false
				}
			}
		}
	}
	return m.glob.After(prefix), true
}

// narrowed writes the part of patterns with variables that lies inside of a
// glob. ok is false when that is no pattern.
func narrowed(texts []string, within arn.Glob) (out []string, ok bool) {
	for _, text := range texts {
		m := readMarked(text)
		if arn.Covers(within, m.wide()) {
			out = append(out, text)
			continue
		}
		prefix, ok := arn.Prefix(within)
		if !ok {
			return nil, false
		}
		rest, ok := m.after(prefix)
		if !ok {
			return nil, false
		}
		for _, g := range rest {
			out = append(out, m.text(arn.Literal(prefix)+g))
		}
	}
	return out, true
}

// inside writes an open pattern as patterns inside of what is asked. Where
// there is no such pattern it is the whole: what lies outside is not asked.
func (o *openPattern) inside(asked arn.Glob) (out []string, ok bool) {
	if o.hidden {
		return nil, false
	}
	if narrow, ok := narrowed([]string{o.text}, asked); ok {
		return narrow, true
	}
	return []string{o.text}, true
}

// A mapping tells how ARNs of objects begin behind an access point and at it.
// inside parts what is named from what else the ARN at the front holds.
type mapping struct{ behind, front, inside string }

// at writes what names something behind as a pattern about the front.
func (to *mapping) at(rest arn.Glob) arn.Glob {
	if to.inside != "" && !strings.HasSuffix(string(rest), string(star)) {
		rest += arn.Literal(to.inside) + star
	}
	return arn.Literal(to.front) + rest
}

// mapThrough makes patterns about a bucket patterns about an access point.
func (c *clause) mapThrough(to *mapping) {
	front := func(rest arn.Glob) arn.Pattern { return arn.NewPattern(to.at(rest), false) }
	var patterns []arn.Pattern
	for _, p := range c.patterns {
		for _, rest := range p.Glob().After(to.behind) {
			patterns = append(patterns, front(rest))
		}
	}
	c.patterns = patterns
	var open []openPattern
	for _, o := range c.open {
		m := readMarked(o.text)
		rest, ok := m.after(to.behind)
		if !ok { // a variable may hold the name of the bucket
			o.hidden, o.question = true, "whether "+o.text+" covers what lies behind the access point"
			for _, rest := range o.wide.Glob().After(to.behind) {
				one := o
				one.wide = front(rest)
				open = append(open, one)
			}
			continue
		}
		for _, g := range rest {
			one := o
			whole := marked{to.at(g), m.marks}
			one.text, one.wide = whole.text(whole.glob), arn.NewPattern(whole.wide(), false)
			one.question = "whether " + one.text + " covers the resource"
			open = append(open, one)
		}
	}
	c.open = open
}
