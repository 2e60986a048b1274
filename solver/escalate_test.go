package solver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// TestEveryMethod goes through the whole table. Each method works where all that it
// needs is there, and not where one of its calls is not allowed, is denied by
// the caller's policies, its boundary or a control policy, or where the role trusts
// another service or no instance profile delivers it (E164, E224).
func TestEveryMethod(t *testing.T) {
	all := escalation.All()
	for i := range all {
		m := &all[i]
		if !m.Move.Moves() {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			run := func(l *lab) *Escalation {
				if m.Move == escalation.PassRaised {
					return nil // needs another method: see TestRaisedBeforePassing
				}
				return l.climbs(t, l.who, m)
			}
			if m.Move == escalation.PassRaised {
				t.Skip("needs another method: see TestRaisedBeforePassing")
			}
			e := run(labOf(m, -1, ""))
			if e == nil || !e.Admin {
				t.Fatalf("it does not work: %+v", e)
			}
			if got := e.Methods(); len(got) != 1 || got[0] != m.ID {
				t.Errorf("it works by %v", got)
			}
			for _, step := range e.Path {
				if once := sortRefs(slices.Clone(step.Because)); len(once) != len(step.Because) {
					t.Errorf("%s rests on %d statements, of which %d are named: %v", step.Kind, len(once), len(step.Because), step.Because)
				}
			}
			needed := slices.ContainsFunc(m.Needed, func(n escalation.Needed) bool {
				return !slices.ContainsFunc(m.Needs, func(w escalation.Need) bool { return w.Actions[0] == n.Unless })
			})
			if e.Certain() != (m.If == "" && m.Runs == "" && !needed && len(m.Passed) == 0 && m.AssumesIf == "") {
				t.Errorf("certain %v, if %q", e.Certain(), e.If)
			}
			if m.Runs != "" {
				for role, want := range map[string]bool{"admin": m.If == "", "other": false} {
					l := labOf(m, -1, "")
					l.account.Held().Resources = []*inventory.Resource{{
						ARN: "arn:aws:lambda:us-east-1:" + labAccount + ":function:f", Type: heldTypes[m.Runs], Account: labAccount,
						HasPolicy: inventory.None, HasTags: inventory.None, Roles: []string{labIAM + "role/" + role},
					}}
					if e := run(l); e == nil || e.Certain() != want {
						t.Errorf("where %s runs as role %s: %+v", m.Runs, role, e)
					}
				}
			}
			if needed {
				l := labOf(m, -1, "")
				for _, n := range m.Needed {
					l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, allowsOn(n.Unless)))
				}
				if e := run(l); e == nil || e.Certain() != (m.If == "") {
					t.Errorf("where it may make what it needs: %+v", e)
				}
			}
			for j := range m.Needs {
				if m.Needs[j].Entered { // the trust lets in the account: its own policies have to as well
					if e := run(labOf(m, j, "")); e != nil {
						t.Errorf("without %v it works by %v", m.Needs[j].Actions, e.Methods())
					}
					continue
				}
				if m.Needs[j].On == escalation.Self && m.Move == escalation.Undeny && j > 0 {
					continue
				}
				same := slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return &n != &m.Needs[j] && n.Actions[0] == m.Needs[j].Actions[0] })
				if twice := countOf(m, m.Needs[j].Actions[0]) > 1; same && twice {
					continue // the same call on something else
				}
				if e := run(labOf(m, j, "")); e != nil {
					t.Errorf("without %v it works by %v", m.Needs[j].Actions, e.Methods())
				}
			}
			deny := `{"Effect":"Deny","Action":"` + strings.Join(m.Needs[0].Actions, `","`) + `","Resource":"*"}`
			deny = strings.Replace(deny, `"Action":"`+strings.Join(m.Needs[0].Actions, `","`)+`"`, `"Action":["`+strings.Join(m.Needs[0].Actions, `","`)+`"]`, 1)
			if m.Move != escalation.Undeny {
				l := labOf(m, -1, "")
				l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, deny))
				if e := run(l); e != nil {
					t.Errorf("where it is denied it works by %v", e.Methods())
				}
			}
			l := labOf(m, -1, "")
			l.under(deny)
			if e := run(l); e != nil {
				t.Errorf("where a control policy denies it it works by %v", e.Methods())
			}
			if m.Move != escalation.Unbound {
				l = labOf(m, -1, "")
				l.who.Boundary = policyOf(policy.Boundary, allowsOn("s3:*"))
				if e := run(l); e != nil {
					t.Errorf("beyond its boundary it works by %v", e.Methods())
				}
			}
			if m.Move == escalation.Pass || m.Move == escalation.Run || m.Move == escalation.Provider || m.Move == escalation.SSO || m.Move == escalation.SSORaised {
				if e := run(labOf(m, -1, "trust")); e != nil {
					t.Errorf("with another trust it works by %v", e.Methods())
				}
			}
			onInstances := m.Move == escalation.Run && m.Services[0] == "ec2.amazonaws.com"
			if onInstances || slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.Profiled }) {
				if e := run(labOf(m, -1, "profile")); e != nil {
					t.Errorf("without an instance profile it works by %v", e.Methods())
				}
			}
		})
	}
}

func countOf(m *escalation.Method, action string) (n int) {
	for i := range m.Needs {
		if m.Needs[i].Actions[0] == action {
			n++
		}
	}
	return n
}

// TestRaisedBeforePassing: a role that can be passed is given every right first.
func TestRaisedBeforePassing(t *testing.T) {
	passing := []string{"iam:PassRole", "sagemaker:CreateProcessingJob", "iam:PutRolePolicy"}
	for _, tt := range []struct {
		name string
		may  []string
		want bool
	}{
		{"all of it", passing, true},
		{"the role can't be changed", passing[:2], false},
		{"nothing runs as it", []string{passing[0], passing[2]}, false},
		{"it can't be passed", passing[1:], false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn(tt.may...)))
			l.role("job", trustOf(`{"Service":"sagemaker.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("s3:GetObject")))
			e := l.climbs(t, l.who, nil)
			if got := e != nil && e.Admin; got != tt.want {
				t.Fatalf("it is %v: %+v", got, e)
			}
			if e != nil && e.Admin && !slices.Equal(e.Methods(), []string{"iam-passrole+modify-policy"}) {
				t.Errorf("it works by %v", e.Methods())
			}
		})
	}
}

// TestWhoEscalates is what the conditions, limits and chains of escalations come to.
func TestWhoEscalates(t *testing.T) {
	in := func(conditions string, actions ...string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":["%s"],"Resource":"*","Condition":{%s}}`, strings.Join(actions, `","`), conditions)
	}
	on := func(resource string, actions ...string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":["%s"],"Resource":"%s"}`, strings.Join(actions, `","`), resource)
	}
	admin := func(services ...string) func(*lab) {
		return func(l *lab) {
			r := l.role("admin", trustOf(`{"Service":["`+strings.Join(services, `","`)+`"]}`), policyOf(policy.Identity, allowsAll))
			r.InstanceProfiles = []string{labIAM + "instance-profile/admin"}
		}
	}
	const no, certain, perhaps = "no", "certain", "possible"
	for _, tt := range []struct {
		name  string
		may   []string
		setup func(*lab)
		role  bool // the climber is a role
		want  string
		by    string // the methods on the path
	}{
		{"two policies together", []string{allowsOn("ec2:RunInstances"), allowsOn("iam:PassRole")}, admin("ec2.amazonaws.com"), false, certain, "ec2-run-instances"},
		{"half of a method", []string{allowsOn("ec2:RunInstances")}, admin("ec2.amazonaws.com"), false, no, ""},
		{"all but some actions", []string{`{"Effect":"Allow","NotAction":["iam:Update*","iam:Create*"],"Resource":"*"}`}, nil, false, certain, "iam-put-user-policy"},
		{"a condition on who signed in with MFA", []string{in(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, "iam:PutUserPolicy")}, nil, false, perhaps, "iam-put-user-policy"},
		{"a session issued long after", []string{in(`"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`, "iam:PutRolePolicy")}, nil, true, certain, "iam-put-role-policy"},
		{"a user without a session", []string{in(`"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`, "iam:PutUserPolicy")}, nil, false, perhaps, "iam-put-user-policy"},
		{"a session that nobody holds any more", []string{in(`"DateLessThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`, "iam:PutRolePolicy")}, nil, true, no, ""},
		{"a time that has passed", []string{in(`"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}`, "iam:PutUserPolicy")}, nil, false, no, ""},
		{"allowed and denied", []string{allowsOn("iam:*"), `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, nil, false, no, ""},
		{"a policy of AWS can't be changed", []string{on("arn:aws:iam::aws:policy/*", "iam:CreatePolicyVersion")}, func(l *lab) {
			l.who.Attached = []*inventory.Policy{{Name: "x", ARN: "arn:aws:iam::aws:policy/x", Doc: l.who.Inline[0].Doc}}
		}, false, no, ""},
		{"a policy on somebody else", []string{allowsOn("iam:CreatePolicyVersion")}, func(l *lab) { l.user("other", managedOf("others", allowsOn("s3:GetObject"))) }, false, no, ""},
		{"the wrong kind: a role puts policies on users", []string{allowsOn("iam:PutUserPolicy", "iam:AttachUserPolicy")}, nil, true, no, ""},
		{"a user that can log in nowhere", []string{allowsOn("iam:AttachUserPolicy")}, func(l *lab) { l.user("other") }, true, no, ""},
		{"only a harmless policy may be attached", []string{in(`"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`, "iam:AttachUserPolicy")}, nil, false, no, ""},
		{"only policies of the account may be attached, and it may make any", []string{
			allowsOn("iam:CreatePolicy"), in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/*"}`, "iam:AttachUserPolicy"),
		}, nil, false, certain, "iam-create-policy-and-attach"},
		{"a role makes a policy of a name that it may attach", []string{
			on(labIAM+"policy/a-*", "iam:CreatePolicy"), in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/a-b*"}`, "iam:AttachRolePolicy"),
		}, nil, true, certain, "iam-create-policy-and-attach-role"},
		{"it may make policies of other names than it may attach", []string{
			on(labIAM+"policy/a-*", "iam:CreatePolicy"), in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/b-*"}`, "iam:AttachUserPolicy"),
		}, nil, false, no, ""},
		{"names of policies that meet in the middle", []string{
			on(labIAM+"policy/a-*", "iam:CreatePolicy"), in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/*-b"}`, "iam:AttachUserPolicy"),
		}, nil, false, perhaps, "iam-create-policy-and-attach"},
		{"the policy of AWS that allows everything may not be attached, what gives it all of IAM may", []string{
			allowsOn("iam:AttachUserPolicy"),
			`{"Effect":"Deny","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}}}`,
		}, nil, false, certain, "iam-attach-user-policy,iam-put-user-policy"},
		{"and a Deny stops it then", []string{
			allowsOn("iam:AttachUserPolicy"), `{"Effect":"Deny","NotAction":"iam:AttachUserPolicy","Resource":"*"}`,
			`{"Effect":"Deny","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}}}`,
		}, nil, false, no, ""},
		{"only policies of the account may be attached, of which one allows everything", []string{in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/*"}`, "iam:AttachUserPolicy")}, func(l *lab) {
			l.user("ops", managedOf("all", allowsAll))
		}, false, certain, "iam-attach-user-policy"},
		{"only policies of the account may be attached, and none allows everything", []string{in(`"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/*"}`, "iam:AttachUserPolicy")}, func(l *lab) {
			l.user("ops", managedOf("most", allowsAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`))
		}, false, no, ""},
		{"two groups, and the second one is the way", []string{allowsOn("iam:AddUserToGroup")}, func(l *lab) {
			l.who.Attached = []*inventory.Policy{managedOf("deny", `{"Effect":"Deny","NotAction":["iam:AddUserToGroup","iam:DetachUserPolicy"],"Resource":"*"}`)}
			l.group("one", nil, policyOf(policy.Identity, allowsOn("iam:DetachUserPolicy")))
			l.group("two", nil, policyOf(policy.Identity, allowsOn("iam:DetachUserPolicy", "iam:PutUserPolicy")))
		}, false, certain, "iam-add-user-to-group,iam-remove-deny,iam-put-user-policy"},
		{"only who carries a boundary may be changed", []string{in(`"ArnEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}`, "iam:PutUserPolicy")}, nil, false, no, ""},
		{"passed to the service", []string{in(`"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}`, "iam:PassRole"), allowsOn("ec2:RunInstances")}, admin("ec2.amazonaws.com"), false, certain, "ec2-run-instances"},
		{"passed to another service", []string{in(`"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`, "iam:PassRole"), allowsOn("ec2:RunInstances")}, admin("ec2.amazonaws.com", "lambda.amazonaws.com"), false, no, ""},
		{"names that meet", []string{on(labIAM+"role/a-*", "iam:CreateRole"), on(labIAM+"role/*-b", "iam:AttachRolePolicy")}, nil, false, certain, "iam-create-role-and-empower"},
		{"names that don't", []string{on(labIAM+"role/a-*", "iam:CreateRole"), on(labIAM+"role/b-*", "iam:AttachRolePolicy")}, nil, false, no, ""},
		{"names that don't, in any account", []string{on("arn:aws:iam::*:role/a-*", "iam:CreateRole"), on("arn:aws:iam::*:role/b-*", "iam:AttachRolePolicy")}, nil, false, no, ""},
		{"names that meet in any account", []string{on("arn:aws:iam::*:role/a-*", "iam:CreateRole"), on("arn:aws:iam::*:role/*-b", "iam:AttachRolePolicy")}, nil, false, certain, "iam-create-role-and-empower"},
		{"names that meet under a condition, in any account", []string{
			on("arn:aws:iam::*:role/a-*", "iam:CreateRole"), on("arn:aws:iam::*:role/b-*", "iam:AttachRolePolicy"),
			in(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, "iam:AttachRolePolicy"),
		}, nil, false, perhaps, "iam-create-role-and-empower"},
		{"a function of one name is made, one of another name called", []string{
			on("arn:aws:lambda:*:*:function:a-*", "lambda:CreateFunction"), on("arn:aws:lambda:*:*:function:b-*", "lambda:InvokeFunction"), allowsOn("iam:PassRole"),
		}, admin("lambda.amazonaws.com"), false, no, ""},
		{"a job of one name is made, one of another name run", []string{
			on("arn:aws:glue:*:*:job/a-*", "glue:CreateJob"), on("arn:aws:glue:*:*:job/b-*", "glue:StartJobRun"), allowsOn("iam:PassRole"),
		}, admin("glue.amazonaws.com"), false, no, ""},
		{"a function of one name is made and called", []string{
			on("arn:aws:lambda:*:*:function:a-*", "lambda:CreateFunction"), on("arn:aws:lambda:*:*:function:*", "lambda:InvokeFunction"), allowsOn("iam:PassRole"),
		}, admin("lambda.amazonaws.com"), false, certain, "lambda-create-invoke"},
		{"names that meet under a condition", []string{
			on(labIAM+"role/a-*", "iam:CreateRole"), on(labIAM+"role/b-*", "iam:AttachRolePolicy"),
			in(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, "iam:AttachRolePolicy"),
		}, nil, false, perhaps, "iam-create-role-and-empower"},
		{"a condition that a new role of one name meets", []string{
			on(labIAM+"role/a-*", "iam:CreateRole"), in(`"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}`, "iam:AttachRolePolicy"),
		}, nil, false, certain, "iam-create-role-and-empower"},
		{"new roles carry a boundary of which nothing is known", []string{in(`"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}`, "iam:CreateRole", "iam:AttachRolePolicy")}, nil, false, perhaps, "iam-create-role-and-empower"},
		{"new roles carry a narrow boundary", []string{in(`"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}`, "iam:CreateRole", "iam:AttachRolePolicy")}, func(l *lab) {
			l.role("bounded", trustOf(`{"Service":"x.amazonaws.com"}`)).Boundary = managedOf("b", allowsOn("s3:*", "iam:Get*"))
		}, false, no, ""},
		{"new roles carry a wide boundary", []string{in(`"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}`, "iam:CreateRole", "iam:AttachRolePolicy")}, func(l *lab) {
			l.role("bounded", trustOf(`{"Service":"x.amazonaws.com"}`)).Boundary = managedOf("b", allowsAll)
		}, false, certain, "iam-create-role-and-empower"},
		{"new roles carry some boundary, one of which is wide", []string{in(`"ArnLike":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/*"}`, "iam:CreateRole", "iam:AttachRolePolicy")}, func(l *lab) {
			l.role("bounded", trustOf(`{"Service":"x.amazonaws.com"}`)).Boundary = managedOf("a", allowsOn("s3:*"))
			l.role("other", trustOf(`{"Service":"x.amazonaws.com"}`)).Boundary = managedOf("b", allowsAll)
		}, false, certain, "iam-create-role-and-empower"},
		{"new users carry the policy of administrators as boundary", []string{
			in(`"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}`, "iam:CreateUser", "iam:AttachUserPolicy"), allowsOn("iam:CreateAccessKey"),
		}, nil, false, certain, "iam-create-user-and-empower"},
		{"E89: its boundary holds", []string{allowsOn("iam:PutUserPolicy")}, func(l *lab) {
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("iam:PutUserPolicy", "s3:*"))
		}, false, no, ""},
		{"its boundary lets itself be taken off", []string{allowsOn("iam:PutUserPolicy")}, func(l *lab) {
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"))
		}, false, certain, "iam-put-user-policy,iam-delete-user-boundary"},
		{"its boundary may be exchanged for one of the account that allows everything", []string{allowsAll}, func(l *lab) {
			l.who.Boundary = policyOf(policy.Boundary, in(`"StringLike":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/*"}`, "iam:PutUserPermissionsBoundary"))
			l.user("other", managedOf("all", allowsAll))
		}, false, certain, "iam-put-user-boundary"},
		{"a boundary of AWS can't be rewritten", []string{allowsAll}, func(l *lab) {
			l.who.Boundary = &inventory.Policy{Name: "b", ARN: "arn:aws:iam::aws:policy/b", Doc: policyOf(policy.Boundary, allowsOn("iam:CreatePolicyVersion")).Doc}
		}, false, no, ""},
		{"E86: a control policy stops it", []string{allowsOn("iam:PutUserPolicy")}, func(l *lab) {
			l.under(`{"Effect":"Deny","Action":"iam:Put*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ops"}}}`)
		}, false, no, ""},
		{"a control policy spares it", []string{allowsOn("iam:PutUserPolicy")}, func(l *lab) {
			l.under(`{"Effect":"Deny","Action":"iam:Put*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/climber"}}}`)
		}, false, certain, "iam-put-user-policy"},
		{"through a role", nil, func(l *lab) {
			l.role("middle", trustOf(`{"AWS":"`+labIAM+`user/climber"}`), policyOf(policy.Identity, allowsOn("iam:PutRolePolicy")))
		}, false, certain, "iam-put-role-policy"},
		{"through somebody who escalates", []string{on(labIAM+"user/middle", "iam:CreateAccessKey")}, func(l *lab) {
			l.user("middle", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
		}, false, certain, "iam-create-access-key,iam-put-user-policy"},
		{"a role of a service can't be changed", []string{allowsOn("iam:UpdateAssumeRolePolicy")}, func(l *lab) {
			r := l.role("AWSServiceRoleForX", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			r.Path, r.ARN = "/aws-service-role/x.amazonaws.com/", labIAM+"role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
		}, false, no, ""},
		{"a role of a service makes no calls but those of AWS", nil, func(l *lab) {
			l.who = l.role("AWSServiceRoleForX", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("iam:CreateRole", "iam:PutRolePolicy")))
			l.who.Path, l.who.ARN = "/aws-service-role/x.amazonaws.com/", labIAM+"role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
		}, false, no, ""},
		{"a policy of the account on a role that Identity Center keeps", nil, func(l *lab) {
			l.who = l.role("AWSReservedSSO_X_1", trustOf(`{"Federated":"`+labIAM+`saml-provider/idp"}`), managedOf("own", allowsOn("iam:CreatePolicyVersion")))
			l.who.Path, l.who.ARN = "/aws-reserved/sso.amazonaws.com/", labIAM+"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_1"
		}, false, certain, "iam-create-policy-version"},
		{"a role that Identity Center keeps is not changed itself", nil, func(l *lab) {
			l.who = l.role("AWSReservedSSO_X_1", trustOf(`{"Federated":"`+labIAM+`saml-provider/idp"}`), managedOf("own", allowsOn("iam:PutRolePolicy")))
			l.who.Path, l.who.ARN = "/aws-reserved/sso.amazonaws.com/", labIAM+"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_1"
		}, false, no, ""},
		{"the five versions are used up", []string{allowsOn("iam:CreatePolicyVersion")}, func(l *lab) {
			p := managedOf("full", allowsOn("iam:CreatePolicyVersion"))
			for range maxVersions - 1 {
				p.Versions = append(p.Versions, inventory.PolicyVersion{ID: "v", Doc: p.Doc})
			}
			l.who.Inline, l.who.Attached = nil, []*inventory.Policy{p}
		}, false, no, ""},
		{"another version has no more", []string{allowsOn("iam:SetDefaultPolicyVersion")}, func(l *lab) {
			p := managedOf("set", allowsOn("iam:SetDefaultPolicyVersion"))
			p.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Identity, allowsOn("s3:GetObject")).Doc}}
			l.who.Inline, l.who.Attached = nil, []*inventory.Policy{p}
		}, false, no, ""},
		{"a tag of its own opens the rest", []string{
			allowsOn("iam:TagUser"), in(`"StringEquals":{"aws:PrincipalTag/team":"root"}`, "*"),
		}, nil, false, certain, "iam-tag-abac"},
		{"a tag it may not set", []string{
			in(`"StringEquals":{"aws:RequestTag/team":"guest"}`, "iam:TagUser"), in(`"StringEquals":{"aws:PrincipalTag/team":"root"}`, "*"),
		}, nil, false, no, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab()
			var policies []*inventory.Policy
			for _, st := range tt.may {
				policies = append(policies, policyOf(policy.Identity, st))
			}
			if tt.role {
				l.who = l.role("climber", trustOf(`{"Service":"nobody.amazonaws.com"}`), policies...)
			} else {
				l.who = l.user("climber", policies...)
			}
			if tt.setup != nil {
				tt.setup(l)
			}
			e := l.climbs(t, l.who, nil)
			got, by := no, ""
			if e != nil && e.Admin {
				by = strings.Join(e.Methods(), ",")
				if got = perhaps; e.Certain() {
					got = certain
				}
			}
			if got != tt.want || by != tt.by {
				t.Errorf("%s by %q, want %s by %q: %+v", got, by, tt.want, tt.by, e)
			}
		})
	}
}

// TestTakenOver: who gets to be no administrator still takes over others, but only
// those that may do what it may not.
func TestTakenOver(t *testing.T) {
	l := newLab()
	l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey", "s3:GetObject")))
	l.user("same", policyOf(policy.Identity, allowsOn("s3:GetObject")))
	l.user("denied", policyOf(policy.Identity, allowsOn("ssm:GetParameter"), `{"Effect":"Deny","Action":"*","Resource":"*"}`))
	l.user("nobody")
	more := l.user("more", policyOf(policy.Identity, allowsOn("ssm:GetParameter")))
	e := l.climbs(t, l.who, nil)
	if e == nil || e.Admin || len(e.Path) != 2 || e.Path[1].Principal != more.ARN || len(e.Others) != 0 {
		t.Errorf("%+v", e)
	}
}

// TestWithoutMethods: role assumptions alone lead up.
func TestWithoutMethods(t *testing.T) {
	l := newLab()
	l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
	ops := l.user("ops", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
	admin := l.role("admin", trustOf(`{"AWS":"`+labIAM+`root"}`), policyOf(policy.Identity, allowsAll))
	var got []string
	for _, e := range theFirst(l.solver(t).Escalations(false)) {
		got = append(got, e.Principal.ARN)
	}
	if !slices.Equal(got, []string{admin.ARN, ops.ARN}) {
		t.Errorf("%v", got)
	}
}
