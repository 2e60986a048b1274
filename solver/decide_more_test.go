package solver_test

import "testing"

// Rules that follow from others: no code names them.
func TestWhatFollows(t *testing.T) {
	t.Parallel()
	const sso = "arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	const person = "arn:aws:sts::A:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/zoe"
	const eks = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X"
	const token = eks + " sts:AssumeRoleWithWebIdentity T"
	runRows(t, []row{
		{"E24 by the account and its own policy", person + " s3:GetObject O | set role=" + sso + " | idp +s3:*@* | rbp +s3:Get*@* P=A", "ALLOW"},
		{
			"E24 by the account and aws:PrincipalArn", person + " s3:GetObject O | set role=" + sso +
				" | rbp +s3:Get*@* P=* ?ArnLike aws:PrincipalArn=arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*", "ALLOW",
		},
		{
			"E24 another permission set", person + " s3:GetObject O | set role=" + sso +
				" | rbp +s3:Get*@* P=* ?ArnLike aws:PrincipalArn=arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Audit_*", "IDENY",
		},
		{
			"E155 its service account", token + " | ctx oidc.eks.us-east-1.amazonaws.com/id/X:sub=system:serviceaccount:shop:cart" +
				" | rbp +sts:AssumeRoleWithWebIdentity P=" + eks + " ?StringEquals oidc.eks.us-east-1.amazonaws.com/id/X:sub=system:serviceaccount:shop:cart", "ALLOW",
		},
		{
			"E155 another service account", token + " | ctx oidc.eks.us-east-1.amazonaws.com/id/X:sub=system:serviceaccount:shop:till" +
				" | rbp +sts:AssumeRoleWithWebIdentity P=" + eks + " ?StringEquals oidc.eks.us-east-1.amazonaws.com/id/X:sub=system:serviceaccount:shop:cart", "IDENY",
		},
		{"E160 account access manager", "account-access.amazonaws.com sts:AssumeRole T | ctx aws:SourceAccount=A | rbp +sts:AssumeRole P=account-access.amazonaws.com ?StringEquals aws:SourceAccount=A", "ALLOW"},
		{"E160 for another account", "account-access.amazonaws.com sts:AssumeRole T | ctx aws:SourceAccount=B | rbp +sts:AssumeRole P=account-access.amazonaws.com ?StringEquals aws:SourceAccount=A", "IDENY"},
		{"E231 federated users end here", "F sts:AssumeRole T | set by=U | idp +*@* | sess +*@* | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E231 root users end here", "rootA sts:AssumeRole T | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E231 a session policy without sts:AssumeRole", "S sts:AssumeRole T | idp +*@* | sess +s3:*@* | rbp +sts:AssumeRole P=R", "IDENY"},
		{"E231 a role that trusts services only", "U sts:AssumeRole T | idp +*@* | rbp +sts:AssumeRole P=ec2.amazonaws.com", "IDENY"},
	})
}
