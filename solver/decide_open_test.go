package solver_test

import "testing"

// Section G: what is left open comes out as a condition.
func TestOpenContext(t *testing.T) {
	t.Parallel()
	const (
		get   = " s3:GetObject O | open | idp +s3:GetObject@*"
		list  = "U s3:ListBucket data | open | idp +s3:ListBucket@*"
		fence = " | rbp -s3:*@O P=* ?"
	)
	runRows(t, []row{
		{"E215 nothing open", "U" + get, "ALLOW"},
		{"E215 network", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8", `IF {"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`},
		{"E215 a chosen tag", "U sqs:TagQueue Q | open | idp +sqs:*@* ?StringEquals aws:RequestTag/team=red", `IF {"StringEquals":{"aws:RequestTag/team":"red"}}`},
		{
			"E48 nobody knows which of two tags counts", "U" + get + " ?StringEquals aws:PrincipalTag/team=red | set tag:Team=red tag:TEAM=blue",
			`IF {"StringEquals":{"aws:PrincipalTag/team":"red"}} low`,
		},
		{"E215 two keys", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 ?StringLike aws:UserAgent=x*", `IF {"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"StringLike":{"aws:UserAgent":"x*"}}`},
		{
			"E215 two ways", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | idp +s3:*@* ?StringEquals aws:SourceVpce=vpce-1",
			`IF [{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},{"StringEquals":{"aws:SourceVpce":"vpce-1"}}]`,
		},
		{"E215 an unconditional way beside it", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | idp +s3:*@*", "ALLOW"},
		{"E215 a gate's condition joins", "U" + get + " | scp +*@* ?StringEquals aws:SourceVpc=vpc-1", `IF {"StringEquals":{"aws:SourceVpc":"vpc-1"}}`},
		{"E215 a boundary's condition joins", "U" + get + " | pb +*@* ?StringEquals aws:SourceVpc=vpc-1", `IF {"StringEquals":{"aws:SourceVpc":"vpc-1"}}`},
		{"E219 Deny without TLS", "U" + get + fence + "Bool aws:SecureTransport=false", `IF {"BoolIfExists":{"aws:SecureTransport":"true"}}`},
		{"E219 Deny outside the network", "U" + get + fence + "NotIpAddress aws:SourceIp=10.0.0.0/8", `IF {"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`},
		{
			"E219 Deny with two conditions", "U" + get + fence + "NotIpAddress aws:SourceIp=10.0.0.0/8 ?StringNotEquals aws:SourceVpce=vpce-1",
			`IF [{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},{"StringEquals":{"aws:SourceVpce":"vpce-1"}}]`,
		},
		{"E219 a direct grant past an open Allow", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | rbp +s3:*@O P=U", "ALLOW"},
		{"E219 contradictory ranges", "U" + get + " ?IpAddress aws:SourceIp=10.1.0.0/16 | scp +*@* ; -*@* ?NotIpAddress aws:SourceIp=203.0.113.0/24", "XDENY"},
		{"E219 contradictory Allows", "U" + get + " ?StringEquals aws:SourceVpc=vpc-1 | pb +*@* ?StringEquals aws:SourceVpc=vpc-2", "IDENY"},
		{"E219 an Allow that its own Deny eats", "U" + get + " ?StringEquals aws:SourceVpc=vpc-1 | idp -*@* ?StringEquals aws:SourceVpc=vpc-1", "XDENY"},
		{"E219 ranges that meet", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | pb +*@* ?IpAddress aws:SourceIp=10.1.0.0/16", `IF {"ForAnyValue:IpAddress":{"aws:SourceIp":"10.1.0.0/16"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`},
		{"E219 the internet and an endpoint", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | pb +*@* ?StringEquals aws:SourceVpce=vpce-1", "IDENY"},
		{"E219 two facts of one endpoint", "U" + get + " ?StringEquals aws:SourceVpc=vpc-1 | pb +*@* ?StringEquals aws:SourceVpce=vpce-1", `IF {"StringEquals":{"aws:SourceVpc":"vpc-1","aws:SourceVpce":"vpce-1"}}`},
		{"E219 both sides of a condition", "U" + get + " ?Bool aws:SecureTransport=true | idp +s3:*@* ?BoolIfExists aws:SecureTransport=false", "ALLOW"},
		{"E219 an open Deny alone is no access", "U s3:GetObject O | open" + fence + "Bool aws:SecureTransport=false", "IDENY"},
		{"E219 a certain Deny", "U" + get + " | scp +*@* ; -s3:*@*", "XDENY"},
		{"E219 across accounts both conditions join", "UB" + get + " ?StringEquals aws:SourceVpc=vpc-1 | rbp +s3:*@O P=UB ?Bool aws:SecureTransport=true", `IF {"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}`},
		{"E32 the conditions of all checks join", "U" + get + " ?StringEquals aws:SourceVpc=vpc-1 | and kms:Decrypt K A | rbp +kms:*@* P=U ?Bool aws:SecureTransport=true", `IF {"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}`},
		{"E32 contradictory checks", "U" + get + " ?StringEquals aws:SourceVpc=vpc-1 | and kms:Decrypt K A | rbp +kms:*@* P=U ?StringEquals aws:SourceVpc=vpc-2", "IDENY"},
		{"E217 a key given is no condition", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | ctx aws:SourceIp=10.1.2.3", "ALLOW"},
		{"E217 a key given as absent", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | ctx aws:SourceIp=~", "IDENY"},
		{"E217 a key that the question leaves unset", "U" + get + " ?IpAddress aws:SourceIp=10.0.0.0/8 | unset aws:SourceIp", "IDENY"},
		{"E217 unset does not touch what AWS always sets", "U" + get + " ?Bool aws:SecureTransport=true | unset aws:SecureTransport", `IF {"Bool":{"aws:SecureTransport":"true"}}`},
		{"E217 nor what the caller fixes", "U" + get + " ?StringEquals aws:username=ann | unset aws:username", "ALLOW"},
		{"E217 nor the MFA key of sessions", "S" + get + " ?Bool aws:MultiFactorAuthPresent=false | unset aws:MultiFactorAuthPresent", "ALLOW low"},
		{"E49 s3:prefix of a list call", list + " ?StringLike s3:prefix=home/*", `IF {"StringLike":{"s3:prefix":"home/*"}}`},
		{"E49 s3:prefix of GetObject", "U" + get + " ?StringLike s3:prefix=home/*", "IDENY"},
		{"E180 a Deny on the prefix", list + " ; -s3:*@* ?StringNotLike s3:prefix=home/*", `IF {"StringLike":{"s3:prefix":"home/*"}}`},
		{"E124 aws:SourceArn of a user", "U sqs:SendMessage Q | open | rbp +sqs:*@Q P=* ?ArnLike aws:SourceArn=N", "IDENY"},
		{"E124 aws:SourceArn of a service", "sns.amazonaws.com sqs:SendMessage Q | open | rbp +sqs:*@Q P=sns.amazonaws.com ?ArnLike aws:SourceArn=N", `IF {"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:111111111111:t1"}}`},
		{"E221 services have no network", "sns.amazonaws.com sqs:SendMessage Q | open | rbp +sqs:*@Q P=sns.amazonaws.com ; -sqs:*@Q P=* ?NotIpAddress aws:SourceIp=10.0.0.0/8", "XDENY"},
		{"E221 the exception for services", "sns.amazonaws.com sqs:SendMessage Q | open | rbp +sqs:*@Q P=sns.amazonaws.com ; -sqs:*@Q P=* ?NotIpAddress aws:SourceIp=10.0.0.0/8 ?Bool aws:PrincipalIsAWSService=false", "ALLOW"},
		{"E217 an open time", "U" + get + " ?DateLessThan aws:CurrentTime=2030-01-01T00:00:00Z", `IF {"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`},
		{"E217 the time given in seconds", "U" + get + " ?DateLessThan aws:CurrentTime=2030-01-01T00:00:00Z | ctx aws:EpochTime=1800000000", "ALLOW"},
		{"E203 an open list", "U dynamodb:Query arn:aws:dynamodb:us-east-1:A:table/t | open | idp +dynamodb:*@* ?ForAllValues:StringEquals dynamodb:LeadingKeys=ann", `IF {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":"ann"}}`},
		{"E64 a negated operator holds for an absent list only", "U sqs:TagQueue Q | open | idp +sqs:*@* ?StringNotEquals aws:TagKeys=a", `IF {"Null":{"aws:TagKeys":"true"}} low`},
		{"E64 and a Deny fires for an absent list only", "U sqs:TagQueue Q | open | idp +sqs:*@* ; -sqs:*@* ?StringNotEquals aws:TagKeys=a", `IF {"Null":{"aws:TagKeys":"false"}} low`},
		{"E64 IfExists holds for an absent list only", "U sqs:TagQueue Q | open | idp +sqs:*@* ?StringEqualsIfExists aws:TagKeys=a", `IF {"Null":{"aws:TagKeys":"true"}} low`},
		{"E64 a negated operator and a list", "U sqs:TagQueue Q | ctx aws:TagKeys=[b] | idp +sqs:*@* ?StringNotEquals aws:TagKeys=a", "IDENY low"},
		{"E64 a negated operator and an empty list", "U sqs:TagQueue Q | ctx aws:TagKeys=[] | idp +sqs:*@* ?StringNotEquals aws:TagKeys=a", "ALLOW low"},
		{"E64 a negated operator and no list", "U sqs:TagQueue Q | idp +sqs:*@* ?StringNotEquals aws:TagKeys=a", "ALLOW low"},
		{"E35 a run-on with an open variable", "U sqs:SendMessage arn:aws:sqs:us-east-1:A:q:x-red | open | idp +sqs:*@arn:aws:sqs:*:*:x-${aws:PrincipalTag/Team}", `IF {"StringEquals":{"aws:PrincipalTag/Team":"red"}} low`},
		{"E41 a condition keeps the key as written", "U s3:GetObject data/red/x | open | idp +s3:*@data/${aws:PrincipalTag/Team}/x", `IF {"StringEquals":{"aws:PrincipalTag/Team":"red"}}`},
		{"E41 a variable that can't help", "R s3:ListBucket data | open | set sessiontags | idp +s3:*@data/${aws:PrincipalTag/a,'y'}/*", "IDENY"},
		{"E64 a list without set operator", "U sqs:TagQueue Q | open | idp +sqs:*@* ?StringEquals aws:TagKeys=a", "IDENY low"},
	})
}

// E216: the keys about the caller.
func TestOpenCaller(t *testing.T) {
	t.Parallel()
	const (
		get = " s3:GetObject O | open | idp +s3:GetObject@*"
		mfa = " ?Bool aws:MultiFactorAuthPresent=true"
	)
	runRows(t, []row{
		{"E216 MFA of a user", "U" + get + mfa, `IF {"Bool":{"aws:MultiFactorAuthPresent":"true"}}`},
		{"E144 MFA of a role session", "S" + get + mfa, "IDENY low"},
		{"E144 MFA of a session by token", "S" + get + mfa + " | set web", "IDENY"},
		{"E144 MFA age of a role session", "S" + get + " ?NumericLessThan aws:MultiFactorAuthAge=3600", "IDENY"},
		{"E220 Deny without MFA, a user", "U" + get + " ; -*@* ?BoolIfExists aws:MultiFactorAuthPresent=false", `IF {"Bool":{"aws:MultiFactorAuthPresent":"true"}}`},
		{"E220 Deny without MFA, a role session", "S" + get + " ; -*@* ?BoolIfExists aws:MultiFactorAuthPresent=false", "XDENY low"},
		{"E80 an open session name", "R s3:GetObject O | open | rbp +s3:*@O P=S", `IF {"StringEquals":{"aws:userid":"AROAAPPAPP:s1"}}`},
		{"E80 aws:userid covers every session", "R" + get + " ?StringLike aws:userid=AROAAPPAPP:*", "ALLOW"},
		{"E80 aws:userid of one session", "R" + get + " ?StringLike aws:userid=AROAAPPAPP:s*", `IF {"StringLike":{"aws:userid":"AROAAPPAPP:s*"}}`},
		{"E80 aws:userid of another role", "R" + get + " ?StringLike aws:userid=AROABATCH1:*", "IDENY"},
		{"E80 Deny for other sessions", "R" + get + " ; -*@* ?StringNotEquals aws:userid=AROAAPPAPP:s1", `IF {"StringEquals":{"aws:userid":"AROAAPPAPP:s1"}}`},
		{"E80 the session's role is unknown", "R s3:GetObject O | open | set id= | rbp +s3:*@O P=S", "IF {} and whether the session is named s1"},
		{"E216 organization unknown", "U" + get + " ?StringEquals aws:PrincipalOrgID=o-a", `IF {"StringEquals":{"aws:PrincipalOrgID":"o-a"}}`},
		{"E216 organization known", "U" + get + " ?StringEquals aws:PrincipalOrgID=o-a | set org=o-a", "ALLOW"},
		{"E216 another organization", "U" + get + " ?StringEquals aws:PrincipalOrgID=o-a | set org=o-b", "IDENY"},
		{"E216 outside any organization", "U" + get + " ?StringEquals aws:PrincipalOrgID=o-a | set org=", "IDENY"},
		{"E222 path", "U" + get + " ?ForAnyValue:StringLike aws:PrincipalOrgPaths=o-a/r-1/ou-x/* | set org=o-a path=o-a/r-1/ou-x/ou-y/", "ALLOW"},
		{"E222 another path", "U" + get + " ?ForAnyValue:StringLike aws:PrincipalOrgPaths=o-a/r-1/ou-x/* | set org=o-a path=o-a/r-1/ou-z/", "IDENY"},
		{"E222 unknown path", "U" + get + " ?ForAnyValue:StringLike aws:PrincipalOrgPaths=o-a/r-1/ou-x/*", `IF {"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/r-1/ou-x/*"}}`},
		{"E216 anonymous callers have none", "anonymous s3:GetObject O | open | rbp +s3:*@O P=* ?StringEquals aws:PrincipalOrgID=o-a", "IDENY"},
		{"E216 a tag that nobody knows", "U" + get + " ?StringEquals aws:PrincipalTag/team=red", `IF {"StringEquals":{"aws:PrincipalTag/team":"red"}}`},
		{"E216 a tag known", "U" + get + " ?StringEquals aws:PrincipalTag/Team=red | set tag:team=red", "ALLOW"},
		{"E216 all tags known", "U" + get + " ?StringEquals aws:PrincipalTag/team=red | set tags", "IDENY"},
		{"E146 session tags overwrite", "S" + get + " ?StringEquals aws:PrincipalTag/team=red | set tag:team=blue sessiontags", `IF {"StringEquals":{"aws:PrincipalTag/team":"red"}}`},
		{"E146 session tags overwrite, and take nothing off", "S" + get + " ?Null aws:PrincipalTag/team=true | set tag:team=blue sessiontags", "IDENY"},
		{"E146 what the role has is there", "S" + get + " ?Null aws:PrincipalTag/team=false | set tag:team=blue sessiontags", "ALLOW"},
		{"E146 what it has not may be there", "S" + get + " ?Null aws:PrincipalTag/team=true | set tag:other=blue sessiontags", `IF {"Null":{"aws:PrincipalTag/team":"true"}}`},
		{"E216 root has no tags", "rootA s3:GetObject O | open | rbp -s3:*@O P=* ?StringNotEquals aws:PrincipalTag/team=red", "XDENY"},
		{"E216 PrincipalArn of a session is its role", "S" + get + " ?ArnLike aws:PrincipalArn=R", "ALLOW"},
		{"E216 services have no PrincipalArn", "sns.amazonaws.com sqs:SendMessage Q | open | rbp +sqs:*@Q P=sns.amazonaws.com ; -sqs:*@Q P=sns.amazonaws.com ?ArnNotEquals aws:PrincipalArn=U", "XDENY low"},
		{"E216 a caller of an unknown account", "someone@B s3:GetObject O | open | rbp +s3:*@O P=B ?ArnLike aws:PrincipalArn=arn:aws:iam::B:role/x*", `IF {"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/x*"}}`},
		{"E216 not an ARN of another account", "someone@B s3:GetObject O | open | rbp +s3:*@O P=B ?ArnLike aws:PrincipalArn=arn:aws:iam::A:role/x*", "IDENY"},
		{"E223 the region of a regional resource", "U sqs:SendMessage Q | open | idp +sqs:*@* ?StringEquals aws:RequestedRegion=us-east-1", "ALLOW"},
		{"E223 another region", "U sqs:SendMessage Q | open | idp +sqs:*@* ; -*@* ?StringNotEquals aws:RequestedRegion=eu-west-1", "XDENY"},
		{"E223 the bucket's region", "U" + get + " ?StringEquals aws:RequestedRegion=eu-west-1 | set region=eu-west-1", "ALLOW"},
		{"E223 an unknown region", "U" + get + " ?StringEquals aws:RequestedRegion=eu-west-1", `IF {"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`},
		{"E223 a fence without exceptions stops IAM", "U iam:GetUser U | open | idp +iam:*@* ; -*@* ?StringNotEquals aws:RequestedRegion=eu-west-1", "XDENY"},
		{"E216 tags of the resource unknown", "U sqs:SendMessage Q | open | idp +sqs:*@* ?StringEquals aws:ResourceTag/env=dev", `IF {"StringEquals":{"aws:ResourceTag/env":"dev"}}`},
		{"E216 tags of the resource known", "U sqs:SendMessage Q | open | set restag:env=prod | idp +sqs:*@* ?StringEquals aws:ResourceTag/env=dev", "IDENY"},
		{"E216 the resource's organization unknown", "U" + get + " ?StringEquals aws:ResourceOrgID=o-a", `IF {"StringEquals":{"aws:ResourceOrgID":"o-a"}}`},
		{"E216 and known", "U" + get + " ?StringEquals aws:ResourceOrgID=${aws:PrincipalOrgID} | set org=o-a resorg=o-a", "ALLOW"},
		{"E151 claims of a user", "U" + get + " ?StringEquals token.actions.githubusercontent.com:sub=x", "IDENY"},
		{"E151 claims that a session keeps", "S" + get + " ?StringEquals oidc.example.com:sub=x | set web", `IF {"StringEquals":{"oidc.example.com:sub":"x"}}`},
		{"E151 of a role that users assume as well", "S" + get + " ?StringEquals oidc.example.com:sub=x | set token", `IF {"StringEquals":{"oidc.example.com:sub":"x"}}`},
		{"E144 MFA of such a role", "S" + get + mfa + " | set token", "IDENY low"},
		{"E144 MFA of such a role, if it is there", "S" + get + " ?BoolIfExists aws:MultiFactorAuthPresent=true | set token", `IF {"Null":{"aws:MultiFactorAuthPresent":"true"}} low`},
		{"E144 MFA of a session by token, if it is there", "S" + get + " ?BoolIfExists aws:MultiFactorAuthPresent=true | set web", "ALLOW"},
		{"E151 claims that end with the trust check", "S" + get + " ?StringEquals oidc.example.com:email=x | set web", "IDENY"},
		{"E151 a provider with a path", "S" + get + " ?StringEquals oidc.example.com/id/1:sub=x | set web", `IF {"StringEquals":{"oidc.example.com/id/1:sub":"x"}}`},
		{"E157 SAML keys of a session", "S" + get + " ?StringEquals saml:namequalifier=x | set web", `IF {"StringEquals":{"saml:namequalifier":"x"}}`},
		{"E157 SAML keys of the trust check", "S" + get + " ?StringEquals saml:iss=x | set web", "IDENY"},
		{"E151 claims of a token", "oidc sts:AssumeRoleWithWebIdentity T | open | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike token.actions.githubusercontent.com:sub=repo:org/*", `IF {"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/*"}}`},
		{"E151 claims of tokens of another provider", "oidc sts:AssumeRoleWithWebIdentity T | open | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike gitlab.com:sub=project_path:org/*", "IDENY"},
		{"E151 all but such", "oidc sts:AssumeRoleWithWebIdentity T | open | rbp +sts:AssumeRoleWithWebIdentity P=oidc ?StringLike token.actions.githubusercontent.com:sub=repo:org/* ?StringNotEquals gitlab.com:sub=x", `IF {"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/*"}}`},
		{"E151 claims of a cluster that is gone", "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX1 sts:AssumeRoleWithWebIdentity T | open | rbp +sts:AssumeRoleWithWebIdentity P=arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX1 ?StringEquals oidc.eks.eu-west-1.amazonaws.com/id/EX2:sub=x", "IDENY"},
		{"E151 claims of the cluster", "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX1 sts:AssumeRoleWithWebIdentity T | open | rbp +sts:AssumeRoleWithWebIdentity P=arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX1 ?StringEquals oidc.eks.eu-west-1.amazonaws.com/id/EX1:sub=x", `IF {"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/EX1:sub":"x"}}`},
		{"E157 claims of a token in an assertion", "saml sts:AssumeRoleWithSAML T | open | rbp +sts:AssumeRoleWithSAML P=saml ?StringEquals token.actions.githubusercontent.com:sub=x", "IDENY"},
		{"E157 claims of an assertion", "saml sts:AssumeRoleWithSAML T | open | rbp +sts:AssumeRoleWithSAML P=saml ?StringEquals saml:sub=x", `IF {"StringEquals":{"saml:sub":"x"}}`},
		{"E175 no access point on a direct request", "UB" + get + " | rbp +s3:*@O P=* ?StringEquals s3:DataAccessPointAccount=A", "IDENY"},
	})
}

// E67 to E74: variables that are open.
func TestOpenVariables(t *testing.T) {
	t.Parallel()
	const home = "U s3:GetObject data/home/ann/x | open | idp +s3:GetObject@data/home/"
	runRows(t, []row{
		{"E72 a known variable", home + "${aws:username}/*", "ALLOW"},
		{"E72 an open one", home + "${aws:PrincipalTag/team}/x", `IF {"StringEquals":{"aws:PrincipalTag/team":"ann"}}`},
		{"E72 an open one that can't fit", "U s3:GetObject data/home/ann/x | open | idp +s3:GetObject@data/away/${aws:PrincipalTag/team}/x", "IDENY"},
		{"E72 an open one with wildcards", home + "${aws:PrincipalTag/team}/*", `IF {"StringEquals":{"aws:PrincipalTag/team":"ann"}}`},
		{"E72 an open one with too many ways to fit", "U s3:GetObject data/home/ann/x | open | idp +s3:GetObject@*${aws:PrincipalTag/team}*", "IF {} and whether arn:aws:s3:::*${aws:PrincipalTag/team}* covers arn:aws:s3:::data/home/ann/x"},
		{"E72 in a condition", "U s3:GetObject O | open | idp +s3:*@* ?StringEquals aws:PrincipalTag/team=x-${aws:SourceVpc}", `IF {"StringEquals":{"aws:PrincipalTag/team":"x-${aws:SourceVpc}"}}`},
		{"E72 a known one in a condition", "U s3:GetObject O | open | idp +s3:*@* ?StringEquals aws:PrincipalTag/team=${aws:username}", `IF {"StringEquals":{"aws:PrincipalTag/team":"ann"}}`},
		{"E73 without a value the fence is open", "S s3:GetObject O | open | idp +s3:*@* ; -s3:*@!data/${aws:username}/*", "ALLOW low"},
		{
			"E73 an open variable", "U s3:GetObject data/red | open | idp +s3:*@* ; -s3:*@!data/${aws:PrincipalTag/team}",
			`IF [{"Null":{"aws:PrincipalTag/team":"true"}},{"StringEquals":{"aws:PrincipalTag/team":"red"}}] low`,
		},
		{"E73 a default is a value", "U s3:GetObject data/red | open | idp +s3:*@* ; -s3:*@!data/${aws:PrincipalTag/team,'red'}", "IF {} and whether arn:aws:s3:::data/${aws:PrincipalTag/team,'red'} covers arn:aws:s3:::data/red"},
		{"E73 one of two is missing", "S s3:GetObject data/red | open | idp +s3:*@* ; -s3:*@!data/${aws:PrincipalTag/team}/${aws:username}", "ALLOW low"},
		{"E73 a listed resource needs no variable", "S s3:GetObject data/red | open | idp +s3:*@* ; -s3:*@!data/red,data/${aws:username}", "ALLOW"},
	})
}
