package solver

import (
	"slices"
	"strings"

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
	v.eachGroup(&x.edges[at], yield)
}

// ReachersOf yields the groups of users and roles that reach a resource themselves, in the
// same way.
func (v *Survey) ReachersOf(r *inventory.Resource, yield func(group []*inventory.Principal)) {
	x := v.of[v.s.inv.Account(r.Account)]
	if x == nil {
		return
	}
	held := x.account.Held().Resources
	at, found := slices.BinarySearchFunc(held, r, func(a, b *inventory.Resource) int { return strings.Compare(a.ARN, b.ARN) })
	if !found {
		at = slices.Index(held, r)
	}
	if at >= 0 {
		v.eachGroup(&x.access[at], yield)
	}
}

// eachGroup yields the groups by their first members, which do not depend on the order in
// which accounts were worked on.
func (v *Survey) eachGroup(r *reached, yield func(group []*inventory.Principal)) {
	var groups [][]*inventory.Principal
	v.groupsOf(r, func(_ *surveyed, members, except []uint32, _ *label) {
		var group []*inventory.Principal
		for _, m := range members {
			if _, without := slices.BinarySearch(except, m); !without {
				group = append(group, v.principal(m))
			}
		}
		if len(group) > 0 {
			groups = append(groups, group)
		}
	})
	slices.SortFunc(groups, func(a, b []*inventory.Principal) int { return strings.Compare(a[0].ARN, b[0].ARN) })
	for _, group := range groups {
		yield(group)
	}
}
