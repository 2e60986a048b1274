package solver

import (
	"runtime"

	"pathfinder/graphmodel/inventory"
)

// What a role may do to whoever assumes it counts as well: a user whose own policies
// let it assume a role alone is an administrator once that role puts every right on it.

// A liftCall does so to a user or a role: it is the call of the method of those who may
// make it on themselves.
type liftCall struct{ action, method string }

var (
	rewriting = liftCall{"iam:CreatePolicyVersion", "iam-create-policy-version"}
	liftCalls = map[inventory.PrincipalKind][]liftCall{
		inventory.User: {rewriting, {"iam:PutUserPolicy", "iam-put-user-policy"}, {"iam:AttachUserPolicy", "iam-attach-user-policy"}},
		inventory.Role: {rewriting, {"iam:PutRolePolicy", "iam-put-role-policy"}, {"iam:AttachRolePolicy", "iam-attach-role-policy"}},
	}
)

// mayLift reports whether the policies of a state may allow one of these calls.
func (st *state) mayLift(ix *callIndex) bool {
	for _, list := range liftCalls {
		for _, l := range list {
			if st.may(ix, []string{l.action}) {
				return true
			}
		}
	}
	return false
}

// lifted lists who assumes a role that then gives it every right.
func (c *climb) lifted(certain bool) [][]*summit {
	out := make([][]*summit, len(c.camps))
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) { out[i] = c.camps[i].lifted(certain) })
	return out
}

func (pl *camp) lifted(certain bool) (out []*summit) {
	wanted := func(p *inventory.Principal) bool {
		return p.Account == pl.account && pl.c.at[p] == nil && !pl.guarded(p)
	}
	for _, cl := range pl.climbers {
		st := cl.states[0]
		if cl.p.Kind != inventory.Role || pl.c.at[cl.p] != nil || !st.mayLift(pl.c.calls) {
			continue
		}
		for from, hop := range pl.c.assumers(cl.p, wanted) {
			if !hop.fits(certain) {
				continue
			}
			v, method := pl.lift(st, from)
			if !v.fits(certain) {
				continue
			}
			if end := pl.admin(pl.state(from, raised(from), "raised", nil)); end.fits(certain) {
				out = append(out, &summit{p: from, legs: []leg{hop, {to: from, kind: method, ruling: pl.named(st, v)}}})
			}
		}
	}
	return out
}

// lift decides whether a state may put every right on somebody else.
func (d *judge) lift(st *state, on *inventory.Principal) (best ruling, method string) {
	for _, l := range liftCalls[on.Kind] {
		v := ruling{}
		if l == rewriting {
			v = d.rewriteOne(st, l.action, on)
		} else {
			v = d.empower(st, l.action, on)
		}
		if v.better(&best) {
			best, method = v, l.method
		}
	}
	return best, method
}
