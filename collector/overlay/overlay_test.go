package overlay_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

const (
	account = "111122223333"
	other   = "444455556666"
	unread  = "777788889999" // its IAM was not read
)

const (
	trustAnn = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/team/ann"},"Action":"sts:AssumeRole"}}`
	readAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	writeAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
)

// world is a small snapshot with one thing of each kind.
func world() *snapshot.Snapshot {
	return &snapshot.Snapshot{
		Manifest: snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version},
		Organization: &snapshot.Organization{
			Organization: snapshot.OrganizationInfo{ID: "o-1", MasterAccountID: account},
			Root: &snapshot.OrganizationalUnit{
				ID: "r-1", Accounts: []string{account}, PolicyTypes: []snapshot.PolicyType{{Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED"}},
				OrganizationalUnits: []*snapshot.OrganizationalUnit{{ID: "ou-1", Name: "One", Accounts: []string{other}}},
			},
			Accounts: []snapshot.OrganizationAccount{{ID: account}, {ID: other}},
			Policies: []snapshot.OrganizationPolicy{{
				PolicySummary: snapshot.PolicySummary{ID: "p-FullAWSAccess", Name: "FullAWSAccess", Type: "SERVICE_CONTROL_POLICY", AWSManaged: true},
				Content:       jsontext.Value(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`),
				Targets:       []string{"r-1", "ou-1", account, other},
			}},
		},
		Accounts: []*snapshot.Account{
			{
				Info:      snapshot.AccountInfo{ID: account},
				Providers: &snapshot.IdentityProviders{},
				IAM: &snapshot.AuthorizationDetails{
					UserDetailList: []*snapshot.UserDetail{{
						Path: "/team/", UserName: "ann", UserID: "AIDAANN000000000", ARN: "arn:aws:iam::111122223333:user/team/ann", GroupList: []string{"staff"},
					}},
					GroupDetailList: []*snapshot.GroupDetail{{Path: "/", GroupName: "staff", ARN: "arn:aws:iam::111122223333:group/staff"}},
					RoleDetailList: []*snapshot.RoleDetail{{
						Path: "/", RoleName: "app", ARN: "arn:aws:iam::111122223333:role/app", AssumeRolePolicyDocument: jsontext.Value(trustAnn),
						RolePolicyList: []snapshot.InlinePolicy{{PolicyName: "read", PolicyDocument: jsontext.Value(readAll)}},
					}},
				},
				Resources: []*snapshot.ResourceFile{{Resources: []*snapshot.Resource{{
					ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket",
					Policy: snapshot.Have(jsontext.Value(`"%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22AWS%22%3A%5B%22arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fteam%2Fann%22%5D%7D%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3Adata%2F%2A%22%7D%7D"`)),
				}}}},
			},
			{
				Info: snapshot.AccountInfo{ID: other},
				IAM: &snapshot.AuthorizationDetails{Policies: []*snapshot.ManagedPolicy{{
					PolicyName: "ReadOnlyAccess", ARN: "arn:aws:iam::aws:policy/ReadOnlyAccess", DefaultVersionID: "v1",
					PolicyVersionList: []snapshot.PolicyVersion{{VersionID: "v1", IsDefaultVersion: true, Document: jsontext.Value(readAll)}},
				}}},
			},
			{Info: snapshot.AccountInfo{ID: unread}},
		},
	}
}

func text(t *testing.T, s *snapshot.Snapshot) string {
	t.Helper()
	b, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A deleted user or role leaves its unique id in the policies that named it, and
// a new one of its name is not the one that was trusted (E75, E76).
func TestReplacedPrincipal(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "plan.json")
	ann := overlay.Entity{Account: account, Kind: overlay.User, Name: "ann"}
	e.Remove(ann)
	e.Put(ann, overlay.Attributes{Path: "/team/"})
	inv, err := e.Snapshot().Inventory()
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{
		inv.Principal("arn:aws:iam::111122223333:role/app").Trust.Statements[0].Principals[0].Text,
		inv.Resource("arn:aws:s3:::data").Policy.Statements[0].Principals[0].Text,
	} {
		if doc != "AIDAANN000000000" {
			t.Errorf("the policy names %s, not the id of the deleted user", doc)
		}
	}
	if u := inv.Principal(e.Find(ann)); u == nil || u.UniqueID != "" || len(u.Groups) > 0 {
		t.Errorf("the new user is %+v", u)
	}
}

// A grant is to the role of that unique id, too.
func TestReplacedGrantee(t *testing.T) {
	t.Parallel()
	const key, role = "arn:aws:kms:eu-central-1:111122223333:key/k", "arn:aws:iam::111122223333:role/app"
	s := world()
	grants := []snapshot.KMSGrant{{GrantID: "g", GranteePrincipal: role}, {GrantID: "h", GranteePrincipal: role + "2"}}
	file := s.Accounts[0].Resources[0]
	file.Resources = append(file.Resources, &snapshot.Resource{ARN: key, Type: "AWS::KMS::Key", Grants: snapshot.Have(grants)})
	e := overlay.Edit(s, "plan.json")
	who := overlay.Entity{Account: account, Kind: overlay.Role, Name: "app"}
	e.Remove(who)
	e.Put(who, overlay.Attributes{Trust: jsontext.Value(trustAnn)})
	r, _ := e.Resource(key)
	if g := r.Grants.Value; !strings.HasPrefix(g[0].GranteePrincipal, "AROA") || g[1].GranteePrincipal != role+"2" {
		t.Errorf("the grants are %+v", g)
	}
	if grants[0].GranteePrincipal != role {
		t.Error("the edited snapshot changed")
	}
	if _, err := e.Snapshot().Inventory(); err != nil {
		t.Error(err)
	}
}

// What is not known is unreadable, and says why.
func TestUnknownDocument(t *testing.T) {
	t.Parallel()
	e := overlay.Edit(world(), "plan.json")
	e.PutInline(overlay.Entity{Account: account, Kind: overlay.Role, Name: "APP"}, "read", overlay.Unknown("known only after apply: x"))
	inv, err := e.Snapshot().Inventory()
	if err != nil {
		t.Fatal(err)
	}
	p := inv.Principal("arn:aws:iam::111122223333:role/app")
	if doc := p.Inline[0].Doc; !doc.Unreadable() || !strings.Contains(doc.Faults[0].Message, "known only after apply: x") {
		t.Errorf("the document is %+v", doc)
	}
}

// The snapshot that is edited stays as it is, whatever is done to it.
func TestOriginalStays(t *testing.T) {
	t.Parallel()
	s := world()
	before := text(t, s)
	e := overlay.Edit(s, "plan.json")
	app := overlay.Entity{Account: account, Kind: overlay.Role, Name: "app"}
	ann := overlay.Entity{Account: account, Kind: overlay.User, Name: "ann"}
	e.PutInline(app, "read", jsontext.Value(writeAll))
	e.Attach(app, "arn:aws:iam::aws:policy/ReadOnlyAccess")
	e.PutProfile("arn:aws:iam::111122223333:instance-profile/app", "app")
	e.Leave(account, "ann", "staff")
	e.Rename(ann, "/", "anna")
	e.Remove(app)
	e.SetAlias(account, "x")
	e.SetAccountBlock(account, snapshot.None[snapshot.PublicAccessBlock]())
	e.PutOIDCProvider(snapshot.OIDCProvider{ARN: e.OIDCProviderARN(account, "https://x.test/")})
	e.EditResource("arn:aws:s3:::data", "policy", func(r *snapshot.Resource) { r.Policy = snapshot.None[jsontext.Value]() })
	e.RemoveResource("arn:aws:s3:::data")
	e.PutResource(account, overlay.NewBucket("aws", account, "", "eu-central-1", "new"))
	e.PutUnit("ou-2", "r-1", "Two")
	e.PutAccount(other, "ou-2", "Other")
	e.RemoveUnit("ou-1")
	e.PutControl(snapshot.PolicySummary{ID: "p-1", Name: "x", Type: "SERVICE_CONTROL_POLICY"}, jsontext.Value(readAll))
	e.AttachControl("p-1", "ou-2")
	e.DetachControl("p-FullAWSAccess", "ou-2")
	e.SetPolicyType("RESOURCE_CONTROL_POLICY", true)
	e.Delegate(other, "guardduty.amazonaws.com")
	after := e.Snapshot()
	if got := text(t, s); got != before {
		t.Errorf("the edited snapshot changed:\n%s\nwas\n%s", got, before)
	}
	if _, err := after.Inventory(); err != nil {
		t.Error(err)
	}
	if len(e.Gaps()) > 0 {
		t.Errorf("gaps %+v", e.Gaps())
	}
	if len(e.Changes()) < 20 {
		t.Errorf("changes %+v", e.Changes())
	}
}

// AWS attaches the policy that allows everything when a type is enabled, and
// detaches all when it is disabled.
func TestPolicyTypes(t *testing.T) {
	t.Parallel()
	s := world()
	s.Organization.Policies = append(s.Organization.Policies, snapshot.OrganizationPolicy{
		PolicySummary: snapshot.PolicySummary{ID: "p-1", Type: "SERVICE_CONTROL_POLICY"}, Content: jsontext.Value(readAll), Targets: []string{"ou-1"},
	})
	before := text(t, s)
	e := overlay.Edit(s, "plan.json")
	e.SetPolicyType("SERVICE_CONTROL_POLICY", true) // it is
	e.SetPolicyType("TAG_POLICY", false)            // it is not
	if len(e.Changes()) > 0 {
		t.Fatalf("changes %+v", e.Changes())
	}
	e.SetPolicyType("SERVICE_CONTROL_POLICY", false)
	e.SetPolicyType("SERVICE_CONTROL_POLICY", true)
	e.SetPolicyType("RESOURCE_CONTROL_POLICY", true)
	e.SetPolicyType("TAG_POLICY", true)
	after := e.Snapshot()
	var got []string
	for _, p := range after.Organization.Policies {
		slices.Sort(p.Targets)
		got = append(got, p.PolicySummary.ID+" "+p.PolicySummary.Type+": "+strings.Join(p.Targets, " "))
	}
	const all = ": 111122223333 444455556666 ou-1 r-1"
	want := []string{"p-FullAWSAccess SERVICE_CONTROL_POLICY" + all, "p-1 SERVICE_CONTROL_POLICY: ", "p-RCPFullAWSAccess RESOURCE_CONTROL_POLICY" + all}
	if !slices.Equal(got, want) {
		t.Errorf("the policies are %q, want %q", got, want)
	}
	if text(t, s) != before {
		t.Error("the edited snapshot changed")
	}
	if _, err := after.Inventory(); err != nil {
		t.Error(err)
	}
}

// What finds no place is a gap, never a made-up place.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(e *overlay.Editor)
		want string
	}{
		{"a role of an account that was not read", func(e *overlay.Editor) {
			e.Put(overlay.Entity{Account: unread, Kind: overlay.Role, Name: "x"}, overlay.Attributes{})
		}, "does not hold the IAM"},
		{"a role of an account that is not there", func(e *overlay.Editor) {
			e.Put(overlay.Entity{Account: "000000000001", Kind: overlay.Role, Name: "x"}, overlay.Attributes{})
		}, "does not hold the IAM"},
		{"a policy on a role that is not there", func(e *overlay.Editor) {
			e.PutInline(overlay.Entity{Account: account, Kind: overlay.Role, Name: "x"}, "p", jsontext.Value(readAll))
		}, "does not hold the role"},
		{"a setting of a bucket that is not there", func(e *overlay.Editor) {
			e.EditResource("arn:aws:s3:::nowhere", "policy", func(*snapshot.Resource) {})
		}, "does not hold the resource"},
		{"an unknown parent", func(e *overlay.Editor) { e.PutUnit("ou-3", "ou-x", "x") }, "neither a root, a unit"},
		{"an unread list of providers", func(e *overlay.Editor) { e.PutSAMLProvider("arn:aws:iam::444455556666:saml-provider/x") }, "identity providers"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := world()
			e := overlay.Edit(s, "plan.json")
			tt.edit(e)
			after := e.Snapshot()
			if n := len(after.Manifest.Gaps); n != 1 || !strings.Contains(after.Manifest.Gaps[0].Why, tt.want) || !strings.HasPrefix(after.Manifest.Gaps[0].Why, "plan.json: ") {
				t.Fatalf("gaps %+v, want one with %q", after.Manifest.Gaps, tt.want)
			}
			if len(e.Changes()) > 0 {
				t.Errorf("changes %+v", e.Changes())
			}
		})
	}
}

// A statement of a function's policy comes and goes by its Sid.
func TestPermission(t *testing.T) {
	t.Parallel()
	const function = "arn:aws:lambda:eu-central-1:111122223333:function:f"
	e := overlay.Edit(world(), "plan.json")
	e.PutResource(account, snapshot.Resource{ARN: function, Type: "AWS::Lambda::Function", Policy: snapshot.None[jsontext.Value]()})
	e.AddPermission(function, overlay.Permission{
		Sid: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com", SourceARN: "arn:aws:s3:::data", SourceAccount: account,
	})
	r, _ := e.Resource(function)
	const want = `{"Id":"default","Statement":[{"Action":"lambda:InvokeFunction","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::data"},` +
		`"StringEquals":{"AWS:SourceAccount":"111122223333"}},"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},` +
		`"Resource":"arn:aws:lambda:eu-central-1:111122223333:function:f","Sid":"s3"}],"Version":"2012-10-17"}`
	if string(r.Policy.Value) != want {
		t.Errorf("policy %s\nwant %s", r.Policy.Value, want)
	}
	e.AddPermission(function, overlay.Permission{Sid: "two", Action: "lambda:InvokeFunction", Principal: "*"})
	e.RemovePermission(function, "s3")
	if r, _ = e.Resource(function); strings.Contains(string(r.Policy.Value), "s3") || !strings.Contains(string(r.Policy.Value), "two") {
		t.Errorf("policy %s", r.Policy.Value)
	}
	e.RemovePermission(function, "two")
	if r, _ = e.Resource(function); r.Policy.Known != inventory.None {
		t.Errorf("policy %s after its last statement went", r.Policy.Value)
	}
}
