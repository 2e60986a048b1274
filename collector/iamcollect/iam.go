package iamcollect

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// entity reads the folder of something of IAM.
func (a *account) entity(f *folder, m *metadata) {
	what, _, named := strings.Cut(arn.Resource(m.arn), "/")
	owner := arn.Account(m.arn)
	if !named {
		a.bad(m.file, "/arn", "%s names nothing of IAM, such as arn:aws:iam::%s:role/NAME", quote(m.arn), a.id)
		return
	}
	if owner != a.id && (what != "policy" || owner != "aws") {
		a.bad(m.file, "/arn", "%s is not of account %s, in whose folder it lies", quote(m.arn), a.id)
		return
	}
	switch what {
	case "user", "group", "role", "policy":
		if a.iam == nil {
			a.iam = &snapshot.AuthorizationDetails{}
		}
	case "oidc-provider", "saml-provider":
		if a.providers == nil {
			a.providers = &snapshot.IdentityProviders{}
		}
	}
	switch what {
	case "user":
		a.user(f, m)
	case "group":
		a.group(f, m)
	case "role":
		a.role(f, m)
	case "policy":
		a.policy(f, m)
	case "oidc-provider":
		a.providers.OpenIDConnectProviders = append(a.providers.OpenIDConnectProviders, snapshot.OIDCProvider{
			ARN: m.arn, URL: m.text("url"), ClientIDList: m.list("audiences"),
		})
	case "saml-provider":
		a.providers.SAMLProviders = append(a.providers.SAMLProviders, snapshot.SAMLProvider{ARN: m.arn})
	case "instance-profile":
		for _, role := range m.list("roles") {
			a.profiles[role] = append(a.profiles[role], m.arn)
		}
	default:
		a.skipped["iam "+what]++
	}
}

func (a *account) user(f *folder, m *metadata) {
	u := &snapshot.UserDetail{
		Path: m.text("path"), UserName: nameOf(m), UserID: m.text("id"), ARN: m.arn, CreateDate: m.time("created"),
		UserPolicyList:          a.inline(f),
		AttachedManagedPolicies: a.attached(f),
		PermissionsBoundary:     m.boundary(),
	}
	u.Tags = a.entityTags(f)
	for _, group := range a.arns(f, "groups.json") {
		if group == "" {
			// iam-collect writes null for a group that it didn't meet. What it
			// denies is unknown, so it must not be dropped.
			group = "unknown"
		}
		u.GroupList = append(u.GroupList, lastPart(group))
	}
	a.iam.UserDetailList = append(a.iam.UserDetailList, u)
}

func (a *account) group(f *folder, m *metadata) {
	a.iam.GroupDetailList = append(a.iam.GroupDetailList, &snapshot.GroupDetail{
		Path: m.text("path"), GroupName: nameOf(m), GroupID: m.text("id"), ARN: m.arn, CreateDate: m.time("created"),
		GroupPolicyList: a.inline(f), AttachedManagedPolicies: a.attached(f),
	})
}

func (a *account) role(f *folder, m *metadata) {
	role := &snapshot.RoleDetail{
		Path: m.text("path"), RoleName: nameOf(m), RoleID: m.text("id"), ARN: m.arn, CreateDate: m.time("created"),
		RolePolicyList:          a.inline(f),
		AttachedManagedPolicies: a.attached(f),
		PermissionsBoundary:     m.boundary(),
	}
	role.Tags = a.entityTags(f)
	role.AssumeRolePolicyDocument, _ = a.document(f, "trust-policy.json")
	a.profiles[m.arn] = append(a.profiles[m.arn], a.arns(f, "instance-profiles.json")...)
	a.iam.RoleDetailList = append(a.iam.RoleDetailList, role)
}

// policy reads a managed policy, of which iam-collect keeps the default version.
func (a *account) policy(f *folder, m *metadata) {
	p := &snapshot.ManagedPolicy{
		PolicyName: nameOf(m), PolicyID: m.text("id"), ARN: m.arn, Path: m.text("path"),
		DefaultVersionID: m.text("defaultVersionId"),
	}
	if doc, ok := a.document(f, "current-policy.json"); ok {
		p.PolicyVersionList = []snapshot.PolicyVersion{{Document: doc, VersionID: p.DefaultVersionID, IsDefaultVersion: true}}
	}
	a.iam.Policies = append(a.iam.Policies, p)
}

// linkProfiles gives the roles their instance profiles, which are told from
// both sides.
func (a *account) linkProfiles() {
	for _, role := range a.iam.RoleDetailList {
		profiles := a.profiles[role.ARN]
		slices.Sort(profiles)
		for _, profile := range slices.Compact(profiles) {
			if profile != "" {
				role.InstanceProfileList = append(role.InstanceProfileList, snapshot.InstanceProfile{
					InstanceProfileName: lastPart(profile), ARN: profile,
				})
			}
		}
	}
}

// entityTags reads the tags of a user or role; without a file there are none.
func (a *account) entityTags(f *folder) snapshot.Tags {
	if tags, ok := a.tags(f); ok {
		return tags
	}
	return snapshot.TagsOf(nil)
}

func (a *account) inline(f *folder) (list []snapshot.InlinePolicy) {
	a.has(f, "inline-policies.json", &list)
	return list
}

func (a *account) attached(f *folder) (list []snapshot.AttachedPolicy) {
	for i, text := range a.arns(f, "managed-policies.json") {
		if text == "" {
			a.bad(f.join("managed-policies.json"), "/"+strconv.Itoa(i), "expected the ARN of a policy here, found null")
			continue
		}
		list = append(list, snapshot.AttachedPolicy{PolicyName: lastPart(text), PolicyARN: text})
	}
	return list
}

func (m *metadata) boundary() *snapshot.PermissionsBoundary {
	text := m.text("permissionBoundary")
	if text == "" || !m.r.isARN(m.file, "/permissionBoundary", text) {
		return nil
	}
	return &snapshot.PermissionsBoundary{PermissionsBoundaryType: "Policy", PermissionsBoundaryARN: text}
}

// time returns a time as JavaScript writes it.
func (m *metadata) time(field string) string {
	text := m.text(field)
	if _, err := time.Parse(time.RFC3339, text); text != "" && err != nil {
		m.r.bad(m.file, "/"+field, "%s is not a time such as 2026-11-01T02:00:00.000Z", quote(text))
		return ""
	}
	return text
}

// nameOf returns the name that metadata.json tells, or that the ARN ends with.
func nameOf(m *metadata) string {
	if name := m.text("name"); name != "" {
		return name
	}
	return lastPart(m.arn)
}
