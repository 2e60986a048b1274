package terraform_test

import (
	"strings"
	"testing"

	"pathfinder/collector/terraform"
)

// What is made before its forerunner in the same place is deleted goes with it.
func TestMadeBeforeDeleted(t *testing.T) {
	t.Parallel()
	const queue = `"https://sqs.eu-central-1.amazonaws.com/111122223333/q"`
	tests := []struct{ kind, values, holds, lacks string }{
		{kind: "aws_s3_bucket_policy", values: `"bucket":"data","policy":` + quote(read), lacks: "s3:GetObject"},
		{kind: "aws_sqs_queue_policy", values: `"queue_url":` + queue + `,"policy":` + quote(read), lacks: "s3:GetObject"},
		{kind: "aws_sns_topic_policy", values: `"arn":"arn:aws:sns:eu-central-1:111122223333:t","policy":` + quote(read), holds: "__default_policy_ID", lacks: "s3:GetObject"},
		{kind: "aws_kms_key_policy", values: `"key_id":"k1","policy":` + quote(read), holds: "key-default-1", lacks: "s3:GetObject"},
		{kind: "aws_s3control_access_point_policy", values: `"access_point_arn":"arn:aws:s3:eu-central-1:111122223333:accesspoint/ap","policy":` + quote(read), lacks: "s3:GetObject"},
		{kind: "aws_s3_bucket_public_access_block", values: `"bucket":"data","block_public_policy":true`, holds: `"PublicAccessBlock":null`, lacks: `"BlockPublicPolicy":true`},
		{kind: "aws_s3_account_public_access_block", values: `"block_public_policy":true`, lacks: `"BlockPublicPolicy":true`},
		{kind: "aws_s3_bucket_ownership_controls", values: `"bucket":"data","rule":[{"object_ownership":"BucketOwnerPreferred"}]`, holds: "ObjectWriter", lacks: "BucketOwnerPreferred"},
		{kind: "aws_iam_role_policy", values: `"role":"app","name":"one","policy":` + quote(read), holds: `"PolicyName":"two"`, lacks: `"PolicyName":"one"`},
		{kind: "aws_iam_user_policy_attachment", values: `"user":"bob","policy_arn":"arn:aws:iam::111122223333:policy/other"`, lacks: "policy/other"},
		{kind: "aws_iam_policy_attachment", values: `"users":["bob"],"policy_arn":"arn:aws:iam::111122223333:policy/other"`, lacks: "policy/other"},
		{kind: "aws_iam_group_membership", values: `"group":"staff","users":["ann"]`, lacks: `"GroupList":["staff"]`},
		{kind: "aws_sqs_queue", values: `"name":"q","arn":"arn:aws:sqs:eu-central-1:111122223333:q","tags_all":{}`, lacks: "eu-central-1:111122223333:q\""},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			after, _, gaps := apply(t, plan(change{kind: tt.kind, actions: "create delete", before: tt.values, after: tt.values}))
			if got := text(t, after); len(gaps) > 0 || !strings.Contains(got, tt.holds) || strings.Contains(got, tt.lacks) {
				t.Errorf("gaps %q, wanted %q and not %q in\n%s", gaps, tt.holds, tt.lacks, got)
			}
			after, _, gaps = apply(t, plan(change{kind: tt.kind, actions: "delete create", before: tt.values, after: tt.values}))
			if got := text(t, after); len(gaps) > 0 || !strings.Contains(got, tt.lacks) {
				t.Errorf("deleted first: gaps %q, wanted %q in\n%s", gaps, tt.lacks, got)
			}
		})
	}
}

// Two addresses that are about one place are in no order, nor is what an earlier
// apply left over in it: nobody knows what is there afterwards.
func TestContested(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, values, holds, lacks string }{
		{kind: "aws_s3_bucket_policy", values: `"bucket":"data","policy":` + quote(read), holds: `"Policy":{"UnknownBecause":"several changes`},
		{kind: "aws_s3_bucket_public_access_block", values: `"bucket":"data","block_public_policy":true`, lacks: `"PublicAccessBlock"`},
		{kind: "aws_s3_account_public_access_block", values: `"block_public_policy":true`, lacks: `"BlockPublicPolicy"`},
		{kind: "aws_s3_bucket_ownership_controls", values: `"bucket":"data","rule":[{"object_ownership":"BucketOwnerPreferred"}]`, lacks: `"Ownership"`},
		{kind: "aws_s3_bucket_server_side_encryption_configuration", values: `"bucket":"data","rule":[]`, holds: `"Encryption":{"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/known-after-apply-`},
		{kind: "aws_iam_role_policy", values: `"role":"app","name":"one","policy":` + quote(read), holds: `"PolicyDocument":{"UnknownBecause":"several changes`},
		{kind: "aws_iam_role_policy_attachment", values: `"role":"app","policy_arn":"arn:aws:iam::111122223333:policy/other"`, holds: "contested-known-after-apply-", lacks: "policy/other"},
		{kind: "aws_iam_user_group_membership", values: `"user":"bob","groups":["staff"]`, holds: `"GroupList":["known-after-apply-`},
		{kind: "aws_lambda_permission", values: `"function_name":"f","statement_id":"s","action":"lambda:InvokeFunction","principal":"*"`, holds: `"Policy":{"UnknownBecause":"several changes`},
		{kind: "aws_sqs_queue", values: `"name":"q","arn":"arn:aws:sqs:eu-central-1:111122223333:q","tags_all":{}`, holds: `"Policy":{"UnknownBecause":"several changes`},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			two := plan(
				change{address: tt.kind + ".a", kind: tt.kind, actions: "delete", before: tt.values},
				change{address: tt.kind + ".b", kind: tt.kind, actions: "create", after: tt.values},
			)
			deposed := plan(
				change{address: tt.kind + ".a", kind: tt.kind, actions: "delete", before: tt.values},
				change{address: tt.kind + ".b", kind: tt.kind, actions: "delete create", before: tt.values, after: tt.values},
			)
			deposed = []byte(strings.Replace(string(deposed), `"change":`, `"deposed":"cafe","change":`, 1))
			for name, file := range map[string][]byte{"two addresses": two, "left over": deposed} {
				after, _, gaps := apply(t, file)
				if got := text(t, after); !strings.Contains(got, tt.holds) || tt.lacks != "" && strings.Contains(got, tt.lacks) {
					t.Errorf("%s: wanted %q and not %q in\n%s", name, tt.holds, tt.lacks, got)
				}
				if len(gaps) != 1 || !strings.Contains(gaps[0], "does not say which comes last") {
					t.Errorf("%s: gaps %q", name, gaps)
				}
			}
		})
	}
}

// A statement is not overwritten: AWS refuses a second one of its id.
func TestPermissionMadeFirst(t *testing.T) {
	t.Parallel()
	const values = `"function_name":"f","statement_id":"s","action":"lambda:InvokeFunction","principal":"*"`
	after, _, gaps := apply(t, plan(change{kind: "aws_lambda_permission", actions: "create delete", before: values, after: values}))
	if got := text(t, after); len(gaps) != 1 || !strings.Contains(got, `"Policy":{"UnknownBecause":"several changes`) {
		t.Errorf("gaps %q\n%s", gaps, got)
	}
}

// Changes about different places, and different resources that attach the same
// policy, are no contest.
func TestNotContested(t *testing.T) {
	t.Parallel()
	_, _, gaps := apply(t, plan(
		change{address: "aws_iam_role_policy.a", kind: "aws_iam_role_policy", actions: "delete", before: `"role":"app","name":"one"`},
		change{address: "aws_iam_role_policy.b", kind: "aws_iam_role_policy", actions: "create", after: `"role":"app","name":"new","policy":"{}"`},
		change{kind: "aws_iam_role_policy_attachment", actions: "create", after: `"role":"app","policy_arn":"arn:aws:iam::111122223333:policy/q"`},
		change{kind: "aws_iam_policy_attachment", actions: "create", after: `"roles":["app"],"policy_arn":"arn:aws:iam::111122223333:policy/q"`},
	))
	if len(gaps) > 0 {
		t.Errorf("gaps %q", gaps)
	}
}

// What skip_destroy keeps is there after a removal, also where that goes with a
// replacement; without it, it is gone.
func TestSkipDestroy(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, values, holds string }{
		{"aws_s3_bucket_public_access_block", `"bucket":"blocked"`, `"RestrictPublicBuckets":true`},
		{"aws_lambda_function", `"function_name":"f","arn":"arn:aws:lambda:eu-central-1:111122223333:function:f"`, `"Arn":"arn:aws:lambda:eu-central-1:111122223333:function:f"`},
		{"aws_organizations_policy", `"id":"p-1"`, `"Id":"p-1"`},
		{"aws_organizations_policy_attachment", `"policy_id":"p-1","target_id":"ou-1"`, `"Name":"Fence","Type":"SERVICE_CONTROL_POLICY"},"Content":{"Statement":[]},"Targets":["ou-1"]`},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			for skip, want := range map[string]bool{`,"skip_destroy":true`: true, `,"skip_destroy":false`: false, "": false} {
				block := change{kind: "aws_s3_bucket", address: "aws_s3_bucket.blocked", actions: "create", after: `"bucket":"blocked","tags_all":{}`, config: `"bucket":{}`}
				after, _, _ := apply(t, plan(block))
				p, err := terraform.Parse(plan(change{kind: tt.kind, actions: "delete", before: tt.values + skip}))
				if err != nil {
					t.Fatal(err)
				}
				if after, _, err = p.Apply(after, terraform.Options{}); err != nil {
					t.Fatal(err)
				}
				if got := text(t, after); strings.Contains(got, tt.holds) != want {
					t.Errorf("with %q: %s is there: %v\n%s", skip, tt.holds, !want, got)
				}
			}
		})
	}
}

// A policy in an attribute that is emptied is taken away; one that the attribute
// never held stays.
func TestEmptiedPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, values, arn, kept string }{
		{"aws_s3_bucket", `"bucket":"data","tags_all":{}`, "arn:aws:s3:::data", `"Policy":{"Statement":[]}`},
		{"aws_sqs_queue", `"name":"q","arn":"arn:aws:sqs:eu-central-1:111122223333:q","tags_all":{}`, "arn:aws:sqs:eu-central-1:111122223333:q", `"Policy":{"Statement":[]}`},
		{"aws_s3_access_point", `"name":"ap","arn":"arn:aws:s3:eu-central-1:111122223333:accesspoint/ap"`, "arn:aws:s3:eu-central-1:111122223333:accesspoint/ap", `"Policy":{"Statement":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			for before, want := range map[string]string{`,"policy":` + quote(read): `"Policy":null`, `,"policy":""`: tt.kept} {
				after, _, gaps := apply(t, plan(change{kind: tt.kind, actions: "update", before: tt.values + before, after: tt.values + `,"policy":""`, config: `"policy":{}`}))
				_, got, _ := strings.Cut(text(t, after), `{"Arn":"`+tt.arn+`"`)
				got, _, _ = strings.Cut(got, `{"Arn":`)
				if !strings.Contains(got, want) || len(gaps) > 0 {
					t.Errorf("before %s: gaps %q, no %s in %s", before, gaps, want, got)
				}
			}
		})
	}
}
