package inventory_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

func TestFinishRefusesContradictions(t *testing.T) {
	t.Parallel()
	user := func() *inventory.Principal { return &inventory.Principal{ARN: "arn:aws:iam::111111111111:user/ann"} }
	tests := []struct {
		name     string
		accounts []*inventory.Account
		want     string
	}{
		{"nothing", nil, ""},
		{"one account", []*inventory.Account{{ID: "1"}}, ""},
		{"an account twice", []*inventory.Account{{ID: "1"}, {ID: "1"}}, "account 1 stands twice"},
		{"a user twice", []*inventory.Account{{ID: "1", Users: []*inventory.Principal{user(), user()}}}, "user/ann stands twice"},
		{
			"a bucket in two accounts",
			[]*inventory.Account{{ID: "1", Resources: []*inventory.Resource{{ARN: "b"}}}, {ID: "2", Resources: []*inventory.Resource{{ARN: "b"}}}},
			"resource b stands twice",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := (&inventory.Inventory{Accounts: tt.accounts}).Finish()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestLookUps(t *testing.T) {
	t.Parallel()
	root := &inventory.Unit{ID: "r-1"}
	ou := &inventory.Unit{ID: "ou-1", Parent: root}
	a := &inventory.Account{ID: "111111111111", Unit: ou, CanonicalID: "cafe", Partition: "aws-cn"}
	a.Roles = []*inventory.Principal{{ARN: "arn:z"}, {ARN: "arn:a", UniqueID: "AROA1"}}
	inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", Root: root}, Accounts: []*inventory.Account{a, {ID: "000000000000"}}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	if inv.Accounts[0].ID != "000000000000" || a.Roles[0].ARN != "arn:a" {
		t.Error("accounts and roles are not sorted")
	}
	if got := inv.Principal("AROA1"); got != a.Roles[0] || inv.Principal("arn:a") != got || inv.Principal("x") != nil {
		t.Errorf("by unique id: %v", got)
	}
	if inv.CanonicalAccount("cafe") != a.ID || inv.Account(a.ID) != a {
		t.Error("the account is not found")
	}
	if got := inv.OrgPath(a); got != "o-1/r-1/ou-1/" { // E222
		t.Errorf("organization path %q", got)
	}
	if got := inv.OrgPath(inv.Accounts[0]); got != "" {
		t.Errorf("organization path of an outsider %q", got)
	}
	if got := a.RootARN(); got != "arn:aws-cn:iam::111111111111:root" {
		t.Errorf("root %q", got)
	}
}

func TestDocumentsVisitsEveryPlace(t *testing.T) {
	t.Parallel()
	pol := func(name string) *inventory.Policy { return &inventory.Policy{Name: name, Doc: &policy.Document{}} }
	a := &inventory.Account{ID: "111111111111", SCPs: []*inventory.Policy{pol("scp-account")}}
	g := &inventory.Group{ARN: "g", Inline: []*inventory.Policy{pol("in group")}}
	a.Groups = []*inventory.Group{g}
	a.Users = []*inventory.Principal{{ARN: "u", Inline: []*inventory.Policy{pol("inline")}, Attached: []*inventory.Policy{pol("managed")}, Boundary: pol("boundary")}}
	a.Roles = []*inventory.Principal{{ARN: "r", Trust: &policy.Document{}}}
	a.Resources = []*inventory.Resource{{ARN: "b", Policy: &policy.Document{}}, {ARN: "without"}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}, Organization: &inventory.Organization{Root: &inventory.Unit{
		ID: "r-1", SCPs: []*inventory.Policy{pol("scp-root")}, Units: []*inventory.Unit{{ID: "ou-1", RCPs: []*inventory.Policy{pol("rcp-ou")}}},
	}}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	var got []string
	inv.Documents(func(owner string, p *inventory.Policy) { got = append(got, owner+": "+p.Name) })
	want := []string{
		"r-1: scp-root", "ou-1: rcp-ou", "arn:aws:iam::111111111111:root: scp-account", "g: in group",
		"u: inline", "u: managed", "u: boundary", "r: trust policy", "b: resource policy",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
