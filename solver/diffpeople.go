package solver

import (
	"maps"
	"slices"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
)

// A person is somebody, as both snapshots have it; nil in one that has not.
type person [2]*actor

func (p *person) arn() string {
	for _, a := range p {
		if a != nil {
			return a.caller.ARN
		}
	}
	return ""
}

// A folk is some of the people of one side.
type folk struct {
	all       []*actor
	byAccount map[string][]*actor
	byName    map[string]*actor
}

func (c *folk) add(a *actor) {
	if c.byName == nil {
		c.byAccount, c.byName = map[string][]*actor{}, map[string]*actor{}
	}
	if c.byName[a.caller.ARN] != nil {
		return
	}
	c.all, c.byName[a.caller.ARN] = append(c.all, a), a
	c.byAccount[a.caller.Account] = append(c.byAccount[a.caller.Account], a)
}

// named lists those of some names.
func (c *folk) named(names map[string]bool) (out []*actor) {
	for name := range names {
		if a := c.byName[name]; a != nil {
			out = append(out, a)
		}
	}
	return out
}

// about lists at least those who may reach a target. See Solver.mayReach.
func (c *folk) about(s *Solver, t *target) (out []*actor) {
	if t.account == "" || t.isRootUser() {
		return c.all
	}
	out = slices.Clip(c.byAccount[t.account])
	name, kind := t.node()
	for n := range s.lookup.In(name, kind) {
		if n.Kind == graphmodel.Public {
			return c.all
		}
		if a := c.byName[n.Name]; a != nil {
			out = append(out, a)
		} else if n.Name != t.account {
			out = append(out, c.byAccount[n.Name]...)
		}
	}
	return out
}

// meet adds an actor of a side to people.
func (x *diffText) meet(people map[string]*person, side int, a *actor) {
	p := people[a.caller.ARN]
	if p == nil {
		p = &person{}
		people[a.caller.ARN] = p
	}
	if p[side] == nil {
		p[side] = a
	}
}

// complete finds people in the snapshots in which nobody met them.
func (x *diffText) complete(people map[string]*person) {
	for _, p := range people {
		for i := range p {
			if p[i] == nil && p[1-i] != nil {
				p[i] = x.d.sides[i].same(p[1-i], x.targets[i])
			}
		}
	}
}

// ends lists those who come into question to reach the text themselves and whose
// access may differ.
func (x *diffText) ends() map[string]*person {
	people := map[string]*person{}
	for i, side := range x.d.sides {
		switch {
		case x.dirty && x.listed:
			if x.targets[i] != nil {
				everybody := side.s.candidates(x.targets[i]).everybody()
				for k := range everybody {
					x.meet(people, i, &everybody[k])
				}
			}
			x.meet(people, i, &actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}})
		case x.dirty && x.by != nil && !x.d.q.Thorough: // nobody else may do anything with it
			for name := range x.by {
				if p := side.s.inv.Principal(name); p != nil {
					a := side.s.actorOf(p)
					x.meet(people, i, &a)
				}
			}
		case x.dirty:
			for _, a := range side.s.inv.Accounts {
				if a.IAM {
					all := side.s.principalsOf(a)
					for k := range all {
						x.meet(people, i, &all[k])
					}
				}
			}
		default:
			list := x.d.people[i].all
			switch {
			case x.by != nil:
				list = x.d.people[i].named(x.by)
			case x.targets[i] != nil:
				list = x.d.people[i].about(side.s, x.targets[i])
			}
			for _, a := range list {
				if x.lists(i, a) {
					x.meet(people, i, a)
				}
			}
		}
	}
	x.besides(people, func(i int, a *actor) bool { return x.reaches(i, a) })
	x.complete(people)
	return people
}

// guests lists those outside whom the target names, on either side: they are no part of
// anybody there (see stranger), so that what they come to through roles that are open to
// everybody is told under their own names. Services and the like are not among them: of no
// account, they are not of those of whom "*" speaks.
func (x *diffText) guests() map[string]*actor {
	if x.known == nil {
		x.known = map[string]*actor{}
		for i, side := range x.d.sides {
			if x.targets[i] == nil || !x.listed {
				continue
			}
			others := side.s.candidates(x.targets[i]).others
			for k := range others {
				if a := &others[k]; a.apart() && a.caller.External && a.caller.Kind != CallerRoot && !a.caller.isAnybody() && x.known[a.caller.ARN] == nil {
					x.known[a.caller.ARN] = a
				}
			}
		}
	}
	return x.known
}

func (x *diffText) isGuest(a *actor) bool {
	return a.apart() && a.caller.External && !a.caller.isAnybody() && x.guests()[a.caller.ARN] != nil
}

// tellOf has answers tell of some also where who-can does not list them.
func (d *differ) tellOf(list []actor) {
	for _, a := range list {
		if a.apart() {
			d.alone = append(d.alone, a)
		}
	}
	for _, side := range d.sides {
		side.alone = map[string]bool{}
		for i := range d.alone {
			side.alone[d.alone[i].caller.ARN] = true
		}
	}
}

// besides adds those to people whom the question names by themselves.
func (x *diffText) besides(people map[string]*person, in func(side int, a *actor) bool) {
	for k := range x.d.alone {
		for i, side := range x.d.sides {
			if a := side.same(&x.d.alone[k], x.targets[i]); a != nil && in(i, a) {
				x.meet(people, i, a)
			}
		}
	}
}

// starts lists those whose access may differ, by ARN: ends, and who gets to
// them.
func (x *diffText) starts(ends map[string]*person) map[string]*person {
	out := map[string]*person{}
	for name, end := range ends {
		differs, some := x.differs(end)
		if differs || x.d.q.Thorough {
			for i, a := range end {
				if a != nil {
					x.meet(out, i, a)
				}
			}
		}
		if !differs && !x.d.q.Thorough && (!some || !x.d.everything && !x.d.entered[name]) {
			continue
		}
		for i, side := range x.d.sides {
			if end[i] == nil || end[i].principal == nil || end[i].principal.Kind != inventory.Role {
				continue
			}
			for _, a := range side.startsTo(end[i].principal) {
				if a.caller.isAnybody() {
					for _, guest := range x.guests() {
						if there := side.same(guest, x.targets[i]); there != nil {
							x.meet(out, i, there)
						}
					}
				}
				switch same := ends[a.caller.ARN]; {
				case same != nil && same[i] != nil:
					a = same[i] // one actor of a name: of an account it may be the root user, or anybody in it
				case x.targets[i] != nil && a.caller.isAnybody():
					a = side.same(a, x.targets[i]) // anybody there, which is not who anybody is at the role
				}
				x.meet(out, i, a)
			}
		}
	}
	x.besides(out, func(int, *actor) bool { return true })
	maps.DeleteFunc(out, func(name string, _ *person) bool { return !x.d.who(name) })
	x.complete(out)
	return out
}

// differs reports whether what somebody may do itself may differ, and whether
// there is any of it.
func (x *diffText) differs(p *person) (differs, some bool) {
	var both person
	for i, a := range p {
		if x.reaches(i, a) {
			both[i] = a
			differs = differs || a.caller.FromToken // who came by a token is asked differently
		}
	}
	for i := range x.portions {
		d := x.delta(i, both)
		differs, some = differs || d.differs, some || d.some
	}
	return differs, some
}

// appendSide writes that something is of a side.
func appendSide(side int, text string) string { return string(rune('0'+side)) + text }
