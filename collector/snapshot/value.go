package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// TagsOf writes tags as an object, sorted by key; no tags are {}.
func TagsOf(m map[string]string) Tags {
	b, err := json.Marshal(m, json.Deterministic(true))
	if err != nil { // only text that is not UTF-8, which AWS does not let in
		b, _ = json.Marshal(m, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	}
	return b
}

// A tag is an entry of a list of tags as AWS writes it. Some services write
// the names in lower case.
type tag struct {
	Key   *string `json:"Key,case:ignore"`
	Value string  `json:"Value,case:ignore"`
}

// ReadTags reads either form of tags; nil and null are no tags.
func ReadTags(raw Tags) (map[string]string, error) {
	switch raw.Kind() {
	case jsontext.KindInvalid, jsontext.KindNull:
		return nil, nil
	case jsontext.KindBeginObject:
		var m map[string]string
		if json.Unmarshal(raw, &m) != nil {
			return nil, errors.New(`tags are texts, such as {"env": "prod"}`)
		}
		return m, nil
	case jsontext.KindBeginArray:
		var list []tag
		if json.Unmarshal(raw, &list) != nil {
			return nil, errors.New(`a list of tags holds objects such as {"Key": "env", "Value": "prod"}`)
		}
		m := make(map[string]string, len(list))
		for _, t := range list {
			if t.Key == nil {
				return nil, errors.New("a tag has no Key")
			}
			if _, twice := m[*t.Key]; twice {
				return nil, fmt.Errorf("the tag %s stands twice", quote(*t.Key))
			}
			m[*t.Key] = t.Value
		}
		return m, nil
	}
	return nil, errors.New(`tags are an object such as {"env": "prod"} or a list of {"Key": …, "Value": …}`)
}

// A tagReader reads tags, equal ones once: checks read them first, and what
// one tool made has the same tags. The maps are shared and must not be changed.
type tagReader struct {
	known map[string]map[string]string // by JSON
	more  *quickReader                 // for the tags of all accounts, or nil
}

func newTagReader(more *quickReader) *tagReader {
	return &tagReader{known: make(map[string]map[string]string), more: more}
}

func (t *tagReader) read(raw Tags) (map[string]string, error) {
	if t == nil {
		return ReadTags(raw)
	}
	if m, ok := t.known[string(raw)]; ok {
		return m, nil
	}
	m, ok := t.more.tags(raw)
	if !ok {
		var err error
		if m, err = ReadTags(raw); err != nil {
			return nil, err
		}
	}
	t.known[string(raw)] = m
	return m, nil
}

// layouts are the forms in which AWS's tools print times.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", time.DateOnly}

// readTime reads a time; "" is the zero time.
func readTime(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// timeOf is readTime for times that have been checked.
func timeOf(s string) time.Time {
	t, _ := readTime(s)
	return t
}

// sortedBy returns a sorted copy; the order of equal keys is kept.
func sortedBy[T any](list []T, key func(T) string) []T {
	if list == nil {
		return nil
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}
