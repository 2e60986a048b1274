package compiled

import "pathfinder/graphmodel/inventory"

// resource returns a resource. One that can't be read is empty.
func (a *account) resource(i int) *inventory.Resource {
	return a.resources.get(i, func(i int) *inventory.Resource {
		c := a.record(a.roles.n + i)
		r := a.read(c)
		if a.done(c) && a.f.p.err() == nil {
			return r
		}
		return &inventory.Resource{Account: a.shell.ID}
	})
}

func (a *account) read(c *cursor) *inventory.Resource {
	r := &inventory.Resource{ARN: c.text(), Name: c.text(), Account: a.shell.ID}
	parts := c.byte()
	for _, k := range []*inventory.Known{&r.HasTags, &r.HasPolicy, &r.HasGrants, &r.HasURLs, &r.HasShares} {
		*k = inventory.Known(c.byte())
	}
	r.Type, r.Region, r.EncryptionKey = c.text(), c.text(), c.text()
	r.AWSManagedKey, r.KeyUnread = parts&hasAWSKey != 0, parts&hasUnreadKey != 0
	if parts&ofOther != 0 {
		r.Account = c.text()
	}
	r.Tags = c.pairs()
	r.Roles = c.texts()
	r.Policy = a.f.document(c.num())
	if parts&hasS3 != 0 {
		r.S3 = s3(c)
	}
	if parts&hasAccessPoint != 0 {
		r.AccessPoint = &inventory.AccessPoint{Bucket: c.text(), BucketAccount: c.text(), VPC: c.text(), PublicAccessBlock: c.block()}
	}
	r.KMSGrants = several(c, 6, func() inventory.KMSGrant {
		return inventory.KMSGrant{
			ID: c.text(), Grantee: c.text(), Operations: c.texts(),
			ContextEquals: c.pairs(), ContextSubset: c.pairs(), SourceARN: c.text(),
		}
	})
	r.URLs = several(c, 2, func() inventory.FunctionURL { return inventory.FunctionURL{Function: c.text(), Auth: c.text()} })
	r.SharedWith, r.VPC, r.FineGrained = c.texts(), c.text(), c.bool()
	return r
}

func s3(c *cursor) *inventory.S3 {
	s := &inventory.S3{Ownership: c.text(), ACL: acl(c), HasACL: inventory.Known(c.byte()), PublicAccessBlock: c.block(), ABAC: c.bool(), ABACUnread: c.bool()}
	s.Objects = several(c, 4, func() inventory.ObjectAccess {
		return inventory.ObjectAccess{Key: c.text(), Owner: c.text(), ACL: acl(c), HasACL: inventory.Known(c.byte())}
	})
	return s
}

func acl(c *cursor) []inventory.ACLGrant {
	return several(c, 2, func() inventory.ACLGrant { return inventory.ACLGrant{Grantee: c.text(), Permission: c.text()} })
}
