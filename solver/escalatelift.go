package solver

import (
	"iter"
	"runtime"
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// Who may change somebody else's policies gets up by it in two ways that no one method
// says: it gives that one every right, and becomes it; or whoever becomes it is given every
// right by it, such as a user by a role whose sessions may put policies on users.

// isChange reports whether a method changes a principal, and neither makes nor becomes one.
func isChange(m *escalation.Method) bool {
	switch m.Move {
	case escalation.Raise, escalation.Version, escalation.Join, escalation.Unbound, escalation.Undeny:
		return true
	}
	return false
}

// changes reports whether the policies of a state may allow a method that changes somebody.
func (d *judge) changes(st *state) bool {
	return slices.ContainsFunc(d.c.methods, func(m *escalation.Method) bool {
		return isChange(m) && (d.offersOn(st, m, inventory.User) || d.offersOn(st, m, inventory.Role))
	})
}

type liftKey struct {
	state int
	on    *inventory.Principal
}

// lift decides whether a state may make somebody else an administrator by one change, and
// how; the change is nil where it may not.
func (d *judge) lift(st *state, on *inventory.Principal) *change {
	key := liftKey{st.id, on}
	best, known := d.lifts[key]
	if known {
		return best
	}
	for _, m := range d.c.methods {
		if !isChange(m) || !d.offersOn(st, m, on.Kind) {
			continue
		}
		d.changesOn(st, m, on, func(ch *change) {
			if best != nil && !ch.v.better(&best.v) {
				return
			}
			after := d.state(on, ch.p, "changed "+m.ID+" "+ch.what, nil)
			if after == nil {
				return
			}
			end := d.admin(after)
			end.because = nil // policies that are not there yet
			if ch.v = ch.v.and(end).given(ifOf(m)...); !ch.v.never() && (best == nil || ch.v.better(&best.v)) {
				best = ch
			}
		})
	}
	if best != nil {
		best.p = nil // of no more use, and much
	}
	d.lifts[key] = best
	return best
}

// fits reports whether there is a change that counts in a search.
func (ch *change) fits(certain bool) bool { return ch != nil && ch.v.fits(certain) }

// becomes returns the step by which a state becomes another principal as it stands, nil
// for none. by are the methods that come into question.
func (pl *camp) becomes(st *state, to *inventory.Principal, by []*escalation.Method, certain bool) *leg {
	if to.Kind == inventory.Role && invites(to.Trust, st.origin, st.may(pl.c.calls, []string{"sts:AssumeRole"})) {
		if v := pl.enters(st, to); v.fits(certain) {
			return &leg{to: to, kind: "assume-role", ruling: v}
		}
	}
	for _, m := range by {
		if v := pl.takes(st, m, to); v.fits(certain) {
			return &leg{to: to, kind: m.ID, ruling: pl.named(st, v)}
		}
	}
	return nil
}

// outfittings returns the way up by changing another principal so that it is an
// administrator, and becoming it. Most may become few, which is asked first.
func (pl *camp) outfittings(st *state, certain bool) *[]leg {
	if !pl.changes(st) {
		return nil
	}
	by := slices.DeleteFunc(pl.methodsOf(st), func(m *escalation.Method) bool {
		v := pl.things(st, m)
		return len(pl.targets(m).list) == 0 || !v.fits(certain) || pl.bars(st, m)
	})
	for _, to := range pl.account.Principals() {
		if to == st.origin || pl.c.at[to] != nil || pl.guarded(to) {
			continue
		}
		last := pl.becomes(st, to, by, certain)
		if last == nil {
			continue
		}
		if ch := pl.lift(st, to); ch.fits(certain) {
			legs := append(slices.Clip(st.legs), leg{to, ch.m.ID, ch.through, pl.named(st, ch.v)}, *last)
			return &legs
		}
	}
	return nil
}

// lifted lists who becomes somebody that then gives it every right.
func (c *climb) lifted(certain bool) [][]*summit {
	out := make([][]*summit, len(c.camps))
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) { out[i] = c.camps[i].lifted(certain) })
	return out
}

func (pl *camp) lifted(certain bool) (out []*summit) {
	for _, cl := range pl.climbers {
		st := cl.states[0]
		if pl.c.at[cl.p] != nil || !pl.changes(st) {
			continue
		}
		for from, hop := range pl.comers(cl.p, certain) {
			if ch := pl.lift(st, from); ch.fits(certain) {
				out = append(out, &summit{p: from, legs: []leg{hop, {from, ch.m.ID, ch.through, pl.named(st, ch.v)}}})
			}
		}
	}
	return out
}

// comers yields who becomes somebody as both stand, with the leg to it.
func (pl *camp) comers(p *inventory.Principal, certain bool) iter.Seq2[*inventory.Principal, leg] {
	wanted := func(from *inventory.Principal) bool {
		return from != p && from.Account == pl.account && pl.c.at[from] == nil && !pl.guarded(from)
	}
	return func(yield func(*inventory.Principal, leg) bool) {
		if p.Kind == inventory.Role {
			for from, hop := range pl.c.assumers(p, wanted) {
				if hop.fits(certain) && !yield(from, hop) {
					return
				}
			}
		}
		for _, cl := range pl.climbers {
			if !wanted(cl.p) {
				continue
			}
			st := cl.states[0]
			for _, m := range pl.methodsOf(st) {
				if v := pl.takes(st, m, p); v.fits(certain) {
					if !yield(cl.p, leg{to: p, kind: m.ID, ruling: pl.named(st, v)}) {
						return
					}
					break
				}
			}
		}
	}
}
