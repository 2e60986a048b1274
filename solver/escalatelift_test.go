package solver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A document that denies something is gone once another one is written in its place,
// which its own Deny may stop.
func TestWrittenOverADeny(t *testing.T) {
	t.Parallel()
	deny := func(actions string) string { return `{"Effect":"Deny","Action":[` + actions + `],"Resource":"*"}` }
	const (
		noAdmin = `"iam:PassRole","iam:CreateUser","ec2:*"`
		others  = `,"iam:Put*","iam:Create*","iam:Delete*","iam:Detach*","iam:Remove*","iam:Set*","iam:Update*"`
	)
	climbBy(t, []climbing{
		{"an inline policy by its name", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy"), deny(noAdmin)))
		}, "iam-put-user-policy"},
		{"not where the Deny names the call", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy"), deny(noAdmin+`,"iam:PutUserPolicy"`)))
		}, ""},
		{"not by attaching another, but by what that allows", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AttachUserPolicy"), deny(noAdmin)))
		}, "iam-attach-user-policy,iam-put-user-policy"},
		{"not where the Deny names that, too", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AttachUserPolicy"), deny(noAdmin+others)))
		}, ""},
		{"a managed policy by a new version", func(l *lab) {
			l.who = l.user("climber", managedOf("own", allowsOn("iam:CreatePolicyVersion"), deny(noAdmin)))
		}, "iam-create-policy-version"},
		{"a managed policy once an inline one allows it", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")), managedOf("own", deny(noAdmin)))
		}, "iam-put-user-policy,iam-create-policy-version"},
		{"not a managed policy by an inline one", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")), managedOf("own", deny(noAdmin+`,"iam:Create*","iam:Detach*","iam:Set*","iam:Update*"`)))
		}, ""},
		{"a policy of a group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutGroupPolicy")))
			l.group("own", []*inventory.Principal{l.who}, policyOf(policy.Identity, deny(noAdmin)))
		}, "iam-put-group-policy"},
		{"not the policy of another group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:PutGroupPolicy","Resource":"`+labIAM+`group/own"}`))
			l.group("own", []*inventory.Principal{l.who})
			l.group("fence", []*inventory.Principal{l.who}, policyOf(policy.Identity, strings.Replace(deny(noAdmin+others), `"Resource":"*"`, `"NotResource":"`+labIAM+`group/own"`, 1)))
		}, ""},
	})
}

// A group without policies is a way for who may give it some, and so is a new one; all
// calls are made on the same group.
func TestGroupsThatAreFilled(t *testing.T) {
	t.Parallel()
	on := func(group string, actions ...string) string {
		return strings.Replace(allowsOn(actions...), `"Resource":"*"`, `"Resource":"`+labIAM+`group/`+group+`"`, 1)
	}
	for _, tt := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"an empty group", []string{on("empty", "iam:AddUserToGroup", "iam:PutGroupPolicy")}, "iam-add-user-to-group,iam-put-group-policy"},
		{"an empty group that stays empty", []string{on("empty", "iam:AddUserToGroup"), on("new", "iam:PutGroupPolicy")}, ""},
		{"a new group", []string{on("new-*", "iam:CreateGroup", "iam:AttachGroupPolicy", "iam:AddUserToGroup")}, "iam-create-group-and-join"},
		{"a new group that it may not join", []string{on("new-*", "iam:CreateGroup", "iam:AttachGroupPolicy"), on("other-*", "iam:AddUserToGroup")}, ""},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, tt.statements...))
		l.group("empty", nil)
		got := ""
		if e := l.climbs(t, l.who, nil); e != nil {
			got = strings.Join(e.Methods(), ",")
		}
		if got != tt.want {
			t.Errorf("%s: by %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Who changes somebody else and becomes it has what it gave: whichever two calls these are.
func TestChangedThenTaken(t *testing.T) {
	t.Parallel()
	trusted := trustOf(`{"AWS":"` + labAccount + `"}`)
	climbBy(t, []climbing{
		{"a group of a user, and a key of it", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutGroupPolicy", "iam:CreateAccessKey")))
			l.group("team", []*inventory.Principal{l.user("other")})
		}, "iam-put-group-policy,iam-create-access-key"},
		{"a user without groups", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutGroupPolicy", "iam:CreateAccessKey")))
			l.user("other")
			l.group("team", nil)
		}, ""},
		{"a user into a group of administrators", func(l *lab) {
			l.who = l.role("climber", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("iam:AddUserToGroup", "iam:CreateAccessKey")))
			l.user("other")
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
		}, "iam-add-user-to-group,iam-create-access-key"},
		{"a user into a group that is none", func(l *lab) {
			l.who = l.role("climber", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("iam:AddUserToGroup", "iam:CreateAccessKey")))
			l.user("other")
			l.group("readers", nil, policyOf(policy.Identity, allowsOn("iam:Get*")))
		}, ""},
		{"an old version of a role's policy, and the role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:SetDefaultPolicyVersion", "sts:AssumeRole")))
			old := managedOf("work", allowsOn("s3:GetObject"))
			old.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Identity, allowsAll).Doc}}
			l.role("other", trusted, old)
		}, "iam-set-default-policy-version"},
		{"a role that nobody assumes", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:SetDefaultPolicyVersion", "sts:AssumeRole")))
			old := managedOf("work", allowsOn("s3:GetObject"))
			old.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Identity, allowsAll).Doc}}
			l.role("other", trustOf(`{"Service":"x.amazonaws.com"}`), old)
		}, ""},
		{"a user's policy, and its key", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreatePolicyVersion", "iam:CreateAccessKey")))
			l.user("other", managedOf("work", allowsOn("s3:GetObject")))
		}, "iam-create-policy-version,iam-create-access-key"},
		{"a boundary off a role that a function runs as", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:DeleteRolePermissionsBoundary", "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")))
			l.role("other", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll)).Boundary = policyOf(policy.Boundary, allowsOn("s3:*"))
		}, "iam-delete-role-boundary,lambda-create-invoke"},
	})
}

// Who becomes a principal that may change the one who became it is given every right by
// it, whichever way it becomes it.
func TestGivenBack(t *testing.T) {
	t.Parallel()
	trusted := trustOf(`{"AWS":"` + labAccount + `"}`)
	climbBy(t, []climbing{
		{"a function's role puts a policy on the user", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")))
			l.role("ops", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
		}, "lambda-create-invoke,iam-put-user-policy"},
		{"a role puts it into a group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.role("ops", trusted, policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
		}, "iam-add-user-to-group"},
		{"a role puts a policy on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.group("team", []*inventory.Principal{l.who})
			l.role("ops", trusted, policyOf(policy.Identity, allowsOn("iam:PutGroupPolicy")))
		}, "iam-put-group-policy"},
		{"a role takes its boundary off", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsAll))
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("sts:AssumeRole"))
			l.role("ops", trusted, policyOf(policy.Identity, allowsOn("iam:DeleteUserPermissionsBoundary")))
		}, "iam-delete-user-boundary"},
		{"a role takes off somebody else's", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsAll))
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("sts:AssumeRole"))
			l.role("ops", trusted, policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:DeleteUserPermissionsBoundary","Resource":"`+labIAM+`user/other"}`))
		}, ""},
	})
}

// Who may change itself in more ways than are followed is told, unless it is found to be
// an administrator anyway.
func TestMoreChangesThanAreFollowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		groups int
		admin  bool
		want   bool
	}{{3, false, false}, {40, false, true}, {40, true, false}} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
		for i := range tt.groups {
			l.group(fmt.Sprint("team", i), nil, policyOf(policy.Identity, allowsOn(fmt.Sprint("s3:Get*"+strings.Repeat("*", i)))))
		}
		if tt.admin {
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
			slices.Reverse(l.account.Held().Groups)
		}
		_, gaps := l.solver(t).Escalations(true)
		if (len(gaps) == 1 && gaps[0].What == l.who.ARN) != tt.want {
			t.Errorf("%d groups, an administrators' group %v: %v", tt.groups, tt.admin, gaps)
		}
	}
}
