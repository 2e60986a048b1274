package cloudformation

import (
	"slices"
	"strings"
)

// bears are properties by which a resource of any type bears on access, when
// they hold what looks like a policy.
var bears = []string{
	"PolicyDocument", "Policy", "ResourcePolicy", "AccessPolicies", "AccessPolicy", "RepositoryPolicyText", "RegistryPolicyText",
	"KeyPolicy", "FileSystemPolicy", "AssumeRolePolicyDocument", "InlinePolicy", "PolicyText", "TrustPolicy", "Policies",
	"ResourcePolicyDocument", "PermissionsPolicyDocument", "RepositoryPolicy", "NamespaceResourcePolicy",
}

// bearing are types that bear on access without such a property.
var bearing = map[string]bool{
	"AWS::SSO::PermissionSet": true, "AWS::SSO::Assignment": true, "AWS::IdentityStore::GroupMembership": true,
	"AWS::RAM::ResourceShare": true, "AWS::RAM::Permission": true,
	"AWS::RolesAnywhere::Profile": true, "AWS::RolesAnywhere::TrustAnchor": true, "AWS::EKS::AccessEntry": true,
	"AWS::EKS::PodIdentityAssociation": true, "AWS::LakeFormation::Permissions": true, "AWS::LakeFormation::PrincipalPermissions": true,
	"AWS::OpenSearchServerless::AccessPolicy": true, "AWS::Signer::ProfilePermission": true, "AWS::ACMPCA::Permission": true,
	"AWS::S3::AccessGrant": true, "AWS::S3::MultiRegionAccessPointPolicy": true, "AWS::S3ObjectLambda::AccessPointPolicy": true,
	"AWS::Organizations::Organization": true, "AWS::Cognito::IdentityPoolRoleAttachment": true,
}

// attaches are properties that name policies.
var attaches = []string{"ManagedPolicyArns", "ManagedPolicies", "PermissionsBoundary"}

// foreign looks at a resource of a type that is not understood.
func (it *item) foreign(props *value) {
	switch {
	case strings.HasPrefix(it.typ, "AWS::Serverless::"):
		it.lost("resources of type " + short(it.typ) + " are written out by the transform " + serverless + " when the stack is deployed; package the template with sam, or give the processed one (get-template --template-stage Processed)")
	case it.typ == "AWS::CloudFormation::StackSet":
		it.lost("what a StackSet makes in which accounts is not known")
	case bearing[it.typ]:
		it.notUnderstood()
	case it.typ == "", strings.HasSuffix(it.typ, "::MODULE"):
		it.lost("its type is " + quote(it.typ) + "; what it makes is not known")
	case strings.HasPrefix(it.typ, "AWS::"):
		named := func(property string) bool { return !props.get(property).missing() }
		if slices.ContainsFunc(attaches, named) || slices.ContainsFunc(bears, func(p string) bool { return isPolicy(props.get(p)) }) {
			it.notUnderstood()
		}
	}
}

// isPolicy reports whether a value looks like a policy, may come to one, or holds
// one in a list.
func isPolicy(v *value) bool {
	switch {
	case v.missing():
		return false
	case v.kind == kindObject:
		return v.get("Statement") != nil || v.isFunction() || slices.ContainsFunc(v.vals, func(e *value) bool { return e.get("Statement") != nil })
	case v.kind == kindList:
		return slices.ContainsFunc(v.vals, isPolicy)
	}
	return v.kind == kindText && strings.Contains(v.text, "Statement")
}

func (it *item) notUnderstood() {
	it.lost("resources of type " + short(it.typ) + " bear on access, and are not understood")
}
