package solver_test

import "testing"

// Section F: keys and their grants.
func TestKMS(t *testing.T) {
	t.Parallel()
	const ec = "kms:EncryptionContext:"
	runRows(t, []row{
		{"E187 the account statement gives no user anything", "U kms:Decrypt K | rbp +kms:*@* P=A", "IDENY"},
		{"E187 it switches identity policies on", "U kms:Decrypt K | idp +kms:Decrypt@* | rbp +kms:*@* P=A", "ALLOW"},
		{"E187 without it they have no effect", "U kms:Decrypt K | idp +kms:*@* | rbp +kms:*@* P=R", "IDENY"},
		{"E187 a user named", "U kms:Decrypt K | rbp +kms:Decrypt@* P=U", "ALLOW"},
		{"E187 a role named, boundary silent", "S kms:Decrypt K | pb +ec2:*@* | rbp +kms:Decrypt@* P=R", "IDENY"},
		{"E188 delegation of few actions", "U kms:Decrypt K | idp +kms:*@* | rbp +kms:Describe*@* P=A", "IDENY"},
		{"E188 delegation under a condition", "U kms:Decrypt K | idp +kms:*@* | rbp +kms:*@* P=A ?StringEquals kms:ViaService=s3.us-east-1.amazonaws.com", "IDENY"},
		{"E189 making a key needs no key policy", "U kms:CreateKey * | idp +kms:CreateKey@*", "ALLOW"},
		{"E191 a grant is a way in", "S kms:Decrypt K | grant R Decrypt", "ALLOW"},
		{"E191 another operation", "S kms:Encrypt K | grant R Decrypt", "IDENY"},
		{"E191 another grantee", "S kms:Decrypt K | grant RB Decrypt", "IDENY"},
		{"E191 its context constraint, met", "S kms:Decrypt K | ctx " + ec + "app=pay | grant R Decrypt app=pay", "ALLOW"},
		{"E191 its context constraint, another value", "S kms:Decrypt K | ctx " + ec + "app=web | grant R Decrypt app=pay", "IDENY"},
		{"E191 its context constraint, a pair too many", "S kms:Decrypt K | ctx " + ec + "app=pay " + ec + "x=y | grant R Decrypt app=pay", "IDENY"},
		{"E191 the constraint does not bind DescribeKey", "S kms:DescribeKey K | grant R Decrypt,DescribeKey app=pay", "ALLOW"},
		{"E191 a Deny in the key policy", "S kms:Decrypt K | grant R Decrypt | rbp -kms:*@* P=R", "XDENY"},
		{"E191 a Deny in the identity policy", "S kms:Decrypt K | grant R Decrypt | idp -kms:*@*", "XDENY"},
		{"E191 an SCP gap", "S kms:Decrypt K | grant R Decrypt | scp +s3:*@*", "IDENY"},
		{"E191 an RCP", "S kms:Decrypt K | grant R Decrypt | rcp -kms:*@* P=*", "XDENY"},
		{"E191 nothing but the listed operations can be granted", "S kms:PutKeyPolicy K | grant R PutKeyPolicy", "IDENY"},
		{"E191 its context constraint, open", "S kms:Decrypt K | open | grant R Decrypt app=pay", `IF {"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":"app"},"StringEquals":{"kms:EncryptionContext:app":"pay"}}`},
		{"E191 its context constraint, open, and a pair too many", "S kms:Decrypt K | open | ctx " + ec + "x=y | grant R Decrypt app=pay", "IDENY"},
		{"E191 a source constraint, met", "ec2.amazonaws.com kms:Decrypt K | ctx aws:SourceArn=N | grant ec2.amazonaws.com Decrypt SourceArn=N", "ALLOW"},
		{"E191 a source constraint, another source", "ec2.amazonaws.com kms:Decrypt K | ctx aws:SourceArn=Q | grant ec2.amazonaws.com Decrypt SourceArn=N", "IDENY"},
		{"E191 a source constraint binds DescribeKey", "ec2.amazonaws.com kms:DescribeKey K | grant ec2.amazonaws.com DescribeKey SourceArn=N", "IDENY"},
		{"E191 a grantee that is no principal", "S kms:Decrypt K | grant arn:aws:iam::A:group/g Decrypt", "IDENY low"},
		{"E191 a service", "ec2.amazonaws.com kms:Decrypt K | grant ec2.amazonaws.com Decrypt", "ALLOW"},
		{"E192 to the account is delegation", "U kms:Decrypt K | grant A Decrypt", "IDENY low"},
		{"E192 with an identity policy", "U kms:Decrypt K | grant A Decrypt | idp +kms:*@*", "ALLOW low"},
		{"E192 to a role, boundary silent", "S kms:Decrypt K | grant R Decrypt | pb +ec2:*@*", "IDENY low"},
		{"E192 to a session, boundary silent", "S kms:Decrypt K | grant S Decrypt | pb +ec2:*@*", "ALLOW low"},
		{"E192 to a role, boundary allows", "S kms:Decrypt K | grant R Decrypt | pb +kms:*@*", "ALLOW"},
		{"E193 across accounts the grant is enough", "SB kms:Decrypt K | grant RB Decrypt", "ALLOW low"},
		{"E193 but not to an account", "SB kms:Decrypt K | grant B Decrypt", "IDENY low"},
		{"E193 an account and an identity policy", "SB kms:Decrypt K | grant B Decrypt | idp +kms:*@*", "ALLOW low"},
		{"E195 a direct call has no kms:ViaService", "U kms:Decrypt K | rbp +kms:*@* P=U ?StringEquals kms:ViaService=s3.us-east-1.amazonaws.com", "IDENY"},
		{"E195 a forwarded one has", "U kms:Decrypt K | ctx kms:ViaService=s3.us-east-1.amazonaws.com | rbp +kms:*@* P=U ?StringEquals kms:ViaService=s3.us-east-1.amazonaws.com", "ALLOW"},
		{"E196 encryption context in a key policy", "S kms:Decrypt K | ctx " + ec + "app=other | rbp +kms:*@* P=R ?StringEquals " + ec + "app=pay", "IDENY"},
		{"E197 decryption crosses accounts", "UB kms:Decrypt K | idp +kms:*@* | rbp +kms:*@* P=B", "ALLOW"},
		{"E197 with an identity policy", "UB kms:Decrypt K | rbp +kms:*@* P=B", "IDENY"},
		{"E197 administration does not cross", "UB kms:PutKeyPolicy K | idp +kms:*@* | rbp +kms:*@* P=B", "IDENY"},
		{"E198 an alias is no key", "U kms:Decrypt K | idp +kms:Decrypt@arn:aws:kms:us-east-1:A:alias/app | rbp +kms:*@* P=A", "IDENY"},
		{"E198 the caller's account is a key", "U kms:Decrypt K | rbp +kms:*@* P=* ?StringEquals kms:CallerAccount=A", "ALLOW low"},
		{"E190 an AWS managed key from another account", "UB kms:Decrypt K | idp +kms:*@* | rbp +kms:Decrypt@* P=* ?StringEquals kms:CallerAccount=A", "IDENY"},
	})
}

// Section F: the other services with resource policies.
func TestResourcePolicies(t *testing.T) {
	t.Parallel()
	const (
		table  = "arn:aws:dynamodb:us-east-1:A:table/t"
		vault  = "arn:aws:backup:us-east-1:A:backup-vault:v"
		fs     = "arn:aws:elasticfilesystem:us-east-1:A:file-system/fs-1"
		es     = "arn:aws:es:us-east-1:A:domain/d/x"
		bucket = "arn:aws:s3:::data"
		old    = "arn:aws:glacier:us-east-1:A:vaults/v"
		urls   = " | and lambda:InvokeFunction FN A"
	)
	rows := []row{
		{"E186 kinesis streams cross accounts", "UB kinesis:GetRecords arn:aws:kinesis:us-east-1:A:stream/s | idp +kinesis:*@* | rbp +kinesis:*@* P=UB", "ALLOW"},
		{"E199 either policy in the account", "U sqs:SendMessage Q | rbp +sqs:*@Q P=U", "ALLOW"},
		{"E199 sending crosses accounts", "UB sqs:SendMessage Q | idp +sqs:*@* | rbp +sqs:*@Q P=UB", "ALLOW"},
		{"E199 anybody may send", "anonymous sqs:SendMessage Q | rbp +sqs:*@Q P=*", "ALLOW"},
		{"E199 owner actions are not for anybody", "anonymous sqs:DeleteQueue Q | rbp +sqs:*@Q P=*", "IDENY"},
		{"E199 owner actions work in the account", "U sqs:DeleteQueue Q | rbp +sqs:*@Q P=U", "ALLOW"},
		{"E200 the default policy opens nothing to others", "UB sns:Publish N | idp +sns:*@* | rbp +sns:Publish@N P=* ?StringEquals AWS:SourceOwner=A", "IDENY"},
		{"E200 in the account the identity is enough", "U sns:Publish N | idp +sns:*@* | rbp +sns:Publish@N P=* ?StringEquals AWS:SourceOwner=A", "ALLOW"},
		{"E201 an alias is another resource", "U lambda:InvokeFunction arn:aws:lambda:us-east-1:A:function:fn:PROD | idp +lambda:*@FN", "IDENY"},
		{"E201 and the other way round", "U lambda:InvokeFunction FN | idp +lambda:*@arn:aws:lambda:us-east-1:A:function:fn:PROD", "IDENY"},
		{"E202 a URL needs both actions", "U lambda:InvokeFunctionUrl FN | idp +lambda:InvokeFunctionUrl@FN" + urls, "IDENY"},
		{"E202 and has them", "U lambda:InvokeFunctionUrl FN | idp +lambda:Invoke*@FN" + urls, "ALLOW"},
		{
			"E202 without signature",
			"anonymous lambda:InvokeFunctionUrl FN | ctx lambda:FunctionUrlAuthType=NONE | rbp +lambda:InvokeFunctionUrl@FN P=* ?StringEquals lambda:FunctionUrlAuthType=NONE" + urls + " | rbp +lambda:InvokeFunction@FN P=*", "ALLOW",
		},
		{"E203 a table does not cover its index", "U dynamodb:Query " + table + "/index/i | idp +dynamodb:*@" + table, "IDENY"},
		{"E203 leading keys of a scan", "U dynamodb:Scan " + table + " | idp +dynamodb:*@* ?ForAllValues:StringEquals dynamodb:LeadingKeys=ann", "ALLOW"},
		{"E204 secrets cross accounts", "UB secretsmanager:GetSecretValue X | idp +secretsmanager:*@* | rbp +secretsmanager:*@* P=UB", "ALLOW"},
		{"E204 some actions do not", "UB secretsmanager:CreateSecret X | idp +secretsmanager:*@* | rbp +secretsmanager:*@* P=UB", "IDENY"},
		{"E204 the key has to let the caller in", "UB secretsmanager:GetSecretValue X | idp +*@* | rbp +secretsmanager:*@* P=UB | and kms:Decrypt K A", "IDENY"},
		{"E204 six random characters", "U secretsmanager:GetSecretValue X | idp +secretsmanager:*@arn:aws:secretsmanager:us-east-1:A:secret:x-??????", "ALLOW"},
		{"E205 the token has no resource", "U ecr:GetAuthorizationToken * | idp +ecr:*@arn:aws:ecr:us-east-1:A:repository/r", "IDENY"},
		{"E206 another rule", "events.amazonaws.com sqs:SendMessage Q | ctx aws:SourceArn=arn:aws:events:us-east-1:A:rule/r1 | rbp +sqs:*@Q P=events.amazonaws.com ?ArnEquals aws:SourceArn=arn:aws:events:us-east-1:A:rule/r2", "IDENY"},
		{"E207 IAM authorization across accounts", "UB execute-api:Invoke arn:aws:execute-api:us-east-1:A:a1/p/GET/ | rbp +execute-api:Invoke@* P=UB", "IDENY"},
		{"E208 services write logs", "es.amazonaws.com logs:PutLogEvents arn:aws:logs:us-east-1:A:log-group:g:* | rbp +logs:*@* P=es.amazonaws.com", "ALLOW"},
		{"E209 no policy, everybody mounts", "anonymous elasticfilesystem:ClientMount " + fs, "ALLOW"},
		{"E209 and the account's users", "U elasticfilesystem:ClientRootAccess " + fs, "ALLOW"},
		{"E209 a lone Deny closes it", "anonymous elasticfilesystem:ClientMount " + fs + " | ctx aws:SecureTransport=true | rbp -*@* P=* ?Bool aws:SecureTransport=false", "IDENY"},
		{"E209 other actions stay closed", "U elasticfilesystem:DeleteFileSystem " + fs, "IDENY"},
		{"E210 a table needs its database", "UB glue:GetTable arn:aws:glue:us-east-1:A:table/d/t | idp +glue:*@* | rbp +glue:*@arn:aws:glue:us-east-1:A:table/d/t P=UB | and glue:GetTable arn:aws:glue:us-east-1:A:database/d A", "IDENY"},
		{"E211 vaults share one action", "UB backup:CopyIntoBackupVault " + vault + " | idp +backup:*@* | rbp +backup:*@* P=B", "ALLOW"},
		{"E211 and no other", "UB backup:StartRestoreJob " + vault + " | idp +backup:*@* | rbp +backup:*@* P=B", "IDENY"},
		{"E212 unsigned by address", "anonymous es:ESHttpGet " + es + " | ctx aws:SourceIp=203.0.113.9 | rbp +es:*@* P=* ?IpAddress aws:SourceIp=203.0.113.0/24", "ALLOW"},
		{"E212 from elsewhere", "anonymous es:ESHttpGet " + es + " | ctx aws:SourceIp=198.51.100.1 | rbp +es:*@* P=* ?IpAddress aws:SourceIp=203.0.113.0/24", "IDENY"},
		{"E213 a vault lock binds root", "rootA glacier:DeleteArchive " + old + " | ctx glacier:ArchiveAgeInDays=10 | rbp +glacier:*@* P=A | rbp -glacier:DeleteArchive@* P=* ?NumericLessThan glacier:ArchiveAgeInDays=365", "XDENY"},
		{"E214 a token needs sts as well", "U codeartifact:GetAuthorizationToken arn:aws:codeartifact:us-east-1:A:domain/d | idp +codeartifact:*@* | and sts:GetServiceBearerToken * A", "IDENY"},
	}
	for _, action := range []string{
		"AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues",
		"ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue",
	} {
		rows = append(rows, row{"E199 owner only, " + action, "UB sqs:" + action + " Q | idp +sqs:*@* | rbp +sqs:*@Q P=UB", "IDENY"})
	}
	for _, action := range []string{"GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"} {
		rows = append(
			rows,
			row{"E94 owner only, " + action, "UB s3:" + action + " " + bucket + " | idp +s3:*@* | rbp +s3:*@* P=UB", "IDENY"},
			row{"E94 in the account, " + action, "U s3:" + action + " " + bucket + " | rbp +s3:*@* P=U", "ALLOW"},
		)
	}
	rows = append(rows, row{"E94 other settings of a bucket cross accounts", "UB s3:PutBucketTagging " + bucket + " | idp +s3:*@* | rbp +s3:*@* P=UB", "ALLOW"})
	runRows(t, rows)
}
