package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Of an account of which the snapshot holds no users and roles, what lets in everybody
// tells under "*"; under its own name what names it.
func TestOutsidersOfTheSnapshot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who  string
		want []string
	}{
		{`"*"`, []string{"*", "anonymous"}},
		{`{"AWS":"222222222222"}`, []string{"arn:aws:iam::222222222222:root"}},
		{`{"AWS":["*","222222222222"]}`, []string{"*", "anonymous", "arn:aws:iam::222222222222:root"}},
	} {
		var queue *inventory.Resource
		s := diffed(t, func(inv *inventory.Inventory) {
			queue = inv.Accounts[0].Held().Resources[0]
			queue.Policy = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":`+tt.who+`,"Action":"sqs:ReceiveMessage","Resource":"*"}]}`), policy.Resource)
			inv.Accounts = append(inv.Accounts, &inventory.Account{ID: "222222222222", Partition: "aws"})
		})
		var got []string
		for _, o := range s.Outsiders(queue) {
			got = append(got, o.ARN)
		}
		if slices.Sort(got); !slices.Equal(got, tt.want) {
			t.Errorf("a queue of %s lets in %v, want %v", tt.who, got, tt.want)
		}
	}
}
