package policy

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// A ResourcePattern is an entry of a Resource or NotResource element.
type ResourcePattern struct {
	Text string

	static   arn.Pattern // when there is no variable
	parts    []part      // of the sixth field as a template
	dynamic  bool
	complete bool // fill up short ARNs (E37)
	refused  bool // a fault tells already that it is too short
}

// newResourcePattern compiles text. Variables are special in the sixth field
// only (E41).
func newResourcePattern(text string, kind Kind, variables bool) (ResourcePattern, bool) {
	text = unabbreviated(text, kind)
	// STS refuses session policies with short ARNs, so how one reads can't be
	// seen; IAM's own reading is the likeliest.
	r := ResourcePattern{Text: text, complete: kind.completesARNs() || kind == Session}
	prefix, tail := cutFields(text)
	t, ok := template{text: tail}, true
	if prefix != "" {
		t, ok = newTemplate(tail, variables)
	}
	r.parts, r.dynamic = t.parts, t.variables()
	switch {
	case r.dynamic:
	case r.parts == nil:
		r.static = arn.NewPattern(arn.NewGlob(text), r.complete)
	default:
		g, _, _ := t.expand(nil, true)
		r.static = arn.NewPattern(arn.NewGlob(prefix)+g, r.complete)
	}
	return r, ok
}

// ofThisAPI begins what policies of APIs may write for the ARN of their own API.
const ofThisAPI = "execute-api:/"

// unabbreviated writes out what API Gateway does when it saves the policy of an API: the
// rest is stage, method and path. Such a policy speaks about its API alone (E42). Source:
// API Gateway developer guide, "Access policy language overview", 2026 crawl.
func unabbreviated(text string, kind Kind) string {
	if rest, ok := strings.CutPrefix(text, ofThisAPI); ok && kind == Resource {
		return "arn:*:execute-api:*:*:*/" + rest
	}
	return text
}

// halves returns the first five fields, with their colons, and the sixth.
func (r *ResourcePattern) halves() (prefix string, tail template) {
	prefix, tail.text = cutFields(r.Text)
	tail.parts = r.parts
	return prefix, tail
}

// NewResourcePattern compiles text as it would be read in a document of the
// given kind and version; it is the parser's own way in, for tests and tools
// that hold a bare pattern.
func NewResourcePattern(text string, kind Kind, version string) ResourcePattern {
	r, _ := newResourcePattern(text, kind, version == Version2012)
	return r
}

// RefusedResource reports whether AWS Organizations refuses to save a policy
// of the given kind because of a short ARN: a resource control policy needs
// all six fields, a service control policy may leave some out behind a '*'.
// A document that holds one all the same is read as E37 says, so that no Deny
// is overlooked.
func RefusedResource(text string, kind Kind) bool {
	if text == "*" || strings.Count(text, ":") >= 5 {
		return false
	}
	return kind == RCP || kind == SCP && !strings.HasSuffix(text, "*")
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
// names the key, as written.
func (r *ResourcePattern) Expand(ctx Context) (p arn.Pattern, state State, open string) {
	if !r.dynamic {
		return r.static, Present, ""
	}
	prefix, tail := r.halves()
	g, state, open := tail.expand(ctx, true)
	if state != Present {
		return arn.Pattern{}, state, open
	}
	return arn.NewPattern(arn.NewGlob(prefix)+g, r.complete), Present, ""
}

// Partly returns the text of r with the variables filled in that ctx knows, as
// version 2012-10-17 reads it.
func (r *ResourcePattern) Partly(ctx Context) string {
	prefix, tail := r.halves()
	return prefix + tail.partly(ctx)
}

// Wide returns a pattern that covers whatever r does: open variables stand for
// anything.
func (r *ResourcePattern) Wide(ctx Context) arn.Pattern {
	g := arn.Glob("")
	for i := range r.parts {
		p := &r.parts[i]
		one := template{text: p.text, parts: []part{*p}}
		if part, state, _ := one.expand(ctx, true); state == Present {
			g += part
			continue
		}
		g += arn.NewGlob("*")
	}
	prefix, _ := cutFields(r.Text)
	return arn.NewPattern(arn.NewGlob(prefix)+g, r.complete)
}

// Variables lists the keys of the variables in r, in lower case.
func (r *ResourcePattern) Variables() []string { return (&template{parts: r.parts}).keys() }

// maxOpenValues bounds the values that an open variable is asked for.
const maxOpenValues = 64

// OpenCondition returns the condition on the one open variable of r under
// which r covers resource, when it can be written as one: the variable stands
// once, and few of its values will do. fit is NoFit when no value of the
// variable makes r cover resource, and RunOn when some do only because a '*'
// runs on past a colon (E35).
func (r *ResourcePattern) OpenCondition(ctx Context, resource string) (c Condition, fit arn.Fit, ok bool) {
	var tails []string
	tails, fit = r.tailsOf(resource)
	if fit == arn.NoFit {
		return c, fit, true
	}
	before, after, key, ok := (&template{parts: r.parts}).around(ctx)
	if !ok {
		if r.Wide(ctx).Match(resource) == arn.NoFit {
			return c, arn.NoFit, true
		}
		return c, fit, false
	}
	var values []string
	for i, tail := range tails {
		found, few := between(before, after, tail)
		if !few {
			return c, fit, false
		}
		for _, v := range found {
			if v = escape(v); !slices.Contains(values, v) {
				values = append(values, v)
			}
			if i > 0 {
				fit = arn.RunOn
			}
		}
	}
	if len(values) == 0 {
		return c, arn.NoFit, true
	}
	return NewCondition("StringEquals", key, values), fit, true
}

// between lists the texts that can stand in text between what two patterns
// cover; few is false when there are too many.
func between(before, after arn.Glob, text string) (values []string, few bool) {
	if len(text) > 4*maxOpenValues && before.HasWildcard() {
		return nil, false // the work is quadratic
	}
	for i := range len(text) + 1 {
		if !before.Match(text[:i]) {
			continue
		}
		for j := i; j <= len(text); j++ {
			if !after.Match(text[j:]) {
				continue
			}
			if values = append(values, text[i:j]); len(values) > maxOpenValues {
				return nil, false
			}
		}
	}
	return values, true
}

// tailsOf lists what the sixth field of r has to cover for r to cover resource:
// first the sixth field of resource, if the fields before it fit, then what is
// left when a '*' runs on past a colon. fit is that of the first.
func (r *ResourcePattern) tailsOf(resource string) (tails []string, fit arn.Fit) {
	first, _ := cutFields(r.Text)
	head := arn.NewPattern(arn.NewGlob(first+"x"), false)
	for prefix, tail := cutFields(resource); prefix != ""; {
		if f := head.Match(prefix + "x"); f != arn.NoFit {
			if tails = append(tails, tail); len(tails) == 1 {
				fit = f
			}
		}
		i := strings.IndexByte(tail, ':')
		if i < 0 {
			break
		}
		prefix, tail = prefix+tail[:i+1], tail[i+1:]
	}
	return tails, fit
}

// around splits a template at its only open variable; ok is false when there
// are several.
func (t *template) around(ctx Context) (before, after arn.Glob, key string, ok bool) {
	var rest arn.Glob
	for i := range t.parts {
		p := &t.parts[i]
		if p.key != "" && ctx.Value(p.key).State == Open {
			if key != "" || p.hasDefault {
				return "", "", "", false
			}
			key, before, rest = p.name, rest, ""
			continue
		}
		one := template{text: p.text, parts: []part{*p}}
		g, state, _ := one.expand(ctx, true)
		if state != Present {
			return "", "", "", false
		}
		rest += g
	}
	return before, rest, key, key != ""
}
