package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is not known is found out along the references of the configuration,
// through modules, indexes, variables and data sources.
func TestReferences(t *testing.T) {
	t.Parallel()
	// The module m has a policy for each key; its output names the policy of "a".
	const frame = `{"format_version":"1.2","planned_values":{},"variables":{"name":{"value":"app"}},
"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_iam_policy.d","mode":"data","type":"aws_iam_policy","name":"d","values":{"arn":"arn:aws:iam::111122223333:policy/data"}}]}}},
"resource_changes":[
{"address":"aws_iam_policy.one","mode":"managed","type":"aws_iam_policy","name":"one","change":{"actions":["create"],"after":{"name":"one","policy":"{}"},"after_unknown":{"arn":true}}},
{"address":"aws_iam_policy.each[\"a\"]","mode":"managed","type":"aws_iam_policy","name":"each","index":"a","change":{"actions":["create"],"after":{"name":"each-a","policy":"{}"},"after_unknown":{"arn":true}}},
{"address":"aws_iam_policy.count[1]","mode":"managed","type":"aws_iam_policy","name":"count","index":1,"change":{"actions":["create"],"after":{"name":"count-1","policy":"{}"},"after_unknown":{"arn":true}}},
{"address":"module.m[\"k\"].aws_iam_policy.in","module_address":"module.m[\"k\"]","mode":"managed","type":"aws_iam_policy","name":"in","change":{"actions":["create"],"after":{"policy":"{}","path":"/m/"},"after_unknown":{"arn":true,"name":true}}},
{"address":"aws_iam_role_policy_attachment.x","mode":"managed","type":"aws_iam_role_policy_attachment","name":"x","change":{"actions":["create"],"after":{"role":"app"},"after_unknown":{"policy_arn":true}}}],
"configuration":{"root_module":{"resources":[
{"address":"aws_iam_role_policy_attachment.x","expressions":{"policy_arn":%s}}],
"module_calls":{"m":{"expressions":{"name":{"references":["each.key"]},"arn":{"references":["aws_iam_policy.one.arn","aws_iam_policy.one"]}},"module":{
"resources":[{"address":"aws_iam_policy.in","expressions":{"name":{"references":["var.name"]}}}],
"variables":{"name":{},"arn":{}},
"outputs":{"arn":{"expression":{"references":["aws_iam_policy.in.arn","aws_iam_policy.in"]}},"through":{"expression":{"references":["var.arn"]}}}}}}}}}`
	tests := []struct{ name, references, want string }{
		{"an attribute", `"aws_iam_policy.one.arn","aws_iam_policy.one"`, "policy/one"},
		{"of an instance by key", `"aws_iam_policy.each[\"a\"].arn","aws_iam_policy.each[\"a\"]","aws_iam_policy.each"`, "policy/each-a"},
		{"of an instance by number", `"aws_iam_policy.count[1].arn","aws_iam_policy.count[1]","aws_iam_policy.count"`, "policy/count-1"},
		{"of a module's output", `"module.m[\"k\"].arn","module.m[\"k\"]","module.m"`, "policy/m/known-after-apply-"},
		{"of a module's output that passes a variable on", `"module.m[\"k\"].through","module.m[\"k\"]","module.m"`, "policy/one"},
		{"of a data source that was read: there must be more to it", `"data.aws_iam_policy.d.arn","data.aws_iam_policy.d"`, "policy/policy-arn-known-after-apply-"},
		{"of another attribute", `"aws_iam_policy.one.name","aws_iam_policy.one"`, "policy/policy-arn-known-after-apply-"},
		{"of a resource of another type", `"aws_iam_role_policy_attachment.x.id","aws_iam_role_policy_attachment.x"`, "policy/policy-arn-known-after-apply-"},
		{"of a local value: not told", `"local.arn"`, "policy/policy-arn-known-after-apply-"},
		{"of two resources: not told", `"aws_iam_policy.one.arn","aws_iam_policy.count[1].arn"`, "policy/policy-arn-known-after-apply-"},
		{"of nothing that is there", `"aws_iam_policy.none.arn"`, "policy/policy-arn-known-after-apply-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, changes, _ := apply(t, fmt.Appendf(nil, frame, `{"references":[`+tt.references+`]}`))
			last := changes[len(changes)-1]
			if want := "arn:aws:iam::A:role/app: policy arn:aws:iam::A:" + tt.want; !strings.HasPrefix(last, want) {
				t.Errorf("got %q, want %q", last, want)
			}
		})
	}
}

// Attributes of the same key are told as the resource and each.key.
func TestSameKey(t *testing.T) {
	t.Parallel()
	_, changes, gaps := apply(t, plan(
		change{address: `aws_iam_policy.p["k"]`, kind: "aws_iam_policy", actions: "create", after: `"name":"p-k","policy":"{}"`, unknown: `"arn":true`},
		change{address: `aws_sns_topic.t["k"]`, kind: "aws_sns_topic", actions: "create", after: `"name":"t-k","tags_all":{}`, unknown: `"arn":true`, config: `"name":{}`},
		change{address: `aws_iam_user_policy_attachment.p["k"]`, kind: "aws_iam_user_policy_attachment", actions: "create", after: `"user":"bob"`, unknown: `"policy_arn":true`, config: `"policy_arn":{"references":["aws_iam_policy.p","each.key"]}`},
		change{address: `aws_sns_topic_policy.t["k"]`, kind: "aws_sns_topic_policy", actions: "create", after: `"policy":"{}"`, unknown: `"arn":true`, config: `"arn":{"references":["aws_sns_topic.t","each.key"]}`},
	))
	want := []string{
		"arn:aws:iam::A:policy/p-k: created", "arn:aws:sns:eu-central-1:A:t-k: created",
		"arn:aws:sns:eu-central-1:A:t-k: policy changed", "arn:aws:iam::A:user/bob: policy arn:aws:iam::A:policy/p-k attached",
	}
	if d := cmp.Diff(want, changes); d != "" || len(gaps) > 0 {
		t.Errorf("gaps %q, changes (-want +got):\n%s", gaps, d)
	}
}

// What hangs on something that is not known may hang on each thing that the plan
// makes: their policies can't be read, so that no Deny is lost.
func TestCandidates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		thing, part change
		want        string
	}{
		{
			change{kind: "aws_iam_role", after: `"name":"new","tags_all":{},"assume_role_policy":"{}"`},
			change{kind: "aws_iam_role_policy", after: `"name":"p","policy":"{}"`, unknown: `"role":true`},
			`:policy/policy-known-after-apply-`,
		},
		{
			change{kind: "aws_iam_user", after: `"name":"new","tags_all":{}`},
			change{kind: "aws_iam_policy_attachment", after: `"policy_arn":"arn:aws:iam::aws:policy/X"`, unknown: `"users":true`},
			`:policy/policy-arn-known-after-apply-`,
		},
		{
			change{kind: "aws_iam_user", after: `"name":"new","tags_all":{}`},
			change{kind: "aws_iam_group_membership", after: `"users":["new"]`, unknown: `"group":true`},
			`"GroupList":["known-after-apply-`,
		},
		{
			change{kind: "aws_iam_user", after: `"name":"new","tags_all":{}`},
			change{kind: "aws_iam_user_group_membership", after: `"user":"new"`, unknown: `"groups":true`},
			`"GroupList":["known-after-apply-`,
		},
		{
			change{kind: "aws_s3_bucket", after: `"bucket":"new","tags_all":{}`, config: `"bucket":{}`},
			change{kind: "aws_s3_bucket_policy", after: `"policy":"{}"`, unknown: `"bucket":true`},
			`"UnknownBecause":"known only after apply: aws_s3_bucket_policy.x.bucket"`,
		},
		{
			change{kind: "aws_kms_key", after: `"key_id":"new","tags_all":{}`},
			change{kind: "aws_kms_key_policy", after: `"policy":"{}"`, unknown: `"key_id":true`},
			`"UnknownBecause":"known only after apply: aws_kms_key_policy.x.key_id"`,
		},
		{
			change{kind: "aws_sqs_queue", after: `"name":"new","tags_all":{}`},
			change{kind: "aws_sqs_queue_policy", after: `"policy":"{}"`, unknown: `"queue_url":true`},
			`"UnknownBecause":"known only after apply: aws_sqs_queue_policy.x.queue_url"`,
		},
		{
			change{kind: "aws_sns_topic", after: `"name":"new","tags_all":{}`},
			change{kind: "aws_sns_topic_policy", after: `"policy":"{}"`, unknown: `"arn":true`},
			`"UnknownBecause":"known only after apply: aws_sns_topic_policy.x.arn"`,
		},
		{
			change{kind: "aws_lambda_function", after: `"function_name":"new","tags_all":{}`},
			change{kind: "aws_lambda_permission", after: `"statement_id":"s","action":"lambda:InvokeFunction","principal":"*"`, unknown: `"function_name":true`},
			`"UnknownBecause":"known only after apply: aws_lambda_permission.x.function_name"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.part.kind, func(t *testing.T) {
			t.Parallel()
			tt.thing.actions, tt.part.actions = "create", "create"
			after, _, gaps := apply(t, plan(tt.part, tt.thing))
			if got := text(t, after); !strings.Contains(got, tt.want) || len(gaps) == 0 {
				t.Errorf("gaps %q, and no %s in\n%s", gaps, tt.want, got)
			}
		})
	}
}

// A document that Terraform reads late is not guessed, although all of it is
// known: what refers to it may be replace(….json, …), or hold a Deny beside it.
func TestLateDocument(t *testing.T) {
	t.Parallel()
	after, _, _ := apply(t, plan(
		change{
			address: "data.aws_iam_policy_document.d", kind: "aws_iam_policy_document", actions: "read", unknown: `"json":true`,
			after: `"statement":[{"effect":"Allow","actions":["s3:*"],"resources":["*"],"principals":[{"type":"AWS","identifiers":["*"]}]}]`,
		},
		change{
			kind: "aws_s3_bucket_policy", actions: "create", after: `"bucket":"data"`, unknown: `"policy":true`,
			config: `"policy":{"references":["data.aws_iam_policy_document.d.json","data.aws_iam_policy_document.d"]}`,
		},
	))
	if got := text(t, after); !strings.Contains(got, `"UnknownBecause":"known only after apply: aws_s3_bucket_policy.x.policy"`) {
		t.Errorf("the document was guessed:\n%s", got)
	}
}
