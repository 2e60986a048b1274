package render

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A member is a value of a JSON document, with its name in front when it
// stands in an object. Its texts are clean.
type member struct {
	name        string // `"Action": `, or ""
	leaf        string // of a string, number or literal
	open, close string // of an object or list
	kids        []member
}

// quoteGutter stands left of quoted lines.
const quoteGutter = "│ "

// quote writes a statement, one element a line where that fits, with a line of
// carets below each element that a mark is about. The Sid is left out: the
// title has it.
func (p *page) quote(s *policy.Statement, marks []solver.Mark, indent int) {
	m, ok := parseStatement(s)
	if !ok {
		return
	}
	width := p.width() - indent - text.StringWidth(quoteGutter)
	for i := range m.kids {
		kid := &m.kids[i]
		if kid.name == `"Sid": ` {
			continue
		}
		lines := kid.lines("", width)
		for k := range lines[:len(lines)-1] {
			p.quoted(lines[k], indent, faint)
			p.carets(kid, lines[:k+1], marks, indent, width)
		}
		last := lines[len(lines)-1]
		if i < len(m.kids)-1 {
			last += ","
		}
		p.quoted(last, indent, faint)
		p.carets(kid, lines, marks, indent, width)
	}
}

// quoted writes one line behind the gutter.
func (p *page) quoted(s string, indent int, c text.Colors) {
	p.b.WriteString(strings.Repeat(" ", indent) + p.paint(quoteGutter, faint) + p.paint(s, c) + "\n")
}

// carets writes the marks about the last of the lines that an element has got
// so far.
func (p *page) carets(m *member, lines []string, marks []solver.Mark, indent, width int) {
	element := strings.Trim(m.name, `": `)
	for _, mark := range marks {
		if mark.Element != element {
			continue
		}
		from, to, ok := m.span(lines, &mark)
		if !ok {
			continue
		}
		line := lines[len(lines)-1]
		blank := strings.Repeat(" ", text.StringWidth(line[:from]))
		carets := blank + strings.Repeat("^", max(1, text.StringWidth(line[from:to])))
		color := faint
		if mark.Fails {
			color = bad
		}
		says := Clean(mark.Says)
		if text.StringWidth(carets)+1+text.StringWidth(says) <= width {
			p.quoted(carets+" "+says, indent, color)
			continue
		}
		p.quoted(carets, indent, color)
		for _, l := range wrap(says, width-4) {
			p.quoted("    "+l, indent, color)
		}
	}
}

// span finds what to underline in the last line: of a condition its key and
// value, of another element its value.
func (m *member) span(lines []string, mark *solver.Mark) (from, to int, ok bool) {
	last := len(lines) - 1
	line := lines[last]
	if mark.Key == "" {
		if m.open == "" && last == 1 {
			return 2, len(line), true // the value has a line of its own
		}
		return len(m.name), len(line), last == 0 && len(line) > len(m.name)
	}
	name := cleanName(mark.Key)
	from, within := 0, strings.Join(lines[:last], "\n")
	if op := cleanName(mark.Operator); !strings.Contains(within, op) {
		if from = strings.Index(line, op); from < 0 {
			return 0, 0, false
		}
	} else if strings.Contains(within[strings.Index(within, op):], name) {
		return 0, 0, false // it stood in an earlier line
	}
	i := strings.Index(line[from:], name)
	if i < 0 {
		return 0, 0, false
	}
	from += i
	to = from + len(strings.TrimSuffix(name, " "))
	if value, ok := m.valueOf(mark); ok && strings.HasPrefix(line[from+len(name):], value) {
		to = from + len(name) + len(value)
	}
	return from, to, true
}

// valueOf returns the one-line form of a condition's values.
func (m *member) valueOf(mark *solver.Mark) (string, bool) {
	for i := range m.kids {
		if m.kids[i].name != cleanName(mark.Operator) {
			continue
		}
		for k := range m.kids[i].kids {
			if kid := &m.kids[i].kids[k]; kid.name == cleanName(mark.Key) {
				return strings.TrimPrefix(kid.one(), kid.name), true
			}
		}
	}
	return "", false
}

// parseStatement reads a statement in canonical form.
func parseStatement(s *policy.Statement) (m member, ok bool) {
	if s == nil {
		return m, false
	}
	doc := policy.Document{Statements: []*policy.Statement{s}}
	raw, err := doc.JSON()
	if err != nil {
		return m, false
	}
	var parts struct{ Statement []json.RawMessage }
	if json.Unmarshal(raw, &parts) != nil || len(parts.Statement) != 1 {
		return m, false
	}
	d := json.NewDecoder(bytes.NewReader(parts.Statement[0]))
	d.UseNumber()
	return parseMember(d, ""), true
}

// parseMember reads the next value; JSON that was just written has no faults.
func parseMember(d *json.Decoder, name string) member {
	m := member{name: name}
	t, _ := d.Token()
	switch t {
	case json.Delim('{'):
		m.open, m.close = "{", "}"
	case json.Delim('['):
		m.open, m.close = "[", "]"
	default:
		m.leaf = jsonText(t)
		return m
	}
	for d.More() {
		key := ""
		if m.open == "{" {
			t, _ := d.Token()
			key, _ = t.(string)
			key = cleanName(key)
		}
		m.kids = append(m.kids, parseMember(d, key))
	}
	_, _ = d.Token()
	return m
}

// jsonText writes a value as JSON does, but for characters that need no escape.
func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "?"
	}
	return Clean(strings.TrimSuffix(b.String(), "\n"))
}

func cleanName(key string) string { return jsonText(key) + ": " }

// one writes the value on one line.
func (m *member) one() string {
	if m.open == "" {
		return m.name + m.leaf
	}
	kids := make([]string, len(m.kids))
	for i := range m.kids {
		kids[i] = m.kids[i].one()
	}
	return m.name + m.open + strings.Join(kids, ", ") + m.close
}

// lines writes the value on as few lines as fit.
func (m *member) lines(blank string, width int) []string {
	one := blank + m.one()
	if text.StringWidth(one) < width {
		return []string{one}
	}
	if m.open == "" {
		return append(chop(blank+strings.TrimSuffix(m.name, " "), blank+"  ", width), chop(blank+"  "+m.leaf, blank+"  ", width)...)
	}
	out := chop(blank+m.name+m.open, blank+"  ", width)
	for i := range m.kids {
		kid := m.kids[i].lines(blank+"  ", width)
		if i < len(m.kids)-1 {
			kid[len(kid)-1] += ","
		}
		out = append(out, kid...)
	}
	return append(out, blank+m.close)
}

// chop breaks a text that is too long even for a line of its own.
func chop(s, blank string, width int) (out []string) {
	for text.StringWidth(s) >= width {
		cut := breakPoint(s, width-1)
		out = append(out, s[:cut])
		s = blank + s[cut:]
	}
	return append(out, s)
}
