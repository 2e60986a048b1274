package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A call that has to come through a service is made by who may have that service make it.

// viaKeys are the keys that tell which service forwards a call. Source: IAM user guide,
// "AWS global condition context keys", aws:CalledVia, 2026 crawl.
var viaKeys = []string{"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"}

// via drops what services would have to forward that a state may not call at all.
func (d *judge) via(st *state, v ruling) ruling {
	if v.never() || !slices.ContainsFunc(viaKeys, v.when.Reads) || v.when.Eval(forwarded("")) != policy.False {
		return v
	}
	hosts := slices.Clone(v.when.Values(viaKeys[0]))
	for _, key := range viaKeys[1:] {
		hosts = append(hosts, v.when.Values(key)...)
	}
	for _, host := range hosts {
		service, _, _ := strings.Cut(host, ".")
		if v.when.Eval(forwarded(host)) != policy.False && (strings.ContainsAny(service, "*?$") || st.calledOn(service)) {
			return v
		}
	}
	return ruling{}
}

// calledOn reports whether the policies of a state may allow some call to a service.
func (st *state) calledOn(service string) (yes bool) {
	policiesOf(st.p, func(_ string, pol *inventory.Policy) {
		for _, s := range pol.Doc.Statements {
			yes = yes || s.Effect == policy.Allow && !s.Broken && (s.NotAction || slices.ContainsFunc(s.Actions, func(a policy.Action) bool {
				of, _, _ := strings.Cut(a.Text, ":")
				return a.All() || strings.EqualFold(of, service)
			}))
		}
	})
	return yes
}

// forwarded is a request of which nothing is known but which service forwards it, "" for
// none.
type forwarded string

// Value returns what the keys about services that forward calls are, and of any other that
// it is open.
func (f forwarded) Value(key string) policy.Value {
	switch {
	case key == "aws:viaawsservice" && f == "":
		return policy.Single("false")
	case key == "aws:viaawsservice":
		return policy.Single("true")
	case !slices.Contains(viaKeys, key):
		return policy.Value{State: policy.Open}
	case f == "":
		return policy.Value{}
	}
	return policy.Single(string(f))
}
