package solver

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// A CenterAnswer says who of IAM Identity Center may enter as the roles of an answer that
// were made of permission sets (E159).
type CenterAnswer struct {
	Roles []AssignedRole `json:"roles"` // by ARN
	// Groups are those that are assigned to any of Roles, with their members.
	Groups []AssignedGroup `json:"groups,omitempty"`
}

// An AssignedRole is a role with the users and groups that are assigned to its permission
// set in its account.
type AssignedRole struct {
	Role          string     `json:"role"`
	PermissionSet string     `json:"permissionSet"`      // by name; "" when the role's name says none
	Instance      string     `json:"instance,omitempty"` // "" when it is not known
	Users         []Assignee `json:"users"`
	Groups        []Assignee `json:"groups"`
	// Complete says that there are no others. Why says what is not known if there may be.
	Complete bool   `json:"complete"`
	Why      string `json:"why,omitempty"`
}

// An Assignee is a user or group of an identity store.
type Assignee struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Missing says that the identity store was read and does not hold it. Mostly it was
	// deleted, and then lets nobody in; it may also be newer than the list.
	Missing bool `json:"missing,omitempty"`
	// People is how many members a group has; nil where that is not known, and for users.
	People *int `json:"people,omitempty"`
}

// An AssignedGroup is a group with its members, nil where they are not known.
type AssignedGroup struct {
	ID      string     `json:"id"`
	Name    string     `json:"name,omitempty"`
	Members []Assignee `json:"members"`
}

// A centerBook finds what instances of Identity Center say.
type centerBook struct {
	instances  []*centerInstance // by ARN
	management string            // the account that owns the organization, "" for none
	changes    []string          // that are to come to them and are not in the facts; see changesToCenter
	roles      sync.Map          // account → map of roles made of permission sets, to how many there are; see siblings
}

// A centerInstance is what all readings of one instance say together: it is seen from
// several accounts, and where it is replicated from several regions.
type centerInstance struct {
	*inventory.Center // the fullest of the readings
	regions           map[string]bool
	sets              map[string][]string // name → ARNs
	assigned          map[[2]string][]inventory.Assignment
	users             map[string]*inventory.CenterUser
	groups            map[string]*inventory.CenterGroup
}

func newCenterBook(s *Solver) *centerBook {
	inv := s.inv
	list := inv.Centers()
	byARN := map[string][]*inventory.Center{}
	for i := range list {
		byARN[list[i].ARN] = append(byARN[list[i].ARN], &list[i])
	}
	b := &centerBook{changes: s.changesToCenter()}
	if inv.Organization != nil {
		b.management = inv.Organization.ManagementAccount
	}
	for _, name := range slices.Sorted(maps.Keys(byARN)) {
		b.instances = append(b.instances, newCenterInstance(byARN[name], b.management))
	}
	return b
}

// changesToCenter lists changes, as by a plan, of which something is not in the facts that
// may be an assignment, a permission set or the member of a group: those of the services
// that keep them, and in the account of an instance those that may be about anything.
func (s *Solver) changesToCenter() []string {
	return s.changes(func(g *inventory.Gap) bool {
		switch g.Service {
		case "sso", "ssoadmin", "identitystore":
			return true
		}
		return reachesOut(g) && (g.Account == "" || slices.ContainsFunc(s.inv.Centers(), func(c inventory.Center) bool { return c.Holder == g.Account }))
	})
}

// newCenterInstance takes the reading that knows most; of equal ones that of the
// management account, which owns it, and else the first.
func newCenterInstance(readings []*inventory.Center, management string) *centerInstance {
	rank := func(c *inventory.Center) (n int) {
		for i, better := range []bool{c.Holder == management, c.UsersKnown && c.GroupsKnown, len(c.Sets) > 0, c.AssignmentsKnown} {
			if better {
				n += 1 << i
			}
		}
		return n
	}
	in := &centerInstance{
		Center: slices.MaxFunc(readings, func(a, b *inventory.Center) int { return cmp.Compare(rank(a), rank(b)) }), regions: map[string]bool{},
		sets: map[string][]string{}, assigned: map[[2]string][]inventory.Assignment{},
		users: map[string]*inventory.CenterUser{}, groups: map[string]*inventory.CenterGroup{},
	}
	for _, c := range readings {
		in.regions[c.Region] = true
	}
	for _, s := range in.Sets {
		if !slices.Contains(in.sets[s.Name], s.ARN) {
			in.sets[s.Name] = append(in.sets[s.Name], s.ARN)
		}
	}
	for _, a := range in.Assignments {
		key := [2]string{a.Account, a.Set}
		in.assigned[key] = append(in.assigned[key], a)
	}
	for i := range in.Users {
		in.users[in.Users[i].ID] = &in.Users[i]
	}
	for i := range in.Groups {
		in.groups[in.Groups[i].ID] = &in.Groups[i]
	}
	return in
}

// setPrefix begins the name of every role of a permission set.
const setPrefix = "AWSReservedSSO_"

// setRole is how a role of a permission set is named, with the region of Identity Center in
// its path unless that is us-east-1 (E159).
var setRole = regexp.MustCompile(`^role/aws-reserved/sso\.amazonaws\.com/(?:([^/]+)/)?` + setPrefix + `([^/]+)_[0-9a-f]{16}$`)

// setOf reads the name of a permission set, and the region of its instance, out of the ARN
// of a role.
func setOf(role string) (set, region string, ok bool) {
	m := setRole.FindStringSubmatch(arn.Resource(role))
	if m == nil {
		return "", "", false
	}
	return m[2], cmp.Or(m[1], "us-east-1"), true
}

// Center says who of Identity Center is assigned to the roles on the ways of an answer, and
// to those in more. It is nil when the snapshot holds no instance, or no way leads through
// such a role. Time O(steps + assignments to the roles + members of groups).
func (s *Solver) Center(access []Access, more ...string) *CenterAnswer {
	out := &CenterAnswer{}
	groups := map[*inventory.CenterGroup]bool{}
	for _, p := range s.setRoles(access, more) {
		role, in := s.assignedTo(p)
		out.Roles = append(out.Roles, role)
		for _, g := range role.Groups {
			if known := in.groups[g.ID]; known != nil && !groups[known] {
				groups[known] = true
				out.Groups = append(out.Groups, in.group(known))
			}
		}
	}
	if len(out.Roles) == 0 {
		return nil
	}
	slices.SortStableFunc(out.Groups, func(a, b AssignedGroup) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return out
}

// Assigned lists the Roles of [Solver.Center] alone, for a way and further names.
func (s *Solver) Assigned(path []Step, more ...string) []AssignedRole {
	var out []AssignedRole
	for _, p := range s.setRoles([]Access{{Path: path}}, more) {
		role, _ := s.assignedTo(p)
		out = append(out, role)
	}
	return out
}

// setRoles lists the roles of permission sets among those on ways and some more, by ARN:
// none when the snapshot holds no instance.
func (s *Solver) setRoles(access []Access, more []string) []*inventory.Principal {
	if len(s.inv.Centers()) == 0 {
		return nil
	}
	seen := map[string]bool{}
	var out []*inventory.Principal
	look := func(name string) {
		if !strings.Contains(name, "/"+setPrefix) || seen[name] {
			return
		}
		seen[name] = true
		if p := s.roleBehind(name); p != nil && p.IsPermissionSet() {
			out = append(out, p)
		}
	}
	for _, name := range more {
		look(name)
	}
	for i := range access {
		for k := range access[i].Path {
			look(access[i].Path[k].Principal)
		}
	}
	slices.SortFunc(out, func(a, b *inventory.Principal) int { return strings.Compare(a.ARN, b.ARN) })
	return slices.Compact(out) // sessions are of the same role
}

// roleBehind returns the role of an ARN, or of that of one of its sessions; nil for others.
func (s *Solver) roleBehind(name string) *inventory.Principal {
	if rest, ok := strings.CutPrefix(arn.Resource(name), "assumed-role/"); ok {
		role, _, _ := strings.Cut(rest, "/")
		return s.inv.RoleNamed(arn.Account(name), role)
	}
	return s.inv.Principal(name)
}

// assignedTo says who is assigned to a role. Where it is not sure which permission set the
// role was made of, nobody is named, and that nobody is assigned is not said.
func (s *Solver) assignedTo(role *inventory.Principal) (AssignedRole, *centerInstance) {
	out := AssignedRole{Role: role.ARN, Users: []Assignee{}, Groups: []Assignee{}}
	set, region, ok := setOf(role.ARN)
	if !ok {
		out.Why = "its name is not one that Identity Center gives"
		return out, nil
	}
	out.PermissionSet = set
	b := s.center()
	in, why := b.made(set, region)
	if why == "" && len(b.changes) > 0 {
		why = b.changes[0]
	}
	if why == "" && b.siblings(role) > 1 {
		why = "the account has several roles of a permission set " + set
	}
	if why != "" {
		out.Why = why
		return out, nil
	}
	out.Instance = in.ARN
	out.Users, out.Groups = in.assignees(in.assigned[[2]string{role.Account.ID, in.sets[set][0]}])
	switch {
	case !in.AssignmentsKnown:
		out.Why = "not all assignments were read"
	case role.Account.ID == b.management && in.Holder != b.management:
		// Access to the management account is not delegated (Identity Center user guide,
		// "Delegated administration").
		out.Why = "the assignments were read from account " + in.Holder + ", which does not administer those of the management account"
	}
	out.Complete = out.Why == ""
	return out, in
}

// made finds the instance that made a role of a permission set, by the set's name and the
// instance's region; why it is not known otherwise.
func (b *centerBook) made(set, region string) (in *centerInstance, why string) {
	there := false
	for _, i := range b.instances {
		if !i.regions[region] && !i.regions[""] {
			continue
		}
		there = true
		switch {
		case len(i.sets[set]) == 0:
		case in != nil || len(i.sets[set]) > 1:
			return nil, "the snapshot holds several permission sets " + set
		default:
			in = i
		}
	}
	switch {
	case !there:
		return nil, "the snapshot holds no instance of Identity Center in " + region
	case in == nil:
		return nil, "the snapshot holds no permission set " + set
	}
	return in, ""
}

// siblings counts the roles of an account that were made of the same permission set by an
// instance in the same region. There is one at a time, and the name does not say which of
// several is the one that people enter (E159). Time O(roles) once for each account.
func (b *centerBook) siblings(role *inventory.Principal) int {
	counts, ok := b.roles.Load(role.Account)
	if !ok {
		made := map[[2]string]int{}
		for _, p := range role.Account.Principals() {
			if set, region, ok := setOf(p.ARN); ok {
				made[[2]string{set, region}]++
			}
		}
		counts, _ = b.roles.LoadOrStore(role.Account, made)
	}
	set, region, _ := setOf(role.ARN)
	return counts.(map[[2]string]int)[[2]string{set, region}]
}

// assignees names the users and groups of some assignments.
func (in *centerInstance) assignees(list []inventory.Assignment) (users, groups []Assignee) {
	users, groups = []Assignee{}, []Assignee{}
	for _, a := range list {
		if a.Group {
			groups = append(groups, in.assignedGroup(a.ID))
		} else {
			users = append(users, in.user(a.ID))
		}
	}
	return sortedAssignees(users), sortedAssignees(groups)
}

func (in *centerInstance) user(id string) Assignee {
	if u := in.users[id]; u != nil {
		return Assignee{ID: id, Name: u.Name}
	}
	return Assignee{ID: id, Missing: in.UsersKnown}
}

func (in *centerInstance) assignedGroup(id string) Assignee {
	g := in.groups[id]
	if g == nil {
		return Assignee{ID: id, Missing: in.GroupsKnown}
	}
	out := Assignee{ID: id, Name: g.Name}
	if g.MembersKnown {
		n := len(g.Members)
		out.People = &n
	}
	return out
}

// group lists the members of a group.
func (in *centerInstance) group(g *inventory.CenterGroup) AssignedGroup {
	out := AssignedGroup{ID: g.ID, Name: g.Name}
	if !g.MembersKnown {
		return out
	}
	out.Members = []Assignee{}
	for _, id := range g.Members {
		out.Members = append(out.Members, in.user(id))
	}
	slices.SortFunc(out.Members, compareAssignees)
	return out
}

// sortedAssignees sorts by name and id, and leaves each in once.
func sortedAssignees(list []Assignee) []Assignee {
	slices.SortFunc(list, compareAssignees)
	return slices.CompactFunc(list, func(a, b Assignee) bool { return a.ID == b.ID })
}

func compareAssignees(a, b Assignee) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}
