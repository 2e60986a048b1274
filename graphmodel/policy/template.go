package policy

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// A template is text that may hold policy variables (E67 to E72).
type template struct {
	text  string
	parts []part // nil when there is no variable and no escape
}

// A part is literal policy text, or a variable, or an escaped character.
type part struct {
	text       string
	key        string // lower-case key of a variable; "" otherwise
	name       string // the key as written
	literal    bool   // an escape: text stands for itself (E70)
	fallback   string // the default of a variable (E71)
	hasDefault bool
}

// newTemplate reads text; with variables false, ${…} is plain text (E3). ok is
// false when a ${ is not closed or holds nothing usable; it is then plain text.
func newTemplate(text string, variables bool) (t template, ok bool) {
	t.text, ok = text, true
	if !variables || !strings.Contains(text, "${") {
		return t, true
	}
	rest := text
	for {
		i := strings.Index(rest, "${")
		if i < 0 {
			break
		}
		j := strings.IndexByte(rest[i:], '}')
		if j < 0 {
			ok = false
			break
		}
		p, good := newVariable(rest[i+2 : i+j])
		if !good {
			ok = false
			p = part{text: rest[i : i+j+1], literal: true}
		}
		if i > 0 {
			t.parts = append(t.parts, part{text: rest[:i]})
		}
		t.parts = append(t.parts, p)
		rest = rest[i+j+1:]
	}
	if rest != "" && t.parts != nil {
		t.parts = append(t.parts, part{text: rest})
	}
	return t, ok
}

// newVariable reads what stands between ${ and }.
func newVariable(s string) (part, bool) {
	switch s {
	case "*", "?", "$":
		return part{text: s, literal: true}, true
	}
	key, def, has := strings.Cut(s, ",")
	key = strings.TrimSpace(key)
	if key == "" {
		return part{}, false
	}
	p := part{key: strings.ToLower(key), name: key, text: "${" + s + "}"}
	if !has {
		return p, true
	}
	def = strings.TrimSpace(def)
	if len(def) < 2 || def[0] != '\'' || def[len(def)-1] != '\'' {
		return part{}, false
	}
	p.fallback, p.hasDefault = def[1:len(def)-1], true
	return p, true
}

// expand fills in the variables. With wild, '*' and '?' of the policy text are
// wildcards; substituted text never is (E69). The result is usable when state
// is Present; Absent means that a variable has no value and no default (E72),
// Open that a variable is open; open then names its key as written.
func (t *template) expand(ctx Context, wild bool) (g arn.Glob, state State, open string) {
	if t.parts == nil {
		return plain(t.text, wild), Present, ""
	}
	var b strings.Builder
	state = Present
	for i := range t.parts {
		p := &t.parts[i]
		switch {
		case p.literal:
			b.WriteString(string(arn.Literal(p.text)))
		case p.key == "":
			b.WriteString(string(plain(p.text, wild)))
		default:
			switch v := ctx.Value(p.key); {
			case v.State == Open && !Multivalued(p.key):
				if state == Present {
					state, open = Open, p.name
				}
			case v.State == Present && !v.Multi:
				b.WriteString(string(arn.Literal(v.One)))
			case p.hasDefault:
				b.WriteString(string(arn.Literal(p.fallback)))
			default: // absent, or a list (E68)
				return "", Absent, ""
			}
		}
	}
	return arn.Glob(b.String()), state, open
}

func plain(text string, wild bool) arn.Glob {
	if wild {
		return arn.NewGlob(text)
	}
	return arn.Literal(text)
}

// variables reports whether the template needs a context.
func (t *template) variables() bool {
	for i := range t.parts {
		if t.parts[i].key != "" {
			return true
		}
	}
	return false
}

// keys lists the keys of the variables, in lower case.
func (t *template) keys() (out []string) {
	for i := range t.parts {
		if k := t.parts[i].key; k != "" {
			out = append(out, k)
		}
	}
	return out
}

// partly prints the template with the known variables filled in and the open
// ones left as they are, as a policy would write it.
func (t *template) partly(ctx Context) string {
	if t.parts == nil {
		return strings.ReplaceAll(t.text, "${", "${$}{")
	}
	var b strings.Builder
	for i := range t.parts {
		p := &t.parts[i]
		switch {
		case p.literal:
			b.WriteString(escape(p.text))
		case p.key == "":
			b.WriteString(p.text)
		default:
			v := ctx.Value(p.key)
			switch {
			case v.State == Present && !v.Multi:
				b.WriteString(escape(v.One))
			case v.State == Absent && p.hasDefault:
				b.WriteString(escape(p.fallback))
			default:
				b.WriteString(p.text)
			}
		}
	}
	return b.String()
}

var escaper = strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}")

// escape writes text so that a policy of version 2012-10-17 takes it literally.
func escape(text string) string { return escaper.Replace(text) }
