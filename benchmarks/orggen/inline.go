package orggen

import "pathfinder/collector/snapshot"

// ownPolicies are inline policies as people write them, by the kind of thing
// that they are about: {arn} and {name} are its, {other} is another's ARN.
var ownPolicies = map[string][]string{
	bucket: {
		`{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["{arn}","{arn}/*"]}`,
		`{"Sid":"Write","Effect":"Allow","Action":["s3:PutObject","s3:DeleteObject"],"Resource":"{arn}/*"},{"Sid":"List","Effect":"Allow","Action":"s3:ListBucket","Resource":"{arn}","Condition":{"StringLike":{"s3:prefix":["incoming/*","outgoing/*"]}}}`,
		`{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"{arn}/secret/*"}`,
		`{"Effect":"Allow","Action":"s3:*","Resource":["{arn}","{arn}/*"]}`,
		`{"Effect":"Allow","Action":"s3:GetObject","NotResource":["arn:aws:s3:::*-backups-{account}/*","arn:aws:s3:::*-logs-{account}/*"]}`,
		`{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{artifacts}","arn:aws:s3:::{artifacts}/*"]},{"Effect":"Allow","Action":"s3:PutObject","Resource":"{arn}/*","Condition":{"StringEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}}`,
	},
	queue: {
		`{"Effect":"Allow","Action":["sqs:DeleteMessage","sqs:GetQueueAttributes","sqs:ReceiveMessage"],"Resource":"{arn}"}`,
		`{"Effect":"Allow","Action":"sqs:SendMessage","Resource":["{arn}","arn:aws:sqs:{region}:{account}:*-dead"]}`,
		`{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:{account}:*"},{"Effect":"Deny","Action":["sqs:DeleteQueue","sqs:PurgeQueue"],"Resource":"*"}`,
	},
	topic: {
		`{"Effect":"Allow","Action":"sns:Publish","Resource":"{arn}"}`,
		`{"Effect":"Allow","Action":["sns:Get*","sns:List*","sns:Subscribe"],"Resource":"*","Condition":{"StringEquals":{"sns:Protocol":["sqs","lambda"]}}}`,
	},
	key: {
		`{"Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"{arn}"}`,
		`{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{arn}","Condition":{"StringEquals":{"kms:ViaService":"s3.{region}.amazonaws.com"}}}`,
	},
	function: {
		`{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":["{arn}","{arn}:*"]}`,
		`{"Effect":"Allow","Action":["lambda:UpdateFunctionCode","lambda:PublishVersion","lambda:GetFunction"],"Resource":"{arn}"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::{account}:role/*-api-role","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`,
	},
	table: {
		`{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"],"Resource":["{arn}","{arn}/index/*"]}`,
		`{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"{arn}","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:PrincipalTag/team}"]},"Null":{"dynamodb:LeadingKeys":"false"}}}`,
		`{"Effect":"Allow","NotAction":["dynamodb:CreateTable","dynamodb:DeleteTable"],"Resource":"{arn}"}`,
	},
	secret: {
		`{"Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Resource":"{arn}"}`,
		`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}`,
	},
	repository: {
		`{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},{"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Resource":"{arn}"}`,
	},
	accessPoint: {
		`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"{arn}/object/*"}`,
	},
}

// generic are inline policies that name no thing of the account.
var generic = []string{
	`{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:{region}:{account}:*"}`,
	`{"Effect":"Allow","Action":["ec2:Describe*","autoscaling:Describe*","cloudwatch:GetMetricData"],"Resource":"*"}`,
	`{"Effect":"Allow","Action":["ec2:StartInstances","ec2:StopInstances"],"Resource":"arn:aws:ec2:*:{account}:instance/*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}`,
	`{"Effect":"Allow","Action":["ssm:GetParameter","ssm:GetParametersByPath"],"Resource":"arn:aws:ssm:{region}:{account}:parameter/config/*"}`,
}

// ownPolicy writes an inline policy about one or two things of the account.
func (a *account) ownPolicy(name string) snapshot.InlinePolicy {
	var text string
	for range 1 + a.IntN(3) {
		one := pick(a.random, generic)
		if len(a.things) > 0 && a.chance(0.8) {
			t := pick(a.random, a.things)
			one = fillIn(pick(a.random, ownPolicies[t.kind]), t)
		}
		if text != "" {
			text += ","
		}
		text += one
	}
	return a.inline(name, withoutTwins(text))
}
