package compiled

import (
	"maps"
	"slices"

	"pathfinder/graphmodel/inventory"
)

// organization writes all that is read when a file is opened: where the
// inventory is from, the organization, what accounts are, and the gaps.
func (w *writer) organization() error {
	r := &w.shells
	if err := r.time(w.inv.Created); err != nil {
		return err
	}
	r.text(w.inv.Source)
	units := map[*inventory.Unit]int{}
	org := w.inv.Organization
	r.bool(org != nil)
	if org != nil {
		r.text(org.ID)
		r.text(org.ManagementAccount)
		r.bool(org.SCPs)
		r.bool(org.RCPs)
		r.count(len(org.Delegated))
		for _, service := range slices.Sorted(maps.Keys(org.Delegated)) {
			r.text(service)
			r.texts(org.Delegated[service])
		}
	}
	w.units(units)
	for _, a := range w.inv.Accounts {
		w.shell(a, units[a.Unit])
	}
	r.count(len(w.inv.Gaps))
	for i := range w.inv.Gaps {
		g := &w.inv.Gaps[i]
		for _, s := range []string{g.Account, g.Region, g.Service, g.What, g.Why} {
			r.text(s)
		}
	}
	return nil
}

// units writes the tree, parents first, and numbers it from 1.
func (w *writer) units(numbers map[*inventory.Unit]int) {
	var list []*inventory.Unit
	parents := map[*inventory.Unit]*inventory.Unit{}
	if w.inv.Organization != nil {
		eachUnit(w.inv.Organization.Root, nil, func(u, parent *inventory.Unit) {
			list = append(list, u)
			numbers[u], parents[u] = len(list), parent
		})
	}
	r := &w.shells
	r.count(len(list))
	for _, u := range list {
		r.count(numbers[parents[u]])
		r.text(u.ID)
		r.text(u.ARN)
		r.text(u.Name)
		r.texts(u.Accounts)
		w.policyList(u.SCPs)
		w.policyList(u.RCPs)
	}
}

func (w *writer) policyList(list []*inventory.Policy) {
	w.shells.count(len(list))
	for _, p := range list {
		w.shells.count(w.numbers.policy(p))
	}
}

func (w *writer) shell(a *inventory.Account, unit int) {
	r := &w.shells
	for _, s := range []string{a.ID, a.Partition, a.Name, a.Alias, a.CanonicalID, a.State} {
		r.text(s)
	}
	r.count(unit)
	r.pairs(a.Tags)
	r.bool(a.IAM)
	r.block(&a.PublicAccessBlock)
	w.policyList(a.SCPs)
	w.policyList(a.RCPs)
}

// shells reads what a file begins with.
func (f *File) shells() {
	c := &cursor{b: f.whole(secShells)}
	f.accounts = make([]*account, c.count(5))
	free := f.h.sections[secAccounts].off // accounts don't lie over each other
	for i := range f.accounts {
		a := &account{f: f, off: c.num(), len: c.num()}
		roles, resources := c.num(), c.num()
		a.peopleAt = c.num()
		if all := f.h.sections[secAccounts]; a.off < free || a.len > all.len || a.off-all.off > all.len-a.len ||
			roles > a.len/4 || resources > a.len/4 || a.peopleAt > a.len {
			c.bad = true
			break
		}
		a.roles, a.resources = newTable[inventory.Principal](int(roles)), newTable[inventory.Resource](int(resources)) //nolint:gosec // see above
		f.accounts[i], free = a, a.off+a.len
	}
	inv := f.inv
	inv.Created, inv.Source = c.time(), c.text()
	if c.bool() {
		inv.Organization = f.organization(c)
	}
	units := f.units(c)
	if inv.Organization != nil && len(units) > 0 {
		inv.Organization.Root = units[0]
	}
	for _, a := range f.accounts {
		if c.bad {
			break // some are nil
		}
		a.shell = f.shell(c, units)
		a.shell.HoldInParts(a.principals, a.held)
		inv.Accounts = append(inv.Accounts, a.shell)
	}
	for range c.count(5) {
		inv.Gaps = append(inv.Gaps, inventory.Gap{Account: c.text(), Region: c.text(), Service: c.text(), What: c.text(), Why: c.text()})
	}
	if c.bad || len(c.b) > 0 {
		f.p.fail(secShells.String())
	}
}

func (f *File) organization(c *cursor) *inventory.Organization {
	org := &inventory.Organization{ID: c.text(), ManagementAccount: c.text(), SCPs: c.bool(), RCPs: c.bool()}
	if n := c.count(2); n > 0 {
		org.Delegated = make(map[string][]string, n)
		for range n {
			service := c.text()
			org.Delegated[service] = c.texts()
		}
	}
	return org
}

// maxUnits bounds the units inside each other. AWS has five levels below the
// root (Organizations User Guide, "Quotas").
const maxUnits = 100

func (f *File) units(c *cursor) []*inventory.Unit {
	units := make([]*inventory.Unit, c.count(7))
	depth := make([]int, len(units))
	for i := range units {
		parent := c.num()
		u := &inventory.Unit{ID: c.text(), ARN: c.text(), Name: c.text(), Accounts: c.texts()}
		u.SCPs, u.RCPs = f.policyList(c), f.policyList(c)
		units[i] = u
		switch {
		case i == 0 && parent == 0:
		case parent == 0 || parent > uint64(i): //nolint:gosec // not negative
			c.bad = true
			return nil
		default:
			u.Parent = units[parent-1]
			depth[i] = depth[parent-1] + 1
			c.bad = c.bad || depth[i] > maxUnits
			u.Parent.Units = append(u.Parent.Units, u)
		}
	}
	return units
}

func (f *File) shell(c *cursor, units []*inventory.Unit) *inventory.Account {
	a := &inventory.Account{ID: c.text(), Partition: c.text(), Name: c.text(), Alias: c.text(), CanonicalID: c.text(), State: c.text()}
	switch unit := c.num(); {
	case unit > uint64(len(units)):
		c.bad = true
	case unit > 0:
		a.Unit = units[unit-1]
	}
	a.Tags, a.IAM, a.PublicAccessBlock = c.pairs(), c.bool(), c.block()
	a.SCPs, a.RCPs = f.policyList(c), f.policyList(c)
	return a
}
