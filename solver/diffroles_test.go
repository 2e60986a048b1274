package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A way through a role is neither gained nor lost where one snapshot alone does not
// know the role: it did not read it, or does not hold its account (E236). It is gone
// all the same where what that snapshot holds lets the role in no more.
func TestDiffOfRolesThatOneSnapshotDoesNotKnow(t *testing.T) {
	t.Parallel()
	doc := func(kind policy.Kind, text string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	}
	role := func(a *inventory.Account, name, trusted, own string) *inventory.Principal {
		return &inventory.Principal{
			ARN: "arn:aws:iam::" + a.ID + ":role/" + name, Account: a, Kind: inventory.Role, Name: name, Path: "/",
			Trust:  doc(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"`+trusted+`"},"Action":"sts:AssumeRole"}`),
			Inline: []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, own)}},
		}
	}
	const (
		send     = `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`
		become   = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
		partner  = "arn:aws:iam::222222222222:role/app"
		stranger = "arn:aws:iam::333333333333:root"
	)
	// In the other account a user becomes a role, which becomes one of the account with the queue.
	world := func(trusted string, held bool, gaps ...inventory.Gap) func(inv *inventory.Inventory) {
		return func(inv *inventory.Inventory) {
			a := inv.Accounts[0]
			a.Held().Roles = []*inventory.Principal{role(a, "app", trusted, send)}
			inv.Gaps = gaps
			if !held {
				return
			}
			b := &inventory.Account{ID: "222222222222", IAM: true, Partition: "aws"}
			b.Held().Users = []*inventory.Principal{{
				ARN: "arn:aws:iam::222222222222:user/bea", Account: b, Kind: inventory.User, Name: "bea", Path: "/",
				Inline: []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, become)}},
			}}
			b.Held().Roles = []*inventory.Principal{role(b, "app", "arn:aws:iam::222222222222:root", become)}
			inv.Accounts = append(inv.Accounts, b)
		}
	}
	unread := inventory.Gap{Account: "222222222222", Service: "iam", What: partner, Why: "AccessDenied"}
	without := func(inv *inventory.Inventory) {
		world(partner, true, unread)(inv)
		inv.Accounts[1].Held().Roles = nil
	}
	tests := []struct {
		name     string
		old, now func(*inventory.Inventory)
		differs  bool
	}{
		{"the account is not held any more", world(partner, true), world(partner, false), false},
		{"the account was not held before", world(partner, false), world(partner, true), false},
		{"the role on the way was not read", world(partner, true), without, false},
		{"the role on the way was not read before", without, world(partner, true), false},
		{"the account is not held, and trusted no more", world(partner, true), world(stranger, false), true},
		{"the account was not held, nor trusted", world(stranger, false), world(partner, true), true},
		{"the role is not trusted any more", world(partner, true), world(stranger, true), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := solver.Diff(diffed(t, tt.old), diffed(t, tt.now), solver.DiffQuestion{
				Resource: "arn:aws:sqs:eu-west-1:111111111111:a", Actions: []string{"sqs:SendMessage"}, Principal: "arn:aws:iam::222222222222:user/bea",
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(ans.Gained)+len(ans.Lost) > 0; got != tt.differs || !got && ans.Complete {
				t.Errorf("differs: %v, want %v; unknown %+v", got, tt.differs, ans.Unknown)
			}
		})
	}
}
