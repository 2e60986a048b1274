package terraform

import "maps"

// scrub takes what the plan marks as sensitive out of the values after, and
// treats it as not known: it must not show in an answer.
func (r *instance) scrub() {
	if !some(r.secret) {
		return
	}
	values, unknown := scrubbed(r.after, r.secret, r.unknown)
	r.after, r.unknown = member(values), unknown
}

// scrubbed returns a value without what secret marks, and with that in unknown.
func scrubbed(value, secret, unknown any) (any, any) {
	switch s := secret.(type) {
	case bool:
		if s {
			return nil, true
		}
	case map[string]any:
		v, ok := value.(map[string]any)
		if !ok || unknown == true {
			return value, unknown
		}
		u := maps.Clone(member(unknown))
		if u == nil {
			u = map[string]any{}
		}
		for name, part := range s {
			if some(part) {
				v[name], u[name] = scrubbed(v[name], part, u[name])
			}
		}
		return v, u
	case []any:
		v, ok := value.([]any)
		if !ok || unknown == true {
			return value, unknown
		}
		u := make([]any, len(v))
		copy(u, elements(unknown))
		for i := range min(len(s), len(v)) {
			if some(s[i]) {
				v[i], u[i] = scrubbed(v[i], s[i], u[i])
			}
		}
		return v, u
	}
	return value, unknown
}

func elements(v any) []any {
	list, _ := v.([]any)
	return list
}
