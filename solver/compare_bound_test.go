package solver_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// hard makes documents of many statements that overlap in many ways.
func hard(name string, n int) *document {
	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test
	letter := func() string { return string(rune('a' + r.IntN(26))) }
	d := &document{Version: "2012-10-17"}
	for i := range n {
		st := statement{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
		switch name {
		case "wildcards":
			st["Resource"] = "arn:aws:s3:::*" + letter() + "*" + letter() + "*" + letter() + "*"
		case "conditions":
			keys := map[string]any{}
			for range 3 {
				keys[fmt.Sprint("aws:PrincipalTag/k", r.IntN(60))] = "v"
			}
			st["Condition"] = map[string]any{"StringEquals": keys}
		case "values":
			st["Condition"] = map[string]any{"StringLike": map[string]any{"s3:prefix": "*" + letter() + "*" + letter() + "*"}}
		case "exceptions":
			st = statement{
				"Effect": []string{"Allow", "Deny"}[i%2], "NotAction": []any{"s3:Get" + letter() + "*", "ec2:*" + letter() + "*"},
				"NotResource": []any{"arn:aws:s3:::*" + letter() + "*", "arn:aws:ec2:*:*:*/" + letter() + "*"},
			}
		case "variables":
			st["Resource"] = fmt.Sprintf("arn:aws:s3:::b/${aws:PrincipalTag/t%d}/*/${aws:PrincipalTag/t%d}/x", r.IntN(8), r.IntN(8))
		}
		d.Statement = append(d.Statement, st)
	}
	return d
}

// Documents of hundreds of statements that overlap get an answer, with what was
// not looked through, in a time that does not depend on how many ways there are.
func TestCompareBounded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// exact and more are what has to come out for the document and the same
		// with one statement less; more of nil is not known.
		exact bool
		more  *bool
	}{
		{"wildcards", true, new(true)},
		{"conditions", true, new(true)},
		{"values", true, nil},
		{"exceptions", false, nil},
		{"variables", true, new(false)}, // the first one stands twice
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			whole := hard(tt.name, 200)
			less := whole.clone()
			less.Statement = less.Statement[1:]
			before, after := less.parse(policy.Identity), whole.parse(policy.Identity)
			ans, err := solver.Compare(before, after, "")
			if err != nil {
				t.Fatal(err)
			}
			if ans.Exact != (len(ans.Unknown) == 0) || tt.exact && !ans.Exact {
				t.Errorf("exact: %v, unknown: %v", ans.Exact, ans.Unknown)
			}
			if tt.more != nil && ans.NewPermitsMore != *tt.more {
				t.Errorf("more: %v, witness: %+v", ans.NewPermitsMore, ans.WitnessNew)
			}
			if again, _ := solver.Compare(before, after, ""); !reflect.DeepEqual(again, ans) {
				t.Errorf("another answer the second time: %+v, %+v", again, ans)
			}
		})
	}
}
