package solver

import (
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// raisings returns the way up by giving another principal every right, and
// becoming it.
func (pl *camp) raisings(st *state, certain bool) *[]leg {
	for _, m := range pl.c.methods {
		if m.Move != escalation.BecomeRaised && m.Move != escalation.PassRaised || !pl.offers(st, m) {
			continue
		}
		key := raiseKey{st.id, m, certain}
		last, known := pl.raised[key]
		if !known || last != nil && last.to == st.origin {
			var passedBy bool
			if last, passedBy = pl.raising(st, m, certain); !passedBy {
				pl.raised[key] = last
			}
		}
		if last != nil {
			legs := append(slices.Clip(st.legs), *last)
			return &legs
		}
	}
	return nil
}

type raiseKey struct {
	state   int
	m       *escalation.Method
	certain bool
}

// raising returns the way up by one method. passedBy says that others of the same
// policies may have another one.
func (pl *camp) raising(st *state, m *escalation.Method, certain bool) (last *leg, passedBy bool) {
	passedBy = isEntered(m)
	for _, to := range pl.targets(m).list {
		if pl.guarded(to) {
			continue
		}
		if to == st.origin {
			passedBy = true
			continue
		}
		v := pl.raises(st, m, to)
		if v.never() || certain && !v.certain() {
			continue
		}
		after := pl.state(to, raised(to), "raised", nil)
		if end := pl.admin(after); end.never() || certain && !end.certain() {
			continue
		}
		return &leg{to: to, kind: m.ID, ruling: v}, passedBy
	}
	return nil, passedBy
}

// isEntered reports whether a method enters a role as its trust policy is.
func isEntered(m *escalation.Method) bool {
	return slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.Entered })
}

// raises decides whether a state may give a target every right and become it.
func (d *judge) raises(st *state, m *escalation.Method, to *inventory.Principal) ruling {
	key := moveKey{st.id, m, to}
	v, known := d.moves[key]
	if !known {
		v = d.outfits(st, m, to)
		d.moves[key] = v
	}
	if isEntered(m) && !v.never() {
		v = v.and(d.enters(st, to))
	}
	return v.given(ifOf(m)...)
}

// outfits decides all calls on a target but the one by which it is entered as it is.
func (d *judge) outfits(st *state, m *escalation.Method, to *inventory.Principal) ruling {
	v := always
	for _, n := range byEffort(m.Needs) {
		best := ruling{}
		switch n.On {
		case escalation.User:
			if to.Kind == inventory.User {
				for _, action := range n.Actions {
					if w := d.empower(st, action, to); w.better(&best) {
						best = w
					}
				}
			}
		case escalation.RolePolicy:
			if to.Kind == inventory.Role {
				for _, pol := range ownPolicies(to) {
					if w := d.rewrite(st, n.Actions[0], pol); w.better(&best) {
						best = w
					}
				}
			}
		case escalation.Role:
			switch {
			case n.Entered:
				continue
			case n.Actions[0] == "iam:PassRole":
				best = d.passes(st, to)
			case to.Kind != inventory.Role:
			case n.Actions[0] == "iam:UpdateAssumeRolePolicy":
				best = d.onRole(st, n, to, "")
			default:
				for _, action := range n.Actions {
					if w := d.empower(st, action, to); w.better(&best) {
						best = w
					}
				}
			}
		}
		if v = v.and(best); v.never() {
			return v
		}
	}
	return v
}

// byEffort lists needs as they are decided: what takes long last.
func byEffort(needs []escalation.Need) []*escalation.Need {
	effort := func(n *escalation.Need) int {
		if n.Actions[0] == "iam:PassRole" {
			return 1
		}
		return 0
	}
	out := make([]*escalation.Need, len(needs))
	for i := range needs {
		out[i] = &needs[i]
	}
	slices.SortStableFunc(out, func(a, b *escalation.Need) int { return effort(a) - effort(b) })
	return out
}

// passes decides whether a state may have some service act as a role.
func (d *judge) passes(st *state, to *inventory.Principal) ruling {
	best := ruling{}
	for _, m := range d.c.methods {
		if m.Move == escalation.Pass && d.offers(st, m) {
			if v := d.takes(st, m, to); v.better(&best) {
				best = v
			}
		}
	}
	return best
}
