package solver_test

import (
	"fmt"
	"strings"
	"testing"
)

// What combines in too many ways is unknown, soon, and never taken for nothing.
func TestTooManyWays(t *testing.T) {
	t.Parallel()
	var pairs, folders []string
	for i := range 40 {
		pairs = append(pairs, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/a%02d":"x","s3:ExistingObjectTag/z%02d":"x"}}}`, i, i))
		folders = append(folders, fmt.Sprintf(`{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*word%02d/*"}`, i))
	}
	tests := []struct{ name, identity, bucket string }{
		{"conditions", strings.Join(pairs, ","), ""},
		{"patterns", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, strings.Join(folders, ",")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := comparedAccount(t, tt.identity, "", tt.bucket)
			who, err := s.WhoCan("data", []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			told := false
			for _, g := range who.Unknown {
				told = told || strings.Contains(g.Why, "too many ways")
			}
			for i := range who.Access {
				told = told || who.Access[i].Principal == "arn:aws:iam::111111111111:user/ann"
			}
			s.Survey(0)
			if lost := len(s.Lost()) > 0; lost == who.Complete { // what an audit is made of knows that it is not all
				t.Errorf("complete %v, a survey lost %v", who.Complete, s.Lost())
			}
			if !told || tt.name == "patterns" && who.Complete {
				t.Errorf("%d entries, complete %v, unknown %v", len(who.Access), who.Complete, who.Unknown)
			}
		})
	}
}
