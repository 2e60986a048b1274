package solver

import (
	"cmp"
	"fmt"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// bucketDoubts lists what the snapshot lacks about the bucket that requests on the target
// end at, itself or through an access point, and could change the answer for the caller
// (E165 to E170, E175, E236).
func (t *target) bucketDoubts(a *actor, action string) (doubts []string) {
	add := func(format string, args ...any) { doubts = append(doubts, fmt.Sprintf(format, args...)) }
	if r := t.carrier; r != nil && r.AccessPoint != nil {
		switch {
		case t.bucket == nil:
			add("the bucket %s behind %s is not in the snapshot", r.AccessPoint.Bucket, r.ARN)
		case t.bucket.HasPolicy == inventory.NotRead:
			add("the policy of %s was not read", t.bucket.ARN)
		}
	}
	b := t.bucketAsked()
	if b == nil || b.S3.Ownership == "BucketOwnerEnforced" {
		return doubts
	}
	matter := false // whether it matters that ACLs count
	switch {
	case a.caller.Account == b.Account: // its own ACL gives nothing there (E170)
	case b.S3.HasACL == inventory.NotRead:
		add("the ACL of %s was not read", b.ARN)
	default:
		matter = len(b.S3.ACL) > 0
	}
	unread, others := t.objectDoubts(a, action)
	switch len(unread) {
	case 0:
	case 1:
		add("the ACL of %s/%s was not read", b.ARN, unread[0])
	default:
		add("the ACLs of %d objects of %s were not read", len(unread), b.ARN)
	}
	if b.S3.Ownership == "" && (matter || others) {
		add("whether ACLs count for %s was not read", b.ARN)
	}
	return doubts
}

// objectDoubts lists the keys of objects whose ACL was not read and could let the caller
// in, and tells whether the settings of any would make a difference if ACLs count.
func (t *target) objectDoubts(a *actor, action string) (unread []string, matter bool) {
	b := t.bucketAsked()
	_, name, _ := strings.Cut(strings.ToLower(action), ":")
	granted := name == "*" || aclCovers("FULL_CONTROL", 1, name)
	for i := range b.S3.Objects {
		o := &b.S3.Objects[i]
		owner := cmp.Or(o.Owner, b.Account)
		foreign := owner != b.Account && (name == "*" || objectOwnerActions[name])
		if !granted && !foreign || !t.asksAbout(o) {
			continue
		}
		matter = matter || foreign
		if a.caller.Account == owner || !granted {
			continue
		}
		if o.HasACL == inventory.NotRead {
			unread = append(unread, o.Key)
		}
		matter = matter || len(o.ACL) > 0
	}
	return unread, matter
}

// bucketAsked returns the bucket that requests on the target end at, nil when there is
// none in the snapshot.
func (t *target) bucketAsked() *inventory.Resource {
	for _, r := range []*inventory.Resource{t.bucket, t.carrier} {
		if r != nil && r.S3 != nil {
			return r
		}
	}
	return nil
}

// asksAbout reports whether the target, as it is asked about, covers an object.
func (t *target) asksAbout(o *inventory.ObjectAccess) bool {
	within := t.carrier.ARN + "/"
	if t.name == t.carrier.ARN {
		return true
	}
	if t.carrier.AccessPoint != nil {
		within += "object/"
	}
	return t.name == within+o.Key || strings.ContainsAny(t.name, "*?") && arn.NewGlob(t.name).Match(within+o.Key)
}
