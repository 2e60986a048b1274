package snapshot

import (
	"slices"

	"pathfinder/graphmodel/arn"
)

// center checks what would make the file misleading: entries without the ids
// that everything else names them by.
func (c *checker) center(ic *IdentityCenter) {
	for i := range ic.Instances {
		in := &ic.Instances[i]
		if in.InstanceARN == "" {
			c.bad(at("Instances", i, "InstanceArn"), "the ARN of the instance is missing")
		}
		for k, set := range in.PermissionSets {
			if set.PermissionSetARN == "" {
				c.bad(at("Instances", i, "PermissionSets", k, "PermissionSetArn"), "the ARN of the permission set is missing")
			}
			c.tags(set.Tags, "Instances", i, "PermissionSets", k, "Tags")
		}
		for k, a := range in.Assignments {
			if !arn.IsAccountID(a.AccountID) {
				c.bad(at("Instances", i, "Assignments", k, "AccountId"), "%s is not an account id of 12 digits", quote(a.AccountID))
			}
			if a.PermissionSetARN == "" {
				c.bad(at("Instances", i, "Assignments", k, "PermissionSetArn"), "the ARN of the permission set is missing")
			}
			if a.PrincipalID == "" {
				c.bad(at("Instances", i, "Assignments", k, "PrincipalId"), "the id of the user or group is missing")
			}
			if !slices.Contains([]string{userAssigned, groupAssigned}, a.PrincipalType) {
				c.bad(at("Instances", i, "Assignments", k, "PrincipalType"), "%s is neither USER nor GROUP", quote(a.PrincipalType))
			}
		}
		for k := range in.Users {
			if in.Users[k].UserID == "" {
				c.bad(at("Instances", i, "Users", k, "UserId"), "the id of the user is missing")
			}
		}
		for k := range in.Groups {
			if in.Groups[k].GroupID == "" {
				c.bad(at("Instances", i, "Groups", k, "GroupId"), "the id of the group is missing")
			}
		}
	}
}

// What an assignment is of.
const (
	userAssigned  = "USER"
	groupAssigned = "GROUP"
)

func sortCenter(ic *IdentityCenter) *IdentityCenter {
	out := *ic
	out.Instances = sortedBy(ic.Instances, func(in CenterInstance) string { return in.InstanceARN })
	for i := range out.Instances {
		in := &out.Instances[i]
		in.PermissionSets = sortedBy(in.PermissionSets, func(p PermissionSet) string { return p.PermissionSetARN })
		in.Assignments = sortedBy(in.Assignments, func(a CenterAssignment) string {
			return a.AccountID + "\x00" + a.PermissionSetARN + "\x00" + a.PrincipalType + "\x00" + a.PrincipalID
		})
		in.Users = sortedBy(in.Users, func(u CenterUser) string { return u.UserID })
		in.Groups = sortedBy(in.Groups, func(g CenterGroup) string { return g.GroupID })
		for k := range in.Groups {
			in.Groups[k].Members = sortTexts(in.Groups[k].Members)
		}
	}
	return &out
}
