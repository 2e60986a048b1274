package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// Conditions on many keys combine in more ways than anybody can tell apart: lint is
// then silent about them, instead of looking at all of them.
func TestManyConditions(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range 60 {
		var tests []string
		for k := range 5 {
			tests = append(tests, fmt.Sprintf(`"aws:PrincipalTag/%d":"*%d*"`, (i*7+k)%25, i*k))
		}
		list = append(list, fmt.Sprintf(`{"Effect":%q,"Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{%s}}}`,
			[]string{"Allow", "Deny"}[i%2], strings.Join(tests, ",")))
	}
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`), policy.Identity)
	for _, f := range lint.Document(doc, lint.Options{}) {
		t.Errorf("found %s at %s: %s", f.Rule, f.Place.Pointer, f.Message)
	}
}
