package cloudformation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
)

const (
	account = "111122223333"
	other   = "444455556666"
	region  = "eu-central-1"
)

// world is a snapshot of two accounts with little in them.
func world() *snapshot.Snapshot {
	const trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	return &snapshot.Snapshot{
		Manifest: snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version},
		Organization: &snapshot.Organization{
			Organization: snapshot.OrganizationInfo{ID: "o-1", MasterAccountID: account},
			Root: &snapshot.OrganizationalUnit{
				ID: "r-1", Accounts: []string{account, other}, PolicyTypes: []snapshot.PolicyType{{Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED"}},
			},
			Accounts: []snapshot.OrganizationAccount{{ID: account}, {ID: other}},
			Policies: []snapshot.OrganizationPolicy{{
				PolicySummary: snapshot.PolicySummary{ID: "p-FullAWSAccess", Name: "FullAWSAccess", Type: "SERVICE_CONTROL_POLICY"},
				Content:       jsontext.Value(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`),
				Targets:       []string{"r-1", account, other},
			}},
		},
		Accounts: []*snapshot.Account{
			{
				Info:      snapshot.AccountInfo{ID: account, CanonicalUserID: strings.Repeat("a", 64)},
				Providers: &snapshot.IdentityProviders{},
				IAM: &snapshot.AuthorizationDetails{
					UserDetailList: []*snapshot.UserDetail{{Path: "/", UserName: "ana", ARN: "arn:aws:iam::111122223333:user/ana"}},
					GroupDetailList: []*snapshot.GroupDetail{
						{Path: "/", GroupName: "staff", ARN: "arn:aws:iam::111122223333:group/staff"},
					},
					RoleDetailList: []*snapshot.RoleDetail{{
						Path: "/", RoleName: "app", ARN: "arn:aws:iam::111122223333:role/app", AssumeRolePolicyDocument: jsontext.Value(trust),
						PermissionsBoundary: &snapshot.PermissionsBoundary{PermissionsBoundaryARN: "arn:aws:iam::111122223333:policy/edge"},
					}},
					Policies: []*snapshot.ManagedPolicy{{
						PolicyName: "edge", ARN: "arn:aws:iam::111122223333:policy/edge", DefaultVersionID: "v1",
						PolicyVersionList: []snapshot.PolicyVersion{{VersionID: "v1", IsDefaultVersion: true, Document: jsontext.Value(trust)}},
					}},
				},
				Resources: []*snapshot.ResourceFile{{Resources: []*snapshot.Resource{
					{ARN: "arn:aws:s3:::old", Type: "AWS::S3::Bucket", Ownership: "ObjectWriter"},
					{ARN: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf", Type: "AWS::SecretsManager::Secret", Policy: snapshot.None[jsontext.Value]()},
					{ARN: "arn:aws:events:eu-central-1:111122223333:event-bus/default", Type: "AWS::Events::EventBus", Policy: snapshot.None[jsontext.Value]()},
				}}},
			},
			{Info: snapshot.AccountInfo{ID: other}, IAM: &snapshot.AuthorizationDetails{}},
		},
	}
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// deployed is what a test asks about.
type deployed struct {
	t *testing.T
	s *snapshot.Snapshot
	r *cloudformation.Report
}

// deploy applies templates to world, and checks what always holds: the result is
// a snapshot that can be used, and world stays as it is.
func deploy(t *testing.T, cfg cloudformation.Config) *deployed {
	t.Helper()
	s := world()
	before := written(t, s)
	out, report, err := cloudformation.Apply(s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if written(t, s) != before {
		t.Error("the snapshot that was given has changed")
	}
	if _, err := out.Inventory(); err != nil {
		t.Errorf("the snapshot cannot be used: %v", err)
	}
	return &deployed{t, out, report}
}

// one deploys one template as the stack "app" of account.
func one(t *testing.T, template string, parameters ...string) *deployed {
	t.Helper()
	dir := folder(t, map[string]string{"app.yaml": template})
	return deploy(t, cloudformation.Config{
		Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Parameters: parameters, Account: account, Region: region,
	})
}

func written(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// gaps returns all gaps as one text, without the folder of the test.
func (d *deployed) gaps() string {
	var b strings.Builder
	for _, g := range d.r.Gaps {
		b.WriteString(g.What + ": " + g.Why + "\n")
	}
	return b.String()
}

func (d *deployed) account(id string) *snapshot.Account {
	for _, a := range d.s.Accounts {
		if a.Info.ID == id {
			return a
		}
	}
	d.t.Fatalf("there is no account %s", id)
	return nil
}

func (d *deployed) role(name string) *snapshot.RoleDetail {
	d.t.Helper()
	for _, r := range d.account(account).IAM.RoleDetailList {
		if r.RoleName == name {
			return r
		}
	}
	d.t.Fatalf("there is no role %s; gaps:\n%s", name, d.gaps())
	return nil
}

func (d *deployed) resource(arn string) *snapshot.Resource {
	d.t.Helper()
	for _, a := range d.s.Accounts {
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				if r.ARN == arn {
					return r
				}
			}
		}
	}
	d.t.Fatalf("there is no resource %s; gaps:\n%s", arn, d.gaps())
	return nil
}
