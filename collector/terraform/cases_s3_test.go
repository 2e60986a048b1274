package terraform_test

var s3Cases = []kindCase{
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
			{kind: "aws_s3_bucket_ownership_controls", actions: "create", after: `"rule":[{"object_ownership":"ObjectWriter"}]`, unknown: `"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.x.id","aws_s3_bucket.x"]}`},
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
		name: "bucket whose name holds that of another is not the other",
		changes: []change{
			{address: "aws_s3_bucket.main", kind: "aws_s3_bucket", actions: "create", after: `"bucket":"main","tags_all":{}`, unknown: `"arn":true,"id":true`, config: `"bucket":{}`},
			{address: "aws_s3_bucket.logs", kind: "aws_s3_bucket", actions: "create", after: `"tags_all":{}`, unknown: `"arn":true,"id":true,"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.main.id","aws_s3_bucket.main"]}`},
			{address: "aws_s3_bucket_policy.main", kind: "aws_s3_bucket_policy", actions: "create", after: `"policy":` + quote(read), unknown: `"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.main.id","aws_s3_bucket.main"]}`},
			{address: "aws_s3_bucket_policy.logs", kind: "aws_s3_bucket_policy", actions: "create", after: `"policy":` + quote(write), unknown: `"bucket":true`, config: `"bucket":{"references":["aws_s3_bucket.logs.id","aws_s3_bucket.logs"]}`},
		},
		want: []string{
			"arn:aws:s3:::main: created", "arn:aws:s3:::known-after-apply-bd3aaa1a: created",
			"arn:aws:s3:::main: policy changed", "arn:aws:s3:::known-after-apply-bd3aaa1a: policy changed",
		},
		gaps: []string{"aws_s3_bucket.logs: its name is known only after apply; answers call it known-after-apply-bd3aaa1a"},
	},
	{
		name: "bucket with dynamic blocks, which the configuration does not show",
		changes: []change{{
			kind: "aws_s3_bucket", actions: "create", config: `"bucket":{}`,
			after:   `"bucket":"new","tags_all":{},"grant":[{"type":"Group","uri":"http://acs.amazonaws.com/groups/global/AllUsers","permissions":["READ"]}],"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms","kms_master_key_id":"k1"}]}]}]`,
			unknown: `"arn":true,"id":true,"grant":[{"permissions":[false]}]`,
		}},
		want:  []string{"arn:aws:s3:::new: created", "arn:aws:s3:::new: ACL changed", "arn:aws:s3:::new: encryption changed"},
		holds: `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/k1"},"Ownership":"BucketOwnerEnforced","Acl":{"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}`,
	},
	{
		name: "bucket with dynamic blocks that are known in part",
		changes: []change{{
			kind: "aws_s3_bucket", actions: "create", config: `"bucket":{}`,
			after:   `"bucket":"new","tags_all":{},"grant":[{"type":"CanonicalUser","permissions":["READ"]}],"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms"}]}]}]`,
			unknown: `"arn":true,"id":true,"grant":[{"id":true}],"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":true}]}]}]`,
		}},
		want:  []string{"arn:aws:s3:::new: created", "arn:aws:s3:::new: ACL changed", "arn:aws:s3:::new: encryption changed"},
		gaps:  []string{"aws_s3_bucket.x: which key encrypts it is known only after apply"},
		holds: `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/known-after-apply-`,
		lacks: `"READ"`,
	},
	{
		name: "dynamic grants that are known in part",
		changes: []change{{
			kind: "aws_s3_bucket_acl", actions: "create", config: `"bucket":{}`,
			after:   `"bucket":"data","access_control_policy":[{"grant":[{"grantee":[{"type":"CanonicalUser"}],"permission":"READ"}],"owner":[{"id":"cafe"}]}]`,
			unknown: `"access_control_policy":[{"grant":[{"grantee":[{"id":true}]}]}]`,
		}},
		want:  []string{"arn:aws:s3:::data: ACL changed"},
		lacks: `"READ"`,
	},
	{
		name:    "encryption of which nothing is known",
		changes: []change{{kind: "aws_s3_bucket_server_side_encryption_configuration", actions: "create", after: `"bucket":"data"`, unknown: `"rule":true`}},
		want:    []string{"arn:aws:s3:::data: encryption changed"},
		gaps:    []string{"aws_s3_bucket_server_side_encryption_configuration.x: which key encrypts it is known only after apply"},
		holds:   `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/known-after-apply-`,
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
		gaps:    []string{"change by aws_s3_object.x: the object has an ACL of its own, which is not in the answers"},
	},
	{
		name:    "what a plan forgets stays",
		changes: []change{{kind: "aws_s3_bucket", actions: "forget", before: `"bucket":"data"`}},
	},
}
