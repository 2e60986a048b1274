package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// The search for who gets to be an administrator (escalate.go) finds as well who gets to
// reach a resource: what counts as the top is then not every right, but what was asked about.

// A goal is what is to be reached. It is not changed once a search has begun.
type goal struct {
	parts []goalPart
	// direct are the users and roles that reach it as they stand, by account.
	direct map[*inventory.Account][]*inventory.Principal
}

// A goalPart is one resource, or a way to one, with what is asked of it.
type goalPart struct {
	text string
	asks []ask
}

// helpedBy reports whether a policy may allow something that is asked.
func (g *goal) helpedBy(doc *policy.Document) bool {
	for i := range g.parts {
		for _, k := range g.parts[i].asks {
			for _, action := range k.actions {
				if service, name := splitAction(action); slices.ContainsFunc(doc.Statements, func(s *policy.Statement) bool {
					return s.Effect == policy.Allow && !s.Broken && s.MatchAction(service, name)
				}) {
					return true
				}
			}
		}
	}
	return false
}

// policies yields the policies on what is to be reached.
func (g *goal) policies(s *Solver, yield func(*policy.Document)) {
	for i := range g.parts {
		t := s.targetOf(g.parts[i].text)
		if t.role != nil {
			yield(t.role.Trust)
		}
		if t.carrier != nil && t.carrier.Policy != nil {
			yield(t.carrier.Policy)
		}
	}
}

// arrives decides whether a state is at the top.
func (d *judge) arrives(st *state) ruling {
	if d.c.goal == nil {
		return d.admin(st)
	}
	return d.reaches(st)
}

type reachKey struct {
	state int
	arn   string // policies of resources name callers
}

// reaches decides whether a state may make some request that the goal is about.
func (d *judge) reaches(st *state) ruling {
	key := reachKey{st.id, st.origin.ARN}
	best, known := d.reached.get(key)
	if known {
		return best
	}
	for i := range d.c.goal.parts {
		if v := d.madeOn(st, &d.c.goal.parts[i], nil); v.better(&best) {
			best = v
		}
	}
	d.reached.put(key, best)
	return best
}

// madeOn decides whether a state may make some request that a part of the goal is about, once
// what it is made on was changed.
func (d *judge) madeOn(st *state, part *goalPart, change func(*target)) (best ruling) {
	s := d.c.s
	t := s.targetOf(part.text)
	if change != nil {
		change(t)
	}
	base := s.baseFor(&st.a, t)
	for _, k := range part.asks {
		x := t.effect(&st.a, base, k, false)
		if x == nil || x.never() {
			continue
		}
		v := ruling{when: x.when(), because: x.reasons(), ifs: doubtsOf(x)}
		if v = d.via(st, d.c.today.apply(v, st.origin)); v.better(&best) {
			best = v
		}
	}
	return best
}

// arrived lists who of an account reaches the goal as it stands.
func (pl *camp) arrived(certain bool) (out []*summit) {
	for _, p := range pl.c.goal.direct[pl.account] {
		if pl.c.at[p] != nil {
			continue
		}
		if v := pl.reaches(pl.plain(p)); v.fits(certain) {
			out = append(out, &summit{p: p, legs: []leg{{to: p, ruling: v}}})
		}
	}
	return out
}
