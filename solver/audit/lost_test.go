package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// A bucket that everybody may read, by a policy that combines in too many ways to be
// told apart, is no bucket that nobody reads: the audit says that it does not know
// (E236), whatever it looks for.
func TestLost(t *testing.T) {
	t.Parallel()
	w := newWorld()
	var list []string
	for i := range 40 {
		list = append(list, granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*",
			fmt.Sprintf(`{"StringEquals":{"s3:ExistingObjectTag/a%02d":"x","s3:ExistingObjectTag/z%02d":"x"}}`, i, i)))
	}
	for i := range 40 {
		list = append(list, strings.Replace(granting(`"*"`, "s3:GetObject", fmt.Sprintf("arn:aws:s3:::data/*word%02d/*", i), ""), "Allow", "Deny", 1))
	}
	bucket := w.bucket(list...)
	for _, selected := range [][]string{nil, {"admin-equivalent"}} {
		rep := w.run(t, func(c *audit.Config) { c.Select = selected })
		if rep.Complete || !slices.ContainsFunc(rep.Unknown, func(g solver.Gap) bool { return g.What == bucket.ARN && strings.Contains(g.Why, "too many ways") }) {
			t.Errorf("of %v: complete %v, unknown %v", selected, rep.Complete, rep.Unknown)
		}
	}
}
