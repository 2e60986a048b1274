package solver

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Parts of statements from which escalations are drawn. ACCOUNT is the account's own
// number.
var (
	drawnCalls = []string{
		`"iam:PutUserPolicy"`, `"iam:AttachUserPolicy","iam:AttachRolePolicy"`, `"iam:CreateAccessKey"`, `"iam:*"`, `"iam:PassRole"`,
		`"iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"`, `"ec2:RunInstances","iam:PassRole"`, `"lambda:*"`,
		`"ssm:SendCommand","ssm:StartSession"`, `"iam:UpdateAssumeRolePolicy","sts:AssumeRole"`, `"iam:CreatePolicyVersion"`,
		`"s3:GetObject"`, `"sqs:*"`, `"*"`, `"*"`,
	}
	drawnThings = []string{
		"*", "*", "*", "arn:aws:iam::ACCOUNT:role/*", "arn:aws:iam::ACCOUNT:user/*", "arn:aws:iam::111111111111:*", "arn:aws:iam::*:role/r1",
		"arn:aws:iam::ACCOUNT:user/u1", "arn:aws:lambda:*:ACCOUNT:function:*", "arn:aws:lambda:*:222222222222:function:*",
		"arn:aws:iam::ACCOUNT:user/${aws:username}", "arn:aws:ec2:*:*:*",
	}
	drawnWhen = []string{
		"", "", "", "", `"Bool":{"aws:MultiFactorAuthPresent":"true"}`, `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`,
		`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:*"}`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/u1"}`,
		`"StringEquals":{"aws:PrincipalTag/team":"x"}`, `"StringEquals":{"aws:PrincipalAccount":"222222222222"}`,
		`"StringEquals":{"aws:ResourceAccount":"111111111111"}`, `"StringEquals":{"aws:ResourceTag/team":"x"}`,
		`"StringEquals":{"iam:ResourceTag/team":"x"}`, `"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-1"}`,
		`"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`, `"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}`,
		`"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/IAMFullAccess"}`, `"StringLike":{"aws:userid":"*"}`,
	}
)

// A drawer makes documents, equal ones once, as a collector does.
type drawer struct {
	t    *rapid.T
	docs map[string]*policy.Document
}

func (d *drawer) pick(what string, of []string) string { return rapid.SampledFrom(of).Draw(d.t, what) }

func (d *drawer) doc(kind policy.Kind, account string, statements ...string) *policy.Document {
	text := `{"Version":"2012-10-17","Statement":[` + strings.ReplaceAll(strings.Join(statements, ","), "ACCOUNT", account) + `]}`
	key := kind.String() + text
	if d.docs[key] == nil {
		d.docs[key] = policy.Parse([]byte(text), kind)
	}
	return d.docs[key]
}

func (d *drawer) statement(denies bool, extra string) string {
	effect := "Allow"
	if denies || rapid.IntRange(0, 5).Draw(d.t, "denies") == 0 {
		effect = "Deny"
	}
	if denies {
		extra += `"Sid":"x",`
	}
	return fmt.Sprintf(`{"Effect":"%s",%s"Action":[%s],"Resource":"%s","Condition":{%s}}`, effect, extra, d.pick("calls", drawnCalls), d.pick("on", drawnThings), d.pick("when", drawnWhen))
}

// account draws an account; policies are texts that accounts have in common, with
// their own number in them.
func (d *drawer) account(id string, policies []string) *inventory.Account {
	a := &inventory.Account{ID: id, Partition: "aws", IAM: true}
	inline := func() *inventory.Policy {
		return &inventory.Policy{Name: d.pick("name", []string{"p", "q"}), Doc: d.doc(policy.Identity, id, d.pick("policy", policies))}
	}
	tags := func() map[string]string {
		return map[string]string{"team": d.pick("team", []string{"x", "y"})}
	}
	for _, name := range []string{"u1", "u2"} {
		p := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::" + id + ":user/" + name, Name: name, Path: "/", Account: a, Tags: tags(), UniqueID: "AIDA" + id + name}
		p.Inline = append(p.Inline, inline())
		if rapid.IntRange(0, 3).Draw(d.t, "boundary") == 0 {
			p.Boundary = &inventory.Policy{Name: "bound", ARN: "arn:aws:iam::" + id + ":policy/bound", Doc: d.doc(policy.Identity, id, d.pick("policy", policies))}
		}
		a.Held().Users = append(a.Held().Users, p)
	}
	for _, name := range []string{"r1", "r2"} {
		p := &inventory.Principal{Kind: inventory.Role, ARN: "arn:aws:iam::" + id + ":role/" + name, Name: name, Path: "/", Account: a, Tags: tags(), UniqueID: "AROA" + id + name}
		p.Trust = d.doc(policy.Trust, id, `{"Effect":"Allow","Principal":`+d.pick("trusted", []string{
			`{"Service":"lambda.amazonaws.com"}`, `{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"]}`, `{"AWS":"ACCOUNT"}`, `{"AWS":"arn:aws:iam::ACCOUNT:user/u1"}`,
		})+`,"Action":"sts:AssumeRole"}`)
		p.InstanceProfiles = []string{"arn:aws:iam::" + id + ":instance-profile/" + name}
		p.Inline = append(p.Inline, inline())
		a.Held().Roles = append(a.Held().Roles, p)
	}
	return a
}

// Law: what is decided for a principal of one account and used for one of another is
// what is decided for that other one.
func TestEscalationsOfAccountsAlike(t *testing.T) {
	t.Parallel()
	var found int
	rapid.Check(t, func(t *rapid.T) {
		d := &drawer{t: t, docs: map[string]*policy.Document{}}
		var policies []string
		for range 3 {
			text := d.statement(false, "")
			if rapid.IntRange(0, 2).Draw(t, "more") == 0 {
				text += "," + d.statement(false, "")
			}
			policies = append(policies, text)
		}
		full := &inventory.Policy{Name: "FullAWSAccess", ARN: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", Doc: d.doc(policy.SCP, "", allowsAll)}
		root := &inventory.Unit{ID: "r-1", Name: "Root", SCPs: []*inventory.Policy{full}}
		inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: root, SCPs: true, RCPs: true}}
		scp, rcp := d.statement(true, ""), d.statement(true, `"Principal":"*",`)
		for _, id := range []string{"111111111111", "222222222222", "333333333333"} {
			a := d.account(id, policies)
			a.Unit, a.SCPs = root, []*inventory.Policy{full}
			if rapid.Bool().Draw(t, "scp") {
				a.SCPs = append(a.SCPs, &inventory.Policy{Name: "scp", Doc: d.doc(policy.SCP, id, scp)})
			}
			if rapid.Bool().Draw(t, "rcp") {
				a.RCPs = append(a.RCPs, &inventory.Policy{Name: "rcp", Doc: d.doc(policy.RCP, id, rcp)})
			}
			root.Accounts, inv.Accounts = append(root.Accounts, id), append(inv.Accounts, a)
		}
		if err := inv.Finish(); err != nil {
			t.Fatal(err)
		}
		s, err := New(Config{Inventory: inv})
		if err != nil {
			t.Fatal(err)
		}
		told := func(care care, tell func(*Escalation) string) string {
			var lines []string
			for _, e := range theFirst(s.escalations(true, care)) {
				lines = append(lines, fmt.Sprintln(e.Principal.ARN, e.Admin, tell(&e), e.Others, e.Condition, e.If))
			}
			found += len(lines)
			return strings.Join(lines, "")
		}
		because := func(e *Escalation) string { return fmt.Sprint(e.Path, e.Because) }
		if a, b := told(shared, because), told(alone, because); a != b {
			t.Fatalf("accounts together:\n%s\neach by itself:\n%s", a, b)
		}
		if a, b := told(shared, because), told(forgetful, because); a != b {
			t.Fatalf("with what was found out:\n%s\nfound out again each time:\n%s", a, b)
		}
		how := func(e *Escalation) string { return fmt.Sprint(e.Methods(), len(e.Path)) } // the engine names more statements
		if a, b := told(shared, how), told(thorough, how); a != b {
			t.Fatalf("without the engine:\n%s\nby the engine:\n%s", a, b)
		}
	})
	t.Logf("%d escalations", found)
}

// Users of equal policies share decisions; each finding names the policies of its own.
func TestEscalationsNameTheirOwnPolicies(t *testing.T) {
	t.Parallel()
	l := newLab()
	put := policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")) // raises itself
	pass := policyOf(policy.Identity, allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"))
	l.role("r", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("s3:GetObject")))
	l.role("top", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
	for _, name := range []string{"a", "b", "c"} {
		l.user("put-"+name, put)
		l.user("pass-"+name, pass)
		l.user("all-"+name, policyOf(policy.Identity, allowsAll))
	}
	n := 0
	for _, e := range theFirst(l.solver(t).Escalations(true)) {
		if e.Principal.Kind != inventory.User {
			continue
		}
		n++
		for _, r := range e.Because {
			if want := e.Principal.ARN + "/p"; r.Policy != want && !strings.Contains(r.Policy, ":role/") {
				t.Errorf("%s because of %s, want %s", e.Principal.ARN, r.Policy, want)
			}
		}
	}
	if n != 9 {
		t.Errorf("%d users escalate, want 9", n)
	}
}

// Which calls of principals of two accounts come out alike is told by what speaks about
// them. Of each pair the second differs in one thing.
func TestWhatAccountsDecideForEachOther(t *testing.T) {
	t.Parallel()
	const (
		mfa   = `"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
		allow = `{"Effect":"Allow","Action":"iam:*","Resource":"*",` + mfa + `}`
		named = `{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:*"}}}`
		guard = `{"Effect":"Deny","Action":"%s","Resource":"*",` + mfa + `}`
	)
	on := func(resource string) string {
		return `{"Effect":"Allow","Action":"iam:*","Resource":"` + resource + `",` + mfa + `}`
	}
	type facts struct {
		policy, boundary, scp, rcp string
		role                       bool
	}
	plain := facts{policy: allow}
	for _, tt := range []struct {
		name        string
		a, b        facts
		action      string // "" is iam:PutUserPolicy
		want, never bool
	}{
		{name: "the same", a: plain, b: plain, want: true},
		{name: "things of each one's own account", a: facts{policy: on("arn:aws:iam::ACCOUNT:user/*")}, b: facts{policy: on("arn:aws:iam::ACCOUNT:user/*")}, want: true},
		{name: "things of one account", a: facts{policy: on("arn:aws:iam::111111111111:user/*")}, b: facts{policy: on("arn:aws:iam::111111111111:user/*")}},
		{name: "other things", a: plain, b: facts{policy: on("arn:aws:iam::ACCOUNT:user/*")}},
		{name: "who asks, where it comes out otherwise", a: facts{policy: named}, b: facts{policy: named}},
		{name: "who asks, where it comes out alike", a: facts{policy: strings.ReplaceAll(named, "111111111111", "*")}, b: facts{policy: strings.ReplaceAll(named, "111111111111", "*")}, want: true},
		{name: "who asks by a variable", a: facts{policy: on("arn:aws:iam::*:user/${aws:username}")}, b: facts{policy: on("arn:aws:iam::*:user/${aws:username}")}, never: true},
		{name: "tags of what is asked about", a: facts{policy: strings.Replace(allow, "Bool\":{\"aws:MultiFactorAuthPresent", "StringEquals\":{\"aws:ResourceTag/x", 1)}, b: plain, never: true},
		{name: "another condition", a: plain, b: facts{policy: strings.Replace(allow, "true", "false", 1)}},
		{name: "a boundary that says the same", a: plain, b: facts{policy: allow, boundary: allow}},
		{name: "a boundary about something else", a: plain, b: facts{policy: allow, boundary: allowsOn("s3:*")}},
		{name: "accounts by a pattern", a: facts{policy: on("arn:aws:iam::1111*:user/*")}, b: plain, never: true},
		{name: "boundaries alike", a: facts{policy: allow, boundary: allow}, b: facts{policy: allow, boundary: allow}, want: true},
		{name: "another boundary", a: facts{policy: allow, boundary: allow}, b: facts{policy: allow, boundary: on("arn:aws:iam::ACCOUNT:user/*")}},
		{name: "a control policy about it", a: plain, b: facts{policy: allow, scp: fmt.Sprintf(guard, "iam:*")}},
		{name: "a control policy about something else", a: plain, b: facts{policy: allow, scp: fmt.Sprintf(guard, "s3:*")}, want: true},
		{name: "a role", a: plain, b: facts{policy: allow, role: true}},
		{name: "E117 a resource control policy on a service without them", a: plain, b: facts{policy: allow, rcp: fmt.Sprintf(guard, "sqs:*")}, want: true},
		{name: "E117 a resource control policy", a: facts{policy: allowsAll}, b: facts{policy: allowsAll, rcp: fmt.Sprintf(guard, "sqs:*")}, action: "sqs:SendMessage"},
		{name: "E117 resource control policies about something else", a: facts{policy: allowsAll}, b: facts{policy: allowsAll, rcp: fmt.Sprintf(guard, "s3:*")}, action: "sqs:SendMessage", want: true},
		{name: "to become a role", a: facts{policy: allowsAll}, b: facts{policy: allowsAll}, action: "sts:AssumeRole", never: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			full := &inventory.Policy{Name: "FullAWSAccess", Doc: policyOf(policy.SCP, allowsAll).Doc}
			root := &inventory.Unit{ID: "r-1", Name: "Root", SCPs: []*inventory.Policy{full}}
			inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: root, SCPs: true, RCPs: true}}
			for i, f := range []facts{tt.a, tt.b} {
				a := &inventory.Account{ID: []string{"111111111111", "222222222222"}[i], Partition: "aws", IAM: true, Unit: root, SCPs: []*inventory.Policy{full}}
				its := func(kind policy.Kind, text string) *inventory.Policy {
					return policyOf(kind, strings.ReplaceAll(text, "ACCOUNT", a.ID))
				}
				p := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::" + a.ID + ":user/u", Name: "u", Path: "/", Account: a, Inline: []*inventory.Policy{its(policy.Identity, f.policy)}}
				if f.boundary != "" {
					p.Boundary = its(policy.Identity, f.boundary)
				}
				if f.scp != "" {
					a.SCPs = append(a.SCPs, its(policy.SCP, f.scp))
				}
				if f.rcp != "" {
					a.RCPs = append(a.RCPs, its(policy.RCP, strings.Replace(f.rcp, `"Effect"`, `"Principal":"*","Effect"`, 1)))
				}
				if f.role {
					p.Kind, p.ARN, p.Trust = inventory.Role, "arn:aws:iam::"+a.ID+":role/u", trustOf(`{"Service":"ec2.amazonaws.com"}`)
					a.Held().Roles = append(a.Held().Roles, p)
				} else {
					a.Held().Users = append(a.Held().Users, p)
				}
				root.Accounts, inv.Accounts = append(root.Accounts, a.ID), append(inv.Accounts, a)
			}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := New(Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			c := newClimb(s, true, shared, nil)
			var keys [2]string
			for i, pl := range c.camps {
				st := pl.plain(pl.account.Principals()[0])
				action, what := "iam:PutUserPolicy", "arn:aws:iam::"+pl.account.ID+":user/*"
				if tt.action != "" {
					action, what = tt.action, "arn:aws:sqs:*:"+pl.account.ID+":*"
				}
				key, _, ok := pl.commonKey(st, []string{action}, "", what, nil)
				if ok == tt.never && i == 0 {
					t.Fatalf("may be decided for others: %v", ok)
				}
				keys[i] = key
			}
			if got := keys[0] == keys[1]; got != tt.want && !tt.never {
				t.Errorf("one for the other: %v, want %v\n%q\n%q", got, tt.want, keys[0], keys[1])
			}
		})
	}
}
