package solver_test

import (
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// mutate draws another case that differs from a case in one thing: another
// caller, or one statement in place of another.
func mutate(t *rapid.T, text string) string {
	clauses := strings.Split(text, " | ")
	var gates []int
	for i, c := range clauses {
		switch name, _, _ := strings.Cut(c, " "); name {
		case "idp", "pb", "sess", "scp", "rcp", "vpce", "rbp":
			gates = append(gates, i)
		}
	}
	first := strings.Fields(clauses[0])
	if len(gates) == 0 || rapid.IntRange(0, 3).Draw(t, "mutated") == 0 {
		clauses[0] = drawnCallers.Draw(t, "other caller") + " " + first[1] + " " + first[2]
		return strings.Join(clauses, " | ")
	}
	at := rapid.SampledFrom(gates).Draw(t, "gate")
	gate, rest, _ := strings.Cut(clauses[at], " ")
	list := strings.Split(rest, " ; ")
	i := rapid.IntRange(0, len(list)-1).Draw(t, "statement")
	list[i] = rapid.Custom(func(t *rapid.T) string { return drawStatement(t, gate, first[1]+" "+first[2], "") }).Draw(t, "other statement")
	clauses[at] = gate + " " + strings.Join(list, " ; ")
	return strings.Join(clauses, " | ")
}

// Law: a sample of what one label holds and another does not is a request on
// which Decide tells the two apart, and where there is none Decide tells
// nothing apart.
func TestDifferenceAgreesWithDecide(t *testing.T) {
	t.Parallel()
	differ, opaque := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		texts := [2]string{rapid.Custom(func(t *rapid.T) string { return drawCase(t) + " | open" }).Draw(t, "case")}
		texts[1] = rapid.Custom(func(t *rapid.T) string { return mutate(t, texts[0]) }).Draw(t, "other case")
		cases := [2]*solver.Case{caseOf(t, texts[0]), caseOf(t, texts[1])}
		asked, inside := drawAsked(t, cases[0])
		actions := []string{cases[0].Action}
		for i, d := range solver.Differences(cases, actions, asked) {
			switch {
			case !d.Exact:
				opaque++
			case d.Some:
				mine, theirs := told(cases[i], d.Sample.Action, d.Sample.Resource, d.Sample.Context), told(cases[1-i], d.Sample.Action, d.Sample.Resource, d.Sample.Context)
				if mine == policy.Unknown || theirs == policy.Unknown {
					continue // nobody can send it as both
				}
				differ++
				if mine != policy.True || theirs != policy.False {
					t.Fatalf("%s on %s with %v: Decide says %v and %v\ncase: %s\nother: %s", d.Sample.Action, d.Sample.Resource, d.Sample.Context, mine, theirs, texts[i], texts[1-i])
				}
			default:
				values, _ := drawOpen(t, cases[i])
				resource := rapid.SampledFrom(inside).Draw(t, "resource")
				if !sendable(values) {
					continue
				}
				if told(cases[i], actions[0], resource, values) == policy.True && told(cases[1-i], actions[0], resource, values) == policy.False {
					t.Fatalf("%s on %s with %v: Decide tells the cases apart, the labels do not\ncase: %s\nother: %s", actions[0], resource, values, texts[i], texts[1-i])
				}
			}
		}
	})
	t.Logf("%d samples decided, %d differences left out because a question decides that no request answers", differ, opaque)
}

// drawAsked draws what is asked about: the resource of a case, or all that a
// pattern covers.
func drawAsked(t *rapid.T, c *solver.Case) (asked string, inside []string) {
	asked, inside = c.Resource, []string{c.Resource}
	for _, pattern := range sortedKeys(askedResources) {
		if strings.HasPrefix(c.Resource, pattern[:len("arn:aws:s")+2]) && rapid.Bool().Draw(t, "pattern") {
			asked, inside = pattern, askedResources[pattern]
		}
	}
	return asked, inside
}

// told asks Decide about a request that carries values: Unknown when the caller
// of the case can't send it, or when something decides that it does not carry.
func told(c *solver.Case, action, resource string, values policy.Values) policy.Truth {
	one := *c
	one.Action, one.Resource = action, resource
	one.Context = solver.Context{Values: map[string]policy.Value{}, Complete: true}
	carried := policy.Values{}
	keys := maps.Clone(values)
	for key := range drawnKeys {
		keys[key] = values[key]
	}
	for key, v := range keys {
		fixed := solver.ValueIn(c, key)
		switch {
		case fixed.State != policy.Open:
			one.Context.Values[key], carried[key] = fixed, fixed
		case fixed.Within != "" && (v.State != policy.Present || !fixed.Within.Match(v.One)):
			return policy.Unknown
		default:
			one.Context.Values[key], carried[key] = v, v
		}
	}
	if !sendable(carried) {
		return policy.Unknown
	}
	d := solver.Decide(&one)
	return access(&d, carried)
}
