package snapshot

import (
	"cmp"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// resource turns an entry of resources.json into its facts.
func (b *accountBuilder) resource(r *Resource) *inventory.Resource {
	out := &inventory.Resource{
		ARN: r.ARN, Type: r.Type, Name: cmp.Or(r.Name, nameOf(r.ARN)),
		Account: cmp.Or(r.Account, b.to.ID), Region: cmp.Or(r.Region, arn.Region(r.ARN)),
		HasTags: r.Tags.Known, HasPolicy: r.Policy.Known, HasGrants: r.Grants.Known, Roles: r.Roles,
		HasURLs: emptyIsNone(r.URLs.Known, len(r.URLs.Value)), HasShares: emptyIsNone(r.SharedWith.Known, len(r.SharedWith.Value)),
		SharedWith: r.SharedWith.Value,
	}
	if strings.HasPrefix(arn.Resource(r.ARN), "domain/") {
		out.VPC, out.FineGrained = r.VPCID, r.FineGrained
	}
	out.Tags, _ = b.tags.read(r.Tags.Value) // checked
	out.HasTags = emptyIsNone(out.HasTags, len(out.Tags))
	if r.Policy.Known == inventory.Have {
		kind := policy.Resource
		if r.Type == "AWS::EC2::VPCEndpoint" {
			kind = policy.Endpoint
		}
		out.Policy = b.document(r.Policy.Value, kind, r.ARN)
	}
	if r.Encryption != nil {
		e := r.Encryption
		out.EncryptionKey, out.AWSManagedKey = e.KMSKeyID, e.AWSManaged
		out.KeyUnread = e.NotRead && e.KMSKeyID == "" && !e.AWSManaged
	}
	if r.Type == "AWS::S3::Bucket" {
		out.S3 = s3(r)
	}
	if ap := r.AccessPoint; ap != nil {
		out.AccessPoint = &inventory.AccessPoint{
			Bucket: ap.Bucket, BucketAccount: cmp.Or(ap.BucketAccountID, out.Account),
			PublicAccessBlock: publicAccessBlock(ap.PublicAccessBlock),
		}
		if ap.VPCConfiguration != nil {
			out.AccessPoint.VPC = ap.VPCConfiguration.VPCID
		}
	}
	for _, u := range r.URLs.Value {
		out.URLs = append(out.URLs, inventory.FunctionURL{Function: u.FunctionARN, Auth: u.AuthType})
	}
	out.HasGrants = emptyIsNone(out.HasGrants, len(r.Grants.Value))
	for _, g := range r.Grants.Value {
		grant := inventory.KMSGrant{ID: g.GrantID, Grantee: g.GranteePrincipal, Operations: g.Operations}
		if c := g.Constraints; c != nil {
			grant.ContextEquals, grant.ContextSubset, grant.SourceARN = c.EncryptionContextEquals, c.EncryptionContextSubset, c.SourceARN
		}
		out.KMSGrants = append(out.KMSGrants, grant)
	}
	return out
}

// emptyIsNone reads an empty collection like null.
func emptyIsNone(k inventory.Known, n int) inventory.Known {
	if k == inventory.Have && n == 0 {
		return inventory.None
	}
	return k
}

func s3(r *Resource) *inventory.S3 {
	out := &inventory.S3{
		Ownership: r.Ownership, PublicAccessBlock: publicAccessBlock(r.PublicAccessBlock), ABAC: r.ABAC,
		ABACUnread: r.ABACNotRead && !r.ABAC,
	}
	out.ACL, out.HasACL = acl(r.ACL)
	for i := range r.Objects {
		o := inventory.ObjectAccess{Key: r.Objects[i].Key, Owner: r.Objects[i].OwnerAccount}
		o.ACL, o.HasACL = acl(r.Objects[i].ACL)
		out.Objects = append(out.Objects, o)
	}
	return out
}

func acl(f Fact[ACL]) ([]inventory.ACLGrant, inventory.Known) {
	var out []inventory.ACLGrant
	for _, g := range f.Value.Grants {
		out = append(out, inventory.ACLGrant{Grantee: grantee(g.Grantee), Permission: g.Permission})
	}
	return out, emptyIsNone(f.Known, len(out))
}

// grantee names the three groups shortly; others keep their URI, which no
// request matches.
func grantee(g Grantee) string {
	if g.URI == "" {
		return g.ID
	}
	switch g.URI[strings.LastIndexByte(g.URI, '/')+1:] {
	case "AllUsers":
		return "AllUsers"
	case "AuthenticatedUsers":
		return "AuthenticatedUsers"
	case "LogDelivery":
		return "LogDelivery"
	}
	return g.URI
}

func publicAccessBlock(f Fact[PublicAccessBlock]) inventory.PublicAccessBlock {
	return inventory.PublicAccessBlock{
		Known:                 f.Known,
		BlockPublicAcls:       f.Value.BlockPublicAcls,
		IgnorePublicAcls:      f.Value.IgnorePublicAcls,
		BlockPublicPolicy:     f.Value.BlockPublicPolicy,
		RestrictPublicBuckets: f.Value.RestrictPublicBuckets,
	}
}
