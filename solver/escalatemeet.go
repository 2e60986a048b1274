package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/policy"
)

// maxMeet bounds the combinations of patterns that are tried; beyond it they are
// taken to meet.
const maxMeet = 4096

// meets reports whether statements allow all of needs on one thing of a kind, by
// their resources alone, field by field; plain counts only statements whose
// conditions the caller meets, if they have any. Read as one text, role/a-* and role/b-* of any account have names in
// common, with a colon in them, as a * may run on past a field (E35): nobody calls anything so.
func (d *judge) meets(st *state, kind string, needs []escalation.Need, plain bool) bool {
	lists := make([][]arn.Pattern, 0, len(needs))
	for i := range needs {
		list, any := d.allowedOn(st, &needs[i], kind, plain)
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
func (d *judge) allowedOn(st *state, n *escalation.Need, kind string, plain bool) (list []arn.Pattern, any bool) {
	for _, action := range n.Actions {
		if lower := strings.ToLower(action); callNeeds[lower] != nil || openWithoutPolicy[lower] {
			return nil, true
		}
		for _, r := range d.speaking(st, action).identity {
			if r.st.Effect != policy.Allow || plain && !d.fulfilled(st, action, kind, r.st) {
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
				list = append(list, pattern)
			}
		}
	}
	return list, false
}

// fulfilled reports whether the conditions of a statement hold whenever a state makes a call on
// a thing of a kind: such as those that ask who it is.
func (d *judge) fulfilled(st *state, action, kind string, s *policy.Statement) bool {
	if len(s.Conditions) == 0 {
		return true
	}
	t := d.c.s.targetOf(kind)
	if !arn.IsAccountID(t.account) {
		t.account = d.in.ID
	}
	t.place()
	e := newEval(d.c.s.caseFor(&st.a, action, t, kind), false)
	for i := range s.Conditions {
		if s.Conditions[i].Test(e) != policy.True {
			return false
		}
	}
	return true
}
