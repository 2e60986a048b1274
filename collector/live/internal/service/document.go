package service

import (
	"errors"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// joinable is a policy document with nothing in it but what can be joined.
type joinable struct {
	Version   *string        `json:"Version"`
	ID        jsontext.Value `json:"Id"` // without meaning for decisions
	Statement jsontext.Value `json:"Statement"`
	Rest      jsontext.Value `json:",embed"`
}

// labelled is a statement and its label.
type labelled struct {
	Sid  *string        `json:"Sid"`
	Rest jsontext.Value `json:",embed"`
}

// joinDocuments makes one document of several that hold for one resource
// together: their statements one after the other. That says the same, since no
// statement depends on its neighbours, as long as all documents have the same
// version, which decides about policy variables. A label that stands twice is
// left off the second time: it decides nothing, and one document must not hold it
// twice. Documents come in any order and go out in one.
//
// Without any text the value is nil; one text alone is kept as it is.
func joinDocuments(texts []string) (jsontext.Value, error) {
	switch len(texts) {
	case 0:
		return nil, nil
	case 1:
		return Document(texts[0]), nil
	}
	texts = slices.Sorted(slices.Values(texts))
	joined := struct {
		Version   *string          `json:"Version,omitzero"`
		Statement []jsontext.Value `json:"Statement"`
	}{}
	seen := make(map[string]bool)
	for i, text := range texts {
		var d joinable
		if err := json.Unmarshal([]byte(text), &d); err != nil || d.Statement == nil || d.Rest != nil {
			return nil, errors.New("one of several documents could not be understood")
		}
		if i == 0 {
			joined.Version = d.Version
		}
		if version(d.Version) != version(joined.Version) {
			return nil, errors.New("several documents have different versions")
		}
		statements, err := statementsOf(d.Statement, seen)
		if err != nil {
			return nil, err
		}
		joined.Statement = append(joined.Statement, statements...)
	}
	return json.Marshal(joined)
}

// version returns the version of a document; without one it is the older.
func version(v *string) string {
	if v == nil {
		return "2008-10-17"
	}
	return *v
}

// statementsOf lists the statements of a document, which may be one without a
// list, without labels that were seen.
func statementsOf(raw jsontext.Value, seen map[string]bool) ([]jsontext.Value, error) {
	list := []jsontext.Value{raw}
	if raw.Kind() == jsontext.KindBeginArray {
		list = nil
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
	}
	for i, s := range list {
		var l labelled
		if err := json.Unmarshal(s, &l); err != nil {
			return nil, errors.New("a statement of several documents could not be understood")
		}
		switch {
		case l.Sid == nil:
		case seen[*l.Sid]:
			list[i] = l.Rest
		default:
			seen[*l.Sid] = true
		}
	}
	return list, nil
}
