package inventory

import "slices"

// Changed returns an inventory in which some accounts hold what edit makes of it;
// everything else is shared with the old one, which stays as it is. edit gets a
// copy of what the account holds: it may give the principals, groups and resources
// in it other values, and has to replace what these point at, such as a policy,
// instead of changing it. Who and what there is has to stay.
func (inv *Inventory) Changed(edit map[string]func(*Held)) (*Inventory, error) {
	out := &Inventory{
		Created: inv.Created, Source: inv.Source, Organization: inv.Organization, Gaps: inv.Gaps,
		centers: inv.centers, centersLater: inv.centersLater,
	}
	x := &changed{Index: inv.index, principals: map[string]*Principal{}, resources: map[string]*Resource{}, differ: map[*Account]bool{}}
	for _, a := range inv.Accounts {
		if change := edit[a.ID]; change != nil {
			b := *a
			held := a.Held().copied(&b)
			change(&held)
			a = b.Hold(held)
			x.add(&held)
			x.differ[a] = true
		}
		out.Accounts = append(out.Accounts, a)
	}
	return out, out.FinishWith(x)
}

// copied copies what an account holds for a.
func (h *Held) copied(a *Account) Held {
	out := Held{Providers: h.Providers, ProvidersKnown: h.ProvidersKnown, Policies: h.Policies}
	groups := make(map[*Group]*Group, len(h.Groups))
	for _, g := range h.Groups {
		c := *g
		c.Account, c.Members = a, slices.Clone(g.Members)
		groups[g] = &c
		out.Groups = append(out.Groups, &c)
	}
	people := make(map[*Principal]*Principal, len(h.Users))
	principal := func(p *Principal) *Principal {
		c := *p
		c.Account, c.Groups = a, slices.Clone(p.Groups)
		for i, g := range c.Groups {
			if mine := groups[g]; mine != nil {
				c.Groups[i] = mine
			}
		}
		people[p] = &c
		return &c
	}
	for _, p := range h.Users {
		out.Users = append(out.Users, principal(p))
	}
	for _, p := range h.Roles {
		out.Roles = append(out.Roles, principal(p))
	}
	for _, g := range out.Groups {
		for i, p := range g.Members {
			if mine := people[p]; mine != nil {
				g.Members[i] = mine
			}
		}
	}
	for _, r := range h.Resources {
		c := *r
		out.Resources = append(out.Resources, &c)
	}
	return out
}

// changed is the Index of an inventory of which some accounts differ from another
// one's. Whom the index of that one lists as let in may no longer be.
type changed struct {
	Index
	principals map[string]*Principal // of the accounts that differ, by ARN
	resources  map[string]*Resource
	differ     map[*Account]bool
}

func (x *changed) add(h *Held) {
	for _, list := range [][]*Principal{h.Users, h.Roles} {
		for _, p := range list {
			x.principals[p.ARN] = p
		}
	}
	for _, r := range h.Resources {
		x.resources[r.ARN] = r
	}
}

func (x *changed) principal(p *Principal) *Principal {
	if p != nil {
		if mine := x.principals[p.ARN]; mine != nil {
			return mine
		}
	}
	return p
}

func (x *changed) resource(r *Resource) *Resource {
	if r != nil {
		if mine := x.resources[r.ARN]; mine != nil {
			return mine
		}
	}
	return r
}

func each[T any](list []T, of func(T) T) []T {
	list = slices.Clone(list)
	for i := range list {
		list[i] = of(list[i])
	}
	return list
}

func (x *changed) Principal(arnOrID string) *Principal {
	return x.principal(x.Index.Principal(arnOrID))
}
func (x *changed) Resource(arn string) *Resource { return x.resource(x.Index.Resource(arn)) }

func (x *changed) PrincipalsNamed(name string) []*Principal {
	return each(x.Index.PrincipalsNamed(name), x.principal)
}

func (x *changed) ResourcesNamed(name string) []*Resource {
	return each(x.Index.ResourcesNamed(name), x.resource)
}

func (x *changed) AccessPoints(bucket string) []*Resource {
	return each(x.Index.AccessPoints(bucket), x.resource)
}

func (x *changed) Trusting(name string) ([]*Principal, bool) {
	list, ok := x.Index.Trusting(name)
	return each(list, x.principal), ok
}

func (x *changed) Granting(name string) ([]*Resource, bool) {
	list, ok := x.Index.Granting(name)
	return each(list, x.resource), ok
}

// Admitting knows nothing: what the policies of the accounts that differ say may be
// new.
func (x *changed) Admitting(string) ([]*Resource, bool) { return nil, false }

func (x *changed) Assuming(a *Account) ([]*Principal, bool) {
	if x.differ[a] {
		return nil, false
	}
	return x.Index.Assuming(a)
}

func (x *changed) Unclear(a *Account) ([]*Principal, bool) {
	if x.differ[a] {
		return nil, false
	}
	return x.Index.Unclear(a)
}
