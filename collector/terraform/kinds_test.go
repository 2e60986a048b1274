package terraform_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/terraform"
)

// Each type, made, changed and taken away, with what is known and what is not.
// holds and lacks are parts of the snapshot as it is after.
var cases = []struct {
	name    string
	changes []change
	want    []string
	gaps    []string
	holds   string
	lacks   string
}{
	{
		name:    "user made",
		changes: []change{{kind: "aws_iam_user", actions: "create", after: `"name":"eve","path":"/team/","tags_all":{"a":"b"}`, unknown: `"arn":true,"id":true,"unique_id":true`}},
		want:    []string{"arn:aws:iam::A:user/team/eve: created"},
		holds:   `"Tags":{"a":"b"}`,
	},
	{
		name:    "user bounded by a policy that is not known",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"ann","path":"/"`, after: `"name":"ann","path":"/","tags_all":{}`, unknown: `"permissions_boundary":true`, config: `"permissions_boundary":{"references":["local.x"]}`}},
		want:    []string{"arn:aws:iam::A:user/ann: permissions boundary set"},
		holds:   `:policy/permissions-boundary-known-after-apply-`,
	},
	{
		name:    "user renamed",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"ann","path":"/"`, after: `"name":"anna","path":"/x/","tags_all":{}`}},
		want: []string{
			"arn:aws:iam::A:user/ann: renamed to arn:aws:iam::A:user/x/anna",
			"arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now arn:aws:iam::A:user/x/anna",
		},
	},
	{
		name:    "user removed: its unique id stays behind",
		changes: []change{{kind: "aws_iam_user", actions: "delete", before: `"name":"ann","arn":"arn:aws:iam::111122223333:user/ann"`}},
		want:    []string{"arn:aws:iam::A:user/ann: removed", "arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now AIDAANN000000000"},
	},
	{
		name:    "user replaced: the new one is not the one that was trusted",
		changes: []change{{kind: "aws_iam_user", actions: "delete create", before: `"name":"ann"`, after: `"name":"ann","path":"/","tags_all":{}`, unknown: `"arn":true`}},
		want: []string{
			"arn:aws:iam::A:user/ann: removed", "arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now AIDAANN000000000",
			"arn:aws:iam::A:user/ann: created",
		},
	},
	{
		name:    "user of an unknown name",
		changes: []change{{kind: "aws_iam_user", actions: "create", after: `"path":"/","tags_all":{}`, unknown: `"name":true,"arn":true`}},
		want:    []string{"arn:aws:iam::A:user/known-after-apply-89a2a8c9: created"},
		gaps:    []string{"aws_iam_user.x: its name is known only after apply; answers call it known-after-apply-89a2a8c9"},
	},
	{
		name:    "user changed that the snapshot does not hold",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"zoe"`, after: `"name":"zoe","tags_all":{}`}},
		want:    []string{"arn:aws:iam::A:user/zoe: created", "arn:aws:iam::A:user/zoe: policy arn:aws:iam::A:policy/unread-known-after-apply-89a2a8c9 attached"},
		gaps:    []string{"aws_iam_user.x: it is changed, but the snapshot does not hold it; what hangs on it is not known"},
	},
	{
		name:    "group made, renamed and removed",
		changes: []change{{address: "aws_iam_group.a", kind: "aws_iam_group", actions: "create", after: `"name":"new","path":"/"`}, {address: "aws_iam_group.b", kind: "aws_iam_group", actions: "update", before: `"name":"staff","path":"/"`, after: `"name":"crew","path":"/"`}},
		want:    []string{"arn:aws:iam::A:group/new: created", "arn:aws:iam::A:group/staff: renamed to arn:aws:iam::A:group/crew"},
		holds:   `"GroupList":["crew"]`,
	},
	{
		name:    "group removed: memberships go with it",
		changes: []change{{kind: "aws_iam_group", actions: "delete", before: `"name":"staff"`}},
		want:    []string{"arn:aws:iam::A:group/staff: removed"},
		lacks:   `"staff"`,
	},
	{
		name: "role made with its blocks",
		changes: []change{{
			kind: "aws_iam_role", actions: "create", config: `"inline_policy":[{}],"managed_policy_arns":{}`,
			after:   `"name":"new","path":"/","assume_role_policy":` + quote(read) + `,"tags_all":{},"inline_policy":[{"name":"a","policy":` + quote(read) + `},{"name":"b"}],"managed_policy_arns":["arn:aws:iam::aws:policy/X"]`,
			unknown: `"arn":true,"inline_policy":[{},{"policy":true}]`,
		}},
		want: []string{
			"arn:aws:iam::A:role/new: created", "arn:aws:iam::A:role/new: inline policy a added", "arn:aws:iam::A:role/new: inline policy b added",
			"arn:aws:iam::A:role/new: policy arn:aws:iam::aws:policy/X attached",
		},
		holds: `{"UnknownBecause":"known only after apply: aws_iam_role.x.inline_policy"}`,
	},
	{
		name:    "role whose blocks nobody asked for keeps what others put",
		changes: []change{{kind: "aws_iam_role", actions: "create", after: `"name":"new","path":"/","assume_role_policy":` + quote(read) + `,"tags_all":{}`, unknown: `"arn":true,"inline_policy":true,"managed_policy_arns":true`}},
		want:    []string{"arn:aws:iam::A:role/new: created"},
	},
	{
		name: "role changed: what differs",
		changes: []change{{
			kind: "aws_iam_role", actions: "update", config: `"inline_policy":[{}]`,
			before: `"name":"app","assume_role_policy":"{}","inline_policy":[{"name":"one","policy":"{}"},{"name":"two","policy":"{}"}],"managed_policy_arns":["arn:aws:iam::111122223333:policy/p"]`,
			after:  `"name":"app","assume_role_policy":"{}","tags_all":{},"inline_policy":[{"name":"two","policy":"{}"},{"name":"three","policy":` + quote(read) + `}],"managed_policy_arns":[]`,
		}},
		want: []string{
			"arn:aws:iam::A:role/app: inline policy three added", "arn:aws:iam::A:role/app: inline policy one removed",
			"arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/p detached",
		},
	},
	{
		name:    "trust policy that is not known",
		changes: []change{{kind: "aws_iam_role", actions: "update", before: `"name":"app","assume_role_policy":"{}"`, after: `"name":"app","tags_all":{}`, unknown: `"assume_role_policy":true`}},
		want:    []string{"arn:aws:iam::A:role/app: trust policy changed"},
		holds:   `{"UnknownBecause":"known only after apply: aws_iam_role.x.assume_role_policy"}`,
	},
	{
		name:    "role removed",
		changes: []change{{kind: "aws_iam_role", actions: "delete", before: `"name":"app"`}},
		want:    []string{"arn:aws:iam::A:role/app: removed"},
	},
	{
		name:    "service-linked role",
		changes: []change{{kind: "aws_iam_service_linked_role", actions: "create", after: `"aws_service_name":"ecs.amazonaws.com","tags_all":{}`, unknown: `"arn":true,"name":true`}},
		want: []string{
			"arn:aws:iam::A:role/aws-service-role/ecs.amazonaws.com/known-after-apply-bc130a9a: created",
			"arn:aws:iam::A:role/aws-service-role/ecs.amazonaws.com/known-after-apply-bc130a9a: policy arn:aws:iam::A:policy/service-linked-known-after-apply-bc130a9a attached",
		},
		gaps: []string{"aws_iam_service_linked_role.x: its name is known only after apply; answers call it known-after-apply-bc130a9a"},
	},
	{
		name: "managed policy made and attached, whatever the order",
		changes: []change{
			{kind: "aws_iam_role_policy_attachment", actions: "create", after: `"role":"app"`, unknown: `"policy_arn":true`, config: `"policy_arn":{"references":["aws_iam_policy.x.arn","aws_iam_policy.x"]}`},
			{kind: "aws_iam_policy", actions: "create", after: `"name":"new","path":"/app/","policy":` + quote(read), unknown: `"arn":true`},
		},
		want: []string{"arn:aws:iam::A:policy/app/new: created", "arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/app/new attached"},
	},
	{
		name:    "managed policy changed to what is not known",
		changes: []change{{kind: "aws_iam_policy", actions: "update", before: `"name":"p","arn":"arn:aws:iam::111122223333:policy/p","policy":"{}"`, after: `"name":"p","arn":"arn:aws:iam::111122223333:policy/p"`, unknown: `"policy":true`}},
		want:    []string{"arn:aws:iam::A:policy/p: new default version"},
		holds:   `known only after apply: aws_iam_policy.x.policy`,
	},
	{
		name:    "managed policy removed while it is attached: what it says is unknown",
		changes: []change{{kind: "aws_iam_policy", actions: "delete", before: `"arn":"arn:aws:iam::111122223333:policy/p"`}},
		want:    []string{"arn:aws:iam::A:policy/p: removed"},
		holds:   `"AttachedManagedPolicies":[{"PolicyName":"p"`,
	},
	{
		name: "inline policies of all three kinds",
		changes: []change{
			{kind: "aws_iam_user_policy", actions: "update", before: `"user":"ann","name":"own","policy":"{}"`, after: `"user":"ann","name":"own","policy":` + quote(write)},
			{kind: "aws_iam_group_policy", actions: "delete", before: `"group":"staff","name":"own","policy":"{}"`},
			{kind: "aws_iam_role_policy", actions: "create", after: `"role":"app","name":"new"`, unknown: `"policy":true`},
		},
		want: []string{"arn:aws:iam::A:group/staff: inline policy own removed", "arn:aws:iam::A:user/ann: inline policy own changed", "arn:aws:iam::A:role/app: inline policy new added"},
	},
	{
		name:    "inline policy on a role that is not known",
		changes: []change{{kind: "aws_iam_role_policy", actions: "create", after: `"name":"new","policy":` + quote(read), unknown: `"role":true`, config: `"role":{"references":["local.role"]}`}},
		gaps:    []string{"aws_iam_role_policy.x: what it belongs to is known only after apply (role), so it is missing from the answers"},
	},
	{
		name: "attachments taken away and put",
		changes: []change{
			{kind: "aws_iam_user_policy_attachment", actions: "delete", before: `"user":"ann","policy_arn":"arn:aws:iam::111122223333:policy/p"`},
			{kind: "aws_iam_group_policy_attachment", actions: "create", after: `"group":"staff"`, unknown: `"policy_arn":true`},
		},
		want: []string{
			"arn:aws:iam::A:user/ann: policy arn:aws:iam::A:policy/p detached",
			"arn:aws:iam::A:group/staff: policy arn:aws:iam::A:policy/policy-arn-known-after-apply-7e066e44 attached",
		},
	},
	{
		name:    "aws_iam_policy_attachment takes away what it no longer lists",
		changes: []change{{kind: "aws_iam_policy_attachment", actions: "update", before: `"policy_arn":"arn:aws:iam::111122223333:policy/p","users":["ann"],"roles":["app"]`, after: `"policy_arn":"arn:aws:iam::111122223333:policy/p","users":["bob"],"roles":["app"]`}},
		want:    []string{"arn:aws:iam::A:user/bob: policy arn:aws:iam::A:policy/p attached", "arn:aws:iam::A:user/ann: policy arn:aws:iam::A:policy/p detached"},
	},
	{
		name: "memberships from both ends",
		changes: []change{
			{kind: "aws_iam_group_membership", actions: "update", before: `"group":"staff","users":["ann"]`, after: `"group":"staff","users":["bob"]`},
			{kind: "aws_iam_user_group_membership", actions: "create", after: `"user":"ann","groups":["staff"]`},
		},
		want: []string{"arn:aws:iam::A:user/bob: joined group staff", "arn:aws:iam::A:user/ann: left group staff", "arn:aws:iam::A:user/ann: joined group staff"},
	},
	{
		name: "exclusive lists take away all else",
		changes: []change{
			{kind: "aws_iam_role_policies_exclusive", actions: "create", after: `"role_name":"app","policy_names":["two"]`},
			{kind: "aws_iam_role_policy_attachments_exclusive", actions: "create", after: `"role_name":"app","policy_arns":["arn:aws:iam::aws:policy/X"]`},
		},
		want: []string{
			"arn:aws:iam::A:role/app: inline policy one removed",
			"arn:aws:iam::A:role/app: policy arn:aws:iam::aws:policy/X attached", "arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/p detached",
		},
	},
	{
		name:    "exclusive lists that go take nothing away",
		changes: []change{{kind: "aws_iam_role_policies_exclusive", actions: "delete", before: `"role_name":"app","policy_names":["two"]`}},
	},
	{
		name: "instance profiles, providers and the alias",
		changes: []change{
			{address: "aws_iam_instance_profile.a", kind: "aws_iam_instance_profile", actions: "create", after: `"name":"new","path":"/","role":"app"`, unknown: `"arn":true`},
			{address: "aws_iam_instance_profile.b", kind: "aws_iam_instance_profile", actions: "delete", before: `"name":"app","arn":"arn:aws:iam::111122223333:instance-profile/app"`},
			{address: "aws_iam_openid_connect_provider.a", kind: "aws_iam_openid_connect_provider", actions: "create", after: `"url":"https://new.test/","client_id_list":["sts"]`, unknown: `"arn":true`},
			{address: "aws_iam_openid_connect_provider.b", kind: "aws_iam_openid_connect_provider", actions: "delete", before: `"arn":"arn:aws:iam::111122223333:oidc-provider/old.test"`},
			{kind: "aws_iam_saml_provider", actions: "delete create", before: `"arn":"arn:aws:iam::111122223333:saml-provider/old"`, after: `"name":"new"`, unknown: `"arn":true`},
			{kind: "aws_iam_account_alias", actions: "create", after: `"account_alias":"new"`},
		},
		want: []string{
			"arn:aws:iam::A:role/app: instance profile arn:aws:iam::A:instance-profile/app delivers it no more",
			"arn:aws:iam::A:saml-provider/old: removed", "arn:aws:iam::A:oidc-provider/old.test: removed",
			"arn:aws:iam::A:oidc-provider/new.test: created", "arn:aws:iam::A:saml-provider/new: created", "A: account alias changed",
			"arn:aws:iam::A:role/app: instance profile arn:aws:iam::A:instance-profile/new delivers it",
		},
	},
	{
		name:    "bucket made: blocked and owned as since April 2023",
		changes: []change{{kind: "aws_s3_bucket", actions: "create", after: `"bucket":"new","tags_all":{}`, unknown: `"arn":true,"id":true,"acl":true,"policy":true,"grant":true`, config: `"bucket":{}`}},
		want:    []string{"arn:aws:s3:::new: created"},
		holds:   `{"Arn":"arn:aws:s3:::new","Type":"AWS::S3::Bucket","Name":"new","Account":"111122223333","Region":"eu-central-1","Tags":{},"Policy":null,"Ownership":"BucketOwnerEnforced","Acl":{"Owner":{"ID":"cafe"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"cafe"},"Permission":"FULL_CONTROL"}]},"PublicAccessBlock":{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}}`,
	},
	{
		name: "bucket opened part by part",
		changes: []change{
			{kind: "aws_s3_bucket", actions: "create", after: `"bucket":"new","tags_all":{}`, unknown: `"arn":true,"id":true`, config: `"bucket":{}`},
			{kind: "aws_s3_bucket_public_access_block", actions: "create", after: `"block_public_acls":false`, unknown: `"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.x.id","aws_s3_bucket.x"]}`},
			{kind: "aws_s3_bucket_ownership_controls", actions: "create", after: `"rule":[{"object_ownership":"ObjectWriter"}]`, unknown: `"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.x.bucket","aws_s3_bucket.x"]}`},
			{kind: "aws_s3_bucket_acl", actions: "create", after: `"bucket":"new","acl":"public-read"`, config: `"acl":{}`},
			{kind: "aws_s3_bucket_policy", actions: "create", after: `"bucket":"new"`, unknown: `"policy":true`},
		},
		want: []string{
			"arn:aws:s3:::new: created", "arn:aws:s3:::new: Block Public Access changed", "arn:aws:s3:::new: ownership changed",
			"arn:aws:s3:::new: ACL changed", "arn:aws:s3:::new: policy changed",
		},
		holds: `"URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"`,
	},
	{
		name: "settings of a bucket taken away",
		changes: []change{
			{kind: "aws_s3_bucket_public_access_block", actions: "delete", before: `"bucket":"data"`},
			{kind: "aws_s3_bucket_ownership_controls", actions: "delete", before: `"bucket":"data"`},
			{kind: "aws_s3_bucket_policy", actions: "delete", before: `"bucket":"data"`},
			{kind: "aws_s3_bucket_acl", actions: "delete", before: `"bucket":"data"`},
			{kind: "aws_s3_bucket_server_side_encryption_configuration", actions: "delete", before: `"bucket":"data"`},
		},
		want:  []string{"arn:aws:s3:::data: encryption changed", "arn:aws:s3:::data: policy changed", "arn:aws:s3:::data: ownership changed"},
		holds: `"Ownership":"ObjectWriter"`,
	},
	{
		name: "bucket encrypted with a key that is made",
		changes: []change{
			{kind: "aws_kms_key", actions: "create", after: `"tags_all":{}`, unknown: `"arn":true,"key_id":true,"policy":true`},
			{
				kind: "aws_s3_bucket_server_side_encryption_configuration", actions: "create", after: `"bucket":"data","rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms"}]}]`,
				unknown: `"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":true}]}]`,
				config:  `"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":{"references":["aws_kms_key.x.arn","aws_kms_key.x"]}}]}]`,
			},
		},
		want:  []string{"arn:aws:kms:eu-central-1:A:key/known-after-apply-7c726b3c: created", "arn:aws:s3:::data: encryption changed"},
		gaps:  []string{"aws_kms_key.x: its id is known only after apply; answers call it known-after-apply-7c726b3c"},
		holds: `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/known-after-apply-7c726b3c"}`,
	},
	{
		name:    "bucket removed",
		changes: []change{{kind: "aws_s3_bucket", actions: "delete", before: `"bucket":"data"`}, {kind: "aws_s3_bucket_policy", actions: "delete", before: `"bucket":"data"`}},
		want:    []string{"arn:aws:s3:::data: policy changed", "arn:aws:s3:::data: removed"},
	},
	{
		name:    "setting of a bucket that the snapshot does not hold",
		changes: []change{{kind: "aws_s3_bucket_policy", actions: "create", after: `"bucket":"nowhere","policy":"{}"`}},
		gaps:    []string{"arn:aws:s3:::nowhere: a change of its policy is left out: the snapshot does not hold the resource"},
	},
	{
		name:    "Block Public Access of the account",
		changes: []change{{kind: "aws_s3_account_public_access_block", actions: "create", after: `"block_public_acls":true,"restrict_public_buckets":true`, unknown: `"account_id":true`}},
		want:    []string{"A: Block Public Access of the account changed"},
		holds:   `"S3PublicAccessBlock":{"BlockPublicAcls":true,"IgnorePublicAcls":false,"BlockPublicPolicy":false,"RestrictPublicBuckets":true}`,
	},
	{
		name: "access points",
		changes: []change{
			{kind: "aws_s3_access_point", actions: "create", after: `"name":"new","bucket":"data","account_id":null,"vpc_configuration":[{"vpc_id":"vpc-1"}]`, unknown: `"arn":true,"policy":true`},
			{kind: "aws_s3control_access_point_policy", actions: "delete", before: `"access_point_arn":"arn:aws:s3:eu-central-1:111122223333:accesspoint/ap"`},
		},
		want:  []string{"arn:aws:s3:eu-central-1:A:accesspoint/ap: policy changed", "arn:aws:s3:eu-central-1:A:accesspoint/new: created"},
		holds: `"AccessPoint":{"Bucket":"data","BucketAccountId":"111122223333","NetworkOrigin":"VPC","VpcConfiguration":{"VpcId":"vpc-1"}`,
	},
	{
		name:    "an object with an ACL",
		changes: []change{{kind: "aws_s3_object", actions: "create", after: `"bucket":"data","key":"k","acl":"public-read"`}},
		gaps:    []string{"aws_s3_object.x: the object has an ACL of its own, which is not in the answers"},
	},
	{
		name: "key policies",
		changes: []change{
			{kind: "aws_kms_key", actions: "update", before: `"arn":"arn:aws:kms:eu-central-1:111122223333:key/k1","key_id":"k1","policy":"{}"`, after: `"arn":"arn:aws:kms:eu-central-1:111122223333:key/k1","key_id":"k1","tags_all":{},"policy":` + quote(read), config: `"policy":{}`},
			{kind: "aws_kms_grant", actions: "delete create", before: `"key_id":"k1","grant_id":"g1"`, after: `"key_id":"k1","operations":["Encrypt"],"grantee_principal":"arn:aws:iam::111122223333:role/app","constraints":[{"encryption_context_equals":{"a":"b"}}]`, unknown: `"grant_id":true`},
		},
		want: []string{
			"arn:aws:kms:eu-central-1:A:key/k1: grants changed", "arn:aws:kms:eu-central-1:A:key/k1: policy changed",
			"arn:aws:kms:eu-central-1:A:key/k1: grants changed",
		},
		holds: `"Operations":["Encrypt"],"Constraints":{"EncryptionContextEquals":{"a":"b"}}}]`,
		lacks: `"g1"`,
	},
	{
		name:    "key policy removed: the default comes back",
		changes: []change{{kind: "aws_kms_key_policy", actions: "delete", before: `"key_id":"k1","policy":"{}"`}},
		want:    []string{"arn:aws:kms:eu-central-1:A:key/k1: policy changed"},
		holds:   `"Sid":"Enable IAM User Permissions"`,
	},
	{
		name: "queues and their policies",
		changes: []change{
			{kind: "aws_sqs_queue", actions: "create", after: `"name":"new","tags_all":{}`, unknown: `"arn":true,"url":true,"id":true,"policy":true`},
			{address: "aws_sqs_queue_policy.a", kind: "aws_sqs_queue_policy", actions: "create", after: `"policy":` + quote(read), unknown: `"queue_url":true`, config: `"queue_url":{"references":["aws_sqs_queue.x.id","aws_sqs_queue.x"]}`},
			{address: "aws_sqs_queue_policy.b", kind: "aws_sqs_queue_policy", actions: "delete", before: `"queue_url":"https://sqs.eu-central-1.amazonaws.com/111122223333/q"`},
		},
		want: []string{"arn:aws:sqs:eu-central-1:A:q: policy changed", "arn:aws:sqs:eu-central-1:A:new: created", "arn:aws:sqs:eu-central-1:A:new: policy changed"},
	},
	{
		name: "topics: a topic is never without a policy",
		changes: []change{
			{kind: "aws_sns_topic", actions: "create", after: `"name":"new","tags_all":{}`, unknown: `"arn":true,"policy":true`, config: `"name":{}`},
			{kind: "aws_sns_topic_policy", actions: "delete", before: `"arn":"arn:aws:sns:eu-central-1:111122223333:t","owner":"111122223333"`},
		},
		want:  []string{"arn:aws:sns:eu-central-1:A:t: policy changed", "arn:aws:sns:eu-central-1:A:new: created"},
		holds: `"Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}`,
	},
	{
		name: "permissions of a function",
		changes: []change{
			{address: "aws_lambda_permission.a", kind: "aws_lambda_permission", actions: "create", after: `"function_name":"f","statement_id":"new","action":"lambda:InvokeFunction","principal":"s3.amazonaws.com","source_account":"111122223333"`, unknown: `"source_arn":true`, config: `"source_arn":{"references":["aws_s3_bucket.x.arn","aws_s3_bucket.x"]}`},
			{address: "aws_lambda_permission.b", kind: "aws_lambda_permission", actions: "delete", before: `"function_name":"arn:aws:lambda:eu-central-1:111122223333:function:f","statement_id":"s"`},
			{kind: "aws_s3_bucket", actions: "no-op", before: `"bucket":"data","arn":"arn:aws:s3:::data"`, after: `"bucket":"data","arn":"arn:aws:s3:::data"`},
		},
		want:  []string{"arn:aws:lambda:eu-central-1:A:function:f: policy changed", "arn:aws:lambda:eu-central-1:A:function:f: policy changed"},
		holds: `"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::data"},"StringEquals":{"AWS:SourceAccount":"111122223333"}}`,
	},
	{
		name:    "a permission whose source is not known hides the policy",
		changes: []change{{kind: "aws_lambda_permission", actions: "create", after: `"function_name":"f","statement_id":"new","action":"lambda:InvokeFunction","principal":"events.amazonaws.com"`, unknown: `"source_arn":true`}},
		want:    []string{"arn:aws:lambda:eu-central-1:A:function:f: policy changed"},
		holds:   `"Policy":{"UnknownBecause":"known only after apply: aws_lambda_permission.x.source_arn"}`,
	},
	{
		name: "function made with an open URL and an alias",
		changes: []change{
			{kind: "aws_lambda_function", actions: "create", after: `"function_name":"g","tags_all":{}`, unknown: `"arn":true`},
			{kind: "aws_lambda_function_url", actions: "create", after: `"function_name":"g","authorization_type":"NONE"`},
			{kind: "aws_lambda_permission", actions: "create", after: `"function_name":"g","qualifier":"live","statement_id":"o","action":"lambda:InvokeFunction","principal":"*","principal_org_id":"o-1"`},
		},
		want: []string{
			"arn:aws:lambda:eu-central-1:A:function:g: created", "arn:aws:lambda:eu-central-1:A:function:g: policy changed",
			"arn:aws:lambda:eu-central-1:A:function:g:live: created", "arn:aws:lambda:eu-central-1:A:function:g:live: policy changed",
		},
		holds: `"Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}`,
	},
	{
		name: "organization",
		changes: []change{
			{kind: "aws_organizations_organization", actions: "update", before: `"enabled_policy_types":["SERVICE_CONTROL_POLICY"]`, after: `"enabled_policy_types":["RESOURCE_CONTROL_POLICY"]`},
			{kind: "aws_organizations_organizational_unit", actions: "create", after: `"name":"Two","parent_id":"r-1"`, unknown: `"id":true`},
			{kind: "aws_organizations_account", actions: "update", before: `"id":"444455556666","parent_id":"ou-1","name":""`, after: `"id":"444455556666","name":""`, unknown: `"parent_id":true`, config: `"parent_id":{"references":["aws_organizations_organizational_unit.x.id","aws_organizations_organizational_unit.x"]}`},
			{kind: "aws_organizations_policy", actions: "create", after: `"name":"Deny","type":"SERVICE_CONTROL_POLICY"`, unknown: `"id":true,"content":true`},
			{kind: "aws_organizations_policy_attachment", actions: "create", after: `"target_id":"r-1"`, unknown: `"policy_id":true`, config: `"policy_id":{"references":["aws_organizations_policy.x.id","aws_organizations_policy.x"]}`},
			{kind: "aws_organizations_delegated_administrator", actions: "delete", before: `"account_id":"444455556666","service_principal":"config.amazonaws.com"`},
			{kind: "aws_organizations_resource_policy", actions: "create", after: `"content":"{}"`},
		},
		want: []string{
			"444455556666: no longer delegated administrator of config.amazonaws.com",
			"r-1: policy type RESOURCE_CONTROL_POLICY ENABLED", "r-1: policy type SERVICE_CONTROL_POLICY DISABLED",
			"ou-known-after-apply-1add3167: created", "ou-known-after-apply-1add3167: policy p-FullAWSAccess attached",
			"p-known-after-apply-2f14367a: created", "444455556666: moved into ou-known-after-apply-1add3167",
			"r-1: policy p-known-after-apply-2f14367a attached",
		},
		gaps: []string{
			"aws_organizations_resource_policy.x: not understood: aws_organizations_resource_policy; what it changes is not in the answers",
			"aws_organizations_organizational_unit.x: its id is known only after apply; answers call it ou-known-after-apply-1add3167",
		},
	},
	{
		name: "organization, taken apart",
		changes: []change{
			{kind: "aws_organizations_policy_attachment", actions: "delete", before: `"policy_id":"p-1","target_id":"ou-1"`},
			{kind: "aws_organizations_policy", actions: "delete", before: `"id":"p-1"`},
			{kind: "aws_organizations_account", actions: "delete", before: `"id":"444455556666"`},
			{kind: "aws_organizations_organizational_unit", actions: "delete", before: `"id":"ou-1"`},
		},
		want: []string{
			"ou-1: policy p-1 detached", "444455556666: removed from the organization",
			"ou-1: policy p-FullAWSAccess detached", "ou-1: removed", "p-1: removed",
		},
	},
	{
		name: "units in units, whatever the order",
		changes: []change{
			{address: "aws_organizations_organizational_unit.a", kind: "aws_organizations_organizational_unit", actions: "create", after: `"name":"A"`, unknown: `"id":true,"parent_id":true`, config: `"parent_id":{"references":["aws_organizations_organizational_unit.b.id","aws_organizations_organizational_unit.b"]}`},
			{address: "aws_organizations_organizational_unit.b", kind: "aws_organizations_organizational_unit", actions: "create", after: `"name":"B","parent_id":"ou-1"`, unknown: `"id":true`},
		},
		want: []string{
			"ou-known-after-apply-25ca6257: created", "ou-known-after-apply-25ca6257: policy p-FullAWSAccess attached",
			"ou-known-after-apply-b546d739: created", "ou-known-after-apply-b546d739: policy p-FullAWSAccess attached",
		},
		gaps: []string{
			"aws_organizations_organizational_unit.b: its id is known only after apply; answers call it ou-known-after-apply-25ca6257",
			"aws_organizations_organizational_unit.a: its id is known only after apply; answers call it ou-known-after-apply-b546d739",
		},
	},
	{
		name:    "a new account",
		changes: []change{{kind: "aws_organizations_account", actions: "create", after: `"name":"n"`, unknown: `"id":true`}},
		gaps:    []string{"aws_organizations_account.x: an account is made, whose id is known only after apply; it is missing from the answers"},
	},
	{
		name: "what bears on access and is not understood, and what does not",
		changes: []change{
			{kind: "aws_secretsmanager_secret_policy", actions: "create", after: `"policy":"{}"`},
			{kind: "aws_s3_bucket_versioning", actions: "create", after: `"bucket":"data"`},
			{kind: "aws_kms_alias", actions: "create", after: `"name":"alias/x"`},
			{kind: "aws_ecr_lifecycle_policy", actions: "create", after: `"policy":"{}"`},
			{kind: "aws_instance", actions: "create", after: `"ami":"x"`},
		},
		gaps: []string{"aws_secretsmanager_secret_policy.x: not understood: aws_secretsmanager_secret_policy; what it changes is not in the answers"},
	},
	{
		name:    "what a plan forgets stays",
		changes: []change{{kind: "aws_s3_bucket", actions: "forget", before: `"bucket":"data"`}},
	},
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			after, changes, gaps := apply(t, plan(tt.changes...))
			if d := cmp.Diff(tt.want, changes); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.gaps, gaps); d != "" {
				t.Errorf("gaps (-want +got):\n%s", d)
			}
			if got := text(t, after); !strings.Contains(got, tt.holds) || tt.lacks != "" && strings.Contains(got, tt.lacks) {
				t.Errorf("wanted %q and not %q in\n%s", tt.holds, tt.lacks, got)
			}
		})
	}
}

// Every type that is understood has a case.
func TestAllKindsHaveCases(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tt := range cases {
		for _, c := range tt.changes {
			seen[c.kind] = true
		}
	}
	like := map[string]string{ // tested by another of the same code
		"aws_kms_external_key": "aws_kms_key", "aws_kms_replica_key": "aws_kms_key", "aws_kms_replica_external_key": "aws_kms_key",
		"aws_iam_user_policies_exclusive": "aws_iam_role_policies_exclusive", "aws_iam_group_policies_exclusive": "aws_iam_role_policies_exclusive",
		"aws_iam_user_policy_attachments_exclusive":  "aws_iam_role_policy_attachments_exclusive",
		"aws_iam_group_policy_attachments_exclusive": "aws_iam_role_policy_attachments_exclusive",
		"aws_s3_bucket_object":                       "aws_s3_object", "aws_s3_object_copy": "aws_s3_object",
	}
	for _, kind := range terraform.Types() {
		if !seen[kind] && !seen[like[kind]] {
			t.Errorf("%s has no case", kind)
		}
	}
	if !slices.IsSorted(terraform.Types()) {
		t.Error("the types are not sorted")
	}
}
