package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// blocksOn lists the public access blocks that apply to requests on a bucket, or
// through an access point, with whose they are (E174). The setting is on when one of them has it.
func (t *target) blocksOn() (blocks []inventory.PublicAccessBlock, whose []string) {
	add := func(name string, b inventory.PublicAccessBlock) {
		blocks, whose = append(blocks, b), append(whose, name)
	}
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		switch {
		case r == nil:
			continue
		case r.S3 != nil:
			add(r.ARN, r.S3.PublicAccessBlock)
		case r.AccessPoint != nil:
			add(r.ARN, r.AccessPoint.PublicAccessBlock)
		default:
			continue
		}
		var b inventory.PublicAccessBlock
		if a := t.s.inv.Account(r.Account); a != nil {
			b = a.PublicAccessBlock
		}
		add("account "+r.Account, b)
	}
	return blocks, whose
}

// opened tells by what a bucket, or an access point and the bucket behind it, are public.
func (t *target) opened() (byPolicy, byACL bool) {
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r == nil || r.S3 == nil && r.AccessPoint == nil {
			continue
		}
		if r.Policy != nil {
			public, _ := PublicPolicy(r.Policy)
			byPolicy = byPolicy || public
		}
		byACL = byACL || r.S3 != nil && r.S3.Ownership != "BucketOwnerEnforced" &&
			(slices.ContainsFunc(r.S3.ACL, inventory.ACLGrant.ForAll) || slices.ContainsFunc(r.S3.Objects, func(o inventory.ObjectAccess) bool {
				return t.asksAbout(&o) && slices.ContainsFunc(o.ACL, inventory.ACLGrant.ForAll)
			}))
	}
	return byPolicy, byACL
}

// blockUnread says whose public access block was not read, where one would keep
// callers out whom a public policy or ACL lets in (E172 to E174).
func (t *target) blockUnread() (doubts []string) {
	blocks, whose := t.blocksOn()
	if !slices.ContainsFunc(blocks, func(b inventory.PublicAccessBlock) bool { return b.Known == inventory.NotRead }) {
		return nil
	}
	if t.unblocked {
		return nil
	}
	byPolicy, byACL := t.opened()
	for _, b := range blocks {
		byPolicy, byACL = byPolicy && !b.RestrictPublicBuckets, byACL && !b.IgnorePublicAcls
	}
	if !byPolicy && !byACL {
		return nil
	}
	for i, b := range blocks {
		if b.Known == inventory.NotRead {
			doubts = appendNew(doubts, "the public access block of "+whose[i]+" was not read")
		}
	}
	return doubts
}

// mayStop lists what the snapshot lacks, or holds damaged, that could keep out whom
// the policies about a target let in: what was left out of a document may be a Deny.
func (t *target) mayStop() (doubts []string) {
	damaged := func(name string, doc *policy.Document) {
		if doc != nil && len(doc.Faults) > 0 && doc.Damaged() {
			doubts = appendNew(doubts, notRead(&Source{Name: name, Doc: doc}))
		}
	}
	if t.role != nil {
		damaged(t.role.ARN, t.role.Trust)
	}
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r != nil {
			damaged(r.ARN, r.Policy)
		}
	}
	for i := range t.rcps {
		for _, src := range t.rcps[i].Policies {
			damaged(src.Name, src.Doc)
		}
	}
	return append(append(doubts, t.blockUnread()...), t.shareLimits()...)
}
