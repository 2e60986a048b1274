package render_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pathfinder/graphmodel/catalog"
	"pathfinder/render"
)

func TestActions(t *testing.T) {
	t.Parallel()
	get := []string{"s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging"}
	all := append([]string{"s3:PutObject", "s3:DeleteObject"}, get...)
	tests := []struct {
		name            string
		names, universe []string
		want            []string
	}{
		{"none", nil, all, nil},
		{"everything", all, all, []string{"s3:*"}},
		{"one verb", get, all, []string{"s3:Get*"}},
		{"one name", get[:1], all, []string{"s3:GetObject"}},
		{"the name that starts others is left out", get[1:], all, []string{"s3:GetObjectAcl", "s3:GetObjectTagging"}},
		{"not in the catalog", []string{"s3:NewThing"}, all, []string{"s3:NewThing"}},
		{"two services", append([]string{"kms:Decrypt"}, get...), append([]string{"kms:Encrypt", "kms:Decrypt"}, all...), []string{"kms:Decrypt", "s3:Get*"}},
		{"without a service", []string{"odd"}, nil, []string{"odd"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, render.Actions(tt.names, tt.universe)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Of a service of which few actions are missing, these are told; not of several services, or of
// many that are missing.
func TestAllBut(t *testing.T) {
	t.Parallel()
	var all []string
	for _, a := range catalog.Default().ActionsFor("arn:aws:s3:::b") {
		if strings.HasPrefix(a.Name, "s3:") {
			all = append(all, a.Name)
		}
	}
	policies := []string{"s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"}
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(a string) bool { return slices.Contains(names, a) })
	}
	for _, tt := range []struct {
		name    string
		actions []string
		want    string // "" for anything else
	}{
		{"three are missing", without(policies...), "s3:* but s3:DeleteBucketPolicy, s3:GetBucketPolicy, s3:PutBucketPolicy (59)"},
		{"none is missing", all, "s3:* (62)"},
		{"four are missing", without(append(policies, "s3:GetBucketAcl")...), ""},
		{"two services", append(without(policies...), "kms:Decrypt"), ""},
		{"few of few", without(all[3:]...), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := render.ActionText(tt.actions, append(slices.Clone(all), all...))
			if tt.want != "" && got != tt.want || tt.want == "" && strings.Contains(got, " but ") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Law: the patterns cover exactly the names, among all of the universe.
func TestActionsCoverExactly(t *testing.T) {
	t.Parallel()
	var universe []string
	for _, a := range catalog.Default().ActionsFor("arn:aws:s3:::b/k") {
		universe = append(universe, a.Name)
	}
	for _, a := range catalog.Default().Actions("ec2") {
		universe = append(universe, a.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		prefixes := rapid.SliceOfN(rapid.SampledFrom([]string{"s3:G", "s3:P", "s3:GetObject", "ec2:D", "ec2:Describe", "ec2:Create", "ec2:"}), 0, 3).Draw(t, "prefixes")
		names := rapid.SliceOfDistinct(rapid.SampledFrom(universe), rapid.ID).Draw(t, "names")
		for _, n := range universe {
			if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(n, p) }) && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		patterns := render.Actions(names, universe)
		for _, n := range universe {
			covered := slices.ContainsFunc(patterns, func(p string) bool {
				ok, err := path.Match(strings.ToLower(p), strings.ToLower(n))
				return err == nil && ok
			})
			if covered != slices.Contains(names, n) {
				t.Fatalf("%s: covered %t by %v", n, covered, patterns)
			}
		}
		if len(patterns) > len(names) {
			t.Fatalf("%d patterns for %d names", len(patterns), len(names))
		}
	})
}
