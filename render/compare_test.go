package render_test

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"pathfinder/render"
	"pathfinder/solver"
)

// comparedBothWays differs in both directions, in one of them perhaps.
func comparedBothWays() *solver.CompareAnswer {
	return &solver.CompareAnswer{
		Pathfinder: "compare/1", Type: "resource-policy", NewPermitsMore: true, OldPermitsMore: true,
		WitnessNew: &solver.Witness{
			Principal: "arn:aws:iam::111122223333:role/ci", Action: "s3:PutObject", Resource: "arn:aws:s3:::acme-prod-customer-data/example",
			Context: map[string]any{"aws:PrincipalTag/team": "finance", "aws:TagKeys": []string{"a", "b"}, "aws:SourceIp": "10.0.0.1", "s3:prefix": ""},
		},
		WitnessOld: &solver.Witness{
			Principal: "*", Action: "s3:ListAllMyBuckets", Resource: "*", Context: map[string]any{},
			If: []string{"not aws:TagKeys ForAnyValue:StringEquals ${aws:PrincipalTag/a}", "s3:prefix StringLike *a*b*"},
		},
		Unknown: []solver.Gap{{What: "the old policy", Why: "it could not be read in full: line 5, column 6 (/Statement/1/Efect): a statement has no element \"Efect\""}},
	}
}

// The first line sums both directions up.
func TestCompareHeadline(t *testing.T) {
	t.Parallel()
	sure, perhaps := &solver.Witness{Principal: "*"}, &solver.Witness{Principal: "*", If: []string{"x"}}
	tests := []struct {
		name     string
		newer    *solver.Witness
		older    *solver.Witness
		exact    bool
		headline string
		last     string
	}{
		{"the same", nil, nil, true, "Both policies permit the same requests", "Exact: "},
		{"the same, perhaps", nil, nil, false, "No difference was found", "Not exact: "},
		{"more", sure, nil, true, "The new policy permits more than the old one", "Exact: "},
		{"more, perhaps", perhaps, nil, false, "The new policy could permit more than the old one", "Not exact: "},
		{"less", nil, sure, true, "The new policy permits less than the old one", "Exact: "},
		{"less, perhaps", nil, perhaps, false, "The new policy could permit less than the old one", "Not exact: "},
		{"both", sure, sure, true, "The new policy permits requests that the old one does not, and the other way round", "Exact: "},
		{"more, and perhaps less", sure, perhaps, false, "The new policy permits more than the old one", "Not exact: "},
		{"less, and perhaps more", perhaps, sure, false, "The new policy permits less than the old one, and could permit more", "Not exact: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &solver.CompareAnswer{
				Type: "identity-policy", WitnessNew: tt.newer, WitnessOld: tt.older, Exact: tt.exact,
				NewPermitsMore: tt.newer != nil, OldPermitsMore: tt.older != nil,
			}
			var b strings.Builder
			if err := render.Compare(&b, a, render.Options{}); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(b.String()), "\n")
			if lines[0] != tt.headline || !strings.HasPrefix(lines[len(lines)-1], tt.last) {
				t.Errorf("got\n%s\nwant %q and %q", b.String(), tt.headline, tt.last)
			}
		})
	}
}

// Law: a comparison fits 100 columns however long what it shows is.
func TestCompareFitsThePage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := func(what string) string { return rapid.StringMatching(`[A-Za-z:/]{1,160}`).Draw(t, what) }
		a := comparedBothWays()
		a.WitnessNew.Resource, a.WitnessNew.Context[word("key")], a.WitnessOld.If[0] = word("resource"), word("value"), word("question")
		a.Unknown[0].Why = word("why")
		var b strings.Builder
		if err := render.Compare(&b, a, render.Options{}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := text.StringWidth(strings.TrimRight(line, "\n")); n > 100 {
				t.Fatalf("%d columns: %s", n, line)
			}
		}
	})
}

// A witness says what its own account's policies have to allow, or need not.
func TestCompareSaysWhatElseAllows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		witness solver.Witness
		want    string
	}{
		{"nothing else", solver.Witness{}, ""},
		{"an identity policy", solver.Witness{Own: true}, "  with  an identity policy that allows it, in the account that owns the resource\n"},
		{"none", solver.Witness{Without: []string{"identity-policy"}}, "  with  no identity policy that allows it\n"},
		{
			"none of three",
			solver.Witness{Without: []string{"identity-policy", "permissions-boundary", "session-policy"}},
			"  with  no identity policy, permissions boundary or session policy that allows it\n",
		},
		{
			"behind keys",
			solver.Witness{Without: []string{"identity-policy"}, Context: map[string]any{"s3:prefix": "a"}},
			"  with  s3:prefix = a\n        no identity policy that allows it\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := tt.witness
			w.Principal, w.Action, w.Resource = "*", "s3:GetObject", "arn:aws:s3:::b/x"
			var b strings.Builder
			if err := render.Compare(&b, &solver.CompareAnswer{Type: "resource-policy", NewPermitsMore: true, WitnessNew: &w, Exact: true}, render.Options{}); err != nil {
				t.Fatal(err)
			}
			if _, after, _ := strings.Cut(b.String(), "on    arn:aws:s3:::b/x\n"); !strings.HasPrefix(after, tt.want+"\n") {
				t.Errorf("got\n%s\nwant %q", b.String(), tt.want)
			}
		})
	}
}
