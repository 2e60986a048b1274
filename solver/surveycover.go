package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// A coverage says how far a statement covers what is asked about.
type coverage uint8

const (
	coversNothing coverage = iota
	coversSome             // as its text says
	coversUnsure           // so, and that is not known of all calls, or AWS leaves it unclear
	coversAll
)

// cover writes how a statement covers one of the ARNs that are asked about the
// target. Callers append nothing when it is all or nothing.
func (t *surveyTarget) cover(b []byte, st *policy.Statement, a *asked) ([]byte, coverage) {
	if len(st.Resources) == 0 {
		if st.NotResource {
			return b, coversNothing
		}
		return b, coversAll
	}
	if st.NotResource && slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return len(r.Variables()) > 0 }) {
		b = append(append(b, 'V'), t.text...) // where a variable has no value it says nothing (E73)
		for i := range st.Resources {
			b = append(append(b, 0), st.Resources[i].Text...)
		}
		return b, coversUnsure
	}
	covers := coversSome
	var codes [][]byte
	for i := range st.Resources {
		code, all := t.coverBy(&st.Resources[i], a)
		switch {
		case all && !st.NotResource:
			return b, coversAll
		case all:
			return b, coversNothing
		case code != nil:
			codes = append(codes, code)
			if strings.IndexByte("lrv", code[0]) >= 0 {
				covers = coversUnsure
			}
		}
	}
	if len(codes) == 0 {
		if st.NotResource {
			return b, coversAll
		}
		return b, coversNothing
	}
	if len(codes) > 1 {
		slices.SortFunc(codes, slices.Compare)
	}
	b = appendBit(b, st.NotResource)
	for _, c := range codes {
		b = append(append(b, c...), 0)
	}
	return b, covers
}

// coverRow writes how a statement covers one of the ARNs that are asked about the
// target and, through an access point, what stands for it behind.
func (t *surveyTarget) coverRow(b []byte, st *policy.Statement, j int) ([]byte, coverage) {
	if t.behind == nil {
		return t.cover(b, st, &t.asks[j])
	}
	at := len(b)
	b, front := t.cover(append(b, 0), st, &t.asks[j])
	b[at] = byte('0' + front)
	at = len(b)
	b, back := t.behind.cover(append(b, 0), st, &t.behind.asks[j])
	b[at] = byte('0' + back)
	if front == back && (front == coversAll || front == coversNothing) {
		return b, front
	}
	return b, coversUnsure
}

// coverBy writes how one pattern covers an ARN: nil when it does not, all when it
// covers everything for certain.
func (t *surveyTarget) coverBy(r *policy.ResourcePattern, a *asked) (code []byte, all bool) {
	if r.Text == "*" || r.Text == a.text {
		return nil, true
	}
	if code, all, ok := t.coverPlain(r, a); ok {
		return code, all
	}
	p := wide(r)
	if !a.mayBeIn(p) {
		return nil, false
	}
	switch {
	case len(r.Variables()) > 0:
		code = append(append(append(code, 'v'), r.Text...), t.text...)
	case a.literal:
		if fit := p.Match(a.text); fit != arn.Exact {
			return append(append(code, 'l', byte(fit)), t.text...), false
		}
		return nil, true
	case wildHead(r.Text) && runsOn(p, a.text):
		code = append(append(append(code, 'r'), r.Text...), t.text...)
	case p.All(), arn.Covers(p.Glob(), a.glob):
		return nil, true
	case strings.HasPrefix(r.Text, t.text):
		code = append(append(code, 'p'), r.Text[len(t.text):]...)
	default: // what it leaves of the pattern behind the target's name
		code = append(code, 'a')
		for _, g := range p.Glob().After(strings.TrimSuffix(a.text, "*")) {
			code = append(append(code, g...), 0)
		}
	}
	return code, false
}

// coverPlain is coverBy for a whole ARN without wildcards, or with one at its end,
// which most patterns are. ok is false for others.
func (t *surveyTarget) coverPlain(r *policy.ResourcePattern, a *asked) (code []byte, all, ok bool) {
	at := strings.IndexAny(r.Text, "*?$")
	open := at == len(r.Text)-1 && r.Text[at] == '*'
	if at >= 0 && !open || !strings.HasPrefix(r.Text, "arn:") {
		return nil, false, false
	}
	prefix := strings.TrimSuffix(r.Text, "*")
	if strings.Count(prefix, ":") < 5 {
		return nil, false, false
	}
	if a.literal {
		return nil, open && strings.HasPrefix(a.text, prefix), true // equal ones were seen before
	}
	inside := strings.TrimSuffix(a.text, "*")
	switch {
	case open && strings.HasPrefix(inside, prefix):
		return nil, true, true
	case strings.HasPrefix(prefix, inside):
		return append([]byte{'p'}, r.Text[len(t.text):]...), false, true
	}
	return nil, false, true
}
