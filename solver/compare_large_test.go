package solver_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// large makes a document that names n things of one kind.
func large(name string, n int) *document {
	each := func(form string) (out []any) {
		for i := range n {
			out = append(out, strings.ReplaceAll(form, "#", fmt.Sprint(i)))
		}
		return out
	}
	st := statement{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
	d := &document{Version: "2012-10-17", Statement: []statement{st}}
	switch name {
	case "actions":
		st["Action"] = each("s3:a#-*")
	case "actions that end differently":
		st["Action"] = each("s3:*-a#-")
	case "resources":
		st["Resource"] = each("arn:aws:s3:::b#-/*")
	case "resources with a variable":
		st["Resource"] = each("arn:aws:s3:::b#-/${aws:username}/*")
	case "principals":
		st["Principal"] = map[string]any{"AWS": each("arn:aws:iam::111122223333:user/u#")}
	case "addresses":
		list := []any{}
		for i := range n {
			list = append(list, fmt.Sprintf("10.%d.%d.%d/32", i>>16, i>>8&255, i&255))
		}
		st["Condition"] = map[string]any{"IpAddress": map[string]any{"aws:SourceIp": list}}
	case "keys":
		tests := map[string]any{}
		for _, key := range each("aws:PrincipalTag/k#") {
			tests[key.(string)] = "v"
		}
		st["Condition"] = map[string]any{"StringEquals": tests}
	case "statements":
		d.Statement = nil
		for _, r := range each("arn:aws:s3:::b#-/*") {
			d.Statement = append(d.Statement, statement{"Effect": "Allow", "Action": "s3:GetObject", "Resource": r})
		}
	case "statements of accounts":
		d.Statement = nil
		for i := range n {
			d.Statement = append(d.Statement, statement{
				"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
				"Principal": map[string]any{"AWS": fmt.Sprintf("arn:aws:iam::%012d:user/u", i+1)},
			})
		}
	}
	return d
}

// Documents larger than AWS takes get an answer all the same: the right one, or that
// there is too much in them. Those that AWS takes get the right one.
func TestCompareLarge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		of   int
		// exact is that of comparing the document with the same without its
		// last name, which is what it permits more.
		exact bool
	}{
		{"actions", 20_000, true},
		{"actions that end differently", 600, true},
		{"actions that end differently", 20_000, false},
		{"resources", 700, true},
		{"resources", 20_000, true},
		{"resources with a variable", 500, true},
		{"principals", 450, true},
		{"principals", 20_000, false},
		{"addresses", 1_700, true},
		{"addresses", 20_000, false},
		{"statements", 340, true},
		{"statements", 20_000, false},
		{"statements of accounts", 100, true},
		{"statements of accounts", 20_000, false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.of, " ", tt.name), func(t *testing.T) {
			t.Parallel()
			kind, owner := policy.Identity, ""
			if tt.name == "principals" || tt.name == "statements of accounts" {
				kind, owner = policy.Resource, "444455556666"
			}
			less, more := large(tt.name, tt.of-1).parse(kind), large(tt.name, tt.of).parse(kind)
			ans, err := solver.Compare(less, more, owner)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case ans.Exact != tt.exact, ans.Exact != (len(ans.Unknown) == 0):
				t.Errorf("exact: %v, want %v; unknown: %v", ans.Exact, tt.exact, ans.Unknown)
			case tt.exact && (!ans.NewPermitsMore || ans.OldPermitsMore):
				t.Errorf("new permits more: %v, old: %v", ans.NewPermitsMore, ans.OldPermitsMore)
			}
		})
	}
}
