package solver_test

import (
	"reflect"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// service is a topic's policy as AWS makes it: everybody, on behalf of an account.
const service = `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": "*",
	"Condition": {"StringEquals": {"AWS:SourceOwner": "111111111111"}}}`

// organizationOfThree has a topic in one account; in another one somebody may publish
// to any topic, and there are two of whom not all can be told.
func organizationOfThree(t *testing.T, statements string) *inventory.Inventory {
	t.Helper()
	doc := func(kind policy.Kind, statements string) *policy.Document {
		return policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+statements+`]}`), kind)
	}
	identity := func(statements string) []*inventory.Policy {
		return []*inventory.Policy{{Name: "p", Doc: doc(policy.Identity, statements)}}
	}
	inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", ManagementAccount: "111111111111", SCPs: true, Root: &inventory.Unit{ID: "r-1"}}}
	const all = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	inv.Organization.Root.SCPs = identity(all)
	for _, id := range []string{"111111111111", "222222222222", "333333333333"} {
		a := &inventory.Account{ID: id, Partition: "aws", IAM: true, Unit: inv.Organization.Root, SCPs: identity(all)}
		user := func(name, statements string) *inventory.Principal {
			return &inventory.Principal{Kind: inventory.User, Account: a, Name: name, Path: "/", ARN: "arn:aws:iam::" + id + ":user/" + name, Inline: identity(statements)}
		}
		h := inventory.Held{Users: []*inventory.Principal{
			user("publishes", `{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}`),
			user("broken", `{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}, {"Effect": "perhaps"}`),
			user("tagged", `{"Effect": "Allow", "Action": "sns:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}`),
			user("silent", `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`),
		}}
		h.Users[2].Tags = map[string]string{"team": "x", "Team": "y"}
		if id == "111111111111" {
			h.Resources = []*inventory.Resource{{
				ARN: "arn:aws:sns:us-east-1:" + id + ":topic", Name: "topic", Type: "AWS::SNS::Topic", Account: id, Region: "us-east-1",
				HasPolicy: inventory.Have, Policy: doc(policy.Resource, statements),
			}}
		}
		if id == "333333333333" {
			a.SCPs = identity(all + `, {"Effect": "perhaps"}`)
		}
		inv.Accounts = append(inv.Accounts, a.Hold(h))
	}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	return inv
}

// Law: leaving out the accounts that a policy does not mean, though it names
// everybody, leaves no answer different.
func TestAccountsThatAreNotMeant(t *testing.T) {
	t.Parallel()
	allow := func(condition string) string {
		return `{"Effect": "Allow", "Principal": "*", "Action": "SNS:Publish", "Resource": "*", "Condition": ` + condition + `}`
	}
	for _, tt := range []struct {
		name, statements string
		abroad           bool // somebody of another account gets in
	}{
		{"services", service, false},
		{"one account", allow(`{"StringEquals": {"aws:PrincipalAccount": "222222222222"}}`), true},
		{"services and an account", service + "," + allow(`{"StringEquals": {"aws:PrincipalAccount": "333333333333"}}`), true},
		{"named beside", service + `, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:user/publishes"}, "Action": "sns:Publish", "Resource": "*"}`, true},
		{"an organization", allow(`{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`), true},
		{"denied to most", service + `, {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}}}`, false},
	} {
		for _, source := range []string{"", "111111111111"} {
			t.Run(tt.name+" "+source, func(t *testing.T) {
				t.Parallel()
				inv := organizationOfThree(t, tt.statements)
				cfg := solver.Config{Inventory: inv}
				if source != "" {
					cfg.Assume.Values = map[string]policy.Value{"aws:sourceowner": policy.Single(source)}
				}
				ask := func(singly bool) (all []any, abroad bool) {
					cfg.Singly = singly
					s, err := solver.New(cfg)
					if err != nil {
						t.Fatal(err)
					}
					who, err := s.WhoCan("topic", nil)
					if err != nil {
						t.Fatal(err)
					}
					for _, a := range who.Access {
						abroad = abroad || !strings.Contains(a.Principal, ":111111111111:")
					}
					all = append(all, who)
					for _, a := range inv.Accounts {
						for _, p := range a.Principals() {
							can, err := s.Can(p.ARN, "", []string{"sns:*"})
							if err != nil {
								t.Fatal(err)
							}
							all = append(all, can)
						}
					}
					return all, abroad
				}
				got, abroad := ask(false)
				want, _ := ask(true)
				for i := range want {
					if !reflect.DeepEqual(got[i], want[i]) {
						t.Errorf("answer %d: got\n%+v\nwant\n%+v", i, got[i], want[i])
					}
				}
				if abroad != tt.abroad && source == "" {
					t.Errorf("somebody of another account gets in: %v", abroad)
				}
			})
		}
	}
}
