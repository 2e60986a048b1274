package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// entering yields the hops of the users and roles of an account. Where nobody can
// enter but who is named, or has a policy that lets assume something, the others are
// not looked at: nearly nobody has.
func (en *entrance) entering(a *inventory.Account, yield func(*inventory.Principal, *hop)) {
	q := en.asked()
	if !q.shutsSilent(a) {
		for _, cr := range q.s.community(a).crowds {
			q.each(cr, func(h *hop) bool { return h == nil }, yield)
		}
		return
	}
	list := slices.Concat(q.s.lookup.Assuming(a), q.s.lookup.Unclear(a), q.namedOf(a))
	slices.SortFunc(list, func(x, y *inventory.Principal) int { return strings.Compare(x.ARN, y.ARN) })
	for _, p := range slices.Compact(list) {
		if h := q.of(p); h != nil {
			yield(p, h)
		}
	}
}

// shutsSilent reports whether nobody of an account gets in whose own policies are
// silent, sound, and whom nothing about the target names itself.
func (q *audience[R]) shutsSilent(a *inventory.Account) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && !q.s.cfg.Singly && !q.damaged && !q.ground(a).damaged
}

// namedOf lists the users and roles of an account that something about the target
// names itself.
func (q *audience[R]) namedOf(a *inventory.Account) (list []*inventory.Principal) {
	index := q.s.inv.Index()
	for name := range q.named {
		found := []*inventory.Principal{index.Principal(name)}
		if _, rest, session := strings.Cut(name, ":assumed-role/"); session {
			found = index.PrincipalsNamed(strings.TrimSuffix(rest, "/"))
		}
		for _, p := range found {
			if p != nil && p.Account == a {
				list = append(list, p)
			}
		}
	}
	return list
}
