package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// A trust anchor that the caller makes opens no role whose trust policy names another one, and
// one that is changed opens it (E158, E224).
func TestTrustAnchors(t *testing.T) {
	t.Parallel()
	const pass = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`
	anchor := "arn:aws:rolesanywhere:eu-west-1:" + labAccount + ":trust-anchor/"
	named := `"ArnEquals":{"aws:SourceArn":"` + anchor + `11111111-2222-3333-4444-555555555555"}`
	for _, tt := range []struct {
		name, condition string
		may             []string
		want            string
	}{
		{"made, of any role", "", []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "perhaps"},
		{"made, of a role that takes all of the account", `"StringEquals":{"aws:SourceAccount":"` + labAccount + `"}`, []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "perhaps"},
		{"made, of a role that takes all of a region", `"ArnLike":{"aws:SourceArn":"` + anchor + `*"}`, []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "perhaps"},
		{"made, of a role that takes all but one", strings.Replace(named, "ArnEquals", "ArnNotEquals", 1), []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "perhaps"},
		{"made, of a role that names one", named, []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "no"},
		{"made, of a role of another account's anchors", `"StringEquals":{"aws:SourceAccount":"999999999999"}`, []string{allowsOn("rolesanywhere:CreateTrustAnchor")}, "no"},
		{"changed, of a role that names one", named, []string{allowsOn("rolesanywhere:UpdateTrustAnchor")}, "perhaps"},
		{"read", "", []string{allowsOn("rolesanywhere:GetTrustAnchor", "rolesanywhere:ListProfiles")}, "no"},
		{"made with a profile", "", []string{pass, allowsOn("rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile")}, "certain"},
		{"made with a profile, of a role that names one", named, []string{pass, allowsOn("rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile")}, "perhaps"},
		{"a profile made", "", []string{pass, allowsOn("rolesanywhere:CreateProfile")}, "perhaps"},
		{"a profile made, and no role passed", "", []string{allowsOn("rolesanywhere:CreateProfile")}, "no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, tt.may...))
			trust := `{"Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{` + tt.condition + `}}`
			l.role("admin", policyOf(policy.Trust, strings.Replace(trust, `,"Condition":{}`, "", 1)).Doc, policyOf(policy.Identity, allowsAll))
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s: %+v", got, tt.want, l.climbs(t, l.who, nil))
			}
		})
	}
}

// Who changes the trust policy of a role and may not assume it itself has to let somebody else
// in (E83, E87).
func TestTrustChangedByWhoIsKeptOut(t *testing.T) {
	t.Parallel()
	deny := strings.Replace(allowsOn("sts:AssumeRole"), "Allow", "Deny", 1)
	for _, tt := range []struct {
		name string
		lab  func(l *lab)
		want string
	}{
		{"no Deny", func(*lab) {}, "certain"},
		{"a Deny of its own", func(l *lab) { l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, deny)) }, "perhaps"},
		{"a Deny for another role", func(l *lab) {
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, strings.Replace(deny, `"Resource":"*"`, `"Resource":"`+labIAM+`role/other"`, 1)))
		}, "certain"},
		{"a Deny of its boundary", func(l *lab) { l.who.Boundary = policyOf(policy.Boundary, allowsAll, deny) }, "perhaps"},
		{"a boundary that does not allow it", func(l *lab) { l.who.Boundary = policyOf(policy.Boundary, allowsOn("iam:UpdateAssumeRolePolicy")) }, "certain"},
		{"a control policy that denies it", func(l *lab) { l.under(deny) }, "perhaps"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:UpdateAssumeRolePolicy")))
			l.role("admin", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			tt.lab(l)
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s: %+v", got, tt.want, l.climbs(t, l.who, nil))
			}
		})
	}
}

// Calls on what was made with a role already pass none: another principal may make them
// (E226).
func TestNewMethodsInParts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service, want string
		itself, by    []string
	}{
		{"credentials.deadline.amazonaws.com", "certain", []string{"iam:PassRole", "deadline:CreateFarm", "deadline:CreateQueue"}, []string{"deadline:AssumeQueueRoleForUser"}},
		{"credentials.deadline.amazonaws.com", "no", []string{"iam:PassRole", "deadline:CreateFarm", "deadline:CreateQueue"}, []string{"deadline:AssumeQueueRoleForRead"}},
		{"credentials.deadline.amazonaws.com", "no", []string{"iam:PassRole"}, []string{"deadline:CreateFarm", "deadline:CreateQueue"}},
		{"fis.amazonaws.com", "certain", []string{"iam:PassRole", "fis:CreateExperimentTemplate"}, []string{"fis:StartExperiment"}},
		{"fis.amazonaws.com", "no", []string{"iam:PassRole"}, []string{"fis:CreateExperimentTemplate", "fis:StartExperiment"}},
		{"fis.amazonaws.com", "no", []string{"iam:PassRole", "fis:CreateExperimentTemplate"}, []string{"fis:ListExperiments"}},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn(tt.itself...), allowsOn("sts:AssumeRole")))
		l.role("worker", trustOf(`{"AWS":"`+l.who.ARN+`"}`), policyOf(policy.Identity, allowsOn(tt.by...)))
		l.role("admin", trustOf(`{"Service":"`+tt.service+`"}`), policyOf(policy.Identity, allowsAll))
		if got := l.verdict(t); got != tt.want {
			t.Errorf("%v itself, %v as a role: %s, want %s", tt.itself, tt.by, got, tt.want)
		}
	}
}
