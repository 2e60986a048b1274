package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// A Roster is all that is known of who may enter accounts by Identity Center.
type Roster struct {
	Roles   []AssignedRole // every role of a permission set, by ARN
	Waiting []Waiting      // by account, permission set and instance
	Groups  []RosterGroup  // of all instances, by instance, name and id
}

// Waiting are the assignments in one account to one permission set that lead into no role
// that is known. Role of what is assigned is "", and Complete and Why are about the role.
type Waiting struct {
	Account string
	AssignedRole
}

// A RosterGroup is a group of the identity store of an instance.
type RosterGroup struct {
	Instance string
	AssignedGroup
}

// Roster returns all that is known of who is assigned to what: nothing when the snapshot
// holds no instance. Time O(roles + assignments + members of groups).
func (s *Solver) Roster() *Roster {
	out := &Roster{}
	if len(s.inv.Centers()) == 0 {
		return out
	}
	for _, a := range s.inv.Accounts {
		for _, p := range a.Principals() {
			if p.IsPermissionSet() {
				role, _ := s.assignedTo(p)
				out.Roles = append(out.Roles, role)
			}
		}
	}
	slices.SortFunc(out.Roles, func(a, b AssignedRole) int { return strings.Compare(a.Role, b.Role) })
	led := map[[3]string]bool{} // account, permission set and instance of roles that are known
	for i := range out.Roles {
		r := &out.Roles[i]
		led[[3]string{arn.Account(r.Role), r.PermissionSet, r.Instance}] = true
	}
	for _, in := range s.center().instances {
		names := map[string]string{}
		for _, set := range in.Sets {
			names[set.ARN] = set.Name
		}
		for key, list := range in.assigned {
			if account, set := key[0], cmp.Or(names[key[1]], key[1]); !led[[3]string{account, set, in.ARN}] {
				out.Waiting = append(out.Waiting, Waiting{account, s.waiting(in, account, set, list)})
			}
		}
		for i := range in.Groups {
			out.Groups = append(out.Groups, RosterGroup{in.ARN, in.group(&in.Groups[i])})
		}
	}
	slices.SortFunc(out.Waiting, func(a, b Waiting) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.PermissionSet, b.PermissionSet), strings.Compare(a.Instance, b.Instance))
	})
	slices.SortStableFunc(out.Groups, func(a, b RosterGroup) int {
		return cmp.Or(strings.Compare(a.Instance, b.Instance), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return out
}

// waiting says who is assigned to a permission set in an account, and why no role shows it.
func (s *Solver) waiting(in *centerInstance, account, set string, list []inventory.Assignment) AssignedRole {
	out := AssignedRole{PermissionSet: set, Instance: in.ARN}
	out.Users, out.Groups = in.assignees(list)
	a := s.inv.Account(account)
	switch {
	case a == nil || !a.IAM:
		out.Why = "the roles of the account were not read"
	case slices.ContainsFunc(a.Principals(), func(p *inventory.Principal) bool {
		name, _, ok := setOf(p.ARN)
		return ok && name == set
	}):
		out.Why = "it is not known which role of the account it is"
	default:
		out.Why = "the account has no role of it"
	}
	return out
}
