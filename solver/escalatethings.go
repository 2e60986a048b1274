package solver

import (
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A thing is something that a state may choose, with the calls that are made on it.
type thing struct {
	patterns []string // each may cover it
	needs    []escalation.Need
}

func (t *thing) service() string {
	service, _ := splitAction(t.needs[0].Actions[0])
	return service
}

// onThings decides the calls on things of the state's choice: those on one type on the
// same thing, and all to one service in one region.
func (d *judge) onThings(st *state, needs []escalation.Need, how manner) ruling {
	v := d.onProfile(st, needs)
	things := d.thingsOf(needs)
	for i := range things {
		service := things[i].service()
		if v.never() {
			return v
		}
		if slices.ContainsFunc(things[:i], func(t thing) bool { return t.service() == service }) {
			continue
		}
		var same []thing
		for _, t := range things[i:] {
			if t.service() == service {
				same = append(same, t)
			}
		}
		v = v.and(d.inOneService(st, same, how))
	}
	if !inOneRegion(v.made()) {
		return ruling{}
	}
	return v
}

// thingsOf tells the things apart on which calls are made.
func (d *judge) thingsOf(needs []escalation.Need) (list []thing) {
	for _, n := range needs {
		var types [][]string
		switch n.On {
		case "", escalation.Any:
			types = d.placesOf(&n)
		case escalation.NewProfile:
			types = [][]string{d.patternsOf(typeOf("iam", "instance-profile"))}
		}
		for _, patterns := range types {
			at := slices.IndexFunc(list, func(t thing) bool { return t.patterns[0] != "*" && t.patterns[0] == patterns[0] })
			if at < 0 {
				at, list = len(list), append(list, thing{patterns: patterns})
			}
			list[at].needs = append(list[at].needs, n)
		}
	}
	return list
}

// inOneService decides the calls to one service. Where statements name regions in
// resources, all things are of one of these, or of another one; where they ask for regions
// in conditions, of one that every account has.
func (d *judge) inOneService(st *state, things []thing, how manner) ruling {
	best, regions := ruling{}, []string(nil)
	if how.region != "" {
		return d.inRegion(st, things, how.region, how)
	}
	if len(things) > 1 {
		regions = d.regionsNamed(st, things)
	}
	if regions == nil {
		if best = d.onEach(st, things, how); readsRegion(best.when) && !how.fixed && !everywhere[things[0].service()] {
			regions = d.regionsNamed(st, things)
		}
	}
	if regions != nil {
		best = ruling{}
	}
	for _, region := range regions {
		if v := d.inRegion(st, things, region, manner{fixed: how.fixed}); v.better(&best) {
			best = v
		}
		if best.certain() {
			break
		}
	}
	if best.certain() || how.fixed || everywhere[things[0].service()] || best.never() && regions == nil {
		return best
	}
	if !best.never() && !readsRegion(best.when) {
		return best
	}
	for _, region := range d.regionsAsked(st, things) {
		there := manner{region: region}
		if !best.never() && there.located(best.when, "") != guard.True {
			continue
		}
		if v := d.inRegion(st, things, region, there); v.certain() || best.never() {
			best = v
		}
		if best.certain() {
			break
		}
	}
	return best
}

// inRegion decides calls on things of one region.
func (d *judge) inRegion(st *state, things []thing, region string, how manner) ruling {
	there := slices.Clone(things)
	for i := range there {
		there[i].patterns = slices.Clone(there[i].patterns)
		for j, text := range there[i].patterns {
			there[i].patterns[j] = inRegion(text, region)
		}
	}
	v := d.onEach(st, there, how)
	if slices.ContainsFunc(v.made(), func(m made) bool { return m.when.Eval(oneKey(regionKey, region)) == policy.False }) {
		return ruling{}
	}
	return v
}

// onEach decides the calls on each thing.
func (d *judge) onEach(st *state, things []thing, how manner) ruling {
	v := always
	for _, t := range things {
		best := ruling{}
		for _, pattern := range t.patterns {
			if w := d.anywhere(st, pattern, t.needs, how); w.better(&best) {
				best = w
			}
		}
		if v = v.and(best); v.never() {
			break
		}
	}
	return v
}
