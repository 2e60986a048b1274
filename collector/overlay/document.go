package overlay

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// Text returns a document that was given as a text.
func Text(document string) jsontext.Value {
	b, err := jsontext.AppendQuote(nil, document)
	if err != nil {
		return Unknown("the policy document is not valid UTF-8 text")
	}
	return b
}

// Unknown returns a document in place of one that is there, but whose content
// is not known yet, and why. Answers treat it as one that can't be read: it may
// allow and deny anything.
func Unknown(why string) jsontext.Value { return snapshot.UnknownDocument(why) }

// sameDocument reports whether two documents differ in no more than how they
// are written down.
func sameDocument(a, b jsontext.Value) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, ok := canonical(a)
	y, also := canonical(b)
	return ok && also && bytes.Equal(x, y)
}

func canonical(raw jsontext.Value) (jsontext.Value, bool) {
	text, why := snapshot.DocumentText(raw)
	if why != "" {
		return nil, false
	}
	v := jsontext.Value(bytes.Clone(text))
	return v, v.Canonicalize() == nil
}

// same reports whether two values are written down alike.
func same(a, b any) bool {
	x, err := json.Marshal(a, json.Deterministic(true))
	if err != nil {
		return false
	}
	y, err := json.Marshal(b, json.Deterministic(true))
	return err == nil && bytes.Equal(x, y)
}

// sameFact compares facts; alone, none and not read are written down alike.
func sameFact[T any](a, b snapshot.Fact[T]) bool { return a.Known == b.Known && same(a, b) }
