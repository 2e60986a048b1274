package terraform_test

import (
	"strings"
	"testing"
)

// What hangs on something that is not known may hang on what is there already,
// where its name comes of more than what the plan makes. Then the policies of all
// that are there can't be read; where it comes of that alone, they can.
func TestMayBeThere(t *testing.T) {
	t.Parallel()
	const frame = `{"format_version":"1.2","planned_values":{},"variables":{"v":{"value":"x"}},
"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_iam_role.known","mode":"data","type":"aws_iam_role","name":"known","values":{"name":"app"}}]}}},
"resource_changes":[MORE
{"address":"aws_iam_role.new","mode":"managed","type":"aws_iam_role","name":"new","change":{"actions":["create"],"after":{"assume_role_policy":"{}","tags_all":{}},"after_unknown":{"arn":true,"id":true,"name":true}}},
{"address":"WHEREaws_iam_role_policy.x","module_address":"MODULE","mode":"managed","type":"aws_iam_role_policy","name":"x","change":{"actions":["create"],"after":{"name":"p","policy":"{}"},"after_unknown":{"role":true}}}],
"configuration":{"root_module":{"resources":[
{"address":"aws_iam_role.new","expressions":{"name":{"references":["random_pet.p.id","random_pet.p"]}}},
{"address":"aws_iam_instance_profile.p","expressions":{"role":{"references":["terraform_data.t.output","terraform_data.t"]}}},
{"address":"aws_iam_instance_profile.own","expressions":{"role":{"references":["aws_iam_role.new.name","aws_iam_role.new"]}}},
{"address":"aws_iam_role_policy.x","expressions":{"role":{"references":[REFS]}}}],
"module_calls":{"m":{"expressions":{"own":{"references":["aws_iam_role.new.name","aws_iam_role.new"]},"other":{"references":["terraform_data.t.output","terraform_data.t"]}},
"module":{"variables":{"own":{},"other":{}},"resources":[{"address":"aws_iam_role_policy.x","expressions":{"role":{"references":[REFS]}}}],
"outputs":{"own":{"expression":{"references":["var.own","var.v"]}},"other":{"expression":{"references":["var.other","var.v"]}}}}}}}}}`
	const late = `{"address":"data.aws_iam_role.late","mode":"data","type":"aws_iam_role","name":"late","change":{"actions":["read"],"after":{},"after_unknown":{"name":true,"arn":true,"id":true}}},`
	const document = `{"address":"data.aws_iam_policy_document.d","mode":"data","type":"aws_iam_policy_document","name":"d","change":{"actions":["read"],"after":{},"after_unknown":{"json":true}}},`
	const script = `{"address":"terraform_data.t","mode":"managed","type":"terraform_data","name":"t","provider_name":"terraform.io/builtin/terraform","change":{"actions":["create"],"after":{},"after_unknown":{"id":true,"output":true}}},`
	const stack = `{"address":"aws_cloudformation_stack.s","mode":"managed","type":"aws_cloudformation_stack","name":"s","change":{"actions":["create"],"after":{},"after_unknown":{"outputs":true}}},`
	const pet = `{"address":"random_pet.p","mode":"managed","type":"random_pet","name":"p","provider_name":"registry.terraform.io/hashicorp/random","change":{"actions":["create"],"after":{},"after_unknown":{"id":true}}},`
	tests := []struct {
		name, more, module, refs string
		there                    bool
	}{
		{name: "a role that the plan makes, or not", refs: `"aws_iam_role.new.name","aws_iam_role.new","var.v"`},
		{name: "one of several that the plan makes", refs: `"aws_iam_role.new","count.index"`},
		{name: "a made up name", more: pet, refs: `"random_pet.p.id","random_pet.p"`},
		{name: "the role of a profile", refs: `"aws_iam_instance_profile.own.role","var.v"`},
		{name: "the role of a profile, which a script says", more: script, refs: `"aws_iam_instance_profile.p.role","var.v"`, there: true},
		{name: "a script", more: script, refs: `"terraform_data.t.output","terraform_data.t"`, there: true},
		{name: "a stack", more: stack, refs: `"aws_cloudformation_stack.s.outputs","aws_cloudformation_stack.s"`, there: true},
		{name: "a data source that is read late", more: late, refs: `"data.aws_iam_role.late.name","data.aws_iam_role.late"`, there: true},
		{name: "a data source that was read, or a new role", more: late, refs: `"data.aws_iam_role.known.name","aws_iam_role.new.name"`},
		{name: "a local value", refs: `"local.role"`},
		{name: "a local value, and a document that is read late", more: document, refs: `"local.role"`},
		{name: "a local value, and a script", more: script, refs: `"local.role"`, there: true},
		{name: "a local value, and a data source that is read late", more: late, refs: `"local.role"`, there: true},
		{name: "each value, and a script", more: script, refs: `"each.value"`, there: true},
		{name: "each key, and a script", more: script, refs: `"each.key","aws_iam_role.new"`},
		{name: "a variable of a module that is a new role", more: script, module: "module.m", refs: `"var.own","path.module"`},
		{name: "a variable of a module that a script says", more: script, module: "module.m", refs: `"var.other","path.module"`, there: true},
		{name: "an output that is a new role", more: script, refs: `"module.m.own","module.m"`},
		{name: "an output that a script says", more: script, refs: `"module.m.other","module.m"`, there: true},
		{name: "a module that is not told, and a script", more: script, refs: `"module.n.role","module.n"`, there: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			where := ""
			if tt.module != "" {
				where = tt.module + "."
			}
			text := strings.NewReplacer("MORE", tt.more, "WHERE", where, "MODULE", tt.module, "REFS", tt.refs).Replace(frame)
			_, changes, gaps := apply(t, []byte(text))
			all := strings.Join(changes, "\n")
			if got := strings.Contains(all, "role/app: policy arn:aws:iam::A:policy/policy-known-after-apply-"); got != tt.there {
				t.Errorf("on what is there: %v", got)
			}
			if !strings.Contains(all, "role/known-after-apply-") || len(gaps) == 0 {
				t.Errorf("gaps %q, changes\n%s", gaps, all)
			}
		})
	}
}

// All that is there is told, whatever hangs on it.
func TestThereOfEachKind(t *testing.T) {
	t.Parallel()
	late := change{address: "data.external.d", kind: "external", actions: "read", unknown: `"result":true`}
	const from = `:{"references":["data.external.d.result","data.external.d"]}`
	tests := []struct {
		part change
		want []string
	}{
		{change{kind: "aws_iam_user_policy_attachment", after: `"policy_arn":"arn:aws:iam::aws:policy/X"`, unknown: `"user":true`, config: `"user"` + from}, []string{"user/ann: policy ", "user/bob: policy "}},
		{change{kind: "aws_iam_policy_attachment", after: `"policy_arn":"arn:aws:iam::aws:policy/X"`, unknown: `"groups":true`, config: `"groups"` + from}, []string{"group/staff: policy "}},
		{change{kind: "aws_iam_user_group_membership", after: `"groups":["staff"]`, unknown: `"user":true`, config: `"user"` + from}, []string{"user/ann: joined group known-after-apply-", "user/bob: joined group known-after-apply-"}},
		{change{kind: "aws_iam_group_membership", after: `"group":"staff"`, unknown: `"users":true`, config: `"users"` + from}, []string{"user/ann: joined group known-after-apply-", "user/bob: joined group known-after-apply-"}},
		{change{kind: "aws_iam_group_membership", after: `"users":["bob"]`, unknown: `"group":true`, config: `"group"` + from}, []string{"user/bob: joined group known-after-apply-"}},
		{change{kind: "aws_s3_bucket_policy", after: `"policy":"{}"`, unknown: `"bucket":true`, config: `"bucket"` + from}, []string{"s3:::data: policy changed"}},
		{change{kind: "aws_kms_key_policy", after: `"policy":"{}"`, unknown: `"key_id":true`, config: `"key_id"` + from}, []string{"key/k1: policy changed"}},
		{change{kind: "aws_sqs_queue_policy", after: `"policy":"{}"`, unknown: `"queue_url":true`, config: `"queue_url"` + from}, []string{":q: policy changed"}},
		{change{kind: "aws_sns_topic_policy", after: `"policy":"{}"`, unknown: `"arn":true`, config: `"arn"` + from}, []string{":t: policy changed"}},
		{change{kind: "aws_lambda_permission", after: `"statement_id":"s"`, unknown: `"function_name":true`, config: `"function_name"` + from}, []string{"function:f: policy changed"}},
		{change{kind: "aws_s3control_access_point_policy", after: `"policy":"{}"`, unknown: `"access_point_arn":true`, config: `"access_point_arn"` + from}, []string{"accesspoint/ap: policy changed"}},
		{change{kind: "aws_secretsmanager_secret_policy", after: `"policy":"{}"`, unknown: `"secret_arn":true`, config: `"secret_arn"` + from}, []string{"secret:s-AbCdEf: policy changed"}},
		{change{kind: "aws_opensearch_domain_policy", after: `"access_policies":"{}"`, unknown: `"domain_name":true`, config: `"domain_name"` + from}, []string{"domain/d: policy changed"}},
	}
	for _, tt := range tests {
		t.Run(tt.part.kind, func(t *testing.T) {
			t.Parallel()
			tt.part.actions = "create"
			_, changes, gaps := apply(t, plan(tt.part, late))
			for i, want := range tt.want {
				if i >= len(changes) || !strings.Contains(changes[i], want) {
					t.Errorf("no %q in %q", want, changes)
				}
			}
			if len(changes) != len(tt.want) || len(gaps) == 0 {
				t.Errorf("gaps %q, changes %q", gaps, changes)
			}
		})
	}
}

// What a data source asks for by its name is known, although it is read during the
// apply.
func TestLateData(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, kind, after, unknown, attr, ref, want string }{
		{"a role by its name", "aws_iam_role", `"name":"app"`, `"id":true,"arn":true`, "role", "name", "role/app: inline policy p added"},
		{"a role by its id", "aws_iam_role", `"name":"app"`, `"id":true,"arn":true`, "role", "id", "role/app: inline policy p added"},
		{"a role whose name is not known", "aws_iam_role", ``, `"id":true,"name":true,"arn":true`, "role", "name", "role/app: policy arn:aws:iam::A:policy/policy-known-after-apply-"},
		{"a bucket", "aws_s3_bucket", `"bucket":"data"`, `"id":true,"arn":true`, "bucket", "id", "s3:::data: policy changed"},
		{"a queue", "aws_sqs_queue", `"name":"q"`, `"url":true,"arn":true`, "queue_url", "url", ":q: policy changed"},
		{"a grantee with a path", "aws_iam_role", `"name":"app"`, `"id":true,"arn":true`, "grantee_principal", "arn", "key/k1: grants changed"},
		{"a grantee that is not there", "aws_iam_role", `"name":"other"`, `"id":true,"arn":true`, "grantee_principal", "arn", ""},
		{"a key by its alias", "aws_kms_key", `"key_id":"alias/old"`, `"id":true,"arn":true`, "key_id", "id", "key/k1: policy changed"},
	}
	parts := map[string]change{
		"role":              {kind: "aws_iam_role_policy", after: `"name":"p","policy":"{}"`},
		"bucket":            {kind: "aws_s3_bucket_policy", after: `"policy":` + quote(read)},
		"queue_url":         {kind: "aws_sqs_queue_policy", after: `"policy":` + quote(read)},
		"grantee_principal": {kind: "aws_kms_grant", after: `"key_id":"k1","operations":["Decrypt"]`},
		"key_id":            {kind: "aws_kms_key_policy", after: `"policy":` + quote(read)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			part := parts[tt.attr]
			part.actions, part.unknown = "create", `"`+tt.attr+`":true`
			part.config = `"` + tt.attr + `":{"references":["data.` + tt.kind + ".d." + tt.ref + `","data.` + tt.kind + `.d"]}`
			_, changes, gaps := apply(t, plan(part, change{address: "data." + tt.kind + ".d", kind: tt.kind, actions: "read", after: tt.after, unknown: tt.unknown}))
			got := strings.Join(changes, "\n")
			if tt.want == "" && (got != "" || len(gaps) == 0) || !strings.Contains(got, tt.want) {
				t.Errorf("gaps %q, changes %q, want %q", gaps, got, tt.want)
			}
		})
	}
}

// A policy of the organization that hangs on something unknown may hang on the root,
// or on the units that the plan makes; one that is not known is of either type.
func TestMaybeControlled(t *testing.T) {
	t.Parallel()
	late := change{address: "data.external.d", kind: "external", actions: "read", unknown: `"result":true`}
	unit := change{kind: "aws_organizations_organizational_unit", actions: "create", after: `"name":"Two","parent_id":"r-1"`, unknown: `"id":true`}
	const from = `:{"references":["data.external.d.result","data.external.d"]}`
	const own = `:{"references":["aws_organizations_organizational_unit.x","count.index"]}`
	const scp, rcp = `"Type":"SERVICE_CONTROL_POLICY"},"Content":{"UnknownBecause":"it is known only after apply`, `"Type":"RESOURCE_CONTROL_POLICY"},"Content":{"UnknownBecause":"it is known only after apply`
	tests := []struct {
		name         string
		part         change
		more         change
		want         string
		holds, lacks string
	}{
		{"the target", change{after: `"policy_id":"p-1"`, unknown: `"target_id":true`, config: `"target_id"` + from}, late, "r-1: policy p-known-after-apply-", scp, rcp},
		{"the target, which the plan makes", change{after: `"policy_id":"p-1"`, unknown: `"target_id":true`, config: `"target_id"` + own}, unit, "ou-known-after-apply-1add3167: policy p-known-after-apply-", scp, rcp},
		{"the policy", change{after: `"target_id":"ou-1"`, unknown: `"policy_id":true`, config: `"policy_id"` + from}, late, "ou-1: policy p-known-after-apply-", rcp, "x-none"},
		{"both", change{unknown: `"policy_id":true,"target_id":true`, config: `"policy_id"` + from + `,"target_id"` + from}, late, "r-1: policy p-known-after-apply-", scp, "x-none"},
		{"neither", change{after: `"policy_id":"p-1","target_id":"r-1"`}, late, "r-1: policy p-1 attached", "p-1", scp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.part.kind, tt.part.actions = "aws_organizations_policy_attachment", "create"
			after, changes, gaps := apply(t, plan(tt.part, tt.more))
			if all := strings.Join(changes, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("no %q in %q; gaps %q", tt.want, changes, gaps)
			}
			if got := text(t, after); !strings.Contains(got, tt.holds) || strings.Contains(got, tt.lacks) {
				t.Errorf("wanted %s and not %s in\n%s", tt.holds, tt.lacks, got)
			}
		})
	}
}
