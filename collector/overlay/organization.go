package overlay

import (
	"slices"

	"pathfinder/collector/snapshot"
)

// organization returns the organization for writing. When the snapshot has
// none, that is noted as a gap about what, and nil returned.
func (e *Editor) organization(what string) *snapshot.Organization {
	if e.s.Organization == nil {
		e.Gap(snapshot.Gap{
			Service: "organizations", What: what,
			Why: "it is changed, but the snapshot does not hold the organization; collect the management account too",
		})
		return nil
	}
	if !e.ownOrg {
		e.ownOrg = true
		o := *e.s.Organization
		o.Accounts, o.Policies = slices.Clone(o.Accounts), slices.Clone(o.Policies)
		for i := range o.Policies {
			o.Policies[i].Targets = slices.Clone(o.Policies[i].Targets)
		}
		o.DelegatedAdministrators = slices.Clone(o.DelegatedAdministrators)
		for i := range o.DelegatedAdministrators {
			d := &o.DelegatedAdministrators[i]
			d.ServicePrincipals = slices.Clone(d.ServicePrincipals)
		}
		if o.Root != nil {
			o.Root = cloneUnit(o.Root)
		}
		e.s.Organization = &o
	}
	return e.s.Organization
}

func cloneUnit(u *snapshot.OrganizationalUnit) *snapshot.OrganizationalUnit {
	c := *u
	c.PolicyTypes, c.Accounts = slices.Clone(u.PolicyTypes), slices.Clone(u.Accounts)
	c.OrganizationalUnits = slices.Clone(u.OrganizationalUnits)
	for i, child := range c.OrganizationalUnits {
		c.OrganizationalUnits[i] = cloneUnit(child)
	}
	return &c
}

// unit finds the root or a unit by its id, and what it hangs in.
func unit(u *snapshot.OrganizationalUnit, id string) (found, parent *snapshot.OrganizationalUnit) {
	if u == nil || u.ID == id {
		return u, nil
	}
	for _, child := range u.OrganizationalUnits {
		if f, p := unit(child, id); f != nil {
			if p == nil {
				p = u
			}
			return f, p
		}
	}
	return nil, nil
}

// inside finds the unit that an account hangs in.
func inside(u *snapshot.OrganizationalUnit, account string) *snapshot.OrganizationalUnit {
	if u == nil || slices.Contains(u.Accounts, account) {
		return u
	}
	for _, child := range u.OrganizationalUnits {
		if f := inside(child, account); f != nil {
			return f
		}
	}
	return nil
}

// lost notes a unit that the snapshot does not hold.
func (e *Editor) lost(id, what string) {
	e.Gap(snapshot.Gap{
		Service: "organizations", What: id,
		Why: what + ", but the snapshot holds neither a root, a unit nor an account of this id",
	})
}

// PutUnit makes an organizational unit in a parent, or changes the name of one
// that is there. A new one has no policies but those that [Editor.AttachControl]
// gives it; AWS attaches the AWS managed FullAWSAccess policies, so this does.
func (e *Editor) PutUnit(id, parent, name string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	if u, _ := unit(o.Root, id); u != nil {
		if u.Name != name {
			u.Name = name
			e.did(id, "renamed")
		}
		return
	}
	p, _ := unit(o.Root, parent)
	if p == nil {
		e.lost(parent, "unit "+id+" is made in it")
		return
	}
	p.OrganizationalUnits = append(p.OrganizationalUnits, &snapshot.OrganizationalUnit{ID: id, Name: name})
	e.did(id, "created")
	e.byDefault(o, id)
}

// RemoveUnit takes an organizational unit away. AWS refuses that while anything
// hangs in it, so it then stays, with a gap.
func (e *Editor) RemoveUnit(id string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	u, parent := unit(o.Root, id)
	switch {
	case u == nil || parent == nil:
		return
	case len(u.Accounts)+len(u.OrganizationalUnits) > 0:
		e.Gap(snapshot.Gap{Service: "organizations", What: id, Why: "the unit is removed, but accounts or units still hang in it"})
		return
	}
	parent.OrganizationalUnits = slices.DeleteFunc(parent.OrganizationalUnits, func(c *snapshot.OrganizationalUnit) bool { return c == u })
	e.detachAll(o, id)
	e.did(id, "removed")
}

// PutAccount puts an account into the organization, or moves it, or renames it.
// parent is the id of the root or a unit; "" leaves it where it is, or puts a new
// one into the root.
func (e *Editor) PutAccount(id, parent, name string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	i := slices.IndexFunc(o.Accounts, func(a snapshot.OrganizationAccount) bool { return a.ID == id })
	if i < 0 {
		o.Accounts = append(o.Accounts, snapshot.OrganizationAccount{ID: id, Name: name, Status: "ACTIVE"})
		e.did(id, "created")
		e.byDefault(o, id)
	} else if name != "" && o.Accounts[i].Name != name {
		o.Accounts[i].Name = name
		e.did(id, "renamed")
	}
	before := inside(o.Root, id)
	if parent == "" && before == nil && o.Root != nil {
		parent = o.Root.ID
	}
	if parent == "" || before != nil && before.ID == parent {
		return
	}
	p, _ := unit(o.Root, parent)
	if before != nil {
		before.Accounts = slices.DeleteFunc(before.Accounts, func(a string) bool { return a == id })
	}
	if p == nil { // where it hangs, and what binds it there, is not known
		e.lost(parent, "account "+id+" is moved into it")
		return
	}
	p.Accounts = append(p.Accounts, id)
	e.did(id, "moved into "+parent)
}

// RemoveAccount takes an account out of the organization. What it holds stays:
// the account goes on to exist.
func (e *Editor) RemoveAccount(id string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	u := inside(o.Root, id)
	n := len(o.Accounts)
	o.Accounts = slices.DeleteFunc(o.Accounts, func(a snapshot.OrganizationAccount) bool { return a.ID == id })
	if u != nil {
		u.Accounts = slices.DeleteFunc(u.Accounts, func(a string) bool { return a == id })
	}
	if u == nil && len(o.Accounts) == n {
		return
	}
	e.detachAll(o, id)
	o.DelegatedAdministrators = slices.DeleteFunc(o.DelegatedAdministrators, func(d snapshot.DelegatedAdministrator) bool { return d.ID == id })
	e.did(id, "removed from the organization")
}

// Delegate makes an account the delegated administrator of a service.
func (e *Editor) Delegate(account, service string) {
	o := e.organization(account)
	if o == nil {
		return
	}
	i := slices.IndexFunc(o.DelegatedAdministrators, func(d snapshot.DelegatedAdministrator) bool { return d.ID == account })
	if i < 0 {
		o.DelegatedAdministrators = append(o.DelegatedAdministrators, snapshot.DelegatedAdministrator{ID: account})
		i = len(o.DelegatedAdministrators) - 1
	}
	d := &o.DelegatedAdministrators[i]
	if !slices.Contains(d.ServicePrincipals, service) {
		d.ServicePrincipals = append(d.ServicePrincipals, service)
		e.did(account, "delegated administrator of "+service)
	}
}

// Undelegate ends what [Editor.Delegate] began.
func (e *Editor) Undelegate(account, service string) {
	o := e.organization(account)
	if o == nil {
		return
	}
	for i := range o.DelegatedAdministrators {
		if d := &o.DelegatedAdministrators[i]; d.ID == account && slices.Contains(d.ServicePrincipals, service) {
			d.ServicePrincipals = slices.DeleteFunc(d.ServicePrincipals, func(s string) bool { return s == service })
			e.did(account, "no longer delegated administrator of "+service)
		}
	}
	o.DelegatedAdministrators = slices.DeleteFunc(o.DelegatedAdministrators, func(d snapshot.DelegatedAdministrator) bool {
		return d.ID == account && len(d.ServicePrincipals) == 0
	})
}
