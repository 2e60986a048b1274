package policy

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// A ResourcePattern is an entry of a Resource or NotResource element.
type ResourcePattern struct {
	Text string

	static   arn.Pattern // when there is no variable
	prefix   string      // the first five fields, with their colons
	tail     template    // the sixth field
	dynamic  bool
	complete bool // fill up short ARNs (E37)
	at       int  // offset in the document
	index    int  // in the list, or -1
	refused  bool // a fault tells already that it is too short
}

// newResourcePattern compiles text. Variables are special in the sixth field
// only (E41).
func newResourcePattern(text string, kind Kind, variables bool) (ResourcePattern, bool) {
	r := ResourcePattern{Text: text, complete: kind.completesARNs()}
	r.prefix, r.tail.text = cutFields(text)
	ok := true
	if r.prefix != "" {
		r.tail, ok = newTemplate(r.tail.text, variables)
	}
	r.dynamic = r.tail.variables()
	if !r.dynamic {
		g, _, _ := r.tail.expand(nil, true)
		r.static = arn.NewPattern(arn.NewGlob(r.prefix)+g, r.complete)
	}
	return r, ok
}

// NewResourcePattern compiles text as it would be read in a document of the
// given kind and version; it is the parser's own way in, for tests and tools
// that hold a bare pattern.
func NewResourcePattern(text string, kind Kind, version string) ResourcePattern {
	r, _ := newResourcePattern(text, kind, version == Version2012)
	return r
}

// cutFields splits text behind its fifth colon; prefix is "" when there is none.
func cutFields(text string) (prefix, tail string) {
	at := 0
	for range 5 {
		i := strings.IndexByte(text[at:], ':')
		if i < 0 {
			return "", text
		}
		at += i + 1
	}
	return text[:at], text[at:]
}

// Expand returns the pattern with its variables filled in. state is Absent
// when a variable has no value (E72, E73), Open when one is open; open then
// names the key.
func (r *ResourcePattern) Expand(ctx Context) (p arn.Pattern, state State, open string) {
	if !r.dynamic {
		return r.static, Present, ""
	}
	g, state, open := r.tail.expand(ctx, true)
	if state != Present {
		return arn.Pattern{}, state, open
	}
	return arn.NewPattern(arn.NewGlob(r.prefix)+g, r.complete), Present, ""
}

// OpenCondition returns the condition on the one open variable of r under
// which r covers resource, when it can be written as one: the variable stands
// once and the rest of the sixth field has no wildcard. possible is false when
// no value of the variable makes r cover resource.
func (r *ResourcePattern) OpenCondition(ctx Context, resource string) (c Condition, possible, ok bool) {
	prefix, tail := cutFields(resource)
	if prefix == "" {
		return c, false, true
	}
	if arn.NewPattern(arn.NewGlob(r.prefix+"*"), false).Match(prefix+"x") != arn.Exact {
		return c, false, true
	}
	before, after, key, ok := r.tail.around(ctx)
	if !ok {
		return c, true, false
	}
	if len(tail) < len(before)+len(after) || !strings.HasPrefix(tail, before) || !strings.HasSuffix(tail, after) {
		return c, false, true
	}
	value := tail[len(before) : len(tail)-len(after)]
	return NewCondition("StringEquals", key, []string{escape(value)}), true, true
}

// around splits a template at its only open variable; ok is false when there
// are several or the known text holds wildcards.
func (t *template) around(ctx Context) (before, after, key string, ok bool) {
	var b strings.Builder
	for i := range t.parts {
		p := &t.parts[i]
		if p.key != "" && ctx.Value(p.key).State == Open {
			if key != "" || p.hasDefault {
				return "", "", "", false
			}
			key, before = p.key, b.String()
			b.Reset()
			continue
		}
		one := template{text: p.text, parts: []part{*p}}
		g, state, _ := one.expand(ctx, true)
		if state != Present || g.HasWildcard() {
			return "", "", "", false
		}
		b.WriteString(string(g))
	}
	return before, b.String(), key, key != ""
}
