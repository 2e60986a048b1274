package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// enterings returns the way up by a role of the last round that a principal may
// assume once it has changed itself. What it may as it stands is an edge of the graph.
func (pl *camp) enterings(st *state, certain bool) *[]leg {
	if len(st.legs) == 0 {
		return nil
	}
	may := st.may(pl.c.calls, []string{"sts:AssumeRole"})
	for _, other := range pl.c.camps {
		for _, sm := range other.fresh {
			if sm.p == st.origin || sm.p.Kind != inventory.Role || !invites(sm.p.Trust, st.origin, may) {
				continue
			}
			if v := pl.enters(st, sm.p); v.fits(certain) {
				legs := append(slices.Clone(st.legs), leg{to: sm.p, kind: "assume-role", ruling: v})
				legs = append(legs, sm.legs...)
				return &legs
			}
		}
	}
	return nil
}

// invites reports whether a trust policy may let in somebody of the snapshot: named
// itself, or by its account if its own policies may let it (E88, E95).
func invites(trust *policy.Document, p *inventory.Principal, may bool) bool {
	for _, st := range trust.Statements {
		if st.Effect != policy.Allow || st.Broken {
			continue
		}
		if st.NotPrincipal {
			return true
		}
		for i := range st.Principals {
			switch e := &st.Principals[i]; e.Kind {
			case policy.Everyone:
				return true
			case policy.Account:
				if may && e.Account == p.Account.ID {
					return true
				}
			case policy.Service, policy.Federated, policy.Canonical, policy.Nobody:
			case policy.User, policy.Role, policy.RoleSession, policy.UniqueID, policy.FederatedUser:
				name := e.Text
				if e.Kind == policy.RoleSession {
					name = sessionless(name)
				}
				if slices.Contains(namesOf(p), name) {
					return true
				}
			}
		}
	}
	return false
}

// enters decides whether a state may assume a role. A trust policy may name
// callers and ask for what tells them apart: states of equal policies may differ in this.
func (d *judge) enters(st *state, to *inventory.Principal) ruling {
	edges := d.c.s.edges
	h := (*hop)(nil)
	if st.p == st.origin {
		h = edges.hop(&st.a, to)
	} else { // of no crowd: nobody carries the policies yet
		h = edges.decide(&st.a, edges.entrance(to))
	}
	if h == nil {
		return ruling{}
	}
	return d.c.today.apply(h.ruling(), st.origin)
}

// ruling returns what a hop depends on.
func (h *hop) ruling() ruling {
	v := ruling{when: h.when, because: h.because}
	written := h.when.Reasons()
	for _, why := range h.doubts {
		if !slices.Contains(written, why) {
			v.ifs = append(v.ifs, although(why))
		}
	}
	return v
}
