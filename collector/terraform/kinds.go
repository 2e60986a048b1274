package terraform

import (
	"regexp"
	"slices"
)

// A kind says how the resources of a type change a snapshot.
type kind struct {
	rank     int  // small ones are put first and removed last
	regional bool // its ARN holds a region
	put      func(*instance)
	remove   func(*instance)
}

// The ranks: things first, then what belongs to one of them, then what brings
// two of them together, and last what takes away all but what it names.
const (
	things = iota
	parts
	links
	exclusive
)

// kinds are the types that are understood.
var kinds map[string]*kind

func init() { // the functions refer to kinds through what they call
	kinds = map[string]*kind{
		"aws_iam_user":                    {rank: things, put: putEntity, remove: removeEntity},
		"aws_iam_group":                   {rank: things, put: putEntity, remove: removeEntity},
		"aws_iam_role":                    {rank: things, put: putEntity, remove: removeEntity},
		"aws_iam_service_linked_role":     {rank: things, put: putServiceLinked, remove: removeEntity},
		"aws_iam_policy":                  {rank: things, put: putManaged, remove: removeManaged},
		"aws_iam_openid_connect_provider": {rank: things, put: putOIDC, remove: removeProvider},
		"aws_iam_saml_provider":           {rank: things, put: putSAML, remove: removeProvider},
		"aws_iam_account_alias":           {rank: things, put: putAlias, remove: removeAlias},
		"aws_iam_instance_profile":        {rank: parts, put: putProfile, remove: removeProfile},
		"aws_iam_user_policy":             {rank: parts, put: putInline, remove: removeInline},
		"aws_iam_group_policy":            {rank: parts, put: putInline, remove: removeInline},
		"aws_iam_role_policy":             {rank: parts, put: putInline, remove: removeInline},

		"aws_iam_user_policy_attachment":  {rank: links, put: putAttachment, remove: removeAttachment},
		"aws_iam_group_policy_attachment": {rank: links, put: putAttachment, remove: removeAttachment},
		"aws_iam_role_policy_attachment":  {rank: links, put: putAttachment, remove: removeAttachment},
		"aws_iam_policy_attachment":       {rank: links, put: putAttachments, remove: removeAttachments},
		"aws_iam_group_membership":        {rank: links, put: putMembers, remove: removeMembers},
		"aws_iam_user_group_membership":   {rank: links, put: putMembers, remove: removeMembers},

		"aws_iam_user_policies_exclusive":            {rank: exclusive, put: putExclusive},
		"aws_iam_group_policies_exclusive":           {rank: exclusive, put: putExclusive},
		"aws_iam_role_policies_exclusive":            {rank: exclusive, put: putExclusive},
		"aws_iam_user_policy_attachments_exclusive":  {rank: exclusive, put: putExclusive},
		"aws_iam_group_policy_attachments_exclusive": {rank: exclusive, put: putExclusive},
		"aws_iam_role_policy_attachments_exclusive":  {rank: exclusive, put: putExclusive},

		"aws_s3_bucket":                                      {rank: things, put: putBucket, remove: removeBucket},
		"aws_s3_bucket_policy":                               {rank: parts, put: putBucketPolicy, remove: removeBucketPolicy},
		"aws_s3_bucket_acl":                                  {rank: parts, put: putBucketACL}, // destroying it changes nothing
		"aws_s3_bucket_ownership_controls":                   {rank: parts, put: putOwnership, remove: removeOwnership},
		"aws_s3_bucket_public_access_block":                  {rank: parts, put: putBucketBlock, remove: removeBucketBlock},
		"aws_s3_bucket_server_side_encryption_configuration": {rank: parts, put: putEncryption, remove: removeEncryption},
		"aws_s3_account_public_access_block":                 {rank: parts, put: putAccountBlock, remove: removeAccountBlock},
		"aws_s3_object":                                      {rank: links, put: putObject},
		"aws_s3_bucket_object":                               {rank: links, put: putObject},
		"aws_s3_object_copy":                                 {rank: links, put: putObject},
		"aws_s3_access_point":                                {rank: things, regional: true, put: putAccessPoint, remove: removeARN},
		"aws_s3control_access_point_policy":                  {rank: parts, put: putAccessPointPolicy, remove: removeAccessPointPolicy},

		"aws_kms_key":                  {rank: things, regional: true, put: putKey, remove: removeARN},
		"aws_kms_external_key":         {rank: things, regional: true, put: putKey, remove: removeARN},
		"aws_kms_replica_key":          {rank: things, regional: true, put: putKey, remove: removeARN},
		"aws_kms_replica_external_key": {rank: things, regional: true, put: putKey, remove: removeARN},
		"aws_kms_key_policy":           {rank: parts, regional: true, put: putKeyPolicy, remove: removeKeyPolicy},
		"aws_kms_alias":                {rank: parts, regional: true, put: putKeyAlias, remove: removeKeyAlias},
		"aws_kms_grant":                {rank: links, regional: true, put: putGrant, remove: removeGrant},

		"aws_sqs_queue":        {rank: things, regional: true, put: putQueue, remove: removeARN},
		"aws_sqs_queue_policy": {rank: parts, put: putQueuePolicy, remove: removeQueuePolicy},
		"aws_sns_topic":        {rank: things, regional: true, put: putTopic, remove: removeARN},
		"aws_sns_topic_policy": {rank: parts, put: putTopicPolicy, remove: removeTopicPolicy},

		"aws_lambda_function":     {rank: things, regional: true, put: putFunction, remove: removeARN},
		"aws_lambda_function_url": {rank: parts, regional: true, put: putFunctionURL, remove: removeFunctionURL},
		"aws_lambda_permission":   {rank: parts, regional: true, put: putPermission, remove: removePermission},

		"aws_vpc_endpoint": {rank: things, regional: true, put: putEndpoint, remove: removeARN},

		"aws_organizations_organization":            {rank: things, put: putOrganization, remove: removeOrganization},
		"aws_organizations_organizational_unit":     {rank: things, put: putUnit, remove: removeUnit},
		"aws_organizations_policy":                  {rank: things, put: putControl, remove: removeControl},
		"aws_organizations_account":                 {rank: parts, put: putMemberAccount, remove: removeMemberAccount},
		"aws_organizations_policy_attachment":       {rank: links, put: putControlAttachment, remove: removeControlAttachment},
		"aws_organizations_resource_policy":         {rank: things, put: putOrganizationPolicy, remove: removeOrganizationPolicy},
		"aws_organizations_delegated_administrator": {rank: links, put: putDelegate, remove: removeDelegate},
	}
	for name, c := range carriers {
		kinds[name] = &kind{rank: parts, regional: c.service != "", put: putCarried, remove: removeCarried}
	}
}

// bearing finds the types that may decide access although they are not
// understood: all of the services that are, and policies of whatever service.
var bearing = regexp.MustCompile(`^aws_(iam|s3|s3control|kms|organizations|ssoadmin|identitystore|ram|rolesanywhere)_|_(policy|policies|permission|permissions|policy_attachment)$|^aws_eks_(access|pod_identity)|^aws_cognito_identity_pool_roles_attachment$`)

// harmless finds those among them that decide nothing about access, or nothing
// that a snapshot holds.
var harmless = regexp.MustCompile(`^aws_iam_(access_key|account_password_policy|security_token_service_preferences|server_certificate|service_specific_credential|signing_certificate|user_login_profile|user_ssh_key|virtual_mfa_device|certificate)$|` +
	`^aws_s3_bucket_(accelerate|analytics|cors|intelligent|inventory|lifecycle|logging|metadata|metric|notification|object_lock|replication|request_payment|versioning|website|metric)|` +
	`^aws_s3_(bucket_)?(object|object_copy)$|^aws_s3control_(bucket_lifecycle|storage_lens|object_lambda_access_point$)|` +
	`^aws_kms_(ciphertext|custom_key_store)$|` +
	`^aws_ssoadmin_(application|instance_access_control_attributes|trusted_token_issuer)|` +
	`lifecycle_policy$|autoscaling_policy$|scaling_policy$|_security_policy$|_cache_policy$|_request_policy$|_headers_policy$|` +
	`^aws_(autoscaling|appautoscaling|elb|lb|load_balancer|dlm|route53|shield|fms|cloudfront|wafv?2?|networkfirewall|auditmanager|xray)_.*|_data_protection_policy$|_redrive_(allow_)?policy$|_stickiness_policy$|_account_policy$`)

// Types lists the types that are understood, sorted.
func Types() []string {
	var out []string
	for name := range kinds {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
