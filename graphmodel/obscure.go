package graphmodel

import "pathfinder/graphmodel/inventory"

// Obscure reports whether something was not read of a resource, or is damaged, that may
// let others in. Of many nothing could: what has no policies, for one.
func Obscure(r *inventory.Resource) bool {
	if r.HasPolicy == inventory.NotRead || r.HasGrants == inventory.NotRead || r.HasShares == inventory.NotRead || r.Policy != nil && damaged(r.Policy) {
		return true
	}
	return r.AccessPoint != nil || r.S3 != nil && r.S3.Ownership != "BucketOwnerEnforced"
}
