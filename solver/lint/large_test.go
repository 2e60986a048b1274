package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// Documents larger than AWS takes are looked at in a time that grows as they do.
func TestLarge(t *testing.T) {
	t.Parallel()
	const n = 50_000
	each := func(form string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = strings.ReplaceAll(form, "#", fmt.Sprintf("%x", i))
		}
		return strings.Join(list, ",")
	}
	tests := []struct {
		name, rest string
		kind       policy.Kind
		found      int
	}{
		{"actions", `"Action":[` + each(`"s3:zzz#-*"`) + `],"Resource":"*"`, policy.Identity, n},
		{"actions that end differently", `"Action":[` + each(`"s3:*-zzz#-"`) + `],"Resource":"*"`, policy.Identity, n},
		{"principals", `"Action":"s3:GetObject","Resource":"*","Principal":{"AWS":[` + each(`"arn:aws:iam::111122223333:user/u#"`) + `]}`, policy.Resource, 0},
		{"addresses", `"Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":[` + each(`"2001:db8:#::/48"`) + `]}}`, policy.Identity, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+tt.rest+`}]}`), tt.kind)
			if found := lint.Document(doc, lint.Options{}); len(found) != tt.found {
				t.Errorf("%d findings, want %d; the first: %+v", len(found), tt.found, found[:min(len(found), 1)])
			}
		})
	}
}

// Statements are set against each other in every policy that AWS takes, and not where
// that would take many minutes.
func TestManyStatements(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ of, found int }{{500, 499}, {50_000, 0}} {
		text := strings.Repeat(`,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, tt.of)
		doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text[1:]+`]}`), policy.Identity)
		if found := lint.Document(doc, lint.Options{}); len(found) != tt.found {
			t.Errorf("%d statements: %d findings, want %d", tt.of, len(found), tt.found)
		}
	}
}

// Columns count characters, however long the line is and whatever stands in it.
func TestColumns(t *testing.T) {
	t.Parallel()
	for _, filler := range []string{"x", "ä", "€", "😀"} {
		for _, n := range []int{0, 10, 1_000, 1_023, 1_024, 1_025, 5_000} {
			before := `{"Version":"2012-10-17","Statement":[{"Sid":"` + strings.Repeat(filler, n) + `","Effect":"Allow","Action":`
			found := lint.Document(policy.Parse([]byte(before+`"s3:GetObjekt","Resource":"*"}]}`), policy.Identity), lint.Options{})
			want := len([]rune(before)) + 1
			at := 0
			for i := range found {
				if found[i].Rule == "action-matches-nothing" {
					at = found[i].Column
				}
			}
			if at != want {
				t.Errorf("%d times %q: column %d, want %d", n, filler, at, want)
			}
		}
	}
}
