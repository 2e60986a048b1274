package solver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

const (
	centerARN = "arn:aws:sso:::instance/ssoins-1"
	adminSet  = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
	centerHub = "111111111111" // the management account
	centerAcc = "222222222222"
)

// center is an instance in which ann and the group ops are assigned Admin in centerAcc.
func center() inventory.Center {
	return inventory.Center{
		ARN: centerARN, Holder: centerHub, Region: "eu-west-1", AssignmentsKnown: true, UsersKnown: true, GroupsKnown: true,
		Sets:        []inventory.PermissionSet{{ARN: adminSet, Name: "Admin"}, {ARN: adminSet + "2", Name: "Admin_Read"}},
		Assignments: []inventory.Assignment{{Account: centerAcc, Set: adminSet, ID: "u1"}, {Account: centerAcc, Set: adminSet, Group: true, ID: "g1"}},
		Users:       []inventory.CenterUser{{ID: "u1", Name: "ann"}, {ID: "u2", Name: "ben"}},
		Groups:      []inventory.CenterGroup{{ID: "g1", Name: "ops", Members: []string{"u1", "u2"}, MembersKnown: true}},
	}
}

// centerSolver knows instances and roles, which are paths and names in accounts.
func centerSolver(t *testing.T, centers []inventory.Center, roles ...string) *solver.Solver {
	t.Helper()
	return centerSolverWith(t, nil, centers, roles...)
}

// centerSolverWith is centerSolver with gaps in the facts.
func centerSolverWith(t *testing.T, gaps []inventory.Gap, centers []inventory.Center, roles ...string) *solver.Solver {
	t.Helper()
	inv := &inventory.Inventory{Organization: &inventory.Organization{ID: "o-1", ManagementAccount: centerHub}, Gaps: gaps}
	for _, id := range []string{centerHub, centerAcc} {
		a := &inventory.Account{ID: id, Partition: "aws", IAM: true}
		var held inventory.Held
		for _, arn := range roles {
			if !strings.Contains(arn, id) {
				continue
			}
			path, name, _ := strings.Cut(strings.TrimPrefix(arn, "arn:aws:iam::"+id+":role"), "AWSReservedSSO_")
			held.Roles = append(held.Roles, &inventory.Principal{
				Kind: inventory.Role, ARN: arn, Path: path, Name: "AWSReservedSSO_" + name, Account: a, Trust: &policy.Document{},
			})
		}
		inv.Accounts = append(inv.Accounts, a.Hold(held))
	}
	inv.HoldCenters(centers)
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// centerSays writes who is assigned to the first of the roles of an answer.
func centerSays(a *solver.CenterAnswer) string {
	if a == nil {
		return "nothing"
	}
	r := &a.Roles[0]
	var words []string
	for _, g := range r.Groups {
		w := "group " + g.ID + " " + g.Name
		if g.People != nil {
			w += fmt.Sprintf(" %d", *g.People)
		}
		words = append(words, w)
	}
	for _, u := range r.Users {
		w := "user " + u.ID + " " + u.Name
		if u.Missing {
			w += "missing"
		}
		words = append(words, w)
	}
	if r.Complete {
		words = append(words, "all")
	}
	if r.Complete == (r.Why != "") {
		words = append(words, "BOTH")
	}
	return strings.Join(append(words, r.Why), ", ")
}

func reserved(account, rest string) string {
	return "arn:aws:iam::" + account + ":role/aws-reserved/sso.amazonaws.com/" + rest
}

// TestAssigned: who of Identity Center may enter as a role, by account, name and region.
// AWS: Identity Center user guide, "Referencing permission sets in resource policies".
func TestAssigned(t *testing.T) {
	t.Parallel()
	admin := reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdef")
	const everybody = "group g1 ops 2, user u1 ann, all, "
	tests := []struct {
		name string
		role string
		with []string // further roles
		edit func(c *inventory.Center)
		more func() inventory.Center // a further instance, or reading of one
		want string
	}{
		{name: "E159 by account, set and region", role: admin, want: everybody},
		{name: "E159 a session of the role", role: "arn:aws:sts::" + centerAcc + ":assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann", with: []string{admin}, want: everybody},
		{name: "E159 us-east-1 has no region in the path", role: reserved(centerAcc, "AWSReservedSSO_Admin_0123456789abcdef"), edit: func(c *inventory.Center) { c.Region = "us-east-1" }, want: everybody},
		{name: "E159 a set whose name goes on is another one", role: reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_Read_0123456789abcdef"), want: "all, "},
		{name: "E159 the set in another account is another role", role: reserved(centerHub, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"), want: "all, "},
		{name: "E159 names are told apart by case", role: reserved(centerAcc, "eu-west-1/AWSReservedSSO_admin_0123456789abcdef"), want: "the snapshot holds no permission set admin"},
		{name: "E159 another region", role: reserved(centerAcc, "eu-west-2/AWSReservedSSO_Admin_0123456789abcdef"), want: "the snapshot holds no instance of Identity Center in eu-west-2"},
		{name: "E159 a path without region is not just any", role: reserved(centerAcc, "AWSReservedSSO_Admin_0123456789abcdef"), want: "the snapshot holds no instance of Identity Center in us-east-1"},
		{name: "E159 a region that was not read may be any", role: admin, edit: func(c *inventory.Center) { c.Region = "" }, want: everybody},
		{name: "E159 fifteen digits", role: reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_123456789abcdef"), want: "its name is not one that Identity Center gives"},
		{name: "E159 another path", role: "arn:aws:iam::" + centerAcc + ":role/AWSReservedSSO_Admin_0123456789abcdef", want: "nothing"},
		{name: "E159 two roles of one set", role: admin, with: []string{reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdee")}, want: "the account has several roles of a permission set Admin"},
		{name: "E159 a role of another region is no second one", role: admin, with: []string{reserved(centerAcc, "AWSReservedSSO_Admin_0123456789abcdee")}, want: everybody},
		{name: "E159 nobody", role: admin, edit: func(c *inventory.Center) { c.Assignments = nil }, want: "all, "},
		{name: "E159 nobody that was read", role: admin, edit: func(c *inventory.Center) { c.Assignments, c.AssignmentsKnown = nil, false }, want: "not all assignments were read"},
		{name: "E159 some that were read", role: admin, edit: func(c *inventory.Center) { c.AssignmentsKnown = false }, want: "group g1 ops 2, user u1 ann, not all assignments were read"},
		{name: "E159 members unknown", role: admin, edit: func(c *inventory.Center) { c.Groups[0].Members, c.Groups[0].MembersKnown = nil, false }, want: "group g1 ops, user u1 ann, all, "},
		{name: "E159 a group without members", role: admin, edit: func(c *inventory.Center) { c.Groups[0].Members = nil }, want: "group g1 ops 0, user u1 ann, all, "},
		{name: "E159 a user who is gone", role: admin, edit: func(c *inventory.Center) { c.Users = c.Users[1:] }, want: "group g1 ops 2, user u1 missing, all, "},
		{name: "E159 users that were not read", role: admin, edit: func(c *inventory.Center) { c.Users, c.UsersKnown = nil, false }, want: "group g1 ops 2, user u1 , all, "},
		{name: "E159 assigned twice", role: admin, edit: func(c *inventory.Center) { c.Assignments = append(c.Assignments, c.Assignments...) }, want: everybody},
		{name: "E159 two sets of one name", role: admin, edit: func(c *inventory.Center) { c.Sets[1].Name = "Admin" }, want: "the snapshot holds several permission sets Admin"},
		{name: "E159 two instances with the set", role: admin, more: func() inventory.Center {
			c := center()
			c.ARN = "arn:aws:sso:::instance/ssoins-2"
			return c
		}, want: "the snapshot holds several permission sets Admin"},
		{name: "E159 an instance of an account", role: admin, more: func() inventory.Center {
			return inventory.Center{ARN: "arn:aws:sso:::instance/ssoins-2", Holder: centerAcc, Region: "eu-west-1", AssignmentsKnown: true}
		}, want: everybody},
		{name: "E159 the instance seen from a delegate that knows less", role: admin, more: func() inventory.Center {
			c := center()
			c.Holder, c.Assignments, c.AssignmentsKnown = centerAcc, nil, false
			return c
		}, want: everybody},
		{name: "E159 the instance seen in a further region", role: admin, edit: func(c *inventory.Center) { c.Region = "eu-north-1" }, more: center, want: everybody},
		{
			name: "E159 a delegate does not administer the management account", role: reserved(centerHub, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"),
			edit: func(c *inventory.Center) { c.Holder = centerAcc },
			want: "the assignments were read from account " + centerAcc + ", which does not administer those of the management account",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := center()
			if tt.edit != nil {
				tt.edit(&c)
			}
			list := []inventory.Center{c}
			if tt.more != nil {
				list = append(list, tt.more())
			}
			roles := tt.with
			if strings.HasPrefix(tt.role, "arn:aws:iam:") {
				roles = append(slices.Clone(tt.with), tt.role)
			}
			for range 2 { // in either order of instances
				a := centerSolver(t, list, roles...).Center(nil, tt.role)
				if got := centerSays(a); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
				slices.Reverse(list)
			}
		})
	}
}

// TestAssignedOfNoInstance: without Identity Center nothing is said.
func TestAssignedOfNoInstance(t *testing.T) {
	t.Parallel()
	role := reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdef")
	if a := centerSolver(t, nil, role).Center(nil, role); a != nil {
		t.Errorf("got %+v without any instance", a)
	}
	s := centerSolver(t, []inventory.Center{center()}, role)
	if a := s.Center(nil, "arn:aws:iam::"+centerAcc+":user/ann", "anonymous", "*", "arn:aws:sts::"+centerAcc+":assumed-role/"); a != nil {
		t.Errorf("got %+v for others than roles of permission sets", a)
	}
	way := []solver.Access{{Path: []solver.Step{{Principal: "anonymous"}, {Principal: role}}}}
	a := s.Center(way)
	if a == nil || len(a.Roles) != 1 || len(a.Groups) != 1 || len(a.Groups[0].Members) != 2 || a.Groups[0].Members[1].Name != "ben" {
		t.Errorf("got %+v, want the role on the way, with both members of its group", a)
	}
}

// TestAssignedChanges: what a plan changes about Identity Center and is not in the facts may
// be any assignment; other changes are none.
func TestAssignedChanges(t *testing.T) {
	t.Parallel()
	role := reserved(centerAcc, "eu-west-1/AWSReservedSSO_Admin_0123456789abcdef")
	const known = "group g1 ops 2, user u1 ann, all, "
	tests := []struct {
		name string
		gap  inventory.Gap
		want string
	}{
		{"E159 an assignment of Terraform", inventory.Gap{Account: centerAcc, Service: "ssoadmin", What: "change by a", Why: "x"}, "change by a: x"},
		{"E159 an assignment of CloudFormation", inventory.Gap{Account: centerAcc, Service: "sso", What: "change by a", Why: "x"}, "change by a: x"},
		{"E159 a member", inventory.Gap{Account: centerAcc, Service: "identitystore", What: "change by a", Why: "x"}, "change by a: x"},
		{"E159 anything where the instance is", inventory.Gap{Account: centerHub, Service: "cloudformation", What: "change by a", Why: "x"}, "change by a: x"},
		{"E159 anything anywhere", inventory.Gap{What: "change by a", Why: "x"}, "change by a: x"},
		{"E159 anything in another account", inventory.Gap{Account: centerAcc, Service: "cloudformation", What: "change by a", Why: "x"}, known},
		{"E159 a change of another service", inventory.Gap{Account: centerHub, Service: "sqs", What: "change by a", Why: "x"}, known},
		{"E159 no change", inventory.Gap{Account: centerHub, Service: "identitystore", What: "a", Why: "x"}, known},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := centerSolverWith(t, []inventory.Gap{tt.gap}, []inventory.Center{center()}, role)
			if got := centerSays(s.Center(nil, role)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
