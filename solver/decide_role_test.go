package solver_test

import "testing"

// Section D1: AssumeRole.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	const (
		sso    = "arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
		tag    = " | and sts:TagSession T A"
		source = " | and sts:SetSourceIdentity T A"
	)
	runRows(t, []row{
		{"E136 identity alone", "U sts:AssumeRole T | idp +sts:*@*", "IDENY"},
		{"E136 across accounts, trust alone", "UB sts:AssumeRole T | rbp +sts:AssumeRole P=UB", "IDENY"},
		{"E136 across accounts, both", "UB sts:AssumeRole T | idp +sts:AssumeRole@T | rbp +sts:AssumeRole P=UB", "ALLOW"},
		{"E136 across accounts, account and identity", "UB sts:AssumeRole T | idp +sts:AssumeRole@T | rbp +sts:AssumeRole P=B", "ALLOW"},
		{"E137 user named", "U sts:AssumeRole T | rbp +sts:AssumeRole P=U", "ALLOW"},
		{"E137 role named", "S sts:AssumeRole T | rbp +sts:AssumeRole P=R", "ALLOW"},
		{"E137 account named", "U sts:AssumeRole T | rbp +sts:AssumeRole P=A", "IDENY"},
		{"E137 account named, identity allows", "U sts:AssumeRole T | idp +sts:AssumeRole@T | rbp +sts:AssumeRole P=A", "ALLOW"},
		{"E137 account named, identity about another role", "U sts:AssumeRole T | idp +sts:AssumeRole@R | rbp +sts:AssumeRole P=A", "IDENY"},
		{"E137 star in the same account", "U sts:AssumeRole T | rbp +sts:AssumeRole P=*", "ALLOW"},
		{"E137 star from another account", "UB sts:AssumeRole T | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E138 boundary of a named role", "S sts:AssumeRole T | pb +ec2:*@* | rbp +sts:AssumeRole P=R", "IDENY"},
		{"E138 boundary of a named user", "U sts:AssumeRole T | pb +ec2:*@* | rbp +sts:AssumeRole P=U", "ALLOW low"},
		{"E138 boundary that allows", "U sts:AssumeRole T | pb +sts:*@* | rbp +sts:AssumeRole P=U", "ALLOW"},
		{"E138 boundary of a named user across accounts", "UB sts:AssumeRole T | idp +sts:*@* | pb +ec2:*@* | rbp +sts:AssumeRole P=UB", "IDENY"},
		{"E139 no implicit trust in itself", "S sts:AssumeRole R | idp +sts:*@*", "IDENY"},
		{"E139 a role that names itself", "S sts:AssumeRole R | rbp +sts:AssumeRole P=R", "ALLOW"},
		{"E140 root can't", "rootA sts:AssumeRole T | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E140 federated users can't", "F sts:AssumeRole T | set by=U | idp +sts:*@* | sess +sts:*@* | rbp +sts:AssumeRole P=*", "IDENY"},
		{"E142 grants for one session name", "S2 s3:GetObject O | rbp +s3:*@O P=S", "IDENY"},
		{"E142 a session name that trust demands", "U sts:AssumeRole T | ctx sts:RoleSessionName=bob | rbp +sts:AssumeRole P=U ?StringEquals sts:RoleSessionName=${aws:username}", "IDENY"},
		{"E142 and gets", "U sts:AssumeRole T | ctx sts:RoleSessionName=ann | rbp +sts:AssumeRole P=U ?StringEquals sts:RoleSessionName=${aws:username}", "ALLOW"},
		{"E74 role sessions have no aws:username", "S sts:AssumeRole T | ctx sts:RoleSessionName=app | rbp +sts:AssumeRole P=R ?StringLike sts:RoleSessionName=app${aws:username}", "IDENY"},
		{"E143 external id missing", "UB sts:AssumeRole T | idp +sts:*@* | rbp +sts:AssumeRole P=B ?StringEquals sts:ExternalId=e7", "IDENY"},
		{"E143 external id given", "UB sts:AssumeRole T | ctx sts:ExternalId=e7 | idp +sts:*@* | rbp +sts:AssumeRole P=B ?StringEquals sts:ExternalId=e7", "ALLOW"},
		{"E144 MFA with long-term keys", "U sts:AssumeRole T | rbp +sts:AssumeRole P=U ?Bool aws:MultiFactorAuthPresent=true", "IDENY"},
		{"E144 MFA with a token code", "U sts:AssumeRole T | ctx aws:MultiFactorAuthPresent=true | rbp +sts:AssumeRole P=U ?Bool aws:MultiFactorAuthPresent=true", "ALLOW"},
		{"E145 tags need sts:TagSession", "U sts:AssumeRole T | rbp +sts:AssumeRole P=U" + tag + " | rbp +sts:AssumeRole P=U", "IDENY"},
		{"E145 tags allowed", "U sts:AssumeRole T | rbp +sts:AssumeRole P=U" + tag + " | rbp +sts:AssumeRole,sts:TagSession P=U", "ALLOW"},
		{
			"E145 a tag value that trust pins",
			"U sts:AssumeRole T | ctx aws:RequestTag/team=blue aws:TagKeys=team | rbp +sts:AssumeRole P=U" + tag + " | rbp +sts:TagSession P=U ?StringEquals aws:RequestTag/team=red", "IDENY",
		},
		{"E147 inherited tags need it on the next role", "S sts:AssumeRole T | rbp +sts:AssumeRole P=R" + tag + " | rbp +sts:AssumeRole P=R", "IDENY"},
		{"E148 source identity not in trust", "U sts:AssumeRole T | rbp +sts:AssumeRole P=U" + source + " | rbp +sts:AssumeRole P=U", "IDENY"},
		{
			"E148 source identity across accounts needs the caller's policy",
			"UB sts:AssumeRole T | idp +sts:AssumeRole@T | rbp +sts:AssumeRole P=UB" + source + " | rbp +sts:SetSourceIdentity P=UB", "IDENY",
		},
		{"E149 context", "account-access.amazonaws.com sts:AssumeRole T | rbp +sts:AssumeRole P=account-access.amazonaws.com | and sts:SetContext T A | rbp +sts:AssumeRole P=account-access.amazonaws.com", "IDENY"},
		{
			"E159 pattern that misses the form without region",
			"S sts:AssumeRole T | set role=" + sso + " | idp +sts:*@* | rbp +sts:AssumeRole P=A ?ArnLike aws:PrincipalArn=arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*", "IDENY",
		},
		{
			"E159 pattern for both forms",
			"S sts:AssumeRole T | set role=" + sso + " | idp +sts:*@* | rbp +sts:AssumeRole P=A ?ArnLike aws:PrincipalArn=arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*", "ALLOW",
		},
		{"E161 PassRole is the identity's matter", "U iam:PassRole R | idp +iam:PassRole@R", "ALLOW"},
		{"E161 to another service", "U iam:PassRole R | ctx iam:PassedToService=ec2.amazonaws.com | idp +iam:PassRole@R ?StringEquals iam:PassedToService=lambda.amazonaws.com", "IDENY"},
		{"E161 not into another account", "U iam:PassRole RB | set owner=B | idp +iam:PassRole@*", "IDENY"},
		{"E162 AssumeRoot from an ordinary account", "S sts:AssumeRoot rootB | set owner=B | idp +sts:*@*", "IDENY"},
		{"E162 from the management account", "S sts:AssumeRoot rootB | set owner=B mgmt | idp +sts:*@*", "ALLOW"},
		{"E162 from a delegated administrator", "U sts:AssumeRoot rootB | set owner=B rootmanager | idp +sts:AssumeRoot@rootB", "ALLOW"},
		{"E162 without a permission", "S sts:AssumeRoot rootB | set owner=B mgmt", "IDENY"},
		{"E162 past a boundary", "S sts:AssumeRoot rootB | set owner=B mgmt | idp +sts:*@* | pb +s3:*@*", "IDENY"},
		{"E162 past a session policy", "S sts:AssumeRoot rootB | set owner=B mgmt | idp +sts:*@* | sess +s3:*@*", "IDENY"},
		{"E162 a task policy", "S sts:AssumeRoot rootB | set owner=B mgmt | ctx sts:TaskPolicyArn=arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy | idp +sts:*@* ; -sts:AssumeRoot@* ?StringNotLike sts:TaskPolicyArn=*/IAMAuditRootUserCredentials", "XDENY"},
		{"E162 SCPs of a delegated administrator", "S sts:AssumeRoot rootB | set owner=B rootmanager | idp +sts:*@* | scp +s3:*@*", "IDENY"},
		{"E162 root can't", "rootA sts:AssumeRoot rootB | set owner=B mgmt", "IDENY"},
		{"E162 not on the management account", "S sts:AssumeRoot rootB | set owner=B resmgmt rootmanager | idp +sts:*@*", "IDENY"},
		{"E162 not in another organization", "S sts:AssumeRoot rootB | set owner=B mgmt org=o-a resorg=o-b | idp +sts:*@*", "IDENY"},
		{"E164 making a key for a user", "U iam:CreateAccessKey U | idp +iam:CreateAccessKey@*", "ALLOW"},
	})
}

// Section D2: tokens into roles.
func TestFederation(t *testing.T) {
	t.Parallel()
	const (
		web  = "oidc sts:AssumeRoleWithWebIdentity T"
		sub  = "token.actions.githubusercontent.com:sub="
		aud  = "token.actions.githubusercontent.com:aud="
		ctx  = " | ctx " + aud + "sts.amazonaws.com " + sub
		host = "arn:aws:iam::A:oidc-provider/gitlab.com"
		pool = "cognito-identity.amazonaws.com"

		terraform = "arn:aws:iam::A:oidc-provider/app.terraform.io"
	)
	runRows(t, []row{
		{"E150 trust alone decides", web + " | rbp +sts:AssumeRoleWithWebIdentity P=oidc", "ALLOW"},
		{"E150 SCPs have no part", web + " | rbp +sts:AssumeRoleWithWebIdentity P=oidc | scp +ec2:*@*", "ALLOW"},
		{"E150 sts:AssumeRole for a provider does nothing", web + " | rbp +sts:AssumeRole P=oidc", "IDENY"},
		{"E150 a bearer can't call sts:AssumeRole", "oidc sts:AssumeRole T | rbp +sts:AssumeRole P=oidc", "IDENY"},
		{"E150 nor anything else", "oidc s3:GetObject O | rbp +s3:GetObject@O P=oidc", "IDENY"},
		{"E150 of a provider that is there no more no token is taken", web + " | set noprovider | rbp +sts:AssumeRoleWithWebIdentity P=oidc", "IDENY"},
		{"E150 nor of a SAML provider", "saml sts:AssumeRoleWithSAML T | set noprovider | rbp +sts:AssumeRoleWithSAML P=saml", "IDENY"},
		{"E150 a provider of another account is not that of the role", "arn:aws:iam::B:oidc-provider/gitlab.com sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=arn:aws:iam::B:oidc-provider/gitlab.com", "IDENY"},
		{"E21 another provider", host + " sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=oidc", "IDENY"},
		{"E26 star names no bearer of a token", web + " | rbp +sts:AssumeRoleWithWebIdentity P=*", "IDENY"},
		{"E26 nor does the account", web + " | rbp +sts:AssumeRoleWithWebIdentity P=A", "IDENY"},
		{"E26 star in an endpoint policy covers bearers", web + " | rbp +sts:AssumeRoleWithWebIdentity P=oidc | vpce +*@* P=*", "ALLOW"},
		{"E134 and one that is silent stops them", web + " | rbp +sts:AssumeRoleWithWebIdentity P=oidc | vpce +s3:*@* P=*", "IDENY"},
		{"E152 a branch", web + ctx + "repo:org/app:ref:refs/heads/main | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike " + sub + "repo:org/app:*", "ALLOW"},
		{"E152 star under StringEquals", web + ctx + "repo:org/app:ref:refs/heads/main | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringEquals " + sub + "repo:org/app:*", "IDENY"},
		{"E152 another repository", web + ctx + "repo:org/web:pull_request | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike " + sub + "repo:org/app:*", "IDENY"},
		{"E152 a repository with the same beginning", web + ctx + "repo:org/app-evil:pull_request | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike " + sub + "repo:org/app*", "ALLOW"},
		{"E154 a pool", pool + " sts:AssumeRoleWithWebIdentity T | ctx " + pool + ":aud=pool1 | rbp +sts:AssumeRoleWithWebIdentity P=" + pool + " ?StringEquals " + pool + ":aud=pool1", "ALLOW"},
		{"E154 a pool that is not named", pool + " sts:AssumeRoleWithWebIdentity T | ctx " + pool + ":aud=pool1 | rbp +sts:AssumeRoleWithWebIdentity P=" + pool, "ALLOW low"},
		{"E153 Terraform Cloud without a subject", terraform + " sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=" + terraform, "IDENY"},
		{"E153 Terraform Cloud with one", terraform + " sts:AssumeRoleWithWebIdentity T | ctx app.terraform.io:sub=organization:x:run | rbp +sts:AssumeRoleWithWebIdentity P=" + terraform + " ?StringLike app.terraform.io:sub=organization:x:*", "ALLOW"},
		{"E153 GitLab is checked when saved", host + " sts:AssumeRoleWithWebIdentity T | rbp +sts:AssumeRoleWithWebIdentity P=" + host, "ALLOW"},
		{
			"E154 a guest of the pool",
			pool + " sts:AssumeRoleWithWebIdentity T | ctx " + pool + ":aud=pool1 " + pool + ":amr=[unauthenticated] | rbp +sts:AssumeRoleWithWebIdentity P=" + pool + " ?StringEquals " + pool + ":aud=pool1 ?ForAnyValue:StringLike " + pool + ":amr=authenticated", "IDENY",
		},
		{"E156 pods need sts:TagSession", "pods.eks.amazonaws.com sts:AssumeRole T | rbp +sts:AssumeRole P=pods.eks.amazonaws.com | and sts:TagSession T A | rbp +sts:AssumeRole P=pods.eks.amazonaws.com", "IDENY"},
		{"E157 SAML", "saml sts:AssumeRoleWithSAML T | ctx saml:aud=https://signin.aws.amazon.com/saml | rbp +sts:AssumeRoleWithSAML P=saml ?StringEquals saml:aud=https://signin.aws.amazon.com/saml", "ALLOW"},
		{"E157 another recipient", "saml sts:AssumeRoleWithSAML T | ctx saml:aud=https://example.org | rbp +sts:AssumeRoleWithSAML P=saml ?StringEquals saml:aud=https://signin.aws.amazon.com/saml", "IDENY"},
		{"E158 a certificate of another name", "rolesanywhere.amazonaws.com sts:AssumeRole T | ctx aws:PrincipalTag/x509Subject/CN=db1 | rbp +sts:AssumeRole P=rolesanywhere.amazonaws.com ?StringEquals aws:PrincipalTag/x509Subject/CN=web1", "IDENY"},
	})
}
