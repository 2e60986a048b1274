package solver

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
)

// affected finds whose access can differ at all. A request of a caller on a
// target is decided from the facts of the two and the common ones (difffacts.go):
// where both have none that differ, it is decided alike. Somebody else's session
// of a role is another matter: who can get one is told by the hops into it, and
// a hop is a request as well, by its caller on the role. So
//
//   - changed are the actors with facts that differ,
//   - entered are the roles into which a hop leads that comes out differently, and
//     all roles that their sessions get on to, in either snapshot. Only hops of
//     which the caller or the role has facts that differ can.
//
// Of a target without facts that differ only access of the changed, and through
// the entered, can differ.
func (d *differ) affected() {
	d.changed, d.entered = map[string]bool{}, map[string]bool{}
	old, now := d.sides[0].common(), d.sides[1].common()
	if d.everything = d.q.Thorough || old != now || d.moved(); d.everything {
		return
	}
	for i := range d.sides {
		d.leaving(i)
		d.entering(i)
	}
	d.getOn()
}

// enter notes a role into which a hop leads that comes out differently.
func (d *differ) enter(p *inventory.Principal) {
	if p != nil && p.Kind == inventory.Role && !d.entered[p.ARN] {
		d.entered[p.ARN] = true
		d.ahead = append(d.ahead, p.ARN)
	}
}

// leaving notes the actors of a side with facts that differ, and the roles into which
// their hops differ.
func (d *differ) leaving(i int) {
	side, other := d.sides[i], d.sides[1-i]
	for _, a := range d.changedIn(side, other) {
		d.changed[a.caller.ARN] = true
		d.people[i].add(&a)
		var there []hop
		if b := other.same(&a, nil); b != nil {
			there = other.s.hopsFrom(b)
		}
		for _, h := range side.s.hopsFrom(&a) {
			if d.hopDiffers(i, &h, there) {
				d.enter(h.to)
			}
		}
	}
}

// entering notes the roles of a side that the other one has not, and those with facts that
// differ, by some hop into them.
func (d *differ) entering(i int) {
	side, other := d.sides[i], d.sides[1-i]
	for _, a := range side.s.inv.Accounts {
		for _, r := range a.Held().Roles {
			p := other.s.inv.Principal(r.ARN)
			if p == nil {
				d.enter(r)
				continue
			}
			if len(d.differingTarget(r.ARN)) == 0 {
				continue
			}
			there := other.s.edges.callersOf(p)
			if slices.ContainsFunc(side.s.edges.callersOf(r), func(h hop) bool { return d.hopDiffers(i, &h, there) }) {
				d.enter(r)
			}
		}
	}
}

// getOn notes the roles that sessions of those entered get on to, in either snapshot.
func (d *differ) getOn() {
	for len(d.ahead) > 0 {
		arn := d.ahead[0]
		d.ahead = d.ahead[1:]
		for i, side := range d.sides {
			p := side.s.inv.Principal(arn)
			if p == nil {
				continue
			}
			a := side.s.actorOf(p)
			d.people[i].add(&a)
			for _, h := range side.s.hopsFrom(&a) {
				d.enter(h.to)
			}
		}
	}
}

// hopDiffers reports whether a hop of a side is not among hops of the other one, or
// comes out differently there: see Solver.walk for what ways depend on.
func (d *differ) hopDiffers(side int, h *hop, there []hop) bool {
	for i := range there {
		if o := &there[i]; o.to.ARN == h.to.ARN && o.from.caller.ARN == h.from.caller.ARN {
			return d.sides[side].hop(h) != d.sides[1-side].hop(o)
		}
	}
	return true
}

// hop stands for all that ways depend on of a hop.
func (d *diffSide) hop(h *hop) digest {
	s := d.s
	st := s.edges.step(h)
	names := [][]carriedName{s.readBy(h.from.principal), s.readBy(h.to), s.readIn(h.to.Trust)}
	for i := range names {
		names[i] = distinct(slices.Clone(names[i]))
	}
	return digestOf(
		h.kind, h.doubts, exprKey(h.asked), exprKey(st.assume), exprKey(st.tag), exprKey(st.source),
		fmt.Sprintf("%q", names), h.to.Tags, s.tagsUnread[h.to.ARN], h.to.UniqueID, h.from.caller.Tags, h.from.caller.UniqueID, h.from.caller.External,
		h.from.caller.Kind, trusts(h.to.Trust, "tagsession"), trusts(h.to.Trust, "setsourceidentity"),
	)
}

// changedIn lists the actors of one side that the other one has not, or with
// other facts.
func (d *differ) changedIn(side, other *diffSide) (out []actor) {
	for _, a := range d.actorsOf(side) {
		if b := other.same(&a, nil); b == nil || len(differing(side.factsOf(&a), other.factsOf(b))) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// moved reports whether an account came, went, or hangs elsewhere: whom policies
// mean by it is then another matter everywhere.
func (d *differ) moved() bool {
	for _, side := range d.sides {
		for _, a := range side.s.inv.Accounts {
			if d.sides[0].account(a.ID) != d.sides[1].account(a.ID) {
				return true
			}
		}
	}
	return false
}

// actorsOf lists everybody whose facts may differ where no account moved. Of
// others nothing is known that could differ.
func (d *differ) actorsOf(side *diffSide) (out []actor) {
	for _, a := range side.s.inv.Accounts {
		if a.IAM {
			out = append(out, side.s.principalsOf(a)...)
		}
	}
	return out
}

// startsTo lists everybody from whom a role can be got to, over any number of
// hops; more than can on one path.
func (d *diffSide) startsTo(role *inventory.Principal) []*actor {
	d.mu.Lock()
	out, ok := d.before[role.ARN]
	d.mu.Unlock()
	if ok {
		return out
	}
	seen := map[string]bool{role.ARN: true}
	for queue := []*inventory.Principal{role}; len(queue) > 0; queue = queue[1:] {
		hops := d.s.edges.callersOf(queue[0])
		for i := range hops {
			from := &hops[i].from
			if who := from.caller.ARN; !seen[who] {
				seen[who] = true
				out = append(out, from)
				if p := from.principal; p != nil && p.Kind == inventory.Role {
					queue = append(queue, p)
				}
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before[role.ARN] = out
	return out
}
