package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// An administrator of one account may get to be one of another. Its way up ends at
// home, so that the search is through with it; the way on is told beside.

// An abroad is a way from an administrator of one account to one of another.
type abroad struct {
	legs []leg
	ends []*inventory.Principal // other than that of legs
}

// end is where the way of a summit ends.
func (sm *summit) end() *inventory.Principal {
	if n := len(sm.legs); n > 0 {
		return sm.legs[n-1].to
	}
	return sm.p
}

// abroad lists what administrators of one account get to in others: a way each, and
// where else such ways end.
func (c *climb) abroad() []Escalation {
	ways := map[*inventory.Principal]*abroad{}
	var order []*inventory.Principal
	add := func(p *inventory.Principal, legs []leg) {
		w, end := ways[p], legs[len(legs)-1].to
		switch {
		case w == nil:
			ways[p] = &abroad{legs: legs}
			order = append(order, p)
		case end == w.legs[len(w.legs)-1].to || slices.Contains(w.ends, end):
		case certainLegs(legs) && !certainLegs(w.legs):
			w.ends = append(w.ends, w.legs[len(w.legs)-1].to)
			w.legs = legs
		default:
			w.ends = append(w.ends, end)
		}
	}
	atHome := func(sm *summit) bool { return sm != nil && sm.end().Account == sm.p.Account }
	for _, pl := range c.camps {
		for _, sm := range pl.all {
			if sm.p.Kind != inventory.Role {
				continue
			}
			away := func(p *inventory.Principal) bool { return atHome(c.at[p]) && sm.end().Account != p.Account }
			for from, hop := range c.assumers(sm.p, away) {
				add(from, append([]leg{hop}, sm.legs...))
			}
		}
	}
	// Whoever gets to be one of these goes the same way on.
	for i := 0; i < len(order); i++ {
		to := order[i]
		for _, sm := range c.byID[to.Account].all {
			if sm.p != to && sm.end().ARN == to.ARN && ways[sm.p] == nil {
				add(sm.p, append(slices.Clone(sm.legs), ways[to].legs...))
				ways[sm.p].ends = ways[to].ends
			}
		}
	}
	out := make([]Escalation, 0, len(order))
	for _, p := range order {
		w := ways[p]
		e := Escalation{Principal: p, Admin: true, Abroad: true}
		e.write(p, w.legs)
		for _, end := range w.ends {
			e.Others = append(e.Others, end.ARN)
		}
		e.more()
		out = append(out, e)
	}
	return out
}
