package solver

import (
	"runtime"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// What a role may do to whoever assumes it counts as well: a user whose own policies
// let it assume a role alone is an administrator once that role puts every right on it.

// lifts are the calls that do so, with the methods of those who may make them on
// themselves.
var lifts = map[inventory.PrincipalKind]map[string]string{
	inventory.User: {"iam:PutUserPolicy": "iam-put-user-policy", "iam:AttachUserPolicy": "iam-attach-user-policy", "iam:CreatePolicyVersion": "iam-create-policy-version"},
	inventory.Role: {"iam:PutRolePolicy": "iam-put-role-policy", "iam:AttachRolePolicy": "iam-attach-role-policy", "iam:CreatePolicyVersion": "iam-create-policy-version"},
}

var liftCalls = []string{"iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion"}

// lifted lists who assumes a role that then gives it every right.
func (c *climb) lifted(certain bool) [][]*summit {
	out := make([][]*summit, len(c.camps))
	if len(c.methods) == 0 {
		return out
	}
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) { out[i] = c.camps[i].lifted(certain) })
	return out
}

func (pl *camp) lifted(certain bool) (out []*summit) {
	fits := func(v *ruling) bool { return !v.never() && (!certain || v.certain()) }
	for _, cl := range pl.climbers {
		if cl.p.Kind != inventory.Role || pl.c.at[cl.p] != nil {
			continue
		}
		st := cl.states[0]
		if !st.may(pl.c.calls, liftCalls) {
			continue
		}
		for _, h := range pl.c.s.edges.callersOf(cl.p) {
			from := h.from.principal
			if !h.from.plain() || from.Account != pl.account || pl.c.at[from] != nil || pl.guarded(from) {
				continue
			}
			hop := pl.c.today.apply(h.ruling(), from)
			if !fits(&hop) {
				continue
			}
			v, method := pl.lift(st, from)
			if !fits(&v) {
				continue
			}
			end := pl.admin(pl.state(from, raised(from), "raised", nil))
			if !fits(&end) {
				continue
			}
			out = append(out, &summit{p: from, legs: []leg{{to: cl.p, kind: h.kind, ruling: hop}, {to: from, kind: method, ruling: pl.named(st, v)}}})
		}
	}
	return out
}

// lift decides whether a state may put every right on somebody else.
func (d *judge) lift(st *state, on *inventory.Principal) (best ruling, method string) {
	all := escalation.All()
	for i := range all { // in the order of the table
		for action, id := range lifts[on.Kind] {
			if id != all[i].ID {
				continue
			}
			v := ruling{}
			if action != "iam:CreatePolicyVersion" {
				v = d.empower(st, action, on)
			} else {
				for _, pol := range ownPolicies(on) {
					if w := d.rewrite(st, action, pol); w.better(&v) {
						v = w
					}
				}
			}
			if v.better(&best) {
				best, method = v, id
			}
		}
	}
	return best, method
}
