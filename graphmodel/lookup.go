package graphmodel

import (
	"iter"
	"slices"
	"sync"

	"pathfinder/graphmodel/inventory"
)

// A Lookup finds the edges by which policies and grants let others in, node by
// node: those that [Graph.In] and [Graph.Out] hold, without the graph. It is
// safe for concurrent use.
type Lookup struct {
	inv  *inventory.Inventory
	once sync.Once // guards what follows
	// trusting and granting hold what names a node, by the node's name.
	trusting map[string][]*inventory.Principal
	granting map[string][]*inventory.Resource

	assuming         sync.Map // *policy.Document → bool, see mayAssume
	callers, doubted sync.Map // *inventory.Account → []*inventory.Principal
}

// NewLookup looks things up in a finished inventory.
func NewLookup(inv *inventory.Inventory) *Lookup { return &Lookup{inv: inv} }

// In yields whoever is let into a resource (by ResourceGrant edges) or a role (by
// AssumeRole edges); nobody of anything else. Some come more than once.
func (l *Lookup) In(name string, kind EdgeKind) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		var list iter.Seq[entry]
		switch kind {
		case AssumeRole:
			if p := l.inv.Principal(name); p != nil && p.ARN == name && p.Kind == inventory.Role {
				list = trusted(l.inv, p)
			}
		case ResourceGrant:
			if r := l.inv.Resource(name); r != nil {
				list = granted(l.inv, r)
			}
		case EdgeInvalid, Contains, MemberOf, IdentityGrant:
		}
		if list == nil {
			return
		}
		for e := range list {
			if !yield(e.who) {
				return
			}
		}
	}
}

// Trusting lists the roles whose trust policies name a node, by account and
// ARN.
func (l *Lookup) Trusting(name string) []*inventory.Principal {
	if list, ok := l.inv.Index().Trusting(name); ok {
		return list
	}
	l.build()
	return l.trusting[name]
}

// Granting lists the resources whose policies or grants name a node, by account
// and ARN.
func (l *Lookup) Granting(name string) []*inventory.Resource {
	if list, ok := l.inv.Index().Granting(name); ok {
		return list
	}
	l.build()
	return l.granting[name]
}

// Obscured is the name under which [Lookup.Granting] lists what is [Obscure]. No node has
// it.
const Obscured = "?"

// Admitting lists the resources that let in everybody, in so far as they may let in
// users, roles or the root user of an account that way; see [Admits]. They come by
// account and ARN.
func (l *Lookup) Admitting(account string) []*inventory.Resource {
	if list, ok := l.inv.Index().Admitting(account); ok {
		return list
	}
	return slices.DeleteFunc(slices.Clone(l.Granting(public.Name)), func(r *inventory.Resource) bool {
		all, accounts := Admits(r)
		return !all && !slices.Contains(accounts, account)
	})
}

// Assuming lists the users and roles of an account whose own policies may let them
// assume roles, or can't be read. The others get into a role only if its trust
// policy names them.
func (l *Lookup) Assuming(a *inventory.Account) []*inventory.Principal {
	return members(&l.callers, a, l.inv.Index().Assuming, l.mayAssume)
}

// Unclear lists the users and roles of an account of which something that bears on
// all they ask for can't be told: a policy that can't be read, or a tag whose name
// is there twice.
func (l *Lookup) Unclear(a *inventory.Account) []*inventory.Principal {
	return members(&l.doubted, a, l.inv.Index().Unclear, unclear)
}

// members lists those of an account of whom something is so, as an index knows, or
// else by looking at all.
func members(
	known *sync.Map, a *inventory.Account, index func(*inventory.Account) ([]*inventory.Principal, bool), is func(*inventory.Principal) bool,
) []*inventory.Principal {
	if list, ok := known.Load(a); ok {
		return list.([]*inventory.Principal)
	}
	list, ok := index(a)
	if !ok {
		list = slices.DeleteFunc(a.Principals(), func(p *inventory.Principal) bool { return !is(p) })
	}
	known.Store(a, list)
	return list
}

func (l *Lookup) build() {
	l.once.Do(func() {
		l.trusting, l.granting = map[string][]*inventory.Principal{}, map[string][]*inventory.Resource{}
		for _, a := range l.inv.Accounts {
			for _, r := range a.Held().Roles {
				gather(l.trusting, r, trusted(l.inv, r))
			}
			for _, r := range a.Held().Resources {
				gather(l.granting, r, granted(l.inv, r))
				if Obscure(r) {
					l.granting[Obscured] = append(l.granting[Obscured], r)
				}
			}
		}
	})
}

// gather notes r once under everybody whom it names.
func gather[T comparable](under map[string][]T, r T, list iter.Seq[entry]) {
	for e := range list {
		if have := under[e.who.Name]; len(have) == 0 || have[len(have)-1] != r {
			under[e.who.Name] = append(have, r)
		}
	}
}
