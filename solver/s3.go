package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
)

// s3 applies ownership, ACLs and Block Public Access to what the bucket policy
// grants (section E), and returns the account that owns what is asked.
func (e *eval) s3(s *side, g *grantSide, resource, bucketOwner string) (owner string) {
	f, c := e.c.S3, &e.c.Caller
	restrict := f.RestrictPublicBuckets || e.c.AccessPoint != nil && e.c.AccessPoint.RestrictPublicBuckets
	if restrict && c.Kind != CallerService && !e.spared(bucketOwner) && e.publicPolicy(e.c.Resources) {
		e.cutPublic(s, g, "the bucket policy is public")
	}
	owner = bucketOwner
	isObject := strings.Contains(arn.Resource(resource), "/")
	enforced := f.Ownership == "" || f.Ownership == "BucketOwnerEnforced"
	if enforced {
		return owner // E166: ACLs are off
	}
	if isObject && f.ObjectOwner != "" && f.ObjectOwner != bucketOwner && objectOwnerActions[e.name] {
		e.rule("E165")
		owner = f.ObjectOwner
		g.kinds = noKinds()
	}
	if c.hasAccount() && c.Account == owner {
		return owner // E170: ACLs give nothing inside the owner's account
	}
	e.acl(g, f.BucketACL, 0)
	if isObject {
		e.acl(g, f.ObjectACL, 1)
	}
	return owner
}

// cutPublic takes away what policies grant, as RestrictPublicBuckets does (E173).
func (e *eval) cutPublic(s *side, g *grantSide, why string) {
	e.rule("E173")
	g.kinds = noKinds()
	s.block(GatePublicAccess)
	if e.trace {
		e.gates = append(e.gates, Gate{Name: GatePublicAccess, Result: Denies, Guard: guard.True, Note: why + ", and RestrictPublicBuckets cuts off everybody but the owner's account and AWS services"})
	}
}

// spared reports whether RestrictPublicBuckets leaves the caller alone, as one
// of the bucket owner's or the access point owner's account (E173).
func (e *eval) spared(bucketOwner string) bool {
	c := &e.c.Caller
	return c.hasAccount() && (c.Account == bucketOwner || e.c.AccessPoint != nil && c.Account == e.c.ResourceAccount)
}

// acl adds the grants of one ACL; column 0 is the bucket's, 1 the object's.
func (e *eval) acl(g *grantSide, list []inventory.ACLGrant, column int) {
	c := &e.c.Caller
	for _, grant := range list {
		if !aclCovers(grant.Permission, column, e.name) {
			continue
		}
		hit := false
		switch grant.Grantee {
		case "AllUsers":
			hit = !e.c.S3.IgnorePublicACLs && (c.Kind == CallerAnonymous || c.hasAccount())
		case "AuthenticatedUsers":
			hit = !e.c.S3.IgnorePublicACLs && c.hasAccount()
		case "LogDelivery":
			hit = c.Kind == CallerService && c.ARN == "logging.s3.amazonaws.com"
		default:
			hit = e.canonical(grant.Grantee)
		}
		if !hit {
			continue
		}
		e.rule("E168")
		if column == 0 && e.name == "deleteobject" {
			e.lean("E168")
		}
		if grant.Grantee == "AllUsers" && c.hasAccount() {
			e.lean("E171")
		}
		g.kinds[kindACL] = guard.True
		if e.trace {
			e.gates = append(e.gates, Gate{
				Name: GateACL, Result: Allows, Guard: guard.True,
				Note: "the ACL of the " + [2]string{"bucket", "object"}[column] + " grants " + grant.Permission + " to " + grant.Grantee,
			})
		}
	}
}

func aclCovers(permission string, column int, action string) bool {
	if permission == "FULL_CONTROL" {
		for _, actions := range aclActions {
			if actions[column][action] {
				return true
			}
		}
		return false
	}
	return aclActions[permission][column][action]
}

// publicPolicy reports whether S3 calls one of the policies public (E172).
func (e *eval) publicPolicy(list []Source) bool {
	for i := range list {
		if public, unsure := PublicPolicy(list[i].Doc); public {
			return true
		} else if unsure {
			e.lean("E172")
		}
	}
	return false
}
