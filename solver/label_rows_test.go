package solver_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Each row once came out otherwise in the label than in Decide. It is held for
// all values of the keys that it names.
func TestLabelRows(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, text string }{
		{"E22 named by everybody and by a session", "R s3:GetObject O | rbp +s3:*@O P=*,S"},
		{"E22 a Deny for everybody and for a session", "R s3:GetObject O | idp +*@* | rbp -s3:*@O P=*,S"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			c := caseOf(t, r.text+" | open")
			x := solver.EffectOn(c, []string{c.Action}, c.Resource)
			for _, values := range everyContext(c, r.text) {
				fixed := *c
				fixed.Context = solver.Context{Values: maps.Clone(values), Complete: true}
				d := solver.Decide(&fixed)
				if got, want := x.Allows(c.Action, c.Resource, values), d.Outcome == solver.Allowed; got != want {
					t.Errorf("%s with %v: the label says %v, Decide %v", r.text, values, got, d.Outcome)
				}
			}
		})
	}
}

// everyContext lists all values of the open keys that a case names, of
// aws:userid when it is open; the others are absent.
func everyContext(c *solver.Case, text string) []policy.Values {
	list := []policy.Values{{}}
	for _, key := range sortedKeys(drawnKeys) {
		v := solver.ValueIn(c, key)
		if v.State != policy.Open || v.Within == "" && !strings.Contains(strings.ToLower(text), key) {
			continue
		}
		var next []policy.Values
		for _, choice := range append(slices.Clone(drawnKeys[key]), "~") {
			if v.Within != "" && !v.Within.Match(choice) {
				continue
			}
			for _, values := range list {
				more := maps.Clone(values)
				more[key] = contextValue(key, choice)
				if sendable(more) {
					next = append(next, more)
				}
			}
		}
		list = next
	}
	return list
}
