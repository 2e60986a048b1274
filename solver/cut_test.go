package solver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A cutWorld is an account of users ann, bob and eve and roles reader and admin,
// with a bucket "data" and a queue "jobs"; account 222222222222 is outside.
type cutWorld struct {
	ann, bob, eve, reader, admin *inventory.Principal
	group                        *inventory.Group
	data, jobs                   *inventory.Resource
	more                         []*inventory.Resource
}

func cutDoc(kind policy.Kind, statements ...string) *policy.Document {
	return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`), kind)
}

// may is an inline policy.
func may(statements ...string) []*inventory.Policy {
	return []*inventory.Policy{{Name: "own", Doc: cutDoc(policy.Identity, statements...)}}
}

func newCutWorld(t *testing.T, change func(w *cutWorld)) *solver.Solver {
	t.Helper()
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	principal := func(kind inventory.PrincipalKind, class, name string) *inventory.Principal {
		return &inventory.Principal{ARN: "arn:aws:iam::111111111111:" + class + "/" + name, Account: a, Kind: kind, Name: name, Path: "/"}
	}
	w := &cutWorld{
		ann: principal(inventory.User, "user", "ann"), bob: principal(inventory.User, "user", "bob"), eve: principal(inventory.User, "user", "eve"),
		reader: principal(inventory.Role, "role", "reader"), admin: principal(inventory.Role, "role", "admin"),
		group: &inventory.Group{ARN: "arn:aws:iam::111111111111:group/ops", Name: "ops", Account: a},
		data: &inventory.Resource{
			ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Name: "data", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None,
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		},
		jobs: &inventory.Resource{ARN: "arn:aws:sqs:eu-west-1:111111111111:jobs", Type: "AWS::SQS::Queue", Name: "jobs", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None},
	}
	w.reader.Trust, w.admin.Trust = cutDoc(policy.Trust), cutDoc(policy.Trust)
	change(w)
	w.group.Members = nil
	for _, u := range []*inventory.Principal{w.ann, w.bob, w.eve} {
		if slices.Contains(u.Groups, w.group) {
			w.group.Members = append(w.group.Members, u)
		}
	}
	resources := append([]*inventory.Resource{w.data, w.jobs}, w.more...)
	for _, r := range resources {
		if r.Policy != nil {
			r.HasPolicy = inventory.Have
		}
	}
	a.Hold(inventory.Held{
		Users: []*inventory.Principal{w.ann, w.bob, w.eve}, Roles: []*inventory.Principal{w.admin, w.reader},
		Groups: []*inventory.Group{w.group}, Resources: resources,
	})
	return newSolver(t, finished(t, &inventory.Inventory{Accounts: []*inventory.Account{a}}))
}

// cutLines writes an answer in a line for each grant, each who stays open and each
// who is crossed.
func cutLines(a *solver.CutAnswer) (out []string) {
	last := func(s string) string { return s[strings.LastIndexByte(s, ':')+1:] }
	for i := range a.Cut {
		c := &a.Cut[i]
		line := fmt.Sprintf("cut %s %s #%d", c.Type, last(c.Policy), c.Statement)
		if c.Type == solver.TypeAttachment {
			line += " at " + last(c.Places[0])
		}
		for _, l := range c.Breaks {
			for j := range l.Principals {
				line += " - " + last(l.Principals[j])
			}
			for j := range l.Resources {
				line += " on " + last(l.Resources[j])
			}
			line += fmt.Sprintf(" %d", len(l.Actions)+l.More)
		}
		out = append(out, line)
	}
	for _, o := range a.Open {
		line := "open " + last(o.Principal)
		for _, k := range o.Keeps {
			line += " for " + last(k)
		}
		if o.Narrow != nil {
			line += " but " + strings.Join(o.Narrow.Statements, " ")
		}
		out = append(out, line)
	}
	for _, c := range a.Crossed {
		line := fmt.Sprintf("%d cross %s", c.Starts, last(c.Principal))
		if c.All {
			line += " (all)"
		}
		out = append(out, line)
	}
	if !a.Smallest {
		out = append(out, "not proven")
	}
	return out
}

const (
	cutRead    = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
	cutOther   = `{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}`
	cutBecome  = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111111111111:role/reader"}`
	cutTrust   = `{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}`
	cutTrustA  = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"sts:AssumeRole"}`
	cutPublic  = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
	cutForeign = `{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
	cutSend    = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`
)

func TestCut(t *testing.T) {
	t.Parallel()
	managed := func(arn string, statements ...string) *inventory.Policy {
		return &inventory.Policy{Name: "p", ARN: arn, Doc: cutDoc(policy.Identity, statements...)}
	}
	shared := "arn:aws:iam::111111111111:policy/shared"
	tests := []cutRow{
		{name: "nobody", world: func(*cutWorld) {}},
		{
			name: "everybody, and the root user can't be closed off", world: func(w *cutWorld) { w.ann.Inline = may(cutRead) },
			q: solver.CutQuestion{From: []string{"*"}}, want: []string{"cut identity-policy user/ann/own #0", "open root"},
		},
		{
			name: "each by itself", world: func(w *cutWorld) { w.ann.Inline, w.bob.Inline = may(cutSend, cutRead), may(cutRead) },
			want: []string{"cut identity-policy user/ann/own #1", "cut identity-policy user/bob/own #0"},
		},
		{
			name: "two grants of one way", world: func(w *cutWorld) { w.ann.Inline = may(cutRead, cutOther) },
			want: []string{"cut identity-policy user/ann/own #0", "cut identity-policy user/ann/own #1 - user/ann on data 1"},
		},
		{
			name: "what no snapshot lists is lost, too",
			world: func(w *cutWorld) {
				w.ann.Inline = may(`{"Effect":"Allow","Action":["s3:GetObject","s3:ListAllMyBuckets","ec2:StartInstances"],"Resource":"*"}`)
				w.bob.Inline = may(`{"Effect":"Allow","Action":["s3:GetObject","sqs:SendMessage"],"Resource":["arn:aws:s3:::data/*","arn:aws:sqs:eu-west-1:111111111111:later"]}`)
			},
			want: []string{"cut identity-policy user/bob/own #0 - user/bob on later 1", "cut identity-policy user/ann/own #0 - user/ann on * 2"},
		},
		{
			name: "what another grant gives as well is not lost",
			world: func(w *cutWorld) {
				w.ann.Inline = may(`{"Effect":"Allow","Action":["s3:GetObject","s3:ListAllMyBuckets"],"Resource":"*"}`, `{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}`)
			},
			want: []string{"cut identity-policy user/ann/own #0"},
		},
		{
			name: "a policy of several is one grant",
			world: func(w *cutWorld) {
				p := managed(shared, cutSend, cutOther)
				w.ann.Attached, w.bob.Attached, w.eve.Attached = []*inventory.Policy{p}, []*inventory.Policy{p}, []*inventory.Policy{p}
			},
			want: []string{"cut identity-policy policy/shared #1 - user/ann - user/bob - user/eve on data 1"},
		},
		{
			name: "nobody can change a policy of AWS",
			world: func(w *cutWorld) {
				p := managed("arn:aws:iam::aws:policy/Reader", cutRead)
				w.ann.Attached, w.group.Attached = []*inventory.Policy{p}, []*inventory.Policy{p}
				w.bob.Groups, w.eve.Groups = []*inventory.Group{w.group}, []*inventory.Group{w.group}
			},
			want: []string{"cut attachment policy/Reader #0 at group/ops", "cut attachment policy/Reader #0 at user/ann"},
		},
		{
			name: "a role that all go through",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust)
				w.ann.Inline, w.bob.Inline = may(cutBecome), may(cutBecome)
			},
			want: []string{"cut identity-policy role/reader/own #0", "3 cross role/reader (all)"},
		},
		{
			name: "those who become it alone",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust)
				w.ann.Inline, w.bob.Inline = may(cutBecome), may(cutBecome)
			},
			q: solver.CutQuestion{From: []string{"ann", "bob"}},
			want: []string{
				"cut trust-policy role/reader #0 - user/ann - user/bob on role/reader 1", "2 cross role/reader (all)",
			},
		},
		{
			name: "a role that somebody kept goes through",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust)
				w.ann.Inline, w.bob.Inline = may(cutBecome), may(cutBecome)
			},
			q:    solver.CutQuestion{Keep: []string{"ann"}},
			want: []string{"cut identity-policy user/bob/own #0 - user/bob on role/reader 1"},
		},
		{
			name: "what somebody kept needs too",
			world: func(w *cutWorld) {
				w.group.Inline = may(cutRead)
				w.ann.Groups, w.bob.Groups = []*inventory.Group{w.group}, []*inventory.Group{w.group}
			},
			q:    solver.CutQuestion{Keep: []string{"ann"}},
			want: []string{`open user/bob for user/ann but {"Effect":"Deny","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::data/*"]}`},
		},
		{
			name: "what is to be left",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutTrustA)
				w.ann.Inline = may(cutBecome)
			},
			q:    solver.CutQuestion{From: []string{"ann"}, Leave: []string{"arn:aws:iam::111111111111:role/reader*"}},
			want: []string{`open user/ann but {"Effect":"Deny","Action":["sts:AssumeRole"],"Resource":["arn:aws:iam::111111111111:role/reader"]}`},
		},
		{
			name: "a way that is longer than another one",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust, w.admin.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust), cutDoc(policy.Trust, cutTrustA)
				w.ann.Inline, w.admin.Inline = may(strings.Replace(cutBecome, "role/reader", "role/*", 1)), may(cutBecome)
			},
			q:    solver.CutQuestion{From: []string{"ann"}, Leave: []string{"arn:aws:iam::111111111111:*"}},
			want: []string{`open user/ann but {"Effect":"Deny","Action":["sts:AssumeRole"],"Resource":["arn:aws:iam::111111111111:role/admin","arn:aws:iam::111111111111:role/reader"]}`},
		},
		{
			name: "no Deny where somebody kept goes through",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust, w.admin.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust), cutDoc(policy.Trust, cutTrustA)
				w.admin.Inline = may(cutBecome)
			},
			q:    solver.CutQuestion{From: []string{"admin"}, Keep: []string{"ann"}},
			want: []string{"open role/admin for user/ann"},
		},
		{
			name: "a longer way that somebody kept goes, too",
			world: func(w *cutWorld) {
				w.reader.Inline, w.reader.Trust, w.admin.Trust = may(cutRead), cutDoc(policy.Trust, cutTrust), cutDoc(policy.Trust, cutTrust)
				w.ann.Inline, w.bob.Inline, w.admin.Inline = may(cutRead, strings.Replace(cutBecome, "role/reader", "role/*", 1)), may(strings.Replace(cutBecome, "role/reader", "role/*", 1)), may(cutBecome)
			},
			q: solver.CutQuestion{From: []string{"ann"}, Keep: []string{"bob"}, Leave: []string{"arn:aws:iam::111111111111:user/ann*"}},
			want: []string{
				`open user/ann but {"Effect":"Deny","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::data/*"]} {"Effect":"Deny","Action":["sts:AssumeRole"],"Resource":["arn:aws:iam::111111111111:role/admin","arn:aws:iam::111111111111:role/reader"]}`,
			},
		},
		{
			name: "another way is left to somebody kept",
			world: func(w *cutWorld) {
				w.group.Inline, w.ann.Inline = may(cutRead), may(cutRead)
				w.ann.Groups, w.bob.Groups = []*inventory.Group{w.group}, []*inventory.Group{w.group}
			},
			q: solver.CutQuestion{Keep: []string{"ann"}}, want: []string{"cut identity-policy group/ops/own #0"},
		},
		{
			name: "everybody and an account", world: func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, cutForeign, cutPublic) },
			q:    solver.CutQuestion{From: []string{"outside"}},
			want: []string{"cut resource-policy data #0", "cut resource-policy data #1 - role/admin - role/reader - user/ann - user/bob - user/eve on data 1"},
		},
		{
			name: "an ACL",
			world: func(w *cutWorld) {
				w.data.S3.Ownership = "ObjectWriter"
				w.data.S3.Objects = []inventory.ObjectAccess{{Key: "k", HasACL: inventory.Have, ACL: []inventory.ACLGrant{{Grantee: "LogDelivery", Permission: "READ"}, {Grantee: "AllUsers", Permission: "READ"}}}}
			},
			q: solver.CutQuestion{From: []string{"anonymous"}, Brief: true}, want: []string{"cut acl data/k #1"},
		},
		{
			name: "what limits is no grant",
			world: func(w *cutWorld) {
				w.ann.Inline, w.bob.Inline = may(cutRead), may(cutRead)
				limit := managed("arn:aws:iam::111111111111:policy/limit", cutOther)
				w.ann.Boundary, w.bob.Boundary = limit, limit
			},
			want: []string{"cut identity-policy user/ann/own #0", "cut identity-policy user/bob/own #0"},
		},
		{
			name: "what limits some and grants others is",
			world: func(w *cutWorld) {
				w.ann.Inline, w.bob.Inline = may(cutRead), may(cutRead)
				limit := managed("arn:aws:iam::111111111111:policy/limit", cutOther)
				w.ann.Boundary, w.bob.Boundary, w.eve.Attached = limit, limit, []*inventory.Policy{limit}
			},
			q: solver.CutQuestion{Brief: true}, want: []string{"cut identity-policy policy/limit #0"},
		},
		{
			name: "a public policy that is cut off may count later",
			world: func(w *cutWorld) {
				w.data.Policy = cutDoc(policy.Resource, cutPublic, cutForeign)
				w.data.S3.PublicAccessBlock = inventory.PublicAccessBlock{Known: inventory.Have, RestrictPublicBuckets: true}
				w.ann.Inline = may(cutRead)
			},
			q:    solver.CutQuestion{From: []string{"ann"}, Brief: true},
			want: []string{"cut resource-policy data #0", "cut identity-policy user/ann/own #0", "not proven"},
		},
	}
	for _, tt := range tests {
		tt.run(t)
	}
}

// A cutRow is a question about s3:GetObject on the bucket, from users, roles and
// outside if it says nobody.
type cutRow struct {
	name  string
	world func(w *cutWorld)
	q     solver.CutQuestion
	want  []string
}

func (tt *cutRow) run(t *testing.T) {
	t.Helper()
	people := []string{"arn:aws:iam::111111111111:user/*", "arn:aws:iam::111111111111:role/*", "outside"}
	t.Run(tt.name, func(t *testing.T) {
		t.Parallel()
		s := newCutWorld(t, tt.world)
		q := tt.q
		q.Resource, q.Actions = "data", []string{"s3:GetObject"}
		if q.From == nil {
			q.From = people
		}
		ans, err := s.Cut(q)
		if err != nil {
			t.Fatal(err)
		}
		got := cutLines(ans)
		if !slices.Equal(got, tt.want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
		if ans.Closed != !slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, "open") }) || ans.AtLeast > len(ans.Cut) {
			t.Errorf("closed %v, at least %d of %d", ans.Closed, ans.AtLeast, len(ans.Cut))
		}
	})
}

func TestCutOfMistakes(t *testing.T) {
	t.Parallel()
	s := newCutWorld(t, func(w *cutWorld) { w.ann.Inline = may(cutRead) })
	for want, q := range map[string]solver.CutQuestion{
		"no resource of the snapshot":           {Resource: "nothing"},
		"no user or role of the snapshot":       {Resource: "data", From: []string{"nobody"}},
		"is named \"nobody\"":                   {Resource: "data", Keep: []string{"nobody"}},
		"no such action applies":                {Resource: "data", Actions: []string{"sqs:SendMessage"}},
		"user/e*x is the name of nobody":        {Resource: "data", From: []string{"ann", "arn:aws:iam::111111111111:user/e*x"}},
		"user/z* is the name of nobody":         {Resource: "data", Keep: []string{"arn:aws:iam::222222222222:user/z*"}},
		"nothing that bears on the ways to arn": {Resource: "data", Leave: []string{"arn:aws:iam::111111111111:policy/none"}},
	} {
		if _, err := s.Cut(q); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got error %v, want %q", q, err, want)
		}
	}
	// Who has no access is somebody all the same.
	for _, who := range []string{"eve", "arn:aws:iam::111111111111:user/e*", "arn:aws:iam::*:role/*", "222222222222", "arn:aws:iam::222222222222:user/x"} {
		if ans, err := s.Cut(solver.CutQuestion{Resource: "data", From: []string{who}}); err != nil || len(ans.Unwanted) > 0 || !ans.Closed {
			t.Errorf("from %s: got %+v, error %v, want nobody", who, ans, err)
		}
	}
}
