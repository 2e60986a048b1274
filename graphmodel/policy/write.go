package policy

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON writes the document in canonical form: elements in a fixed order, one
// value bare and several as a list, statements always a list. Reading it back
// gives a document that decides alike. It fails only for documents that could
// not be read.
func (d *Document) JSON() ([]byte, error) {
	var b bytes.Buffer
	w := &writer{enc: jsontext.NewEncoder(&b)}
	w.token(jsontext.BeginObject)
	w.optional("Version", d.Version)
	w.optional("Id", d.ID)
	w.text("Statement")
	w.token(jsontext.BeginArray)
	for _, s := range d.Statements {
		w.statement(s)
	}
	w.token(jsontext.EndArray)
	w.token(jsontext.EndObject)
	return bytes.TrimSpace(b.Bytes()), w.err
}

// writer keeps the first error, so that the writing reads like the document.
type writer struct {
	enc *jsontext.Encoder
	err error
}

func (w *writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.enc.WriteToken(t)
	}
}

func (w *writer) text(s string) { w.token(jsontext.String(s)) }

func (w *writer) optional(name, s string) {
	if s != "" {
		w.text(name)
		w.text(s)
	}
}

func (w *writer) statement(s *Statement) {
	w.token(jsontext.BeginObject)
	w.optional("Sid", s.Sid)
	if s.Effect != EffectInvalid {
		w.optional("Effect", s.Effect.String())
	}
	w.principals(s)
	if len(s.Actions) > 0 {
		w.text(not("Action", s.NotAction))
		w.list(len(s.Actions), func(i int) string { return s.Actions[i].Text })
	}
	if len(s.Resources) > 0 {
		w.text(not("Resource", s.NotResource))
		w.list(len(s.Resources), func(i int) string { return s.Resources[i].Text })
	}
	if len(s.Conditions) > 0 {
		w.text("Condition")
		w.conditions(s.Conditions)
	}
	w.token(jsontext.EndObject)
}

func not(name string, negated bool) string {
	if negated {
		return "Not" + name
	}
	return name
}

func (w *writer) principals(s *Statement) {
	if !s.HasPrincipal {
		return
	}
	w.text(not("Principal", s.NotPrincipal))
	if len(s.Principals) == 1 && s.Principals[0].Type == "" {
		w.text("*")
		return
	}
	w.token(jsontext.BeginObject)
	for _, kind := range []string{"AWS", "Service", "Federated", "CanonicalUser"} {
		var texts []string
		for _, p := range s.Principals {
			if p.Type == kind {
				texts = append(texts, p.Text)
			}
		}
		if len(texts) > 0 {
			w.text(kind)
			w.list(len(texts), func(i int) string { return texts[i] })
		}
	}
	w.token(jsontext.EndObject)
}

// conditions writes operator blocks; conditions of one operator stand together.
func (w *writer) conditions(list []Condition) {
	w.token(jsontext.BeginObject)
	done := make([]bool, len(list))
	for i := range list {
		if done[i] {
			continue
		}
		op := list[i].Operator
		w.text(op.String())
		w.token(jsontext.BeginObject)
		for k := i; k < len(list); k++ {
			if list[k].Operator == op && !done[k] {
				done[k] = true
				w.text(list[k].Key)
				w.list(len(list[k].Values), func(i int) string { return list[k].Values[i] })
			}
		}
		w.token(jsontext.EndObject)
	}
	w.token(jsontext.EndObject)
}

func (w *writer) list(n int, at func(int) string) {
	if n == 1 {
		w.text(at(0))
		return
	}
	w.token(jsontext.BeginArray)
	for i := range n {
		w.text(at(i))
	}
	w.token(jsontext.EndArray)
}
