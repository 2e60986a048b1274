package solver

import (
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

const (
	maxOthers  = 25  // targets that are listed for one method of one principal
	maxTargets = 200 // that are looked for
)

// A takeover is how somebody who gets to be no administrator takes over others.
type takeover struct {
	p    *inventory.Principal
	legs []leg // up to the last
	by   string
	to   []takenOver // by the last leg, each alone
}

// A takenOver is a target with how it is taken over.
type takenOver struct {
	to *inventory.Principal
	v  ruling
}

// way is the whole way to the first target.
func (t *takeover) way() []leg {
	return append(slices.Clone(t.legs), leg{to: t.to[0].to, kind: t.by, ruling: t.to[0].v})
}

// better tells which of two takeovers of a principal is listed.
func (t *takeover) better(o *takeover) bool {
	if o == nil {
		return true
	}
	mine, other := certainLegs(t.way()), certainLegs(o.way())
	return mine && !other || mine == other && len(t.to) > len(o.to)
}

func (t *takeover) escalation() Escalation {
	e := Escalation{Principal: t.p}
	e.write(t.p, t.way())
	for _, o := range t.to[1:] {
		e.Others = append(e.Others, o.to.ARN)
	}
	e.more()
	return e
}

// more leaves no more of the others than are listed.
func (e *Escalation) more() {
	if n := len(e.Others) - maxOthers; n > 0 {
		e.Others, e.More = e.Others[:maxOthers], n
	}
}

// sideways lists what those who get to be no administrator take over.
func (c *climb) sideways() {
	lists := make([][]*takeover, len(c.camps))
	c.byID = nil
	c.visit(func(i int, pl *camp) {
		lists[i] = pl.sideways()
		c.camps[i] = nil // what it has found out is of no more use, and much
	})
	found := map[*inventory.Principal]*takeover{}
	var fresh []*takeover
	for _, list := range lists {
		for _, t := range list {
			if _, ok := c.found[t.p]; !ok {
				found[t.p] = t
				fresh = append(fresh, t)
			}
		}
	}
	c.behind(found, fresh)
	for p, t := range found {
		c.found[p] = t.escalation()
	}
}

// behind adds those who assume a role that takes somebody over, and may not do
// themselves what that one may.
func (c *climb) behind(found map[*inventory.Principal]*takeover, fresh []*takeover) {
	judges := map[*inventory.Account]*judge{}
	gains := func(p, to *inventory.Principal) bool {
		if p.Account != to.Account {
			return true // what it may there is by roles alone
		}
		d := judges[p.Account]
		if d == nil {
			d = newJudge(c, p.Account)
			judges[p.Account] = d
		}
		return d.gains(d.plain(p), to)
	}
	for len(fresh) > 0 {
		next := map[*inventory.Principal]*takeover{}
		var order []*inventory.Principal
		for _, t := range fresh {
			if t.p.Kind != inventory.Role {
				continue
			}
			for from, hop := range c.assumers(t.p, func(p *inventory.Principal) bool { return found[p] == nil && c.at[p] == nil }) {
				n := &takeover{p: from, legs: append([]leg{hop}, t.legs...), by: t.by}
				for _, o := range t.to {
					if o.to != from && gains(from, o.to) {
						n.to = append(n.to, o)
					}
				}
				if len(n.to) > 0 && n.better(next[from]) {
					if next[from] == nil {
						order = append(order, from)
					}
					next[from] = n
				}
			}
		}
		fresh = fresh[:0]
		for _, p := range order {
			found[p] = next[p]
			fresh = append(fresh, next[p])
		}
	}
}

func (pl *camp) sideways() (out []*takeover) {
	for _, cl := range pl.climbers {
		if pl.c.at[cl.p] != nil {
			continue
		}
		var best *takeover
		for _, st := range cl.states {
			for _, m := range pl.methodsOf(st) {
				if t := pl.beside(cl, st, m); t != nil && t.better(best) {
					best = t
				}
			}
		}
		for _, st := range cl.states {
			if t := pl.tagged(cl, st); t != nil && t.better(best) {
				best = t
			}
			if best == nil {
				best = pl.throughNamed(cl, st)
			}
		}
		if best != nil {
			out = append(out, best)
		}
	}
	return out
}

// beside returns what a state takes over by a method, nil for nothing that it has not.
func (pl *camp) beside(cl *climber, st *state, m *escalation.Method) *takeover {
	key := moveKey{st.id, m, nil}
	list, known := pl.beneath[key]
	if known && pl.mayBePersonal(m) {
		list, known = nil, false
	}
	if !known && len(pl.targets(m).list) > 0 {
		if things := pl.things(st, m); things.never() || pl.bars(st, m) {
			pl.beneath[key], known = nil, true
		}
	}
	if !known {
		for _, to := range pl.targets(m).list {
			if to.Account != pl.account {
				continue // what it may is not compared over accounts
			}
			if !pl.gains(cl.states[0], to) { // few do, and crowds gain alike
				continue
			}
			if v := pl.takes(st, m, to); !v.never() {
				if list = append(list, takenOver{to, v}); len(list) > maxTargets {
					break
				}
			}
		}
		pl.beneath[key] = list
	}
	t := &takeover{p: cl.p, legs: st.legs, by: m.ID}
	for _, o := range list {
		if o.to != cl.p {
			t.to = append(t.to, takenOver{o.to, pl.named(st, o.v)})
		}
	}
	if len(t.to) == 0 {
		return nil
	}
	return t
}
