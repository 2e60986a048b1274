package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// EntrantsOf yields the groups of users and roles that may assume one role themselves.
// Those of a group may do so on the same terms, but for the names in them; there is at
// least one in each.
func (v *Survey) EntrantsOf(role *inventory.Principal, yield func(group []*inventory.Principal)) {
	x := v.of[role.Account]
	if x == nil {
		return
	}
	n, known := x.numbers[role]
	at := int(n) - int(x.first) - len(x.account.Held().Users)
	if !known || at < 0 {
		return
	}
	v.groupsOf(&x.edges[at], func(_ *surveyed, members, except []uint32, _ *label) {
		var group []*inventory.Principal
		for _, m := range members {
			if _, without := slices.BinarySearch(except, m); !without {
				group = append(group, v.principal(m))
			}
		}
		if len(group) > 0 {
			yield(group)
		}
	})
}
