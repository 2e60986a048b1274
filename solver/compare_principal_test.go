package solver_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Who is told from whom by conditions alone counts as well.
func TestCompareByConditionsOnPrincipals(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, now string }{
		{"E216 accounts", `"StringEquals":{"aws:PrincipalAccount":"222222222222"}`, `"StringEquals":{"aws:PrincipalAccount":"333333333333"}`},
		{"E216 patterns of accounts", `"StringLike":{"aws:PrincipalAccount":"2222*"}`, `"StringLike":{"aws:PrincipalAccount":"3333*"}`},
		{"E216 ARNs", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/a*"}`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/b*"}`},
		{"E216 ARNs of any account", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/a"}`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/b"}`},
		{"E216 organizations", `"StringEquals":{"aws:PrincipalOrgID":"o-a"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-b"}`},
		{"E13 services", `"Bool":{"aws:PrincipalIsAWSService":"true"}`, `"Bool":{"aws:PrincipalIsAWSService":"false"}`},
		{"E13 one service", `"StringEquals":{"aws:PrincipalServiceName":"sns.amazonaws.com"}`, `"StringEquals":{"aws:PrincipalServiceName":"sqs.amazonaws.com"}`},
		{"E124 the account behind a service", `"StringEquals":{"aws:SourceAccount":"222222222222"}`, `"StringEquals":{"aws:SourceAccount":"333333333333"}`},
		{"E216 kinds", `"StringEquals":{"aws:PrincipalType":"User"}`, `"StringEquals":{"aws:PrincipalType":"AssumedRole"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := func(condition string) *policy.Document {
				return policy.Parse([]byte(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{%s}}}`, condition)), policy.Resource)
			}
			ans, err := solver.Compare(doc(tt.old), doc(tt.now))
			if err != nil {
				t.Fatal(err)
			}
			if !ans.OldPermitsMore || !ans.NewPermitsMore {
				t.Errorf("old more %v, new more %v; each permits what the other does not", ans.OldPermitsMore, ans.NewPermitsMore)
			}
			if same, err := solver.Compare(doc(tt.old), doc(tt.old)); err != nil || same.OldPermitsMore || same.NewPermitsMore || !same.Exact {
				t.Errorf("a document differs from itself: %+v, %v", same, err)
			}
		})
	}
}
