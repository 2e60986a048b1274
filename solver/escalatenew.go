package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
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
			if v = v.given(ifOf(m)...); !v.fits(certain) {
				continue
			}
			legs := append(slices.Clip(st.legs), leg{to: st.origin, kind: m.ID, ruling: pl.named(st, v)})
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
			if w := d.call(st, action, made, keyFact{"iam:permissionsboundary", nil}, policyIn(action, d.administrator())); w.better(&best) {
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

// ownNew decides whether a state may make a policy and attach it to somebody: both
// calls on one name.
func (d *judge) ownNew(st *state, create, attach string, on *inventory.Principal) ruling {
	names := d.names(st, create, "policy")
	makes, attaches := d.patternsFor(st, create, ""), d.patternsFor(st, attach, "iam:policyarn")
	for _, g := range attaches {
		if _, name, ok := strings.Cut(g.Policy(), ":policy/"); ok && len(names) < 2*maxNames {
			names = appendNew(names, someOf(name))
		}
	}
	best := ruling{}
	for _, name := range names {
		made := "arn:" + d.in.Partition + ":iam::" + d.in.ID + ":policy/" + name
		v := d.call(st, create, made)
		if !v.never() {
			v = v.and(d.call(st, attach, on.ARN, d.boundaryOn(on), is("iam:policyarn", made)))
		}
		if v.better(&best) {
			best = v
		}
	}
	meet := slices.ContainsFunc(attaches, func(g arn.Glob) bool {
		return slices.ContainsFunc(makes, func(h arn.Glob) bool { return arn.Overlaps(g, h) })
	})
	if !best.never() || !meet {
		return best
	}
	// Both speak of some name, and of none of those that were tried.
	v := d.anywhere(st, d.patternsOf(typeOf("iam", "policy"))[0], []escalation.Need{{Actions: []string{create}}})
	return v.and(d.call(st, attach, on.ARN, d.boundaryOn(on)))
}

// patternsFor lists the resources of Allow statements about an action, or the values of
// their conditions on a key in lower case.
func (d *judge) patternsFor(st *state, action, key string) (list []arn.Glob) {
	for _, r := range d.speaking(st, action).identity {
		if r.st.Effect != policy.Allow {
			continue
		}
		for i := range r.st.Resources {
			if key == "" {
				list = append(list, arn.NewGlob(r.st.Resources[i].Text))
			}
		}
		for i := range r.st.Conditions {
			if c := &r.st.Conditions[i]; key != "" && c.LowerKey() == key {
				for _, value := range c.Values {
					list = append(list, arn.NewGlob(value))
				}
			}
		}
	}
	return list
}

// maxNames bounds the names that are tried of what is new.
const maxNames = 16

// someOf returns a name that a pattern covers.
func someOf(pattern string) string {
	return strings.NewReplacer("*", "pathfinder-probe", "?", "x").Replace(pattern)
}

// names lists names of something new that statements about an action may cover.
func (d *judge) names(st *state, action, kind string) []string {
	out := []string{"pathfinder-probe"}
	for _, r := range d.speaking(st, action).identity {
		for i := range r.st.Resources {
			_, name, ok := strings.Cut(r.st.Resources[i].Text, ":"+kind+"/")
			if ok && r.st.Effect == policy.Allow && len(out) < maxNames {
				out = appendNew(out, someOf(name))
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
