package solver

import (
	"slices"

	"pathfinder/graphmodel"
)

// A diffText compares the access to one ARN.
type diffText struct {
	d *differ
	question
	owner      string     // the account it lies in, "" when unknown
	targets    [2]*target // nil when a snapshot has not got it
	missing    [2]string  // why nobody knows whether it has
	resourceIs string
	asks       []ask
	facts      []string // what the snapshots say differently of it
	dirty      bool     // anybody's access may differ
	read       [2][]carriedName
	known      map[string]*actor // see guests

	anywhere map[anywhereKey]*target // see targetFor
	grouped  map[groupKey][]group    // of all of anywhere
	solved   map[string]*solution
	able     map[string]bool // by likeness, or key of the standing; see may
	// What follows is remembered of people by their likeness; see diffclass.go.
	audiences [2]*audience[struct{}]
	whole     []*portion          // of all that could be asked
	portions  []*portion          // of asks
	parts     map[string]*portion // see part
	deltas    map[string]*delta   // see delta
	passing   [2][]int8           // by way.last: 1 passes, -1 does not; see passes
	found     [2][]DiffAccess     // lost, gained
	gaps      unknowns
}

type anywhereKey struct {
	side    int
	account string
}

// compare answers one question.
func (d *differ) compare(q question) *diffText {
	x := &diffText{d: d, question: q, gaps: unknowns{}, anywhere: map[anywhereKey]*target{}, grouped: map[groupKey][]group{}, solved: map[string]*solution{}, able: map[string]bool{}, parts: map[string]*portion{}, deltas: map[string]*delta{}}
	x.ask()
	if len(x.asks) == 0 {
		return x
	}
	x.locate()
	x.unread()
	x.whole = portions(x.asks, "whole ", false)
	x.portions = x.whole
	if x.narrow() {
		x.portions = portions(x.asks, "narrow ", true)
	}
	if len(x.asks) == 0 {
		return x
	}
	ends := x.ends()
	x.between(x.starts(ends), ends)
	return x
}

// ask lists what is asked about the text.
func (x *diffText) ask() {
	set, err := newActionSet(orAll(x.d.q.Actions, []string{x.text}))
	switch {
	case err != nil: // it was read before
	case x.text == "*":
		for _, k := range append(set.withoutResource(), ask{"arn:" + x.d.sides[1].s.partition() + ":*", x.d.restNames}) {
			// Everybody may ask who it is (E100): who comes or goes is told otherwise.
			k.actions = slices.DeleteFunc(k.actions, func(name string) bool { return name == "sts:GetCallerIdentity" && len(x.d.q.Actions) == 0 })
			if len(k.actions) > 0 {
				x.asks = append(x.asks, k)
			}
		}
	default:
		x.asks = set.asks(x.text)
	}
}

// locate finds the text in both snapshots.
func (x *diffText) locate() {
	if x.text == "*" {
		x.dirty = x.d.everything
		return
	}
	for _, side := range x.d.sides {
		if side.s.carrier(x.text) != nil || side.s.inv.Principal(x.text) != nil || x.owner == "" {
			x.owner = side.s.targetOf(x.text).account
		}
	}
	for i, side := range x.d.sides {
		has := presence{there: true}
		if x.listed {
			has = side.has(x.text, x.owner)
		}
		switch {
		case has.there:
			x.targets[i] = side.s.targetOf(x.text)
			x.read[i] = side.s.readOf(x.targets[i])
		case has.unknown != "":
			x.missing[i] = has.unknown
		default:
			x.resourceIs = [2]string{"new", "gone"}[i]
		}
	}
	if x.targets[0] != nil && x.targets[1] != nil {
		x.facts = differing(x.d.sides[0].target(x.text, deep), x.d.sides[1].target(x.text, deep))
		x.dirty = x.d.everything || len(x.facts) > 0
		return
	}
	x.dirty = true
}

// targetFor returns the target of a side for a caller: what lies nowhere in
// particular lies in the caller's account. So may something that no snapshot has:
// what policies then come to is a doubt, not an answer.
func (x *diffText) targetFor(side int, a *actor) *target {
	if x.text != "*" && (x.by == nil || x.targets[side].account != "") {
		return x.targets[side]
	}
	key := anywhereKey{side, a.caller.Account}
	t := x.anywhere[key]
	if t == nil {
		t = x.d.sides[side].s.targetOf(x.text)
		t.account, t.grouped = a.caller.Account, x.grouped // no account groups actions in its own way
		x.anywhere[key] = t
	}
	return t
}

// reaches reports whether a caller comes into question on a side.
func (x *diffText) reaches(side int, a *actor) bool {
	if a == nil || x.by != nil && !x.by[a.caller.ARN] {
		return false
	}
	if x.text == "*" {
		return a.principal != nil || a.caller.Kind == CallerRoot && !a.caller.External
	}
	return x.targets[side] != nil && x.d.sides[side].s.mayReach(a, x.targets[side])
}

// lists reports whether who-can lists a caller by its name if it may do something:
// see Solver.candidates. Of strangers the entry "*" speaks.
func (x *diffText) lists(side int, a *actor) bool {
	if !x.reaches(side, a) {
		return false
	}
	c, t := &a.caller, x.targets[side]
	if !x.listed || a.principal != nil || c.Kind == CallerRoot && !c.External {
		return true
	}
	name, kind := t.node()
	s := x.d.sides[side].s
	for n := range s.lookup.In(name, kind) {
		if n.Name == c.ARN || c.Kind == CallerOutsider && (n.Name == c.Account || n.Kind == graphmodel.Public && s.inv.Account(c.Account) != nil) {
			return true
		}
	}
	return false
}
