package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// Pictures of what is written say what of it was not read, as those of what is
// decided do: edges may be missing (E236).
func TestGraphUnread(t *testing.T) {
	t.Parallel()
	const owner, other = "111111111111", "222222222222"
	users := solver.Gap{What: "account " + owner, Why: "its users and roles were not read"}
	asGraph := func(around string) func(*solver.Solver) (*solver.GraphAnswer, error) {
		return func(s *solver.Solver) (*solver.GraphAnswer, error) {
			return s.Graph(solver.GraphQuery{Around: around, Hops: 1})
		}
	}
	chains := func(s *solver.Solver) (*solver.GraphAnswer, error) { return s.RoleChains("") }
	for _, tt := range []struct {
		name    string
		read    bool            // users and roles of the owner
		policy  inventory.Known // of the queue
		picture func(*solver.Solver) (*solver.GraphAnswer, error)
		want    []solver.Gap
	}{
		{"everything is there", true, inventory.None, asGraph(""), nil},
		{"users and roles", false, inventory.None, asGraph(""), []solver.Gap{users}},
		{"a policy", true, inventory.NotRead, asGraph(""), []solver.Gap{
			{What: "arn:aws:sqs:eu-west-1:" + owner + ":q", Why: "the policy of arn:aws:sqs:eu-west-1:" + owner + ":q was not read"},
		}},
		{"users and roles around what they may reach", false, inventory.None, asGraph("q"), []solver.Gap{users}},
		{"users and roles elsewhere", false, inventory.None, asGraph("arn:aws:iam::" + other + ":root"), nil},
		{"chains, everything is there", true, inventory.NotRead, chains, nil},
		{"chains", false, inventory.None, chains, []solver.Gap{users}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &inventory.Account{ID: owner, Partition: "aws", IAM: tt.read}
			a.Held().Resources = []*inventory.Resource{{
				ARN: "arn:aws:sqs:eu-west-1:" + owner + ":q", Type: "AWS::SQS::Queue", Account: owner, HasPolicy: tt.policy,
			}}
			inv := &inventory.Inventory{Accounts: []*inventory.Account{a, {ID: other, Partition: "aws", IAM: true}}}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := solver.New(solver.Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			ans, err := tt.picture(s)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(ans.Unknown, tt.want) || ans.Complete != (len(tt.want) == 0) {
				t.Errorf("unknown %v, complete %v; want %v", ans.Unknown, ans.Complete, tt.want)
			}
		})
	}
}
