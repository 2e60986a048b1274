package inventory_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

func TestChangedLeavesTheOldAlone(t *testing.T) {
	t.Parallel()
	doc := &policy.Document{}
	old := &inventory.Policy{Name: "old", Doc: doc}
	account := func(id string) *inventory.Account {
		a := &inventory.Account{ID: id}
		user := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::" + id + ":user/ann", Name: "ann", UniqueID: "AIDA" + id, Account: a, Inline: []*inventory.Policy{old}}
		group := &inventory.Group{ARN: "arn:aws:iam::" + id + ":group/ops", Account: a, Inline: []*inventory.Policy{old}, Members: []*inventory.Principal{user}}
		user.Groups = []*inventory.Group{group}
		return a.Hold(inventory.Held{
			Users: []*inventory.Principal{user}, Groups: []*inventory.Group{group},
			Roles:     []*inventory.Principal{{Kind: inventory.Role, ARN: "arn:aws:iam::" + id + ":role/r", Name: "r", Account: a, Trust: doc}},
			Resources: []*inventory.Resource{{ARN: "arn:aws:sqs:r:" + id + ":jobs", Name: "jobs", Policy: doc}},
		})
	}
	inv := &inventory.Inventory{Source: "test", Accounts: []*inventory.Account{account("111111111111"), account("222222222222")}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	now, err := inv.Changed(map[string]func(*inventory.Held){"222222222222": func(h *inventory.Held) {
		h.Users[0].Inline = nil
		h.Groups[0].Inline = nil
		h.Resources[0].Policy = nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	const first, second = "arn:aws:iam::111111111111:user/ann", "arn:aws:iam::222222222222:user/ann"
	was, is := inv.Principal(second), now.Principal(second)
	switch {
	case len(was.Inline) != 1 || len(was.Groups[0].Inline) != 1 || inv.Resource("arn:aws:sqs:r:222222222222:jobs").Policy != doc:
		t.Error("the old inventory was changed")
	case len(is.Inline) != 0 || len(is.Groups[0].Inline) != 0 || now.Resource("arn:aws:sqs:r:222222222222:jobs").Policy != nil:
		t.Error("the new inventory was not changed")
	case is != now.Account("222222222222").Held().Users[0] || is.Account != now.Account("222222222222"):
		t.Error("the index finds another user than the account holds")
	case is.Groups[0] != now.Account("222222222222").Held().Groups[0] || is.Groups[0].Members[0] != is || was.Groups[0].Members[0] != was:
		t.Error("groups and members do not point at each other")
	case now.Principal("AIDA222222222222") != is || now.Principal(first) != inv.Principal(first) || now.Principal("nobody") != nil:
		t.Error("principals are not found")
	case now.Account("111111111111") != inv.Account("111111111111"):
		t.Error("an account that nobody changed was copied")
	}
	if list := now.Index().PrincipalsNamed("ann"); len(list) != 2 || list[0] != inv.Principal(first) || list[1] != is {
		t.Errorf("by name: %v", list)
	}
	if list := now.Index().ResourcesNamed("jobs"); len(list) != 2 || list[1].Policy != nil || inv.Index().ResourcesNamed("jobs")[1].Policy != doc {
		t.Errorf("resources by name: %v", list)
	}
	again, err := now.Changed(map[string]func(*inventory.Held){"111111111111": func(h *inventory.Held) { h.Users[0].Inline = nil }})
	if err != nil || len(again.Principal(first).Inline) != 0 || len(again.Principal(second).Inline) != 0 || len(now.Principal(first).Inline) != 1 {
		t.Errorf("a change of a change: %v", err)
	}
}
