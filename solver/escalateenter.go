package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// enterings returns the way up by a role of the last round that a principal may
// assume once it has changed itself, or the tags of the role. What it may as all stands is
// an edge of the graph.
func (pl *camp) enterings(st *state, certain bool) *[]leg {
	if pl.staysAsItIs(st) {
		return nil
	}
	may := st.may(pl.c.calls, []string{"sts:AssumeRole"})
	for _, other := range pl.c.camps {
		for _, sm := range other.fresh {
			if sm.p == st.origin || sm.p.Kind != inventory.Role || !invites(sm.p.Trust, st.origin, may) {
				continue
			}
			if in := pl.entry(st, sm.p, certain); len(in) > 1 || in != nil && len(st.legs) > 0 {
				legs := append(append(slices.Clone(st.legs), in...), sm.legs...)
				return &legs
			}
		}
	}
	return nil
}

// staysAsItIs reports whether a state has changed nothing, and sets no tags to assume a role.
func (d *judge) staysAsItIs(st *state) bool {
	return len(st.legs) == 0 && len(d.wantedToEnter(st)) == 0 && d.retags(st) == nil
}

// entry returns the steps by which a state assumes a role, nil for none: tags may be set
// on it, or on the caller, or taken off, first.
func (d *judge) entry(st *state, to *inventory.Principal, certain bool) []leg {
	if v := d.enters(st, to); v.fits(certain) {
		return []leg{{to: to, kind: "assume-role", ruling: v}}
	}
	if legs := d.entryAs(st, to, certain); legs != nil {
		return legs
	}
	if to.Account != d.in || d.guarded(to) {
		return nil
	}
	for _, g := range d.wantedToEnter(st) {
		tags := d.tags(st, to, &g)
		if d.minds(to, &g) {
			tags = tags.given("what " + to.ARN + " may do is the same with " + g.text(to.ARN))
		}
		if !tags.fits(certain) || !g.bears(to.Tags) {
			continue
		}
		if v := d.askAs(st, "sts:AssumeRole", to.ARN, nil, &g); v.fits(certain) {
			return []leg{{to: to, kind: "iam-tag-abac", through: g.text(to.ARN), calls: g.calls(to), ruling: tags}, {to: to, kind: "assume-role", ruling: v}}
		}
	}
	return nil
}

// entryAs is entry with tags of its own that the trust policy asks for; nil for none.
func (d *judge) entryAs(st *state, to *inventory.Principal, certain bool) []leg {
	m := d.retags(st)
	if m == nil {
		return nil
	}
	for _, s := range to.Trust.Statements {
		if s.Effect != policy.Allow || s.Broken {
			continue
		}
		d.left = d.left || asksForMore(s)
		for _, g := range taggingsFor(s, nil, "aws:principaltag/") {
			if !g.bears(st.p.Tags) {
				continue
			}
			v := d.tags(st, st.p, &g)
			if v = v.given(ifOf(m)...); !v.fits(certain) {
				continue
			}
			q := *st.p
			q.Tags = g.applied(st.p.Tags)
			after := d.state(st.origin, &q, nil)
			if after == nil {
				continue
			}
			if w := d.enters(after, to); w.fits(certain) {
				names := append(slices.Sorted(maps.Keys(g.set)), g.off...)
				return []leg{{st.origin, m.ID, strings.Join(names, ", "), g.calls(st.p), d.named(st, v)}, {to: to, kind: "assume-role", ruling: w}}
			}
		}
	}
	return nil
}

// retags returns the method by which a state sets tags of its own, nil where it may not.
func (d *judge) retags(st *state) *escalation.Method {
	if d.guarded(st.origin) {
		return nil
	}
	i := slices.IndexFunc(d.c.methods, func(m *escalation.Method) bool { return m.Move == escalation.Tag && d.offers(st, m) })
	if i < 0 {
		return nil
	}
	return d.c.methods[i]
}

// wantedToEnter lists taggings of roles that the policies of a state ask for where it
// assumes one, as far as it may set tags at all.
func (d *judge) wantedToEnter(st *state) []tagging {
	if !st.may(d.c.calls, []string{"iam:TagRole", "iam:UntagRole"}) || !st.may(d.c.calls, []string{"sts:AssumeRole"}) {
		return nil
	}
	return d.wantedOf(st, "sts:AssumeRole")
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
	if !invites(to.Trust, st.origin, st.may(d.c.calls, []string{"sts:AssumeRole"})) {
		return ruling{} // most roles: nothing has to be prepared for them
	}
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
	return d.c.today.apply(edges.ruling(h), st.origin)
}

// ruling returns what a hop depends on, whatever its caller calls the session.
func (e *assumeEdges) ruling(h *hop) ruling {
	v := ruling{when: chosen(e.unpassed(h), "sts:AssumeRole", ""), because: h.because}
	written := h.when.Reasons()
	for _, why := range h.doubts {
		if !slices.Contains(written, why) {
			v.ifs = append(v.ifs, although(why))
		}
	}
	return v
}
