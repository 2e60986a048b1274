package permission_test

import (
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/permission"
)

// Law: in the space of what lies behind a literal text, a long list of resources
// covers what its patterns cover one by one.
func TestPatternsOutsideDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []arn.Pattern
		for _, text := range rapid.SliceOfN(rapid.SampledFrom(patternTexts), 2, 6).Draw(t, "patterns") {
			list = append(list, arn.NewPattern(arn.NewGlob(text), true))
		}
		within := arn.NewGlob(rapid.SampledFrom([]string{"arn:aws:s3:::bucket/*", "arn:aws:s3:::b*", "arn:aws:sqs:eu-west-1:111111111111:*", "arn:aws:sns:*"}).Draw(t, "within"))
		// One by one, nothing is left out of them.
		s := permission.NewSpace(permission.Config{Within: within, Unions: [][]arn.Pattern{list}, Resources: list})
		label := func(patterns ...arn.Pattern) *permission.Label {
			return s.Requests(s.Named([]string{"s3:GetObject"}), s.Covered(patterns...), s.Always())
		}
		whole, parts := label(list...), s.Nothing()
		for _, p := range list {
			parts = s.Union(parts, label(p))
		}
		if !s.SubsetOf(whole, parts) || !s.SubsetOf(parts, whole) {
			t.Errorf("within %s, %v as a whole is not the same as one by one", within, list)
		}
	})
}
