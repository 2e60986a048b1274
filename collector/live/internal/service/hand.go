package service

import (
	"context"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// The functions in this file are for services that are called without a client
// of the SDK. Types of answers hold the few members that are kept, so that
// nothing else of an answer ever reaches a snapshot.

// params are the members of a request of the JSON protocol.
type params map[string]any

// then adds a member unless it is empty, such as the token of the next page.
func (p params) then(name, value string) params {
	if value != "" {
		p[name] = value
	}
	return p
}

// queryOf makes the query of a request; empty values are left out.
func queryOf(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// json calls an operation of the JSON protocol.
func (u *Unit) json(ctx context.Context, api call.JSONAPI, operation string, in params, out any) error {
	return u.Login.JSON(ctx, u.Region, api, operation, in, out)
}

// get calls an operation of the REST protocol that is a GET.
func (u *Unit) get(ctx context.Context, api call.JSONAPI, operation, path string, query url.Values, out any) error {
	return u.Login.REST(ctx, u.Region, api, operation, call.Request{Path: path, Query: query}, out)
}

// query calls an operation of the Query protocol.
func (u *Unit) query(ctx context.Context, api call.API, operation string, in url.Values, out any) error {
	return u.Login.Query(ctx, u.Region, api, operation, in, out)
}

// merged makes the fact of one policy from the texts of all that hang on a
// resource; empty ones do not count. Where one document cannot say exactly what
// they say together, the fact is not known, and noted.
func (u *Unit) merged(what string, texts []string) snapshot.Fact[jsontext.Value] {
	doc, err := joinDocuments(slices.DeleteFunc(texts, func(text string) bool { return text == "" }))
	switch {
	case err != nil:
		u.Note(what+" policy", err.Error())
		return snapshot.Fact[jsontext.Value]{}
	case doc == nil:
		return snapshot.None[jsontext.Value]()
	}
	return snapshot.Have(doc)
}

// A tag is one of a list of tags, in capital or small letters.
type tag struct {
	Key   string `json:"Key,case:ignore"`
	Value string `json:"Value,case:ignore"`
}

func tagList(list []tag) snapshot.Fact[snapshot.Tags] {
	return tags(list, func(t tag) (key, value *string) { return &t.Key, &t.Value })
}

// tagMap makes the fact of tags from a map; AWS leaves an empty one out.
func tagMap(m map[string]string) snapshot.Fact[snapshot.Tags] {
	if m == nil {
		m = map[string]string{}
	}
	return snapshot.Have(snapshot.TagsOf(m))
}

// extra makes further members of a resource from a struct of ours.
func extra(v any) jsontext.Value {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil || string(b) == "{}" {
		return nil
	}
	return b
}

// mine reports whether an ARN is of the unit's account. Things of other accounts
// that AWS lists because they are shared are read where they belong.
func (u *Unit) mine(name string) bool { return arn.Account(name) == u.Account }
