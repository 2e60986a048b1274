package solver

import (
	"encoding/binary"
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
	shapes     map[string]uint32 // numbers of statements that say the same of it
}

// An asked is one of the resources of a subject.
type asked struct {
	text    string
	literal bool
	glob    arn.Glob
}

// A bearing is what a document has to do with a subject.
type bearing struct {
	speaking []utterance // the statements that may speak about it
	allows   bool        // some Allow speaks about one of the actions, on whatever resource
	damaged  bool        // nobody knows all it says
	tells    tells       // what the statements read of callers
}

// An utterance is a statement that may speak about a subject.
type utterance struct {
	st *policy.Statement
	// shape is equal for statements that say the same of the subject, whatever
	// their Sids, places and policies.
	shape uint32
}

// shape returns the number of all statements that say the same of the subject.
func (sub *subject) shape(doc *policy.Document, st *policy.Statement) uint32 {
	b := append(written(doc, st), 1)
	for i := range st.Resources {
		if r := &st.Resources[i]; st.NotResource || sub.mayHold(wide(r)) {
			b = append(append(b, r.Text...), 0)
		}
	}
	n, known := sub.shapes[string(b)]
	if !known {
		n = uint32(len(sub.shapes)) //nolint:gosec // memory ends long before
		sub.shapes[string(b)] = n
	}
	return n
}

// wide returns a pattern that covers all that an entry of a Resource element
// can.
func wide(r *policy.ResourcePattern) arn.Pattern {
	p, state, _ := r.Expand(anyContext{})
	if state != policy.Present {
		p = r.Wide(anyContext{})
	}
	return p
}

// tells are the parts of statements whose outcome differs between callers of one
// kind.
type tells struct {
	tests    []*policy.Condition
	patterns []*policy.ResourcePattern
	// session says that some of it is about what the sessions of a role carry, which
	// differs from one to the next.
	session bool
}

func (t *tells) add(o tells) {
	t.tests, t.patterns = append(t.tests, o.tests...), append(t.patterns, o.patterns...)
	t.session = t.session || o.session
}

// bothTell are the parts of two.
func bothTell(a, b *tells) (all tells) {
	all.add(*a)
	all.add(*b)
	return all
}

func (t *tells) none() bool { return len(t.tests) == 0 && len(t.patterns) == 0 }

// newSubject returns the subject of some asks about a target.
func newSubject(t *target, asks []ask) *subject {
	sub := &subject{services: map[string]bool{}, further: map[string]bool{}, remembered: map[*policy.Document]bearing{}, shapes: map[string]uint32{}}
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
			b.speaking = append(b.speaking, utterance{st, sub.shape(doc, st)})
			b.tells.add(tellsOf(st))
		}
	}
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
		p := wide(&st.Resources[i])
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

// tellsOf returns what a statement reads of callers.
func tellsOf(st *policy.Statement) (t tells) {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if tellsApart(c.LowerKey()) || slices.ContainsFunc(c.Variables(), tellsApart) {
			t.tests = append(t.tests, c)
		}
	}
	t.session = readsSession(st) || slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.RoleSession })
	t.patterns = patternsThatTell(st)
	return t
}

// patternsThatTell returns the resources of a statement that differ between callers.
func patternsThatTell(st *policy.Statement) (out []*policy.ResourcePattern) {
	for i := range st.Resources {
		if slices.ContainsFunc(st.Resources[i].Variables(), tellsApart) {
			out = append(out, &st.Resources[i])
		}
	}
	return out
}

// tellsApart reports whether the values of a key differ between callers of one
// kind.
func tellsApart(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, "aws:principal") || strings.HasPrefix(key, "iam:principaltag") ||
		key == "aws:userid" || key == "aws:username" || key == "kms:calleraccount"
}

// appendTells appends what comes of the parts that tell callers apart, as e sees
// them: equal bytes for callers of whom they say the same.
func (sub *subject) appendTells(b []byte, t *tells, e *eval) []byte {
	for _, c := range t.tests {
		truth := c.Test(e)
		b = append(b, byte(truth))
		if truth != policy.Unknown {
			continue
		}
		b = appendValue(b, e.Value(c.LowerKey())) // what the condition left open is about
		for _, k := range c.Variables() {
			b = appendValue(b, e.Value(strings.ToLower(k)))
		}
	}
	for _, r := range t.patterns {
		p, state, _ := r.Expand(e)
		b = append(b, byte(state))
		switch {
		case state == policy.Present && !sub.mayHold(p):
			b = append(b, 0)
		case state != policy.Absent:
			b = append(b, 1)
			for _, k := range r.Variables() {
				b = appendValue(b, e.Value(strings.ToLower(k)))
			}
		}
	}
	return b
}

// mayHold reports whether a pattern may cover something that is asked about.
func (sub *subject) mayHold(p arn.Pattern) bool {
	return len(sub.resources) == 0 || len(sub.further) > 0 ||
		slices.ContainsFunc(sub.resources, func(a asked) bool { return a.mayBeIn(p) })
}

// appendValue appends bytes that are equal for equal values only.
func appendValue(b []byte, v policy.Value) []byte {
	text := func(s string) {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	b = append(b, byte(v.State))
	text(v.One)
	text(string(v.Within))
	b = binary.AppendVarint(b, v.From.Unix())
	b = binary.AppendUvarint(b, uint64(len(v.Except)))
	for _, g := range v.Except {
		text(string(g))
	}
	b = appendBit(b, v.Never != nil) // what it says, the test has said
	b = binary.AppendUvarint(b, uint64(len(v.Many)))
	for _, s := range v.Many {
		text(s)
	}
	return b
}

// written writes a statement without its resources and principals.
func written(doc *policy.Document, st *policy.Statement) []byte {
	b := make([]byte, 0, 128)
	for _, yes := range []bool{st.Effect == policy.Deny, st.NotAction, st.NotResource, len(st.Resources) == 0, st.HasPrincipal, doc.Variables()} {
		b = appendBit(b, yes)
	}
	text := func(s string) { b = append(append(b, s...), 0) }
	for i := range st.Actions {
		text(st.Actions[i].Text)
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		b = append(b, 2)
		text(c.Operator.String())
		text(c.Key)
		for _, v := range c.Values {
			text(v)
		}
	}
	return b
}
