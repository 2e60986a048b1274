package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// foundings returns the way up by a new principal of every right.
func (pl *camp) foundings(cl *climber, certain bool) *[]leg {
	for _, st := range cl.states {
		for _, m := range pl.c.methods {
			if m.Move != escalation.Found && m.Move != escalation.SSORaised || !pl.offers(st, m) || certain && !st.certain() {
				continue
			}
			v := always
			if m.Move == escalation.SSORaised {
				if !pl.c.hasPermissionSets() || !pl.keepsIdentityCenter() {
					continue
				}
				v = pl.things(st, m)
			} else {
				v = pl.newPrincipal(st, m)
			}
			if v = v.given(ifOf(m)...); v.never() || certain && !v.certain() {
				continue
			}
			legs := append(slices.Clip(st.legs), leg{to: st.origin, kind: m.ID, ruling: v})
			return &legs
		}
	}
	return nil
}

// newPrincipal decides whether a state may make a principal and give it every
// right: all calls on one name. One that has to carry a permissions boundary does not
// count.
func (d *judge) newPrincipal(st *state, m *escalation.Method) ruling {
	kind := "role"
	if m.Needs[0].On == escalation.NewUser {
		kind = "user"
	}
	pattern := d.patternsOf(typeOf("iam", kind))[0]
	v := d.anywhere(st, pattern, m.Needs)
	if v.never() {
		return v
	}
	// The keys about what is made are told apart by asking about one of its kind.
	var names []string
	for i := range m.Needs {
		for _, action := range m.Needs[i].Actions {
			names = appendNew(names, d.names(st, action, kind)...)
		}
	}
	if free := d.freely(st, m, kind, names, false); free.never() {
		return free
	}
	if free := d.freely(st, m, kind, names, true); v.when != guard.True && !free.never() {
		return free
	}
	return v
}

// freely decides the calls on a new principal without a boundary, which is given
// the policy of AWS that allows everything: all on one of some names, or each on any.
func (d *judge) freely(st *state, m *escalation.Method, kind string, names []string, together bool) ruling {
	on := func(n *escalation.Need, name string) ruling {
		best := ruling{}
		for _, action := range n.Actions {
			made := "arn:" + d.in.Partition + ":iam::" + d.in.ID + ":" + kind + "/" + name
			if w := d.call(st, action, made, keyFact{"iam:permissionsboundary", nil}, is("iam:policyarn", d.administrator())); w.better(&best) {
				best = w
			}
		}
		return best
	}
	if !together {
		v := always
		for i := range m.Needs {
			best := ruling{}
			for _, name := range names {
				if w := on(&m.Needs[i], name); w.better(&best) {
					best = w
				}
			}
			v = v.and(best)
		}
		return v
	}
	best := ruling{}
	for _, name := range names {
		v := always
		for i := range m.Needs {
			v = v.and(on(&m.Needs[i], name))
		}
		if v.better(&best) {
			best = v
		}
	}
	return best
}

// names lists names of a new principal that statements about an action may cover.
func (d *judge) names(st *state, action, kind string) []string {
	out := []string{"pathfinder-probe"}
	for _, r := range d.speaking(st, action).identity {
		for i := range r.st.Resources {
			_, name, ok := strings.Cut(r.st.Resources[i].Text, ":"+kind+"/")
			if ok && r.st.Effect == policy.Allow && len(out) < 16 {
				out = appendNew(out, strings.NewReplacer("*", "pathfinder-probe", "?", "x").Replace(name))
			}
		}
	}
	return out
}

// hasPermissionSets reports whether the snapshot holds a role of Identity Center.
func (c *climb) hasPermissionSets() bool {
	for _, a := range c.s.inv.Accounts {
		if slices.ContainsFunc(a.Held().Roles, isPermissionSet) {
			return true
		}
	}
	return false
}
