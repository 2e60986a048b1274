package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finish sorts everything into a fixed order and builds the look-up tables. It
// must be called once, after the last change. The error names facts that
// contradict each other, such as two principals of one ARN.
func (inv *Inventory) Finish() error {
	slices.SortFunc(inv.Accounts, func(a, b *Account) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(inv.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.What, b.What), cmp.Compare(a.Why, b.Why))
	})
	inv.byID = make(map[string]*Account, len(inv.Accounts))
	inv.principals = make(map[string]*Principal)
	inv.resources = make(map[string]*Resource)
	inv.canonical = make(map[string]string)
	for _, a := range inv.Accounts {
		if inv.byID[a.ID] != nil {
			return fmt.Errorf("account %s stands twice", a.ID)
		}
		inv.byID[a.ID] = a
		if a.CanonicalID != "" {
			inv.canonical[a.CanonicalID] = a.ID
		}
		if err := inv.index(a); err != nil {
			return err
		}
	}
	return nil
}

func (inv *Inventory) index(a *Account) error {
	byARN := func(x, y *Principal) int { return cmp.Compare(x.ARN, y.ARN) }
	slices.SortFunc(a.Users, byARN)
	slices.SortFunc(a.Roles, byARN)
	slices.SortFunc(a.Groups, func(x, y *Group) int { return cmp.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Resources, func(x, y *Resource) int { return cmp.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Providers, func(x, y Provider) int { return cmp.Compare(x.ARN, y.ARN) })
	for _, p := range a.Principals() {
		if inv.principals[p.ARN] != nil {
			return fmt.Errorf("principal %s stands twice", p.ARN)
		}
		inv.principals[p.ARN] = p
		if p.UniqueID != "" {
			inv.principals[p.UniqueID] = p
		}
	}
	for _, r := range a.Resources {
		if inv.resources[r.ARN] != nil {
			return fmt.Errorf("resource %s stands twice", r.ARN)
		}
		inv.resources[r.ARN] = r
	}
	return nil
}

// Account returns the account with this id, or nil.
func (inv *Inventory) Account(id string) *Account { return inv.byID[id] }

// Principal returns the user or role with this ARN or unique id, or nil.
func (inv *Inventory) Principal(arnOrID string) *Principal { return inv.principals[arnOrID] }

// Resource returns the resource with exactly this ARN, or nil.
func (inv *Inventory) Resource(arn string) *Resource { return inv.resources[arn] }

// CanonicalAccount returns the account of an S3 canonical user id, or "".
func (inv *Inventory) CanonicalAccount(id string) string { return inv.canonical[id] }

// Principals lists the users, then the roles of an account, by ARN.
func (a *Account) Principals() []*Principal {
	return slices.Concat(a.Users, a.Roles)
}

// RootARN returns the ARN of the account's root user, which also stands for
// the account.
func (a *Account) RootARN() string {
	return "arn:" + cmp.Or(a.Partition, "aws") + ":iam::" + a.ID + ":root"
}

// Path lists the units from the organization's root to the one the account
// hangs in; nil outside an organization.
func (a *Account) Path() []*Unit {
	var path []*Unit
	for u := a.Unit; u != nil; u = u.Parent {
		path = append(path, u)
	}
	slices.Reverse(path)
	return path
}

// OrgPath returns the value of aws:PrincipalOrgPaths for the account, such as
// o-a/r-1/ou-x/ (E222), or "" outside an organization.
func (inv *Inventory) OrgPath(a *Account) string {
	if a == nil || a.Unit == nil || inv.Organization == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(inv.Organization.ID + "/")
	for _, u := range a.Path() {
		b.WriteString(u.ID + "/")
	}
	return b.String()
}

// Documents calls yield for every policy document with the ARN of what it
// hangs on and its name, in a fixed order; shared documents once per place.
func (inv *Inventory) Documents(yield func(owner string, p *Policy)) {
	var units func(u *Unit)
	units = func(u *Unit) {
		for _, p := range slices.Concat(u.SCPs, u.RCPs) {
			yield(cmp.Or(u.ARN, u.ID), p)
		}
		for _, c := range u.Units {
			units(c)
		}
	}
	if inv.Organization != nil && inv.Organization.Root != nil {
		units(inv.Organization.Root)
	}
	for _, a := range inv.Accounts {
		for _, p := range slices.Concat(a.SCPs, a.RCPs) {
			yield(a.RootARN(), p)
		}
		for _, g := range a.Groups {
			for _, p := range slices.Concat(g.Inline, g.Attached) {
				yield(g.ARN, p)
			}
		}
		for _, p := range a.Principals() {
			p.documents(yield)
		}
		for _, r := range a.Resources {
			if r.Policy != nil {
				yield(r.ARN, &Policy{Name: "resource policy", Doc: r.Policy})
			}
		}
	}
}

func (p *Principal) documents(yield func(owner string, p *Policy)) {
	for _, d := range slices.Concat(p.Inline, p.Attached) {
		yield(p.ARN, d)
	}
	if p.Boundary != nil {
		yield(p.ARN, p.Boundary)
	}
	if p.Trust != nil {
		yield(p.ARN, &Policy{Name: "trust policy", Doc: p.Trust})
	}
}
