package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/collector/terraform"
)

// The account of a provider is learned from what is its own alone, and what the
// user says is believed before what is learned.
func TestLearnedAccount(t *testing.T) {
	t.Parallel()
	const other = "444455556666"
	made := change{kind: "aws_iam_user", actions: "create", after: `"name":"new","path":"/","tags_all":{}`, unknown: `"arn":true`}
	stays := func(kind, text string) change {
		return change{address: kind + ".n" + text[len(text)-1:], kind: kind, actions: "no-op", before: `"arn":"` + text + `"`, after: `"arn":"` + text + `"`}
	}
	foreign := stays("aws_sns_topic_subscription", "arn:aws:sns:eu-central-1:"+other+":t:1")
	const here, there = "arn:aws:iam::" + account + ":role/a", "arn:aws:iam::" + other + ":role/b"
	tests := []struct {
		name    string
		changes []change
		flags   map[string]string
		want    string // account; "" for an error
	}{
		{name: "a subscription to a topic of somebody else", changes: []change{foreign}, flags: map[string]string{"": account}, want: account},
		{name: "nothing else", changes: []change{foreign}},
		{name: "a role", changes: []change{foreign, stays("aws_iam_role", here)}, want: account},
		{name: "roles that disagree", changes: []change{stays("aws_iam_role", here), stays("aws_iam_role", there)}},
		{name: "a role, and the flag", changes: []change{stays("aws_iam_role", there)}, flags: map[string]string{"": account}, want: account},
		{name: "the flag of the provider", changes: []change{stays("aws_iam_role", there)}, flags: map[string]string{"": other, "aws": account}, want: account},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t)
			two := *s.Accounts[0]
			two.Info.ID, two.Providers, two.Resources = other, nil, nil
			s.Accounts = append(s.Accounts, &two)
			p, err := terraform.Parse(plan(append(tt.changes, made)...))
			if err != nil {
				t.Fatal(err)
			}
			_, changes, err := p.Apply(s, terraform.Options{Accounts: tt.flags})
			switch {
			case tt.want == "":
				if err == nil || !strings.Contains(err.Error(), "in which account is aws_iam_user.x?") {
					t.Errorf("changes %v, error %v", changes, err)
				}
			case err != nil:
				t.Error(err)
			case changes[0].What != "arn:aws:iam::"+tt.want+":user/new":
				t.Errorf("made %s", changes[0].What)
			}
		})
	}
}

// Where a provider works is read where it is configured, and only out of what says
// it. Of providers that sign in differently none is taken for that of the only
// account of a snapshot.
func TestConfiguredPlaces(t *testing.T) {
	t.Parallel()
	const frame = `{"format_version":"1.2","planned_values":{},"variables":{"env":{"value":"prod"},"id":{"value":"444455556666"},"home":{"value":"111122223333"},"region":{"value":"eu-west-1"},"role":{"value":"arn:aws:iam::444455556666:role/x"}},
"resource_changes":[{"address":"%[1]saws_sqs_queue.x","module_address":%[2]q,"mode":"managed","type":"aws_sqs_queue","name":"x","change":{"actions":["create"],"after":{"name":"q2","tags_all":{}},"after_unknown":{"arn":true}}}%[5]s],
"configuration":{"provider_config":{%[3]s},"root_module":{"resources":[{"address":"aws_sqs_queue.x","provider_config_key":%[4]q,"expressions":{}},{"address":"aws_iam_user.u","provider_config_key":"aws","expressions":{}}],
"module_calls":{"m":{"expressions":{"region":{"constant_value":"us-east-1"},"role":{"constant_value":"arn:aws:iam::777788889999:role/x"}},"module":{"variables":{"region":{},"role":{}},"resources":[{"address":"aws_sqs_queue.x","provider_config_key":%[4]q,"expressions":{}}]}}}}}}`
	const region = `"region":{"constant_value":"eu-west-1"}`
	const home = `"aws":{"expressions":{` + region + `}}`
	const noRegion, noAccount = "in which region is aws_sqs_queue.x? the plan does not say it; give --plan-region",
		"in which account is aws_sqs_queue.x? the plan does not say it, and its providers sign in differently; give --plan-account ID, or --plan-account aws.b=ID for that provider alone"
	user := func(arn string) string {
		return `,{"address":"aws_iam_user.u","mode":"managed","type":"aws_iam_user","name":"u","change":{"actions":["no-op"],"before":{"name":"u"` + arn + `},"after":{"name":"u"` + arn + `},"after_unknown":{}}}`
	}
	role := func(what string) string { return `"assume_role":[{"role_arn":` + what + `}]` }
	tests := []struct{ name, module, providers, key, more, want string }{
		{name: "a region that a variable of the root decides", key: "aws", providers: `"aws":{"expressions":{"region":{"references":["var.env"]}}}`, want: noRegion},
		{name: "a variable of the root that is a region", key: "aws", providers: `"aws":{"expressions":{"region":{"references":["var.region"]}}}`, want: "eu-west-1:111122223333"},
		{name: "in a module, a variable of the module", module: "module.m", key: "module.m:aws", providers: `"module.m:aws":{"module_address":"module.m","expressions":{"region":{"references":["var.region"]},` + role(`{"references":["var.role"]}`) + `}}`, want: "us-east-1:777788889999"},
		{name: "a role whose ARN is made of an account id", key: "aws.b", providers: `"aws.b":{"expressions":{` + region + `,` + role(`{"references":["var.id","var.env"]}`) + `}}`, want: "eu-west-1:444455556666"},
		{name: "a role whose ARN is made of two", key: "aws.b", providers: home + `,"aws.b":{"expressions":{` + region + `,` + role(`{"references":["var.id","var.home"]}`) + `}}`, more: user(""), want: noAccount},
		{name: "the last of several roles", key: "aws.b", providers: `"aws.b":{"expressions":{` + region + `,"assume_role":[{"role_arn":{"constant_value":"arn:aws:iam::777788889999:role/x"}},{"role_arn":{"references":["var.role"]}}]}}`, want: "eu-west-1:444455556666"},
		{name: "by a token", key: "aws.b", providers: `"aws.b":{"expressions":{` + region + `,"assume_role_with_web_identity":[{"role_arn":{"references":["var.role"]}}]}}`, want: "eu-west-1:444455556666"},
		{name: "a role that is not told, and nobody else", key: "aws.b", providers: `"aws.b":{"expressions":{` + region + `,` + role(`{"references":["local.role"]}`) + `}}`, want: "eu-west-1:111122223333"},
		{name: "a role that is not told beside another provider", key: "aws.b", providers: home + `,"aws.b":{"expressions":{` + region + `,` + role(`{"references":["local.role"]}`) + `}}`, more: user(""), want: noAccount},
		{name: "a profile beside another provider", key: "aws.b", providers: home + `,"aws.b":{"expressions":{` + region + `,"profile":{"constant_value":"b"}}}`, more: user(""), want: noAccount},
		{name: "the same role in another region", key: "aws.b", providers: `"aws":{"expressions":{` + role(`{"references":["local.role"]}`) + `}},"aws.b":{"expressions":{` + region + `,` + role(`{"references":["local.role"]}`) + `}}`, more: user(""), want: "eu-west-1:111122223333"},
		{name: "nothing told beside one that is elsewhere", key: "aws.b", providers: `"aws":{"expressions":{` + role(`{"references":["var.role"]}`) + `}},"aws.b":{"expressions":{` + region + `}}`, more: user(""), want: "eu-west-1:111122223333"},
		{name: "nothing told beside one that is there", key: "aws.b", providers: `"aws":{"expressions":{` + role(`{"references":["local.role"]}`) + `}},"aws.b":{"expressions":{` + region + `}}`, more: user(`,"arn":"arn:aws:iam::111122223333:user/u"`), want: noAccount},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inside := ""
			if tt.module != "" {
				inside = tt.module + "."
			}
			p, err := terraform.Parse(fmt.Appendf(nil, frame, inside, tt.module, tt.providers, tt.key, tt.more))
			if err != nil {
				t.Fatal(err)
			}
			_, changes, err := p.Apply(load(t), terraform.Options{})
			got := fmt.Sprint(err)
			if err == nil {
				got = strings.TrimSuffix(strings.TrimPrefix(changes[0].What, "arn:aws:sqs:"), ":q2")
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
