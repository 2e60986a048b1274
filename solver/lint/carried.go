package lint

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// carried finds tests on keys that no request of those carries whom the statement names.
func (l *linter) carried() {
	for _, st := range l.sound() {
		if st.NotPrincipal || len(st.Principals) == 0 {
			continue
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			if c.Test(policy.Values{}) != policy.False || slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return !solver.NeverCarried(&p, c.LowerKey()) }) {
				continue
			}
			if l.reported(l.places.Condition(st, c).Pointer, ruleKeyUnknown, ruleKeyElsewhere) {
				continue
			}
			l.report(ruleKeyElsewhere, st, l.places.Condition(st, c), says{
				remedy:  "use a key that those carry whom the statement names, or name those who carry it",
				message: fmt.Sprintf("no request of %s carries %s, so %s never applies (E124, E151, E216, E221)", whomOf(st), c.Key, nameOf(st)),
			})
		}
	}
}

// whomOf says in words whom a statement names.
func whomOf(st *policy.Statement) string {
	if len(st.Principals) == 1 {
		return st.Principals[0].Text
	}
	return "those whom it names"
}
