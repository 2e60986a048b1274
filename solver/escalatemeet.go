package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// maxMeet bounds the combinations of patterns that are tried; beyond it they are
// taken to meet.
const maxMeet = 4096

// meets reports whether statements allow all of needs on one thing of a kind, by
// their resources alone, field by field. Only statements count whose conditions, if they
// have any, may hold of calls that are made so, or do where sure is set. Read as one text, role/a-* and role/b-* of any account have names in
// common, with a colon in them, as a * may run on past a field (E35): nobody calls anything so.
func (d *judge) meets(st *state, kind string, needs []escalation.Need, how *manner, sure bool) bool {
	lists := make([][]arn.Pattern, 0, len(needs))
	for i := range needs {
		list, any := d.allowedOn(st, needs, i, kind, how, sure)
		if !any {
			lists = append(lists, list)
		}
	}
	tries := 0
	var fit func(chosen []arn.Pattern, rest [][]arn.Pattern) bool
	fit = func(chosen []arn.Pattern, rest [][]arn.Pattern) bool {
		if len(rest) == 0 {
			return true
		}
		for _, p := range rest[0] {
			if tries++; tries > maxMeet {
				return true
			}
			apart := false
			for _, q := range chosen {
				apart = apart || !p.Overlaps(q)
			}
			if !apart && fit(append(chosen[:len(chosen):len(chosen)], p), rest[1:]) {
				return true
			}
		}
		return false
	}
	return fit([]arn.Pattern{arn.NewPattern(arn.NewGlob(kind), false)}, lists)
}

// allowedOn lists the resources of the Allow statements about a need; any says that
// some of them can't be compared field by field. A thing of the caller's choice has no
// policy that is known.
func (d *judge) allowedOn(st *state, needs []escalation.Need, at int, kind string, how *manner, sure bool) (list []arn.Pattern, any bool) {
	n := &needs[at]
	for _, action := range n.Actions {
		if lower := strings.ToLower(action); callNeeds[lower] != nil || openWithoutPolicy[lower] {
			return nil, true
		}
		for _, r := range d.speaking(st, action).identity {
			if r.st.Effect != policy.Allow {
				continue
			}
			if when := d.leftOpen(st, action, kind, r.st, needs, how); when == guard.False || sure && when != guard.True {
				continue
			}
			if r.st.NotResource || !static(r.st) {
				return nil, true
			}
			for i := range r.st.Resources {
				pattern, state, _ := r.st.Resources[i].Expand(policy.Values{})
				if state != policy.Present || !pattern.All() && strings.Count(r.st.Resources[i].Text, ":") < 5 {
					return nil, true
				}
				if reservedName(kind, r.st.Resources[i].Text) {
					continue
				}
				list = append(list, pattern)
			}
		}
	}
	return list, false
}

// reservedName reports whether a pattern names documents of Systems Manager that no account
// has of its own, as kind asks for: names that begin so are those of AWS. Source: Systems
// Manager API reference, CreateDocument, 2026 crawl.
func reservedName(kind, text string) bool {
	_, name, ok := strings.Cut(strings.ToLower(text), ":document/")
	return ok && arn.Service(kind) == "ssm" && arn.Account(kind) != "" &&
		(strings.HasPrefix(name, "aws") || strings.HasPrefix(name, "amazon") || strings.HasPrefix(name, "amzn"))
}

// leftOpen returns what the conditions of a statement leave open whenever a state makes a call
// on a thing of a kind: nothing of those that ask who it is, or what it chooses.
func (d *judge) leftOpen(st *state, action, kind string, s *policy.Statement, needs []escalation.Need, how *manner) *guard.Expr {
	if len(s.Conditions) == 0 {
		return guard.True
	}
	t := d.c.s.targetOf(kind)
	if !arn.IsAccountID(t.account) {
		t.account = d.in.ID
	}
	t.place()
	e, when := newEval(d.c.s.caseFor(&st.a, action, t, kind), false), guard.True
	for i := range s.Conditions {
		if when = guard.And(when, e.condition(&s.Conditions[i])); when == guard.False {
			return when
		}
	}
	if when == guard.True {
		return when
	}
	return how.apply(when, action, kind, makerIn(needs, kind))
}
