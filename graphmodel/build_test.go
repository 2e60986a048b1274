package graphmodel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

func doc(kind policy.Kind, statements string) *policy.Document {
	return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`), kind)
}

// smallOrg is one organization with every kind of node and edge.
func smallOrg(t *testing.T) *inventory.Inventory {
	t.Helper()
	root := &inventory.Unit{ID: "r-1", Accounts: []string{"111111111111"}}
	acct := &inventory.Account{ID: "111111111111", IAM: true, Unit: root}
	grp := &inventory.Group{ARN: "arn:aws:iam::111111111111:group/ops", Account: acct, Inline: []*inventory.Policy{
		{Name: "p", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}`)},
	}}
	ann := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/ann", Account: acct, Groups: []*inventory.Group{grp}}
	app := &inventory.Principal{
		Kind: inventory.Role, ARN: "arn:aws:iam::111111111111:role/path/app", Name: "app", UniqueID: "AROAAPP1", Account: acct,
		Trust: doc(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":["222222222222","arn:aws:iam::111111111111:user/ann"],"Service":"EC2.amazonaws.com"},"Action":"sts:AssumeRole"}`),
	}
	other := &inventory.Principal{
		Kind: inventory.Role, ARN: "arn:aws:iam::111111111111:role/other", Name: "other", Account: acct,
		Trust: doc(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":["AROAAPP1","AROAGONE1"]},"Action":"sts:AssumeRole"},
			{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/idp"},"Action":"sts:AssumeRoleWithWebIdentity"}`),
	}
	bucket := &inventory.Resource{
		ARN: "arn:aws:s3:::data", Account: "111111111111", HasPolicy: inventory.Have,
		Policy: doc(policy.Resource, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"},
			{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/app/s1"},"Action":"s3:*","Resource":"*"},
			{"Effect":"Deny","Principal":{"AWS":"333333333333"},"Action":"s3:*","Resource":"*"}`),
		S3: &inventory.S3{ACL: []inventory.ACLGrant{{Grantee: "cafe", Permission: "READ"}, {Grantee: "nobody-known", Permission: "READ"}}},
	}
	key := &inventory.Resource{ARN: "arn:aws:kms:eu-west-1:111111111111:key/k", Account: "111111111111", KMSGrants: []inventory.KMSGrant{{ID: "g1", Grantee: app.ARN}}}
	acct.Held().Users, acct.Held().Groups, acct.Held().Roles = []*inventory.Principal{ann}, []*inventory.Group{grp}, []*inventory.Principal{app, other}
	acct.Held().Resources, acct.CanonicalID = []*inventory.Resource{bucket, key}, "cafe"
	inv := &inventory.Inventory{
		Organization: &inventory.Organization{ID: "o-1", ManagementAccount: "111111111111", Root: root},
		Accounts:     []*inventory.Account{acct},
	}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	return inv
}

func TestBuild(t *testing.T) {
	t.Parallel()
	g, err := graphmodel.Build(smallOrg(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for id := range graphmodel.NodeID(g.NumNodes()) {
		for e := range g.Out(id) {
			why := g.Reason(e.Label.Why)
			note := why.Note
			if why.Statement != nil {
				note = fmt.Sprintf("#%d", why.Statement.Index)
			}
			short := strings.NewReplacer("arn:aws:iam::111111111111:", "", "arn:aws:", "").Replace
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", short(g.At(e.From).Name), e.Label.Kind, short(g.At(e.To).Name), note)))
		}
	}
	slices.Sort(got)
	want := []string{
		"* resource-grant s3:::data #0",
		"111111111111 contains group/ops",
		"111111111111 contains kms:eu-west-1:111111111111:key/k",
		"111111111111 contains role/other",
		"111111111111 contains role/path/app",
		"111111111111 contains s3:::data",
		"111111111111 contains user/ann",
		"111111111111 resource-grant s3:::data ACL READ", // E169: a canonical id is an account
		"222222222222 assume-role role/path/app #0",
		"ec2.amazonaws.com assume-role role/path/app #0",
		"group/ops identity-grant 111111111111 #0", // the Deny opens nothing
		"o-1 contains r-1",
		"oidc-provider/idp assume-role role/other #1",
		"r-1 contains 111111111111",
		"role/path/app assume-role role/other #0", // E75: the unique id of a role that is there
		"role/path/app resource-grant kms:eu-west-1:111111111111:key/k grant g1",
		"role/path/app resource-grant s3:::data #1", // a session ARN leaves the path out
		"user/ann assume-role role/path/app #0",
		"user/ann member-of group/ops",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
	for name, external := range map[string]bool{"222222222222": true, "111111111111": false, "*": true} {
		id, ok := g.Find(name)
		if !ok || g.At(id).External != external {
			t.Errorf("node %s: found %t, external %t, want %t", name, ok, g.At(id).External, external)
		}
	}
}
