package orggen

import (
	"strconv"

	"pathfinder/collector/snapshot"
)

// groups makes the groups of users.
func (a *account) groups() {
	for _, g := range []struct {
		name              string
		managed, customer []string
		policy            string
	}{
		{name: "administrators", managed: []string{"AdministratorAccess"}, customer: []string{"require-mfa"}},
		{name: "developers", managed: []string{"AmazonEC2ReadOnlyAccess", "CloudWatchReadOnlyAccess"}, customer: []string{"require-mfa", "team-resources"}, policy: `{"Sid":"Homes","Effect":"Allow","Action":["s3:DeleteObject","s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::homes-{account}/${aws:username}/*"},{"Sid":"List","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::homes-{account}","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*"}}}`},
		{name: "operators", managed: []string{"CloudWatchReadOnlyAccess", "AmazonSSMReadOnlyAccess"}, customer: []string{"office-network", "queue-operator"}},
		{name: "readers", managed: []string{"ViewOnlyAccess"}, customer: []string{"require-mfa"}},
		{name: "machines", policy: `{"Effect":"Deny","Action":["iam:*","organizations:*"],"Resource":"*"}`},
	} {
		attached, _ := a.attachments(g.managed, g.customer, false)
		detail := &snapshot.GroupDetail{
			Path: "/", GroupName: g.name, GroupID: a.uniqueID("AGPA"), ARN: "arn:aws:iam::" + a.id + ":group/" + g.name, CreateDate: a.date(),
			AttachedManagedPolicies: attached,
		}
		if g.policy != "" {
			detail.GroupPolicyList = a.inlineOf([]snapshot.InlinePolicy{a.inline(g.name, g.policy)})
		}
		a.out.IAM.GroupDetailList = append(a.out.IAM.GroupDetailList, detail)
	}
}

// user makes a user: four in five are people in groups, the others machines. The
// first user of the management account founded the organization.
func (a *account) user(n int) {
	team := a.team()
	name := people[n%len(people)]
	if lap := n / len(people); lap > 0 {
		name += strconv.Itoa(lap + 1)
	}
	var groups, managed []string
	var policies []snapshot.InlinePolicy
	switch u := a.Float64(); {
	case u < a.cfg.Shares.Admins, n == 0 && a.cfg.Shares.Admins > 0 && a.is(a.plan.names.Management):
		groups = []string{"administrators"}
	case u < 0.5:
		groups = []string{"developers"}
	case u < 0.65:
		groups = []string{"operators", "readers"}
	case u < 0.8:
		groups = []string{"readers"}
	default:
		name, groups = "svc-"+name, []string{"machines"}
		managed = a.sometimes(pick(a.random, []string{"AmazonS3ReadOnlyAccess", "AmazonSQSFullAccess", "AmazonEC2ContainerRegistryPowerUser"}))
		policies = append(policies, a.ownPolicy("access"))
	}
	if a.cfg.ManagedOnly && a.chance(0.2) || !a.cfg.ManagedOnly && a.chance(0.1) {
		policies = append(policies, a.inline(assuming, `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::{account}:role/*-step-1"}`))
	}
	detail := &snapshot.UserDetail{
		Path: "/", UserName: name, UserID: a.uniqueID("AIDA"), ARN: "arn:aws:iam::" + a.id + ":user/" + name, CreateDate: a.date(),
		UserPolicyList: a.inlineOf(policies), GroupList: groups, Tags: snapshot.TagsOf(map[string]string{"team": team}),
	}
	detail.AttachedManagedPolicies, detail.PermissionsBoundary = a.attachments(managed, nil, a.chance(a.cfg.Shares.Boundaries))
	a.out.IAM.UserDetailList = append(a.out.IAM.UserDetailList, detail)
	a.left--
}
