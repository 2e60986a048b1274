package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// Entrants yields, role by role of the snapshot, the groups of users and roles that may
// assume it themselves: one of each, and whether for certain.
func (v *Survey) Entrants(yield func(role, one *inventory.Principal, certain bool)) {
	for _, x := range v.accounts {
		users := len(x.account.Held().Users)
		for i := range x.edges {
			v.eachGroup(&x.edges[i], func(group []*inventory.Principal, certain bool) { yield(x.principals[users+i], group[0], certain) })
		}
	}
}

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
	v.eachGroup(&x.edges[at], func(group []*inventory.Principal, _ bool) { yield(group) })
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
		v.eachGroup(&x.access[at], func(group []*inventory.Principal, _ bool) { yield(group) })
	}
}

// eachGroup yields the groups by their first members, which do not depend on the order in
// which accounts were worked on, and whether they get there for certain.
func (v *Survey) eachGroup(r *reached, yield func(group []*inventory.Principal, certain bool)) {
	type group struct {
		members []*inventory.Principal
		certain bool
	}
	var groups []group
	v.groupsOf(r, func(_ *surveyed, members, except []uint32, l *label) {
		g := group{certain: l.certain()}
		for _, m := range members {
			if _, without := slices.BinarySearch(except, m); !without {
				g.members = append(g.members, v.principal(m))
			}
		}
		if len(g.members) > 0 {
			groups = append(groups, g)
		}
	})
	slices.SortFunc(groups, func(a, b group) int { return strings.Compare(a.members[0].ARN, b.members[0].ARN) })
	for _, g := range groups {
		yield(g.members, g.certain)
	}
}
