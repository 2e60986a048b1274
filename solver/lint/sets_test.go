package lint_test

import (
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// get is a statement about objects of bucket b.
func get(effect, action, resource, condition string) string {
	text := `{"Effect":"` + effect + `","Action":"` + action + `","Resource":"arn:aws:s3:::b/` + resource + `"`
	if condition != "" {
		text += `,"Condition":{` + condition + `}`
	}
	return text + `}`
}

func TestDead(t *testing.T) {
	t.Parallel()
	const zero = "dead-statement /Statement/0"
	check(t, []row{
		{name: "a Deny takes a part", text: get("Allow", "s3:GetObject", "*", "") + "," + get("Deny", "s3:GetObject", "secret/*", "")},
		{name: "a Deny under a condition", text: get("Allow", "s3:GetObject", "*", "") + "," + get("Deny", "s3:*", "*", `"Bool":{"aws:SecureTransport":"false"}`)},
		{name: "two conditions that can hold together", text: get("Allow", "s3:GetObject", "*", `"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:*"},"StringNotLike":{"aws:PrincipalArn":"*:user/*"}`)},
		{
			name: "a Deny takes all", text: get("Allow", "s3:GetObject", "a/*", "") + "," + get("Deny", "s3:*", "*", ""),
			want: []string{zero}, says: "the Deny of statement #1 covers all of it", is: lint.Warning,
		},
		{
			name: "two Denies take all", text: get("Allow", "s3:GetObject", "*", "") + "," + get("Deny", "s3:*", "*", `"Bool":{"aws:SecureTransport":"true"}`) + "," + get("Deny", "s3:*", "*", `"BoolIfExists":{"aws:SecureTransport":"false"}`),
			want: []string{zero}, says: "statements #1 and #2", is: lint.Warning,
		},
		{
			name: "two values of one key", text: get("Allow", "s3:GetObject", "*", `"StringEquals":{"aws:PrincipalOrgID":"o-abc"},"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}`),
			want: []string{zero}, says: "StringEquals of aws:PrincipalOrgID and StringNotEquals of aws:PrincipalOrgID never hold together", is: lint.Warning,
		},
		{
			name: "E219 keys that never come together", text: get("Deny", "s3:GetObject", "*", `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceVpc":"vpc-1"}`),
			want: []string{zero}, says: "denies no request", is: lint.Warning,
		},
		{
			name: "E40 no resource is left", text: `{"Effect":"Allow","Action":"s3:GetObject","NotResource":"*"}`,
			want: []string{zero}, says: "NotResource lists every resource", is: lint.Warning,
		},
		{
			name: "E29 no action is left", text: `{"Effect":"Allow","NotAction":"*","Resource":"*"}`,
			want: []string{zero}, says: "NotAction lists every action", is: lint.Warning,
		},
		{
			name: "nobody is left", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"}`, "") + "," + bucket("Deny", `"Principal":{"AWS":"111111111111"}`, ""),
			want: []string{zero}, says: "the Deny of statement #1", is: lint.Warning,
		},
		{name: "a Deny for another user", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"111111111111"}`, "") + "," + bucket("Deny", `"Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"}`, "")},
		{
			name: "E98 a Deny that spares more than it says is not counted", kind: policy.Resource,
			text: bucket("Allow", `"Principal":{"AWS":"222222222222"}`, "") + "," + bucket("Deny", `"NotPrincipal":{"AWS":"111111111111"}`, ""),
			want: []string{"not-principal-deny /Statement/1/NotPrincipal"}, is: lint.Warning,
		},
		{
			name: "a document that is damaged", text: get("Allow", "s3:GetObject", "a/*", "") + "," + get("Deny", "s3:*", "*", "") + `,{"Effect":"deny","Action":"s3:*","Resource":"*"}`,
			want: []string{"policy-broken /Statement/2/Effect"}, is: lint.Error,
		},
	})
}

func TestRedundant(t *testing.T) {
	t.Parallel()
	const one = "redundant-statement /Statement/1"
	check(t, []row{
		{name: "other actions", text: get("Allow", "s3:GetObject", "*", "") + "," + get("Allow", "s3:PutObject", "*", "")},
		{name: "overlapping resources", text: get("Allow", "s3:GetObject", "a*", "") + "," + get("Allow", "s3:GetObject", "*a", "")},
		{name: "E30 a list of all that is known is not the pattern", text: `{"Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:GetQueueUrl"],"Resource":"*"},{"Effect":"Allow","Action":"sqs:Get*","Resource":"*"}`, want: []string{"redundant-statement /Statement/0"}, is: lint.Note},
		{name: "a pattern covers another", text: get("Allow", "s3:*", "*", "") + "," + get("Allow", "s3:Get*", "a/*", ""), want: []string{one}, says: "statement #0 covers every request", is: lint.Note},
		{name: "the first one", text: get("Allow", "s3:GetObject", "a/*", "") + "," + get("Allow", "s3:*", "*", ""), want: []string{"redundant-statement /Statement/0"}, says: "statement #1 covers", is: lint.Note},
		{name: "of two that are equal the later", text: get("Deny", "s3:GetObject", "*", "") + "," + get("Deny", "s3:GetObject", "*", ""), want: []string{one}, is: lint.Note},
		{
			name: "two cover a third", text: get("Allow", "s3:GetObject", "*", `"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`) + "," + get("Allow", "s3:GetObject", "a/*", "") + "," + get("Allow", "s3:GetObject", "*", `"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}`),
			want: []string{one}, says: "statements #0 and #2 cover", is: lint.Note,
		},
		{name: "a narrower condition", text: get("Allow", "s3:GetObject", "*", `"IpAddress":{"aws:SourceIp":"203.0.0.0/16"}`) + "," + get("Allow", "s3:GetObject", "*", `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), want: []string{one}, is: lint.Note},
		{name: "a variable", text: get("Allow", "s3:GetObject", "home/*", "") + "," + get("Allow", "s3:GetObject", "home/${aws:username}/*", ""), want: []string{one}, is: lint.Note},
		{name: "the variable is the wider one", text: get("Allow", "s3:GetObject", "home/ann/*", "") + "," + get("Allow", "s3:GetObject", "home/${aws:username}/*", "")},
		{
			name: "E87 an account does not stand for its role", kind: policy.Resource,
			text: bucket("Allow", `"Principal":{"AWS":"111111111111"}`, "") + "," + bucket("Allow", `"Principal":{"AWS":"arn:aws:iam::111111111111:role/r"}`, ""),
		},
		{
			name: "E87 in a Deny it does", kind: policy.Resource,
			text: bucket("Deny", `"Principal":{"AWS":"111111111111"}`, "") + "," + bucket("Deny", `"Principal":{"AWS":"arn:aws:iam::111111111111:role/r"}`, ""),
			want: []string{one}, is: lint.Note,
		},
		{
			name: "E13 everybody may not be services", kind: policy.Resource,
			text: bucket("Allow", `"Principal":"*"`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`) + "," + bucket("Allow", `"Principal":{"Service":"cloudtrail.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`),
		},
	})
}

func TestIdle(t *testing.T) {
	t.Parallel()
	const one = "deny-never-bites /Statement/1"
	apart := get("Allow", "s3:GetObject", "a/*", "") + "," + get("Deny", "s3:PutObject", "*", "")
	check(t, []row{
		{name: "it bites", text: get("Allow", "s3:Get*", "a/*", "") + "," + get("Deny", "s3:GetObject", "*/secret", "")},
		{name: "no Allow to bite", text: get("Deny", "s3:GetObject", "*", "")},
		{name: "SCPs are parts of a whole", kind: policy.SCP, text: apart},
		{name: "other actions", text: apart, want: []string{one}, says: "may still guard against other policies", is: lint.Note},
		{name: "other resources", text: get("Allow", "s3:GetObject", "a/*", "") + "," + get("Deny", "s3:GetObject", "b/*", ""), want: []string{one}, is: lint.Note},
		{name: "other contexts", text: get("Allow", "s3:GetObject", "*", `"Bool":{"aws:SecureTransport":"true"}`) + "," + get("Deny", "s3:GetObject", "*", `"Bool":{"aws:SecureTransport":"false"}`), want: []string{one}, is: lint.Note},
		{
			name: "E19 who is behind a canonical id is not known", kind: policy.Resource,
			text: bucket("Allow", `"Principal":{"AWS":"111111111111"}`, "") + "," + bucket("Deny", `"Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`, ""),
		},
	})
}

func TestConditions(t *testing.T) {
	t.Parallel()
	always := func(condition string) []string {
		return []string{"condition-always-true /Statement/0/Condition/" + condition}
	}
	never := func(condition string) []string {
		return []string{"condition-never-true /Statement/0/Condition/" + condition}
	}
	check(t, []row{
		{name: "E50 a star asks that the key be there", text: when("s3:*", "StringLike", "aws:PrincipalTag/team", `"*"`)},
		{name: "E216 a star for a key that all users and roles have", text: when("s3:*", "StringLike", "aws:PrincipalArn", `"*"`), want: always("StringLike/aws:PrincipalArn"), is: lint.Warning},
		{name: "E216 and that it be there", text: when("s3:*", "Null", "aws:userid", `"false"`), want: always("Null/aws:userid"), is: lint.Warning},
		{name: "E216 all of them but none", text: when("s3:*", "StringNotLike", "aws:PrincipalArn", `"*"`), want: never("StringNotLike/aws:PrincipalArn"), says: "statement #0 never applies", is: lint.Warning},
		{name: "E216 a pattern that says something", text: when("s3:*", "StringLike", "aws:PrincipalArn", `"arn:aws:iam::*:role/*"`)},
		{name: "E130 services and anonymous callers have no ARN", kind: policy.Resource, text: `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}`},
		{
			name: "E216 users of an account have one", kind: policy.Resource,
			text: `{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}`,
			want: always("StringLike/aws:PrincipalArn"), says: "for whomever the statement names", is: lint.Warning,
		},
		{name: "E69 an unknown variable beside other tests of the key", text: get("Allow", "s3:GetObject", "*", `"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"},"Null":{"aws:ResourceAccount":"false"}`)},
		{name: "an account that a condition alone names", kind: policy.Resource, text: bucket("Deny", `"Principal":"*"`, `,"Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111111111111"}}`)},
		{name: "a service that a condition alone names", kind: policy.Resource, text: bucket("Deny", `"Principal":"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}}`)},
		{name: "another partition", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"111111111111"}`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws-us-gov:iam::111111111111:role/*"}}`)},
		{name: "E51 a star, or absent", text: when("s3:*", "StringLikeIfExists", "aws:PrincipalArn", `"*"`), want: always("StringLikeIfExists/aws:PrincipalArn"), says: "whatever the request carries", is: lint.Warning},
		{name: "E52 there or not", text: when("s3:*", "Null", "aws:SourceVpc", `["true","false"]`), want: always("Null/aws:SourceVpc"), is: lint.Warning},
		{name: "E61 any list", text: when("sqs:TagQueue", "ForAllValues:StringLike", "aws:TagKeys", `"*"`), want: always("ForAllValues:StringLike/aws:TagKeys"), is: lint.Warning},
		{
			name: "of the one user that is named", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"}`, `,"Condition":{"StringEquals":{"aws:PrincipalAccount":"111111111111"}}`),
			want: always("StringEquals/aws:PrincipalAccount"), says: "for whomever the statement names", is: lint.Warning,
		},
		{name: "E50 no value", text: when("s3:*", "StringEquals", "aws:PrincipalOrgID", `[]`), want: never("StringEquals/aws:PrincipalOrgID"), says: "statement #0 never applies", is: lint.Warning},
		{name: "like nothing", text: when("s3:*", "StringNotLike", "aws:PrincipalOrgID", `["*"]`)},
		{name: "like nothing, and there", text: when("s3:*", "ForAnyValue:StringNotLike", "aws:CalledVia", `["*"]`), want: never("ForAnyValue:StringNotLike/aws:CalledVia"), is: lint.Warning},
		{
			name: "of another user than the one that is named", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"}`, `,"Condition":{"StringEquals":{"aws:username":"bob"}}`),
			want: never("StringEquals/aws:username"), is: lint.Warning,
		},
	})
}

func TestForAllValues(t *testing.T) {
	t.Parallel()
	set := func(key, more string) string {
		return `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"` + key + `":"a"}` + more + `}}`
	}
	at := func(key string) []string {
		return []string{"forallvalues-without-presence /Statement/0/Condition/ForAllValues:StringEquals/" + key}
	}
	check(t, []row{
		{name: "E61 with presence", text: set("dynamodb:LeadingKeys", `,"Null":{"dynamodb:LeadingKeys":"false"}`)},
		{name: "E62 with presence by another test", text: set("dynamodb:LeadingKeys", `,"ForAnyValue:StringLike":{"dynamodb:LeadingKeys":"*"}`)},
		{name: "in a Deny", text: `{"Effect":"Deny","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":"a"}}}`},
		{name: "E61 without", text: set("dynamodb:LeadingKeys", ""), want: at("dynamodb:LeadingKeys"), says: `add "Null": {"dynamodb:LeadingKeys": "false"}`, is: lint.Warning},
		{name: "E61 presence of something else", text: set("dynamodb:LeadingKeys", `,"Null":{"dynamodb:Attributes":"false"}`), want: at("dynamodb:LeadingKeys"), is: lint.Warning},
		{name: "E60 of a key with one value", text: `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a"}}}`, want: at("aws:PrincipalOrgID"), says: "leave ForAllValues: out", is: lint.Warning},
		{name: "tags that need not be sent", text: `{"Effect":"Allow","Action":"sqs:TagQueue","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}}`, want: at("aws:TagKeys"), says: "sends no tags", is: lint.Note},
	})
}
