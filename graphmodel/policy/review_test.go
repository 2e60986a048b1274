package policy_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

func TestReview(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, resource string
		kind           policy.Kind // Identity when not set
		want           string      // part of the advice; "" for none
	}{
		// What is fine, or not ours to judge.
		{name: "a bucket", resource: "arn:aws:s3:::data"},
		{name: "objects", resource: "arn:aws:s3:::data/*"},
		{name: "a star for the region", resource: "arn:aws:sqs:*:111111111111:q1"},
		{name: "a pattern for the account", resource: "arn:aws:sqs:*:1111*:q1"},
		{name: "the lone star", resource: "*"},
		{name: "a variable", resource: "arn:aws:s3:::data/${aws:username}/*"},
		{name: "a variable as the whole resource", resource: "arn:aws:iam::111111111111:${aws:username}"},
		{name: "a policy of AWS", resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"},
		{name: "another partition", resource: "arn:aws-us-gov:dynamodb:us-gov-west-1:111111111111:table/t"},
		{name: "an index", resource: "arn:aws:dynamodb:*:*:table/t/index/*"},
		{name: "an alias of a function", resource: "arn:aws:lambda:eu-west-1:111111111111:function:fn:PROD"},
		{name: "a service nobody knows", resource: "arn:aws:brandnewthing:eu-west-1:111111111111:x/y"},
		{name: "a wildcard for the service", resource: "arn:aws:*:*:111111111111:x", kind: policy.SCP},
		{name: "E37 short and filled up", resource: "arn:aws:sqs:eu-west-1"},
		{name: "E35 a star that runs on", resource: "arn:aws:sqs:*", kind: policy.Resource},
		{name: "a service of which no ARNs are known", resource: "arn:aws:ce:*:111111111111:x"},

		// What matches nothing, with the repair.
		{name: "colon for slash", resource: "arn:aws:dynamodb:eu-west-1:111111111111:table:t", want: `did you mean "arn:aws:dynamodb:eu-west-1:111111111111:table/t"?`},
		{name: "slash for colon", resource: "arn:aws:lambda:eu-west-1:111111111111:function/fn", want: `did you mean "arn:aws:lambda:eu-west-1:111111111111:function:fn"?`},
		{name: "neither region nor account of a queue", resource: "arn:aws:sqs:::q", want: `its fields for region and account are empty, and no ARN of this kind is without; did you mean "arn:aws:sqs:*:*:q"?`},
		{name: "no account of a queue", resource: "arn:aws:sqs:eu-west-1::q", want: `its account field is empty, and no ARN of this kind is without; did you mean "arn:aws:sqs:eu-west-1:*:q"?`},
		{name: "no region of a queue", resource: "arn:aws:sqs::111111111111:q", want: `its region field is empty, and no ARN of this kind is without; did you mean "arn:aws:sqs:*:111111111111:q"?`},
		{name: "no account of a role", resource: "arn:aws:iam:::role/app", want: `its account field is empty, and no ARN of this kind is without; did you mean "arn:aws:iam::*:role/app"?`},
		{name: "no account of a table", resource: "arn:aws:dynamodb:*::table/t"}, // E35: the star can cover more than a region
		{name: "a global database has no region", resource: "arn:aws:rds::111111111111:global-cluster:g"},
		{name: "a policy of AWS", resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"},
		{name: "a document of AWS", resource: "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"},
		{name: "an image", resource: "arn:aws:ec2:us-east-1::image/ami-1"},
		{name: "a foundation model", resource: "arn:aws:bedrock:us-east-1::foundation-model/m"},
		{name: "a REST API", resource: "arn:aws:apigateway:us-east-1::/restapis/*"},
		{name: "region and account of a bucket", resource: "arn:aws:s3:eu-west-1:111111111111:data/*", want: `did you mean "arn:aws:s3:::data/*"?`},
		{name: "region of a bucket", resource: "arn:aws:s3:eu-west-1::data", want: `did you mean "arn:aws:s3:::data"?`},
		{name: "region of a role", resource: "arn:aws:iam:eu-west-1:111111111111:role/app", want: `did you mean "arn:aws:iam::111111111111:role/app"?`},
		{name: "a role of another service", resource: "arn:aws:dynamodb:eu-west-1:111111111111:role/app", want: `did you mean "arn:aws:iam::111111111111:role/app"?`},
		{name: "a user of another service", resource: "arn:aws:s3:::user/ann/x", want: ""},
		{name: "slash before the account", resource: "arn:aws:sqs:*:/111111111111:q1", want: `did you mean "arn:aws:sqs:*:111111111111:q1"?`},
		{name: "dashes in the account", resource: "arn:aws:sqs:*:1111-1111-1111:q1", want: `did you mean "arn:aws:sqs:*:111111111111:q1"?`},
		{name: "a colon too many before the account", resource: "arn:aws:iam:::111111111111:role/app", want: `did you mean "arn:aws:iam::111111111111:role/app"?`},
		{name: "no account", resource: "arn:aws:dynamodb:eu-west-1:table/t", want: `did you mean "arn:aws:dynamodb:eu-west-1:*:table/t"?`},
		{name: "no region", resource: "arn:aws:dynamodb:111111111111:table/t", want: `did you mean "arn:aws:dynamodb:*:111111111111:table/t"?`},
		{name: "a name for the account", resource: "arn:aws:iam::Partner:role/app", want: "write the id of the account"},
		{name: "eleven digits", resource: "arn:aws:iam::11111111111:role/app", want: "which is not 12 digits"},
		{name: "plural", resource: "arn:aws:dynamodb:eu-west-1:111111111111:tables/t", want: `did you mean "arn:aws:dynamodb:eu-west-1:111111111111:table/t"?`},
		{name: "E33 capital", resource: "arn:aws:dynamodb:eu-west-1:111111111111:Table/t", want: `did you mean "arn:aws:dynamodb:eu-west-1:111111111111:table/t"?`},
		{name: "a misspelled service", resource: "arn:aws:dynamo:eu-west-1:111111111111:table/t", want: `no service "dynamo"; did you mean "arn:aws:dynamodb:eu-west-1:111111111111:table/t"?`},
		{name: "two slips", resource: "arn:aws:dynamodb:eu-west-1:/111111111111:table:t", want: `did you mean "arn:aws:dynamodb:eu-west-1:111111111111:table/t"?`},
		{name: "no repair in sight", resource: "arn:aws:kms:eu-west-1:111111111111:1234-5678", want: "its resources look like alias/${Alias}, key/${KeyId}"},
		{name: "E37 short and not filled up", resource: "arn:aws:sqs:eu-west-1:111111111111", kind: policy.Resource, want: `did you mean "arn:aws:sqs:eu-west-1:111111111111:*"?`},
		{name: "a parameter with the slash of its name", resource: "arn:aws:ssm:eu-west-1:111111111111:parameter//app/db", want: `did you mean "arn:aws:ssm:eu-west-1:111111111111:parameter/app/db"?`},
		{name: "all parameters of a path, likewise", resource: "arn:aws:ssm:*:*:parameter//app/*", want: `did you mean "arn:aws:ssm:*:*:parameter/app/*"?`},
		{name: "a parameter of a path", resource: "arn:aws:ssm:eu-west-1:111111111111:parameter/app/db"},
		{name: "an object whose key begins with a slash", resource: "arn:aws:s3:::data//app/db"},
		{name: "E41 a variable as the account", resource: "arn:aws:sqs:*:${aws:PrincipalAccount}:q1", want: "variables are for the last field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			kind := tt.kind
			if kind == policy.KindInvalid {
				kind = policy.Identity
			}
			text := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":["*",` + quoted(tt.resource) + `]}]}`
			d := policy.Parse([]byte(text), kind)
			faults := d.Review()
			if tt.want == "" {
				if len(faults) != 0 {
					t.Errorf("%q gets the advice %v", tt.resource, faults)
				}
				return
			}
			if len(faults) != 1 || !strings.Contains(faults[0].Message, tt.want) {
				t.Fatalf("%q gets the advice %v, want %q", tt.resource, faults, tt.want)
			}
			f := faults[0]
			inside(t, []byte(text), f)
			if f.Severity != policy.Advice || f.Statement != 0 || f.Place.Pointer != "/Statement/0/Resource/1" {
				t.Errorf("severity %v, statement %d, place %v", f.Severity, f.Statement, f.Place)
			}
		})
	}
}

// Review looks at what is left standing: not at broken statements, but at the
// inside of a document that only lacks its braces.
func TestReviewOfBrokenStatements(t *testing.T) {
	t.Parallel()
	const slip = `"Action":"sqs:*","NotResource":"arn:aws:sqs:*:/111111111111:q1"`
	tests := []struct {
		name, text string
		want       int
	}{
		{name: "a good statement", text: `{"Statement":{"Effect":"Deny",` + slip + `}}`, want: 1},
		{name: "E11 a broken one", text: `{"Statement":{"Effect":"deny",` + slip + `}}`},
		{name: "E11 a document of unknown version", text: `{"Version":"1","Statement":{"Effect":"Deny",` + slip + `}}`, want: 1},
		{name: "E11 the inside of a statement", text: `"Effect":"Deny",` + slip, want: 1},
		{name: "E11 no JSON at all", text: `{`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(tt.text), policy.Identity)
			got := d.Review()
			if len(got) != tt.want {
				t.Errorf("advice %v, want %d", got, tt.want)
			}
			for _, f := range got {
				inside(t, []byte(tt.text), f)
				if at := tt.text[f.Place.Column-1:]; !strings.HasPrefix(at, `"arn:`) {
					t.Errorf("the place of %v is %q", f, at)
				}
			}
		})
	}
}
