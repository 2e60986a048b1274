package audit

import (
	"cmp"
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// guardGaps looks for control policies that neighbours have in force and one has not.
func (a *auditor) guardGaps() (out []Finding) {
	org := a.Inventory.Organization
	if org == nil || org.Root == nil {
		return nil
	}
	if org.SCPs && org.ManagementAccount != "" {
		f := Finding{
			Kind: "guard-gap", Severity: Info, Reason: "it is so in every organization", Certain: Certain, Account: org.ManagementAccount, Resource: org.ManagementAccount,
			Title:  fmt.Sprintf("service control policies do not apply to the management account %s", a.accountName(org.ManagementAccount)),
			Detail: "Keep workloads and people out of it.",
			Remedy: Remedy{Text: "Move what is not about the organization to another account."},
		}
		f.ID = identify(f.Kind, "management")
		out = append(out, f)
	}
	g := guarding{
		a: a, told: map[string]bool{}, open: map[string]opening{},
		same: map[*policy.Document]*policy.Document{}, kept: map[string][]*policy.Document{},
	}
	for _, k := range []controls{
		{"service", policy.SCP, org.SCPs, func(u *inventory.Unit) []*inventory.Policy { return u.SCPs }, func(acct *inventory.Account) []*inventory.Policy { return acct.SCPs }},
		{"resource", policy.RCP, org.RCPs, func(u *inventory.Unit) []*inventory.Policy { return u.RCPs }, func(acct *inventory.Account) []*inventory.Policy { return acct.RCPs }},
	} {
		if k.enabled {
			g.controls = k
			g.walk(org.Root)
		}
	}
	return append(out, g.out...)
}

// controls are one type of control policies.
type controls struct {
	name      string
	kind      policy.Kind
	enabled   bool
	ofUnit    func(*inventory.Unit) []*inventory.Policy
	ofAccount func(*inventory.Account) []*inventory.Policy
}

// A guarding is a search for gaps under way.
type guarding struct {
	controls
	a    *auditor
	told map[string]bool    // ids of findings
	open map[string]opening // see opens
	same map[*policy.Document]*policy.Document
	kept map[string][]*policy.Document // of same, by what they are about
	out  []Finding
}

// A place is a unit or account, with what is in force in the accounts that it is or has:
// of a unit without accounts, what would be in one.
type place struct {
	name, id, account string
	empty             bool
	inForce           []chain
}

// A chain is what is in force in one account: the policies of each level, from the root
// of the organization down to itself.
type chain struct {
	account string
	levels  [][]*inventory.Policy
}

// has reports whether a policy is attached on some level.
func (c *chain) has(doc *policy.Document) bool {
	return slices.ContainsFunc(c.levels, func(level []*inventory.Policy) bool {
		return slices.ContainsFunc(level, func(p *inventory.Policy) bool { return p.Doc == doc })
	})
}

// walk compares what lies next to each other, level by level: units, accounts, and units
// with the accounts beside them.
func (g *guarding) walk(u *inventory.Unit) {
	var units, accounts []*place
	for _, c := range u.Units {
		p := &place{name: c.Name, id: c.ID, inForce: g.below(c)}
		if p.empty = len(p.inForce) == 0; p.empty {
			p.inForce = []chain{{levels: g.levels(c)}}
		}
		units = append(units, p)
	}
	for _, id := range u.Accounts {
		if c, ok := g.chain(u, id); ok {
			accounts = append(accounts, &place{name: g.a.accountName(id), id: id, account: id, inForce: []chain{c}})
		}
	}
	g.gaps(u, units)
	g.gaps(u, accounts)
	if len(units) > 0 && len(accounts) > 0 {
		g.gaps(u, slices.Concat(units, accounts))
	}
	for _, c := range u.Units {
		g.walk(c)
	}
}

// levels lists what a unit has and inherits.
func (g *guarding) levels(u *inventory.Unit) (out [][]*inventory.Policy) {
	for ; u != nil; u = u.Parent {
		out = append(out, g.ofUnit(u))
	}
	slices.Reverse(out)
	return out
}

// chain returns what is in force in an account of a unit; not of the management account,
// in which nothing is, nor of one that is shut, in which nobody does anything.
func (g *guarding) chain(u *inventory.Unit, id string) (c chain, ok bool) {
	acct := g.a.Inventory.Account(id)
	if acct == nil || acct.Shut() || id == g.a.Inventory.Organization.ManagementAccount {
		return chain{}, false
	}
	return chain{id, append(g.levels(u), g.ofAccount(acct))}, true
}

// below lists what is in force in the accounts of a unit and of those below it.
func (g *guarding) below(u *inventory.Unit) (out []chain) {
	for _, id := range u.Accounts {
		if c, ok := g.chain(u, id); ok {
			out = append(out, c)
		}
	}
	for _, c := range u.Units {
		out = append(out, g.below(c)...)
	}
	return out
}

// gaps compares what is in force in places below a unit. A policy is the rule when two
// thirds of at least three have it.
func (g *guarding) gaps(above *inventory.Unit, places []*place) {
	if len(places) < 3 {
		return
	}
	have := map[*policy.Document]int{} // what denies the same counts as one
	as := map[*policy.Document]int{}
	var guards []*inventory.Policy
	for _, p := range places {
		var here []*policy.Document
		for _, pol := range g.everywhere(p) {
			if as[pol.Doc]++; as[pol.Doc] == 1 {
				guards = append(guards, pol)
			}
			if one := g.alike(pol.Doc); !slices.Contains(here, one) {
				here = append(here, one)
				have[one]++
			}
		}
	}
	slices.SortStableFunc(guards, func(x, y *inventory.Policy) int { return cmp.Compare(as[y.Doc], as[x.Doc]) })
	told := map[*policy.Document]bool{}
	for _, pol := range guards {
		one := g.alike(pol.Doc)
		if told[one] {
			continue // by the text that most have
		}
		told[one] = true
		n := have[one]
		if n*3 < len(places)*2 || n == len(places) {
			continue // not the rule here, or no gap
		}
		for _, p := range places {
			if f := g.gap(p, pol); f != nil {
				f.Title = fmt.Sprintf("%s lacks the %s control policy %s, which %d of %d below %s have", p.name, g.name, pol.Name, n, len(places), above.Name)
				f.Detail = fmt.Sprintf("%s is in force in %d of the %d units or accounts next to each other below %s, and not in this one. ",
					cmp.Or(pol.ARN, pol.Name), n, len(places), above.Name) + f.Detail
				f.Remedy.Text = fmt.Sprintf("Attach %s to %s, or to %s for all of them.", pol.Name, p.name, above.Name)
				g.out = append(g.out, *f)
			}
		}
	}
}

// everywhere lists the policies that deny something and are in force in all accounts of a
// place.
func (g *guarding) everywhere(p *place) (out []*inventory.Policy) {
	for _, pol := range slices.Concat(p.inForce[0].levels...) {
		if pol.Doc.Denies() && !slices.Contains(out, pol) && !slices.ContainsFunc(p.inForce, func(c chain) bool { return !c.has(pol.Doc) }) {
			out = append(out, pol)
		}
	}
	return out
}

// gap decides whether a place lacks what a policy denies, by what is in force there; nil
// for no.
func (g *guarding) gap(p *place, pol *inventory.Policy) *Finding {
	id := identify("guard-gap", p.id, cmp.Or(pol.ARN, pol.Name))
	if g.told[id] {
		return nil // beside other neighbours
	}
	f := &Finding{
		ID: id, Kind: "guard-gap", Severity: Medium, Reason: "what its neighbours deny is open in it", Certain: Possible, Account: p.account, Resource: p.id,
		Remedy: Remedy{Policy: cmp.Or(pol.ARN, pol.Name)},
	}
	found := false
	for i := range p.inForce {
		c := &p.inForce[i]
		if c.has(pol.Doc) {
			continue
		}
		o := g.opens(c, pol.Doc)
		if !o.may {
			continue
		}
		if c.account != "" && c.account != p.account {
			f.Others = append(f.Others, c.account)
		}
		if !found || f.Certain == Possible && len(o.needs) == 0 {
			f.Detail, f.If = o.such, o.needs
		}
		if found = true; len(o.needs) == 0 {
			f.Certain = Certain
		}
	}
	if !found {
		return nil
	}
	if p.empty {
		f.Severity, f.Reason = Low, "what its neighbours deny is open in an account that is put into it"
	}
	g.told[id] = true
	return f
}
