package graphmodel

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Around returns the part of the access graph that lies within some steps of the
// node of this name, whichever way the edges lead: with these nodes, all edges
// between them. It does without the rest of the graph. The part of a name that
// no node has is empty.
//
// A step never leads down into everything that something contains, but up from a
// resource to the account that owns it; nor on from the public or a service,
// which are near everything, unless the walk starts there. The error is a bug of
// ours.
func (l *Lookup) Around(name string, hops int) (*Graph, error) {
	b := &build{inv: l.inv, keep: map[string]bool{}}
	w := &walk{l: l, found: b.keep, part: map[*inventory.Account]*inventory.Held{}}
	w.visit(name)
	for n := 0; n < hops && len(w.round) > 0; n++ {
		round := w.round
		w.round = nil
		for _, at := range round {
			if k := at.node.Kind; at.node.Name == name || k != Public && k != Service {
				w.step(&at)
			}
		}
	}
	b.found, b.part = w.nodes, w.part
	for a, h := range w.part {
		sortHeld(h)
		b.accounts = append(b.accounts, a)
	}
	slices.SortFunc(b.accounts, func(x, y *inventory.Account) int { return strings.Compare(x.ID, y.ID) })
	return b.graph()
}

// Node returns the node of this name as [Graph.Find] would, without the graph.
func (l *Lookup) Node(name string) (Node, bool) {
	s, ok := l.spot(name)
	return s.node, ok
}

// A spot is a node with what the inventory holds of it.
type spot struct {
	node      Node
	holder    *inventory.Account // of what an account contains
	account   *inventory.Account
	principal *inventory.Principal
	group     *inventory.Group
	resource  *inventory.Resource
	provider  *inventory.Provider
}

func (l *Lookup) spot(name string) (spot, bool) {
	if a := l.inv.Account(name); a != nil {
		return spot{node: Node{Kind: Account, Name: name}, account: a}, true
	}
	if p := l.inv.Principal(name); p != nil && p.ARN == name {
		kind := Role
		if p.Kind == inventory.User {
			kind = User
		}
		return spot{node: Node{Kind: kind, Name: name}, holder: p.Account, principal: p}, true
	}
	if r := l.inv.Resource(name); r != nil {
		return spot{node: Node{Kind: Resource, Name: name}, holder: l.inv.Index().Holder(name), resource: r}, true
	}
	if a := l.inv.Account(arn.Account(name)); a != nil && arn.Service(name) == "iam" {
		for _, g := range a.Held().Groups {
			if g.ARN == name {
				return spot{node: Node{Kind: Group, Name: name}, holder: a, group: g}, true
			}
		}
		for i := range a.Held().Providers {
			if p := &a.Held().Providers[i]; p.ARN == name {
				return spot{node: Node{Kind: Provider, Name: name}, holder: a, provider: p}, true
			}
		}
	}
	if org := l.inv.Organization; org != nil {
		if org.ID == name {
			return spot{node: Node{Kind: Organization, Name: name}}, true
		}
		if k := unitNamed(org.Root, name); k != NodeInvalid {
			return spot{node: Node{Kind: k, Name: name}}, true
		}
	}
	return l.outside(name)
}

// unitNamed tells whether a unit has this id, or an account that hangs in one.
func unitNamed(u *inventory.Unit, name string) NodeKind {
	switch {
	case u == nil:
		return NodeInvalid
	case u.ID == name:
		return Unit
	case slices.Contains(u.Accounts, name):
		return Account
	}
	for _, c := range u.Units {
		if k := unitNamed(c, name); k != NodeInvalid {
			return k
		}
	}
	return NodeInvalid
}

// outside finds what only policies and grants name.
func (l *Lookup) outside(name string) (spot, bool) {
	for _, r := range l.Granting(name) {
		for e := range granted(l.inv, r) {
			if e.who.Name == name {
				return spot{node: e.who}, true
			}
		}
	}
	for _, r := range l.Trusting(name) {
		for e := range trusted(l.inv, r) {
			if e.who.Name == name {
				return spot{node: e.who}, true
			}
		}
	}
	return spot{}, false
}

// A walk goes from a node to its neighbours, a round for each step.
type walk struct {
	l     *Lookup
	found map[string]bool
	// part is what was found of what accounts hold: to look at all of it would load
	// it.
	part  map[*inventory.Account]*inventory.Held
	round []spot // what was found last
	nodes []Node
}

func (w *walk) visit(name string) {
	if w.found[name] {
		return
	}
	if s, ok := w.l.spot(name); ok {
		w.reach(s)
	}
}

// reach notes a node that was not found before.
func (w *walk) reach(s spot) {
	w.found[s.node.Name] = true
	w.round = append(w.round, s)
	w.nodes = append(w.nodes, s.node)
	for _, a := range []*inventory.Account{s.holder, s.account} {
		if a != nil && w.part[a] == nil {
			w.part[a] = &inventory.Held{}
		}
	}
	h := w.part[s.holder]
	switch {
	case s.holder == nil:
	case s.principal != nil && s.principal.Kind == inventory.User:
		h.Users = append(h.Users, s.principal)
	case s.principal != nil:
		h.Roles = append(h.Roles, s.principal)
	case s.group != nil:
		h.Groups = append(h.Groups, s.group)
	case s.resource != nil:
		h.Resources = append(h.Resources, s.resource)
	case s.provider != nil:
		h.Providers = append(h.Providers, *s.provider)
	}
}

// sortHeld puts things in the order in which accounts hold them.
func sortHeld(h *inventory.Held) {
	byARN := func(x, y *inventory.Principal) int { return strings.Compare(x.ARN, y.ARN) }
	slices.SortFunc(h.Users, byARN)
	slices.SortFunc(h.Roles, byARN)
	slices.SortFunc(h.Groups, func(x, y *inventory.Group) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(h.Resources, func(x, y *inventory.Resource) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(h.Providers, func(x, y inventory.Provider) int { return strings.Compare(x.ARN, y.ARN) })
}

// step visits the neighbours of a node.
func (w *walk) step(s *spot) {
	name := s.node.Name
	for _, r := range w.l.Granting(name) {
		w.visit(r.ARN)
	}
	for _, r := range w.l.Trusting(name) {
		w.visit(r.ARN)
	}
	for _, kind := range []EdgeKind{ResourceGrant, AssumeRole} {
		for n := range w.l.In(name, kind) {
			w.visit(n.Name)
		}
	}
	switch {
	case s.account != nil:
		w.account(s.account)
	case s.principal != nil:
		for _, g := range s.principal.Groups {
			if !w.found[g.ARN] {
				w.reach(spot{node: Node{Kind: Group, Name: g.ARN}, holder: s.holder, group: g})
			}
		}
		if allows(s.principal.Inline) || allows(s.principal.Attached) {
			w.visit(s.holder.ID)
		}
	case s.group != nil:
		for _, u := range s.holder.Held().Users {
			if slices.Contains(u.Groups, s.group) {
				w.visit(u.ARN)
			}
		}
		if allows(s.group.Inline) || allows(s.group.Attached) {
			w.visit(s.holder.ID)
		}
	case s.resource != nil && s.holder != nil:
		w.visit(s.holder.ID)
	}
}

// account visits whom identity policies let do something in their account.
func (w *walk) account(a *inventory.Account) {
	for _, g := range a.Held().Groups {
		if allows(g.Inline) || allows(g.Attached) {
			w.visit(g.ARN)
		}
	}
	for _, p := range a.Principals() {
		if allows(p.Inline) || allows(p.Attached) {
			w.visit(p.ARN)
		}
	}
}

// allows reports whether policies make an identity grant.
func allows(list []*inventory.Policy) bool {
	return slices.ContainsFunc(list, func(p *inventory.Policy) bool {
		return slices.ContainsFunc(p.Doc.Statements, grants)
	})
}

// grants reports whether a statement of an identity policy is an edge.
func grants(s *policy.Statement) bool { return s.Effect == policy.Allow && !s.Broken }
