package terraform_test

import (
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
