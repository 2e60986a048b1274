package terraform_test

const (
	queueARN    = `"arn":"arn:aws:sqs:eu-central-1:111122223333:q","name":"q"`
	topicARN    = `"arn":"arn:aws:sns:eu-central-1:111122223333:t","name":"t"`
	functionARN = `"arn":"arn:aws:lambda:eu-central-1:111122223333:function:f","function_name":"f","role":"arn:aws:iam::111122223333:role/app"`
)

var otherCases = []kindCase{
	{
		name:    "queue that gets a key",
		changes: []change{{kind: "aws_sqs_queue", actions: "update", before: queueARN + `,"kms_master_key_id":""`, after: queueARN + `,"kms_master_key_id":"k1","tags_all":{}`}},
		want:    []string{"arn:aws:sqs:eu-central-1:A:q: encryption changed"},
		holds:   `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/k1"}`,
	},
	{
		name:    "queue that gets a key that is not known",
		changes: []change{{kind: "aws_sqs_queue", actions: "update", before: queueARN, after: queueARN + `,"tags_all":{}`, unknown: `"kms_master_key_id":true`}},
		want:    []string{"arn:aws:sqs:eu-central-1:A:q: encryption changed"},
		gaps:    []string{"aws_sqs_queue.x: which key encrypts it is known only after apply"},
		holds:   `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/known-after-apply-`,
	},
	{
		name:    "topic that gets the key of AWS",
		changes: []change{{kind: "aws_sns_topic", actions: "update", before: topicARN + `,"kms_master_key_id":"k1"`, after: topicARN + `,"kms_master_key_id":"alias/aws/sns","tags_all":{}`}},
		want:    []string{"arn:aws:sns:eu-central-1:A:t: encryption changed"},
	},
	{
		name:    "topic made with a key",
		changes: []change{{kind: "aws_sns_topic", actions: "create", after: `"name":"new","kms_master_key_id":"k1","tags_all":{}`, unknown: `"arn":true`}},
		want:    []string{"arn:aws:sns:eu-central-1:A:new: created"},
		holds:   `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/k1"}`,
	},
	{
		name:    "function with other tags",
		changes: []change{{kind: "aws_lambda_function", actions: "update", before: functionARN + `,"tags_all":{"a":"b"}`, after: functionARN + `,"tags_all":{"a":"c"}`}},
		want:    []string{"arn:aws:lambda:eu-central-1:A:function:f: tags changed"},
		holds:   `"Tags":{"a":"c"}`,
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
			{address: "aws_lambda_permission.a", kind: "aws_lambda_permission", actions: "create", after: `"function_name":"f","statement_id":"new","action":"lambda:InvokeFunction","principal":"s3.amazonaws.com","source_account":"111122223333","source_arn":"arn:aws:s3:::data"`},
			{address: "aws_lambda_permission.b", kind: "aws_lambda_permission", actions: "delete", before: `"function_name":"arn:aws:lambda:eu-central-1:111122223333:function:f","statement_id":"s"`},
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
		name: "a source that refers to a bucket may be more than that",
		changes: []change{
			{kind: "aws_s3_bucket", actions: "create", after: `"bucket":"b","tags_all":{}`, unknown: `"arn":true`, config: `"bucket":{}`},
			{kind: "aws_lambda_permission", actions: "create", after: `"function_name":"f","statement_id":"new","action":"lambda:InvokeFunction","principal":"s3.amazonaws.com"`, unknown: `"source_arn":true`, config: `"source_arn":{"references":["aws_s3_bucket.x.arn","aws_s3_bucket.x"]}`},
		},
		want:  []string{"arn:aws:s3:::b: created", "arn:aws:lambda:eu-central-1:A:function:f: policy changed"},
		holds: `"Policy":{"UnknownBecause":"known only after apply: aws_lambda_permission.x.source_arn"}`,
	},
	{
		name: "a grantee by count.index may be the next one",
		changes: []change{
			{address: "aws_iam_user.u[0]", kind: "aws_iam_user", actions: "create", after: `"name":"u0","path":"/","tags_all":{}`, unknown: `"arn":true`},
			{address: "aws_kms_grant.g[0]", kind: "aws_kms_grant", actions: "create", after: `"key_id":"k1","operations":["Decrypt"]`, unknown: `"grantee_principal":true`, config: `"grantee_principal":{"references":["aws_iam_user.u","count.index"]}`},
		},
		want: []string{"arn:aws:iam::A:user/u0: created"},
		gaps: []string{"change by aws_kms_grant.g[0]: what it belongs to is known only after apply (grantee_principal), so it is missing from the answers"},
	},
	{
		name: "function made with an open URL and an alias",
		changes: []change{
			{kind: "aws_lambda_function", actions: "create", after: `"function_name":"g","tags_all":{}`, unknown: `"arn":true`},
			{kind: "aws_lambda_function_url", actions: "create", after: `"function_name":"g","authorization_type":"NONE"`},
			{kind: "aws_lambda_permission", actions: "create", after: `"function_name":"g","qualifier":"live","statement_id":"o","action":"lambda:InvokeFunction","principal":"*","principal_org_id":"o-1"`},
		},
		want: []string{
			"arn:aws:lambda:eu-central-1:A:function:g: created", "arn:aws:lambda:eu-central-1:A:function:g: URLs changed",
			"arn:aws:lambda:eu-central-1:A:function:g: policy changed",
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
			"r-1: policy type RESOURCE_CONTROL_POLICY ENABLED", "r-1: policy p-RCPFullAWSAccess attached to all that hangs in it",
			"r-1: policy type SERVICE_CONTROL_POLICY DISABLED",
			"ou-known-after-apply-1add3167: created", "ou-known-after-apply-1add3167: policy p-FullAWSAccess attached",
			"ou-known-after-apply-1add3167: policy p-RCPFullAWSAccess attached",
			"p-known-after-apply-2f14367a: created", "o-1: resource policy changed", "444455556666: moved into ou-known-after-apply-1add3167",
			"r-1: policy p-known-after-apply-2f14367a attached",
		},
		gaps: []string{
			"aws_organizations_organizational_unit.x: its id is known only after apply; answers call it ou-known-after-apply-1add3167",
		},
	},
	{
		name: "function that runs as a new role, and URLs that come and go",
		changes: []change{
			{kind: "aws_iam_role", actions: "create", after: `"name":"new","path":"/","tags_all":{},"assume_role_policy":"{}"`, unknown: `"arn":true`},
			{kind: "aws_lambda_function", actions: "create", after: `"function_name":"g","tags_all":{}`, unknown: `"arn":true,"role":true`, config: `"role":{"references":["aws_iam_role.x.arn","aws_iam_role.x"]}`},
			{address: "aws_lambda_function_url.a", kind: "aws_lambda_function_url", actions: "create", after: `"function_name":"g","authorization_type":"AWS_IAM"`},
			{address: "aws_lambda_function_url.b", kind: "aws_lambda_function_url", actions: "delete", before: `"function_name":"f"`},
		},
		want: []string{
			"arn:aws:lambda:eu-central-1:A:function:f: URLs changed", "arn:aws:iam::A:role/new: created",
			"arn:aws:lambda:eu-central-1:A:function:g: created", "arn:aws:lambda:eu-central-1:A:function:g: URLs changed",
		},
		holds: `"Roles":["arn:aws:iam::111122223333:role/new"],"Urls":[{"FunctionArn":"arn:aws:lambda:eu-central-1:111122223333:function:g","AuthType":"AWS_IAM"}]`,
	},
	{
		name: "aliases of keys",
		changes: []change{
			{address: "aws_kms_alias.a", kind: "aws_kms_alias", actions: "delete", before: `"name":"alias/old","target_key_id":"k1","target_key_arn":"arn:aws:kms:eu-central-1:111122223333:key/k1"`},
			{address: "aws_kms_alias.b", kind: "aws_kms_alias", actions: "create", after: `"name":"alias/new","target_key_id":"k1"`},
		},
		want:  []string{"arn:aws:kms:eu-central-1:A:key/k1: aliases changed", "arn:aws:kms:eu-central-1:A:key/k1: aliases changed"},
		holds: `"Aliases":["alias/new"]`,
	},
	{
		name: "organization, taken apart",
		changes: []change{
			{kind: "aws_organizations_resource_policy", actions: "delete", before: `"content":"{}"`},
			{kind: "aws_organizations_policy_attachment", actions: "delete", before: `"policy_id":"p-1","target_id":"ou-1"`},
			{kind: "aws_organizations_policy", actions: "delete", before: `"id":"p-1"`},
			{kind: "aws_organizations_account", actions: "delete", before: `"id":"444455556666"`},
			{kind: "aws_organizations_organizational_unit", actions: "delete", before: `"id":"ou-1"`},
		},
		want: []string{
			"ou-1: policy p-1 detached", "444455556666: removed from the organization",
			"ou-1: policy p-FullAWSAccess detached", "ou-1: removed", "p-1: removed", "o-1: resource policy changed",
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
		name: "endpoints made, with a policy of their own and by a resource, changed, emptied and removed",
		changes: []change{
			{address: "aws_vpc_endpoint.a", kind: "aws_vpc_endpoint", actions: "create", after: `"vpc_id":"vpc-1","tags_all":{},"policy":` + quote(read), unknown: `"arn":true,"id":true`, config: `"policy":{}`},
			{address: "aws_vpc_endpoint.b", kind: "aws_vpc_endpoint", actions: "create", after: `"tags_all":{}`, unknown: `"arn":true,"id":true,"vpc_id":true,"policy":true`, config: `"vpc_id":{}`},
			{kind: "aws_vpc_endpoint_policy", actions: "create", after: `"policy":` + quote(write), unknown: `"vpc_endpoint_id":true`, config: `"vpc_endpoint_id":{"references":["aws_vpc_endpoint.b.id","aws_vpc_endpoint.b"]}`},
			{address: "aws_vpc_endpoint.c", kind: "aws_vpc_endpoint", actions: "update", before: endpoint("1") + `,"policy":"{}"`, after: endpoint("1") + `,"policy":` + quote(read), config: `"policy":{}`},
			{address: "aws_vpc_endpoint_policy.d", kind: "aws_vpc_endpoint_policy", actions: "update", before: `"vpc_endpoint_id":"vpce-2","policy":"{}"`, after: `"vpc_endpoint_id":"vpce-2","policy":""`},
			{address: "aws_vpc_endpoint.e", kind: "aws_vpc_endpoint", actions: "delete", before: endpoint("3")},
		},
		want: []string{
			"arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-3: removed",
			"arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-known-after-apply-9e9b2f4e: created", "arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-known-after-apply-306fd88a: created",
			"arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-1: policy changed", "arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-known-after-apply-306fd88a: policy changed",
			"arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-2: policy changed",
		},
		gaps: []string{
			"aws_vpc_endpoint.a: its id is known only after apply; answers call it vpce-known-after-apply-9e9b2f4e",
			"aws_vpc_endpoint.b: its id is known only after apply; answers call it vpce-known-after-apply-306fd88a",
		},
		holds: `vpc-endpoint/vpce-2","Type":"AWS::EC2::VPCEndpoint","Tags":{},"Policy":null`,
	},
	{
		name: "the policy of an endpoint that is not known is that of any that is made",
		changes: []change{
			{kind: "aws_vpc_endpoint", actions: "create", after: `"tags_all":{}`, unknown: `"arn":true,"id":true`, config: `"vpc_id":{}`},
			{kind: "aws_vpc_endpoint_policy", actions: "create", after: `"policy":` + quote(write), unknown: `"vpc_endpoint_id":true`, config: `"vpc_endpoint_id":{"references":["aws_vpc_endpoint.x","count.index"]}`},
		},
		want: []string{"arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-known-after-apply-07e10ce4: created", "arn:aws:ec2:eu-central-1:A:vpc-endpoint/vpce-known-after-apply-07e10ce4: policy changed"},
		gaps: []string{
			"aws_vpc_endpoint.x: its id is known only after apply; answers call it vpce-known-after-apply-07e10ce4",
			"aws_vpc_endpoint_policy.x: what it belongs to is known only after apply (vpc_endpoint_id), so it is missing from the answers",
		},
		holds: `{"UnknownBecause":"known only after apply: aws_vpc_endpoint_policy.x.vpc_endpoint_id"}`,
	},
	{
		name: "policies in attributes of what the snapshot holds: set, taken away, not known, and as before",
		changes: []change{
			{kind: "aws_secretsmanager_secret", actions: "update", before: secret + `,"policy":""`, after: secret + `,"policy":` + quote(read), config: `"policy":{}`},
			{kind: "aws_opensearch_domain", actions: "update", before: `"arn":"arn:aws:es:eu-central-1:111122223333:domain/d","access_policies":"{}"`, after: `"arn":"arn:aws:es:eu-central-1:111122223333:domain/d","access_policies":""`, config: `"access_policies":{}`},
			{address: "aws_secretsmanager_secret.same", kind: "aws_secretsmanager_secret", actions: "update", before: secret + `,"policy":"{}"`, after: secret + `,"policy":"{}","description":"x"`, config: `"policy":{}`},
		},
		want:  []string{"arn:aws:secretsmanager:eu-central-1:A:secret:s-AbCdEf: policy changed", "arn:aws:es:eu-central-1:A:domain/d: policy changed"},
		holds: `"arn:aws:es:eu-central-1:111122223333:domain/d","Type":"AWS::OpenSearchService::Domain","Policy":null`,
	},
	{
		name: "a policy in an attribute that is not understood can't be read",
		changes: []change{
			{kind: "aws_kinesis_odd_stream", actions: "update", before: `"arn":"arn:aws:kinesis:eu-central-1:111122223333:stream/k","resource_policy":"{}"`, after: `"arn":"arn:aws:kinesis:eu-central-1:111122223333:stream/k","resource_policy":` + quote(read)},
			{kind: "aws_dynamodb_odd_table", actions: "update", before: `"arn":"arn:aws:dynamodb:eu-central-1:111122223333:table/t","resource_policy":"{}"`, after: `"arn":"arn:aws:dynamodb:eu-central-1:111122223333:table/t","resource_policy":"{}"`},
		},
		want:  []string{"arn:aws:kinesis:eu-central-1:A:stream/k: policy changed"},
		gaps:  []string{"change by aws_kinesis_odd_stream.x: not understood: aws_kinesis_odd_stream; what it changes is not in the answers"},
		holds: `{"UnknownBecause":"a change of it is not understood: aws_kinesis_odd_stream.x.resource_policy"}`,
	},
	{
		name: "what bears on access and is not understood, and what does not",
		changes: []change{
			{kind: "aws_glue_resource_policy", actions: "create", after: `"policy":"{}"`},
			{kind: "aws_s3_bucket_versioning", actions: "create", after: `"bucket":"data"`},
			{kind: "aws_kms_ciphertext", actions: "create", after: `"plaintext":"x"`},
			{kind: "aws_ecr_lifecycle_policy", actions: "create", after: `"policy":"{}"`},
			{kind: "aws_instance", actions: "create", after: `"ami":"x"`},
		},
		gaps: []string{"change by aws_glue_resource_policy.x: not understood: aws_glue_resource_policy; what it changes is not in the answers"},
	},
	{
		name: "policies of a secret, a repository, a table, a file system, a bus, a vault, a stream and a domain",
		changes: []change{
			{kind: "aws_secretsmanager_secret_policy", actions: "create", after: `"secret_arn":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf","policy":` + quote(read)},
			{kind: "aws_ecr_repository_policy", actions: "update", before: `"repository":"team/r","policy":"{}"`, after: `"repository":"team/r","policy":` + quote(read)},
			{kind: "aws_dynamodb_resource_policy", actions: "create", after: `"resource_arn":"arn:aws:dynamodb:eu-central-1:111122223333:table/t"`, unknown: `"policy":true`, config: `"policy":{}`},
			{kind: "aws_efs_file_system_policy", actions: "delete", before: `"file_system_id":"fs-1","policy":"{}"`},
			{kind: "aws_cloudwatch_event_bus_policy", actions: "create", after: `"event_bus_name":"default","policy":` + quote(read)},
			{kind: "aws_backup_vault_policy", actions: "create", after: `"backup_vault_name":"v","policy":` + quote(read)},
			{kind: "aws_kinesis_resource_policy", actions: "update", before: `"resource_arn":"arn:aws:kinesis:eu-central-1:111122223333:stream/k","policy":"{}"`, after: `"resource_arn":"arn:aws:kinesis:eu-central-1:111122223333:stream/k","policy":"{}"`},
			{kind: "aws_opensearch_domain_policy", actions: "create", after: `"domain_name":"d","access_policies":` + quote(read)},
		},
		want: []string{
			"arn:aws:elasticfilesystem:eu-central-1:A:file-system/fs-1: policy changed",
			"arn:aws:secretsmanager:eu-central-1:A:secret:s-AbCdEf: policy changed",
			"arn:aws:ecr:eu-central-1:A:repository/team/r: policy changed",
			"arn:aws:dynamodb:eu-central-1:A:table/t: policy changed",
			"arn:aws:events:eu-central-1:A:event-bus/default: policy changed",
			"arn:aws:backup:eu-central-1:A:backup-vault:v: policy changed",
			"arn:aws:es:eu-central-1:A:domain/d: policy changed",
		},
		holds: `{"UnknownBecause":"known only after apply: aws_dynamodb_resource_policy.x.policy"}`,
		lacks: `"Arn":"arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1","Type":"AWS::EFS::FileSystem","Policy":{`,
	},
	{
		name: "policies of secrets that are not in the snapshot, or known only after apply",
		changes: []change{
			{address: "aws_secretsmanager_secret_policy.a", kind: "aws_secretsmanager_secret_policy", actions: "create", after: `"policy":` + quote(read), unknown: `"secret_arn":true`, config: `"secret_arn":{"references":["aws_secretsmanager_secret.s.arn","aws_secretsmanager_secret.s"]}`},
			{address: "aws_secretsmanager_secret_policy.b", kind: "aws_secretsmanager_secret_policy", actions: "create", after: `"secret_arn":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf","policy":` + quote(read)},
		},
		gaps: []string{
			"aws_secretsmanager_secret_policy.a: what it belongs to is known only after apply (secret_arn), so it is missing from the answers",
			"arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf: a change of its policy is left out: the snapshot does not hold the resource",
		},
	},
	{
		name: "the older name of the policy of a domain",
		changes: []change{
			{kind: "aws_elasticsearch_domain_policy", actions: "delete", before: `"domain_name":"d","access_policies":"{}"`},
		},
		want: []string{"arn:aws:es:eu-central-1:A:domain/d: policy changed"},
	},
	{
		name: "two policies of one repository",
		changes: []change{
			{address: "aws_ecr_repository_policy.a", kind: "aws_ecr_repository_policy", actions: "delete", before: `"repository":"team/r","policy":"{}"`},
			{address: "aws_ecr_repository_policy.b", kind: "aws_ecr_repository_policy", actions: "create", after: `"repository":"team/r","policy":` + quote(read)},
		},
		want: []string{
			"arn:aws:ecr:eu-central-1:A:repository/team/r: policy changed", "arn:aws:ecr:eu-central-1:A:repository/team/r: policy changed",
			"arn:aws:ecr:eu-central-1:A:repository/team/r: policy changed",
		},
		gaps:  []string{"change by aws_ecr_repository_policy.b: several changes of the plan are about the same policy, and it does not say which comes last; what is there afterwards is not known"},
		holds: `several changes of the plan are about the same policy: aws_ecr_repository_policy.b`,
	},
	{
		name: "policies of resources that are not understood",
		changes: []change{
			{kind: "aws_secretsmanager_secret", actions: "update", before: `"policy":""`, after: `"policy":` + quote(read)},
			{kind: "aws_opensearch_domain", actions: "update", before: `"access_policies":` + quote(read), after: `"access_policies":` + quote(write)},
			{kind: "aws_api_gateway_rest_api", actions: "update", before: `"policy":` + quote(read), after: `"policy":""`},
			{kind: "aws_glacier_vault", actions: "create", after: `"name":"v"`, unknown: `"access_policy":true`, config: `"access_policy":{}`},
			{kind: "aws_media_store_container", actions: "delete", before: `"policy":` + quote(read)},
			{kind: "aws_ecr_repository_creation_template", actions: "create", after: `"repository_policy":` + quote(read)},
		},
		gaps: notUnderstood("aws_secretsmanager_secret", "aws_opensearch_domain", "aws_api_gateway_rest_api", "aws_glacier_vault", "aws_media_store_container", "aws_ecr_repository_creation_template"),
	},
	{
		name: "resources that have no policy, or keep theirs",
		changes: []change{
			{kind: "aws_secretsmanager_secret", actions: "create", after: `"name":"s"`, unknown: `"policy":true`},
			{kind: "aws_opensearch_domain", actions: "update", before: `"access_policies":` + quote(read), after: `"access_policies":` + quote(read)},
			{kind: "aws_api_gateway_rest_api", actions: "delete", before: `"policy":""`},
			{kind: "aws_glacier_vault", actions: "no-op", before: `"access_policy":` + quote(read), after: `"access_policy":` + quote(read)},
		},
	},
	{
		name: "types that bear on access whatever is in them",
		changes: []change{
			{kind: "awscc_iam_role", actions: "create", after: `"role_name":"x"`},
			{kind: "awscc_s3_bucket", actions: "update", before: `"bucket_name":"x"`, after: `"bucket_name":"x"`},
			{kind: "aws_cloudformation_stack", actions: "create", after: `"name":"x"`},
			{kind: "aws_cloudformation_stack_set", actions: "delete", before: `"name":"x"`},
			{kind: "aws_cloudformation_stack_set_instance", actions: "create", after: `"stack_set_name":"x"`},
			{kind: "aws_ses_identity_policy", actions: "create", after: `"name":"x"`},
			{kind: "aws_networkfirewall_resource_policy", actions: "create", after: `"policy":"{}"`},
			{kind: "aws_networkfirewall_firewall_policy", actions: "create", after: `"name":"x"`},
			{kind: "aws_cloudformation_type", actions: "create", after: `"type":"x"`},
		},
		gaps: notUnderstood("awscc_iam_role", "awscc_s3_bucket", "aws_cloudformation_stack", "aws_cloudformation_stack_set", "aws_cloudformation_stack_set_instance",
			"aws_ses_identity_policy", "aws_networkfirewall_resource_policy"),
	},
}

// notUnderstood are the gaps of resources of these types.
func notUnderstood(types ...string) (gaps []string) {
	for _, name := range types {
		gaps = append(gaps, "change by "+name+".x: not understood: "+name+"; what it changes is not in the answers")
	}
	return gaps
}

const secret = `"arn":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf"`

// endpoint names a VPC endpoint of the world.
func endpoint(id string) string {
	return `"id":"vpce-` + id + `","arn":"arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-` + id + `","tags_all":{}`
}
