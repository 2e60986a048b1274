package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// What is new needs a name that statements cover and nobody has.

// maxNames bounds the names that are tried of what is new.
const maxNames = 64

// someOf returns a name that a pattern covers.
func someOf(pattern string) string { return probing.Replace(pattern) }

// names lists names of something new that statements about an action may cover.
func (d *judge) names(st *state, action, kind string) []string {
	out := []string{"pathfinder-probe"}
	for _, r := range d.speaking(st, action).identity {
		for i := range r.st.Resources {
			_, name, ok := strings.Cut(r.st.Resources[i].Text, ":"+kind+"/")
			if ok && r.st.Effect == policy.Allow && len(out) < maxNames && !d.isTaken(kind, someOf(name)) {
				out = appendNew(out, someOf(name))
			}
		}
	}
	return out
}

// isTaken reports whether the account has something of a name, which IAM compares without
// case and path ("Names of IAM entities", IAM user guide).
func (d *judge) isTaken(kind, name string) bool {
	if d.taken == nil {
		d.taken = map[string]bool{}
		add := func(text string) {
			if kind, _, ok := strings.Cut(arn.Resource(text), "/"); ok && arn.Account(text) == d.in.ID {
				d.taken[nameOf(kind, text)] = true
			}
		}
		for _, p := range d.in.Principals() {
			add(p.ARN)
			if p.Boundary != nil {
				add(p.Boundary.ARN)
			}
		}
		for _, g := range d.in.Held().Groups {
			add(g.ARN)
		}
		for name := range d.managed() {
			add(name)
		}
	}
	return d.taken[nameOf(kind, name)]
}

// nameOf is equal for what IAM takes for one name, of ARNs and of names with a path.
func nameOf(kind, text string) string { return kind + "/" + strings.ToLower(inventory.LastPart(text)) }
