package lint_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// when is an Allow of one action with one condition.
func when(action, operator, key, values string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Action":%q,"Resource":"*","Condition":{%q:{%q:%s}}}`, action, operator, key, values)
}

func TestKeys(t *testing.T) {
	t.Parallel()
	at := func(rule, operator, key string) []string {
		return []string{rule + " /Statement/0/Condition/" + operator + "/" + key}
	}
	check(t, []row{
		{name: "E48 a global key, in any case", text: when("s3:*", "StringEquals", "AWS:principalorgid", `"o-abc"`)},
		{name: "a tag", text: when("ec2:StartInstances", "StringEquals", "ec2:ResourceTag/team", `"a"`)},
		{name: "a key of the service", text: when("s3:ListBucket", "StringLike", "s3:prefix", `"a*"`)},
		{name: "a key of an identity provider", text: when("sts:AssumeRoleWithWebIdentity", "StringEquals", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", `"x"`)},
		{name: "a key of one of several actions", text: `{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*","Condition":{"StringEquals":{"s3:prefix":"a"}}}`},
		{name: "any action can be meant", text: when("*", "StringEquals", "s3:prefix", `"a"`)},
		{
			name: "a slip", text: when("s3:*", "StringEquals", "aws:PrincipleOrgID", `"o-abc"`),
			want: at("condition-key-unknown", "StringEquals", "aws:PrincipleOrgID"), says: `write "aws:PrincipalOrgID"`, is: lint.Warning,
		},
		{
			name: "E50 a slip in a negated test", text: when("s3:*", "StringNotEquals", "aws:PrincipalOrgsID", `"o-abc"`),
			want: at("condition-key-unknown", "StringNotEquals", "aws:PrincipalOrgsID"), says: `so the condition always holds`, is: lint.Warning,
		},
		{
			name: "a slip in a tag", text: when("s3:*", "StringEquals", "aws:PrincipleTag/team", `"a"`),
			want: at("condition-key-unknown", "StringEquals", "aws:PrincipleTag~1team"), says: `"aws:PrincipalTag/team"`, is: lint.Warning,
		},
		{
			name: "a prefix left out", text: when("s3:ListBucket", "StringEquals", "prefix", `"a"`),
			want: at("condition-key-unknown", "StringEquals", "prefix"), says: `"s3:prefix"`, is: lint.Warning,
		},
		{
			name: "the prefix of somebody else", text: when("s3:ListBucket", "StringEquals", "aws:prefix", `"a"`),
			want: at("condition-key-unknown", "StringEquals", "aws:prefix"), says: `"s3:prefix"`, is: lint.Warning,
		},
		{
			name: "E30 a key that is too new", text: when("s3:ListBucket", "StringEquals", "s3:Frobnication", `"a"`),
			want: at("condition-key-unknown", "StringEquals", "s3:Frobnication"), says: `nor like one`, is: lint.Note,
		},
		{
			name: "E50 a key that these requests lack", text: when("s3:GetObject", "StringEquals", "s3:prefix", `"a"`),
			want: at("condition-key-not-carried", "StringEquals", "s3:prefix"), says: `never holds`, is: lint.Warning,
		},
		{name: "a key that AWS itself tests so", text: when("aws-marketplace:Subscribe", "ForAnyValue:StringEquals", "aws-marketplace:ProductId", `"a"`)},
	})
}

func TestTypes(t *testing.T) {
	t.Parallel()
	at := func(rule, operator, key string) []string {
		return []string{rule + " /Statement/0/Condition/" + operator + "/" + key}
	}
	check(t, []row{
		{name: "an address", text: when("s3:*", "IpAddress", "aws:SourceIp", `"203.0.113.0/24"`)},
		{name: "E55 an address as text", text: when("s3:*", "StringLike", "aws:SourceIp", `"203.0.113.*"`)},
		{name: "an ARN as text", text: when("s3:*", "StringLike", "aws:PrincipalArn", `"arn:aws:iam::111111111111:role/*"`)},
		{name: "a number that the documentation calls a text", text: when("s3:*", "NumericEquals", "s3:signatureAge", `"1"`)},
		{
			name: "a range as text", text: when("s3:*", "StringEquals", "aws:SourceIp", `["203.0.113.0/24"]`),
			want: at("condition-type-mismatch", "StringEquals", "aws:SourceIp"), says: "use IpAddress", is: lint.Warning,
		},
		{
			name: "an address of a network id", text: when("s3:*", "NotIpAddress", "aws:SourceVpc", `"10.0.0.0/8"`),
			want: at("condition-type-mismatch", "NotIpAddress", "aws:SourceVpc"), says: "use StringNotEquals", is: lint.Warning,
		},
		{
			name: "a boolean ARN", text: when("s3:*", "Bool", "aws:PrincipalArn", `"true"`),
			want: at("condition-type-mismatch", "Bool", "aws:PrincipalArn"), says: "use ArnLike", is: lint.Warning,
		},
		{
			name: "a numeric boolean", text: when("s3:*", "NumericEquals", "aws:SecureTransport", `"1"`),
			want: at("condition-type-mismatch", "NumericEquals", "aws:SecureTransport"), says: "use Bool", is: lint.Warning,
		},
		{
			name: "an ARN where a boolean is", text: when("s3:*", "ArnLike", "aws:SecureTransport", `"arn:aws:s3:::b"`),
			want: at("condition-type-mismatch", "ArnLike", "aws:SecureTransport"), says: "use Bool", is: lint.Warning,
		},
		{name: "a wildcard under StringLike", text: when("s3:*", "StringLike", "aws:PrincipalOrgPaths", `"o-a/*"`), want: at("list-key-without-set-operator", "StringLike", "aws:PrincipalOrgPaths"), is: lint.Warning},
		{name: "a star that can be meant", text: when("s3:ListBucket", "StringEquals", "s3:prefix", `"*"`)},
		{name: "E70 a star that is written as one", text: when("s3:*", "StringEquals", "aws:PrincipalArn", `"${*}"`)},
		{
			name: "a wildcard under StringEquals", text: when("s3:*", "StringEquals", "aws:PrincipalArn", `["arn:aws:iam::111111111111:role/a","arn:aws:iam::111111111111:role/b-*"]`),
			want: at("wildcard-taken-literally", "StringEquals", "aws:PrincipalArn/1"), says: "use StringLike", is: lint.Warning,
		},
		{
			name: "the branches of a source host", kind: policy.Trust,
			text: `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:acme/*"}}}`,
			want: at("wildcard-taken-literally", "StringEquals", "token.actions.githubusercontent.com:sub"), is: lint.Warning,
		},
		{
			name: "E155 the service accounts of a cluster", kind: policy.Trust, text: accounts("StringEquals"),
			want: at("wildcard-taken-literally", "StringEquals", "oidc.eks.eu-west-1.amazonaws.com~1id~1EX:sub"), says: "use StringLike", is: lint.Warning,
		},
		{name: "E155 and as a pattern", kind: policy.Trust, text: accounts("StringLike")},
	})
}

// accounts trusts the service accounts of a namespace of a cluster.
func accounts(operator string) string {
	return `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EX"},` +
		`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"` + operator + `":{"oidc.eks.eu-west-1.amazonaws.com/id/EX:sub":"system:serviceaccount:shop:*"}}}`
}

func TestCheckKey(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		key, value string
		want       string // "" for nothing
	}{
		{"aws:SourceIp", "192.0.2.1", ""},
		{"AWS:sourceip", "2001:db8::1", ""},
		{"aws:SourceIp", "10.0.0.0/8", `aws:SourceIp is one address, and "10.0.0.0/8" is not`},
		{"aws:SourceIpp", "192.0.2.1", "there is no global condition key aws:SourceIpp; did you mean aws:SourceIp?"},
		{"aws:MultiFactorAuthPresent", "TRUE", ""},
		{"aws:MultiFactorAuthPresent", "yes", `aws:MultiFactorAuthPresent is true or false, and "yes" is not`},
		{"aws:MultiFactorAuthAge", "3600", ""},
		{"aws:MultiFactorAuthAge", "1h", `aws:MultiFactorAuthAge is a number, and "1h" is not`},
		{"aws:PrincipalTag/team", "a", ""},
		{"aws:PrincipalTag/", "a", "there is no global condition key aws:PrincipalTag/ without the name of a tag behind it"},
		{"s3:prefix", "a/", ""},
		{"token.actions.githubusercontent.com:sub", "repo:a/b", ""},
		{"aws:CalledVia", "x", ""},
	} {
		if got := lint.CheckKey(tt.key, []string{tt.value}); got != tt.want {
			t.Errorf("%s=%s: %q, want %q", tt.key, tt.value, got, tt.want)
		}
		if got := lint.CheckKey(tt.key, nil); (got != "") != (tt.key == "aws:SourceIpp" || tt.key == "aws:PrincipalTag/") {
			t.Errorf("%s alone: %q", tt.key, got)
		}
	}
}

// Some keys hold values of one form alone.
func TestValues(t *testing.T) {
	t.Parallel()
	const session = `"arn:aws:sts::111111111111:assumed-role/app/*"`
	never := func(op, key string) []string {
		return []string{"condition-value-never-held /Statement/0/Condition/" + op + "/" + key}
	}
	check(t, []row{
		{name: "E78 a session under its role", text: when("s3:*", "ArnNotLike", "aws:PrincipalArn", session), want: never("ArnNotLike", "aws:PrincipalArn"), says: "that of its role", is: lint.Warning},
		{name: "E78 a role", text: when("s3:*", "ArnLike", "aws:PrincipalArn", `"arn:aws:iam::*:role/app*"`)},
		{name: "E18 a federated user", text: when("s3:*", "ArnLike", "aws:PrincipalArn", `"arn:aws:sts::111111111111:federated-user/*"`)},
		{name: "any ARN that ends so", text: when("s3:*", "StringLike", "aws:PrincipalArn", `"*:role/app"`)},
		{name: "E80 the session in the id", text: when("s3:*", "StringLike", "aws:userid", `"AROAREADERREADERREAD:*"`)},
		{name: "a VPC in place of an endpoint", text: when("s3:*", "StringEquals", "aws:SourceVpce", `"vpc-1a2b3c4d"`), want: never("StringEquals", "aws:SourceVpce"), says: "vpce-", is: lint.Warning},
		{name: "the second of two", text: when("s3:*", "StringEquals", "aws:SourceVpc", `["vpc-1a2b3c4d","vpce-1a2b3c4d"]`), want: never("StringEquals", "aws:SourceVpc/1"), says: "the id of a VPC", is: lint.Warning},
		{name: "an endpoint", text: when("s3:*", "StringNotEquals", "aws:SourceVpce", `"vpce-1a2b3c4d"`)},
		{name: "an account of too few digits", text: when("s3:*", "StringEquals", "aws:ResourceAccount", `"11111111111"`), want: never("StringEquals", "aws:ResourceAccount"), says: "12 digits", is: lint.Warning},
		{name: "accounts by a pattern", text: when("s3:*", "StringLike", "aws:ResourceAccount", `"1111*"`)},
		{name: "an organization without its letter", text: when("s3:*", "StringEquals", "aws:PrincipalOrgID", `"a1b2c3d4e5"`), want: never("StringEquals", "aws:PrincipalOrgID"), says: "o-", is: lint.Warning},
		{name: "E222 a path without its last slash", text: when("s3:*", "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", `"o-a/r-b/ou-c"`), want: never("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths"), says: "ends with a slash", is: lint.Warning},
		{name: "E222 a path with it", text: when("s3:*", "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", `"o-a/r-b/ou-c/"`)},
		{name: "E222 whatever is below", text: when("s3:*", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-a/r-b/ou-c*"`)},
		{name: "E195 a service without its region", text: when("kms:Decrypt", "StringEquals", "kms:ViaService", `"s3.amazonaws.com"`), want: never("StringEquals", "kms:ViaService"), says: "with its region", is: lint.Warning},
		{name: "E195 a service of all regions", text: when("kms:Decrypt", "StringLike", "kms:ViaService", `"s3.*.amazonaws.com"`)},
		{name: "E161 a service by its prefix", text: when("iam:PassRole", "StringEquals", "iam:PassedToService", `"lambda"`), want: never("StringEquals", "iam:PassedToService"), says: "full name", is: lint.Warning},
		{name: "E161 a service", text: when("iam:PassRole", "StringEquals", "iam:PassedToService", `"lambda.amazonaws.com"`)},
		{name: "E216 no kind of principal", text: when("s3:*", "StringEquals", "aws:PrincipalType", `"Role"`), want: never("StringEquals", "aws:PrincipalType"), says: "AssumedRole", is: lint.Warning},
		{name: "E216 a kind of principal", text: when("s3:*", "StringLike", "aws:PrincipalType", `"Assumed*"`)},
		{name: "E221 a private network", text: when("s3:*", "NotIpAddress", "aws:SourceIp", `["203.0.113.0/24","10.1.0.0/16"]`), want: never("NotIpAddress", "aws:SourceIp/1"), says: "aws:VpcSourceIp", is: lint.Warning},
		{name: "E221 a private address", text: when("s3:*", "IpAddress", "aws:SourceIp", `"192.168.1.1"`), want: never("IpAddress", "aws:SourceIp"), is: lint.Warning},
		{name: "E58 more than private networks", text: when("s3:*", "IpAddress", "aws:SourceIp", `"10.0.0.0/7"`)},
		{name: "E221 a private network behind an endpoint", text: when("s3:*", "IpAddress", "aws:VpcSourceIp", `"10.0.0.0/8"`)},
		{name: "a variable", text: when("s3:*", "StringEquals", "aws:ResourceAccount", `"${aws:PrincipalAccount}"`)},
	})
}
