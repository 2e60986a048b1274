package solver_test

import (
	"errors"
	"fmt"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A request with everything that bears on it: the user's policy allows, and the bucket is
// another account's, which has to allow as well.
func ExampleDecide() {
	ana, err := solver.ParseCaller("arn:aws:iam::111122223333:user/ana")
	if err != nil {
		fmt.Println(err)
		return
	}
	reads := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`), policy.Identity)
	c := &solver.Case{
		Caller: ana, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/june.csv", ResourceAccount: "111122223333",
		Identity: []solver.Source{{Name: "reads", Doc: reads}},
	}
	d := solver.Decide(c)
	fmt.Println(d.Outcome, d.Rules)

	c.ResourceAccount = "444455556666"
	d = solver.Decide(c)
	fmt.Println(d.Outcome, d.BlockedBy, d.Rules)
	// Output:
	// Allowed [E86 E83]
	// ImplicitlyDenied [resource] [E90 E83]
}

// Who reads a bucket: the root user of its account, and a user with MFA.
func ExampleSolver_WhoCan() {
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*",
		"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}`), policy.Identity)
	a := &inventory.Account{ID: "111122223333", Partition: "aws", IAM: true}
	a.Held().Users = []*inventory.Principal{{
		Kind: inventory.User, ARN: "arn:aws:iam::111122223333:user/ana", Name: "ana", Path: "/", Account: a,
		Inline: []*inventory.Policy{{Name: "reads", Doc: doc}},
	}}
	a.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:s3:::reports", Type: "AWS::S3::Bucket", Name: "reports", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
	}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	if err := inv.Finish(); err != nil {
		fmt.Println(err)
		return
	}
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := s.WhoCan("reports", []string{"s3:GetObject"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, access := range answer.Access {
		for _, g := range access.Grants {
			fmt.Printf("%s %v %v if %q\n", access.Principal, g.Actions, g.Resources, g.Condition)
		}
	}

	_, err = s.WhoCan("report", nil)
	fmt.Println(errors.Is(err, solver.ErrQuestion), err)
	// Output:
	// arn:aws:iam::111122223333:root [s3:GetObject] [arn:aws:s3:::reports/*] if ""
	// arn:aws:iam::111122223333:user/ana [s3:GetObject] [arn:aws:s3:::reports/*] if "aws:MultiFactorAuthPresent is true"
	// true no resource of the snapshot is named "report"; did you mean arn:aws:s3:::reports?
}
