package collector_test

import (
	"strings"
	"testing"

	"pathfinder/collector"
	"pathfinder/graphmodel/policy"
)

// A document is found wherever the AWS CLI prints one.
func TestPolicyText(t *testing.T) {
	t.Parallel()
	const doc = `{"Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"a+b"}]}`
	quoted := strings.ReplaceAll(doc, `"`, `\"`)
	const escaped = `%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22a+b%22%7D%5D%7D`
	tests := []struct{ name, file, err string }{
		{name: "itself", file: doc},
		{name: "with a byte order mark", file: "\xef\xbb\xbf" + doc},
		{name: "a statement comes last", file: `{"Id":{"Document":1},"Statement":` + doc[len(`{"Statement":`):]},
		{name: "iam get-policy-version", file: `{"PolicyVersion":{"VersionId":"v1","Document":` + doc + `,"IsDefaultVersion":true}}`},
		{name: "iam get-role-policy", file: `{"RoleName":"r","PolicyName":"p","PolicyDocument":` + doc + `}`},
		{name: "iam get-role", file: `{"Role":{"AssumeRolePolicyDocument":` + doc + `}}`},
		{name: "one version", file: `{"Document":` + doc + `}`},
		{name: "organizations describe-policy", file: `{"Policy":{"PolicySummary":{},"Content":"` + quoted + `"}}`},
		{name: "s3api get-bucket-policy", file: `{"Policy":"` + quoted + `"}`},
		{name: "sqs get-queue-attributes", file: `{"Attributes":{"Policy":"` + quoted + `"}}`},
		{name: "URL-encoded, as IAM answers", file: `{"PolicyDocument":"` + escaped + `"}`},
		{name: "a text", file: `"` + quoted + `"`},
		{name: "an encoded text without quotes", file: escaped + "\n"},
		{name: "nothing", file: " \n", err: "the file is empty"},
		{name: "a text that holds nothing", file: `{"Document":""}`, err: "empty text"},
		{name: "a broken escape", file: "%7B%2", err: "broken escape"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := collector.PolicyText([]byte(tt.file))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %q and %v, want the error %q", text, err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			d := policy.Parse(text, policy.Identity)
			if len(d.Statements) != 1 || d.Unreadable() && tt.name != "a statement comes last" || d.Statements[0].Resources[0].Text != "a+b" {
				t.Errorf("%s gives %q: %v", tt.file, text, d.Faults)
			}
		})
	}
}

// What is wrong with a wrapped document is told with its place in the file.
func TestPolicyTextPlaces(t *testing.T) {
	t.Parallel()
	text, err := collector.PolicyText([]byte("{\n  \"PolicyDocument\": {\n    \"Statement\": [{\"Efect\": \"Allow\"}]\n  }\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := policy.Parse(text, policy.Identity)
	if len(d.Faults) == 0 || d.Faults[0].Place.Line != 3 || d.Faults[0].Place.Column != 20 {
		t.Errorf("faults: %v", d.Faults)
	}
}

// Files that hold no document are left to the parser, which says what is wrong.
func TestPolicyTextOther(t *testing.T) {
	t.Parallel()
	for _, file := range []string{`{"Statement": [}`, `{"PolicyDocument": {"Statement": [}}`, `[1]`, `{"Document": 5}`, `nonsense`, `{"a":1`} {
		text, err := collector.PolicyText([]byte(file))
		if err != nil || string(text) != file {
			t.Errorf("%s gives %q and %v", file, text, err)
		}
	}
}
