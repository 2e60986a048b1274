package inventory

import "sync"

// A Center is an instance of IAM Identity Center, as one account sees it in one region. It
// makes a role of a permission set in each account where somebody is assigned to it (E159).
type Center struct {
	ARN    string
	Holder string // the account whose facts name it
	Region string // "" when unknown
	Sets   []PermissionSet
	// Assignments say who may enter which account with which set. AssignmentsKnown says
	// that all were read: nobody else is assigned.
	Assignments      []Assignment
	AssignmentsKnown bool
	// UsersKnown and GroupsKnown say that the identity store was read: who is not listed
	// was deleted.
	Users       []CenterUser
	UsersKnown  bool
	Groups      []CenterGroup
	GroupsKnown bool
}

// A PermissionSet is what Identity Center makes roles of.
type PermissionSet struct {
	ARN  string
	Name string // "" when it was not read
}

// An Assignment lets a user or a group of the identity store enter an account.
type Assignment struct {
	Account string // 12 digits
	Set     string // the ARN of the permission set
	Group   bool   // ID is that of a group, not of a user
	ID      string
}

// A CenterUser is a person in the identity store.
type CenterUser struct {
	ID   string
	Name string // "" when unknown
}

// A CenterGroup is a group in the identity store.
type CenterGroup struct {
	ID      string
	Name    string
	Members []string // ids of users, each once
	// MembersKnown says that the members were read: there are no others.
	MembersKnown bool
}

// Centers lists the instances of IAM Identity Center, in the order of accounts. Of an
// inventory that was made by [Inventory.HoldCentersLater] they are loaded by the first
// call; any number of goroutines may ask.
func (inv *Inventory) Centers() []Center {
	if inv.centersLater != nil {
		return inv.centersLater()
	}
	return inv.centers
}

// HoldCenters sets the instances of Identity Center.
func (inv *Inventory) HoldCenters(list []Center) { inv.centers, inv.centersLater = list, nil }

// HoldCentersLater sets how to find the instances of Identity Center. load is called at
// most once; what is said of failures at [Account.HoldLater] holds here too.
func (inv *Inventory) HoldCentersLater(load func() []Center) { inv.centersLater = sync.OnceValue(load) }
