package graphmodel_test

import (
	"fmt"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// What leads from a user: a grant of its own ends at its account.
func ExampleBuild() {
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`), policy.Identity)
	a := &inventory.Account{ID: "111122223333", Partition: "aws", IAM: true}
	ana := &inventory.Principal{
		Kind: inventory.User, ARN: "arn:aws:iam::111122223333:user/ana", Name: "ana", Path: "/", Account: a,
		Inline: []*inventory.Policy{{Name: "reads", Doc: doc}},
	}
	a.Held().Users = []*inventory.Principal{ana}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	if err := inv.Finish(); err != nil {
		fmt.Println(err)
		return
	}
	g, err := graphmodel.Build(inv)
	if err != nil {
		fmt.Println(err)
		return
	}
	from, _ := g.Find(ana.ARN)
	for e := range g.Out(from) {
		fmt.Println(g.At(e.From).Name, e.Label.Kind, g.At(e.To).Name)
	}
	// Output:
	// arn:aws:iam::111122223333:user/ana identity-grant 111122223333
}
