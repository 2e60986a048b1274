package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// permissionSet reads one permission set. What could not be read of it is left
// open and noted.
func (c *centerReader) permissionSet(ctx context.Context, name string) {
	set := snapshot.PermissionSet{PermissionSetARN: name}
	in := func() params { return c.params().then("PermissionSetArn", name) }
	var described struct {
		PermissionSet struct {
			Name            string
			SessionDuration any // a text; stand-ins for AWS answer with numbers
		}
	}
	switch err := c.u.json(ctx, ssoAPI, "DescribePermissionSet", in(), &described); {
	case call.Is(err, centerNotFound):
		return
	case err != nil:
		c.u.Missing(name, err)
	default:
		set.Name = described.PermissionSet.Name
		set.SessionDuration, _ = described.PermissionSet.SessionDuration.(string)
	}
	c.setPolicies(ctx, &set, in)
	c.setBoundary(ctx, &set, in)
	c.setTags(ctx, &set)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.PermissionSets = append(c.in.PermissionSets, set)
}

func (c *centerReader) setPolicies(ctx context.Context, set *snapshot.PermissionSet, in func() params) {
	type named struct{ Name, Path, Arn string }
	managed, err := tokenPages(func(token string) ([]named, string, error) {
		var out struct {
			AttachedManagedPolicies []named
			NextToken               string
		}
		err := c.u.json(ctx, ssoAPI, "ListManagedPoliciesInPermissionSet", in().then("NextToken", token), &out)
		return out.AttachedManagedPolicies, out.NextToken, err
	})
	if err != nil {
		c.u.Missing(set.PermissionSetARN+" managed policies", err)
	} else {
		set.ManagedPolicies = []string{}
		for _, p := range managed {
			set.ManagedPolicies = append(set.ManagedPolicies, p.Arn)
		}
	}
	own, err := tokenPages(func(token string) ([]named, string, error) {
		var out struct {
			CustomerManagedPolicyReferences []named
			NextToken                       string
		}
		err := c.u.json(ctx, ssoAPI, "ListCustomerManagedPolicyReferencesInPermissionSet", in().then("NextToken", token), &out)
		return out.CustomerManagedPolicyReferences, out.NextToken, err
	})
	if err != nil {
		c.u.Missing(set.PermissionSetARN+" customer managed policies", err)
	} else {
		set.CustomerManagedPolicies = []snapshot.CenterPolicyName{}
		for _, p := range own {
			set.CustomerManagedPolicies = append(set.CustomerManagedPolicies, snapshot.CenterPolicyName{Name: p.Name, Path: p.Path})
		}
	}
	var out struct{ InlinePolicy string }
	err = c.u.json(ctx, ssoAPI, "GetInlinePolicyForPermissionSet", in(), &out)
	set.InlinePolicy = c.u.document(set.PermissionSetARN+" inline policy", &out.InlinePolicy, err)
}

// setBoundary reads the boundary; that there is none comes as an error.
func (c *centerReader) setBoundary(ctx context.Context, set *snapshot.PermissionSet, in func() params) {
	var out struct {
		PermissionsBoundary struct {
			ManagedPolicyArn               string
			CustomerManagedPolicyReference *struct{ Name, Path string }
		}
	}
	err := c.u.json(ctx, ssoAPI, "GetPermissionsBoundaryForPermissionSet", in(), &out)
	b := out.PermissionsBoundary
	switch {
	case call.Is(err, centerNotFound):
	case err != nil:
		c.u.Missing(set.PermissionSetARN+" permissions boundary", err)
	case b.CustomerManagedPolicyReference != nil:
		set.PermissionsBoundary = &snapshot.CenterBoundary{CustomerManagedPolicy: &snapshot.CenterPolicyName{
			Name: b.CustomerManagedPolicyReference.Name, Path: b.CustomerManagedPolicyReference.Path,
		}}
	case b.ManagedPolicyArn != "":
		set.PermissionsBoundary = &snapshot.CenterBoundary{ManagedPolicyARN: b.ManagedPolicyArn}
	}
}

func (c *centerReader) setTags(ctx context.Context, set *snapshot.PermissionSet) {
	all, err := tokenPages(func(token string) ([]tag, string, error) {
		var out struct {
			Tags      []tag
			NextToken string
		}
		err := c.u.json(ctx, ssoAPI, "ListTagsForResource", c.params().then("ResourceArn", set.PermissionSetARN).then("NextToken", token), &out)
		return out.Tags, out.NextToken, err
	})
	if err != nil {
		c.u.Missing(set.PermissionSetARN+" tags", err)
		return
	}
	set.Tags = tagList(all).Value
}

// users lists the users of the identity store; of what is known of them only the
// name is kept.
func (c *centerReader) users(ctx context.Context) ([]snapshot.CenterUser, error) {
	type user struct{ UserId, UserName string }
	all, err := tokenPages(func(token string) ([]user, string, error) {
		var out struct {
			Users     []user
			NextToken string
		}
		err := c.u.json(ctx, storeAPI, "ListUsers", params{"IdentityStoreId": c.in.IdentityStoreID}.then("NextToken", token), &out)
		return out.Users, out.NextToken, err
	})
	if err != nil {
		return nil, err
	}
	users := make([]snapshot.CenterUser, len(all))
	for i, u := range all {
		users[i] = snapshot.CenterUser{UserID: u.UserId, UserName: beforeAt(u.UserName)}
	}
	return users, nil
}

func (c *centerReader) groups(ctx context.Context) ([]snapshot.CenterGroup, error) {
	type group struct{ GroupId, DisplayName string }
	all, err := tokenPages(func(token string) ([]group, string, error) {
		var out struct {
			Groups    []group
			NextToken string
		}
		err := c.u.json(ctx, storeAPI, "ListGroups", params{"IdentityStoreId": c.in.IdentityStoreID}.then("NextToken", token), &out)
		return out.Groups, out.NextToken, err
	})
	if err != nil {
		return nil, err
	}
	groups := make([]snapshot.CenterGroup, len(all))
	for i, g := range all {
		groups[i] = snapshot.CenterGroup{GroupID: g.GroupId, DisplayName: g.DisplayName}
	}
	return groups, nil
}

// group adds a group with its members.
func (c *centerReader) group(ctx context.Context, g snapshot.CenterGroup) {
	type membership struct{ MemberId struct{ UserId string } }
	all, err := tokenPages(func(token string) ([]membership, string, error) {
		var out struct {
			GroupMemberships []membership
			NextToken        string
		}
		in := params{"IdentityStoreId": c.in.IdentityStoreID, "GroupId": g.GroupID, "MaxResults": 100}.then("NextToken", token)
		err := c.u.json(ctx, storeAPI, "ListGroupMemberships", in, &out)
		return out.GroupMemberships, out.NextToken, err
	})
	switch {
	case call.Is(err, centerNotFound):
		return
	case err != nil:
		c.u.Missing(c.in.InstanceARN+" members of "+g.GroupID, err)
	default:
		g.Members = []string{}
		for _, m := range all {
			g.Members = append(g.Members, m.MemberId.UserId)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.Groups = append(c.in.Groups, g)
}

// distinctAssignments sorts assignments and leaves each in once.
func distinctAssignments(list []snapshot.CenterAssignment) []snapshot.CenterAssignment {
	key := func(a, b snapshot.CenterAssignment) int {
		return cmp.Or(strings.Compare(a.AccountID, b.AccountID), strings.Compare(a.PermissionSetARN, b.PermissionSetARN),
			strings.Compare(a.PrincipalType, b.PrincipalType), strings.Compare(a.PrincipalID, b.PrincipalID))
	}
	slices.SortFunc(list, key)
	return slices.CompactFunc(list, func(a, b snapshot.CenterAssignment) bool { return key(a, b) == 0 })
}

// beforeAt cuts off the domain of a name that is an e-mail address, as those of
// directories often are.
func beforeAt(name string) string {
	before, _, _ := strings.Cut(name, "@")
	return before
}
