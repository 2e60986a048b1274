package solver

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Each call is a request of its own: conditions that exclude each other in one request
// are no condition at all on the way, nor is the way certain (E226). But a function is
// called where it is made, in a region that the caller chooses.
func TestCallsUnderConditionsThatExcludeEachOther(t *testing.T) {
	t.Parallel()
	under := func(action, operator, key, value string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"*","Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}}`
	}
	const region, network = "aws:RequestedRegion", "aws:SourceVpc"
	for _, tt := range []struct {
		name           string
		create, invoke string
		want           string // "certain", "no", or "open" by what is told in words
	}{
		{"in one region", under("lambda:CreateFunction", "StringEquals", region, "eu-west-1"), under("lambda:InvokeFunction", "StringEquals", region, "eu-west-1"), "certain"},
		{"in two regions", under("lambda:CreateFunction", "StringEquals", region, "eu-west-1"), under("lambda:InvokeFunction", "StringEquals", region, "us-east-1"), "no"},
		{"in one of a pattern", under("lambda:CreateFunction", "StringLike", region, "eu-*"), under("lambda:InvokeFunction", "StringEquals", region, "eu-west-1"), "certain"},
		{"in one of two patterns", under("lambda:CreateFunction", "StringLike", region, "eu-*"), under("lambda:InvokeFunction", "StringLike", region, "*-2"), "certain"},
		{"in all but one", under("lambda:CreateFunction", "StringNotEquals", region, "eu-west-1"), under("lambda:InvokeFunction", "StringEquals", region, "eu-west-1"), "no"},
		{"in all but two", under("lambda:CreateFunction", "StringNotEquals", region, "eu-west-1"), under("lambda:InvokeFunction", "StringNotEquals", region, "us-east-1"), "certain"},
		{"from two networks", under("lambda:CreateFunction", "StringEquals", network, "vpc-1"), under("lambda:InvokeFunction", "StringEquals", network, "vpc-2"), "open"},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`, tt.create, tt.invoke))
		l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		got := "no"
		switch e := l.climbs(t, l.who, nil); {
		case e != nil && e.Certain():
			got = "certain"
		case e != nil && len(e.If) > 0 && len(e.Condition) == 0 && strings.Contains(strings.Join(e.If, "; "), network+" exclude each other"):
			got = "open"
		case e != nil && len(e.If) == 0:
			got = "if a condition holds"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Who assumes a role that takes somebody over gets there as well, unless it may do
// what that one may.
func TestTakenOverBehindARole(t *testing.T) {
	t.Parallel()
	l := newLab()
	trust := trustOf(`{"AWS":"` + labAccount + `"}`)
	assume := allowsOn("sts:AssumeRole")
	l.user("start", policyOf(policy.Identity, assume))
	l.user("reads", policyOf(policy.Identity, assume, allowsOn("s3:GetObject")))
	l.user("none", policyOf(policy.Identity, allowsOn("sqs:SendMessage")))
	l.role("first", trust, policyOf(policy.Identity, assume))
	l.role("deploy", trust, policyOf(policy.Identity, allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")))
	l.role("bucket", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("s3:GetObject")))
	got := map[string]string{}
	for _, e := range theFirst(l.solver(t).Escalations(true)) {
		var way []string
		for i := range e.Path {
			way = append(way, e.Path[i].Principal[strings.LastIndexByte(e.Path[i].Principal, '/')+1:])
		}
		if e.Admin || !e.Certain() {
			t.Errorf("%+v", e)
		}
		got[e.Principal.Name] = strings.Join(way, " ")
	}
	want := map[string]string{"start": "start deploy bucket", "first": "first deploy bucket", "deploy": "deploy bucket"}
	for name := range map[string]bool{"start": true, "reads": true, "none": true, "first": true, "deploy": true, "bucket": true} {
		if got[name] != want[name] {
			t.Errorf("%s: %q, want %q", name, got[name], want[name])
		}
	}
}

// What a target may do that the caller may not is looked for in all that its policies
// name.
func TestWhatATargetMayDoMore(t *testing.T) {
	t.Parallel()
	on := func(action, resource string) string {
		return `{"Effect":"Allow","Action":[` + action + `],"Resource":[` + resource + `]}`
	}
	const logs = `"logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"`
	a, b := `"arn:aws:s3:::a/*"`, `"arn:aws:s3:::b/*"`
	for _, tt := range []struct {
		name, mine string
		theirs     []string
		bounded    string
		want       bool
	}{
		{"the fourth action of a statement", on(`"logs:*"`, `"*"`), []string{on(logs+`,"s3:GetObject"`, `"*"`)}, "", true},
		{"the seventh statement", on(logs, `"*"`), append(slices.Repeat([]string{on(logs, `"*"`)}, 6), on(`"s3:GetObject"`, `"*"`)), "", true},
		{"the second resource", on(`"s3:GetObject"`, a), []string{on(`"s3:GetObject"`, a+","+b)}, "", true},
		{"a pattern of which the caller has the first action", on(`"s3:Abort*","s3:List*"`, `"*"`), []string{on(`"s3:*"`, `"*"`)}, "", true},
		{"all but what a boundary takes away", on(`"sqs:*"`, `"*"`), []string{allowsAll}, on(`"s3:*"`, `"*"`), true},
		{"all but what a boundary takes away, which the caller may, too", on(`"s3:*"`, `"*"`), []string{allowsAll}, on(`"s3:*"`, `"*"`), false},
		{"the same", on(`"s3:GetObject"`, a+","+b), []string{on(`"s3:GetObject"`, b+","+a)}, "", false},
		{"less", on(`"s3:*"`, `"*"`), []string{on(`"s3:Get*"`, a)}, "", false},
		{"what is denied to the caller", on(`"s3:*"`, `"*"`) + `,{"Effect":"Deny","Action":"s3:GetObject","Resource":` + a + `}`, []string{on(`"s3:GetObject"`, a)}, "", true},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, tt.mine, allowsOn("iam:CreateAccessKey")))
		target := l.user("target", policyOf(policy.Identity, tt.theirs...))
		if tt.bounded != "" {
			target.Boundary = policyOf(policy.Boundary, tt.bounded)
		}
		if e := l.climbs(t, l.who, nil); (e != nil) != tt.want {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// A policy that both carry gives the target more where the caller's boundary or a Deny
// takes it away.
func TestWhatTheSamePolicyGivesMore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		hinder func(*lab)
		want   bool
	}{
		{"nothing hinders it", func(*lab) {}, false},
		{"a boundary does", func(l *lab) { l.who.Boundary = policyOf(policy.Boundary, allowsOn("iam:*", "sqs:*")) }, true},
		{"a Deny does", func(l *lab) {
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`))
		}, true},
	} {
		l := newLab()
		both := managedOf("both", allowsOn("s3:GetObject"))
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")), both)
		l.user("target", both)
		tt.hinder(l)
		if e := l.climbs(t, l.who, nil); (e != nil) != tt.want {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// An administrator of one account that gets to be one of another is told of both, and
// so is who gets to be that one.
func TestAdministratorsAbroad(t *testing.T) {
	t.Parallel()
	l := newLab()
	l.user("start", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"`+labIAM+`user/boss"}`))
	l.user("boss", policyOf(policy.Identity, allowsAll))
	l.user("other", policyOf(policy.Identity, allowsAll))
	away := &inventory.Account{ID: "222233334444", Partition: "aws", IAM: true}
	admin := func(name, trusted string) *inventory.Principal {
		return &inventory.Principal{
			Kind: inventory.Role, Name: name, Path: "/", Account: away, ARN: "arn:aws:iam::222233334444:role/" + name,
			Trust: trustOf(trusted), Inline: []*inventory.Policy{policyOf(policy.Identity, allowsAll)},
		}
	}
	away.Held().Roles = []*inventory.Principal{admin("ops", `{"AWS":"`+labIAM+`user/boss"}`), admin("more", `{"AWS":"`+labIAM+`user/boss"}`)}
	s := l.solver(t, away)
	var got []string
	for _, e := range theFirst(s.Escalations(true)) {
		text := e.Principal.Name
		for i := range e.Path {
			if i > 0 {
				text += " " + e.Path[i].Kind + " " + e.Path[i].Principal[strings.LastIndexByte(e.Path[i].Principal, '/')+1:]
			}
		}
		if e.Abroad {
			text += " abroad"
			if len(e.Others) != 1 || !e.Certain() || !e.Admin {
				t.Errorf("%+v", e)
			}
		}
		got = append(got, text)
	}
	want := []string{
		"boss", "boss assume-role more abroad", "other", "start iam-create-access-key boss",
		"start iam-create-access-key boss assume-role more abroad", "more", "ops",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// A role that may change whoever assumes it makes that one an administrator.
func TestChangedByTheRoleThatIsAssumed(t *testing.T) {
	t.Parallel()
	on := func(action, name string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + labIAM + name + `"}`
	}
	for _, tt := range []struct {
		name, may, trust string
		setup            func(*lab)
		want             string // methods, "" for no way
		certain          bool
	}{
		{"puts a policy on it", on("iam:PutUserPolicy", "user/climber"), "user/climber", nil, "iam-put-user-policy", true},
		{"attaches one to it", on("iam:AttachUserPolicy", "user/climber"), "user/climber", nil, "iam-attach-user-policy", true},
		{"rewrites one of its own", on("iam:CreatePolicyVersion", "policy/mine"), "user/climber", func(l *lab) {
			mine := managedOf("mine", allowsOn("s3:GetObject"))
			mine.ARN = labIAM + "policy/mine"
			l.who.Attached = append(l.who.Attached, mine)
		}, "iam-create-policy-version", true},
		{"puts one on somebody else", on("iam:PutUserPolicy", "user/other"), "user/climber", nil, "", false},
		{"may be assumed by somebody else alone", on("iam:PutUserPolicy", "user/climber"), "user/other", nil, "", false},
		{"is for roles", on("iam:PutRolePolicy", "user/climber"), "user/climber", nil, "", false},
		{"can't get past a boundary", on("iam:PutUserPolicy", "user/climber"), "user/climber", func(l *lab) {
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("s3:*", "sts:*"))
		}, "", false},
		{"under a condition", strings.TrimSuffix(on("iam:PutUserPolicy", "user/climber"), "}") + `,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`, "user/climber", nil, "iam-put-user-policy", false},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
		l.user("other", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
		l.role("changer", trustOf(`{"AWS":"`+labIAM+tt.trust+`"}`), policyOf(policy.Identity, tt.may))
		if tt.setup != nil {
			tt.setup(l)
		}
		got, certain := "", false
		for _, e := range theFirst(l.solver(t).Escalations(true)) {
			if e.Principal == l.who && e.Admin {
				got, certain = strings.Join(e.Methods(), ","), e.Certain()
			}
		}
		if got != tt.want || certain != tt.certain {
			t.Errorf("%s: %q, certain %v; want %q, %v", tt.name, got, certain, tt.want, tt.certain)
		}
	}
}

// Administrators are told before those who could make themselves one.
func TestTheShortestWayUp(t *testing.T) {
	t.Parallel()
	l := newLab()
	l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
	l.user("bob", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"`+labIAM+`user/bob"}`))
	l.user("zadmin", policyOf(policy.Identity, allowsAll))
	if e := l.climbs(t, l.who, nil); e == nil || len(e.Path) != 2 || e.Path[1].Principal != labIAM+"user/zadmin" {
		t.Errorf("%+v", e)
	}
}

// A Deny of the policy that allows all leaves that of all of IAM, with which the one it
// is attached to goes on by itself; nor is it about calls that name no policy.
func TestPastADenyOfAdministratorAccess(t *testing.T) {
	t.Parallel()
	deny := func(policies string) string {
		return `{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"arn:aws:iam::aws:policy/` + policies + `"}}}`
	}
	for _, tt := range []struct {
		name, deny string
		want       bool
	}{
		{"nothing is denied", `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, true},
		{"AdministratorAccess is", deny("AdministratorAccess"), true},
		{"every policy of AWS is", deny("*"), false},
	} {
		for method, target := range map[string]string{
			`"iam:AttachUserPolicy","iam:CreateAccessKey"`:        "user/other",
			`"iam:AttachRolePolicy","sts:AssumeRole"`:             "role/other",
			`"iam:AttachRolePolicy","iam:UpdateAssumeRolePolicy"`: "role/other",
		} {
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, `{"Effect":"Allow","Action":[`+method+`],"Resource":"`+labIAM+target+`"}`, tt.deny))
			l.user("other")
			l.role("other", trustOf(`{"AWS":"`+labIAM+`user/climber"}`))
			if e := l.climbs(t, l.who, nil); (e != nil && e.Admin && e.Certain()) != tt.want {
				t.Errorf("%s, by %s: %+v", tt.name, method, e)
			}
		}
	}
}

// Who may change principals alone that have a boundary has not every right: AWS calls
// it delegated administration.
func TestDelegatedAdministratorIsNone(t *testing.T) {
	t.Parallel()
	guard := `{"Effect":"Deny","Action":["iam:CreateUser","iam:CreateRole","iam:Put*Policy","iam:Attach*Policy"],"Resource":"*","Condition":{"StringNotEquals":{"iam:PermissionsBoundary":"` + labIAM + `policy/b"}}}`
	rest := `{"Effect":"Deny","Action":["iam:Delete*Boundary","iam:Put*Boundary","iam:*PolicyVersion","iam:UpdateAssumeRolePolicy","iam:*Key","iam:*LoginProfile","iam:PassRole"],"Resource":"*"}`
	for _, tt := range []struct {
		name   string
		denies []string
		want   bool
	}{{"guarded", []string{guard, rest}, false}, {"not guarded", []string{`{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret*"}`}, true}} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsAll))
		l.who.Boundary = policyOf(policy.Boundary, append(tt.denies, allowsAll)...)
		l.who.Boundary.ARN = labIAM + "policy/b"
		if e := l.climbs(t, l.who, nil); (e != nil && e.Admin) != tt.want {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// Calls that put a policy, or make a principal, carry no iam:PolicyARN: a Deny about it
// leaves them, and an Allow about it does not allow them.
func TestCallsThatNameNoPolicy(t *testing.T) {
	t.Parallel()
	about := func(effect, operator string) string {
		return `{"Effect":"` + effect + `","Action":"iam:*","Resource":"*","Condition":{"` + operator + `":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}}}`
	}
	for _, tt := range []struct {
		name  string
		calls []string
	}{
		{"on itself", []string{"iam:PutUserPolicy"}},
		{"on its group", []string{"iam:PutGroupPolicy"}},
		{"on another", []string{"iam:PutUserPolicy", "iam:CreateAccessKey"}},
		{"on a new user", []string{"iam:CreateUser", "iam:PutUserPolicy", "iam:CreateAccessKey"}},
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			statements := []string{about(effect, "ArnEquals")}
			if effect == "Deny" {
				statements = append(statements, allowsOn(tt.calls...))
			}
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, statements...))
			l.group("own", []*inventory.Principal{l.who}, policyOf(policy.Identity, allowsOn("sqs:ListQueues")))
			l.user("other")
			e := l.climbs(t, l.who, nil)
			if effect == "Deny" && (e == nil || !e.Admin || !e.Certain()) {
				t.Errorf("%s, past a Deny: %+v", tt.name, e)
			}
			if effect == "Allow" && e != nil && slices.ContainsFunc(e.Methods(), func(m string) bool { return strings.Contains(m, "put-") }) {
				t.Errorf("%s, by an Allow that is about others: %+v", tt.name, e)
			}
		}
	}
}
