package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// An invited is everybody whom policies and grants let in: all users and roles
// of some accounts, and others one by one.
type invited struct {
	s        *Solver
	accounts []*inventory.Account // by id, after settle
	others   []actor              // by ARN, after settle; none of those of accounts
	// admits says in which accounts users and roles have to be asked about that are
	// let in as one of everybody; nil for all. Of other accounts only those are of
	// whom something can't be told.
	admits func(*inventory.Account) bool
	seen   map[*inventory.Account]bool
}

// account lets in an account: its users and roles, and its root user.
func (v *invited) account(a *inventory.Account) {
	if v.seen[a] {
		return
	}
	if v.seen == nil {
		v.seen = map[*inventory.Account]bool{}
	}
	v.seen[a] = true
	v.accounts = append(v.accounts, a)
	v.add(v.s.rootActor(a))
}

// accountOf lets in an account by its number. One of which the snapshot holds no
// users and roles is one of strangers, whoever lets it in: an account has one entry.
func (v *invited) accountOf(id, partition string) {
	if isCanonicalID(id) { // of nobody in the snapshot (E19)
		if a, ok, err := v.s.actorFor(id); ok && err == nil {
			v.add(a)
		}
		return
	}
	if a := v.s.inv.Account(id); a != nil && a.IAM {
		v.account(a)
		return
	}
	v.add(v.s.outsider(id, partition))
}

func (v *invited) add(a actor) { v.others = append(v.others, a) }

// named lets in whomever policies and grants on a role or resource name.
func (v *invited) named(name string, kind graphmodel.EdgeKind) {
	seen := map[graphmodel.Node]bool{}
	for n := range v.s.lookup.In(name, kind) {
		if !seen[n] {
			seen[n] = true
			v.node(n, name, kind)
		}
	}
}

// node lets in the actors that a node of the graph stands for. Accounts outside
// the snapshot are in the partition of what they are let into (E99).
func (v *invited) node(n graphmodel.Node, name string, kind graphmodel.EdgeKind) {
	s, partition := v.s, arn.Partition(name)
	switch n.Kind {
	case graphmodel.Public:
		for _, a := range s.inv.Accounts {
			if !a.IAM || v.admits == nil || v.admits(a) {
				v.accountOf(a.ID, partition)
				continue
			}
			for _, p := range s.lookup.Unclear(a) {
				v.add(s.actorOf(p))
			}
		}
		m := s.mentionedOn(name, kind)
		for _, id := range m.accounts {
			v.accountOf(id, partition)
		}
		v.add(s.anybody(partition, m))
	case graphmodel.Account:
		v.accountOf(n.Name, partition)
	case graphmodel.User, graphmodel.Role, graphmodel.Service, graphmodel.Provider:
		if a, ok, err := s.actorFor(n.Name); ok && err == nil {
			v.add(a)
		}
	case graphmodel.NodeInvalid, graphmodel.Organization, graphmodel.Unit, graphmodel.Group, graphmodel.Resource:
	}
}

// settle sorts, and drops repeats.
func (v *invited) settle() {
	slices.SortFunc(v.accounts, func(a, b *inventory.Account) int { return strings.Compare(a.ID, b.ID) })
	v.others = slices.DeleteFunc(sortActors(v.others), func(a actor) bool {
		return a.principal != nil && a.caller.ARN == a.principal.ARN && v.seen[a.principal.Account]
	})
}

// everybody lists all who are let in, by ARN.
func (v *invited) everybody() (list []actor) {
	for _, a := range v.accounts {
		for _, p := range a.Principals() {
			list = append(list, v.s.actorOf(p))
		}
	}
	return sortActors(append(list, v.others...))
}
