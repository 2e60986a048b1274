package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// Whom somebody takes over may have nothing itself but the roles that let it in by name:
// these are what is gained then. And a role that may be assumed under a condition on tags is
// taken over by who may set them, on itself or on the role.

const (
	maxBeyond = 3   // roles, one after the other
	maxBehind = 256 // that are looked at from one principal
)

// beyond returns the steps from somebody who is taken over to a role that lets it in, and
// that may do what a principal may not; nil for none.
func (pl *camp) beyond(st *state, from *inventory.Principal) []leg {
	type place struct {
		p   *inventory.Principal
		way []leg
	}
	seen := map[*inventory.Principal]bool{from: true}
	for queue := []place{{from, nil}}; len(queue) > 0 && len(seen) < maxBehind; queue = queue[1:] {
		at := queue[0]
		for _, r := range pl.rolesNaming(at.p) {
			if seen[r] || r == st.origin || pl.c.at[r] != nil {
				continue
			}
			seen[r] = true
			v := pl.enters(pl.as(at.p), r)
			if v.never() {
				continue
			}
			way := append(slices.Clip(at.way), leg{to: r, kind: "assume-role", ruling: v})
			if pl.gains(st, r) && !pl.getsTo(st.origin, r) {
				return way
			}
			if len(way) < maxBeyond {
				queue = append(queue, place{r, way})
			}
		}
		pl.left = pl.left || len(seen) >= maxBehind && len(queue) > 1
	}
	return nil
}

// rolesNaming lists the roles of the account whose trust policies name a user or role.
func (pl *camp) rolesNaming(p *inventory.Principal) []*inventory.Principal {
	return slices.DeleteFunc(slices.Clone(pl.c.s.lookup.Trusting(p.ARN)), func(r *inventory.Principal) bool { return r.Account != pl.account })
}

// guests lists the users and roles of the account whom trust policies of its roles name.
func (pl *camp) guests() []*inventory.Principal {
	if pl.invited == nil {
		pl.invited = slices.DeleteFunc(slices.Clone(pl.account.Principals()), func(p *inventory.Principal) bool { return len(pl.rolesNaming(p)) == 0 })
	}
	return pl.invited
}

// getsTo reports whether a principal gets to a role by assuming roles, or may if a condition
// holds.
func (pl *camp) getsTo(p, role *inventory.Principal) bool {
	seen := map[*inventory.Principal]bool{role: true}
	for queue := []*inventory.Principal{role}; len(queue) > 0 && len(seen) < maxComers; queue = queue[1:] {
		for from := range pl.c.assumers(queue[0], func(from *inventory.Principal) bool { return !seen[from] }) {
			if from == p {
				return true
			}
			seen[from] = true
			if from.Kind == inventory.Role {
				queue = append(queue, from)
			}
		}
	}
	return false
}

// throughNamed is how a state takes over somebody who has nothing but roles that let it in,
// nil for nobody.
func (pl *camp) throughNamed(cl *climber, st *state) *takeover {
	for _, m := range pl.methodsOf(st) {
		within := pl.targets(m)
		for _, to := range pl.guests() {
			if within.of[to] == nil || to.Account != pl.account || to == cl.p || pl.c.at[to] != nil {
				continue
			}
			v := pl.takes(st, m, to)
			if v.never() {
				continue
			}
			if way := pl.beyond(cl.states[0], to); way != nil {
				last := way[len(way)-1]
				legs := append(slices.Clip(st.legs), leg{to: to, kind: m.ID, ruling: pl.named(st, v)})
				return &takeover{p: cl.p, legs: append(legs, way[:len(way)-1]...), by: last.kind, to: []takenOver{{last.to, last.ruling}}}
			}
		}
	}
	return nil
}

// tagged is how a state comes to assume a role that it may not assume as all stands: it has
// changed itself, or it sets or takes off tags of the role first; nil for none.
func (pl *camp) tagged(cl *climber, st *state) (best *takeover) {
	if pl.staysAsItIs(st) {
		return nil
	}
	may := st.may(pl.c.calls, []string{"sts:AssumeRole"})
	for _, r := range pl.account.Held().Roles {
		if r == cl.p || pl.c.at[r] != nil || best != nil && certainLegs(best.way()) || !invites(r.Trust, st.origin, may) || !pl.gains(cl.states[0], r) {
			continue
		}
		in := pl.entry(st, r, true)
		if in == nil {
			in = pl.entry(st, r, false)
		}
		if in == nil || pl.getsTo(cl.p, r) {
			continue
		}
		last := in[len(in)-1]
		t := &takeover{p: cl.p, legs: append(slices.Clip(st.legs), in[:len(in)-1]...), by: last.kind, to: []takenOver{{last.to, last.ruling}}}
		if t.better(best) {
			best = t
		}
	}
	return best
}
