package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Whom somebody takes over below an administrator: roles that let in whom it becomes, and
// roles that it assumes once tags are what policies ask for.
func TestTakenOverFurtherOn(t *testing.T) {
	t.Parallel()
	trusted := func(by string) *policy.Document { return trustOf(`{"AWS":"` + labIAM + by + `"}`) }
	on := func(st, what string) string {
		return strings.Replace(st, `"Resource":"*"`, `"Resource":"`+labIAM+what+`"`, 1)
	}
	asking := func(st, condition string) string {
		return strings.TrimSuffix(st, "}") + `,"Condition":{` + condition + `}}`
	}
	data := policyOf(policy.Identity, allowsOn("s3:GetObject"))
	ours := trustOf(`{"AWS":"` + labAccount + `"}`)
	team := `"StringEquals":{"aws:ResourceTag/team":"dev"}`
	for _, tt := range []struct {
		name, want string
		lab        func(l *lab)
	}{
		{"a role that lets in whom it becomes", "user/other by iam-create-access-key, role/x by assume-role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateAccessKey"), "user/other")))
			l.user("other")
			l.role("x", trusted("user/other"), data)
		}},
		{"a role behind another one", "role/a by iam-update-assume-role-policy, role/b by assume-role, role/x by assume-role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:UpdateAssumeRolePolicy"), "role/a")))
			l.role("a", trustOf(`{"Service":"x.amazonaws.com"}`))
			l.role("b", trusted("role/a"))
			l.role("x", trusted("role/b"), data)
		}},
		{"a role that may do nothing more", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateAccessKey"), "user/other"), allowsOn("s3:GetObject")))
			l.user("other")
			l.role("x", trusted("user/other"), data)
		}},
		{"a role that it assumes anyway", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateAccessKey"), "user/other")))
			l.user("other")
			l.role("x", trustOf(`{"AWS":["`+labIAM+`user/other","`+labIAM+`user/climber"]}`), data)
		}},
		{"a role that lets in somebody else", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateAccessKey"), "user/other")))
			l.user("other")
			l.user("third")
			l.role("x", trusted("user/third"), data)
		}},
		{"a role that denies it", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:CreateAccessKey"), "user/other")))
			l.user("other", policyOf(policy.Identity, strings.Replace(allowsOn("sts:AssumeRole"), "Allow", "Deny", 1)))
			l.role("x", trusted("user/other"), data)
		}},
		{"a role that is tagged first", "role/x by iam-tag-abac, role/x by assume-role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, asking(allowsOn("sts:AssumeRole"), team), on(allowsOn("iam:TagRole"), "role/x")))
			l.role("x", ours, data).Tags = map[string]string{}
		}},
		{"a role that has the tag", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, asking(allowsOn("sts:AssumeRole"), team), on(allowsOn("iam:TagRole"), "role/x")))
			l.role("x", ours, data).Tags = map[string]string{"team": "dev"}
		}},
		{"a role of which another one is tagged", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, asking(allowsOn("sts:AssumeRole"), team), on(allowsOn("iam:TagRole"), "role/y")))
			l.role("x", ours, data).Tags = map[string]string{}
		}},
		{"its own tag, which the trust policy asks for", "user/climber by iam-tag-abac, role/x by assume-role", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:TagUser"), "user/climber"), on(allowsOn("sts:AssumeRole"), "role/x")))
			l.who.Tags = map[string]string{}
			l.role("x", policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}}]}`), policy.Trust), data)
		}},
		{"somebody else's tag", "", func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on(allowsOn("iam:TagUser"), "user/other"), on(allowsOn("sts:AssumeRole"), "role/x")))
			l.who.Tags = map[string]string{}
			l.user("other").Tags = map[string]string{}
			l.role("x", policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}}]}`), policy.Trust), data)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			var steps []string
			e := l.climbs(t, l.who, nil)
			if e != nil {
				for _, step := range e.Path[1:] {
					steps = append(steps, strings.TrimPrefix(step.Principal, labIAM)+" by "+step.Kind)
				}
				if e.Admin || !e.Certain() {
					t.Errorf("an administrator: %v; depends on %v, %v", e.Admin, e.Condition, e.If)
				}
			}
			if got := strings.Join(steps, ", "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
