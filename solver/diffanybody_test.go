package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Whom a role names by the number of their account is no part of anybody there, whoever
// anybody is at another role that was asked about before.
func TestDiffTellsOneAnybodyFromAnother(t *testing.T) {
	t.Parallel()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	const (
		all   = `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`
		one   = all + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"888888888888"}}}`
		queue = "arn:aws:sqs:eu-central-1:222222222222:q"
	)
	account := func(id, trust string) *inventory.Account {
		a := &inventory.Account{ID: id, IAM: true, Partition: "aws"}
		role := "arn:aws:iam::" + id + ":role/app"
		a.Held().Roles = []*inventory.Principal{{ARN: role, Account: a, Kind: inventory.Role, Name: "app", Path: "/", Trust: doc(policy.Trust, trust)}}
		a.Held().Resources = []*inventory.Resource{{
			ARN: "arn:aws:sqs:eu-central-1:" + id + ":q", Type: "AWS::SQS::Queue", Account: id, HasPolicy: inventory.Have, HasTags: inventory.Have,
			Policy: doc(policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"`+role+`"},"Action":"sqs:SendMessage","Resource":"*"}`),
		}}
		return a
	}
	world := func(both bool) *solver.Solver {
		a, b := account("111111111111", all), account("222222222222", one)
		if !both {
			a.Held().Resources = nil
		}
		inv := &inventory.Inventory{Accounts: []*inventory.Account{a, b}}
		if err := inv.Finish(); err != nil {
			t.Fatal(err)
		}
		s, err := solver.New(solver.Config{Inventory: inv})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, thorough := range []bool{false, true} {
		ans, err := solver.Diff(world(true), world(false), solver.DiffQuestion{Actions: []string{"sqs:SendMessage"}, Thorough: thorough})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range slices.Concat(ans.Lost, ans.Gained) {
			if e.Resource == queue {
				t.Errorf("thorough %v: access of %s to the queue is told to differ, by %v", thorough, e.Principal, e.Path)
			}
		}
		if len(ans.Lost) == 0 {
			t.Errorf("thorough %v: nothing is lost", thorough)
		}
	}
}
