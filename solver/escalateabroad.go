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

func certainLegs(legs []leg) bool {
	return !slices.ContainsFunc(legs, func(l leg) bool { return !l.certain() })
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
			for _, h := range c.s.edges.callersOf(sm.p) {
				from := h.from.principal
				if !h.from.plain() || !atHome(c.at[from]) || sm.end().Account == from.Account {
					continue
				}
				if v := c.today.apply(h.ruling(), from); !v.never() {
					add(from, append([]leg{{to: sm.p, kind: h.kind, ruling: v}}, sm.legs...))
				}
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
		for _, end := range w.ends[:min(len(w.ends), maxOthers)] {
			e.Others = append(e.Others, end.ARN)
		}
		out = append(out, e)
	}
	return out
}
