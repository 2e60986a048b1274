package solver

import (
	"slices"

	"pathfinder/graphmodel/policy"
)

// Most changes are changes of statements, and a statement bears only on the actions
// that it names: about others all of them come out as they did. Where nothing but
// statements on callers and above differs, and no hop does, a text is asked about
// the actions alone on which a changed statement may bear. A policy of the
// organization changes the facts of everybody in it, and mostly for few actions.

// A revision is what two snapshots do not have in common of some policies.
type revision struct {
	statements []*policy.Statement
	// bounded says that nothing else differs, which might bear on whatever is asked.
	bounded bool
}

func (v *revision) add(o *revision) {
	v.statements = append(v.statements, o.statements...)
	v.bounded = v.bounded && o.bounded
}

// sources adds the statements that one list alone has, wherever in it.
func (v *revision) sources(d *differ, lists [2][]Source) {
	var texts [2]map[string]*policy.Statement
	same := d.sides[0].sources(lists[0]) == d.sides[1].sources(lists[1])
	for i, list := range lists {
		texts[i] = map[string]*policy.Statement{}
		for k := range list {
			doc := list[k].Doc
			v.bounded = v.bounded && (same || len(doc.Faults) == 0)
			for _, st := range doc.Statements {
				texts[i][string(appendBit([]byte(d.sides[i].statement(st)), doc.Variables()))] = st
			}
		}
		if same {
			return
		}
	}
	for i := range texts {
		for text, st := range texts[i] {
			if texts[1-i][text] == nil {
				v.statements = append(v.statements, st)
			}
		}
	}
}

// levels is sources for each level of an organization.
func (v *revision) levels(d *differ, lists [2][]Level) {
	if !slices.EqualFunc(lists[0], lists[1], func(a, b Level) bool { return a.Target == b.Target }) {
		v.bounded = false
		return
	}
	for i := range lists[0] {
		v.sources(d, [2][]Source{lists[0][i].Policies, lists[1][i].Policies})
	}
}

// revised gathers what differs of the policies on people and above them, once
// affected has found who differs.
func (d *differ) revised() (v revision) {
	if d.everything || len(d.entered) > 0 || len(d.sides[0].s.endpoints)+len(d.sides[1].s.endpoints) > 0 {
		return revision{}
	}
	v.bounded = true
	accounts := map[string]bool{}
	for i := range d.people {
		for _, a := range d.people[i].all {
			var both [2]*Case
			for k, side := range d.sides {
				who := side.same(a, nil)
				if who == nil {
					return revision{}
				}
				both[k] = side.s.baseFor(who, &target{s: side.s})
			}
			for _, fact := range d.differing(d.sides[0].same(a, nil), d.sides[1].same(a, nil)) {
				switch fact {
				case "policies", "groups":
					v.sources(d, [2][]Source{both[0].Identity, both[1].Identity})
				case "service control policies":
					if !accounts[a.caller.Account] {
						accounts[a.caller.Account] = true
						v.levels(d, [2][]Level{both[0].SCPs, both[1].SCPs})
					}
				default:
					return revision{}
				}
			}
		}
	}
	v.compact(d.sides[0])
	return v
}

// compact drops repeats: what is above many accounts was found for each.
func (v *revision) compact(d *diffSide) {
	seen := map[string]bool{}
	v.statements = slices.DeleteFunc(v.statements, func(st *policy.Statement) bool {
		key := d.statement(st)
		known := seen[key]
		seen[key] = true
		return known
	})
}

// revisedOn gathers what differs of the policies above a target.
func (d *differ) revisedOn(text string, far int) (v revision) {
	v.bounded = true
	for _, fact := range d.differingTarget(text) {
		r := d.sides[0].s.inv.Resource(text)
		switch other := d.sides[1].s.inv.Resource(text); {
		case fact == "resource control policies":
			v.levels(d, [2][]Level{d.sides[0].s.targetOf(text).rcps, d.sides[1].s.targetOf(text).rcps})
		case fact == "encryption key" && far > 0 && r != nil && other != nil && r.EncryptionKey == other.EncryptionKey:
			behind := d.revisedOn(r.EncryptionKey, far-1)
			v.add(&behind)
		default:
			v.bounded = false
		}
	}
	return v
}

// narrow leaves the actions on which what differs may bear. It reports whether
// these are fewer.
func (x *diffText) narrow() bool {
	if !x.d.revision.bounded || x.text != "*" && (x.targets[0] == nil || x.targets[1] == nil) {
		return false
	}
	revised := x.d.revision
	if len(x.facts) > 0 {
		own := x.d.revisedOn(x.text, deep)
		own.add(&revised)
		revised = own
	}
	if !revised.bounded {
		return false
	}
	t := x.targets[1]
	if t == nil {
		t = x.d.sides[1].s.targetOf(x.text)
	}
	var out []ask
	for _, k := range x.asks {
		k.actions = slices.DeleteFunc(slices.Clone(k.actions), func(action string) bool { return !revised.bearsOn(t, k.resource, action) })
		if len(k.actions) > 0 {
			out = append(out, k)
		}
	}
	if len(out) > 0 && !slices.Equal(x.doubtsIn(x.asks), x.doubtsIn(out)) {
		return false
	}
	x.asks = out
	return true
}

// bearsOn reports whether one of the statements may bear on an action.
func (v *revision) bearsOn(t *target, resource, action string) bool {
	sub := newSubject(t, []ask{{resource, []string{action}}})
	return slices.ContainsFunc(v.statements, func(st *policy.Statement) bool {
		return sub.names(st) && sub.covers(st) || sub.speaksOf(st, sub.further)
	})
}

// doubtsIn lists what the snapshots lack about the text for some asks: entries
// depend on it, whichever action it is about.
func (x *diffText) doubtsIn(asks []ask) (out []string) {
	for i, side := range x.d.sides {
		anybody := side.s.outsider("", "")
		t := x.targets[i]
		if t == nil {
			t = side.s.targetOf(x.text)
		}
		for _, k := range asks {
			for _, action := range k.actions {
				out = append(out, t.doubtsFor(&anybody, action)...)
				if why := t.keyDoubt(action); why != "" {
					out = append(out, why)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
