package terraform_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"pathfinder/collector/snapshot"
	"pathfinder/collector/terraform"
)

// Where a resource is: from itself, its provider, the flags, or the only account.
func TestPlaces(t *testing.T) {
	t.Parallel()
	const frame = `{"format_version":"1.2","planned_values":{},%s
"resource_changes":[{"address":"aws_sqs_queue.x","mode":"managed","type":"aws_sqs_queue","name":"x","change":{"actions":["create"],"after":{"name":"q2","tags_all":{}%s},"after_unknown":{"arn":true}}}],
"configuration":{"provider_config":{"aws.b":{"expressions":{%s}}},"root_module":{"resources":[{"address":"aws_sqs_queue.x","provider_config_key":"aws.b","expressions":{}},
{"address":"data.aws_caller_identity.me","provider_config_key":"aws.b"}]}}}`
	tests := []struct {
		name, prior, after, provider string
		opts                         terraform.Options
		want                         string
	}{
		{name: "the only account", provider: `"region":{"constant_value":"eu-west-1"}`, want: "arn:aws:sqs:eu-west-1:111122223333:q2"},
		{name: "a variable of the root", prior: `"variables":{"r":{"value":"eu-west-2"}},`, provider: `"region":{"references":["var.r"]}`, want: "arn:aws:sqs:eu-west-2:111122223333:q2"},
		{name: "a region of its own", after: `,"region":"eu-west-3"`, provider: `"region":{"constant_value":"eu-west-1"}`, want: "arn:aws:sqs:eu-west-3:111122223333:q2"},
		{name: "an assumed role", provider: `"region":{"constant_value":"eu-west-1"},"assume_role":[{"role_arn":{"constant_value":"arn:aws:iam::444455556666:role/x"}}]`, want: "arn:aws:sqs:eu-west-1:444455556666:q2"},
		{
			name: "the caller", provider: `"region":{"constant_value":"eu-west-1"},"allowed_account_ids":{"constant_value":["111122223333"]}`,
			prior: `"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_caller_identity.me","mode":"data","type":"aws_caller_identity","name":"me","values":{"account_id":"444455556666"}}]}}},`,
			want:  "arn:aws:sqs:eu-west-1:444455556666:q2",
		},
		{name: "flags", opts: terraform.Options{Region: "eu-north-1", Accounts: map[string]string{"": "777788889999", "aws.b": "444455556666"}}, want: "arn:aws:sqs:eu-north-1:444455556666:q2"},
		{name: "no region", want: "in which region is aws_sqs_queue.x? the plan does not say it; give --plan-region"},
		{name: "a bad flag", opts: terraform.Options{Accounts: map[string]string{"aws.b": "4"}}, want: `"4", the account of provider "aws.b", is not an account id of 12 digits`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := terraform.Parse(fmt.Appendf(nil, frame, tt.prior, tt.after, tt.provider))
			if err != nil {
				t.Fatal(err)
			}
			_, changes, err := p.Apply(load(t), tt.opts)
			got := fmt.Sprint(err)
			if err == nil {
				got = changes[0].What
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Of several accounts none is guessed.
func TestNoAccount(t *testing.T) {
	t.Parallel()
	s := load(t)
	two := *s.Accounts[0]
	two.Info.ID, two.IAM, two.Providers, two.Resources = "444455556666", nil, nil, nil
	s.Accounts = append(s.Accounts, &two)
	p, err := terraform.Parse(plan(change{kind: "aws_iam_user", actions: "create", after: `"name":"x"`, unknown: `"arn":true`}))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = p.Apply(s, terraform.Options{}); err == nil || !strings.Contains(err.Error(), "give --plan-account ID, or --plan-account aws=ID") {
		t.Errorf("error %v", err)
	}
}

// Files that are no plans are told apart, and nothing in them is repeated.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", " \n", "the file is empty"},
		{"a saved plan", "PK\x03\x04…", "print it with terraform show -json"},
		{"a text", "Plan: 1 to add", "this is not a plan"},
		{"another object", `{"a":"secret"}`, "no format_version"},
		{"a state", `{"format_version":"1.0","terraform_version":"1.11.4","values":{"outputs":{"x":"secret"}}}`, "this is a state, not a plan"},
		{"a later format", `{"format_version":"2.0","planned_values":{}}`, "format version \"2.0\""},
		{"half a plan", `{"format_version":"1.2","resource_changes":[{"secret`, "this is not JSON"},
		{"another shape", `{"format_version":"1.2","resource_changes":{"secret":1}}`, `"/resource_changes" is not what it should be`},
		{"a hole", `{"format_version":"1.2","resource_changes":[null]}`, `"/resource_changes/0" is null`},
		{"a failed plan", `{"format_version":"1.2","planned_values":{},"errored":true}`, "the plan failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := terraform.Parse([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// What a plan marks as sensitive shows nowhere: neither whole attributes, nor
// parts of them, nor variables and data sources that identifiers refer to.
func TestSensitive(t *testing.T) {
	t.Parallel()
	const file = `{"format_version":"1.2","planned_values":{},"variables":{"v":{"value":"arn:aws:iam::111122223333:policy/hushed"}},
"prior_state":{"values":{"root_module":{"resources":[{"address":"data.x.d","mode":"data","type":"x","name":"d","values":{"arn":"arn:aws:iam::111122223333:policy/hushed"},"sensitive_values":{"arn":true}}]}}},
"resource_changes":[
{"address":"aws_iam_role_policy.p","mode":"managed","type":"aws_iam_role_policy","name":"p","change":{"actions":["create"],"after":{"role":"app","name":"p","policy":"hushed"},"after_unknown":{},"after_sensitive":{"policy":true}}},
{"address":"aws_iam_user.u","mode":"managed","type":"aws_iam_user","name":"u","change":{"actions":["create"],"after":{"name":"u","tags":{"a":"hushed","b":"c"},"tags_all":{"a":"hushed","b":"c"}},"after_unknown":{"arn":true},"after_sensitive":{"tags":{"a":true},"tags_all":{"a":true}}}},
{"address":"aws_iam_role.r","mode":"managed","type":"aws_iam_role","name":"r","change":{"actions":["create"],"after":{"name":"r","assume_role_policy":"{}","tags_all":{},"inline_policy":[{"name":"i","policy":"hushed"}]},"after_unknown":{"arn":true},"after_sensitive":{"inline_policy":[{"policy":true}]}}},
{"address":"aws_iam_user_policy_attachment.v","mode":"managed","type":"aws_iam_user_policy_attachment","name":"v","change":{"actions":["create"],"after":{"user":"bob"},"after_unknown":{"policy_arn":true}}},
{"address":"aws_iam_user_policy_attachment.d","mode":"managed","type":"aws_iam_user_policy_attachment","name":"d","change":{"actions":["create"],"after":{"user":"bob"},"after_unknown":{"policy_arn":true}}}],
"configuration":{"root_module":{"variables":{"v":{"sensitive":true}},"resources":[
{"address":"aws_iam_user_policy_attachment.v","expressions":{"policy_arn":{"references":["var.v"]}}},
{"address":"aws_iam_user_policy_attachment.d","expressions":{"policy_arn":{"references":["data.x.d.arn","data.x.d"]}}}]}}}`
	after, _, gaps := apply(t, []byte(file))
	if got := text(t, after); strings.Contains(got, "hushed") || strings.Count(got, "marked as sensitive in the plan: ") != 2 {
		t.Errorf("a secret shows, or is missing without a word:\n%s", got)
	}
	if len(gaps) != 1 || !strings.HasPrefix(gaps[0], "tags of arn:aws:iam::111122223333:user/u: aws_iam_user.u: known only after apply") {
		t.Errorf("gaps %q", gaps)
	}
}

// A file may be compressed; what it is called is of no matter.
func TestRead(t *testing.T) {
	t.Parallel()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.bin")
	packed := enc.EncodeAll(plan(change{kind: "aws_s3_bucket", actions: "delete", before: `"bucket":"data"`}), nil)
	if err := os.WriteFile(file, packed, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := terraform.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, changes, err := p.Apply(load(t), terraform.Options{}); err != nil || len(changes) != 1 {
		t.Errorf("changes %v, error %v", changes, err)
	}
	if _, err := terraform.Read(file + ".none"); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("error %v", err)
	}
}

// Law: a plan whose actions are all no-op, read or forget changes nothing, and
// leaves nothing open; and no plan changes the snapshot that it is applied to.
func TestNothingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		list := someChanges(r)
		for i := range list {
			list[i].actions = rapid.SampledFrom([]string{"no-op", "read", "forget"}).Draw(r, "actions")
		}
		after, changes, gaps := apply(t, plan(list...))
		if before := load(t); text(t, before) != text(t, after) || len(changes)+len(gaps) > 0 {
			r.Fatalf("changes %q, gaps %q", changes, gaps)
		}
	})
}

// Law: what one plan makes and the next takes away leaves nothing behind.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	made := []change{
		{kind: "aws_iam_user", after: `"name":"new","path":"/","tags_all":{},"arn":"arn:aws:iam::111122223333:user/new"`},
		{kind: "aws_iam_group", after: `"name":"new","path":"/","arn":"arn:aws:iam::111122223333:group/new"`},
		{kind: "aws_iam_role", after: `"name":"new","path":"/","tags_all":{},"arn":"arn:aws:iam::111122223333:role/new","assume_role_policy":` + quote(read)},
		{kind: "aws_iam_policy", after: `"name":"new","arn":"arn:aws:iam::111122223333:policy/new","policy":` + quote(read)},
		{kind: "aws_iam_role_policy", after: `"role":"app","name":"new","policy":` + quote(read)},
		{kind: "aws_iam_role_policy_attachment", after: `"role":"app","policy_arn":"arn:aws:iam::111122223333:policy/other"`},
		{kind: "aws_iam_user_group_membership", after: `"user":"bob","groups":["staff"]`},
		{kind: "aws_iam_instance_profile", after: `"name":"new","role":"app","arn":"arn:aws:iam::111122223333:instance-profile/new"`},
		{kind: "aws_iam_saml_provider", after: `"name":"new","arn":"arn:aws:iam::111122223333:saml-provider/new"`},
		{kind: "aws_iam_openid_connect_provider", after: `"url":"new.test","arn":"arn:aws:iam::111122223333:oidc-provider/new.test"`},
		{kind: "aws_s3_bucket", after: `"bucket":"new","arn":"arn:aws:s3:::new","tags_all":{}`},
		{kind: "aws_s3_account_public_access_block", after: `"block_public_acls":true`},
		{kind: "aws_kms_key", after: `"key_id":"new","arn":"arn:aws:kms:eu-central-1:111122223333:key/new","tags_all":{}`},
		{kind: "aws_sqs_queue", after: `"name":"new","arn":"arn:aws:sqs:eu-central-1:111122223333:new","tags_all":{}`},
		{kind: "aws_sns_topic", after: `"name":"new","arn":"arn:aws:sns:eu-central-1:111122223333:new","tags_all":{}`},
		{kind: "aws_lambda_permission", after: `"function_name":"f","statement_id":"new","action":"lambda:InvokeFunction","principal":"*"`},
		{kind: "aws_organizations_organizational_unit", after: `"id":"ou-new","name":"N","parent_id":"r-1"`},
		{kind: "aws_organizations_policy", after: `"id":"p-new","name":"N","content":"{}"`},
		{kind: "aws_organizations_policy_attachment", after: `"policy_id":"p-1","target_id":"r-1"`},
		{kind: "aws_organizations_delegated_administrator", after: `"account_id":"111122223333","service_principal":"x.amazonaws.com"`},
	}
	for _, c := range made {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			gone := c
			c.actions, gone.actions, gone.before, gone.after = "create", "delete", c.after, ""
			s, changes := load(t), 0
			for _, one := range []change{c, gone} {
				p, err := terraform.Parse(plan(one))
				if err != nil {
					t.Fatal(err)
				}
				after, list, err := p.Apply(s, terraform.Options{})
				if err != nil {
					t.Fatal(err)
				}
				s, changes = after, changes+len(list)
			}
			s.Manifest.Gaps = nil // a placeholder of an id leaves one
			before := load(t)
			if d := cmp.Diff(normal(text(t, before)), normal(text(t, s))); d != "" || changes < 2 {
				t.Errorf("%d changes, and left behind (-before +after):\n%s", changes, d)
			}
		})
	}
}

// normal writes a list that is empty as one that is not there, and the statements
// of a policy in the order of their keys.
func normal(s string) string {
	s = strings.NewReplacer(`,"GroupList":[]`, "", `"Targets":[],`, "", `{"Statement":[{"Action":"lambda:InvokeFunction","Effect":"Allow","Principal":"*","Resource":"*","Sid":"s"}]}`,
		`{"Statement":[{"Sid":"s","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*"}]}`).Replace(s)
	return s
}

// someChanges draws entries of plans, of every type and with any values.
func someChanges(r *rapid.T) (out []change) {
	for i := range rapid.IntRange(1, 6).Draw(r, "entries") {
		tt := rapid.SampledFrom(cases).Draw(r, "case")
		c := rapid.SampledFrom(tt.changes).Draw(r, "change")
		c.address = fmt.Sprintf("%s.r%d", c.kind, i)
		if strings.HasPrefix(c.kind, "data.") {
			continue
		}
		out = append(out, c)
	}
	return out
}

var update = flag.Bool("update", false, "rewrite the wanted changes in testdata")

// Plans as Terraform 1.11 prints them with version 5.100 of the provider: of
// resources that are made, and of a second plan after the first was applied. The
// golden files are what a stand-in for AWS held after it, but for what AWS draws.
func TestRealPlans(t *testing.T) {
	t.Parallel()
	s := load(t)
	s.Organization, s.Accounts[0].Resources, s.Accounts[0].Info.ID = nil, nil, "123456789012"
	s.Accounts[0].IAM = &snapshot.AuthorizationDetails{}
	s.Accounts[0].Providers = &snapshot.IdentityProviders{}
	for _, name := range []string{"made", "changed"} {
		p, err := terraform.Read("testdata/" + name + ".json.zst")
		if err != nil {
			t.Fatal(err)
		}
		after, changes, err := p.Apply(s, terraform.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, c := range changes {
			fmt.Fprintf(&got, "%s: %s\n", c.What, c.Did)
		}
		for _, g := range after.Manifest.Gaps {
			fmt.Fprintf(&got, "gap: %s: %s\n", g.What, g.Why)
		}
		golden := "testdata/" + name + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		s = after
	}
}

// No plan, whatever its entries, changes what it is applied to, makes a snapshot
// that has no inventory, or gives two answers.
func TestAnyPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		file := plan(someChanges(r)...)
		p, err := terraform.Parse(file)
		if err != nil {
			r.Fatal(err)
		}
		s := load(t)
		after, _, err := p.Apply(s, terraform.Options{})
		if err != nil {
			r.Fatalf("%v\n%s", err, file)
		}
		if text(t, s) != text(t, load(t)) {
			r.Fatalf("the snapshot that was given changed\n%s", file)
		}
		if _, err := after.Inventory(); err != nil {
			r.Fatalf("%v\n%s", err, file)
		}
		again, _, err := p.Apply(s, terraform.Options{})
		if err != nil || text(t, again) != text(t, after) {
			r.Fatalf("another answer the second time, error %v\n%s", err, file)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, tt := range cases {
		f.Add(plan(tt.changes...))
	}
	text, err := os.ReadFile("../../fixtures/plan/plan.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := terraform.Parse(text)
		if err != nil {
			return
		}
		if after, _, err := p.Apply(load(t), terraform.Options{Region: "eu-central-1"}); err == nil {
			_, _ = after.Inventory() // ARNs in a plan may be broken
		}
	})
}

// Resources of both providers of AWS are looked at, wherever they come from, and
// those of others are not.
func TestProviders(t *testing.T) {
	t.Parallel()
	for provider, want := range map[string]int{
		"registry.terraform.io/hashicorp/aws": 1, "registry.opentofu.org/hashicorp/awscc": 1, "mirror.test/acme/aws": 1, "mirror.test/acme/awscc": 1, "": 1,
		"registry.terraform.io/acme/awsome": 0, "registry.terraform.io/hashicorp/azurerm": 0,
	} {
		file := bytes.Replace(plan(change{kind: "awscc_iam_role", actions: "create", after: `"role_name":"x"`}), []byte("registry.terraform.io/hashicorp/aws"), []byte(provider), 1)
		if _, _, gaps := apply(t, file); len(gaps) != want {
			t.Errorf("provider %q: gaps %q, want %d", provider, gaps, want)
		}
	}
}
