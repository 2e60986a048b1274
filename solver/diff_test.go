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

// said writes the entries of a list in a line each.
func said(list []solver.DiffAccess) (out []string) {
	last := func(a string) string { return a[strings.LastIndexAny(a, ":/")+1:] }
	for i := range list {
		a := &list[i]
		var who, via []string
		for _, p := range a.Principals {
			who = append(who, last(p))
		}
		for _, s := range a.Path[1:] {
			via = append(via, " via "+last(s.Principal))
			if len(s.Condition) > 0 {
				via = append(via, "["+s.Condition.String()+"]")
			}
		}
		for _, g := range a.Grants {
			line := strings.Join(who, "+") + strings.Join(via, "") + ": " + strings.Join(g.Actions, " ") + " on " + strings.Join(g.Resources, " ")
			if len(g.Except) > 0 {
				line += " but " + strings.Join(g.Except, " ")
			}
			if len(g.Condition) > 0 {
				line += " if " + g.Condition.String()
			}
			for _, r := range g.Stopped {
				line += " stopped by " + last(r.Policy) + "#" + fmt.Sprint(r.Statement)
			}
			out = append(out, line)
		}
	}
	return out
}

// What was gained and lost is what the requests come to, not what the documents
// say.
func TestDiff(t *testing.T) {
	t.Parallel()
	const (
		read    = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
		reports = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/reports/*"}`
		office  = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`
		lab     = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}}}`
		fence   = `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/secret/*"}`
		wall    = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"]}`
		naming  = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
		others  = `{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`
		start   = `{"Effect":"Allow","Action":"ec2:StartInstances","Resource":"arn:aws:ec2:eu-west-1:111111111111:instance/*"}`
		secure  = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`
		plain   = `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
		tagged  = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"StringEquals":{"aws:UserAgent":"x"}}}`
		other   = `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:UserAgent":"x"},"Null":{"aws:UserAgent":"false"}}}`
		strange = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::elsewhere/*"}`
	)
	tests := []struct {
		name         string
		old, now     [3]string // identity, the role's, the bucket's
		gained, lost []string
		unknown      string
	}{
		{name: "the same", old: [3]string{read, "", ""}, now: [3]string{read, "", ""}},
		{name: "another way to the same", old: [3]string{read, "", ""}, now: [3]string{"", "", naming}},
		{name: "through a role what it had", old: [3]string{read, "", ""}, now: [3]string{read, reports, ""}, gained: []string{"r: s3:GetObject on arn:aws:s3:::data/reports/*"}},
		{
			name: "through a role", old: [3]string{reports, "", ""}, now: [3]string{reports, read, ""},
			gained: []string{"r: s3:GetObject on arn:aws:s3:::data/*", "ann via r: s3:GetObject on arn:aws:s3:::data/* but arn:aws:s3:::data/reports/*"},
		},
		{name: "a narrower resource", old: [3]string{read, "", ""}, now: [3]string{reports, "", ""}, lost: []string{"ann: s3:GetObject on arn:aws:s3:::data/* but arn:aws:s3:::data/reports/*"}},
		{name: "a condition less", old: [3]string{office, "", ""}, now: [3]string{read, "", ""}, gained: []string{"ann: s3:GetObject on arn:aws:s3:::data/* if aws:SourceIp not in 10.0.0.0/8"}},
		{name: "another condition", old: [3]string{lab, "", ""}, now: [3]string{office, "", ""}, gained: []string{"ann: s3:GetObject on arn:aws:s3:::data/* if aws:SourceIp in 10.0.0.0/8 and aws:SourceIp not in 10.1.0.0/16"}},
		{
			name: "a deny less", old: [3]string{read, "", fence}, now: [3]string{read, "", ""},
			gained: []string{"111111111111:root", "ann: s3:GetObject on arn:aws:s3:::data/secret/* stopped by data#0"},
		},
		{
			name: "a deny of everything less", old: [3]string{read, "", wall}, now: [3]string{read, "", ""},
			gained: []string{"111111111111:root", "ann: s3:GetObject on arn:aws:s3:::data/* stopped by data#0"},
		},
		{name: "a key that every request carries, allowed or not denied", old: [3]string{secure, "", ""}, now: [3]string{read + "," + plain, "", ""}},
		{name: "a key that a request may lack", old: [3]string{tagged, "", ""}, now: [3]string{read + "," + other, "", ""}, gained: []string{"ann: s3:GetObject on arn:aws:s3:::data/* if aws:UserAgent absent"}},
		{name: "an account outside", old: [3]string{"", "", ""}, now: [3]string{"", "", others}, gained: []string{"root: s3:GetObject on arn:aws:s3:::data/*"}},
		{name: "on what is not listed", old: [3]string{start, "", ""}, now: [3]string{"", "", ""}, lost: []string{"ann: ec2:StartInstances on arn:aws:ec2:eu-west-1:111111111111:instance/*"}},
		{name: "on what nobody knows", old: [3]string{"", "", ""}, now: [3]string{strange, "", ""}, unknown: "arn:aws:s3:::elsewhere/*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before, after := comparedAccount(t, tt.old[0], tt.old[1], tt.old[2]), comparedAccount(t, tt.now[0], tt.now[1], tt.now[2])
			ans, err := solver.Diff(before, after, solver.DiffQuestion{})
			if err != nil {
				t.Fatal(err)
			}
			for word, lists := range map[string][2][]string{"gained": {said(ans.Gained), tt.gained}, "lost": {said(ans.Lost), tt.lost}} {
				if got, want := lists[0], lists[1]; !agree(got, want) {
					t.Errorf("%s:\n%s\nwant:\n%s", word, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
			if ans.Complete != (tt.unknown == "") || tt.unknown != "" && (len(ans.Unknown) != 1 || ans.Unknown[0].What != tt.unknown || len(ans.Unknown[0].Principals) != 1) {
				t.Errorf("complete %v, unknown %+v; want %q", ans.Complete, ans.Unknown, tt.unknown)
			}
		})
	}
}

// agree holds lines against wanted ones; one that names the account's root user
// stands for its entry, whatever is in it.
func agree(got, want []string) bool {
	got = slices.Clone(got)
	if i := slices.Index(want, "111111111111:root"); i >= 0 {
		want = slices.Delete(slices.Clone(want), i, i+1)
		got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "root: ") })
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	return slices.Equal(got, want)
}

// solverOf answers for a snapshot of some accounts in no organization.
func solverOf(t *testing.T, accounts ...*inventory.Account) *solver.Solver {
	t.Helper()
	inv := &inventory.Inventory{Accounts: accounts}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// diffed returns an account that can be changed before it is asked about.
func diffed(t *testing.T, change func(inv *inventory.Inventory)) *solver.Solver {
	t.Helper()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	u := &inventory.Principal{ARN: "arn:aws:iam::111111111111:user/ann", Account: a, Kind: inventory.User, Name: "ann", Path: "/"}
	u.Inline = []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`)}}
	a.Held().Users = []*inventory.Principal{u}
	a.Held().Resources = []*inventory.Resource{
		{ARN: "arn:aws:sqs:eu-west-1:111111111111:a", Type: "AWS::SQS::Queue", Name: "a", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None},
		{ARN: "arn:aws:sqs:eu-west-1:111111111111:b", Type: "AWS::SQS::Queue", Name: "b", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None},
	}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	change(inv)
	return newSolver(t, finished(t, inv))
}

// What one snapshot does not know is neither gained nor lost (E236), and what is
// in one of them only is said to be new or gone.
func TestDiffOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	none := func(*inventory.Inventory) {}
	noUser := func(inv *inventory.Inventory) { inv.Accounts[0].Held().Users = nil }
	noQueue := func(inv *inventory.Inventory) {
		inv.Accounts[0].Held().Resources = inv.Accounts[0].Held().Resources[1:]
	}
	unread := func(inv *inventory.Inventory) { inv.Accounts[0].Held().Resources[0].HasPolicy = inventory.NotRead }
	gap := func(account, service, what string) func(*inventory.Inventory) {
		return func(inv *inventory.Inventory) {
			noQueue(inv)
			inv.Gaps = []inventory.Gap{{Account: account, Service: service, What: what, Why: "AccessDenied"}}
		}
	}
	noAccount := func(inv *inventory.Inventory) { inv.Accounts = nil }
	tests := []struct {
		name         string
		old, now     func(*inventory.Inventory)
		gained, lost int // principals of entries on queue a
		is           string
		complete     bool
	}{
		{"a user is new", noUser, none, 1, 0, "new", true},
		{"a user is gone", none, noUser, 0, 1, "gone", true},
		{"a queue is new", noQueue, none, 2, 0, "new", true},
		{"a queue is gone", none, noQueue, 0, 2, "gone", true},
		{"a policy was not read before", unread, none, 0, 0, "", false},
		{"a policy was not read", none, unread, 0, 0, "", false},
		{"queues could not be listed", gap("111111111111", "sqs", "queues"), none, 0, 0, "", false},
		{"another service could not be listed", gap("111111111111", "kms", "keys"), none, 2, 0, "new", false},
		{"another account could not be read", gap("222222222222", "sqs", "queues"), none, 2, 0, "new", false},
		{"SCPs could not be read", gap("", "organizations", "policies"), none, 0, 0, "", false},
		{"the account is not in the old one", noAccount, none, 0, 0, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := solver.Diff(diffed(t, tt.old), diffed(t, tt.now), solver.DiffQuestion{Resource: "arn:aws:sqs:eu-west-1:111111111111:a", Actions: []string{"sqs:SendMessage"}})
			if err != nil {
				t.Fatal(err)
			}
			count := func(list []solver.DiffAccess) (n int) {
				for i := range list {
					n += len(list[i].Principals)
					if is := list[i].PrincipalIs + list[i].ResourceIs; is != tt.is {
						t.Errorf("an entry of %v is %q, want %q", list[i].Principals, is, tt.is)
					}
				}
				return n
			}
			if g, l := count(ans.Gained), count(ans.Lost); g != tt.gained || l != tt.lost || ans.Complete != tt.complete {
				t.Errorf("%d gained, %d lost, complete %v; want %d, %d, %v\nunknown %+v", g, l, ans.Complete, tt.gained, tt.lost, tt.complete, ans.Unknown)
			}
		})
	}
}

// A question that nobody can answer is an error that says so.
func TestDiffQuestions(t *testing.T) {
	t.Parallel()
	s := diffed(t, func(*inventory.Inventory) {})
	for _, q := range []solver.DiffQuestion{{Resource: "nothing"}, {Principal: "nobody"}, {Actions: []string{"Send"}}, {Actions: []string{"sqs:Sned*"}}, {Resource: "a", Actions: []string{"s3:GetObject"}}} {
		if _, err := solver.Diff(s, s, q); err == nil {
			t.Errorf("%+v is answered", q)
		}
	}
	if _, err := s.Can("ann", "", []string{"sqs:Sned*"}); err == nil {
		t.Error("what ann can do of no action is answered")
	}
	for _, q := range []solver.DiffQuestion{{Resource: "a"}, {Principal: "ann"}, {Principal: "arn:aws:iam::*:user/a*"}, {Resource: "arn:aws:sqs:*:*:*"}} {
		if ans, err := solver.Diff(s, s, q); err != nil || len(ans.Gained)+len(ans.Lost) > 0 || !ans.Complete {
			t.Errorf("%+v: %+v, %v", q, ans, err)
		}
	}
}

// The actions of a question may be the rest of a longer list, as those of a command
// line are: what stands behind them is left alone.
func TestQuestionsLeaveTheirActionsAlone(t *testing.T) {
	t.Parallel()
	words := []string{"old", "new", "mine", "mine"}
	s := diffed(t, func(*inventory.Inventory) {})
	if _, err := solver.Diff(s, s, solver.DiffQuestion{Actions: words[2:2]}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"old", "new", "mine", "mine"}; !slices.Equal(words, want) {
		t.Errorf("the words became %q", words)
	}
}

// An endpoint counts for whose own conditions ask for it (E135): where both are
// compared, those of the old policies say nothing about the new ones.
func TestDiffOfWhatAsksForAnEndpoint(t *testing.T) {
	t.Parallel()
	const (
		other = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-2"}}}`
		vpce1 = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`
	)
	asks, free := newSolver(t, endpointOrg(t, vpce1)), newSolver(t, endpointOrg(t, other))
	for _, sides := range [][2]*solver.Solver{{asks, free}, {free, asks}} {
		ans, err := solver.Diff(sides[0], sides[1], solver.DiffQuestion{Resource: "arn:aws:s3:::data"})
		if err != nil {
			t.Fatal(err)
		}
		more, less := said(ans.Gained), said(ans.Lost)
		if sides[0] == free {
			more, less = less, more
		}
		want := []string{
			"ann: s3:GetObject on arn:aws:s3:::data/* but arn:aws:s3:::data/secret/* if aws:SourceVpce ≠ {vpce-1, vpce-2}",
			"ann: s3:GetObject on arn:aws:s3:::data/secret/* if aws:SourceVpce ≠ vpce-2", // also through vpce-1, whose policy denies it
		}
		if !slices.Equal(more, want) || len(less) > 0 || !ans.Complete {
			t.Errorf("more:\n%s\nwant:\n%s\nless: %v, unknown: %v", strings.Join(more, "\n"), strings.Join(want, "\n"), less, ans.Unknown)
		}
	}
}

// What the session of a role carries says nothing of who becomes the role: it had
// the same before whatever the session is tagged with, or it is not known.
func TestDiffOfWhatSessionsCarry(t *testing.T) {
	t.Parallel()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	role := func(own string) func(*inventory.Inventory) {
		return func(inv *inventory.Inventory) {
			a := inv.Accounts[0]
			a.Held().Roles = []*inventory.Principal{{
				ARN: "arn:aws:iam::111111111111:role/r", Account: a, Kind: inventory.Role, Name: "r", Path: "/", Tags: map[string]string{"team": "x"},
				Trust:  doc(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":["sts:AssumeRole","sts:TagSession"]}`),
				Inline: []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, own)}},
			}}
			if own != "" {
				a.Held().Users[0].Inline = nil
			}
		}
	}
	const (
		a      = "arn:aws:sqs:eu-west-1:111111111111:a"
		send   = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + a + `"}`
		read   = send + `,{"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:${aws:PrincipalTag/team}-z"}`
		teamX  = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + a + `","Condition":{"StringEquals":{"aws:PrincipalTag/team":"x"}}}`
		tagged = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + a + `","Condition":{"Null":{"aws:PrincipalTag/team":"false"}}}`
		never  = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + a + `","Condition":{"Null":{"aws:PrincipalTag/team":"true"}}}`
	)
	for _, tt := range []struct {
		name, own     string
		lost, unknown bool
	}{
		{name: "a session may carry anything", own: read},
		{name: "always", own: tagged},
		{name: "never", own: never, lost: true},
		{name: "as the session is tagged", own: teamX, unknown: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := solver.Diff(diffed(t, role("")), diffed(t, role(tt.own)), solver.DiffQuestion{Resource: a, Principal: "ann", Actions: []string{"sqs:SendMessage"}})
			if err != nil {
				t.Fatal(err)
			}
			named := len(ans.Unknown) == 1 && len(ans.Unknown[0].Principals) == 1
			if len(ans.Gained) > 0 || (len(ans.Lost) > 0) != tt.lost || ans.Complete == tt.unknown || named != tt.unknown {
				t.Errorf("gained %v, lost %v, unknown %+v; want lost %v, unknown %v", said(ans.Gained), said(ans.Lost), ans.Unknown, tt.lost, tt.unknown)
			}
		})
	}
}

// On what no snapshot has, what somebody may do itself covers what it may do through
// a role that changed, whether or not anything of itself did.
func TestDiffOfWhatIsElsewhere(t *testing.T) {
	t.Parallel()
	const (
		strange = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::elsewhere/*"}`
		become  = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	)
	before, after := comparedAccount(t, strange+","+become, "", ""), comparedAccount(t, strange+","+become, strange, "")
	for _, thorough := range []bool{false, true} {
		ans, err := solver.Diff(before, after, solver.DiffQuestion{Thorough: thorough})
		if err != nil {
			t.Fatal(err)
		}
		if len(ans.Unknown) != 1 || !slices.Equal(ans.Unknown[0].Principals, []string{"arn:aws:iam::111111111111:role/r"}) {
			t.Errorf("thorough %v: unknown %+v, want the role's access alone", thorough, ans.Unknown)
		}
	}
}

// A service that a trust policy names gets on by one that lets in everybody. What
// it loses is told under its name, as who-can tells it, though everybody's own way
// is the shorter one (E122). Asked about by name, the shorter one is told.
func TestDiffOfServicesAmongEverybody(t *testing.T) {
	t.Parallel()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	const (
		a    = "arn:aws:sqs:eu-west-1:111111111111:a"
		send = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + a + `"}`
	)
	roles := func(own string) func(*inventory.Inventory) {
		return func(inv *inventory.Inventory) {
			a := inv.Accounts[0]
			role := func(name, trusted, own string) *inventory.Principal {
				return &inventory.Principal{
					ARN: "arn:aws:iam::111111111111:role/" + name, Account: a, Kind: inventory.Role, Name: name, Path: "/",
					Trust:  doc(policy.Trust, `{"Effect":"Allow","Principal":`+trusted+`,"Action":"sts:AssumeRole"}`),
					Inline: []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, own)}},
				}
			}
			a.Held().Users = nil
			a.Held().Roles = []*inventory.Principal{role("first", `{"Service":"sns.amazonaws.com"}`, ""), role("open", `"*"`, own)}
		}
	}
	for principal, path := range map[string]int{"": 3, "sns.amazonaws.com": 2} {
		ans, err := solver.Diff(diffed(t, roles(send)), diffed(t, roles("")), solver.DiffQuestion{Resource: a, Principal: principal})
		if err != nil {
			t.Fatal(err)
		}
		var own []solver.DiffAccess
		for _, l := range ans.Lost {
			if l.Principal == "sns.amazonaws.com" {
				own = append(own, l)
			}
		}
		if len(ans.Gained) > 0 || len(own) != 1 || len(own[0].Path) != path {
			t.Errorf("asked about %q: gained %v, lost %v; want sns.amazonaws.com to have lost sqs:SendMessage on a path of %d", principal, said(ans.Gained), said(ans.Lost), path)
		}
	}
}

// Whom nothing names has no row of its own, as in who-can, but is told of when the
// question names it: what lets everybody in, or its account, lets it in (E20, E99).
func TestDiffOfWhomNothingNames(t *testing.T) {
	t.Parallel()
	const a = "arn:aws:sqs:eu-west-1:111111111111:a"
	letIn := func(whom string) func(*inventory.Inventory) {
		return func(inv *inventory.Inventory) {
			r := inv.Accounts[0].Held().Resources[0]
			r.Policy, r.HasPolicy = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":`+whom+`,"Action":"sqs:SendMessage","Resource":"`+a+`"}]}`), policy.Resource), inventory.Have
		}
	}
	const (
		user    = "arn:aws:iam::999999999999:user/x"
		session = "arn:aws:sts::999999999999:assumed-role/x/y"
		anyone  = "arn:aws:iam::999999999999:root"
		service = "sns.amazonaws.com"
	)
	tests := []struct {
		name, whom, principal string
		lost                  bool
	}{
		{"a user, as everybody", `"*"`, user, true},
		{"a session, as everybody", `"*"`, session, true},
		{"an account, as everybody", `"*"`, anyone, true},
		{"a service, as everybody", `"*"`, service, true},
		{"a user, by its account", `{"AWS":"999999999999"}`, user, true},
		{"a session, by its account", `{"AWS":"999999999999"}`, session, true},
		{"a user of another account", `{"AWS":"999999999998"}`, user, false},
		{"another user", `{"AWS":"arn:aws:iam::999999999999:user/y"}`, user, false},
		{"a service, by an account", `{"AWS":"999999999999"}`, service, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before, after := diffed(t, letIn(tt.whom)), diffed(t, letIn(`{"AWS":"111111111111"}`))
			for _, sides := range [][2]*solver.Solver{{before, after}, {after, before}} {
				ans, err := solver.Diff(sides[0], sides[1], solver.DiffQuestion{Principal: tt.principal})
				if err != nil {
					t.Fatal(err)
				}
				list, none := ans.Lost, ans.Gained
				if sides[0] == after {
					list, none = none, list
				}
				if len(none) > 0 || !ans.Complete || (len(list) == 1) != tt.lost || tt.lost && (list[0].Principal != tt.principal || list[0].PrincipalIs != "") {
					t.Errorf("gained %v, lost %v; want one of them: %v", said(ans.Gained), said(ans.Lost), tt.lost)
				}
			}
		})
	}
}

// An account of which a snapshot holds no users and roles is the same stranger
// whether a policy names it or lets in everybody, so that the answer does not depend
// on whether the queue or the role was looked at first.
func TestDiffOfAnAccountWithoutPrincipals(t *testing.T) {
	t.Parallel()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	side := func(iam bool, own string) *solver.Solver {
		return diffed(t, func(inv *inventory.Inventory) {
			a := inv.Accounts[0]
			a.Held().Resources[0].Policy = doc(policy.Resource, `{"Effect":"Allow","Principal":"*","Action":"sqs:ReceiveMessage","Resource":"*"}`)
			a.Held().Roles = []*inventory.Principal{{
				ARN: "arn:aws:iam::111111111111:role/r", Account: a, Kind: inventory.Role, Name: "r", Path: "/",
				Trust:  doc(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}`),
				Inline: []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, own)}},
			}}
			inv.Accounts = append(inv.Accounts, &inventory.Account{ID: "222222222222", IAM: iam, Partition: "aws"})
		})
	}
	old, now := side(false, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`), side(true, "")
	for range 20 {
		for _, thorough := range []bool{false, true} {
			ans, err := solver.Diff(old, now, solver.DiffQuestion{Resource: "arn:aws:sqs:eu-west-1:111111111111:a", Principal: "arn:aws:iam::222222222222:root", Thorough: thorough})
			if err != nil {
				t.Fatal(err)
			}
			if len(ans.Gained)+len(ans.Lost) > 0 || len(ans.Unknown) != 1 || !slices.Equal(ans.Unknown[0].Principals, []string{"arn:aws:iam::222222222222:root"}) {
				t.Fatalf("thorough %v: gained %v, lost %v, unknown %+v; want the account's access unknown", thorough, said(ans.Gained), said(ans.Lost), ans.Unknown)
			}
		}
	}
}
