package lint_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

func TestActions(t *testing.T) {
	t.Parallel()
	allow := func(action string) string { return `{"Effect":"Allow","Action":"` + action + `","Resource":"*"}` }
	const at = "action-matches-nothing /Statement/0/Action"
	check(t, []row{
		{name: "E27 case does not matter", text: allow("S3:getobject")},
		{name: "a pattern", text: allow("s3:Get*")},
		{name: "everything", text: allow("*")},
		{name: "a name that SNS writes itself", text: allow("SNS:Receive")},
		{name: "a slip", text: allow("s3:GetObjct"), want: []string{at}, says: `"s3:GetObject"`, is: lint.Warning},
		{name: "a slip before a star", text: allow("s3:GetObjct*"), want: []string{at}, says: `"s3:GetObject*"`, is: lint.Warning},
		{name: "a plural", text: allow("s3:PutObjects"), want: []string{at}, says: `"s3:PutObject"`, is: lint.Warning},
		{name: "a call of the API", text: allow("s3:ListObjectsV2"), want: []string{at}, says: `"s3:ListBucket"`, is: lint.Warning},
		{name: "a call that needs several", text: allow("s3:CopyObject"), want: []string{at}, says: `write s3:GetObject for the source`, is: lint.Warning},
		{name: "a slip in the prefix", text: allow("dynamo:GetItem"), want: []string{at}, says: `"dynamodb:GetItem"`, is: lint.Warning},
		{name: "what people call a service", text: allow("efs:ClientMount"), want: []string{at}, says: `"elasticfilesystem:ClientMount"`, is: lint.Warning},
		{name: "E30 too new, perhaps", text: allow("s3:FrobnicateEverything"), want: []string{at}, says: "nor like one", is: lint.Note},
		{name: "E30 another verb is no slip", text: allow("payments:GetPaymentPreferences"), want: []string{at}, says: "nor like one", is: lint.Note},
		{name: "E30 a service that is too new", text: allow("brandnewthing:Do"), want: []string{at}, says: "check the prefix", is: lint.Note},
		{
			name: "in a list under NotAction", text: `{"Effect":"Deny","NotAction":["s3:GetObject","s3:GetObjct"],"Resource":"*"}`,
			want: []string{"action-matches-nothing /Statement/0/NotAction/1"}, is: lint.Warning,
		},
	})
}

// What is said of the actions of questions is what is said of those in policies, and
// nothing where the finding would be silent (E30).
func TestCheckActions(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"*": "", "s3:*": "", "S3:getobject": "", "s3:Get*": "", "sns:Receive": "", "*:*": "", "s*:Foo*": "",
		"s3:GetObjct":         `"s3:GetObjct" matches nothing: no action of s3 has such a name; did you mean s3:GetObject?`,
		"S3:GetObjct*":        `"S3:GetObjct*" matches nothing: no action of s3 has such a name; did you mean S3:GetObject*?`,
		"dynamo:GetItem":      `"dynamo:GetItem" matches nothing: there is no service prefix "dynamo"; did you mean dynamodb:GetItem?`,
		"s3:CopyObject":       `"s3:CopyObject" matches nothing: it is a call of the API, and the action that it needs has another name; write s3:GetObject for the source and s3:PutObject for the target`,
		"s3:FrobnicateWidget": `"s3:FrobnicateWidget" is no action that the catalog of ` + catalog.DataDate + ` knows, nor like one; check the name in the documentation of s3`,
		"brandnewthing:Do":    `"brandnewthing:Do" is of a service that the catalog of ` + catalog.DataDate + ` does not know; check the prefix in the documentation of the service`,
	} {
		notes, err := lint.CheckActions([]string{"s3:GetObject", action, "s3:Put*"})
		got := ""
		switch refused := strings.Contains(action, "*") && want != ""; {
		case (err != nil) != refused || len(notes) > 1:
			t.Errorf("%s: %v, error %v; want an error: %v", action, notes, err, refused)
		case err != nil:
			got = err.Error()
		case len(notes) > 0 && notes[0].What != action:
			t.Errorf("%s: note on %s", action, notes[0].What)
		case len(notes) > 0:
			got = notes[0].Why
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", action, got, want)
		}
	}
	if notes, err := lint.CheckActions([]string{"s3:GetObjct", "GetObject"}); err == nil || len(notes) > 0 {
		t.Errorf("what is no action: %v, error %v", notes, err)
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	const table = "resource-matches-nothing /Statement/0/Resource"
	check(t, []row{
		{name: "a table", text: `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111111111111:table/t"}`},
		{
			name: "E33 a colon for a slash", text: `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111111111111:table:MyTable"}`,
			want: []string{table}, says: `write "arn:aws:dynamodb:eu-west-1:111111111111:table/MyTable"`, is: lint.Warning,
		},
		{
			name: "region and account of a bucket", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:eu-west-1:111111111111:data/*"]}`,
			want: []string{"resource-matches-nothing /Statement/0/Resource/0"}, says: `"arn:aws:s3:::data/*"`, is: lint.Warning,
		},
		{
			name: "E41 a variable before the last field", text: `{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q"}`,
			want: []string{table}, says: "policy variables are for the last field", is: lint.Warning,
		},
	})
}

func TestMismatches(t *testing.T) {
	t.Parallel()
	on := func(action, resource string) string {
		return `{"Effect":"Allow","Action":` + action + `,"Resource":` + resource + `}`
	}
	const at = "action-resource-mismatch /Statement/0/Action"
	check(t, []row{
		{name: "E43 each on its own", text: on(`["s3:GetObject","s3:ListBucket"]`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`)},
		{name: "E39 with a star", text: on(`"s3:ListAllMyBuckets"`, `"*"`)},
		{name: "a pattern of which some fit", text: on(`"s3:*"`, `"arn:aws:s3:::b/*"`)},
		{name: "a pattern that covers buckets and objects", text: on(`["s3:GetObject","s3:ListBucket"]`, `"arn:aws:s3:::b*"`)},
		{name: "an object by a pattern that begins with a star", text: on(`"s3:GetObject"`, `"arn:aws:s3:::*/app*.zip"`)},
		{name: "an object whose bucket is a variable", text: on(`"s3:GetObject"`, `"arn:aws:s3:::${aws:PrincipalTag/b}/${aws:PrincipalTag/k}"`)},
		{name: "an access point", text: on(`"s3:GetObject"`, `"arn:aws:s3:*:111111111111:accesspoint/p/object/*"`)},
		{name: "a form with colons inside", text: on(`"autoscaling:DetachInstances"`, `"arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/eb-*"`)},
		{name: "a role, which is iam's and sts's", text: on(`["sts:AssumeRole","iam:PassRole","iam:GetRole"]`, `"arn:aws:iam::111111111111:role/app"`)},
		{name: "a service nobody knows", text: on(`"s3:GetObject"`, `"arn:aws:brandnewthing:::x"`)},
		{name: "lists that IAM checks on the path", text: on(`"iam:ListRoles"`, `"arn:aws:iam::*:role/*"`)},
		{name: "an ARN that is wrong anyway", text: on(`"s3:GetObject"`, `"arn:aws:s3:eu-west-1:111111111111:b/*"`), want: []string{"resource-matches-nothing /Statement/0/Resource"}, is: lint.Warning},
		{name: "E43 a bucket action on objects", text: on(`"s3:ListBucket"`, `"arn:aws:s3:::b/*"`), want: []string{at}, says: `list "arn:aws:s3:::b"`, is: lint.Warning},
		{name: "E43 an object action on a bucket", text: on(`"s3:GetObject"`, `"arn:aws:s3:::b"`), want: []string{at}, says: `list "arn:aws:s3:::b/*"`, is: lint.Warning},
		{name: "E39 without a resource", text: on(`"s3:ListAllMyBuckets"`, `"arn:aws:s3:::b"`), want: []string{at}, says: "(E39)", is: lint.Warning},
		{name: "E39 as AWS itself writes it", text: on(`"s3:ListAllMyBuckets"`, `"arn:aws:s3:::*"`), want: []string{at}, says: "(E39)", is: lint.Note},
		{name: "E39 as far as the documentation goes", text: on(`"cloudformation:ListStacks"`, `"arn:aws:cloudformation:*:*:stack/a/*"`), want: []string{at}, says: "(E39)", is: lint.Note},
		{name: "another service", text: on(`"s3:GetObject"`, `"arn:aws:sqs:eu-west-1:111111111111:q"`), want: []string{at}, is: lint.Warning},
		{name: "a service that is documented loosely", text: on(`"quicksight:CreateDataSet"`, `"arn:aws:quicksight:*:*:dataset/*"`), want: []string{at}, is: lint.Note},
		{name: "load balancers of both kinds", text: on(`"elasticloadbalancing:ModifyLoadBalancerAttributes"`, `"arn:aws:elasticloadbalancing:*:*:loadbalancer/net/x/*"`)},
		{
			name: "one of several actions", text: on(`["s3:GetObject","s3:GetBucketLocation"]`, `"arn:aws:s3:::b/*"`),
			want: []string{at + "/1"}, says: "s3:GetBucketLocation", is: lint.Warning,
		},
		{
			name: "a resource that no action is made on", text: on(`"s3:GetObject"`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`),
			want: []string{"action-resource-mismatch /Statement/0/Resource/0"}, says: "which is s3 bucket", is: lint.Note,
		},
		{name: "a Deny likewise", text: `{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::b/*"}`, want: []string{at}, is: lint.Warning},
		{name: "NotResource says nothing of the kind", text: `{"Effect":"Allow","Action":"s3:ListBucket","NotResource":"arn:aws:s3:::b/*"}`},
	})
}

func TestVariables(t *testing.T) {
	t.Parallel()
	old := func(rest string) string {
		return `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket",` + rest + `}]}`
	}
	check(t, []row{
		{name: "E3 under 2012-10-17", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`},
		{name: "E3 no variable under 2008-10-17", text: old(`"Resource":"arn:aws:s3:::b"`)},
		{name: "E3 braces that are none", text: old(`"Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefix":"${x}"}}`)},
		{
			name: "E3 in a resource", text: old(`"Resource":["arn:aws:s3:::${aws:username}"]`),
			want: []string{"variables-under-2008 /Statement/0/Resource/0"}, says: "takes ${aws:username} as plain text", is: lint.Warning,
		},
		{
			name: "E3 in a condition", text: old(`"Resource":"*","Condition":{"StringLike":{"s3:prefix":["a","${aws:username}/*"]}}`),
			want: []string{"variables-under-2008 /Statement/0/Condition/StringLike/s3:prefix/1"}, is: lint.Warning,
		},
		{
			name: "E67 a slip", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${aws:UserName}/*","arn:aws:s3:::b/${aws:usrname}/*"]}`,
			want: []string{"variable-unknown /Statement/0/Resource/1"}, says: "${aws:username}", is: lint.Warning,
		},
		{
			name: "E67 a slip in a condition", text: `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"${aws:PrincipalTags/team}/*"}}}`,
			want: []string{"variable-unknown /Statement/0/Condition/StringLike/s3:prefix"}, says: "${aws:PrincipalTag/team}", is: lint.Warning,
		},
		{
			name: "E67 a global key that there isn't", text: `{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:Department}"}`,
			want: []string{"variable-unknown /Statement/0/NotResource"}, says: "no request has a value for ${aws:Department}", is: lint.Warning,
		},
		{
			name: "E71 a slip with a default", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:usrname, 'all'}/*"}`,
			want: []string{"variable-unknown /Statement/0/Resource"}, says: "${aws:username, 'all'}", is: lint.Warning,
		},
		{
			name: "E67 a slip in a key of a service", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${s3:prefx}"}`,
			want: []string{"variable-unknown /Statement/0/Resource"}, says: "${s3:prefix}", is: lint.Warning,
		},
		{name: "E67 a variable of a service that is no key", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${transfer:HomeBucket}/*"}`},
		{name: "E67 keys of providers", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/${saml:sub}/${www.amazon.com:user_id}"}`},
		{name: "E68 characters", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${*}${?}${$}"}`},
		{
			name: "E70 a variable that is not closed", text: `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username/*"}`,
			want: []string{"variable-not-closed /Statement/0/Resource"}, is: lint.Warning,
		},
	})
}

// What the parser refuses is a finding as well.
func TestFaults(t *testing.T) {
	t.Parallel()
	check(t, []row{
		{name: "E11 no JSON", text: `{"Version" "2012-10-17"}`, want: []string{"policy-broken /Version"}, is: lint.Error},
		{name: "E5 an effect", text: `{"Effect":"allow","Action":"s3:*","Resource":"*"}`, want: []string{"policy-broken /Statement/0/Effect"}, is: lint.Error},
		{name: "E4 a Sid", text: `{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}`, want: []string{"policy-refused /Statement/0/Sid"}, is: lint.Error},
		{
			name: "E54 a number", text: `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"ten"}}}`,
			want: []string{"condition-value-unreadable /Statement/0/Condition/NumericLessThan/s3:max-keys"}, is: lint.Warning,
		},
		{
			name: "E64 a list without a set operator", text: `{"Effect":"Allow","Action":"sqs:TagQueue","Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"a"}}}`,
			want: []string{"list-key-without-set-operator /Statement/0/Condition/StringEquals/aws:TagKeys"}, is: lint.Warning,
		},
		{
			name: "E25 Allow with NotPrincipal", kind: policy.Resource, text: `{"Effect":"Allow","NotPrincipal":{"AWS":"111111111111"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`,
			want: []string{"not-principal-allow /Statement/0/NotPrincipal"}, is: lint.Error,
		},
	})
}
