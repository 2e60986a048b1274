package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A removal takes grants out of an inventory.
type removal struct {
	gone     map[grantKey]bool
	left     map[grantKey]*policy.Statement // what stays of a statement that is gone; see CutEdit
	edited   map[documentKey]bool           // documents that lose statements
	docs     map[*policy.Document]map[documentKey]*policy.Document
	policies map[*inventory.Policy]*inventory.Policy
}

type documentKey struct{ kind, name string }

// without returns the inventory without some grants, of which some leave a part of their
// statement. What it shares, such as a managed policy that hangs in many places, stays shared.
func without(inv *inventory.Inventory, grants []*cutGrant, left map[grantKey]*policy.Statement) (*inventory.Inventory, error) {
	r := &removal{
		left: left, gone: map[grantKey]bool{}, edited: map[documentKey]bool{},
		docs: map[*policy.Document]map[documentKey]*policy.Document{}, policies: map[*inventory.Policy]*inventory.Policy{},
	}
	edits := map[string]func(*inventory.Held){}
	for _, g := range grants {
		r.gone[g.grantKey] = true
		r.edited[documentKey{g.kind, g.name}] = true
		edits[g.account] = r.held
	}
	return inv.Changed(edits)
}

func (r *removal) held(h *inventory.Held) {
	for _, list := range [][]*inventory.Principal{h.Users, h.Roles} {
		for _, p := range list {
			p.Inline, p.Attached = r.attached(p.ARN, p.Inline), r.attached(p.ARN, p.Attached)
			if b := p.Boundary; b != nil && b.ARN != "" {
				p.Boundary = r.policy(b, b.ARN) // it is the same document
			}
			p.Trust = r.document(policy.Trust.String(), p.ARN, p.Trust)
		}
	}
	for _, g := range h.Groups {
		g.Inline, g.Attached = r.attached(g.ARN, g.Inline), r.attached(g.ARN, g.Attached)
	}
	for _, res := range h.Resources {
		r.resource(res)
	}
}

// attached returns the policies that are left to an owner.
func (r *removal) attached(owner string, list []*inventory.Policy) []*inventory.Policy {
	out := make([]*inventory.Policy, 0, len(list))
	for _, p := range list {
		if !r.gone[grantKey{kind: TypeAttachment, name: p.ARN, at: owner}] {
			out = append(out, r.policy(p, p.Label(owner)))
		}
	}
	return out
}

func (r *removal) policy(p *inventory.Policy, label string) *inventory.Policy {
	doc := r.document(policy.Identity.String(), label, p.Doc)
	if doc == p.Doc {
		return p
	}
	if r.policies[p] == nil {
		c := *p
		c.Doc = doc
		r.policies[p] = &c
	}
	return r.policies[p]
}

// document returns what is left of a document.
func (r *removal) document(kind, name string, doc *policy.Document) *policy.Document {
	key := documentKey{kind, name}
	if doc == nil || !r.edited[key] {
		return doc
	}
	if r.docs[doc] == nil {
		r.docs[doc] = map[documentKey]*policy.Document{}
	}
	if r.docs[doc][key] == nil {
		c := *doc
		c.Statements = nil
		for _, st := range doc.Statements {
			key := grantKey{kind: kind, name: name, index: st.Index}
			if r.gone[key] {
				st = r.left[key]
			}
			if st != nil {
				c.Statements = append(c.Statements, st)
			}
		}
		r.docs[doc][key] = &c
	}
	return r.docs[doc][key]
}

func (r *removal) resource(res *inventory.Resource) {
	res.Policy = r.document(policy.Resource.String(), res.ARN, res.Policy)
	if res.S3 != nil {
		s3 := *res.S3
		s3.ACL = r.acl(res.ARN, s3.ACL)
		s3.Objects = slices.Clone(s3.Objects)
		for i := range s3.Objects {
			o := &s3.Objects[i]
			o.ACL = r.acl(res.ARN+"/"+o.Key, o.ACL)
		}
		res.S3 = &s3
	}
	if r.edited[documentKey{TypeKeyGrant, res.ARN}] {
		var left []inventory.KMSGrant
		for i := range res.KMSGrants {
			if !r.gone[grantKey{kind: TypeKeyGrant, name: res.ARN, index: i}] {
				left = append(left, res.KMSGrants[i])
			}
		}
		res.KMSGrants = left
	}
	if r.edited[documentKey{TypeShare, res.ARN}] {
		var left []string
		for i, with := range res.SharedWith {
			if !r.gone[grantKey{kind: TypeShare, name: res.ARN, index: i}] {
				left = append(left, with)
			}
		}
		res.SharedWith = left
	}
}

func (r *removal) acl(name string, list []inventory.ACLGrant) []inventory.ACLGrant {
	if !r.edited[documentKey{TypeACL, name}] {
		return list
	}
	var left []inventory.ACLGrant
	for i := range list {
		if !r.gone[grantKey{kind: TypeACL, name: name, index: i}] {
			left = append(left, list[i])
		}
	}
	return left
}
