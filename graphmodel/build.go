package graphmodel

import (
	"fmt"
	"iter"
	"slices"

	"pathfinder/graphmodel/inventory"
)

// steps build the graph, in this order; the last one checks the result.
var steps = []struct {
	name string
	run  func(*build)
}{
	{"organization", (*build).organization},
	{"accounts", (*build).accountNodes},
	{"members", (*build).members},
	{"identity grants", (*build).identityGrants},
	{"resource grants", (*build).resourceGrants},
	{"trust", (*build).trust},
}

// build carries the steps.
type build struct {
	Builder
	inv *inventory.Inventory
	// keep are the names of the nodes that are wanted, nil for all; accounts are
	// those that have a part in them, by id, and part is what of them is wanted.
	keep     map[string]bool
	accounts []*inventory.Account
	found    []Node // those of keep, which may have no edges
	part     map[*inventory.Account]*inventory.Held
}

// Build makes the access graph of an inventory. An error is a bug of ours.
func Build(inv *inventory.Inventory) (*Graph, error) {
	b := &build{inv: inv, accounts: inv.Accounts}
	return b.graph()
}

// wants reports whether a node is to be part of the graph.
func (b *build) wants(name string) bool { return b.keep == nil || b.keep[name] }

// held returns what is wanted of what an account holds.
func (b *build) held(a *inventory.Account) *inventory.Held {
	if b.keep == nil {
		return a.Held()
	}
	return b.part[a]
}

// join adds an edge if both ends are wanted.
func (b *build) join(from, to Node, l Label) {
	if b.wants(from.Name) && b.wants(to.Name) {
		b.Edge(b.Node(from), b.Node(to), l)
	}
}

func (b *build) graph() (*Graph, error) {
	for _, s := range steps {
		s.run(b)
	}
	for _, n := range b.found {
		b.Node(n)
	}
	g := b.Graph()
	return g, g.check()
}

// check tells of edges that must not be.
func (g *Graph) check() error {
	for _, e := range g.out {
		from, to := g.nodes[e.From].Kind, g.nodes[e.To].Kind
		ok := false
		switch e.Label.Kind {
		case Contains:
			ok = from == Organization || from == Unit || from == Account
		case MemberOf:
			ok = from == User && to == Group
		case IdentityGrant:
			ok = to == Account && e.Label.Why != 0
		case ResourceGrant:
			ok = to == Resource && e.Label.Why != 0
		case AssumeRole:
			ok = to == Role && e.Label.Why != 0
		case EdgeInvalid:
		}
		if !ok {
			return fmt.Errorf("BUG: %s edge from %s %q to %s %q", e.Label.Kind, from, g.nodes[e.From].Name, to, g.nodes[e.To].Name)
		}
	}
	return nil
}

func (b *build) organization() {
	org := b.inv.Organization
	if org == nil {
		return
	}
	top := Node{Kind: Organization, Name: org.ID}
	b.place(top)
	if org.Root != nil {
		b.unit(top, org.Root)
	}
}

// place adds a node if it is wanted.
func (b *build) place(n Node) {
	if b.wants(n.Name) {
		b.Node(n)
	}
}

func (b *build) unit(parent Node, u *inventory.Unit) {
	n := Node{Kind: Unit, Name: u.ID}
	b.place(n)
	b.join(parent, n, Label{Kind: Contains})
	for _, id := range u.Accounts {
		a := Node{Kind: Account, Name: id}
		b.place(a)
		b.join(n, a, Label{Kind: Contains})
	}
	for _, c := range u.Units {
		b.unit(n, c)
	}
}

func (b *build) accountNodes() {
	for _, a := range b.accounts {
		wanted := b.wants(a.ID)
		var acct NodeID
		if wanted {
			acct = b.Node(Node{Kind: Account, Name: a.ID})
		}
		hold := func(kind NodeKind, name string) {
			if n := b.Node(Node{Kind: kind, Name: name}); wanted {
				b.Edge(acct, n, Label{Kind: Contains})
			}
		}
		for _, p := range b.held(a).Users {
			hold(User, p.ARN)
		}
		for _, g := range b.held(a).Groups {
			hold(Group, g.ARN)
		}
		for _, p := range b.held(a).Roles {
			hold(Role, p.ARN)
		}
		for _, p := range b.held(a).Providers {
			hold(Provider, p.ARN)
		}
		for _, r := range b.held(a).Resources {
			hold(Resource, r.ARN)
		}
	}
}

func (b *build) members() {
	for _, a := range b.accounts {
		for _, u := range b.held(a).Users {
			for _, g := range u.Groups {
				b.join(Node{Kind: User, Name: u.ARN}, Node{Kind: Group, Name: g.ARN}, Label{Kind: MemberOf})
			}
		}
	}
}

func (b *build) identityGrants() {
	for _, a := range b.accounts {
		if !b.wants(a.ID) {
			continue
		}
		acct := b.byName[a.ID]
		for _, g := range b.held(a).Groups {
			b.grantsOf(g.ARN, acct, slices.Concat(g.Inline, g.Attached))
		}
		for _, p := range slices.Concat(b.held(a).Users, b.held(a).Roles) {
			b.grantsOf(p.ARN, acct, slices.Concat(p.Inline, p.Attached))
		}
	}
}

func (b *build) grantsOf(owner string, acct NodeID, list []*inventory.Policy) {
	for _, p := range list {
		for _, s := range p.Doc.Statements {
			if grants(s) {
				why := b.Reason(Reason{Policy: p.Label(owner), Statement: s})
				b.Edge(b.byName[owner], acct, Label{IdentityGrant, why})
			}
		}
	}
}

func (b *build) resourceGrants() {
	for _, a := range b.accounts {
		for _, r := range b.held(a).Resources {
			b.into(r.ARN, ResourceGrant, granted(b.inv, r))
		}
	}
}

func (b *build) trust() {
	for _, a := range b.accounts {
		for _, r := range b.held(a).Roles {
			b.into(r.ARN, AssumeRole, trusted(b.inv, r))
		}
	}
}

// into adds the edges of entries, with one reason for all of a statement.
func (b *build) into(to string, kind EdgeKind, entries iter.Seq[entry]) {
	var why ReasonID
	var last Reason
	for e := range entries {
		if !b.wants(e.who.Name) {
			continue
		}
		if why == 0 || e.why != last {
			why, last = b.Reason(e.why), e.why
		}
		b.Edge(b.Node(e.who), b.byName[to], Label{kind, why})
	}
}
