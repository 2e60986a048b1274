package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
)

// sharedCalls are what sharing a snapshot of a volume or a database gives to others:
// to copy it, and to make a volume or a database of it. Sources, 2026 crawl: EBS user
// guide, "Share an Amazon EBS snapshot with other AWS accounts"; RDS user guide,
// "Sharing a DB snapshot" (E132).
var sharedCalls = set("ec2:createvolume", "ec2:copysnapshot", "rds:copydbsnapshot", "rds:restoredbinstancefromdbsnapshot",
	"rds:copydbclustersnapshot", "rds:restoredbclusterfromsnapshot")

// sharedTypes are the types of what is shared so.
var sharedTypes = set("AWS::EC2::Snapshot", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot")

// SharedCall reports whether an action is one that sharing a snapshot gives: what it
// makes is the caller's, and it takes no more from the snapshot than what is in it.
func SharedCall(action string) bool { return sharedCalls[strings.ToLower(action)] }

// share adds what sharing gives to callers of other accounts (E132). It opens the
// owner's side only, as an entry of an ACL does; their own policies have to allow, too.
func (e *eval) share(g *grantSide) {
	c := &e.c.Caller
	if len(e.c.SharedWith) == 0 || !sharedCalls[e.service+":"+e.name] || !c.hasAccount() || c.Account == e.c.ResourceAccount {
		return
	}
	with := c.Account
	if !slices.Contains(e.c.SharedWith, with) {
		if with = "all"; !slices.Contains(e.c.SharedWith, with) {
			return
		}
	}
	e.rule("E132")
	g.kinds[kindACL] = guard.True
	if e.trace {
		e.gates = append(e.gates, Gate{Name: GateShare, Result: Allows, Guard: guard.True, Note: "it is shared with " + with})
	}
}

// shareDoubts lists what is not known about whom something is shared with (E236).
func (t *target) shareDoubts() (doubts []string) {
	r := t.carrier
	switch {
	case r == nil || !sharedTypes[r.Type] && len(r.SharedWith) == 0:
		return nil
	case r.HasShares == inventory.NotRead:
		return []string{"whom " + r.ARN + " is shared with was not read"}
	}
	for _, with := range r.SharedWith {
		if with != "all" && !arn.IsAccountID(with) || !sharedTypes[r.Type] {
			doubts = append(doubts, "what sharing "+r.ARN+" with "+with+" gives was not looked at")
		}
	}
	return append(doubts, t.shareLimits()...)
}

// shareLimits lists what could keep those out with whom something is shared. The
// setting of a region treats public snapshots as private, and leaves the share as it is
// (EBS user guide, "Block public access for Amazon EBS snapshots", 2026 crawl).
func (t *target) shareLimits() (doubts []string) {
	r := t.carrier
	if r == nil || len(r.SharedWith) == 0 || !sharedTypes[r.Type] {
		return nil
	}
	if r.Type == "AWS::EC2::Snapshot" && slices.Contains(r.SharedWith, "all") {
		doubts = append(doubts, "the setting that blocks public sharing of snapshots in "+t.region()+" was not read")
	}
	if r.EncryptionKey != "" || r.AWSManagedKey {
		doubts = append(doubts, "the key of "+r.ARN+" was not looked at, which those with whom it is shared need")
	}
	return doubts
}
