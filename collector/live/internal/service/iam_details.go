package service

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pathfinder/collector/snapshot"
)

// The functions in this file turn what GetAccountAuthorizationDetails answers
// into what the AWS CLI prints of it, with documents as objects.

func userDetail(u *types.UserDetail) *snapshot.UserDetail {
	return &snapshot.UserDetail{
		Path: aws.ToString(u.Path), UserName: aws.ToString(u.UserName), UserID: aws.ToString(u.UserId), ARN: aws.ToString(u.Arn),
		CreateDate: date(u.CreateDate), UserPolicyList: inline(u.UserPolicyList), GroupList: u.GroupList,
		AttachedManagedPolicies: attachedPolicies(u.AttachedManagedPolicies), PermissionsBoundary: boundary(u.PermissionsBoundary),
		Tags: iamTags(u.Tags),
	}
}

func groupDetail(g *types.GroupDetail) *snapshot.GroupDetail {
	return &snapshot.GroupDetail{
		Path: aws.ToString(g.Path), GroupName: aws.ToString(g.GroupName), GroupID: aws.ToString(g.GroupId), ARN: aws.ToString(g.Arn),
		CreateDate: date(g.CreateDate), GroupPolicyList: inline(g.GroupPolicyList),
		AttachedManagedPolicies: attachedPolicies(g.AttachedManagedPolicies),
	}
}

func roleDetail(r *types.RoleDetail) *snapshot.RoleDetail {
	out := &snapshot.RoleDetail{
		Path: aws.ToString(r.Path), RoleName: aws.ToString(r.RoleName), RoleID: aws.ToString(r.RoleId), ARN: aws.ToString(r.Arn),
		CreateDate: date(r.CreateDate), AssumeRolePolicyDocument: IAMDocument(aws.ToString(r.AssumeRolePolicyDocument)),
		RolePolicyList: inline(r.RolePolicyList), AttachedManagedPolicies: attachedPolicies(r.AttachedManagedPolicies),
		PermissionsBoundary: boundary(r.PermissionsBoundary), Tags: iamTags(r.Tags),
	}
	for _, ip := range r.InstanceProfileList {
		out.InstanceProfileList = append(out.InstanceProfileList, snapshot.InstanceProfile{
			InstanceProfileName: aws.ToString(ip.InstanceProfileName), ARN: aws.ToString(ip.Arn),
		})
	}
	if used := r.RoleLastUsed; used != nil { // without a date it was not used
		out.RoleLastUsed = &snapshot.RoleLastUsed{LastUsedDate: date(used.LastUsedDate), Region: aws.ToString(used.Region)}
	}
	return out
}

func managedPolicy(p *types.ManagedPolicyDetail) *snapshot.ManagedPolicy {
	out := &snapshot.ManagedPolicy{
		PolicyName: aws.ToString(p.PolicyName), PolicyID: aws.ToString(p.PolicyId), ARN: aws.ToString(p.Arn), Path: aws.ToString(p.Path),
		DefaultVersionID: aws.ToString(p.DefaultVersionId), CreateDate: date(p.CreateDate), UpdateDate: date(p.UpdateDate),
	}
	if out.PolicyName == "" {
		out.PolicyName = out.ARN[strings.LastIndexByte(out.ARN, '/')+1:]
	}
	for _, v := range p.PolicyVersionList {
		out.PolicyVersionList = append(out.PolicyVersionList, snapshot.PolicyVersion{
			Document: IAMDocument(aws.ToString(v.Document)), VersionID: aws.ToString(v.VersionId),
			IsDefaultVersion: v.IsDefaultVersion, CreateDate: date(v.CreateDate),
		})
	}
	return out
}

func inline(list []types.PolicyDetail) []snapshot.InlinePolicy {
	var out []snapshot.InlinePolicy
	for _, p := range list {
		out = append(out, snapshot.InlinePolicy{PolicyName: aws.ToString(p.PolicyName), PolicyDocument: IAMDocument(aws.ToString(p.PolicyDocument))})
	}
	return out
}

func attachedPolicies(list []types.AttachedPolicy) []snapshot.AttachedPolicy {
	var out []snapshot.AttachedPolicy
	for _, p := range list {
		out = append(out, snapshot.AttachedPolicy{PolicyName: aws.ToString(p.PolicyName), PolicyARN: aws.ToString(p.PolicyArn)})
	}
	return out
}

func boundary(b *types.AttachedPermissionsBoundary) *snapshot.PermissionsBoundary {
	if b == nil || aws.ToString(b.PermissionsBoundaryArn) == "" {
		return nil
	}
	return &snapshot.PermissionsBoundary{PermissionsBoundaryType: string(b.PermissionsBoundaryType), PermissionsBoundaryARN: *b.PermissionsBoundaryArn}
}

// iamTags are always known: the details hold them.
func iamTags(list []types.Tag) snapshot.Tags {
	return tags(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value }).Value
}

func date(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
