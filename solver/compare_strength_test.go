package solver_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// By what an Allow names a principal of the owner's account decides whether other
// policies have a say (E86 to E89); of a Deny, and of other accounts, it does not.
func TestCompareStrengths(t *testing.T) {
	t.Parallel()
	const (
		own, foreign = "111111111111", "222222222222"
		identity     = "identity-policy"
		all          = "identity-policy permissions-boundary session-policy"

		root, ann, role = `"arn:aws:iam::111111111111:root"`, `"arn:aws:iam::111111111111:user/ann"`, `"arn:aws:iam::111111111111:role/ops"`
		night, fed      = `"arn:aws:sts::111111111111:assumed-role/ops/night"`, `"arn:aws:sts::111111111111:federated-user/fay"`
		bucket, queue   = "arn:aws:s3:::b/*", "arn:aws:sqs:eu-west-1:111111111111:q"
	)
	statement := func(effect, action, resource, condition string, who ...string) string {
		element := `"Resource":"` + resource + `",`
		if resource == "" {
			element = ""
		}
		return fmt.Sprintf(`{"Effect":%q,"Principal":{"AWS":[%s]},"Action":%q,%s"Condition":{%s}}`, effect, strings.Join(who, ","), action, element, condition)
	}
	read := func(who ...string) string { return statement("Allow", "s3:GetObject", bucket, "", who...) }
	shut := func(who ...string) string { return statement("Deny", "s3:GetObject", bucket, "", who...) }
	send := func(who ...string) string { return statement("Allow", "sqs:SendMessage", queue, "", who...) }
	assume := func(who ...string) string { return statement("Allow", "sts:AssumeRole", "", "", who...) }
	decrypt := func(who ...string) string { return statement("Allow", "kms:Decrypt", "*", "", who...) }
	office := func(who ...string) string {
		return statement("Allow", "s3:GetObject", bucket, `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, who...)
	}
	tests := []struct {
		name     string
		kind     policy.Kind
		owner    string
		old, new string
		want     string // as moreOf says it; with "?" where the owner decides
		without  string // what the witness does without; "own" for one that only needs no Deny
	}{
		{"E87 a user beside its account", policy.Resource, own, read(root), read(root, ann), "new", identity},
		{"E87 a user no longer beside its account", policy.Resource, own, read(root, ann), read(root), "old", identity},
		{"E90 a user beside its account, of another account's bucket", policy.Resource, foreign, read(root), read(root, ann), "same", ""},
		{"E87 a user beside its account, of nobody knows whose bucket", policy.Resource, "", read(root), read(root, ann), "new?", identity},
		{"E42 a user beside its account, whose queue the ARN says", policy.Resource, "", send(root), send(root, ann), "new", identity},
		{"E90 a user beside its account, another's queue", policy.Resource, "", send(`"222222222222"`), send(`"222222222222"`, `"arn:aws:iam::222222222222:user/bea"`), "same", ""},
		{"E87 a role beside its account", policy.Resource, own, read(root), read(root, role), "new", identity},
		{"E87 a session beside its account", policy.Resource, own, read(root), read(root, night), "new", identity},
		{"E87 a session beside its role", policy.Resource, own, read(role), read(role, night), "new", all},
		{"E87 a session no longer beside its role", policy.Resource, own, read(role, night), read(role), "old", all},
		{"E90 a session beside its role, of another account's bucket", policy.Resource, foreign, read(role), read(role, night), "same", ""},
		{"E87 a federated user beside its account", policy.Resource, own, read(root), read(root, fed), "new", identity},
		{"E87 a user in place of its account", policy.Resource, own, read(root), read(ann), "both", ""},
		{"E87 a user beside its account from an office", policy.Resource, own, read(root), read(root) + "," + office(ann), "new", identity},
		{"E87 from anywhere in place of an office", policy.Resource, own, read(root) + "," + office(ann), read(root, ann), "new", identity},
		{"E22 in two statements", policy.Resource, own, read(root, ann), read(root) + "," + read(ann), "same", ""},
		{"E14 an account by its id", policy.Resource, own, read(root, ann), read(`"111111111111"`, ann), "same", ""},
		{"E15 a user of everybody", policy.Resource, own, read(`"*"`), read(`"*"`, ann), "same", ""},
		{"E97 a Deny of a user and its account", policy.Resource, own, read(root) + "," + shut(root), read(root) + "," + shut(root, ann), "same", ""},
		{"E97 a Deny takes what a user is given directly", policy.Resource, own, read(root, ann), read(root, ann) + "," + shut(ann), "old", ""},
		{"E137 a user beside its account in a trust policy", policy.Trust, own, assume(root), assume(root, ann), "new", identity},
		{"E137 a role beside its account in a trust policy", policy.Trust, own, assume(root), assume(root, role), "new", identity},
		{"E90 a user beside its account in a trust policy of another account", policy.Trust, foreign, assume(root), assume(root, ann), "same", ""},
		{"E137 a user beside its account in a trust policy of a role of nobody knows whom", policy.Trust, "", assume(root), assume(root, ann), "new?", identity},
		{"E187 a user beside its account in a key policy", policy.Resource, own, decrypt(root), decrypt(root, ann), "new", identity},
		{"E187 a user beside its account in a key policy of nobody knows whom", policy.Resource, "", decrypt(root), decrypt(root, ann), "new?", identity},
		{"E86 a Deny of the account that may have identity policies", policy.Resource, own, shut(root), "", "new", "own"},
		{"E86 a Deny of a role of it", policy.Resource, own, read(ann) + "," + shut(role), read(ann), "new", "own"},
		{"E86 a Deny of everybody on a queue", policy.Resource, "", statement("Deny", "sqs:*", queue, "", `"*"`), "", "new", "own"},
		{"E86 a Deny of everybody, whoever the owner is", policy.Resource, "", shut(`"*"`), "", "new", "own"},
		{"E86 a Deny of everybody and an account by name", policy.Resource, "", shut(`"*"`), shut(root), "new?", "own"},
		{"E86 a Deny of an account, that of nobody knows whose bucket", policy.Resource, "", shut(root), "", "new?", "own"},
		{"E86 a new Deny of everybody under a condition", policy.Resource, "", read(ann), read(ann) + "," + statement("Deny", "s3:PutObject", bucket, `"Bool":{"aws:SecureTransport":"false"}`, `"*"`), "old", "own"},
		{"E90 a Deny of another account that nothing lets in", policy.Resource, foreign, shut(root), "", "same", ""},
		{"E199 no other account deletes queues", policy.Resource, own, "", statement("Allow", "sqs:DeleteQueue", queue, "", `"222222222222"`), "same", ""},
		{"E199 one of many", policy.Resource, own, "", statement("Allow", "sqs:*", queue, "", `"222222222222"`), "new", ""},
		{"E199 the own account does", policy.Resource, own, "", statement("Allow", "sqs:DeleteQueue", queue, "", root), "new", ""},
		{"E197 no other account changes the policy of a key", policy.Resource, own, "", statement("Allow", "kms:PutKeyPolicy", "*", "", `"222222222222"`), "same", ""},
		{"E197 but it decrypts", policy.Resource, own, "", statement("Allow", "kms:*", "*", "", `"222222222222"`), "new", ""},
		{"E95 a key lets nobody in whom its policy does not", policy.Resource, own, statement("Deny", "kms:*", "*", "", root), "", "same", ""},
		{"E95 but others are let in elsewhere", policy.Resource, own, `{"Effect":"Deny","Principal":"*","Action":["kms:*","logs:*"],"Resource":"*"}`, "", "new", "own"},
		{"E95 nor does a role", policy.Trust, own, statement("Deny", "sts:AssumeRole", "", "", root), "", "same", ""},
		{"E134 an endpoint only limits", policy.Endpoint, "", statement("Allow", "sqs:*", "*", "", root), statement("Allow", "sqs:*", "*", "", root, ann), "same", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans := compareOwned(t, tt.kind, tt.old, tt.new, tt.owner)
			b, _ := json.Marshal(ans)
			whose := "account 111111111111"
			if strings.Contains(tt.name, "and an account") {
				whose = "an account that the documents do not name"
			}
			want, open := strings.CutSuffix(tt.want, "?")
			if moreOf(ans) != want || ans.Exact == open {
				t.Errorf("got %s, want %s: %s", moreOf(ans), tt.want, b)
			}
			w := ans.WitnessNew
			if w == nil || tt.want == "old" {
				w = ans.WitnessOld
			}
			if w == nil || tt.want == "both" {
				return
			}
			got := strings.Join(w.Without, " ")
			if w.Own {
				got += "own"
			}
			if got != tt.without {
				t.Errorf("without %q, want %q", got, tt.without)
			}
			if tt.kind == policy.Trust && w.Resource != "arn:aws:iam::"+cmp.Or(tt.owner, own)+":role/example" {
				t.Errorf("about %s", w.Resource)
			}
			if open && (len(w.If) != 1 || !strings.HasSuffix(w.If[0], " belongs to "+whose) || len(ans.Unknown) != 1 || ans.Unknown[0].What != w.If[0]) {
				t.Errorf("if %q, unknown %q", w.If, ans.Unknown)
			}
		})
	}
}

// What a document permits whatever else allows is shown before what it permits
// without other policies.
func TestCompareStrengthComesSecond(t *testing.T) {
	t.Parallel()
	say := func(action, who string) string {
		return `{"Effect":"Allow","Principal":{"AWS":[` + who + `]},"Action":"` + action + `","Resource":"arn:aws:sqs:eu-west-1:111111111111:q"}`
	}
	const root, ann = `"111111111111"`, `"arn:aws:iam::111111111111:user/ann"`
	old := say("sqs:SendMessage", root)
	ans := compareTexts(t, policy.Resource, old, say("sqs:SendMessage", root+","+ann)+","+say("sqs:PurgeQueue", root))
	if w := ans.WitnessNew; w == nil || w.Action != "sqs:PurgeQueue" || slices.Contains(w.Without, "identity-policy") || !ans.Exact {
		t.Errorf("got %+v", ans.WitnessNew)
	}
}
