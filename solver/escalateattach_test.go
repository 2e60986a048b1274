package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// attaches writes an Allow of calls that attach, of policies of the account by name.
func attaches(action string, names ...string) string {
	for i := range names {
		names[i] = `"` + labIAM + "policy/" + names[i] + `"`
	}
	return strings.TrimSuffix(allowsOn(action), "}") + `,"Condition":{"ArnLike":{"iam:PolicyARN":[` + strings.Join(names, ",") + `]}}}`
}

// Who may attach some policies alone, as they hang on somebody or on nobody.
func TestAttachesSomePolicies(t *testing.T) {
	t.Parallel()
	full := func(action string) string {
		return strings.TrimSuffix(allowsOn(action), "}") + `,"Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/IAMFullAccess"}}}`
	}
	idle := func(l *lab, list ...*inventory.Policy) {
		l.account.Held().Policies = append(l.account.Held().Policies, list...)
	}
	climbBy(t, []climbing{
		{"one that allows everything and hangs on nobody", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachUserPolicy", "break-glass")))
			idle(l, managedOf("break-glass", allowsAll))
		}, "iam-attach-user-policy"},
		{"another one", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachUserPolicy", "app-*")))
			idle(l, managedOf("break-glass", allowsAll))
		}, ""},
		{"one by which it may put what it likes on itself", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachUserPolicy", "team-*")))
			idle(l, managedOf("team-iam", allowsOn("iam:PutUserPolicy")))
		}, "iam-attach-user-policy,iam-put-user-policy"},
		{"one by which it may not, for it speaks of others", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachUserPolicy", "team-*")))
			idle(l, managedOf("team-iam", strings.Replace(allowsOn("iam:PutUserPolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`user/app-*"`, 1)))
		}, ""},
		{"one that it may rewrite", func(l *lab) {
			l.who = l.role("climber", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, attaches("iam:AttachRolePolicy", "team-*"), allowsOn("iam:CreatePolicyVersion")))
			idle(l, managedOf("team-reads", allowsOn("s3:GetObject")))
		}, "iam-attach-role-policy,iam-create-policy-version"},
		{"one that it may rewrite, and not attach", func(l *lab) {
			l.who = l.role("climber", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, attaches("iam:AttachRolePolicy", "other-*"), allowsOn("iam:CreatePolicyVersion")))
			idle(l, managedOf("team-reads", allowsOn("s3:GetObject")))
		}, ""},
		{"one of somebody else on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachGroupPolicy", "team-*")))
			l.group("g", []*inventory.Principal{l.who})
			l.user("other", managedOf("team-iam", allowsOn("iam:AttachUserPolicy")))
		}, "iam-attach-group-policy,iam-attach-user-policy"},
		{"all but some, by a Deny", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AttachUserPolicy"),
				`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnNotLike":{"iam:PolicyARN":"`+labIAM+`policy/team-*"},"Null":{"iam:PolicyARN":"false"}}}`))
			idle(l, managedOf("all", allowsAll), managedOf("team-iam", allowsOn("iam:PutUserPolicy")))
		}, "iam-attach-user-policy,iam-put-user-policy"},
		{"the name of a policy that hangs on nobody is taken", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(allowsOn("iam:CreatePolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`policy/team-reads"`, 1), attaches("iam:AttachUserPolicy", "team-reads")))
			idle(l, managedOf("team-reads", allowsOn("s3:GetObject")))
		}, ""},
		{"the name is free", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(allowsOn("iam:CreatePolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`policy/team-reads"`, 1), attaches("iam:AttachUserPolicy", "team-reads")))
		}, "iam-create-policy-and-attach"},
		{"all of IAM alone, on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, full("iam:AttachGroupPolicy")))
			l.group("g", []*inventory.Principal{l.who})
		}, "iam-attach-group-policy,iam-put-user-policy"},
		{"all but what allows everything, on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.TrimSuffix(allowsOn("iam:AttachGroupPolicy"), "}")+`,"Condition":{"ArnNotEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}}}`))
			l.group("g", []*inventory.Principal{l.who})
		}, "iam-attach-group-policy,iam-put-user-policy"},
		{"all of IAM alone, on a new group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, full("iam:AttachGroupPolicy"), allowsOn("iam:CreateGroup", "iam:AddUserToGroup")))
		}, "iam-create-group-and-join,iam-put-user-policy"},
		{"all of IAM alone, on a new role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, full("iam:AttachRolePolicy"), allowsOn("iam:CreateRole")))
		}, "iam-create-role-and-empower"},
		{"all of IAM alone, on a new user", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(full("iam:AttachUserPolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`user/new-*"`, 1), allowsOn("iam:CreateUser", "iam:CreateAccessKey")))
		}, "iam-create-user-and-empower"},
		{"all of IAM alone, on a new user that a control policy keeps from it", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(full("iam:AttachUserPolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`user/new-*"`, 1), allowsOn("iam:CreateUser", "iam:CreateAccessKey")))
			l.under(`{"Effect":"Deny","Action":["iam:Put*","iam:CreatePolicy*","iam:Attach*"],"Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"` + labIAM + `user/climber"}}}`)
		}, ""},
		{"something else of AWS alone, on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(full("iam:AttachGroupPolicy"), "IAMFull", "S3Full", 1)))
			l.group("g", []*inventory.Principal{l.who})
		}, ""},
		{"the name is free, on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(allowsOn("iam:CreatePolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`policy/team-*"`, 1), attaches("iam:AttachGroupPolicy", "team-*")))
			l.group("g", []*inventory.Principal{l.who})
		}, "iam-attach-group-policy"},
		{"the name is another one, on its group", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(allowsOn("iam:CreatePolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`policy/team-*"`, 1), attaches("iam:AttachGroupPolicy", "app-*")))
			l.group("g", []*inventory.Principal{l.who})
		}, ""},
		{"the name is free, on a new role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateRole", "iam:CreatePolicy"), attaches("iam:AttachRolePolicy", "team-*")))
		}, "iam-create-role-and-empower"},
		{"the name is free, and what is made may not be attached to a new role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateRole"), strings.Replace(allowsOn("iam:CreatePolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`policy/app-*"`, 1), attaches("iam:AttachRolePolicy", "team-*")))
		}, ""},
		{"on a role that it may assume", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, attaches("iam:AttachRolePolicy", "break-glass")))
			l.role("x", trustOf(`{"AWS":"`+labIAM+`user/climber"}`))
			idle(l, managedOf("break-glass", allowsAll))
		}, "iam-attach-role-policy+assume"},
		{"a boundary that hangs on nobody", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, strings.TrimSuffix(allowsOn("iam:CreateUser", "iam:AttachUserPolicy"), "}")+`,"Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+labIAM+`policy/wide"}}}`, allowsOn("iam:CreateAccessKey")))
			idle(l, managedOf("wide", allowsAll))
		}, "iam-create-user-and-empower"},
	})
}

// A new user has the rights of a group that it is put into.
func TestNewUserInAGroup(t *testing.T) {
	t.Parallel()
	on := func(action, resource string) string {
		return strings.Replace(allowsOn(action), `"Resource":"*"`, `"Resource":"`+labIAM+resource+`"`, 1)
	}
	maker := func(group string) *inventory.Policy {
		return policyOf(policy.Identity, allowsOn("iam:CreateUser", "iam:CreateAccessKey"), on("iam:AddUserToGroup", "group/"+group))
	}
	nobody := trustOf(`{"Service":"x.amazonaws.com"}`)
	climbBy(t, []climbing{
		{"of administrators", func(l *lab) {
			l.who = l.role("climber", nobody, maker("admins"))
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
		}, "iam-create-user-in-group"},
		{"that may put what it likes on its users", func(l *lab) {
			l.who = l.role("climber", nobody, maker("admins"))
			l.group("admins", nil, policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
		}, "iam-create-user-in-group"},
		{"that may do so with users of other names", func(l *lab) {
			l.who = l.role("climber", nobody, policyOf(policy.Identity, on("iam:CreateUser", "user/app-*"), allowsOn("iam:CreateAccessKey", "iam:AddUserToGroup")))
			l.group("admins", nil, policyOf(policy.Identity, on("iam:PutUserPolicy", "user/team-*")))
		}, ""},
		{"of others", func(l *lab) {
			l.who = l.role("climber", nobody, maker("readers"))
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
			l.group("readers", nil, policyOf(policy.Identity, allowsOn("s3:GetObject")))
		}, ""},
		{"without a way in", func(l *lab) {
			l.who = l.role("climber", nobody, policyOf(policy.Identity, allowsOn("iam:CreateUser", "iam:AddUserToGroup")))
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
		}, ""},
		{"within a boundary that leaves nothing", func(l *lab) {
			l.who = l.role("climber", nobody, policyOf(policy.Identity, strings.TrimSuffix(allowsOn("iam:CreateUser"), "}")+`,"Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+labIAM+`policy/small"}}}`, allowsOn("iam:CreateAccessKey", "iam:AddUserToGroup")))
			l.group("admins", nil, policyOf(policy.Identity, allowsAll))
			l.account.Held().Policies = []*inventory.Policy{managedOf("small", allowsOn("s3:*"))}
		}, ""},
	})
}
