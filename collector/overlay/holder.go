package overlay

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// A holder is an entity of the snapshot, of whichever kind, for writing.
type holder struct {
	account  string
	arn      *string
	id       *string
	inline   *[]snapshot.InlinePolicy
	attached *[]snapshot.AttachedPolicy
	boundary **snapshot.PermissionsBoundary // nil for a group
	tags     *snapshot.Tags                 // nil for a group
	trust    *jsontext.Value                // of a role
}

// holderIn finds an entity; nil when there is none.
func holderIn(d *snapshot.AuthorizationDetails, who Entity) *holder {
	switch who.Kind {
	case User:
		for _, u := range d.UserDetailList {
			if named(who.Name, u.UserName, u.ARN) {
				return &holder{
					account: who.Account, arn: &u.ARN, id: &u.UserID, inline: &u.UserPolicyList,
					attached: &u.AttachedManagedPolicies, boundary: &u.PermissionsBoundary, tags: &u.Tags,
				}
			}
		}
	case Group:
		for _, g := range d.GroupDetailList {
			if named(who.Name, g.GroupName, g.ARN) {
				return &holder{
					account: who.Account, arn: &g.ARN, id: &g.GroupID, inline: &g.GroupPolicyList, attached: &g.AttachedManagedPolicies,
				}
			}
		}
	case Role:
		for _, r := range d.RoleDetailList {
			if named(who.Name, r.RoleName, r.ARN) {
				return &holder{
					account: who.Account, arn: &r.ARN, id: &r.RoleID, inline: &r.RolePolicyList,
					attached: &r.AttachedManagedPolicies, boundary: &r.PermissionsBoundary, tags: &r.Tags, trust: &r.AssumeRolePolicyDocument,
				}
			}
		}
	case KindInvalid:
	}
	return nil
}

// named reports whether an entity has this name, which its ARN tells when
// nothing else does.
func named(name, own, text string) bool {
	if own == "" {
		own = lastName(text)
	}
	return strings.EqualFold(name, own)
}

// holder finds an entity to hang something on; what says which, for the gap
// that is noted when there is none.
func (e *Editor) holder(who Entity, what string) *holder {
	d := e.iam(who.Account)
	if d == nil {
		e.notRead(who.Account, e.EntityARN(who, "")+" ("+what+")")
		return nil
	}
	h := holderIn(d, who)
	if h == nil {
		e.Gap(snapshot.Gap{
			Account: who.Account, Service: "iam", What: e.EntityARN(who, ""),
			Why: what + " is put on it, but the snapshot does not hold the " + who.Kind.String(),
		})
	}
	return h
}
