package service

import (
	"context"
	"slices"
	"strings"
	"sync"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var identitycenter = Service{
	Name: "identitycenter", Title: "AWS IAM Identity Center", What: "permission sets and who is assigned to them", Scope: Regional,
	Operations: slices.Concat(
		grouped("Identity Center", ops("SSO Admin", "sso",
			"ListInstances", "ListPermissionSets", "DescribePermissionSet", "ListManagedPoliciesInPermissionSet",
			"ListCustomerManagedPolicyReferencesInPermissionSet", "GetInlinePolicyForPermissionSet",
			"GetPermissionsBoundaryForPermissionSet", "ListTagsForResource", "ListAccountAssignmentsForPrincipal")),
		grouped("Identity Center", ops("identitystore", "identitystore", "ListUsers", "ListGroups", "ListGroupMemberships")),
	),
	Lists: 1, Each: 0, // nearly all accounts have none
	Read: readCenter,
}

var (
	ssoAPI   = call.JSONAPI{Service: "SSO Admin", Prefix: "sso", Target: "SWBExternalService"}
	storeAPI = call.JSONAPI{Service: "identitystore", Prefix: "identitystore", Target: "AWSIdentityStore"}
)

// grouped puts operations into one group of limits.
func grouped(group string, list []call.Operation) []call.Operation {
	for i := range list {
		list[i].Group = group
	}
	return list
}

// A centerReader fills one instance. Its methods are safe for concurrent use.
type centerReader struct {
	u     *Unit
	owner bool

	mu   sync.Mutex
	in   snapshot.CenterInstance // under mu
	gone map[string]bool         // users and groups that vanished; under mu
}

func readCenter(ctx context.Context, u *Unit) error {
	type instance struct{ InstanceArn, IdentityStoreId, OwnerAccountId string }
	all, err := tokenPages(func(token string) ([]instance, string, error) {
		var out struct {
			Instances []instance
			NextToken string
		}
		err := u.json(ctx, ssoAPI, "ListInstances", params{}.then("NextToken", token), &out)
		return out.Instances, out.NextToken, err
	})
	if err != nil {
		return err
	}
	for _, i := range all {
		c := &centerReader{
			u: u, owner: i.OwnerAccountId == u.Account || i.OwnerAccountId == "", gone: make(map[string]bool),
			in: snapshot.CenterInstance{InstanceARN: i.InstanceArn, IdentityStoreID: i.IdentityStoreId, Region: u.Region},
		}
		if c.read(ctx) {
			u.Set(func(p *Part) {
				if p.Center == nil {
					p.Center = new(snapshot.IdentityCenter)
				}
				p.Center.Instances = append(p.Center.Instances, c.in)
			})
		}
	}
	return ctx.Err()
}

// read reads an instance and reports whether it is one to keep. That of the
// organization is seen by all member accounts; only its owner and a delegated
// administrator may look into it, so that a refusal elsewhere says nothing. An
// instance of a single account takes no permission sets, and answers with a
// ValidationException: it leads into no account.
func (c *centerReader) read(ctx context.Context) bool {
	first := true
	sets, err := tokenPages(func(token string) ([]string, string, error) {
		first = token == ""
		var out struct {
			PermissionSets []string
			NextToken      string
		}
		err := c.u.json(ctx, ssoAPI, "ListPermissionSets", c.params().then("NextToken", token), &out)
		return out.PermissionSets, out.NextToken, err
	})
	switch {
	case first && call.Is(err, "ValidationException"):
		c.in.PermissionSets, c.in.Assignments = []snapshot.PermissionSet{}, []snapshot.CenterAssignment{}
		return c.owner
	case call.IsDenied(err) && !c.owner:
		return false
	case err != nil:
		c.u.Missing(c.in.InstanceARN+" permission sets", err)
	default:
		c.in.PermissionSets = []snapshot.PermissionSet{}
		_ = each(ctx, sets, c.permissionSet) // only the end of ctx, which readCenter returns
	}
	c.people(ctx)
	return true
}

func (c *centerReader) params() params { return params{"InstanceArn": c.in.InstanceARN} }

// people reads users and groups, and asks of each which accounts it may enter:
// by principal this takes a call for each, by account and permission set one for
// each pair. The answer for a user holds the assignments of its groups too.
// Assignments of principals that were deleted are not found, and let nobody in.
func (c *centerReader) people(ctx context.Context) {
	var who []principal
	users, noUsers := c.users(ctx)
	if noUsers != nil {
		c.u.Missing(c.in.InstanceARN+" users", noUsers)
	}
	for _, u := range users {
		who = append(who, principal{"USER", u.UserID})
	}
	groups, noGroups := c.groups(ctx)
	if noGroups != nil {
		c.u.Missing(c.in.InstanceARN+" groups", noGroups)
	} else {
		c.in.Groups = []snapshot.CenterGroup{}
	}
	for _, g := range groups {
		who = append(who, principal{"GROUP", g.GroupID})
	}
	if noUsers == nil || noGroups == nil {
		c.in.Assignments = []snapshot.CenterAssignment{}
	}
	_ = each(ctx, groups, c.group) // see read
	_ = each(ctx, who, c.assignments)
	c.in.Users = slices.DeleteFunc(users, func(u snapshot.CenterUser) bool { return c.gone[u.UserID] })
	c.in.Groups = slices.DeleteFunc(c.in.Groups, func(g snapshot.CenterGroup) bool { return c.gone[g.GroupID] })
	c.in.Assignments = distinctAssignments(c.in.Assignments)
	slices.SortFunc(c.in.Groups, func(a, b snapshot.CenterGroup) int { return strings.Compare(a.GroupID, b.GroupID) })
	slices.SortFunc(c.in.PermissionSets, func(a, b snapshot.PermissionSet) int {
		return strings.Compare(a.PermissionSetARN, b.PermissionSetARN)
	})
}

// A principal is a user or a group.
type principal struct{ kind, id string }

func (c *centerReader) assignments(ctx context.Context, p principal) {
	type assignment struct{ AccountId, PermissionSetArn, PrincipalId, PrincipalType string }
	all, err := tokenPages(func(token string) ([]assignment, string, error) {
		var out struct {
			AccountAssignments []assignment
			NextToken          string
		}
		in := c.params().then("NextToken", token).then("PrincipalId", p.id).then("PrincipalType", p.kind)
		in["MaxResults"] = 100
		err := c.u.json(ctx, ssoAPI, "ListAccountAssignmentsForPrincipal", in, &out)
		return out.AccountAssignments, out.NextToken, err
	})
	switch {
	case call.Is(err, centerNotFound):
		c.mu.Lock()
		defer c.mu.Unlock()
		c.gone[p.id] = true
		return
	case err != nil:
		c.u.Missing(c.in.InstanceARN+" assignments of "+p.id, err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range all {
		c.in.Assignments = append(c.in.Assignments, snapshot.CenterAssignment{
			AccountID: a.AccountId, PermissionSetARN: a.PermissionSetArn, PrincipalType: a.PrincipalType, PrincipalID: a.PrincipalId,
		})
	}
}

const centerNotFound = "ResourceNotFoundException"
