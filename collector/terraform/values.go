package terraform

import (
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An instance is one resource of the plan.
type instance struct {
	*resourceChange
	plan    *planner
	scope   *scope
	config  *configResource // nil when the plan holds none
	before  map[string]any
	after   map[string]any
	unknown any // true, or a map of the same shape as after
	secret  any // the same for what is sensitive
	place   place
}

// object reads a JSON object; everything else is an empty one.
func object(raw jsontext.Value) map[string]any {
	var m map[string]any
	if raw.Kind() != jsontext.KindBeginObject || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

func anything(raw jsontext.Value) any {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// acts says what the plan does with the instance.
func (r *instance) removes() bool { return slices.Contains(r.Change.Actions, "delete") }
func (r *instance) makes() bool   { return slices.Contains(r.Change.Actions, "create") }
func (r *instance) updates() bool { return slices.Contains(r.Change.Actions, "update") }

// stays reports whether the provider only forgets what the plan removes: several
// types have skip_destroy, such as functions and Block Public Access of buckets.
func (r *instance) stays() bool { return r.removes() && isTrue(r.before["skip_destroy"]) }

func (r *instance) changes() bool { return r.removes() || r.makes() || r.updates() }

// old returns the values that the instance had before a removal or an update;
// of one that is made anew it has none.
func (r *instance) old() map[string]any {
	if r.updates() {
		return r.before
	}
	return nil
}

// maybe reports whether something in an attribute is not known.
func (r *instance) maybe(attr string) bool { return some(field(r.unknown, attr)) }

// field returns a member of after_unknown.
func field(unknown any, attr string) any {
	switch u := unknown.(type) {
	case bool:
		return u
	case map[string]any:
		return u[attr]
	}
	return nil
}

// some reports whether anything in a part of after_unknown is unknown.
func some(unknown any) bool {
	switch u := unknown.(type) {
	case bool:
		return u
	case []any:
		return slices.ContainsFunc(u, some)
	case map[string]any:
		for _, v := range u {
			if some(v) {
				return true
			}
		}
	}
	return false
}

// configured reports whether the configuration says anything about an
// attribute. Without a configuration nobody knows, and it may.
func (r *instance) configured(attr string) bool {
	if r.config == nil {
		return true
	}
	_, ok := r.config.Expressions[attr]
	return ok
}

// asks reports whether the plan sets nested blocks that the provider also fills in
// by itself. The configuration does not show them all: dynamic ones are left out
// of it. So blocks of which a part is known are asked for, and so are those that
// differ from what was; all of them unknown, and none in the configuration, is how
// a plan shows what the provider fills in.
func (r *instance) asks(attr string) bool {
	switch unknown := field(r.unknown, attr); {
	case unknown == true:
		return r.configured(attr) || some(field(r.secret, attr)) || len(blocks(r.after, attr)) > 0
	case some(unknown):
		return true
	}
	if r.old() == nil {
		return len(blocks(r.after, attr)) > 0
	}
	return !reflect.DeepEqual(blocks(r.before, attr), blocks(r.after, attr))
}

// text returns an attribute that is a text; "" when it is null. ok is false when
// it is not known, after what can be found out was.
func (r *instance) text(attr string) (s string, ok bool) { return r.plan.text(r, attr, 0) }

// was returns a text of the values before.
func (r *instance) was(attr string) string { return str(r.before[attr]) }

func str(v any) string {
	s, _ := v.(string)
	return s
}

// words returns the texts of a list.
func words(v any) (out []string) {
	list, _ := v.([]any)
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// list returns the texts of a list or set attribute. complete is false when
// something of it is not known, after what can be found out was.
func (r *instance) list(attr string) (out []string, complete bool) {
	out = words(r.after[attr])
	if !r.maybe(attr) {
		return out, true
	}
	more, ok := r.plan.references(r, attr)
	for _, s := range more {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, ok
}

// blocks returns the nested blocks of one name.
func blocks(values map[string]any, name string) (out []map[string]any) {
	switch v := values[name].(type) {
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				out = append(out, m)
			}
		}
	case map[string]any:
		out = append(out, v)
	}
	return out
}

// block returns the only nested block of one name; nil when there is none.
func block(values map[string]any, name string) map[string]any {
	if list := blocks(values, name); len(list) > 0 {
		return list[0]
	}
	return nil
}

// texts returns an object of texts, such as tags. Values of other types are left
// out; AWS has none.
func texts(v any) map[string]string {
	m, _ := v.(map[string]any)
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, e := range m {
		if s, ok := e.(string); ok {
			out[k] = s
		}
	}
	return out
}

func isTrue(v any) bool {
	b, _ := v.(bool)
	return b
}

// without returns the elements of a that b lacks.
func without(a, b []string) (out []string) {
	for _, s := range a {
		if !slices.ContainsFunc(b, func(t string) bool { return strings.EqualFold(s, t) }) {
			out = append(out, s)
		}
	}
	return out
}
