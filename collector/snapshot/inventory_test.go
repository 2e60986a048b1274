package snapshot_test

import (
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// load reads an inventory in both ways, which must agree.
func load(tb testing.TB, fsys fs.FS) *inventory.Inventory {
	tb.Helper()
	s, err := snapshot.Read(fsys)
	if err != nil {
		tb.Fatal(err)
	}
	inv, err := s.Inventory()
	if err != nil {
		tb.Fatal(err)
	}
	streamed, err := snapshot.ReadInventory(fsys)
	if err != nil {
		tb.Fatal(err)
	}
	if !reflect.DeepEqual(streamed, inv) {
		tb.Error("ReadInventory gives another inventory than Read and Inventory")
	}
	return inv
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestInventoryAccounts(t *testing.T) {
	t.Parallel()
	inv := load(t, os.DirFS("testdata/acme"))
	type facts struct {
		ID, Name, Alias, Partition, State, Unit, OrgPath string
		IAM                                              bool
		Block                                            inventory.Known
		SCPs, RCPs                                       int
	}
	var got []facts
	for _, a := range inv.Accounts {
		got = append(got, facts{
			ID: a.ID, Name: a.Name, Alias: a.Alias, Partition: a.Partition, State: a.State, Unit: a.Unit.ID, OrgPath: inv.OrgPath(a),
			IAM: a.IAM, Block: a.PublicAccessBlock.Known, SCPs: len(a.SCPs), RCPs: len(a.RCPs),
		})
	}
	equal(t, "accounts", got, []facts{
		{"111122223333", "production", "acme-prod", "aws", "ACTIVE", "ou-ab12-11111111", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", true, inventory.Have, 1, 1},
		{"444455556666", "sandbox", "", "aws", "ACTIVE", "ou-ab12-22222222", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/", false, inventory.None, 1, 1},
		{"777788889999", "unread", "", "aws", "SUSPENDED", "ou-ab12-11111111", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", false, inventory.NotRead, 1, 1},
		{"999999999999", "management", "", "aws", "ACTIVE", "r-ab12", "o-a1b2c3d4e5/r-ab12/", false, inventory.NotRead, 1, 1},
	})
	equal(t, "created", inv.Created, time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC))
	equal(t, "source", inv.Source, "hand")
	equal(t, "tags", inv.Account("111122223333").Tags, map[string]string{"env": "prod"})
	equal(t, "canonical id", inv.CanonicalAccount(strings.Repeat("1", 64)), "111122223333")
	equal(t, "gaps", inv.Gaps, []inventory.Gap{
		{Account: "111122223333", Service: "iam", What: "arn:aws:iam::aws:policy/ReadOnlyAccess", Why: "attached, but the snapshot does not hold the policy"},
		{Account: "111122223333", Service: "s3", What: "arn:aws:s3:::x", Why: "AccessDenied on GetBucketPolicy"},
	})
	equal(t, "providers", inv.Account("111122223333").Held().Providers, []inventory.Provider{
		{
			Kind: inventory.OIDC, ARN: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
			URL: "token.actions.githubusercontent.com", Clients: []string{"sts.amazonaws.com"},
		},
		{Kind: inventory.SAML, ARN: "arn:aws:iam::111122223333:saml-provider/corp"},
	})
}

func TestInventoryOrganization(t *testing.T) {
	t.Parallel()
	inv := load(t, os.DirFS("testdata/acme"))
	org := inv.Organization
	if !org.SCPs || !org.RCPs || org.ID != "o-a1b2c3d4e5" || org.ManagementAccount != "999999999999" {
		t.Errorf("got %+v, want SCPs and RCPs of o-a1b2c3d4e5", org)
	}
	equal(t, "delegated", org.Delegated, map[string][]string{"guardduty.amazonaws.com": {"444455556666"}})
	sandbox := org.Root.Units[0].Units[0]
	if len(org.Root.SCPs) != 1 || len(sandbox.SCPs) != 2 || sandbox.Parent != org.Root.Units[0] {
		t.Errorf("got %d SCPs of the root and %d of %s, want 1 and 2", len(org.Root.SCPs), len(sandbox.SCPs), sandbox.ID)
	}
	if org.Root.SCPs[0] != inv.Account("111122223333").SCPs[0] {
		t.Error("FullAWSAccess of the root and of an account are two policies, want one")
	}
	deny := sandbox.SCPs[1]
	if deny.Name != "NoUsers" || deny.Doc.Kind != policy.SCP || deny.Doc.Statements[0].Effect != policy.Deny {
		t.Errorf("got %+v, want the SCP NoUsers", deny)
	}
}

func TestInventoryIAM(t *testing.T) {
	t.Parallel()
	inv := load(t, os.DirFS("testdata/acme"))
	ana := inv.Principal("arn:aws:iam::111122223333:user/ana")
	web := inv.Principal("AROAEXAMPLE000000001")
	if ana == nil || web == nil {
		t.Fatal("a principal is missing")
	}
	equal(t, "created", ana.Created, time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC))
	equal(t, "last used", web.LastUsed, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	equal(t, "tags", ana.Tags, map[string]string{"team": "blue"})
	equal(t, "instance profiles", web.InstanceProfiles, []string{"arn:aws:iam::111122223333:instance-profile/web"})
	equal(t, "path", web.Path, "/app/")
	if len(ana.Groups) != 1 || ana.Groups[0].Members[0] != ana {
		t.Errorf("got groups %v, want ana in ops", ana.Groups)
	}
	if got := ana.Inline[0].Doc; got.Damaged() || got.Statements[0].Actions[0].Text != "s3:ListBucket" {
		t.Errorf("the URL-encoded policy: got faults %v", got.Faults)
	}
	if ana.Attached[0] != web.Attached[0] || ana.Attached[0].Doc.Statements[0].Sid != "Two" {
		t.Error("the managed policy Common is not shared, or not its default version")
	}
	var idle []string // what hangs on nobody, as far as it can be read
	for _, p := range ana.Account.Held().Policies {
		idle = append(idle, p.ARN+" "+p.Doc.Statements[0].Sid)
	}
	equal(t, "policies on nobody", idle, []string{"arn:aws:iam::111122223333:policy/Idle Idle"})
	if b := ana.Boundary; b.Doc.Kind != policy.Boundary || b.ARN != ana.Attached[0].ARN || b.Doc == ana.Attached[0].Doc {
		t.Errorf("boundary: got %+v, want Common read as a boundary", b)
	}
	if !web.Inline[0].Doc.Unreadable() || !web.Attached[1].Doc.Unreadable() || web.Attached[1].Name != "ReadOnlyAccess" {
		t.Error("a broken and a missing document are readable")
	}
	if web.Inline[1].Doc != ana.Groups[0].Inline[0].Doc {
		t.Error("equal documents are not shared")
	}
	if web.Trust.Kind != policy.Trust || web.Trust.Damaged() {
		t.Errorf("trust: got %v", web.Trust.Faults)
	}
}

func TestInventoryResources(t *testing.T) {
	t.Parallel()
	inv := load(t, os.DirFS("testdata/acme"))
	bucket := inv.Resource("arn:aws:s3:::acme-data")
	equal(t, "S3", bucket.S3, &inventory.S3{
		Ownership: "ObjectWriter", HasACL: inventory.Have, ABAC: true,
		ACL: []inventory.ACLGrant{
			{Grantee: strings.Repeat("1", 64), Permission: "FULL_CONTROL"},
			{Grantee: "AllUsers", Permission: "READ"},
			{Grantee: "LogDelivery", Permission: "WRITE"},
		},
		PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None},
		Objects: []inventory.ObjectAccess{{
			Key: "reports/q1.csv", Owner: "444455556666", HasACL: inventory.Have,
			ACL: []inventory.ACLGrant{{Grantee: "AuthenticatedUsers", Permission: "READ"}},
		}},
	})
	if bucket.HasPolicy != inventory.Have || bucket.Policy.Kind != policy.Resource || bucket.Policy.Damaged() {
		t.Errorf("bucket policy: got %v", bucket.Policy)
	}
	foreign := inv.Resource("arn:aws:s3:::foreign")
	if foreign.Account != "444455556666" || inv.Account("444455556666").Held().Resources[0] != foreign {
		t.Errorf("got owner %s, want the resource in account 444455556666", foreign.Account)
	}
	if foreign.HasPolicy != inventory.NotRead || foreign.HasTags != inventory.NotRead || foreign.S3.HasACL != inventory.NotRead {
		t.Errorf("got %+v, want nothing read", foreign)
	}
	if !foreign.KeyUnread || !foreign.S3.ABACUnread || bucket.KeyUnread || bucket.S3.ABACUnread {
		t.Errorf("foreign: key and ABAC are read; acme-data: %v, %v are not", bucket.KeyUnread, bucket.S3.ABACUnread)
	}
	queue := inv.Resource("arn:aws:sqs:eu-central-1:111122223333:jobs")
	if queue.HasPolicy != inventory.None || queue.HasTags != inventory.None || queue.Region != "eu-central-1" || queue.Name != "jobs" || queue.S3 != nil {
		t.Errorf("got %+v, want no policy, no tags, eu-central-1", queue)
	}
	key := inv.Resource("arn:aws:kms:eu-central-1:111122223333:key/0d1f7a4e-0000-4000-8000-000000000001")
	equal(t, "grants", key.KMSGrants, []inventory.KMSGrant{{
		ID: "g1", Grantee: "arn:aws:iam::111122223333:role/app/web", Operations: []string{"Decrypt"},
		ContextSubset: map[string]string{"app": "web"},
	}, {
		ID: "g2", Grantee: "backup.amazonaws.com", Operations: []string{"DescribeKey"},
		SourceARN: "arn:aws:backup:eu-central-1:111122223333:backup-vault:daily",
	}})
	equal(t, "access point", inv.Resource("arn:aws:s3:eu-central-1:111122223333:accesspoint/data").AccessPoint, &inventory.AccessPoint{
		Bucket: "acme-data", BucketAccount: "111122223333", VPC: "vpc-1",
		PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.Have, BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true},
	})
}

// Documents come in several forms; whatever can't be read says why.
func TestInventoryDocuments(t *testing.T) {
	t.Parallel()
	const doc = `{"Version":"2012-10-17","Statement":[]}`
	tests := []struct {
		name, policy string
		why          string // how the fault begins; "" for a readable one
	}{
		{"object", doc, ""},
		{"text", `"{\"Statement\":[]}"`, ""},
		{"text with space in front", `" \n{\"Statement\":[]}"`, ""},
		{"percent in JSON is left alone", `"{\"Id\":\"100%\",\"Statement\":[]}"`, ""},
		{"encoded", `"%7B%22Statement%22%3A%5B%5D%7D"`, ""},
		{"plus is no space", `"%7B+%22Statement%22%3A%5B%5D%7D"`, "this is not JSON"},
		{"broken encoding", `"%7"`, `the policy document is neither JSON nor URL-encoded JSON: broken escape "%7"`},
		{"empty text", `""`, "the policy document is an empty text"},
		{"number", `7`, "a policy document is an object, or a text that holds one"},
		{"list", `[]`, "a policy document is an object, or a text that holds one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, folder(prod+"resources.json", `{"Resources":[{"Arn":"arn:aws:sqs:eu-central-1:111122223333:q","Type":"AWS::SQS::Queue","Policy":`+tt.policy+`}]}`))
			got := ""
			if d := inv.Accounts[0].Held().Resources[0].Policy; d.Unreadable() {
				got = d.Faults[0].Message
			}
			if !strings.HasPrefix(got, tt.why) || tt.why == "" && got != "" {
				t.Errorf("policy %s: got %q, want %q", tt.policy, got, tt.why)
			}
		})
	}
}

// What the snapshot lacks leaves a mark and never an absence.
func TestInventoryMissing(t *testing.T) {
	t.Parallel()
	inv := load(t, folder(prod+"authorization-details.json", `{
"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/a/u","GroupList":["g"],"UserPolicyList":[{"PolicyName":"p"}],
 "AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::111122223333:policy/v"}],
 "PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::aws:policy/b"}}],
"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r"}],
"Policies":[{"Arn":"arn:aws:iam::111122223333:policy/v","PolicyVersionList":[{"Document":{},"VersionId":"v1"}]}]}`))
	u := inv.Account("111122223333").Held().Users[0]
	if u.Name != "u" || u.Path != "/a/" {
		t.Errorf("got name %q, path %q from the ARN, want u, /a/", u.Name, u.Path)
	}
	for what, p := range map[string]*inventory.Policy{
		"inline": u.Inline[0], "attached": u.Attached[0], "boundary": u.Boundary, "of the group": u.Groups[0].Attached[0],
	} {
		if !p.Doc.Unreadable() {
			t.Errorf("%s policy: got a readable document", what)
		}
	}
	if r := inv.Account("111122223333").Held().Roles[0]; !r.Trust.Unreadable() {
		t.Error("a role without trust policy: got a readable one")
	}
	var whats []string
	for _, g := range inv.Gaps {
		whats = append(whats, g.What)
	}
	equal(t, "gaps", whats, []string{"arn:aws:iam::111122223333:group/g", "arn:aws:iam::111122223333:policy/v", "arn:aws:iam::aws:policy/b"})
}

// One page of several is not all of an account.
func TestInventoryOfOnePage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rest string
		gaps []string
	}{
		{"", nil},
		{`,"IsTruncated":false`, nil},
		{`,"IsTruncated":true,"Marker":"x"`, []string{"users, groups, roles and policies"}},
		{`,"NextToken":"x"`, []string{"users, groups, roles and policies"}}, // of the AWS CLI with --max-items
		{`,"NextToken":""`, nil},
	}
	for _, tt := range tests {
		fsys := folder(prod+"authorization-details.json", `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":{"Statement":[]}}]`+tt.rest+"}")
		var whats []string
		for _, g := range load(t, fsys).Gaps {
			whats = append(whats, g.What)
		}
		equal(t, "gaps of "+tt.rest, whats, tt.gaps)
		if warned := len(snapshot.Validate(fsys)) > 0; warned != (tt.gaps != nil) {
			t.Errorf("%s: Validate warned: %v", tt.rest, warned)
		}
	}
}

func TestInventoryRefusesHandmade(t *testing.T) {
	t.Parallel()
	s := &snapshot.Snapshot{
		Manifest: snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version},
		Accounts: []*snapshot.Account{{Info: snapshot.AccountInfo{ID: "1"}}},
	}
	_, err := s.Inventory()
	if want := `accounts/1/account.json: /Id: "1" is not an account id of 12 digits`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A document that is there and not known is unreadable, and says why, whatever
// the reason holds; it is written and read like any other.
func TestUnknownDocument(t *testing.T) {
	t.Parallel()
	for _, why := range []string{"", "known only after apply: a.b", "\"}<é>\xff", strings.Repeat("long ", 100)} {
		raw := snapshot.UnknownDocument(why)
		text, got := snapshot.DocumentText(raw)
		want := strings.ToValidUTF8(why, "\ufffd")
		if why == "" {
			want = "the policy document is not known"
		}
		if got != want || text != nil {
			t.Errorf("%q: document %s, reason %q", why, text, got)
		}
	}
	if text, why := snapshot.DocumentText(jsontext.Value(`{"UnknownBecause":"x","Statement":[]}`)); why != "" || text == nil {
		t.Errorf("a policy was taken for an unknown one: %s", why)
	}
}

// What stands before a search domain besides its policy comes along; the network of an
// endpoint is none of that.
func TestSearchDomains(t *testing.T) {
	t.Parallel()
	inv := load(t, folder(prod+"resources.json", `{"Resources":[
{"Arn":"arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-1","Type":"AWS::EC2::VPCEndpoint","VpcId":"vpc-1"},
{"Arn":"arn:aws:es:eu-central-1:111122223333:domain/inside","Type":"AWS::OpenSearchService::Domain","VpcId":"vpc-1","FineGrainedAccessControl":true},
{"Arn":"arn:aws:es:eu-central-1:111122223333:domain/open","Type":"AWS::OpenSearchService::Domain"}]}`))
	type facts struct {
		Name, VPC   string
		FineGrained bool
	}
	var got []facts
	for _, r := range inv.Accounts[0].Held().Resources {
		got = append(got, facts{r.Name, r.VPC, r.FineGrained})
	}
	equal(t, "domains", got, []facts{{"vpce-1", "", false}, {"inside", "vpc-1", true}, {"open", "", false}})
}
