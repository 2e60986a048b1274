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
	})
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
