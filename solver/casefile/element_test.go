package casefile_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pathfinder/solver/casefile"
)

// answer runs one line.
func answer(t *testing.T, text string) casefile.Result {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatalf("the test is no JSON: %s", text)
	}
	got, err := run(t, text)
	if err != nil || len(got) != 1 {
		t.Fatalf("Run(%s) = %v, %v", text, got, err)
	}
	return got[0]
}

func TestActionLines(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rest, want string }{
		{"E27 case doesn't count", `"element":"Action","policyValues":["SQS:sendmessage"],"requestValue":"sqs:SendMessage"`, "true"},
		{"E28 a run inside", `"element":"Action","policyValues":["sqs:*Message"],"requestValue":"sqs:SendMessage"`, "true"},
		{"E28 another service", `"element":"Action","policyValues":["sns:*"],"requestValue":"sqs:SendMessage"`, "false"},
		{"E28 no wildcard in the service", `"element":"Action","policyValues":["s*:SendMessage"],"requestValue":"sqs:SendMessage"`, "false"},
		{"E28 the lone star", `"element":"Action","policyValues":"*","requestValue":"sqs:SendMessage"`, "true"},
		{"blanks are characters", `"element":"Action","policyValues":["sqs: SendMessage"],"requestValue":"sqs:SendMessage"`, "false"},
		{"one of several", `"element":"Action","policyValues":["sns:*","sqs:Send*"],"requestValue":"sqs:SendMessage"`, "true"},
		{"E29 the rest", `"element":"NotAction","policyValues":["sns:*","iam:*"],"requestValue":"sqs:SendMessage"`, "true"},
		{"E29 an exception", `"element":"NotAction","policyValues":["sns:*","sqs:Send*"],"requestValue":"sqs:SendMessage"`, "false"},
		{"E29 what is no action excepts nothing", `"element":"NotAction","policyValues":["SendMessage"],"requestValue":"sqs:SendMessage"`, "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := answer(t, `{"id":"a",`+tt.rest+`}`); string(got.Answer) != tt.want {
				t.Errorf("%s: %s, want %s", tt.rest, got.Answer, tt.want)
			}
		})
	}
}

func TestResourceLines(t *testing.T) {
	t.Parallel()
	const table = `"requestValue":"arn:aws:dynamodb:eu-west-1:111111111111:table/t"`
	tests := []struct {
		name, element, patterns, rest string
		want                          string
		low                           bool
	}{
		{name: "E33 covered", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/t"]`, rest: table, want: "true"},
		{name: "E33 case counts", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/T"]`, rest: table, want: "false"},
		{name: "E35 a star that runs on", element: "Resource", patterns: `["arn:aws:dynamodb:*:table/t"]`, rest: table, want: "true", low: true},
		{name: "E35 a sure cover beside it is seen too", element: "Resource", patterns: `["*","arn:aws:sqs:::x"]`, rest: table, want: "true"},
		{name: "E40 no exception", element: "NotResource", patterns: `["arn:aws:sqs:*:*:*"]`, rest: table, want: "true"},
		{name: "E40 an exception", element: "NotResource", patterns: `["arn:aws:sqs:*:*:*","*"]`, rest: table, want: "false"},
		{name: "E40 an exception of another region, cut short", element: "NotResource", patterns: `["arn:aws:dynamodb:us-east-1"]`, rest: table, want: "true"},
		{name: "E41 a variable", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/${aws:username}"]`, rest: table + `,"context":{"AWS:UserName":"t"}`, want: "true"},
		{name: "E72 a variable without value", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/${aws:username}","*"]`, rest: table, want: "true"},
		{name: "E73 in an exception", element: "NotResource", patterns: `["arn:aws:sqs:*:*:${aws:username}"]`, rest: table, want: "false", low: true},
		{name: "E68 a list has no value", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/x}"]`, rest: table + `,"context":{"aws:PrincipalTag/x":["t"]}`, want: "false"},
		{name: "E39 no resource", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:table/t"]`, rest: table + `,"wildcardOnlyAction":true`, want: "false"},
		{name: "E39 no resource, the lone star", element: "Resource", patterns: `["*"]`, rest: table + `,"wildcardOnlyAction":true`, want: "true"},
		{name: "E39 no resource is none of the exceptions", element: "NotResource", patterns: `["arn:aws:dynamodb:*:*:*"]`, rest: `"requestValue":"*","wildcardOnlyAction":true,"requestIsPattern":true`, want: "true"},

		{name: "E37 short, identity", element: "Resource", patterns: `["arn:aws:dynamodb"]`, rest: table, want: "true"},
		{name: "E37 short, boundary", element: "Resource", patterns: `["arn:aws:dynamodb"]`, rest: table + `,"policyType":"permissionsBoundary"`, want: "true"},
		{name: "E37 short, session", element: "Resource", patterns: `["arn:aws:dynamodb"]`, rest: table + `,"policyType":"session"`, want: "true"},
		{name: "E37 short, resource", element: "Resource", patterns: `["arn:aws:dynamodb"]`, rest: table + `,"policyType":"resource"`, want: "false"},
		{name: "E37 short, exception of a resource policy", element: "NotResource", patterns: `["arn:aws:dynamodb"]`, rest: table + `,"policyType":"resource"`, want: "true"},
		{name: "E37 short behind a star, endpoint", element: "Resource", patterns: `["arn:aws:dynamodb:eu-*:111111111111"]`, rest: table + `,"policyType":"vpcEndpoint"`, want: "true", low: true},
		{name: "E37 short, SCP", element: "Resource", patterns: `["arn:aws:dynamodb"]`, rest: table + `,"policyType":"serviceControl","effect":"Deny"`, want: "false"},
		{name: "E37 short, exception of an SCP", element: "NotResource", patterns: `["arn:aws:sqs","*"]`, rest: table + `,"policyType":"serviceControl","effect":"Deny"`, want: "false"},
		{name: "E37 short with a star at the end, SCP", element: "Resource", patterns: `["arn:aws:dynamodb:*"]`, rest: table + `,"policyType":"serviceControl","effect":"Deny"`, want: "true"},
		{name: "E37 short with a star at the end, RCP", element: "Resource", patterns: `["arn:aws:dynamodb:*"]`, rest: table + `,"policyType":"resourceControl","effect":"Deny"`, want: "false"},
		{name: "E37 all fields, RCP", element: "Resource", patterns: `["arn:aws:dynamodb:*:*:*"]`, rest: table + `,"policyType":"resourceControl","effect":"Deny"`, want: "true"},
		{name: "E37 the lone star, RCP", element: "Resource", patterns: `["*"]`, rest: table + `,"policyType":"resourceControl","effect":"Deny"`, want: "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := `{"id":"r","element":"` + tt.element + `","policyValues":` + tt.patterns + `,` + tt.rest + `}`
			got := answer(t, text)
			if string(got.Answer) != tt.want || (got.Confidence == "low") != tt.low {
				t.Errorf("%s: %s, confidence %q; want %s, low %t", text, got.Answer, got.Confidence, tt.want, tt.low)
			}
		})
	}
}

// A request that is a pattern: under Allow some of it counts, under Deny all.
func TestRequestPatternLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, request         string
		allow, deny, notAllow, notDeny bool
	}{
		{name: "the same", pattern: "arn:aws:s3:::logs/*", request: "arn:aws:s3:::logs/*", allow: true, deny: true},
		{name: "the policy covers more", pattern: "arn:aws:s3:::logs/*", request: "arn:aws:s3:::logs/2026/*", allow: true, deny: true},
		{name: "the policy covers less", pattern: "arn:aws:s3:::logs/2026/*", request: "arn:aws:s3:::logs/*", allow: true, notAllow: true},
		{name: "they cross", pattern: "arn:aws:s3:::logs/*/a", request: "arn:aws:s3:::logs/b/*", allow: true, notAllow: true},
		{name: "they cross in fields", pattern: "arn:aws:sqs:eu-*:111111111111:*", request: "arn:aws:sqs:*:111111111111:q", allow: true, notAllow: true},
		{name: "a field each", pattern: "arn:aws:sqs:eu-*:111111111111:q", request: "arn:aws:sqs:us-*:111111111111:q", notAllow: true, notDeny: true},
		{name: "apart", pattern: "arn:aws:s3:::logs/a", request: "arn:aws:s3:::logs/b*", notAllow: true, notDeny: true},
		{name: "everything is asked", pattern: "arn:aws:s3:::logs/*", request: "*", allow: true, notAllow: true},
		{name: "the policy covers everything", pattern: "*", request: "arn:aws:s3:::logs/*", allow: true, deny: true},
		{name: "both", pattern: "*", request: "*", allow: true, deny: true},
		{name: "one resource", pattern: "arn:aws:s3:::logs/*", request: "arn:aws:s3:::logs/a", allow: true, deny: true},
		{name: "a short one is filled up", pattern: "arn:aws:sqs", request: "arn:aws:sqs:*:*:q", allow: true, deny: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, q := range []struct {
				element, effect string
				want            bool
			}{{"Resource", "Allow", tt.allow}, {"Resource", "Deny", tt.deny}, {"NotResource", "Allow", tt.notAllow}, {"NotResource", "Deny", tt.notDeny}} {
				got := answer(t, `{"id":"r","requestIsPattern":true,"element":"`+q.element+`","effect":"`+q.effect+`","policyValues":["`+tt.pattern+`"],"requestValue":"`+tt.request+`"}`)
				if (got.Answer == "true") != q.want {
					t.Errorf("%s %s %s, request %s: %s, want %t", q.effect, q.element, tt.pattern, tt.request, got.Answer, q.want)
				}
			}
		})
	}
}

func TestPrincipalLines(t *testing.T) {
	t.Parallel()
	const (
		ann     = "arn:aws:iam::111111111111:user/ann"
		session = "arn:aws:sts::111111111111:assumed-role/app/s1"
		fay     = "arn:aws:sts::111111111111:federated-user/fay"
		id      = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	)
	tests := []struct{ name, policy, caller, rest, want string }{
		{"E13 everybody", `"*"`, "anonymous", "", "Match"},
		{"E13 everybody, the other form", `{"AWS":"*"}`, session, "", "Match"},
		{"E14 an account", `{"AWS":"111111111111"}`, session, "", "AccountLevelMatch"},
		{"E14 another account", `{"AWS":["222222222222","arn:aws:iam::333333333333:root"]}`, ann, "", "NoMatch"},
		{"E14 the root user is named by its account", `{"AWS":"111111111111"}`, "arn:aws:iam::111111111111:root", "", "AccountLevelMatch"},
		{"E26 the strongest counts", `{"AWS":["111111111111","` + ann + `"]}`, ann, "", "Match"},
		{"E26 the role is more than the account", `{"AWS":["arn:aws:iam::111111111111:role/app","111111111111"]}`, session, "", "SessionRoleMatch"},
		{"E15 a user", `{"AWS":"` + ann + `"}`, ann, "", "Match"},
		{"E15 case counts", `{"AWS":"arn:aws:iam::111111111111:user/Ann"}`, ann, "", "NoMatch"},
		{"E16 a role", `{"AWS":"arn:aws:iam::111111111111:role/app"}`, session, "", "SessionRoleMatch"},
		{"E16 a role by name", `{"AWS":"arn:aws:iam::111111111111:role/team/app"}`, session, "", "SessionRoleMatch"},
		{"E16 a role of that name elsewhere", `{"AWS":"arn:aws:iam::222222222222:role/team/app"}`, session, "", "NoMatch"},
		{"E16 a role, its path known", `{"AWS":"arn:aws:iam::111111111111:role/team/app"}`, session, `,"settings":{"roleArn":"arn:aws:iam::111111111111:role/app"}`, "NoMatch"},
		{"E17 a session", `{"AWS":"` + session + `"}`, session, "", "Match"},
		{"E17 another session", `{"AWS":"arn:aws:sts::111111111111:assumed-role/app/s2"}`, session, "", "NoMatch"},
		{"E18 a federated user", `{"AWS":"` + fay + `"}`, fay, "", "Match"},
		{"E87 the user behind it", `{"AWS":"` + ann + `"}`, fay, `,"settings":{"federatedBy":"` + ann + `"}`, "SessionRoleMatch"},
		{"E19 a canonical id", `{"CanonicalUser":"` + id + `"}`, id, "", "Match"},
		{"E19 another canonical id", `{"CanonicalUser":"` + id + `"}`, strings.ToUpper(id), "", "NoMatch"},
		{"E19 a canonical id stands for its account", `{"CanonicalUser":"` + id + `"}`, ann, `,"settings":{"canonicalIds":{"` + id + `":"111111111111"}}`, "AccountLevelMatch"},
		{"E13 everybody with a canonical id", `"*"`, id, "", "Match"},
		{"E20 a service", `{"Service":["sns.amazonaws.com","ec2.amazonaws.com"]}`, "ec2.amazonaws.com", "", "Match"},
		{"E20 another service", `{"Service":"sns.amazonaws.com"}`, "ec2.amazonaws.com", "", "NoMatch"},
		{"E21 a provider", `{"Federated":"idp.example.com"}`, "idp.example.com", "", "Match"},
		{"E21 a provider by ARN", `{"Federated":"arn:aws:iam::111111111111:saml-provider/x"}`, "arn:aws:iam::111111111111:saml-provider/x", "", "Match"},
		{"E23 no patterns", `{"AWS":"arn:aws:iam::111111111111:user/*"}`, ann, "", "NoMatch"},
		{"E76 a unique id", `{"AWS":"AIDAABCDEFGH"}`, ann, `,"settings":{"principalUniqueId":"AIDAABCDEFGH"}`, "Match"},
		{"E6 no element", `null`, ann, "", "NoMatch"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := `"policyValues":` + tt.policy + `,"requestValue":"` + tt.caller + `"` + tt.rest + `}`
			if got := answer(t, `{"id":"p","element":"Principal",`+text); string(got.Answer) != tt.want {
				t.Errorf("Principal %s: %s, want %s", text, got.Answer, tt.want)
			}
			opposite := "NoMatch"
			if tt.want == "NoMatch" && tt.policy != "null" {
				opposite = "Match"
			}
			if got := answer(t, `{"id":"p","element":"NotPrincipal",`+text); string(got.Answer) != opposite { // E25
				t.Errorf("NotPrincipal %s: %s, want %s", text, got.Answer, opposite)
			}
		})
	}
}

// E98: a Deny spares only those whose account is listed too.
func TestNotPrincipalUnderDeny(t *testing.T) {
	t.Parallel()
	const user = "arn:aws:iam::111111111111:user/ann"
	tests := []struct{ name, policy, caller, want string }{
		{"E98 both are listed", `{"AWS":["` + user + `","111111111111"]}`, user, "NoMatch"},
		{"E98 the account is missing", `{"AWS":"` + user + `"}`, user, "Match"},
		{"E98 the account alone", `{"AWS":"111111111111"}`, user, "Match"},
		{"E98 anonymous", `{"AWS":"111111111111"}`, "anonymous", "Match"},
		{"E98 a canonical id", `{"CanonicalUser":"00000000000000000000000000000000"}`, "00000000000000000000000000000000", "NoMatch"},
		{"E98 another canonical id", `{"AWS":"111111111111"}`, "00000000000000000000000000000000", "Match"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := `{"id":"p","element":"NotPrincipal","effect":"Deny","policyValues":` + tt.policy + `,"requestValue":"` + tt.caller + `"}`
			if got := answer(t, text); string(got.Answer) != tt.want {
				t.Errorf("%s: %s, want %s", text, got.Answer, tt.want)
			}
		})
	}
}

func TestPublicPolicyLines(t *testing.T) {
	t.Parallel()
	policy := func(principal, condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}]}`
	}
	tests := []struct {
		name, policy, want string
		low                bool
	}{
		{"E172 everybody", policy(`"*"`, ""), "true", false},
		{"E172 an account", policy(`{"AWS":"111111111111"}`, ""), "false", false},
		{"E172 an organization", policy(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-a"}`), "false", false},
		{"E172 a newer key", policy(`"*"`, `"Bool":{"aws:PrincipalIsAWSService":"true"}`), "false", true},
		{"E11 what is broken grants nothing", policy(`{"Nobody":"x"}`, ""), "false", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := answer(t, `{"id":"b","element":"s3BucketPolicyIsPublic","policy":`+tt.policy+`}`)
			if string(got.Answer) != tt.want || (got.Confidence == "low") != tt.low {
				t.Errorf("%s: %s, confidence %q; want %s, low %t", tt.policy, got.Answer, got.Confidence, tt.want, tt.low)
			}
		})
	}
}

func TestElementErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rest, says string }{
		{"an element that is none", `"element":"Statement"`, `there is no element "Statement"`},
		{"no values", `"element":"Action","requestValue":"s3:GetObject"`, "policyValues: the list is empty"},
		{"values of another type", `"element":"Action","policyValues":{"AWS":"*"},"requestValue":"s3:GetObject"`, "policyValues: a text, number or boolean is expected, not an object"},
		{"no request", `"element":"Resource","policyValues":["*"]`, "requestValue is a text"},
		{"a request of another type", `"element":"Resource","policyValues":["*"],"requestValue":7`, "requestValue is a text"},
		{"a request that is no action", `"element":"Action","policyValues":["*"],"requestValue":"GetObject"`, `"GetObject" is no action`},
		{"an effect that is none", `"element":"Resource","policyValues":["*"],"requestValue":"*","effect":"allow"`, `effect is "Allow" or "Deny", not "allow"`},
		{"an effect that is none, of a principal", `"element":"Principal","policyValues":"*","requestValue":"anonymous","effect":"No"`, `not "No"`},
		{"a policy type that is none", `"element":"Resource","policyValues":["*"],"requestValue":"*","policyType":"scp"`, `there is no policyType "scp"`},
		{"a broken context", `"element":"Resource","policyValues":["*"],"requestValue":"*","context":{"a":{}}`, `context "a"`},
		{"a bare principal", `"element":"Principal","policyValues":"111111111111","requestValue":"anonymous"`, `policyValues: a principal is "*" or an object`},
		{"a kind of principal that is none", `"element":"Principal","policyValues":{"AWS":"*","Aws":"*"},"requestValue":"anonymous"`, `there is no kind of principal "Aws"`},
		{"principals of another type", `"element":"Principal","policyValues":{"AWS":{}},"requestValue":"anonymous"`, "policyValues: AWS: "},
		{"a caller that is none", `"element":"Principal","policyValues":"*","requestValue":"ann"`, `requestValue: "ann" is no principal`},
		{"no caller", `"element":"Principal","policyValues":"*"`, "requestValue is a text"},
		{"no policy", `"element":"s3BucketPolicyIsPublic"`, "policy is a bucket policy"},
		{"a policy that can't be read", `"element":"s3BucketPolicyIsPublic","policy":{"Statement":"x"}`, "policy: line 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, `{"id":"bad",`+tt.rest+`}`)
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), `case 1 ("bad")`) {
				t.Errorf("%s: error %v, want one that names the case and says %q", tt.rest, err, tt.says)
			}
		})
	}
}
