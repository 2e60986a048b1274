package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// TestEscalatesFromAbroad: who changes its own policies gets to a resource of another account as
// far as that lets its account in (E90), and by what it makes or tags as far as that is let in.
func TestEscalatesFromAbroad(t *testing.T) {
	const abroad = "arn:aws:iam::444455556666:"
	entry := func(who, condition string) string {
		return `{"Effect":"Allow","Principal":` + who + `,"Action":"s3:*","Resource":"*"` + condition + `}`
	}
	for _, tt := range []struct{ name, statement, call, want string }{
		{"E90 nobody is let in", "", "iam:PutUserPolicy", ""},
		{"E90 another account is let in", entry(`{"AWS":"777788889999"}`, ""), "iam:PutUserPolicy", ""},
		{"E90 the account is let in", entry(`{"AWS":"444455556666"}`, ""), "iam:PutUserPolicy", "iam-put-user-policy"},
		{"E90 the user is let in", entry(`{"AWS":"`+abroad+`user/o"}`, ""), "iam:PutUserPolicy", "iam-put-user-policy"},
		{"E92 everybody of the account is let in", entry(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}`), "iam:PutUserPolicy", "iam-put-user-policy"},
		{"E92 everybody of another account is let in", entry(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalAccount":"777788889999"}}`), "iam:PutUserPolicy", ""},
		{"E92 everybody with a tag is let in", entry(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"data"}}`), "iam:TagUser", "iam-tag-abac"},
		{"E92 everybody with another name is let in", entry(`"*"`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"`+abroad+`user/x*"}}`), "iam:TagUser", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			if l.bucket(); tt.statement != "" {
				b := l.account.Held().Resources[0]
				b.Policy, b.HasPolicy = policyOf(policy.Resource, tt.statement).Doc, inventory.Have
			}
			other := &inventory.Account{ID: "444455556666", Partition: "aws", IAM: true}
			own := policyOf(policy.Identity, allowsOn(tt.call))
			if tt.call == "iam:TagUser" {
				own = policyOf(policy.Identity, allowsOn(tt.call, "s3:GetObject"))
			}
			o := &inventory.Principal{
				Kind: inventory.User, ARN: abroad + "user/o", Name: "o", Path: "/", Account: other, Tags: map[string]string{"team": "ops"},
				Inline: []*inventory.Policy{own},
			}
			other.Held().Users = []*inventory.Principal{o}
			ans, err := l.solver(t, other).WhoCanEscalating(labBucket, []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range ans.Escalations {
				for _, s := range ans.Escalations[i].Path[1:] {
					got = append(got, s.Kind)
				}
			}
			if strings.Join(got, ",") != tt.want {
				t.Errorf("it gets there by %v, want %q", got, tt.want)
			}
		})
	}
}

// TestEscalatesToSession: who becomes a role has a session of it, however that came about (E136).
func TestEscalatesToSession(t *testing.T) {
	closed, open := trustOf(`{"Service":"lambda.amazonaws.com"}`), trustOf(`{"AWS":"`+labIAM+`root"}`)
	for _, tt := range []struct {
		name, action string
		trust        *policy.Document
		may          []string
		want         string
	}{
		{"its trust policy may be written", "sts:AssumeRole", closed, []string{allowsOn("iam:UpdateAssumeRolePolicy")}, "iam-update-assume-role-policy"},
		{"it is passed", "sts:AssumeRole", closed, []string{allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")}, "lambda-create-invoke"},
		{"its tag lets in whoever sets it", "sts:AssumeRole", open, []string{
			allowsOn("iam:TagRole"), `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"data"}}}`,
		}, "iam-tag-abac,assume-role"},
		{"the account is let in", "sts:AssumeRole", open, []string{allowsOn("iam:PutUserPolicy")}, "iam-put-user-policy"},
		{"another role's trust policy may be written", "sts:AssumeRole", closed, []string{`{"Effect":"Allow","Action":"iam:UpdateAssumeRolePolicy","Resource":"` + labIAM + `role/other"}`}, ""},
		{"who becomes it does not delete it", "iam:DeleteRole", closed, []string{allowsOn("iam:UpdateAssumeRolePolicy")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			var may []*inventory.Policy
			for _, st := range tt.may {
				may = append(may, policyOf(policy.Identity, st))
			}
			l.who = l.user("u", may...)
			l.role("r", tt.trust, policyOf(policy.Identity, allowsOn("s3:GetObject"))).Tags = map[string]string{"team": "ops"}
			if got := l.reachingTo(t, labIAM+"role/r", tt.action); got != tt.want {
				t.Errorf("it gets to the role by %q, want %q", got, tt.want)
			}
		})
	}
}
