package compiled

import (
	"slices"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
)

// Bits that say which parts of a resource follow.
const (
	hasS3 = 1 << iota
	hasAccessPoint
	hasAWSKey
	hasUnreadKey
	ofOther // an owner that is another account than the one that holds it
)

func (e *accountEncoder) resource(r *inventory.Resource, i int) {
	to := refOf(e.number, i, false)
	at := e.key(secResources, r.ARN, to)
	e.key(secResourceNames, r.Name, to)
	if last := inventory.LastPart(r.ARN); last != r.Name {
		e.keys[secResourceNames] = append(e.keys[secResourceNames], key{last, at + len(r.ARN) - len(last), to})
	}
	e.arns.text(r.ARN)
	if r.Gates() {
		e.endpoints.text(r.ARN)
		e.endpoints.count(e.w.document(r.Policy))
	}
	parts := byte(0)
	for bit, on := range map[byte]bool{
		hasS3: r.S3 != nil, hasAccessPoint: r.AccessPoint != nil, hasAWSKey: r.AWSManagedKey, hasUnreadKey: r.KeyUnread,
		ofOther: r.Account != e.account.ID,
	} {
		if on {
			parts |= bit
		}
	}
	e.r.raw(parts, byte(r.HasTags), byte(r.HasPolicy), byte(r.HasGrants), byte(r.HasURLs), byte(r.HasShares))
	e.r.text(r.Type)
	e.r.text(r.Region)
	e.r.text(r.EncryptionKey)
	if parts&ofOther != 0 {
		e.r.text(r.Account)
	}
	e.r.pairs(r.Tags)
	e.r.texts(r.Roles)
	e.document(r.Policy)
	if r.S3 != nil {
		e.s3(r.S3)
	}
	if r.AccessPoint != nil {
		e.accessPoint(r.AccessPoint, to)
	}
	e.r.count(len(r.KMSGrants))
	for k := range r.KMSGrants {
		e.grant(&r.KMSGrants[k])
	}
	e.r.count(len(r.URLs))
	for _, u := range r.URLs {
		e.r.text(u.Function)
		e.r.text(u.Auth)
	}
	e.r.texts(r.SharedWith)
	e.r.text(r.VPC)
	e.r.bool(r.FineGrained)
}

// admits notes whom a resource that lets in everybody admits.
func (e *accountEncoder) admits(r *inventory.Resource, to ref) {
	all, accounts := graphmodel.Admits(r)
	if all {
		accounts = []string{anyAccount}
	}
	for _, id := range accounts {
		e.names(secAdmitting, id, to)
	}
}

// anyAccount is the key of resources that admit users and roles of any account.
const anyAccount = "*"

// members notes which users and roles questions have to look at for other reasons
// than that something names them.
func (e *accountEncoder) members() {
	for s, list := range map[section][]*inventory.Principal{secAssuming: e.lookup.Assuming(e.account), secUnclear: e.lookup.Unclear(e.account)} {
		for _, p := range list {
			e.names(s, e.account.ID, e.refs[p])
		}
	}
}

func (e *accountEncoder) s3(s *inventory.S3) {
	e.r.text(s.Ownership)
	e.acl(s.ACL)
	e.r.raw(byte(s.HasACL))
	e.r.block(&s.PublicAccessBlock)
	e.r.bool(s.ABAC)
	e.r.bool(s.ABACUnread)
	e.r.count(len(s.Objects))
	for i := range s.Objects {
		o := &s.Objects[i]
		e.r.text(o.Key)
		e.r.text(o.Owner)
		e.acl(o.ACL)
		e.r.raw(byte(o.HasACL))
	}
}

func (e *accountEncoder) acl(list []inventory.ACLGrant) {
	e.r.count(len(list))
	for _, g := range list {
		e.r.text(g.Grantee)
		e.r.text(g.Permission)
	}
}

func (e *accountEncoder) accessPoint(ap *inventory.AccessPoint, to ref) {
	e.key(secAccessPoints, ap.Bucket, to)
	e.r.text(ap.BucketAccount)
	e.r.text(ap.VPC)
	e.r.block(&ap.PublicAccessBlock)
}

func (e *accountEncoder) grant(g *inventory.KMSGrant) {
	e.r.text(g.ID)
	e.r.text(g.Grantee)
	e.r.texts(g.Operations)
	e.r.pairs(g.ContextEquals)
	e.r.pairs(g.ContextSubset)
	e.r.text(g.SourceARN)
}

// block writes settings of S3 Block Public Access.
func (r *record) block(b *inventory.PublicAccessBlock) {
	r.raw(byte(b.Known))
	for _, v := range []bool{b.BlockPublicAcls, b.IgnorePublicAcls, b.BlockPublicPolicy, b.RestrictPublicBuckets} {
		r.bool(v)
	}
}

func (c *cursor) block() (b inventory.PublicAccessBlock) {
	b.Known = inventory.Known(c.byte())
	for _, v := range []*bool{&b.BlockPublicAcls, &b.IgnorePublicAcls, &b.BlockPublicPolicy, &b.RestrictPublicBuckets} {
		*v = c.bool()
	}
	return b
}

// sortedKeys orders the keys of an index: by hash, then word, then ref.
func sortedKeys(list []indexKey) []indexKey {
	slices.SortFunc(list, compareKeys)
	return list
}
