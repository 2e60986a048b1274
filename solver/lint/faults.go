package lint

import (
	"strings"

	"pathfinder/graphmodel/policy"
)

// faults takes over what the parser found.
func (l *linter) faults() {
	for i := range l.doc.Faults {
		f := &l.doc.Faults[i]
		var st *policy.Statement
		if f.Statement >= 0 && f.Statement < len(l.doc.Statements) {
			st = l.doc.Statements[f.Statement]
		}
		id := l.ruleOfFault(f, st)
		s := says{message: f.Message, suggestion: f.Instead}
		if id == ruleNotPrincipalAllow && l.doc.Kind == policy.RCP {
			id = ruleRefused // it opens nothing by itself
		}
		l.report(id, st, f.Place, s)
	}
}

// ruleOfFault says under which rule a fault falls. AWS refuses to save broken
// and refused ones alike.
func (l *linter) ruleOfFault(f *policy.Fault, st *policy.Statement) string {
	switch f.Severity {
	case policy.Broken:
		return ruleBroken
	case policy.Refused:
		if st != nil && st.NotPrincipal && st.Effect == policy.Allow && strings.HasSuffix(f.Place.Pointer, "/NotPrincipal") {
			return ruleNotPrincipalAllow
		}
		return ruleRefused
	case policy.Advice:
	}
	if st == nil {
		return ruleValueUnreadable
	}
	for i := range st.Conditions {
		if c := &st.Conditions[i]; c.MissesSet() && l.places.Condition(st, c) == f.Place {
			return ruleListKey
		}
	}
	if strings.HasPrefix(f.Place.Pointer, l.places.Statement(st).Pointer+"/Condition/") {
		return ruleValueUnreadable
	}
	return ruleVariableOpen
}

// resources takes over what a review of the ARNs found (E33 to E43).
func (l *linter) resources() {
	for _, f := range l.doc.Review() {
		l.report(ruleResourceNothing, l.doc.Statements[f.Statement], f.Place, says{message: f.Message, suggestion: f.Instead})
	}
}
