package solver

import (
	"testing"

	"pathfinder/graphmodel/policy"
)

// Who assumes a role makes some calls itself, and others as the role: those on one thing in
// one region, and what passes a role by one and the same principal (E226, E230).
func TestCallsMadeAsARole(t *testing.T) {
	t.Parallel()
	const (
		create, invoke = "lambda:CreateFunction", "lambda:InvokeFunction"
		functions      = "arn:aws:lambda:*:" + labAccount + ":function:"
		pass           = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`
		there          = labIAM + "role/there"
	)
	on := func(action, resource string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}`
	}
	in := func(action, region string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"` + region + `"}}}`
	}
	for _, tt := range []struct {
		name, want  string
		itself, by  []string // what it may, and what the role may
		conditional bool     // whether the role asks for MFA
	}{
		{"made itself, called as the role", "certain", []string{pass, allowsOn(create)}, []string{allowsOn(invoke)}, false},
		{"made as the role, called itself", "certain", []string{allowsOn(invoke)}, []string{pass, allowsOn(create)}, false},
		{"passed itself, made as the role", "no", []string{pass}, []string{allowsOn(create, invoke)}, false},
		{"called by nobody", "no", []string{pass, allowsOn(create)}, []string{allowsOn("lambda:GetFunction")}, false},
		{"called as a role that asks for MFA", "no", []string{pass, allowsOn(create)}, []string{allowsOn(invoke)}, true},
		{"of one name", "certain", []string{pass, on(create, functions+"dev-*")}, []string{on(invoke, functions+"dev-*")}, false},
		{"of two names", "no", []string{pass, on(create, functions+"dev-*")}, []string{on(invoke, functions+"prod-*")}, false},
		{"in one region", "certain", []string{pass, in(create, "eu-west-1")}, []string{in(invoke, "eu-west-1")}, false},
		{"in two regions", "no", []string{pass, in(create, "eu-west-1")}, []string{in(invoke, "us-east-1")}, false},
		{"changed itself, assumed as the role", "certain", []string{on("iam:PutRolePolicy", there)}, []string{on("sts:AssumeRole", there)}, false},
		{"changed as the role, entered itself", "certain", []string{on("iam:UpdateAssumeRolePolicy", there)}, []string{on("iam:PutRolePolicy", there)}, false},
		{"changed as the role, and never entered", "no", nil, []string{on("iam:PutUserPolicy", labIAM+"user/other")}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, append(tt.itself, on("sts:AssumeRole", labIAM+"role/worker"))...))
			trust := trustOf(`{"AWS":"` + l.who.ARN + `"}`)
			if tt.conditional {
				trust = policy.Parse([]byte(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"`+l.who.ARN+`"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`), policy.Trust)
			}
			worker := l.role("worker", trust, policyOf(policy.Identity, tt.by...))
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			l.user("other")
			l.role("there", trustOf(`{"AWS":"`+worker.ARN+`"}`))
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
