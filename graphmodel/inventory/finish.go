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
	if err := inv.shells(); err != nil {
		return err
	}
	principals, resources := 0, 0
	for _, a := range inv.Accounts {
		principals, resources = principals+len(a.Held().Users)+len(a.Held().Roles), resources+len(a.Held().Resources)
	}
	m := &memory{inv: inv, principals: make(map[string]*Principal, 2*principals), resources: make(map[string]*Resource, resources)}
	for _, a := range inv.Accounts {
		a.Held().sort()
		if err := m.add(a); err != nil {
			return err
		}
	}
	inv.index = m
	return nil
}

// FinishWith is [Inventory.Finish] for accounts that are loaded when somebody
// looks at what they hold: index answers what would need all of them. The
// accounts have to be in order, and to load in order.
func (inv *Inventory) FinishWith(index Index) error {
	inv.index = index
	return inv.shells()
}

// shells builds the look-up tables of accounts themselves.
func (inv *Inventory) shells() error {
	inv.byID = make(map[string]*Account, len(inv.Accounts))
	inv.canonical = make(map[string]string)
	for _, a := range inv.Accounts {
		if inv.byID[a.ID] != nil {
			return fmt.Errorf("account %s stands twice", a.ID)
		}
		inv.byID[a.ID] = a
		if a.CanonicalID != "" {
			inv.canonical[a.CanonicalID] = a.ID
		}
	}
	return nil
}

func (h *Held) sort() {
	byARN := func(x, y *Principal) int { return cmp.Compare(x.ARN, y.ARN) }
	slices.SortFunc(h.Users, byARN)
	slices.SortFunc(h.Roles, byARN)
	slices.SortFunc(h.Groups, func(x, y *Group) int { return cmp.Compare(x.ARN, y.ARN) })
	slices.SortFunc(h.Resources, func(x, y *Resource) int { return cmp.Compare(x.ARN, y.ARN) })
	slices.SortFunc(h.Policies, func(x, y *Policy) int { return cmp.Compare(x.ARN, y.ARN) })
	slices.SortFunc(h.Providers, func(x, y Provider) int { return cmp.Compare(x.ARN, y.ARN) })
}

// Account returns the account with this id, or nil.
func (inv *Inventory) Account(id string) *Account { return inv.byID[id] }

// CanonicalAccount returns the account of an S3 canonical user id, or "".
func (inv *Inventory) CanonicalAccount(id string) string { return inv.canonical[id] }

// Principals lists the users, then the roles of an account, by ARN.
func (a *Account) Principals() []*Principal {
	if a.lazy != nil {
		users, roles := a.lazy.principals()
		return slices.Concat(users, roles)
	}
	return slices.Concat(a.held.Users, a.held.Roles)
}

// Ambiguous reports whether names of a principal's tags differ in case only (E48).
func (p *Principal) Ambiguous() bool {
	if len(p.Tags) < 2 {
		return false
	}
	for name := range p.Tags {
		for other := range p.Tags {
			if name < other && strings.EqualFold(name, other) {
				return true
			}
		}
	}
	return false
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
	inv.Organization.EachUnit(func(u *Unit) {
		for _, p := range slices.Concat(u.SCPs, u.RCPs) {
			yield(cmp.Or(u.ARN, u.ID), p)
		}
	})
	for _, a := range inv.Accounts {
		for _, p := range slices.Concat(a.SCPs, a.RCPs) {
			yield(a.RootARN(), p)
		}
		for _, g := range a.Held().Groups {
			for _, p := range slices.Concat(g.Inline, g.Attached) {
				yield(g.ARN, p)
			}
		}
		for _, p := range a.Principals() {
			p.documents(yield)
		}
		for _, r := range a.Held().Resources {
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
