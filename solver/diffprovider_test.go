package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Where one snapshot says that an identity provider is not there and the other one never
// looked, nobody knows whether anything is gained or lost (E150).
func TestDiffOfProviders(t *testing.T) {
	t.Parallel()
	const provider = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
	world := func(known bool, providers ...string) *solver.Solver {
		a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
		h := a.Held()
		h.ProvidersKnown = known
		for _, name := range providers {
			h.Providers = append(h.Providers, inventory.Provider{ARN: name})
		}
		h.Roles = []*inventory.Principal{{
			ARN: "arn:aws:iam::111111111111:role/ci", Account: a, Kind: inventory.Role, Name: "ci", Path: "/",
			Trust:  cutDoc(policy.Trust, `{"Effect":"Allow","Principal":{"Federated":"`+provider+`"},"Action":"sts:AssumeRoleWithWebIdentity"}`),
			Inline: []*inventory.Policy{{Name: "p", Doc: cutDoc(policy.Identity, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`)}},
		}}
		h.Resources = []*inventory.Resource{{ARN: "arn:aws:sqs:eu-west-1:111111111111:a", Type: "AWS::SQS::Queue", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.Have}}
		return solverOf(t, a)
	}
	for _, tt := range []struct {
		name              string
		old, now          *solver.Solver
		differs, complete bool
	}{
		{"not there, then not looked for", world(true), world(false), false, false},
		{"not looked for, then not there", world(false), world(true), false, false},
		{"not there, then there", world(true), world(true, provider), true, true},
		{"there, then not there", world(true, provider), world(true), true, true},
		{"never there", world(true), world(true), false, true},
		{"there, then not looked for", world(true, provider), world(false), false, true},
	} {
		for _, question := range []solver.DiffQuestion{
			{Actions: []string{"sqs:SendMessage", "sts:AssumeRoleWithWebIdentity"}},
			{Resource: "arn:aws:sqs:eu-west-1:111111111111:a"},
			{Resource: "arn:aws:iam::111111111111:role/ci"},
		} {
			ans, err := solver.Diff(tt.old, tt.now, question)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(ans.Gained)+len(ans.Lost) > 0; got != tt.differs || ans.Complete != tt.complete {
				t.Errorf("%s, %q: differs %v, want %v; complete %v, want %v: %+v, unknown %+v", tt.name, question.Resource, got, tt.differs, ans.Complete, tt.complete,
					append(ans.Gained, ans.Lost...), ans.Unknown)
			}
		}
	}
}
