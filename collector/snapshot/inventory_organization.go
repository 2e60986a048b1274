package snapshot

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// The types of organization policies that decide access, as AWS writes them.
const (
	scpType = "SERVICE_CONTROL_POLICY"
	rcpType = "RESOURCE_CONTROL_POLICY"
)

// organization fills the tree of units, the accounts in it, and the policies
// that hang on both.
func (b *builder) organization(o *Organization) {
	org := &inventory.Organization{ID: o.Organization.ID, ManagementAccount: o.Organization.MasterAccountID}
	b.inv.Organization = org
	for i := range o.Accounts {
		a := b.account(o.Accounts[i].ID)
		a.Name, a.State = o.Accounts[i].Name, cmp.Or(o.Accounts[i].State, o.Accounts[i].Status)
		a.Partition = arn.Partition(o.Accounts[i].ARN)
	}
	units := make(map[string]*inventory.Unit)
	if o.Root != nil {
		org.Root = b.unit(o.Root, nil, units)
		for _, t := range o.Root.PolicyTypes {
			org.SCPs = org.SCPs || t.Type == scpType && t.Status == "ENABLED"
			org.RCPs = org.RCPs || t.Type == rcpType && t.Status == "ENABLED"
		}
	}
	for _, p := range sortedBy(o.Policies, func(p OrganizationPolicy) string { return p.PolicySummary.ID }) {
		b.attach(&p, units)
	}
	for _, d := range o.DelegatedAdministrators {
		for _, service := range d.ServicePrincipals {
			if org.Delegated == nil {
				org.Delegated = make(map[string][]string)
			}
			org.Delegated[service] = append(org.Delegated[service], d.ID)
		}
	}
	for _, ids := range org.Delegated {
		slices.Sort(ids)
	}
}

func (b *builder) unit(u *OrganizationalUnit, parent *inventory.Unit, units map[string]*inventory.Unit) *inventory.Unit {
	out := &inventory.Unit{ID: u.ID, ARN: u.ARN, Name: u.Name, Parent: parent, Accounts: slices.Sorted(slices.Values(u.Accounts))}
	units[u.ID] = out
	for _, id := range u.Accounts {
		b.account(id).Unit = out
	}
	for _, child := range sortedBy(u.OrganizationalUnits, func(u *OrganizationalUnit) string { return u.ID }) {
		out.Units = append(out.Units, b.unit(child, out, units))
	}
	return out
}

// attach hangs a service or resource control policy on its targets. Other
// types, such as tag policies, decide no access.
func (b *builder) attach(p *OrganizationPolicy, units map[string]*inventory.Unit) {
	kind := policy.KindInvalid
	switch p.PolicySummary.Type {
	case scpType:
		kind = policy.SCP
	case rcpType:
		kind = policy.RCP
	default:
		return
	}
	doc, lost := b.docs.parse(p.Content, kind, new(desk))
	if lost {
		b.inv.Gaps = append(b.inv.Gaps, inventory.Gap{Service: "organizations", What: p.PolicySummary.ID, Why: doc.Faults[0].Message})
	}
	one := b.docs.managed(cmp.Or(p.PolicySummary.ARN, p.PolicySummary.ID), cmp.Or(p.PolicySummary.Name, p.PolicySummary.ID), doc, nil)
	for _, target := range slices.Compact(slices.Sorted(slices.Values(p.Targets))) {
		u, a := units[target], b.byID[target]
		switch {
		case u != nil && kind == policy.SCP:
			u.SCPs = append(u.SCPs, one)
		case u != nil:
			u.RCPs = append(u.RCPs, one)
		case a != nil && kind == policy.SCP:
			a.SCPs = append(a.SCPs, one)
		case a != nil:
			a.RCPs = append(a.RCPs, one)
		default:
			b.inv.Gaps = append(b.inv.Gaps, inventory.Gap{
				Service: "organizations", What: target,
				Why: "policy " + p.PolicySummary.ID + " is attached to it, but the snapshot does not hold it",
			})
		}
	}
}
