package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// What looks like a way up and is none, or only perhaps one, each beside one that is.
func TestWaysThatAreNone(t *testing.T) {
	t.Parallel()
	on := func(statement, resource string) string {
		return strings.Replace(statement, `"Resource":"*"`, `"Resource":"`+labIAM+resource+`"`, 1)
	}
	under := func(statement, condition string) string {
		return strings.TrimSuffix(statement, "}") + `,"Condition":{` + condition + `}}`
	}
	deny := func(actions ...string) string { return strings.Replace(allowsOn(actions...), "Allow", "Deny", 1) }
	fence := func() *inventory.Policy {
		return managedOf("fence", deny("iam:PassRole", "iam:Create*", "iam:Put*", "iam:Update*"))
	}
	named := func(name string, p *inventory.Policy) *inventory.Policy { p.Name = name; return p }
	bounded := func(l *lab, bound string) { // makes users within a boundary, which hangs on somebody else
		l.who = l.user("climber", policyOf(policy.Identity, under(allowsOn("iam:CreateUser", "iam:AttachUserPolicy"), `"StringEquals":{"iam:PermissionsBoundary":"`+labIAM+`policy/b"}`), allowsOn("iam:CreateAccessKey")))
		l.who.Tags = map[string]string{"team": "x"}
		l.user("other").Boundary = managedOf("b", bound)
	}
	const no, perhaps, certain = "no", "perhaps", "certain"
	for _, tt := range []struct {
		name string
		lab  func(l *lab)
		want string
	}{
		{"a Deny of one of two groups taken off", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:DeleteGroupPolicy"), "group/b"), allowsAll))
			l.group("a", []*inventory.Principal{l.who}, named("deny", policyOf(policy.Identity, deny("iam:PassRole", "iam:Create*", "iam:Put*", "iam:Update*", "iam:Delete*", "iam:Detach*", "iam:Remove*"))))
			l.group("b", []*inventory.Principal{l.who}, named("deny", policyOf(policy.Identity, deny("s3:DeleteBucket"))))
		}, no},
		{"a managed Deny off the user that stays on its group", func(l *lab) {
			f := fence()
			l.who = l.user("climber", policyOf(policy.Identity, allowsAll, deny("iam:DetachGroupPolicy", "iam:RemoveUserFromGroup", "iam:DeletePolicyVersion", "iam:Set*", "iam:Add*", "iam:Attach*", "iam:DeleteUserPolicy", "iam:DeleteGroupPolicy")), f)
			l.group("g", []*inventory.Principal{l.who}, f)
		}, no},
		{"its own group, under another version", func(l *lab) {
			pol := managedOf("work", allowsOn("iam:SetDefaultPolicyVersion", "lambda:CreateFunction", "lambda:InvokeFunction"))
			pol.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Identity, allowsOn("iam:AddUserToGroup", "iam:PassRole")).Doc}}
			l.who = l.user("climber")
			l.group("g", []*inventory.Principal{l.who}, pol)
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		}, no},
		{"a sixth version", func(l *lab) {
			pol := managedOf("work", allowsOn("iam:SetDefaultPolicyVersion"))
			for _, id := range []string{"v1", "v2", "v3", "v4"} {
				pol.Versions = append(pol.Versions, inventory.PolicyVersion{ID: id, Doc: policyOf(policy.Identity, allowsOn("iam:CreatePolicyVersion")).Doc})
			}
			l.who = l.user("climber", pol)
		}, no},
		{"a fifth version", func(l *lab) {
			pol := managedOf("work", allowsOn("iam:SetDefaultPolicyVersion"))
			for _, id := range []string{"v1", "v2", "v3"} {
				pol.Versions = append(pol.Versions, inventory.PolicyVersion{ID: id, Doc: policyOf(policy.Identity, allowsOn("iam:CreatePolicyVersion")).Doc})
			}
			l.who = l.user("climber", pol)
		}, certain},
		{"a new role of a name that is there", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateRole", "iam:AttachRolePolicy"), "role/deploy")))
			l.role("Deploy", trustOf(`{"Service":"x.amazonaws.com"}`))
		}, no},
		{"a new role of a name that is not", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateRole", "iam:AttachRolePolicy"), "role/deploy")))
		}, certain},
		{"a new group of a name that is there", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateGroup", "iam:AttachGroupPolicy"), "group/g"), on(allowsOn("iam:AddUserToGroup"), "group/g"), on(deny("iam:AddUserToGroup"), "group/g")))
			l.group("g", nil)
		}, no},
		{"a boundary that allows what asks for a tag of the caller", func(l *lab) {
			bounded(l, under(allowsAll, `"StringEquals":{"aws:PrincipalTag/team":"x"}`))
		}, no},
		{"a boundary that allows roles alone", func(l *lab) {
			bounded(l, under(allowsAll, `"StringEquals":{"aws:PrincipalType":"AssumedRole"}`))
		}, no},
		{"a boundary that allows all users", func(l *lab) {
			bounded(l, under(allowsAll, `"StringEquals":{"aws:PrincipalType":"User"}`))
		}, certain},
		{"a boundary by which the new user takes it off itself", func(l *lab) { bounded(l, allowsOn("iam:*")) }, certain},
		{"a boundary that is made wide by another version", func(l *lab) {
			bounded(l, allowsOn("s3:*"))
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, on(allowsOn("iam:SetDefaultPolicyVersion"), "policy/b")))
			l.account.Held().Users[1].Boundary.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Boundary, allowsAll).Doc}}
		}, certain},
		{"a boundary that is taken off, and a control policy that leaves nothing to anybody new", func(l *lab) {
			bounded(l, allowsOn("s3:*"))
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, allowsOn("iam:DeleteUserPermissionsBoundary")))
			l.under(under(deny("*"), `"ArnNotEquals":{"aws:PrincipalArn":"`+labIAM+`user/climber"}`))
		}, no},
		{"a control policy that leaves nothing to anybody new", func(l *lab) {
			l.who = l.user("boss", policyOf(policy.Identity, on(allowsOn("iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey"), "user/new-*")))
			l.under(under(deny("*"), `"ArnNotEquals":{"aws:PrincipalArn":"`+labIAM+`user/boss"}`))
		}, no},
		{"a tag by which the target loses what it may do", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, under(allowsOn("iam:UpdateAssumeRolePolicy"), `"StringEquals":{"aws:ResourceTag/team":"dev"}`), under(allowsOn("iam:TagRole"), `"StringEquals":{"aws:RequestTag/team":"dev"}`)))
			l.role("admin", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, under(allowsAll, `"StringEquals":{"aws:PrincipalTag/team":"admin"}`))).Tags = map[string]string{"team": "admin"}
		}, perhaps},
		{"a boundary that was put is one", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PutUserPermissionsBoundary"), under(allowsOn("iam:PutUserPolicy"), `"Null":{"iam:PermissionsBoundary":"true"}`)))
			l.who.Boundary = managedOf("b", allowsOn("iam:PutUserPermissionsBoundary", "iam:PutUserPolicy"))
		}, no},
		{"a profile that delivers another role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PassRole"), under(allowsOn("ec2:RunInstances"), `"ArnEquals":{"ec2:InstanceProfile":"`+labIAM+`instance-profile/small"}`)))
			l.role("admin", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll)).InstanceProfiles = []string{labIAM + "instance-profile/big"}
		}, no},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s: %+v", got, tt.want, l.climbs(t, l.who, nil))
			}
		})
	}
}

// A function's policy may name one of two users of equal policies: each is decided by
// itself.
func TestFunctionsThatNamePeople(t *testing.T) {
	t.Parallel()
	function := "arn:aws:lambda:us-east-1:" + labAccount + ":function:f"
	for name, st := range map[string]string{
		"a": `{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `user/a"},"Action":"lambda:InvokeFunction","Resource":"` + function + `"}`,
		"b": `{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `user/b"},"Action":"lambda:InvokeFunction","Resource":"` + function + `"}`,
	} {
		l := newLab()
		own := strings.Replace(allowsOn("lambda:InvokeFunction"), `"Resource":"*"`, `"Resource":"`+function+`-other"`, 1)
		for _, user := range []string{"a", "b"} {
			l.user(user, policyOf(policy.Identity, allowsOn("lambda:UpdateFunctionCode"), own))
		}
		l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		l.account.Held().Resources = []*inventory.Resource{{
			ARN: function, Type: "AWS::Lambda::Function", Account: labAccount, HasTags: inventory.None, HasPolicy: inventory.Have,
			Policy: policyOf(policy.Resource, st).Doc, Roles: []string{labIAM + "role/admin"},
		}}
		for _, e := range theFirst(l.solver(t).Escalations(true)) {
			if e.Principal.Kind == inventory.User && e.Certain() != (e.Principal.Name == name) {
				t.Errorf("the function lets in %s, and %s is certain: %v", name, e.Principal.Name, e.Certain())
			}
		}
	}
}

// Who changes another principal several times, and who gets to it over several steps (E233).
func TestChangedSeveralTimes(t *testing.T) {
	t.Parallel()
	trusted := func(by string) *policy.Document { return trustOf(`{"AWS":"` + labIAM + by + `"}`) }
	climbBy(t, []climbing{
		{"a policy on it and its boundary off", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary")))
			l.role("x", trusted("user/climber")).Boundary = managedOf("b", allowsOn("s3:*"))
		}, "iam-attach-role-policy,iam-delete-role-boundary"},
		{"a policy on it, and the boundary stays", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AttachRolePolicy")))
			l.role("x", trusted("user/climber")).Boundary = managedOf("b", allowsOn("s3:*"))
		}, ""},
		{"given back over three roles", func(l *lab) {
			l.who = l.user("climber")
			l.role("a", trusted("user/climber"))
			l.role("b", trusted("role/a"))
			l.role("c", trusted("role/b"), policyOf(policy.Identity, strings.Replace(allowsOn("iam:PutUserPolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`user/climber"`, 1)))
		}, "iam-put-user-policy"},
		{"given to somebody else over three roles", func(l *lab) {
			l.who = l.user("climber")
			l.role("a", trusted("user/climber"))
			l.role("b", trusted("role/a"))
			l.role("c", trusted("role/b"), policyOf(policy.Identity, strings.Replace(allowsOn("iam:PutUserPolicy"), `"Resource":"*"`, `"Resource":"`+labIAM+`user/other"`, 1)))
			l.user("other")
		}, ""},
		{"tags that its policies ask for", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:TagRole")))
			l.role("x", trusted("user/climber"), policyOf(policy.Identity, strings.TrimSuffix(allowsAll, "}")+`,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"admin"}}}`)).Tags = map[string]string{}
		}, "iam-tag-abac"},
	})
}

// TestSurestOfAlike: one change may come about by several calls, and counts by the one that asks
// for nothing, also where another one stands before it in the list of methods.
func TestSurestOfAlike(t *testing.T) {
	const mfa = `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`
	under := func(action string) string { return strings.TrimSuffix(allowsOn(action), "}") + mfa }
	climbBy(t, []climbing{
		{"putting asks for MFA, attaching does not", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, under("iam:PutUserPolicy"), allowsOn("iam:AttachUserPolicy")))
		}, "iam-attach-user-policy"},
		{"attaching asks for MFA, putting does not", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, under("iam:AttachUserPolicy"), allowsOn("iam:PutUserPolicy")))
		}, "iam-put-user-policy"},
		{"a group is joined under MFA, or all of its policies given", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, under("iam:PutUserPolicy"), allowsOn("iam:AddUserToGroup")))
			l.group("keepers", nil, policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
		}, "iam-add-user-to-group,iam-put-user-policy"},
	})
}
