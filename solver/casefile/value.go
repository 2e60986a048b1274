package casefile

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/policy"
)

// values are condition keys with what a line says about them.
type values map[string]jsontext.Value

// contextValues reads the context: a text, number or boolean is a single
// value, a list a multivalued one, null certain absence.
func contextValues(in values) (map[string]policy.Value, error) {
	out := make(map[string]policy.Value, len(in)+1)
	for k, raw := range in {
		key := strings.ToLower(k)
		v, err := contextValue(key, raw)
		if err != nil {
			return nil, fmt.Errorf("context %q: %w", k, err)
		}
		out[key] = v
	}
	return out, nil
}

// contextValue reads the value of a key given in lower case.
func contextValue(key string, raw jsontext.Value) (policy.Value, error) {
	switch {
	case !there(raw):
		return policy.Value{}, nil
	case raw.Kind() == '[' || policy.Multivalued(key):
		list, err := textList(raw)
		return policy.List(list), err
	}
	s, err := text(raw)
	return policy.Single(s), err
}

// textList reads a list of texts, or a bare one.
func textList(raw jsontext.Value) ([]string, error) {
	switch {
	case !there(raw):
		return nil, nil
	case raw.Kind() != '[':
		s, err := text(raw)
		return []string{s}, err
	}
	var list []jsontext.Value
	if err := json.Unmarshal(raw, &list, lenient); err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, v := range list {
		s, err := text(v)
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

// text reads a text, number or boolean as its text (E7).
func text(raw jsontext.Value) (string, error) {
	switch raw.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, raw)
		return string(b), err
	case '0', 't', 'f':
		return string(raw), nil
	}
	return "", fmt.Errorf("a text, number or boolean is expected, not %s", nameOf(raw.Kind()))
}

// there reports whether a field was given, and not as null.
func there(raw jsontext.Value) bool { return raw.Kind() != 0 && raw.Kind() != 'n' }

// nameOf names a kind of value.
func nameOf(kind jsontext.Kind) string {
	switch kind {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "nothing"
}
