package graphmodel

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// steps build the graph, in this order; the last one checks the result.
var steps = []struct {
	name string
	run  func(*build)
}{
	{"organization", (*build).organization},
	{"accounts", (*build).accounts},
	{"members", (*build).members},
	{"identity grants", (*build).identityGrants},
	{"resource grants", (*build).resourceGrants},
	{"trust", (*build).trust},
}

// build carries the steps.
type build struct {
	Builder
	inv *inventory.Inventory
}

// Build makes the access graph of an inventory. An error is a bug of ours.
func Build(inv *inventory.Inventory) (*Graph, error) {
	b := &build{inv: inv}
	for _, s := range steps {
		s.run(b)
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
	top := b.Node(Node{Kind: Organization, Name: org.ID})
	if org.Root != nil {
		b.unit(top, org.Root)
	}
}

func (b *build) unit(parent NodeID, u *inventory.Unit) {
	n := b.Node(Node{Kind: Unit, Name: u.ID})
	b.Edge(parent, n, Label{Kind: Contains})
	for _, id := range u.Accounts {
		b.Edge(n, b.Node(Node{Kind: Account, Name: id}), Label{Kind: Contains})
	}
	for _, c := range u.Units {
		b.unit(n, c)
	}
}

func (b *build) accounts() {
	for _, a := range b.inv.Accounts {
		acct := b.Node(Node{Kind: Account, Name: a.ID})
		hold := func(kind NodeKind, name string) {
			b.Edge(acct, b.Node(Node{Kind: kind, Name: name}), Label{Kind: Contains})
		}
		for _, p := range a.Users {
			hold(User, p.ARN)
		}
		for _, g := range a.Groups {
			hold(Group, g.ARN)
		}
		for _, p := range a.Roles {
			hold(Role, p.ARN)
		}
		for _, p := range a.Providers {
			hold(Provider, p.ARN)
		}
		for _, r := range a.Resources {
			hold(Resource, r.ARN)
		}
	}
}

func (b *build) members() {
	for _, a := range b.inv.Accounts {
		for _, u := range a.Users {
			for _, g := range u.Groups {
				b.Edge(b.byName[u.ARN], b.byName[g.ARN], Label{Kind: MemberOf})
			}
		}
	}
}

func (b *build) identityGrants() {
	for _, a := range b.inv.Accounts {
		acct := b.byName[a.ID]
		for _, g := range a.Groups {
			b.grantsOf(g.ARN, acct, slices.Concat(g.Inline, g.Attached))
		}
		for _, p := range a.Principals() {
			b.grantsOf(p.ARN, acct, slices.Concat(p.Inline, p.Attached))
		}
	}
}

func (b *build) grantsOf(owner string, acct NodeID, list []*inventory.Policy) {
	for _, p := range list {
		for _, s := range p.Doc.Statements {
			if s.Effect == policy.Allow && !s.Broken {
				why := b.Reason(Reason{Policy: p.Label(owner), Statement: s})
				b.Edge(b.byName[owner], acct, Label{IdentityGrant, why})
			}
		}
	}
}

func (b *build) resourceGrants() {
	for _, a := range b.inv.Accounts {
		for _, r := range a.Resources {
			to := b.byName[r.ARN]
			if r.Policy != nil {
				b.named(r.Policy, r.ARN, to, ResourceGrant)
			}
			b.otherGrants(r, to)
			if r.AccessPoint != nil {
				b.behindAccessPoint(r, to)
			}
		}
	}
}

// named adds an edge from everybody whom an Allow statement of doc names.
func (b *build) named(doc *policy.Document, name string, to NodeID, kind EdgeKind) {
	for _, s := range doc.Statements {
		if s.Effect != policy.Allow || s.Broken || !s.HasPrincipal {
			continue
		}
		why := b.Reason(Reason{Policy: name, Statement: s})
		if s.NotPrincipal {
			b.Edge(b.public(), to, Label{kind, why})
			continue
		}
		for i := range s.Principals {
			if from, ok := b.principal(&s.Principals[i]); ok {
				b.Edge(from, to, Label{kind, why})
			}
		}
	}
}

func (b *build) public() NodeID { return b.Node(Node{Kind: Public, Name: "*", External: true}) }

// principal returns the node that an entry of a Principal element names. A
// unique id that belongs to nobody has none (E76).
func (b *build) principal(p *policy.Principal) (NodeID, bool) {
	switch p.Kind {
	case policy.Everyone:
		return b.public(), true
	case policy.Account:
		return b.Node(Node{Kind: Account, Name: p.Account, External: true}), true
	case policy.Canonical:
		if id := b.inv.CanonicalAccount(p.Text); id != "" {
			return b.Node(Node{Kind: Account, Name: id, External: true}), true
		}
		return b.Node(Node{Kind: Account, Name: p.Text, External: true}), true
	case policy.User, policy.FederatedUser:
		return b.Node(Node{Kind: User, Name: p.Text, External: true}), true
	case policy.Role:
		return b.Node(Node{Kind: Role, Name: p.Text, External: true}), true
	case policy.RoleSession:
		return b.sessionOf(p), true
	case policy.UniqueID:
		if owner := b.inv.Principal(p.Text); owner != nil {
			return b.byName[owner.ARN], true
		}
	case policy.Service:
		return b.Node(Node{Kind: Service, Name: strings.ToLower(p.Text), External: true}), true
	case policy.Federated:
		return b.Node(Node{Kind: Provider, Name: p.Text, External: true}), true
	case policy.Nobody:
	}
	return 0, false
}

// sessionOf returns the node of the role behind a session ARN, which leaves
// the role's path out.
func (b *build) sessionOf(p *policy.Principal) NodeID {
	_, rest, _ := strings.Cut(p.Text, ":assumed-role/")
	name, _, _ := strings.Cut(rest, "/")
	if a := b.inv.Account(p.Account); a != nil {
		for _, r := range a.Roles {
			if r.Name == name {
				return b.byName[r.ARN]
			}
		}
	}
	head, _, _ := strings.Cut(p.Text, ":sts:")
	return b.Node(Node{Kind: Role, Name: head + ":iam::" + p.Account + ":role/" + name, External: true})
}

// otherGrants adds ACLs and KMS grants.
func (b *build) otherGrants(r *inventory.Resource, to NodeID) {
	note := func(from NodeID, text string) {
		b.Edge(from, to, Label{ResourceGrant, b.Reason(Reason{Policy: r.ARN, Note: text})})
	}
	if r.S3 != nil {
		lists := [][]inventory.ACLGrant{r.S3.ACL}
		for _, o := range r.S3.Objects {
			lists = append(lists, o.ACL)
			if o.Owner != "" && o.Owner != r.Account {
				note(b.Node(Node{Kind: Account, Name: o.Owner, External: true}), "owner of "+o.Key)
			}
		}
		for _, g := range slices.Concat(lists...) {
			switch g.Grantee {
			case "AllUsers", "AuthenticatedUsers":
				note(b.public(), "ACL "+g.Permission)
			case "LogDelivery":
				note(b.Node(Node{Kind: Service, Name: "logging.s3.amazonaws.com", External: true}), "ACL "+g.Permission)
			default:
				if id := b.inv.CanonicalAccount(g.Grantee); id != "" {
					note(b.Node(Node{Kind: Account, Name: id, External: true}), "ACL "+g.Permission)
				}
			}
		}
	}
	for _, g := range r.KMSGrants {
		class := "AWS"
		if !strings.Contains(g.Grantee, ":") {
			class = "Service"
		}
		if p, problem := policy.NewPrincipal(class, g.Grantee); problem == "" {
			if from, ok := b.principal(&p); ok {
				note(from, "grant "+g.ID)
			}
		}
	}
}

// behindAccessPoint lets whoever the bucket's policy names reach the access
// point, whose own policy may be silent.
func (b *build) behindAccessPoint(r *inventory.Resource, to NodeID) {
	if bucket := b.inv.Resource("arn:" + arn.Partition(r.ARN) + ":s3:::" + r.AccessPoint.Bucket); bucket != nil && bucket.Policy != nil {
		b.named(bucket.Policy, bucket.ARN, to, ResourceGrant)
	}
}

func (b *build) trust() {
	for _, a := range b.inv.Accounts {
		for _, r := range a.Roles {
			if r.Trust != nil {
				b.named(r.Trust, r.ARN, b.byName[r.ARN], AssumeRole)
			}
		}
	}
}
