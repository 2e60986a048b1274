package orggen

import "pathfinder/collector/snapshot"

// Customer managed policies. The first four stand in every account; the others
// come in two versions, as policies that people worked on do.
var customer = []struct {
	name, before, statements string
}{
	{name: "developer-boundary", statements: `{"Sid":"Services","Effect":"Allow","NotAction":["account:*","iam:*","organizations:*"],"Resource":"*"},{"Sid":"OwnStacks","Effect":"Allow","Action":["iam:Get*","iam:List*","iam:PassRole"],"Resource":"*"},{"Sid":"NoSecretsOfSecurity","Effect":"Deny","Action":"secretsmanager:*","Resource":"arn:aws:secretsmanager:*:*:secret:security/*"}`},
	{name: "require-mfa", statements: `{"Sid":"AllowManageOwnDevices","Effect":"Allow","Action":["iam:ChangePassword","iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:GetUser","iam:ListMFADevices","iam:ResyncMFADevice"],"Resource":["arn:aws:iam::{account}:mfa/*","arn:aws:iam::{account}:user/${aws:username}"]},{"Sid":"DenyAllExceptListedIfNoMFA","Effect":"Deny","NotAction":["iam:ChangePassword","iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:GetUser","iam:ListMFADevices","iam:ResyncMFADevice","sts:GetSessionToken"],"Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`},
	{name: "team-resources", statements: `{"Sid":"SecretsOfTheTeam","Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Resource":"*","Condition":{"StringEquals":{"secretsmanager:ResourceTag/team":"${aws:PrincipalTag/team}"}}},{"Sid":"TablesOfTheTeam","Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:aws:dynamodb:*:{account}:table/*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}`},
	{name: "office-network", statements: `{"Sid":"OnlyFromOffices","Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]},"BoolIfExists":{"aws:ViaAWSService":"false"}}}`},
	{name: "data-reader", before: `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, statements: `{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::*-{account}","arn:aws:s3:::*-{account}/*"]},{"Sid":"NotTheExports","Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::*-exports-{account}/*"}`},
	{name: "queue-operator", before: `{"Effect":"Allow","Action":["sqs:Get*","sqs:List*","sqs:PurgeQueue"],"Resource":"*"}`, statements: `{"Sid":"Inspect","Effect":"Allow","Action":["sqs:Get*","sqs:List*"],"Resource":"*"},{"Sid":"Redrive","Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:SendMessage","sqs:StartMessageMoveTask"],"Resource":"arn:aws:sqs:*:{account}:*-dead"}`},
	{name: "key-user", before: `{"Effect":"Allow","Action":"kms:*","Resource":"arn:aws:kms:*:{account}:key/*"}`, statements: `{"Effect":"Allow","Action":["kms:Decrypt","kms:DescribeKey","kms:GenerateDataKey*"],"Resource":"arn:aws:kms:*:{account}:key/*","Condition":{"ForAnyValue:StringLike":{"kms:ResourceAliases":"alias/*"}}}`},
	{name: "everything-but-identity", before: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, statements: `{"Effect":"Allow","NotAction":["account:*","iam:*","kms:ScheduleKeyDeletion","organizations:*","sts:AssumeRole"],"Resource":"*"},{"Effect":"Deny","Action":["s3:DeleteBucket","dynamodb:DeleteTable"],"Resource":"*"}`},
}

// forRoles are the customer managed policies that own roles have.
var forRoles = []string{"team-resources", "data-reader", "queue-operator", "key-user", "everything-but-identity"}

// customerPolicies makes the customer managed policies of the account.
func (a *account) customerPolicies() {
	if a.cfg.ManagedOnly {
		return
	}
	for _, c := range customer {
		p := &snapshot.ManagedPolicy{
			PolicyName: c.name, PolicyID: a.uniqueID("ANPA"), ARN: "arn:aws:iam::" + a.id + ":policy/" + c.name, Path: "/",
			DefaultVersionID: "v1", CreateDate: a.date(),
		}
		if c.before != "" {
			p.DefaultVersionID = "v2"
			p.PolicyVersionList = []snapshot.PolicyVersion{{Document: a.fill(c.before), VersionID: "v1"}}
		}
		current := snapshot.PolicyVersion{Document: a.fill(c.statements), VersionID: p.DefaultVersionID, IsDefaultVersion: true}
		p.PolicyVersionList = append([]snapshot.PolicyVersion{current}, p.PolicyVersionList...)
		a.out.IAM.Policies = append(a.out.IAM.Policies, p)
	}
}
