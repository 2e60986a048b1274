package inventory_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

func TestFinishRefusesContradictions(t *testing.T) {
	t.Parallel()
	user := func() *inventory.Principal { return &inventory.Principal{ARN: "arn:aws:iam::111111111111:user/ann"} }
	bucket := func(account string) *inventory.Account {
		return (&inventory.Account{ID: account}).Hold(inventory.Held{Resources: []*inventory.Resource{{ARN: "b"}}})
	}
	tests := []struct {
		name     string
		accounts []*inventory.Account
		want     string
	}{
		{"nothing", nil, ""},
		{"one account", []*inventory.Account{{ID: "1"}}, ""},
		{"an account twice", []*inventory.Account{{ID: "1"}, {ID: "1"}}, "account 1 stands twice"},
		{"a user twice", []*inventory.Account{(&inventory.Account{ID: "1"}).Hold(inventory.Held{Users: []*inventory.Principal{user(), user()}})}, "user/ann stands twice"},
		{
			"a bucket in two accounts",
			[]*inventory.Account{bucket("1"), bucket("2")},
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
	a.Held().Roles = []*inventory.Principal{{ARN: "arn:z"}, {ARN: "arn:a", UniqueID: "AROA1"}}
	inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", Root: root}, Accounts: []*inventory.Account{a, {ID: "000000000000"}}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	if inv.Accounts[0].ID != "000000000000" || a.Held().Roles[0].ARN != "arn:a" {
		t.Error("accounts and roles are not sorted")
	}
	if got := inv.Principal("AROA1"); got != a.Held().Roles[0] || inv.Principal("arn:a") != got || inv.Principal("x") != nil {
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
	a.Held().Groups = []*inventory.Group{g}
	a.Held().Users = []*inventory.Principal{{ARN: "u", Inline: []*inventory.Policy{pol("inline")}, Attached: []*inventory.Policy{pol("managed")}, Boundary: pol("boundary")}}
	a.Held().Roles = []*inventory.Principal{{ARN: "r", Trust: &policy.Document{}}}
	a.Held().Resources = []*inventory.Resource{{ARN: "b", Policy: &policy.Document{}}, {ARN: "without"}}
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

func TestNothingIsLoadedBeforeSomebodyLooks(t *testing.T) {
	t.Parallel()
	var loads int
	a := &inventory.Account{ID: "111111111111"}
	a.HoldLater(func() inventory.Held {
		loads++
		return inventory.Held{Roles: []*inventory.Principal{{ARN: "r", Kind: inventory.Role, Account: a}}}
	})
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	if err := inv.FinishWith(nil); err != nil || inv.Account(a.ID) != a || inv.Principal("r") != nil || loads != 0 {
		t.Fatalf("%d loads before anybody looked, error %v", loads, err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if len(a.Principals()) != 1 {
				t.Error("an account that was not loaded was seen")
			}
		})
	}
	wg.Wait()
	if loads != 1 {
		t.Errorf("loaded %d times", loads)
	}
}

func TestLookUpsByName(t *testing.T) {
	t.Parallel()
	account := func(id string) *inventory.Account {
		a := &inventory.Account{ID: id}
		return a.Hold(inventory.Held{
			Users: []*inventory.Principal{{Kind: inventory.User, ARN: "arn:aws:iam::" + id + ":user/app", Name: "app", Account: a}},
			Roles: []*inventory.Principal{
				{Kind: inventory.Role, ARN: "arn:aws:iam::" + id + ":role/x/app", Name: "app", Account: a},
				{Kind: inventory.Role, ARN: "arn:aws:iam::" + id + ":role/b", Name: "b", Account: a},
			},
			Resources: []*inventory.Resource{
				{ARN: "arn:aws:sqs:r:" + id + ":jobs", Name: "jobs"},
				{ARN: "arn:aws:ec2:r:" + id + ":vpc-endpoint/vpce-1", Name: "jobs", Type: "AWS::EC2::VPCEndpoint", Policy: &policy.Document{}},
				{ARN: "arn:aws:s3:r:" + id + ":accesspoint/ap", Name: "ap", AccessPoint: &inventory.AccessPoint{Bucket: "data"}},
			},
		})
	}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{account("222222222222"), account("111111111111")}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	arns := func(list []*inventory.Resource) (out []string) {
		for _, r := range list {
			out = append(out, r.ARN)
		}
		return out
	}
	x := inv.Index()
	var apps []string
	for _, p := range x.PrincipalsNamed("app") {
		apps = append(apps, p.ARN)
	}
	for _, tt := range []struct {
		name      string
		got, want []string
	}{
		{"principals", apps, []string{
			"arn:aws:iam::111111111111:user/app", "arn:aws:iam::111111111111:role/x/app",
			"arn:aws:iam::222222222222:user/app", "arn:aws:iam::222222222222:role/x/app",
		}},
		{"a name", arns(x.ResourcesNamed("jobs")), []string{
			"arn:aws:ec2:r:111111111111:vpc-endpoint/vpce-1", "arn:aws:sqs:r:111111111111:jobs",
			"arn:aws:ec2:r:222222222222:vpc-endpoint/vpce-1", "arn:aws:sqs:r:222222222222:jobs",
		}},
		{"a last part", arns(x.ResourcesNamed("vpce-1")), []string{x.Endpoints()[0].ARN, x.Endpoints()[1].ARN}},
		{"access points", arns(x.AccessPoints("data")), []string{"arn:aws:s3:r:111111111111:accesspoint/ap", "arn:aws:s3:r:222222222222:accesspoint/ap"}},
		{"nobody", arns(x.ResourcesNamed("nobody")), nil},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if got := len(slices.Collect(x.ResourceARNs())); got != 6 {
		t.Errorf("%d resources", got)
	}
	if got := slices.Collect(x.PrincipalARNs()); !slices.Contains(got, apps[0]) || !slices.Contains(got, apps[3]) {
		t.Errorf("principals %q", got)
	}
	if got := slices.Collect(x.ResourceNames()); !slices.Contains(got, "jobs") || !slices.Contains(got, "vpce-1") {
		t.Errorf("names %q", got)
	}
	if r := inv.RoleNamed("222222222222", "app"); r == nil || r.ARN != "arn:aws:iam::222222222222:role/x/app" || inv.RoleNamed("222222222222", "c") != nil {
		t.Errorf("got role %v", r)
	}
}
