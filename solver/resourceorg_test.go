package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// What an account outside of the organization owns is in none, or in another one: fences
// around the organization's resources keep it out for certain (E216).
func TestResourceOrganization(t *testing.T) {
	t.Parallel()
	const member, other = "111111111111", "222222222222"
	for _, tt := range []struct {
		name, condition, owner string
		want                   solver.Verdict
	}{
		{"the caller's organization", `"StringNotEquals":{"aws:ResourceOrgID":"${aws:PrincipalOrgID}"}`, other, solver.Denied},
		{"it by its id", `"StringNotEquals":{"aws:ResourceOrgID":"o-1"}`, other, solver.Denied},
		{"and an absent key (E51)", `"StringNotEqualsIfExists":{"aws:ResourceOrgID":"o-1"}`, other, solver.Denied},
		{"another one", `"StringNotEquals":{"aws:ResourceOrgID":"o-2"}`, other, solver.Conditional},
		{"its units", `"ForAllValues:StringNotLike":{"aws:ResourceOrgPaths":"o-1/*"}`, other, solver.Denied},
		{"what is inside", `"StringEquals":{"aws:ResourceOrgID":"o-1"}`, other, solver.Granted},
		{"of a member", `"StringNotEquals":{"aws:ResourceOrgID":"${aws:PrincipalOrgID}"}`, member, solver.Granted},
		{"what is inside, of a member", `"StringEquals":{"aws:ResourceOrgID":"o-1"}`, member, solver.Denied},
		{"an account that nobody knows", `"StringNotEquals":{"aws:ResourceOrgID":"o-1"}`, "333333333333", solver.Denied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := func(kind policy.Kind, statements string) *policy.Document {
				return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`), kind)
			}
			root := &inventory.Unit{ID: "r-1"}
			inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: root}}
			for _, id := range []string{member, other} {
				a := &inventory.Account{ID: id, Partition: "aws", IAM: true}
				if id == member {
					a.Unit = root
					a.Held().Users = []*inventory.Principal{{
						Kind: inventory.User, Account: a, Name: "ann", Path: "/", ARN: "arn:aws:iam::" + id + ":user/ann",
						Inline: []*inventory.Policy{{Name: "p", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sqs:*","Resource":"*","Condition":{`+tt.condition+`}}`)}},
					}}
				}
				inv.Accounts = append(inv.Accounts, a)
			}
			queue := "arn:aws:sqs:eu-west-1:" + tt.owner + ":q"
			inv.Accounts[1].Held().Resources = []*inventory.Resource{{
				ARN: queue, Type: "AWS::SQS::Queue", Account: tt.owner, Region: "eu-west-1", HasPolicy: inventory.Have,
				Policy: doc(policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"`+member+`"},"Action":"sqs:*","Resource":"*"}`),
			}}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := solver.New(solver.Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			ann := "arn:aws:iam::" + member + ":user/ann"
			d, err := s.Decide(solver.Question{Principal: ann, Action: "sqs:SendMessage", Resource: queue})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Verdict(); got != tt.want {
				t.Errorf("got %v, want %v: rules %v, doubts %q", got, tt.want, d.Rules, d.Doubts)
			}
			can, err := s.Can(ann, queue, []string{"sqs:SendMessage"})
			if err != nil {
				t.Fatal(err)
			}
			if (len(can.Access) == 0) != (tt.want == solver.Denied) {
				t.Errorf("can says %v", can.Access)
			}
		})
	}
}
