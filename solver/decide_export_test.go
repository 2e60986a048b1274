package solver

import (
	"strings"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// ValueIn returns what Decide takes a request to hold under key, in lower case.
func ValueIn(c *Case, key string) policy.Value { return newEval(c, false).Value(key) }

// Bound limits the diagrams of contexts of what a solver is asked.
func (s *Solver) Bound(contexts int) { s.spaces.contexts = contexts }

// An Effective is what the symbolic engine says about a case.
type Effective struct{ x *effective }

// EffectOn asks the engine about all actions on what asked covers; c is the
// case of the first.
func EffectOn(c *Case, actions []string, asked string) Effective {
	one := *c
	one.Resource = asked
	q := newInquiry(asked)
	q.read(&one, groupOf(actions))
	return Effective{q.effective(q.space(), q.sides, false)}
}

// Allows reports whether a request is in the label.
func (e Effective) Allows(action, resource string, values policy.Values) bool {
	return e.x.space.Contains(e.x.label, e.request(action, resource, values))
}

func (e Effective) request(action, resource string, values policy.Values) *permission.Request {
	r := &permission.Request{Action: action, Resource: resource, Context: values}
	covers := func(text string) bool {
		p := policy.NewResourcePattern(text, policy.Resource, policy.Version2012)
		one, state, _ := p.Expand(values)
		return state == policy.Present && one.Match(resource) != 0
	}
	for q, o := range e.x.open {
		if covers(o.text) {
			r.Open = append(r.Open, q)
		}
	}
	// Of a single resource, what no condition says is asked in words.
	for _, p := range e.x.space.Pieces(e.x.label) {
		_, asked := e.x.space.Keys(p.When)
		for _, q := range asked {
			if text, ok := strings.CutPrefix(q, "whether "); ok {
				if text, ok = strings.CutSuffix(text, " covers "+resource); ok && covers(text) {
					r.Open = append(r.Open, q)
				}
			}
		}
	}
	return r
}

func groupOf(actions []string) *group {
	g := &group{actions: actions}
	for _, a := range actions {
		service, name := splitAction(a)
		g.lower = append(g.lower, lowerAction{service, name})
	}
	return g
}

// A Difference is what one of two cases allows and the other does not.
type Difference struct {
	Sample permission.Request
	Some   bool // there is any
	Exact  bool // no question that policy language can't express bears on it
}

// Differences asks the engine about two cases in one space: what the first
// allows alone, and what the second does. Keys that are certainly present for
// the caller of the first are for both.
func Differences(cases [2]*Case, actions []string, asked string) (out [2]Difference) {
	q := newInquiry(asked)
	for _, c := range cases {
		one := *c
		one.Resource = asked
		q.read(&one, groupOf(actions))
	}
	q.v.Domains = domainsOf(newEval(cases[0], false), q.v.Tests)
	sp := permission.NewSpace(q.v.Config)
	var x [2]*effective
	for i, s := range q.sides {
		x[i] = &effective{space: sp, label: sp.Nothing(), open: q.open}
		x[i].add(s)
	}
	for i := range out {
		d := sp.Subtract(x[i].label, x[1-i].label)
		out[i].Sample, out[i].Some = sp.Sample(d)
		out[i].Exact = sp.Exact(d)
	}
	return out
}
