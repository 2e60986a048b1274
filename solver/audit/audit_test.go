package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

const (
	prodID, devID, mgmtID = "111111111111", "222222222222", "999999999999"
	vendorID              = "464622532012"
	outsideID             = "777777777777"
)

// A world is an organization of a production account, a development account, and a
// management account.
type world struct {
	inv            *inventory.Inventory
	prod, dev, mgt *inventory.Account
	root           *inventory.Unit
}

func document(kind policy.Kind, statements ...string) *policy.Document {
	return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`), kind)
}

func named(name string, doc *policy.Document) *inventory.Policy {
	return &inventory.Policy{Name: name, Doc: doc}
}

func newWorld() *world {
	full := named("FullAWSAccess", document(policy.SCP, `{"Effect":"Allow","Action":"*","Resource":"*"}`))
	full.ARN = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	w := &world{root: &inventory.Unit{ID: "r-1", Name: "Root", SCPs: []*inventory.Policy{full}, Accounts: []string{prodID, devID, mgmtID}}}
	account := func(id, name string) *inventory.Account {
		return &inventory.Account{ID: id, Partition: "aws", Name: name, IAM: true, Unit: w.root, SCPs: []*inventory.Policy{full}, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
	}
	w.prod, w.dev, w.mgt = account(prodID, "shop-prod"), account(devID, "shop-dev"), account(mgmtID, "management")
	w.inv = &inventory.Inventory{
		Created:      time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Accounts:     []*inventory.Account{w.prod, w.dev, w.mgt},
		Organization: &inventory.Organization{ID: "o-1", ManagementAccount: mgmtID, Root: w.root, SCPs: true, RCPs: false},
	}
	return w
}

func (w *world) user(a *inventory.Account, name string, statements ...string) *inventory.Principal {
	p := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::" + a.ID + ":user/" + name, Name: name, Path: "/", Account: a}
	if len(statements) > 0 {
		p.Inline = []*inventory.Policy{named("own", document(policy.Identity, statements...))}
	}
	a.Held().Users = append(a.Held().Users, p)
	return p
}

func (w *world) role(a *inventory.Account, name, trust string, statements ...string) *inventory.Principal {
	p := &inventory.Principal{
		Kind: inventory.Role, ARN: "arn:aws:iam::" + a.ID + ":role/" + name, Name: name, Path: "/", Account: a,
		Trust: document(policy.Trust, trust),
	}
	if len(statements) > 0 {
		p.Inline = []*inventory.Policy{named("own", document(policy.Identity, statements...))}
	}
	a.Held().Roles = append(a.Held().Roles, p)
	return p
}

func (w *world) resource(a *inventory.Account, typ, arn string, statements ...string) *inventory.Resource {
	r := &inventory.Resource{ARN: arn, Type: typ, Name: inventory.LastPart(arn), Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.Have, HasGrants: inventory.None}
	if len(statements) > 0 {
		r.Policy, r.HasPolicy = document(policy.Resource, statements...), inventory.Have
	}
	a.Held().Resources = append(a.Held().Resources, r)
	return r
}

func (w *world) bucket(statements ...string) *inventory.Resource {
	r := w.resource(w.prod, "AWS::S3::Bucket", "arn:aws:s3:::data", statements...)
	r.S3 = &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
	return r
}

func (w *world) queue(statements ...string) *inventory.Resource {
	return w.resource(w.prod, "AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+prodID+":jobs", statements...)
}

func (w *world) run(t *testing.T, change func(*audit.Config)) *audit.Report {
	t.Helper()
	if err := w.inv.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: w.inv, Assume: solver.Assumptions{From: w.inv.Created}})
	if err != nil {
		t.Fatal(err)
	}
	cfg := audit.Config{Solver: s, Inventory: w.inv, Survey: s.Survey(1), Sensitive: []string{"tag:data=secret"}}
	if change != nil {
		change(&cfg)
	}
	rep, err := audit.Run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func of(rep *audit.Report, kind string) (out []audit.Finding) {
	for _, f := range rep.Findings {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

const (
	allowAll   = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	byService  = `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`
	githubARN  = "arn:aws:iam::" + prodID + ":oidc-provider/token.actions.githubusercontent.com"
	githubHost = "token.actions.githubusercontent.com"
)

func trusting(who, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	action := "sts:AssumeRole"
	if strings.Contains(who, "Federated") {
		action = "sts:AssumeRoleWithWebIdentity"
	}
	return fmt.Sprintf(`{"Effect":"Allow","Principal":%s,"Action":"%s"%s}`, who, action, condition)
}

func granting(who, action, resource, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Effect":"Allow","Principal":%s,"Action":"%s","Resource":"%s"%s}`, who, action, resource, condition)
}

// TestEveryKindHasFindings: the two tests above leave no kind out.
func TestEveryKindHasFindings(t *testing.T) {
	tested := []string{
		"public-access", "external-access", "sensitive-reach", "key-beyond-account", "bucket-block-only", "confused-deputy",
		"cross-account-into-production", "admin-role-without-mfa", "third-party-without-external-id", "dangling-trust", "unused-with-power",
		"wildcard-data-access", "guard-gap", "federation-too-broad", "admin-equivalent", "privilege-escalation",
	}
	for _, k := range audit.Kinds() {
		if !slices.Contains(tested, k.Name) {
			t.Errorf("%s is not tested", k.Name)
		}
		if k.Title == "" || k.About == "" {
			t.Errorf("%s has no title, or says nothing about itself", k.Name)
		}
	}
}

func TestSelectAndEscalations(t *testing.T) {
	w := newWorld()
	w.user(w.prod, "boss", allowAll)
	w.user(w.prod, "x", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}`)
	rep := w.run(t, func(c *audit.Config) { c.Select = []string{"admin-equivalent"} })
	if len(rep.Findings) != 1 || rep.Findings[0].Kind != "admin-equivalent" {
		t.Errorf("%v", rep.Findings)
	}
	rep = w.run(t, func(c *audit.Config) { c.NoEscalations = true })
	if len(of(rep, "privilege-escalation")) != 0 || len(of(rep, "admin-equivalent")) != 1 {
		t.Errorf("%v", rep.Findings)
	}
	if _, err := audit.Run(audit.Config{Inventory: w.inv, Select: []string{"nonsense"}}); err == nil || !strings.Contains(err.Error(), "public-access") {
		t.Errorf("%v", err)
	}
}

// A policy of AWS that is attached in two accounts makes a finding in each, with ids of
// their own.
func TestManagedPolicyInTwoAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	all := named("AmazonS3FullAccess", document(policy.Identity, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))
	all.ARN = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
	for _, a := range []*inventory.Account{w.prod, w.dev} {
		w.user(a, "ana").Attached = []*inventory.Policy{all}
	}
	if err := w.inv.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: w.inv})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := audit.Run(audit.Config{Solver: s, Inventory: w.inv, Survey: s.Survey(1), Select: []string{"wildcard-data-access"}})
	if err != nil {
		t.Fatal(err)
	}
	if f := rep.Findings; len(f) != 2 || f[0].ID == f[1].ID {
		t.Fatalf("findings %+v", f)
	}
}

// TestRemedyCloses: the Deny that a finding proposes takes its way away.
func TestRemedyCloses(t *testing.T) {
	t.Parallel()
	own := "arn:aws:iam::" + prodID + ":"
	for _, tt := range []struct {
		name, method string
		may          []string
		setup        func(*world, *inventory.Principal)
	}{
		{"itself", "iam-put-user-policy", []string{`{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}`}, nil},
		{"a new policy", "iam-create-policy-and-attach", []string{
			`{"Effect":"Allow","Action":"iam:CreatePolicy","Resource":"*"}`,
			`{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"` + own + `policy/*"}}}`,
		}, nil},
		{"a new user", "iam-create-user-and-empower", []string{`{"Effect":"Allow","Action":["iam:CreateUser","iam:PutUserPolicy","iam:CreateAccessKey"],"Resource":"` + own + `user/new-*"}`}, nil},
		{"another user", "iam-create-access-key", []string{`{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*"}`}, func(w *world, _ *inventory.Principal) {
			w.user(w.prod, "admin", `{"Effect":"Allow","Action":"*","Resource":"*"}`)
		}},
		{"a policy of a group", "iam-remove-deny", []string{`{"Effect":"Allow","Action":"*","Resource":"*"}`}, func(w *world, p *inventory.Principal) {
			g := &inventory.Group{ARN: own + "group/g", Name: "g", Path: "/", Account: w.prod, Members: []*inventory.Principal{p}}
			g.Inline = []*inventory.Policy{named("no", document(policy.Identity,
				`{"Effect":"Deny","NotAction":["iam:DeleteGroupPolicy"],"Resource":"*"}`))}
			p.Groups = []*inventory.Group{g}
			w.prod.Held().Groups = []*inventory.Group{g}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			try := func(deny string) []audit.Finding {
				w := newWorld()
				p := w.user(w.prod, "x", tt.may...)
				if tt.setup != nil {
					tt.setup(w, p)
				}
				if deny != "" {
					p.Inline = append(p.Inline, named("deny", document(policy.Identity, deny)))
				}
				return of(w.run(t, nil), "privilege-escalation")
			}
			list := try("")
			if len(list) != 1 || len(list[0].Path) < 2 || list[0].Path[1].Kind != tt.method {
				t.Fatalf("found %+v", list)
			}
			if list = try(list[0].Remedy.Change); len(list) > 0 {
				t.Errorf("there is still a way: %s", list[0].Detail)
			}
		})
	}
}
