package snapshot

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// centersOf turns sorted instances of Identity Center into facts. A list that is absent was not
// read, and is another thing than an empty one.
func centersOf(ic *IdentityCenter, holder string) []inventory.Center {
	out := make([]inventory.Center, len(ic.Instances))
	for i := range ic.Instances {
		in := &ic.Instances[i]
		c := inventory.Center{
			ARN: in.InstanceARN, Holder: holder, Region: in.Region,
			AssignmentsKnown: in.Assignments != nil, UsersKnown: in.Users != nil, GroupsKnown: in.Groups != nil,
		}
		for k := range in.PermissionSets {
			c.Sets = append(c.Sets, inventory.PermissionSet{ARN: in.PermissionSets[k].PermissionSetARN, Name: in.PermissionSets[k].Name})
		}
		for _, a := range in.Assignments {
			c.Assignments = append(c.Assignments, inventory.Assignment{
				Account: a.AccountID, Set: a.PermissionSetARN, Group: a.PrincipalType == groupAssigned, ID: a.PrincipalID,
			})
		}
		for _, u := range in.Users {
			c.Users = append(c.Users, inventory.CenterUser{ID: u.UserID, Name: u.UserName})
		}
		for _, g := range in.Groups {
			c.Groups = append(c.Groups, inventory.CenterGroup{ID: g.GroupID, Name: g.DisplayName, Members: slices.Compact(g.Members), MembersKnown: g.Members != nil})
		}
		out[i] = c
	}
	return out
}

// assignmentsMissing reports whether some assignments of an instance may not have been
// read: users, groups, or what one of them is assigned to. Gaps of permission sets and of
// the members of groups take none away.
func assignmentsMissing(gaps []inventory.Gap, c *inventory.Center) bool {
	return slices.ContainsFunc(gaps, func(g inventory.Gap) bool {
		return g.Account == c.Holder && (g.Service == "identitycenter" || g.Service == "sso") &&
			(g.Region == "" || c.Region == "" || g.Region == c.Region) &&
			!strings.Contains(g.What, ":permissionSet/") && !strings.HasPrefix(g.What, c.ARN+" members of ")
	})
}
