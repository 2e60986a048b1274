package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// A lead is a place to look for requests that only one document permits: an Allow
// that only it has, or a Deny that only the other one has, and one pattern of its
// Resource element. Every such request is found at a lead: the document permits
// it by an Allow, and the other one lacks all Allows for it or denies it.
type lead struct {
	more int // the document that permits more
	st   *policy.Statement
	at   int // of Resource; -1 when the statement is about everything or lists exceptions
}

func (l lead) deny() bool { return l.st.Effect == policy.Deny }

// leads lists those in one direction, and those that need no condition first.
func (x *issue) leads(kind policy.Kind, more int) (out []lead) {
	add := func(st *policy.Statement) {
		if st.NotResource || len(st.Resources) == 0 || slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return r.Text == "*" }) {
			out = append(out, lead{more, st, -1})
			return
		}
		for at := range st.Resources {
			out = append(out, lead{more, st, at})
		}
	}
	for _, plain := range []bool{true, false} {
		for _, st := range x.only[more] {
			if st.Effect == policy.Allow && kind != policy.RCP && plain == (len(st.Conditions) == 0) {
				add(st)
			}
		}
		for _, st := range x.only[1-more] {
			if st.Effect == policy.Deny && plain == (len(st.Conditions) == 0) {
				add(st)
			}
		}
	}
	return out
}

// alone returns the statement of a lead without the patterns that the lead is
// not about.
func (l lead) alone() *policy.Statement {
	if l.at < 0 {
		return l.st
	}
	one := *l.st
	one.Resources = l.st.Resources[l.at : l.at+1]
	return &one
}

// bearing lists the statements that bear on a lead: those that help a request to
// make the difference, and those that hinder it.
func (x *issue) bearing(l lead) (help, hinder []*policy.Statement) {
	help = []*policy.Statement{l.alone()}
	for where, list := range [3][]*policy.Statement{x.only[0], x.only[1], x.common} {
		for _, st := range list {
			deny := st.Effect == policy.Deny
			switch {
			case deny && where != 1-l.more, !deny && !l.deny() && where != l.more:
				hinder = append(hinder, st)
			case !deny && l.deny() && where != 1-l.more:
				help = append(help, st)
			}
		}
	}
	return help, hinder
}

// keysIn lists the keys that stand in variables of statements.
func keysIn(statements []*policy.Statement) map[string]bool {
	out := map[string]bool{}
	for _, st := range statements {
		for i := range st.Resources {
			for _, k := range st.Resources[i].Variables() {
				out[k] = true
			}
		}
		for i := range st.Conditions {
			for _, k := range st.Conditions[i].Variables() {
				out[k] = true
			}
		}
	}
	return out
}

// maxValues bounds the ways of filling in variables that are tried for a lead.
const maxValues = 256

// values lists ways of fixing keys that stand in variables; between them they show
// whether there is a difference at a lead: absent, a value that nothing else in
// the statements is like, and those that are singled out. Keys that only hinder
// are absent, and those of statements that don't bear on the lead stay open.
// whole is false when there are too many ways.
func (x *issue) values(l lead, keys []string) (out []map[string]policy.Value, whole bool) {
	if len(keys) == 0 {
		return []map[string]policy.Value{nil}, true
	}
	help, hinder := x.bearing(l)
	needed := keysIn(help) // of those in no statement that bears on the lead it says nothing
	for k := range keysIn(hinder) {
		needed[k] = needed[k] || !hindersLeastAbsent(k, help, hinder)
	}
	out, whole = []map[string]policy.Value{{}}, true
	for _, key := range keys {
		if _, bears := needed[key]; !bears || policy.Multivalued(key) { // which fills in nothing (E68)
			continue
		}
		values := []policy.Value{absent}
		if needed[key] {
			whole = whole && comparedAsText(key, slices.Concat(help, hinder))
			values = append([]policy.Value{policy.Single("name-" + key[strings.IndexByte(key, ':')+1:]), absent}, singledOut(key, help, hinder)...)
		}
		var next []map[string]policy.Value
		for _, m := range out {
			for _, v := range values {
				if len(next) == maxValues {
					whole = false
					break
				}
				more := maps.Clone(m)
				more[key] = v
				next = append(next, more)
			}
		}
		out = next
	}
	return out, whole
}

// hindersLeastAbsent reports whether statements that hinder apply to least, for
// each request, when a key is absent. A pattern without a value for its variable
// covers nothing, and a test with one value less holds for no more, unless it is
// negated or a default takes the place of the value (E71). Where the key itself
// is tested, it has to be in vain when the key is absent.
func hindersLeastAbsent(key string, help, hinder []*policy.Statement) bool {
	if slices.ContainsFunc(help, func(st *policy.Statement) bool { return tests(st, key) }) {
		return false
	}
	for _, st := range hinder {
		switch {
		case voidWithout(st, key):
		case tests(st, key), slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool {
			return slices.Contains(r.Variables(), key) && strings.Contains(r.Text, ",")
		}), slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
			return slices.Contains(c.Variables(), key) && (c.Operator.Negated() || strings.Contains(strings.Join(c.Values, ""), ","))
		}):
			return false
		}
	}
	return true
}

// tests reports whether a statement has a condition on a key.
func tests(st *policy.Statement, key string) bool {
	return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool { return c.LowerKey() == key })
}

// voidWithout reports whether a statement applies to nothing when a key is
// absent.
func voidWithout(st *policy.Statement, key string) bool {
	if slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		return c.LowerKey() == key && c.Test(policy.Values{}) == policy.False
	}) {
		return true
	}
	return !st.NotResource && len(st.Resources) > 0 && !slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool {
		return !slices.Contains(r.Variables(), key) || strings.Contains(r.Text, ",")
	})
}

// fixing identifies a way of fixing keys.
func fixing(keys []string, fixed map[string]policy.Value) string {
	var b strings.Builder
	for _, k := range keys {
		if v, ok := fixed[k]; ok {
			b.WriteString(k + "\x00" + string('0'+rune(v.State)) + v.One + "\x00")
		}
	}
	return b.String()
}
