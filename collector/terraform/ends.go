package terraform

import (
	"slices"
	"strings"
)

// Plans tell what an expression refers to, and not what it makes of that:
// "${aws_s3_bucket.x.id}-logs" looks like aws_s3_bucket.x.id. So references are
// followed from attributes alone that say what something hangs on, which make no
// sense with more around them, and to nothing but what names that.

// ends are the attributes that references are followed from, with where they may
// lead: type and attribute. Of one type the first is meant when only the type is
// told, as by aws_x.y[each.key].arn.
var ends = map[string][]string{
	"policy_arn": policies, "policy_arns": policies, "managed_policy_arns": policies, "permissions_boundary": policies,
	"user": users, "users": users, "user_name": users,
	"group": groups, "groups": groups, "group_name": groups,
	"role": roles, "roles": roles, "role_name": roles,
	"grantee_principal": {"aws_iam_role.arn", "aws_iam_user.arn"},
	"bucket": {
		"aws_s3_bucket.bucket", "aws_s3_bucket.id", "aws_s3_bucket.arn", "aws_s3_bucket_policy.bucket", "aws_s3_bucket_policy.id",
		"aws_s3_bucket_public_access_block.bucket", "aws_s3_bucket_ownership_controls.bucket",
		"aws_s3_bucket_acl.bucket", "aws_s3_bucket_versioning.bucket",
	},
	"access_point_arn": {"aws_s3_access_point.arn"},
	"queue_url":        {"aws_sqs_queue.url", "aws_sqs_queue.id"},
	"arn":              {"aws_sns_topic.arn", "aws_sns_topic.id"},
	"key_id":           keys, "target_key_id": keys, "kms_master_key_id": keys,
	"function_name": {
		"aws_lambda_function.function_name", "aws_lambda_function.id", "aws_lambda_function.arn",
		"aws_lambda_alias.function_name", "aws_lambda_alias.arn",
	},
	"qualifier":       {"aws_lambda_alias.name"},
	"vpc_endpoint_id": {"aws_vpc_endpoint.id"},
	"policy_id":       {"aws_organizations_policy.id"},
	"target_id":       {"aws_organizations_organizational_unit.id", "aws_organizations_account.id"},
	"parent_id":       {"aws_organizations_organizational_unit.id"},
	"account_id":      {"aws_organizations_account.id"},
}

var (
	policies = []string{"aws_iam_policy.arn", "aws_iam_policy.id"}
	users    = []string{"aws_iam_user.name", "aws_iam_user.id"}
	groups   = []string{"aws_iam_group.name", "aws_iam_group.id"}
	roles    = []string{"aws_iam_role.name", "aws_iam_role.id", "aws_iam_role.arn"}
	keys     = []string{
		"aws_kms_key.key_id", "aws_kms_key.id", "aws_kms_key.arn",
		"aws_kms_external_key.key_id", "aws_kms_external_key.id", "aws_kms_external_key.arn",
		"aws_kms_replica_key.key_id", "aws_kms_replica_key.id", "aws_kms_replica_key.arn",
		"aws_kms_replica_external_key.key_id", "aws_kms_replica_external_key.id", "aws_kms_replica_external_key.arn",
		"aws_kms_alias.target_key_id", "aws_kms_alias.target_key_arn",
	}
)

// hangs reports whether an attribute says what the instance hangs on, and does
// not name the instance itself.
func (r *instance) hangs(attr string) bool {
	own := attr == "bucket" && r.Type == "aws_s3_bucket" || attr == "function_name" && r.Type == "aws_lambda_function"
	return ends[attr] != nil && !own
}

// leads reports whether a reference from an attribute may lead to one of a type.
func leads(want, kind, attr string) bool { return slices.Contains(ends[want], kind+"."+attr) }

// meant is the attribute of a type that a reference from an attribute means.
func meant(want, kind string) (string, bool) {
	for _, end := range ends[want] {
		if attr, ok := strings.CutPrefix(end, kind+"."); ok {
			return attr, true
		}
	}
	return "", false
}
