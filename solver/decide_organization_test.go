package solver_test

import "testing"

// Section C3: service control policies.
func TestServiceControl(t *testing.T) {
	t.Parallel()
	const slr = "arn:aws:sts::A:assumed-role/AWSServiceRoleForX/s"
	runRows(t, []row{
		{"E108 every level allows", "U s3:GetObject O | idp +s3:*@* | scp +*@* | scp +*@* | scp +s3:*@*", "ALLOW"},
		{"E108 a gap at the root", "U s3:GetObject O | idp +s3:*@* | scp +ec2:*@* | scp +*@*", "IDENY"},
		{"E108 a gap below", "U s3:GetObject O | idp +s3:*@* | scp +*@* | scp +ec2:*@*", "IDENY"},
		{"E108 a level without policies", "U s3:GetObject O | idp +s3:*@* | scp +*@* | scp", "IDENY"},
		{"E108 a Deny at any level", "U s3:GetObject O | idp +s3:*@* | scp +*@* ; -s3:*@* | scp +*@*", "XDENY"},
		{"E108 SCPs grant nothing", "U s3:GetObject O | scp +*@*", "IDENY"},
		{"E109 no levels, no gate", "U s3:GetObject O | idp +s3:*@*", "ALLOW"},
		{"E110 wherever the resource lives", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=UB | scp +*@* ; -s3:*@*", "XDENY"},
		{"E110 sessions", "S s3:GetObject O | idp +s3:*@* | scp +ec2:*@*", "IDENY"},
		{"E110 federated users", "F s3:GetObject O | set by=U | idp +s3:*@* | sess +s3:*@* | scp +ec2:*@*", "IDENY"},
		{"E111 management account", "U s3:GetObject O | set mgmt | idp +s3:*@* | scp -s3:*@*", "ALLOW"},
		{"E111 service-linked role", "S s3:GetObject O | set slr | idp +s3:*@* | scp -s3:*@*", "ALLOW"},
		{"E111 service principal", "sns.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=sns.amazonaws.com | scp -sqs:*@*", "ALLOW"},
		{"E111 anonymous", "anonymous s3:GetObject O | rbp +s3:*@O P=* | scp -s3:*@*", "ALLOW"},
		{"E111 tasks of root", "rootA mechanicalturk:CreateHIT * | scp +s3:*@*", "ALLOW"},
		{"E111 of root only", "U mechanicalturk:CreateHIT * | idp +*@* | scp +s3:*@*", "IDENY"},
		{"E112 a direct grant does not pass an SCP", "U s3:GetObject O | rbp +s3:*@O P=U | scp +ec2:*@*", "IDENY"},
		{"E113 condition in an Allow, met", "U s3:GetObject O | ctx aws:RequestedRegion=eu-west-1 | idp +s3:*@* | scp +*@* ?StringEquals aws:RequestedRegion=eu-west-1", "ALLOW"},
		{"E113 condition in an Allow, not met", "U s3:GetObject O | ctx aws:RequestedRegion=us-east-1 | idp +s3:*@* | scp +*@* ?StringEquals aws:RequestedRegion=eu-west-1", "IDENY"},
		{"E113 resource in an Allow", "U s3:GetObject O | idp +s3:*@* | scp +s3:*@other/*", "IDENY"},
		{"E113 NotAction in an Allow", "U s3:GetObject O | idp +s3:*@* | scp +!s3:*@*", "IDENY"},
		{"E113 NotAction in an Allow, other service", "U s3:GetObject O | idp +s3:*@* | scp +!iam:*@*", "ALLOW"},
		{"E113 NotResource in a Deny", "U s3:GetObject O | idp +s3:*@* | scp +*@* ; -s3:*@!other/*", "XDENY"},
		{"E114 the caller's context", "U s3:GetObject O | set org=o-a | idp +s3:*@* | scp +*@* ; -*@* ?StringNotEquals aws:PrincipalOrgID=o-b", "XDENY"},
		{"E114 variables", "U s3:GetObject data/ann/x | idp +s3:*@* | scp +s3:*@data/${aws:username}/*", "ALLOW"},
		{"E114 variables of somebody else", "U s3:GetObject data/bob/x | idp +s3:*@* | scp +s3:*@data/${aws:username}/*", "IDENY"},
		{"E115 by the role's path", slr + " s3:GetObject O | set slr role=arn:aws:iam::A:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX | idp +s3:*@* | scp -s3:*@*", "ALLOW"},
		{
			"E115 roles of Identity Center are limited",
			"S s3:GetObject O | set role=arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_0123456789abcdef | idp +s3:*@* | scp +ec2:*@*", "IDENY",
		},
	})
}

// Section C4: resource control policies.
func TestResourceControl(t *testing.T) {
	t.Parallel()
	const fence = " | rcp -s3:*,sqs:*,sts:*,kms:*,sns:*@* P=* ?StringNotEqualsIfExists aws:PrincipalOrgID=o-a"
	runRows(t, []row{
		{"E116 an outsider", "UB s3:GetObject O | set org=o-b | idp +s3:*@* | rbp +s3:*@O P=UB" + fence, "XDENY"},
		{"E116 an insider", "UB s3:GetObject O | set org=o-a | idp +s3:*@* | rbp +s3:*@O P=UB" + fence, "ALLOW"},
		{"E116 no Allow is needed", "U s3:GetObject O | idp +s3:*@* | rcp", "ALLOW"},
		{"E116 any level", "U s3:GetObject O | idp +s3:*@* | rcp | rcp -s3:Get*@* P=* | rcp", "XDENY"},
		{"E117 the owner's own users", "U s3:GetObject O | idp +s3:*@* | rcp -s3:*@* P=*", "XDENY"},
		{"E117 root", "rootA s3:GetObject O | rcp -s3:*@* P=*", "XDENY"},
		{"E117 anonymous callers", "anonymous s3:GetObject O | rbp +s3:*@O P=*" + fence, "XDENY"},
		{"E117 services", "sns.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=sns.amazonaws.com" + fence, "XDENY"},
		{
			"E117 services excepted",
			"sns.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=sns.amazonaws.com" + fence + " ?BoolIfExists aws:PrincipalIsAWSService=false", "ALLOW",
		},
		{"E117 bearers of tokens", "oidc sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=oidc" + fence, "XDENY"},
		{"E118 resources of the management account", "U s3:GetObject O | set resmgmt | idp +s3:*@* | rcp -s3:*@* P=*", "ALLOW"},
		{"E118 calls by service-linked roles", "S s3:GetObject O | set slr | idp +s3:*@* | rcp -s3:*@* P=*", "ALLOW"},
		{"E118 kms:RetireGrant", "U kms:RetireGrant K | rbp +kms:*@* P=U | rcp -kms:*@* P=*", "ALLOW"},
		{"E118 AWS managed keys", "U kms:DescribeKey K | set awskey | rbp +kms:*@* P=U | rcp -kms:*@* P=*", "ALLOW"},
		{"E118 their aliases", "U kms:ListAliases arn:aws:kms:us-east-1:A:alias/aws/s3 | idp +kms:*@* | rcp -kms:*@* P=*", "ALLOW"},
		{"E118 not other keys", "U kms:DescribeKey K | rbp +kms:*@* P=U | rcp -kms:*@* P=*", "XDENY"},
		{"E117 bearers of tokens sign nothing", "oidc sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=oidc | rcp -sts:*@* P=* ?Bool aws:PrincipalIsAWSService=false", "ALLOW"},
		{"E119 sns is not covered", "U sns:Publish N | idp +sns:*@* | rcp -sns:*@* P=*", "ALLOW"},
		{"E119 opensearch is not es", "U es:ESHttpGet arn:aws:es:us-east-1:A:domain/d/x | idp +es:*@* | rcp -es:*@* P=*", "ALLOW low"},
		{"E119 dynamodb is covered", "U dynamodb:Scan arn:aws:dynamodb:us-east-1:A:table/t | idp +dynamodb:*@* | rcp -dynamodb:*@* P=*", "XDENY"},
		{"E120 roles are protected", "S sts:AssumeRole T | set org=o-b | rbp +sts:AssumeRole P=R" + fence, "XDENY"},
		{"E120 tagging their sessions too", "S sts:TagSession T | set org=o-b | rbp +sts:* P=R" + fence, "XDENY"},
		{"E121 an Allow in an RCP is nothing", "U s3:GetObject O | rcp +*@* P=*", "IDENY"},
	})
}

// Section C5: services, service-linked roles, forwarded calls, deputies,
// anonymous callers, reserved things, endpoints.
func TestServicesAndNobody(t *testing.T) {
	t.Parallel()
	const (
		sns     = "sns.amazonaws.com"
		slrRole = "arn:aws:iam::A:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
		ssoRole = "arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_0123456789abcdef"
	)
	runRows(t, []row{
		{"E122 nothing without a resource policy", sns + " sqs:SendMessage Q", "IDENY"},
		{"E122 named", sns + " sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=" + sns, "ALLOW"},
		{"E122 host names compare without case", sns + " sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=SNS.amazonaws.com", "ALLOW"},
		{"E122 another service", sns + " sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=s3.amazonaws.com", "IDENY"},
		{"E122 no account", sns + " sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=A", "IDENY"},
		{"E122 no user", "U sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=" + sns, "IDENY"},
		{"E122 trust", "ec2.amazonaws.com sts:AssumeRole T | rbp +sts:AssumeRole P=ec2.amazonaws.com", "ALLOW"},
		{"E13 star covers services", sns + " sqs:SendMessage Q | rbp +sqs:SendMessage@Q P=*", "ALLOW low"},
		{"E13 a Deny for everybody hits services", sns + " sqs:SendMessage Q | rbp +sqs:*@Q P=" + sns + " ; -sqs:*@Q P=*", "XDENY"},
		{"E123 pinned to another source", sns + " sqs:SendMessage Q | ctx aws:SourceAccount=B | rbp +sqs:*@Q P=" + sns + " ?StringEquals aws:SourceAccount=A", "IDENY"},
		{"E123 the right source", sns + " sqs:SendMessage Q | ctx aws:SourceAccount=A | rbp +sqs:*@Q P=" + sns + " ?StringEquals aws:SourceAccount=A", "ALLOW"},
		{"E124 users have no source", "U sqs:SendMessage Q | rbp +sqs:*@Q P=* ?ArnLike aws:SourceArn=N", "IDENY"},
		{"E125 Deny on a source hits all users", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=* ?StringNotEquals aws:SourceAccount=A", "XDENY"},
		{
			"E125 the correct fence spares them",
			"U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=* ?StringNotEqualsIfExists aws:SourceAccount=A ?Null aws:SourceAccount=false ?Bool aws:PrincipalIsAWSService=true", "ALLOW",
		},
		{"E126 nobody assumes a service-linked role", "U sts:AssumeRole " + slrRole + " | idp +*@* | rbp +sts:AssumeRole P=U", "IDENY"},
		{"E126 its service does", "x.amazonaws.com sts:AssumeRole " + slrRole + " | rbp +sts:AssumeRole P=x.amazonaws.com", "ALLOW"},
		{"E127 a service role is a role", "S s3:GetObject O | idp +s3:*@* | pb +ec2:*@*", "IDENY"},
		{"E128 the forwarded call is checked", "U s3:GetObject O | idp +s3:*@* | and kms:Decrypt K A | rbp +kms:*@* P=A", "IDENY"},
		{"E130 named accounts are not nobody", "anonymous s3:GetObject O | rbp +s3:*@O P=A", "IDENY"},
		{"E130 no organization", "anonymous s3:GetObject O | rbp +s3:*@O P=* ?StringEquals aws:PrincipalOrgID=o-a", "IDENY"},
		{"E130 account key reads anonymous", "anonymous s3:GetObject O | rbp +s3:*@O P=* ?StringEquals aws:PrincipalAccount=anonymous", "ALLOW"},
		{"E130 type", "anonymous s3:GetObject O | rbp +s3:*@O P=* ?StringEquals aws:PrincipalType=Anonymous", "ALLOW"},
		{"E130 queues take unsigned calls", "anonymous sqs:SendMessage Q | rbp +sqs:*@Q P=*", "ALLOW"},
		{"E130 keys do not", "anonymous kms:Decrypt K | rbp +kms:*@* P=*", "IDENY"},
		{"E130 roles do not", "anonymous sts:AssumeRole T | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E131 AWS managed policies", "U iam:CreatePolicyVersion arn:aws:iam::aws:policy/ReadOnlyAccess | idp +*@*", "IDENY"},
		{"E131 reserved roles", "U iam:AttachRolePolicy " + ssoRole + " | idp +*@*", "IDENY"},
		{"E131 reading them is fine", "U iam:GetRole " + ssoRole + " | idp +*@*", "ALLOW"},
		{"E131 reserved roles are not passed", "U iam:PassRole " + ssoRole + " | idp +*@*", "IDENY"},
		{"E131 service-linked roles are not given policies", "U iam:PutRolePolicy " + slrRole + " | idp +*@*", "IDENY"},
		{"E126 but made on demand", "U iam:CreateServiceLinkedRole " + slrRole + " | idp +*@*", "ALLOW"},
		{"E131 aliases of AWS", "U kms:UpdateAlias arn:aws:kms:us-east-1:A:alias/aws/s3 | idp +*@*", "IDENY"},
		{"E134 the endpoint policy has to allow", "U s3:GetObject O | idp +s3:*@* | vpce +s3:*@other/* P=*", "IDENY"},
		{"E134 it does", "U s3:GetObject O | idp +s3:*@* | vpce +*@* P=*", "ALLOW"},
		{"E134 it grants nothing", "U s3:GetObject O | vpce +*@* P=*", "IDENY"},
		{"E134 its Deny is absolute", "U s3:GetObject O | rbp +s3:*@O P=U | vpce +*@* P=* ; -s3:*@* P=*", "XDENY"},
		{"E134 it limits what a resource policy gives", "U s3:GetObject O | rbp +s3:*@O P=U | vpce +ec2:*@* P=*", "IDENY"},
		{"E134 root as well", "rootA s3:GetObject O | vpce +ec2:*@* P=*", "IDENY"},
		{"E134 and services", sns + " sqs:SendMessage Q | rbp +sqs:*@Q P=" + sns + " | vpce +ec2:*@* P=*", "IDENY"},
		{"E134 an account in it means its root user", "U s3:GetObject O | idp +s3:*@* | vpce +*@* P=A", "IDENY low"},
		{"E134 a Deny for an account as well", "U s3:GetObject O | idp +s3:*@* | vpce +*@* P=* ; -s3:*@* P=A", "ALLOW low"},
		{"E134 the root user", "rootA s3:GetObject O | vpce +*@* P=A", "ALLOW"},
		{"E134 endpoints of other services know accounts", "U sqs:SendMessage Q | idp +sqs:*@* | vpce +*@* P=A", "ALLOW"},
		{"E20 a region in the name, the resource's own", sns + " sqs:SendMessage Q | rbp +sqs:*@Q P=sns.us-east-1.amazonaws.com", "ALLOW low"},
		{"E20 the plain name for a caller with it", "sns.us-east-1.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=" + sns, "ALLOW low"},
		{"E20 another region", sns + " sqs:SendMessage Q | rbp +sqs:*@Q P=sns.me-south-1.amazonaws.com", "IDENY"},
		{"E20 from another region", "sns.me-south-1.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=" + sns, "IDENY"},
		{"E20 the same region-bound name", "logs.us-east-1.amazonaws.com sqs:SendMessage Q | rbp +sqs:*@Q P=logs.us-east-1.amazonaws.com", "ALLOW"},
		{"E20 a policy that knows the region of the bucket", sns + " s3:GetObject O | set region=us-east-1 | rbp +s3:*@O P=sns.us-east-1.amazonaws.com", "ALLOW low"},
		{"E13 star in a trust policy", "ec2.amazonaws.com sts:AssumeRole T | rbp +sts:AssumeRole P=*", "ALLOW low"},
		{"E126 a service-linked role is passed", "U iam:PassRole " + slrRole + " | idp +*@*", "ALLOW low"},
		{"E129 an address behind a forwarded call", "U s3:CreateBucket data | ctx aws:SourceIp=203.0.113.9 aws:ViaAWSService=true | idp +*@* ?IpAddress aws:SourceIp=203.0.113.0/24", "ALLOW low"},
		{"E129 a direct call", "U s3:CreateBucket data | ctx aws:SourceIp=203.0.113.9 aws:ViaAWSService=false | idp +*@* ?IpAddress aws:SourceIp=203.0.113.0/24", "ALLOW"},
		{"E134 narrowed by aws:PrincipalArn", "U s3:GetObject O | idp +s3:*@* | vpce +*@* P=* ?ArnEquals aws:PrincipalArn=UB", "IDENY"},
		{"E134 fenced by the resource's account", "U s3:GetObject O | set owner=B | idp +s3:*@* | rbp +s3:*@O P=U | vpce +s3:*@* P=* ?StringEquals aws:ResourceAccount=A", "IDENY"},
	})
}
