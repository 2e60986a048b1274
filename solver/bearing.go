package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// A subject is what a question is about, as far as it tells which statements can
// bear on the answer: those that speak of one of its actions and may cover one
// of its resources.
type subject struct {
	resources []asked
	actions   []lowerAction
	services  map[string]bool
	// further are the actions of further checks of the same call, on whatever
	// resource (E32).
	further    map[string]bool // their services
	remembered map[*policy.Document]bearing
}

// An asked is one of the resources of a subject.
type asked struct {
	text    string
	literal bool
	glob    arn.Glob
}

// A bearing is what a document has to do with a subject.
type bearing struct {
	bears   bool     // some statement may speak about it
	allows  bool     // some Allow speaks about one of the actions, on whatever resource
	damaged bool     // nobody knows all it says
	keys    []string // those that the statements test and that differ between callers, in lower case
}

// newSubject returns the subject of some asks about a target.
func newSubject(t *target, asks []ask) *subject {
	sub := &subject{services: map[string]bool{}, further: map[string]bool{}, remembered: map[*policy.Document]bearing{}}
	for _, k := range asks {
		a := asked{text: k.resource, literal: !strings.ContainsAny(k.resource, "*?") || k.resource == "*", glob: arn.NewGlob(k.resource)}
		sub.resources = append(sub.resources, a)
		for _, name := range k.actions {
			service, lower := splitAction(name)
			sub.services[service] = true
			sub.actions = append(sub.actions, lowerAction{service, lower})
			sub.addFurther(t, service, service+":"+lower)
		}
	}
	slices.SortFunc(sub.actions, func(a, b lowerAction) int {
		return strings.Compare(a.service+":"+a.name, b.service+":"+b.name)
	})
	sub.actions = slices.Compact(sub.actions)
	if t.bucket != nil || t.carrier != nil && t.carrier.AccessPoint != nil {
		sub.resources = nil // policies also speak about what lies behind: all of them count
	}
	return sub
}

// addFurther notes what else an action asks for.
func (sub *subject) addFurther(t *target, service, action string) {
	if t.carrier != nil && len(kmsNeeds[action]) > 0 {
		sub.further["kms"] = true
	}
	for _, n := range callNeeds[action] {
		needed, _ := splitAction(n.action)
		sub.further[needed] = true
	}
	switch service {
	case "glue": // its databases and its catalog (E210)
		sub.further["glue"] = true
	case "sts": // tags and source identities of the session (E136)
		sub.further["sts"] = true
	}
}

// bearing returns what a document has to do with the subject, each document
// looked at once.
func (sub *subject) bearing(doc *policy.Document) bearing {
	if b, ok := sub.remembered[doc]; ok {
		return b
	}
	b := bearing{damaged: len(doc.Faults) > 0 && doc.Damaged()}
	for _, st := range doc.Statements {
		if st.Broken {
			continue
		}
		own := sub.speaksOf(st, sub.services) && sub.names(st)
		b.allows = b.allows || own && st.Effect == policy.Allow
		if own && sub.covers(st) || len(sub.further) > 0 && sub.speaksOf(st, sub.further) {
			b.bears = true
			b.keys = append(b.keys, callerKeys(st)...)
		}
	}
	slices.Sort(b.keys)
	b.keys = slices.Compact(b.keys)
	sub.remembered[doc] = b
	return b
}

// speaksOf reports whether a statement may be about actions of some services.
func (sub *subject) speaksOf(st *policy.Statement, services map[string]bool) bool {
	return st.NotAction || slices.ContainsFunc(st.Actions, func(a policy.Action) bool { return a.All() || services[a.Service()] })
}

// manyActions is the number of actions up to which each is looked for in a
// statement; of more, services say enough.
const manyActions = 200

// names reports whether a statement is about one of the actions.
func (sub *subject) names(st *policy.Statement) bool {
	return len(sub.actions) > manyActions || slices.ContainsFunc(sub.actions, func(a lowerAction) bool { return st.MatchAction(a.service, a.name) })
}

// covers reports whether a statement may cover one of the resources.
func (sub *subject) covers(st *policy.Statement) bool {
	if len(sub.resources) == 0 || len(st.Resources) == 0 || st.NotResource {
		return true
	}
	for i := range st.Resources {
		r := &st.Resources[i]
		p, state, _ := r.Expand(anyContext{})
		if state != policy.Present {
			p = r.Wide(anyContext{})
		}
		for j := range sub.resources {
			if sub.resources[j].mayBeIn(p) {
				return true
			}
		}
	}
	return false
}

// mayBeIn reports whether a pattern may cover the resource or, where it stands
// for several, some of them.
func (a *asked) mayBeIn(p arn.Pattern) bool {
	if a.literal {
		return p.Match(a.text) != arn.NoFit
	}
	return p.All() || arn.Overlaps(p.Glob(), a.glob)
}

// anyContext leaves every key open.
type anyContext struct{}

// Value returns an open value.
func (anyContext) Value(string) policy.Value { return openValue }

// callerKeys lists the keys that a statement reads and whose values differ
// between callers of one kind, in lower case.
func callerKeys(st *policy.Statement) (keys []string) {
	add := func(key string) {
		switch {
		case strings.HasPrefix(key, "aws:principal"), strings.HasPrefix(key, "iam:principaltag"),
			key == "aws:userid", key == "aws:username", key == "kms:calleraccount":
			keys = append(keys, key)
		}
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		add(c.LowerKey())
		for _, k := range c.Variables() {
			add(strings.ToLower(k))
		}
	}
	for i := range st.Resources {
		for _, k := range st.Resources[i].Variables() {
			add(strings.ToLower(k))
		}
	}
	return keys
}
