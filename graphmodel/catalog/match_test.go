package catalog_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/catalog"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		want    []string
	}{
		{pattern: "s3:GetObject", want: []string{"s3:GetObject"}},
		{pattern: "S3:gETobject", want: []string{"s3:GetObject"}},
		{pattern: "s3:GetObjectT*", want: []string{"s3:GetObjectTagging", "s3:GetObjectTorrent"}},
		{pattern: "s3:?etObject", want: []string{"s3:GetObject"}},
		{pattern: "sts:*WebIdentity", want: []string{"sts:AssumeRoleWithWebIdentity"}},
		{pattern: "iam:Pa*Role", want: []string{"iam:PassRole"}},
		{pattern: "kms:Decryp?", want: []string{"kms:Decrypt"}},
		{pattern: "kms:Decrypt?"},
		{pattern: "kms:"},
		{pattern: ""},
		{pattern: "no-such:*"},
		{pattern: "zzzz*"},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			got := actionNames(slices.Collect(catalog.Default().Match(tt.pattern)))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("Match(%q) (-want +got):\n%s", tt.pattern, d)
			}
		})
	}
}

func TestMatchStops(t *testing.T) {
	t.Parallel()
	n := 0
	for range catalog.Default().Match("*") {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("stopped after %d, want 3", n)
	}
}

// naiveMatch is the definition of an action pattern, with no cleverness.
func naiveMatch(pattern, s string) bool {
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return naiveMatch(pattern[1:], s) || s != "" && naiveMatch(pattern, s[1:])
	default:
		return s != "" && (pattern[0] == '?' || pattern[0] == s[0]) && naiveMatch(pattern[1:], s[1:])
	}
}

// Law: Match is a scan of the whole catalog with the naive matcher.
func TestMatchEqualsNaiveScan(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	patterns := []string{
		"*", "**", "?", "*:*", "s3:*", "s3:Get*", "S3:GET*", "s3*", "*:Get*", "iam:*Role*", "ec2:Describe*",
		"*s3*", "s?:*", "ec2:Run?nstances", "*Policy", "lambda:*Function*URL*", "s3:**Object", "*?*:?*",
	}
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed seed is wanted
	for range 60 {
		a, _ := c.ByID(catalog.ActionID(rng.IntN(c.NumActions()))) //nolint:gosec // in range
		patterns = append(patterns, mutate(rng, a.Name))
	}
	for _, p := range patterns {
		t.Run(p, func(t *testing.T) {
			t.Parallel()
			var want []string
			for i := range c.NumActions() {
				a, _ := c.ByID(catalog.ActionID(i)) //nolint:gosec // in range
				if naiveMatch(strings.ToLower(p), strings.ToLower(a.Name)) {
					want = append(want, a.Name)
				}
			}
			if d := cmp.Diff(want, actionNames(slices.Collect(c.Match(p)))); d != "" {
				t.Errorf("Match(%q) (-naive +got):\n%s", p, d)
			}
		})
	}
}

// mutate replaces one to three pieces of name by wildcards.
func mutate(rng *rand.Rand, name string) string {
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(name))
		j := i + rng.IntN(min(6, len(name)-i)+1)
		name = name[:i] + []string{"*", "?", "**", "?*"}[rng.IntN(4)] + name[j:]
	}
	return name
}
