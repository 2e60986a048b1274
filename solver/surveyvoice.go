package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// A voice is what the policies of a crowd, and those of the organization above
// it, say of a target: equal keys for the same.
type voice struct {
	key     string
	allows  bool // some Allow of its own may cover the target
	apart   bool // something could not be read
	uniform bool // it says the same of all targets of the service
	session bool // some of it reads what depends on how a session was made
}

// A crowdKey identifies a crowd as targets of a service hear it.
type crowdKey struct {
	cr      *crowd
	service string
}

// A spokenKey identifies a document as targets of a service hear it whose
// statements cover everything or nothing.
type spokenKey struct {
	doc     *policy.Document
	service string
}

// voiceOf returns what bears on a crowd's requests on a target.
func (w *walker) voiceOf(t *surveyTarget, cr *crowd) (v voice) {
	id := crowdKey{cr, t.service}
	plain := t.key == nil && t.behind == nil
	if known := w.crowds[id]; plain && known != nil {
		return *known
	}
	uniform := true
	services := map[string]bool{t.service: true}
	if t.key != nil {
		services["kms"] = true
	}
	b := make([]byte, 0, 128)
	add := func(doc *policy.Document, own bool) {
		d := w.document(t, doc)
		uniform = uniform && d.uniform
		b = append(append(b, d.key...), 0xfe)
		v.apart, v.session = v.apart || d.apart, v.session || d.session
		v.allows = v.allows || own && d.allows
	}
	if cr.speaksOf(services) {
		for i, c := range cr.policies {
			add(c.doc, true)
			if j := cr.twice(i); j < i {
				b = append(b, 'd', byte(j))
			}
		}
	}
	if cr.boundary != nil {
		b = append(b, 0xfd, 'b')
		add(cr.boundary, false)
	}
	b = append(b, 0xfd)
	w.sv.s.eachSCP(cr.account, func(doc *policy.Document) { add(doc, false) })
	for i := range w.sv.s.endpoints { // which conditions may ask for (E135)
		for _, src := range w.sv.s.endpoints[i].Policies {
			add(src.Doc, false)
		}
	}
	v.key = w.sv.number(b)
	if plain && uniform {
		w.crowds[id] = &v
	}
	return v
}

// document returns what one document says of a target.
func (w *walker) document(t *surveyTarget, doc *policy.Document) voice {
	id := spokenKey{doc, t.service}
	if t.key == nil {
		if v, ok := w.spoken[id]; ok {
			return v
		}
	}
	v := voice{apart: len(doc.Faults) > 0 && doc.Damaged()}
	var b []byte
	uniform := true
	for _, st := range doc.Statements {
		if st.Broken {
			continue
		}
		if !t.isSpokenOf(st) {
			continue
		}
		uniform = uniform && allOrNothing(st)
		at := len(b)
		own, heard := false, false
		if b, own, heard = t.appendHeard(append(b, w.sv.says(doc, st)...), st); !heard {
			b = b[:at]
			continue
		}
		v.allows = v.allows || own && st.Effect == policy.Allow
		b = t.appendRead(b, st)
		v.session = v.session || readsSession(st)
	}
	v.key = string(b)
	if v.uniform = uniform; uniform && t.key == nil && t.behind == nil {
		w.spoken[id] = v
	}
	return v
}

// isSpokenOf reports whether a statement may speak about calls on the target, or
// about what they ask of its key.
func (t *surveyTarget) isSpokenOf(st *policy.Statement) bool {
	return speaksTo(st, t.service) || t.key != nil && speaksTo(st, "kms")
}

// appendHeard writes how a statement covers the target, the bucket behind it and
// its key. own says that it may cover one of the first two, heard any of them.
func (t *surveyTarget) appendHeard(b []byte, st *policy.Statement) (out []byte, own, heard bool) {
	if speaksTo(st, t.service) {
		b, own = t.appendCover(b, st)
		if t.behind != nil {
			more := false
			b, more = t.behind.appendCover(append(b, 'h'), st)
			own = own || more
		}
	}
	heard = own
	if t.key != nil && speaksTo(st, "kms") {
		more := false
		b, more = t.key.appendCover(append(b, 'k'), st)
		heard = heard || more
	}
	return b, own, heard
}

// speaksTo reports whether a statement may speak about actions of a service.
func speaksTo(st *policy.Statement, service string) bool {
	if st.NotAction {
		return true
	}
	for i := range st.Actions {
		if a := &st.Actions[i]; a.All() || a.Service() == service {
			return true
		}
	}
	return false
}

// allOrNothing reports whether a statement speaks about all resources alike.
func allOrNothing(st *policy.Statement) bool {
	if st.NotResource || reads(st, func(key string) bool {
		return strings.Contains(key, "resource") || strings.HasPrefix(key, "s3:buckettag/") || strings.HasPrefix(key, "kms:encryptioncontext")
	}) {
		return false
	}
	for i := range st.Resources {
		if st.Resources[i].Text != "*" {
			return false
		}
	}
	return true
}

// appendCover writes how a statement covers a target and what lies inside of it;
// any says that it may cover some of it.
func (t *surveyTarget) appendCover(b []byte, st *policy.Statement) (out []byte, any bool) {
	if len(st.Resources) == 0 || st.NotResource {
		any = true
	}
	for i := range st.Resources {
		r := &st.Resources[i]
		dynamic := len(r.Variables()) > 0
		p := wide(r)
		for j := range t.asks {
			a := &t.asks[j]
			if !a.mayBeIn(p) {
				if st.NotResource {
					b = append(b, '-')
				}
				continue
			}
			any = true
			b = append(b, byte('0'+j))
			switch {
			case dynamic:
				b = append(append(append(b, 'v'), r.Text...), t.text...)
			case a.literal:
				b = append(b, 'l', byte(p.Match(a.text)))
			case p.All(), arn.Covers(p.Glob(), a.glob) && !(wildHead(r.Text) && runsOn(p, a.text)):
				b = append(b, 'w')
			case strings.HasPrefix(r.Text, t.text):
				b = append(append(b, 'p'), r.Text[len(t.text):]...)
			case wildHead(r.Text) && runsOn(p, a.text):
				b = append(append(append(b, 'r'), r.Text...), t.text...)
			default: // what it leaves of the pattern behind the target's name
				b = append(b, 'a')
				for _, g := range p.Glob().After(strings.TrimSuffix(a.text, "*")) {
					b = append(append(b, g...), 0)
				}
			}
			b = append(b, 0)
		}
	}
	return b, any
}
