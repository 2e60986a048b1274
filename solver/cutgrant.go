package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A grantKey tells grants that a removal can take away apart.
type grantKey struct {
	kind  string // that of a document, TypeAttachment, TypeACL, TypeKeyGrant
	name  string // of the policy as answers call it; of what an ACL or a grant hangs on
	index int    // of a statement, an entry, a grant
	at    string // what an attached policy hangs on
}

// A cutGrant is a grant that a removal can take away.
type cutGrant struct {
	grantKey
	account string // of whatever it hangs on
	sid     string
	stmts   []*policy.Statement
	note    string // what it says, of what is no statement
	id      int
}

// A grantTable numbers grants.
type grantTable struct {
	ids  map[grantKey]int
	list []*cutGrant
}

func (t *grantTable) add(g cutGrant) int {
	if id, ok := t.ids[g.grantKey]; ok {
		return id
	}
	g.id = len(t.list)
	t.ids[g.grantKey] = g.id
	t.list = append(t.list, &g)
	return g.id
}

// grantsIn adds the Allow statements of a document.
func (t *grantTable) grantsIn(kind policy.Kind, name, account string, doc *policy.Document) (ids []int) {
	for _, st := range doc.Statements {
		if st.Effect == policy.Allow && !st.Broken {
			ids = append(ids, t.add(cutGrant{
				grantKey: grantKey{kind: kind.String(), name: name, index: st.Index}, account: account, sid: st.Sid, stmts: []*policy.Statement{st},
			}))
		}
	}
	return ids
}

// identity adds what a principal's policies grant it, its groups' too.
func (t *grantTable) identity(p *inventory.Principal) (ids []int) {
	policiesOf(p, func(owner string, pol *inventory.Policy) {
		if !managedByAWS(pol.ARN) {
			ids = append(ids, t.grantsIn(policy.Identity, pol.Label(owner), p.Account.ID, pol.Doc)...)
			return
		}
		g := cutGrant{grantKey: grantKey{kind: TypeAttachment, name: pol.ARN, at: owner}, account: p.Account.ID}
		for _, st := range pol.Doc.Statements {
			if st.Effect == policy.Allow && !st.Broken {
				g.stmts = append(g.stmts, st)
			}
		}
		if len(g.stmts) > 0 {
			ids = append(ids, t.add(g))
		}
	})
	return ids
}

// trust adds what the trust policy of a role grants.
func (t *grantTable) trust(role *inventory.Principal) []int {
	if role.Trust == nil {
		return nil
	}
	return t.grantsIn(policy.Trust, role.ARN, role.Account.ID, role.Trust)
}

// resource adds what hangs on a resource.
func (t *grantTable) resource(r *inventory.Resource) (ids []int) {
	if r.Policy != nil && r.Policy.Kind != policy.Endpoint {
		ids = t.grantsIn(policy.Resource, r.ARN, r.Account, r.Policy)
	}
	acl := func(name string, list []inventory.ACLGrant) {
		for i, g := range list {
			ids = append(ids, t.add(cutGrant{
				grantKey: grantKey{kind: TypeACL, name: name, index: i}, account: r.Account, note: g.Permission + " to " + g.Grantee,
			}))
		}
	}
	if r.S3 != nil {
		acl(r.ARN, r.S3.ACL)
		for i := range r.S3.Objects {
			acl(r.ARN+"/"+r.S3.Objects[i].Key, r.S3.Objects[i].ACL)
		}
	}
	for i := range r.KMSGrants {
		g := &r.KMSGrants[i]
		ids = append(ids, t.add(cutGrant{
			grantKey: grantKey{kind: TypeKeyGrant, name: r.ARN, index: i}, account: r.Account, sid: g.ID,
			note: strings.Join(g.Operations, ", ") + " to " + g.Grantee,
		}))
	}
	for i, with := range r.SharedWith {
		ids = append(ids, t.add(cutGrant{grantKey: grantKey{kind: TypeShare, name: r.ARN, index: i}, account: r.Account, sid: with}))
	}
	return ids
}

// unnamed reports whether no answer names grants of a type.
func unnamed(kind string) bool { return kind == TypeACL || kind == TypeKeyGrant || kind == TypeShare }

// named returns the grants that references mean, as far as they are of a
// principal's own policies, of a trust policy or of a resource.
func (t *grantTable) named(refs []StatementRef, of *inventory.Principal) (ids []int) {
	for _, r := range refs {
		key := grantKey{kind: r.Type, name: r.Policy, index: r.Statement}
		if id, ok := t.ids[key]; ok {
			ids = append(ids, id)
			continue
		}
		if of == nil || !managedByAWS(r.Policy) {
			continue
		}
		places := []string{of.ARN}
		for _, g := range of.Groups {
			places = append(places, g.ARN)
		}
		for _, at := range places {
			if id, ok := t.ids[grantKey{kind: TypeAttachment, name: r.Policy, at: at}]; ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// ref names a grant as answers do.
func (g *cutGrant) ref() StatementRef {
	out := StatementRef{Policy: g.name, Type: g.kind, Statement: g.index, Sid: g.sid}
	if len(g.stmts) == 1 && g.kind != TypeAttachment {
		out.stmt = g.stmts[0]
	}
	return out
}

// breadth tells how much hangs on a grant besides one resource: what a resource or
// role says of itself is about it alone.
func (g *cutGrant) breadth() int {
	switch {
	case g.kind == TypeAttachment:
		return 3
	case g.kind == TypeKeyGrant || g.kind == policy.Resource.String() && arn.Service(g.name) == "kms":
		return 1 // what a key encrypts hangs on it
	case g.kind != policy.Identity.String():
		return 0
	case g.stmts[0].NotResource || slices.ContainsFunc(g.stmts[0].Resources, func(p policy.ResourcePattern) bool { return p.Text == "*" }):
		return 2
	}
	return 1
}

// compareGrantsToCut puts first what is better removed, of grants that do the
// same.
func compareGrantsToCut(a, b *cutGrant) int {
	return cmp.Or(cmp.Compare(a.breadth(), b.breadth()), strings.Compare(a.kind, b.kind), strings.Compare(a.name, b.name),
		cmp.Compare(a.index, b.index), strings.Compare(a.at, b.at))
}
