package solver

import (
	"maps"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who may set tags on others, or take them off, meets what its policies ask of them; who
// may set its own meets what trust policies ask.
func TestTaggedFirst(t *testing.T) {
	t.Parallel()
	tagged := func(effect, action, operator, tag, value string) string {
		return `{"Effect":"` + effect + `","Action":"` + action + `","Resource":"*","Condition":{"` + operator + `":{"` + tag + `":"` + value + `"}}}`
	}
	keys := tagged("Allow", "iam:CreateAccessKey", "StringEquals", "aws:ResourceTag/developer", "true")
	for _, tt := range []struct {
		name       string
		statements []string
		tags       map[string]string // the administrator's
		mine       map[string]string
		want       bool
		through    string
	}{
		{"keys of who has a tag, and tags", []string{keys, allowsOn("iam:TagUser")}, nil, nil, true, "the tag developer=true set on " + labIAM + "user/admin"},
		{"the same name as a key of IAM", []string{strings.Replace(keys, "aws:R", "iam:R", 1), allowsOn("iam:TagUser")}, nil, nil, true, "the tag developer=true set on " + labIAM + "user/admin"},
		{"no tags", []string{keys}, nil, nil, false, ""},
		{"who has the tag already", []string{keys, allowsOn("iam:TagUser")}, map[string]string{"Developer": "true"}, nil, true, ""},
		{"tags of roles alone", []string{keys, allowsOn("iam:TagRole")}, nil, nil, false, ""},
		{"another value alone may be set", []string{keys, tagged("Allow", "iam:TagUser", "StringEquals", "aws:RequestTag/developer", "false")}, nil, nil, false, ""},
		{"another tag alone may be set", []string{keys, tagged("Allow", "iam:TagUser", "ForAllValues:StringEquals", "aws:TagKeys", "team")}, nil, nil, false, ""},
		{"a pattern", []string{strings.Replace(strings.Replace(keys, "StringEquals", "StringLike", 1), `"true"`, `"t*"`, 1), allowsOn("iam:TagUser")}, nil, nil, true, "the tag developer=tpathfinder-probe set on " + labIAM + "user/admin"},
		{
			"its own team's",
			[]string{tagged("Allow", "iam:CreateAccessKey", "StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}"), allowsOn("iam:TagUser")},
			map[string]string{"team": "x"},
			map[string]string{"team": "y"},
			true, "the tag team=y set on " + labIAM + "user/admin",
		},
		{"a Deny of who has a tag, which is taken off", []string{allowsOn("iam:CreateAccessKey", "iam:UntagUser"), tagged("Deny", "iam:CreateAccessKey", "StringEquals", "aws:ResourceTag/protected", "yes")}, map[string]string{"protected": "yes"}, nil, true, "the tag protected taken off " + labIAM + "user/admin"},
		{"and stays", []string{allowsOn("iam:CreateAccessKey"), tagged("Deny", "iam:CreateAccessKey", "StringEquals", "aws:ResourceTag/protected", "yes")}, map[string]string{"protected": "yes"}, nil, false, ""},
		{"a Deny of who has no tag", []string{allowsOn("iam:CreateAccessKey", "iam:TagUser"), tagged("Deny", "iam:CreateAccessKey", "StringNotEquals", "aws:ResourceTag/open", "yes")}, nil, nil, true, "the tag open=yes set on " + labIAM + "user/admin"},
		{"the second of two values", []string{strings.Replace(keys, `"true"`, `["true","yes"]`, 1), tagged("Allow", "iam:TagUser", "StringEquals", "aws:RequestTag/developer", "yes")}, nil, nil, true, "the tag developer=yes set on " + labIAM + "user/admin"},
		{"who lacks a tag, which is taken off", []string{tagged("Allow", "iam:CreateAccessKey", "Null", "aws:ResourceTag/owner", "true"), allowsOn("iam:UntagUser")}, map[string]string{"owner": "x"}, nil, true, "the tag owner taken off " + labIAM + "user/admin"},
		{"who has a tag of any value", []string{tagged("Allow", "iam:CreateAccessKey", "Null", "aws:ResourceTag/owner", "false"), allowsOn("iam:TagUser")}, nil, nil, true, "the tag owner=pathfinder-probe set on " + labIAM + "user/admin"},
		{"who has any other value, which may be set", []string{tagged("Allow", "iam:CreateAccessKey", "StringNotEquals", "aws:ResourceTag/env", "prod"), tagged("Allow", "iam:TagUser", "StringLike", "aws:RequestTag/env", "*")}, map[string]string{"env": "prod"}, nil, true, "the tag env=pathfinder-probe set on " + labIAM + "user/admin"},
		{"what a Deny of tags protects", []string{keys, allowsOn("iam:TagUser"), tagged("Deny", "iam:TagUser", "ForAnyValue:StringEquals", "aws:TagKeys", "developer")}, nil, nil, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, tt.statements...))
			l.who.Tags = tt.mine
			admin := l.user("admin", policyOf(policy.Identity, allowsAll))
			admin.Tags = map[string]string{}
			maps.Copy(admin.Tags, tt.tags)
			e := l.climbs(t, l.who, nil)
			if (e != nil && e.Admin && e.Certain()) != tt.want {
				t.Fatalf("%+v", e)
			}
			if e != nil && e.Path[len(e.Path)-1].Through != tt.through {
				t.Errorf("through %q, want %q", e.Path[len(e.Path)-1].Through, tt.through)
			}
		})
	}
}

// A trust policy that asks for a tag of whoever comes lets in who gives it to itself.
func TestTaggedForATrustPolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, own string
		mine      map[string]string
		want      string
	}{
		{"it sets its tags", allowsOn("iam:TagUser", "sts:AssumeRole"), nil, "iam-tag-abac"},
		{"it can't", allowsOn("sts:AssumeRole"), nil, ""},
		{"it sets tags of others", `{"Effect":"Allow","Action":"iam:TagUser","Resource":"` + labIAM + `user/other"},` + allowsOn("sts:AssumeRole"), nil, ""},
		{"it has another value", allowsOn("iam:TagUser", "sts:AssumeRole"), map[string]string{"Access": "none"}, "iam-tag-abac"},
		{"it may not assume the role", allowsOn("iam:TagUser"), nil, ""},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, tt.own))
		l.who.Tags = tt.mine
		trust := policyOf(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"`+labIAM+`root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/access":"full"}}}`).Doc
		l.role("admin", trust, policyOf(policy.Identity, allowsAll))
		got := ""
		if e := l.climbs(t, l.who, nil); e != nil && e.Certain() {
			got = strings.Join(e.Methods(), ",")
		}
		if got != tt.want {
			t.Errorf("%s: by %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Who may set tags of a role, or take them off, meets what its policies ask of roles that
// it assumes.
func TestRolesTaggedBeforeTheyAreAssumed(t *testing.T) {
	t.Parallel()
	when := func(statement, condition string) string {
		return strings.TrimSuffix(statement, "}") + `,"Condition":{` + condition + `}}`
	}
	on := func(action, role string) string {
		return strings.Replace(allowsOn(action), `"Resource":"*"`, `"Resource":"`+labIAM+`role/`+role+`"`, 1)
	}
	own := trustOf(`{"AWS":"arn:aws:iam::` + labAccount + `:root"}`)
	assumes := when(allowsOn("sts:AssumeRole"), `"StringEquals":{"aws:ResourceTag/open":"yes"}`)
	admin := func(l *lab, tags map[string]string, trust *policy.Document) {
		l.role("admin", trust, policyOf(policy.Identity, allowsAll)).Tags = tags
	}
	climbBy(t, []climbing{
		{"the tag set", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, assumes, allowsOn("iam:TagRole")))
			admin(l, map[string]string{}, own)
		}, "iam-tag-abac"},
		{"the tag of another role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, assumes, on("iam:TagRole", "app-*")))
			admin(l, map[string]string{}, own)
		}, ""},
		{"another value of the tag", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, assumes, when(allowsOn("iam:TagRole"), `"StringEquals":{"aws:RequestTag/open":"no"}`)))
			admin(l, map[string]string{"open": "no"}, own)
		}, ""},
		{"a role that trusts somebody else", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, assumes, allowsOn("iam:TagRole")))
			admin(l, map[string]string{}, trustOf(`{"Service":"x.amazonaws.com"}`))
		}, ""},
		{"a tag that a Deny asks for taken off", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole", "iam:UntagRole"), `{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/closed":"yes"}}}`))
			admin(l, map[string]string{"closed": "yes"}, own)
		}, "iam-tag-abac"},
		{"a tag that a Deny asks for stays", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole"), `{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/closed":"yes"}}}`))
			admin(l, map[string]string{"closed": "yes"}, own)
		}, ""},
		{"given every right, tagged and assumed", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, assumes, allowsOn("iam:TagRole"), on("iam:PutRolePolicy", "other")))
			l.role("other", own)
		}, "iam-put-role-policy,iam-tag-abac"},
		{"by a right that it gives itself by another version", func(l *lab) {
			pol := managedOf("work", allowsOn("iam:SetDefaultPolicyVersion"))
			pol.Versions = append(pol.Versions, inventory.PolicyVersion{ID: "v1", Doc: policyOf(policy.Identity, assumes, allowsOn("iam:TagRole")).Doc})
			l.who = l.user("climber", pol)
			admin(l, map[string]string{}, own)
		}, "iam-set-default-policy-version,iam-tag-abac"},
	})
}

// Its own tags past what limits it: a Deny, its boundary, a control policy.
func TestTagsOfItsOwnPastLimits(t *testing.T) {
	t.Parallel()
	unless := func(effect, action, operator, value string) string {
		return `{"Effect":"` + effect + `","Action":"` + action + `","Resource":"*","Condition":{"` + operator + `":{"aws:PrincipalTag/trusted":"` + value + `"}}}`
	}
	raises := allowsOn("iam:TagUser", "iam:UntagUser", "iam:PutUserPolicy")
	climbBy(t, []climbing{
		{"a Deny of who has no tag", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises, unless("Deny", "iam:PutUserPolicy", "StringNotEquals", "yes")))
		}, "iam-tag-abac,iam-put-user-policy"},
		{"a Deny of who has no tag, and of tags", func(l *lab) {
			l.who = l.user("climber")
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, raises, strings.Replace(unless("Deny", "ACTIONS", "StringNotEquals", "yes"), `"ACTIONS"`, `["iam:PutUserPolicy","iam:TagUser"]`, 1)))
		}, ""},
		{"a Deny of who has a tag", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises, unless("Deny", "iam:PutUserPolicy", "StringEquals", "no")))
			l.who.Tags = map[string]string{"trusted": "no"}
		}, "iam-tag-abac,iam-put-user-policy"},
		{"a boundary that asks for one", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises))
			l.who.Boundary = managedOf("b", allowsOn("iam:TagUser"), unless("Allow", "*", "StringEquals", "yes"))
		}, "iam-tag-abac,iam-put-user-policy"},
		{"a boundary that asks for one and does not let it set one", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises))
			l.who.Boundary = managedOf("b", unless("Allow", "*", "StringEquals", "yes"))
		}, ""},
		{"a control policy of who has no tag", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises))
			l.under(unless("Deny", "iam:Put*", "StringNotEquals", "yes"))
		}, "iam-tag-abac,iam-put-user-policy"},
		{"a control policy that protects the tag, too", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, raises))
			l.under(strings.Replace(unless("Deny", "ACTIONS", "StringNotEquals", "yes"), `"ACTIONS"`, `["iam:Put*","iam:Tag*"]`, 1))
		}, ""},
	})
}
