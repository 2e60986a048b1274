package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// escalation writes what a summit is.
func (sm *summit) escalation() Escalation {
	e := Escalation{Principal: sm.p, Admin: true}
	e.write(sm.p, sm.legs)
	return e
}

func (e *Escalation) write(p *inventory.Principal, legs []leg) {
	when := guard.True
	e.Path = []Step{{Principal: p.ARN}}
	for _, l := range legs {
		when = guard.And(when, l.when)
		e.If = appendNew(e.If, l.ifs...)
		l.because = slices.DeleteFunc(slices.Clone(l.because), func(r StatementRef) bool { return r.stmt == everything.Statements[0] }) // not there yet
		e.Because = append(e.Because, l.because...)
		l.because = withoutRepeats(l.because) // several calls of a leg may rest on one statement
		if l.kind == "" {
			continue // what the last principal is
		}
		blocks, _, _ := l.when.Blocks()
		e.Path = append(e.Path, Step{Principal: l.to.ARN, Kind: l.kind, Through: cmp.Or(l.through, strings.Join(l.means(), "; ")), Condition: blocks, Because: nonNil(l.because), calls: l.calls})
	}
	blocks, truth, exact := when.Blocks()
	if e.Condition = blocks; truth == policy.False || !exact {
		e.If = appendNew(e.If, when.Reasons()...)
	}
	if truth == policy.False {
		// No one request can meet all of it, but each call is a request of its own.
		e.If = appendNew(e.If, "the calls can be made apart: their conditions on "+strings.Join(when.Keys(), ", ")+" exclude each other in one request")
	}
	if len(e.Path) == 1 {
		e.Path = nil
	}
	e.Because = sortRefs(nonNil(e.Because))
}
