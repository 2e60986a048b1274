package snapshot

import "slices"

// The functions in this file return copies with their lists in a fixed order,
// sharing what they don't sort. Lists whose order people choose or AWS gives a
// meaning to (policy versions, statements, grants of an ACL) stay as they are.

// sortFile sorts the content of a file of the snapshot.
func sortFile(content any) any {
	switch c := content.(type) {
	case *Organization:
		return sortOrganization(c)
	case *AuthorizationDetails:
		return sortIAM(c)
	case *IdentityProviders:
		return sortProviders(c)
	case *IdentityCenter:
		return sortCenter(c)
	case *ResourceFile:
		return sortResources(c)
	}
	return content
}

func sortManifest(m *Manifest) *Manifest {
	out := *m
	out.Gaps = sortedBy(m.Gaps, func(g Gap) string {
		return g.Account + "\x00" + g.Region + "\x00" + g.Service + "\x00" + g.What + "\x00" + g.Why
	})
	return &out
}

func sortOrganization(o *Organization) *Organization {
	out := *o
	if o.Root != nil {
		out.Root = sortUnit(o.Root)
	}
	out.Accounts = sortedBy(o.Accounts, func(a OrganizationAccount) string { return a.ID })
	out.Policies = sortedBy(o.Policies, func(p OrganizationPolicy) string { return p.PolicySummary.ID })
	for i := range out.Policies {
		out.Policies[i].Targets = sortTexts(out.Policies[i].Targets)
	}
	out.DelegatedAdministrators = sortedBy(o.DelegatedAdministrators, func(d DelegatedAdministrator) string { return d.ID })
	return &out
}

func sortUnit(u *OrganizationalUnit) *OrganizationalUnit {
	out := *u
	out.Accounts = sortTexts(u.Accounts)
	out.OrganizationalUnits = sortedBy(u.OrganizationalUnits, func(u *OrganizationalUnit) string { return u.ID })
	for i, child := range out.OrganizationalUnits {
		out.OrganizationalUnits[i] = sortUnit(child)
	}
	return &out
}

func sortIAM(d *AuthorizationDetails) *AuthorizationDetails {
	out := *d
	out.UserDetailList = sortedBy(d.UserDetailList, func(u *UserDetail) string { return u.ARN })
	out.GroupDetailList = sortedBy(d.GroupDetailList, func(g *GroupDetail) string { return g.ARN })
	out.RoleDetailList = sortedBy(d.RoleDetailList, func(r *RoleDetail) string { return r.ARN })
	out.Policies = sortedBy(d.Policies, func(p *ManagedPolicy) string { return p.ARN })
	return &out
}

func sortProviders(p *IdentityProviders) *IdentityProviders {
	out := *p
	out.OpenIDConnectProviders = sortedBy(p.OpenIDConnectProviders, func(o OIDCProvider) string { return o.ARN })
	out.SAMLProviders = sortedBy(p.SAMLProviders, func(s SAMLProvider) string { return s.ARN })
	return &out
}

func sortResources(f *ResourceFile) *ResourceFile {
	out := *f
	out.Resources = sortedBy(f.Resources, func(r *Resource) string { return r.ARN })
	return &out
}

func sortTexts(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
