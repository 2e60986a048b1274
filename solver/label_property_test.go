package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// askedResources are what random cases are asked about as a whole, with
// resources inside to decide one by one.
var askedResources = map[string][]string{
	"arn:aws:s3:::data/*":                  {"arn:aws:s3:::data/k1", "arn:aws:s3:::data/k2", "arn:aws:s3:::data/x", "arn:aws:s3:::data/y", "arn:aws:s3:::data/"},
	"arn:aws:s3:::d*":                      {"arn:aws:s3:::data", "arn:aws:s3:::data/k1", "arn:aws:s3:::data/x", "arn:aws:s3:::dart"},
	"arn:aws:sqs:us-east-1:111111111111:*": {"arn:aws:sqs:us-east-1:111111111111:q1", "arn:aws:sqs:us-east-1:111111111111:q2"},
}

// Law: a request is in the label exactly when Decide allows it, whatever the
// open keys are: of one resource, and of all that a pattern covers.
func TestLabelAgreesWithDecide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t) + " | open" }).Draw(t, "case")
		c := caseOf(t, text)
		asked, inside := drawAsked(t, c)
		actions := []string{c.Action}
		if rapid.Bool().Draw(t, "more actions") {
			actions = append(actions, map[string]string{"s3": "s3:GetObjectAcl", "sqs": "sqs:ReceiveMessage", "kms": "kms:Encrypt", "sts": "sts:TagSession"}[strings.Split(c.Action, ":")[0]])
		}
		if len(c.KMSGrants) > 0 || strings.HasPrefix(c.Action, "sts:") {
			actions = actions[:1] // others come out otherwise by AWS's tables
		}
		x := solver.EffectOn(c, actions, asked)
		for range 8 {
			values, fixed := drawOpen(t, c)
			if !sendable(values) {
				continue
			}
			one := *fixed
			one.Action = rapid.SampledFrom(actions).Draw(t, "action")
			one.Resource = rapid.SampledFrom(inside).Draw(t, "resource")
			d := solver.Decide(&one)
			want := access(&d, values)
			if want == policy.Unknown {
				continue // a question that nobody can answer decides
			}
			if got := x.Allows(one.Action, one.Resource, values); got != (want == policy.True) {
				t.Fatalf("the label of %v on %s says %v of %s on %s, Decide %v (%v)\ncase: %s\nvalues: %v",
					actions, asked, got, one.Action, one.Resource, want, d.Outcome, text, values)
			}
		}
	})
}

// sendable reports whether a request can carry the values together (E219).
func sendable(values policy.Values) bool {
	return !slices.ContainsFunc(guard.Exclusions(), func(x guard.Exclusion) bool {
		a, b := values[x.Key], values[x.Other]
		return a.State == policy.Present && (x.Value == "" || a.One == x.Value) && b.State == policy.Present
	})
}
