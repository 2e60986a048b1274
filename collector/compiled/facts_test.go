package compiled_test

import (
	"testing"

	"pathfinder/collector/compiled"
	"pathfinder/graphmodel/inventory"
)

// What few resources have comes back as well: URLs of functions, shares, networks.
func TestRoundTripOfRareFacts(t *testing.T) {
	t.Parallel()
	dir := fixtures(t)[0]
	want := read(t, dir)
	h := want.Accounts[0].Held()
	h.Resources = append(h.Resources,
		&inventory.Resource{
			ARN: "arn:aws:lambda:eu-west-1:111111111111:function:fn", Account: want.Accounts[0].ID, Name: "fn", HasURLs: inventory.Have,
			URLs: []inventory.FunctionURL{{Function: "arn:aws:lambda:eu-west-1:111111111111:function:fn:PROD", Auth: "NONE"}},
		},
		&inventory.Resource{
			ARN: "arn:aws:rds:eu-west-1:111111111111:snapshot:s", Account: want.Accounts[0].ID, Name: "s", HasURLs: inventory.None,
			HasShares: inventory.Have, SharedWith: []string{"222222222222", "all"},
		},
		&inventory.Resource{ARN: "arn:aws:es:eu-west-1:111111111111:domain/d", Account: want.Accounts[0].ID, Name: "d", VPC: "vpc-1", FineGrained: true})
	if err := want.Finish(); err != nil {
		t.Fatal(err)
	}
	got := open(t, compile(t, dir, want, compiled.Options{})).Inventory()
	equal(t, "resources", got.Accounts[0].Held().Resources, h.Resources)
}
