package graphmodel_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

func parsed(kind policy.Kind, text string) *policy.Document { return policy.Parse([]byte(text), kind) }

func TestAdmits(t *testing.T) {
	t.Parallel()
	const head = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*", `
	tests := []struct {
		name, rest string
		all        bool
		accounts   []string
	}{
		{"everybody", `"Principal": "*"}]}`, true, nil},
		{"all but some", `"NotPrincipal": {"AWS": "111122223333"}}]}`, true, nil},
		{"nobody in particular", `"Principal": {"AWS": "111122223333"}}]}`, false, nil},
		{"services for an account (E124)", `"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}]}`, false, nil},
		{"what lies in one (E200)", `"Principal": "*", "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}}]}`, false, nil},
		{"all but services for an account", `"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}]}`, true, nil},
		{"also without one", `"Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}}]}`, true, nil},
		{"no services (E216)", `"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}}]}`, true, nil},
		{"services only", `"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}}]}`, false, nil},
		{
			"two accounts", `"Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": ["444455556666", "111122223333"]}}}]}`,
			false,
			[]string{"111122223333", "444455556666"},
		},
		{"like some account", `"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalAccount": "1111*"}}}]}`, true, nil},
		{"denied", `"Principal": "*"}, {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}`, true, nil},
		{"broken", `"Principal": {"AWS": "111122223333"}}, {"Effect": "allow"}]}`, true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all, accounts := graphmodel.Admits(&inventory.Resource{Policy: parsed(policy.Resource, head+tt.rest)})
			if all != tt.all || !slices.Equal(accounts, tt.accounts) {
				t.Errorf("got %v and %q, want %v and %q", all, accounts, tt.all, tt.accounts)
			}
		})
	}
	if all, _ := graphmodel.Admits(&inventory.Resource{S3: &inventory.S3{}, Policy: parsed(policy.Resource, head+`"Principal": {"AWS": "111122223333"}}]}`)}); !all {
		t.Error("ACLs may let in anybody")
	}
}

func TestMembersThatMatter(t *testing.T) {
	t.Parallel()
	says := func(text string) []*inventory.Policy {
		return []*inventory.Policy{{Name: "p", Doc: parsed(policy.Identity, `{"Version": "2012-10-17", "Statement": [`+text+`]}`)}}
	}
	a := &inventory.Account{ID: "111122223333"}
	of := func(name string) *inventory.Principal {
		return &inventory.Principal{Kind: inventory.User, Account: a, Name: name, ARN: "arn:aws:iam::111122223333:user/" + name}
	}
	reads, assumes, denied, broken, grouped, bounded, tagged := of("a"), of("b"), of("c"), of("d"), of("e"), of("f"), of("g")
	reads.Inline = says(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)
	assumes.Attached = says(`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`)
	denied.Inline = says(`{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}`)
	broken.Inline = says(`{"Effect": "perhaps"}`)
	grouped.Groups = []*inventory.Group{{Account: a, Inline: says(`{"Effect": "Allow", "Action": "sts:Assume*", "Resource": "*"}`)}}
	bounded.Boundary = says(`{"Effect": "perhaps"}`)[0]
	tagged.Tags = map[string]string{"team": "x", "Team": "y"}
	a.Hold(inventory.Held{Users: []*inventory.Principal{reads, assumes, denied, broken, grouped, bounded, tagged}})
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	l := graphmodel.NewLookup(inv)
	for range 2 { // and as remembered
		if got := l.Assuming(a); !slices.Equal(got, []*inventory.Principal{assumes, broken, grouped}) {
			t.Errorf("%d may assume roles", len(got))
		}
		if got := l.Unclear(a); !slices.Equal(got, []*inventory.Principal{broken, bounded, tagged}) {
			t.Errorf("%d are unclear", len(got))
		}
	}
}
