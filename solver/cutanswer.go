package solver

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// answer writes what was found.
func (c *cutter) answer() (*CutAnswer, error) {
	ans := &CutAnswer{
		Pathfinder: "cut/1", Resource: c.resource, Actions: c.set.patterns, From: nonNil(c.q.From), Keep: nonNil(c.q.Keep), Leave: c.q.Leave,
		Unwanted: nonNil(c.unwanted), Cut: []CutGrant{}, Open: []CutOpen{}, AtLeast: c.atLeast, Crossed: c.crossed(),
	}
	c.countsPublic()
	ans.Smallest, ans.NotProven = c.unproven == "", c.unproven
	removed := c.removedGrants()
	at := map[int]int{}
	for _, g := range removed {
		at[g.id] = len(ans.Cut)
		ans.Cut = append(ans.Cut, CutGrant{
			StatementRef: g.ref(), Places: c.placesOf(g), Change: g.change(), Statements: statementTexts(g.stmts),
		})
	}
	for i := range c.base {
		w := &c.base[i]
		if !c.unwantedIs(w) {
			continue
		}
		ans.Ways++
		c.picture(ans, w)
		for _, id := range w.named {
			if i, ok := at[id]; ok {
				ans.Cut[i].Ways++
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(c.opened)) {
		open := *c.opened[who]
		var err error
		if open.Narrow, err = c.narrow(who); err != nil {
			return nil, err
		}
		ans.Open = append(ans.Open, open)
	}
	ans.Closed = len(ans.Open) == 0
	if !c.q.Brief && len(removed) > 0 {
		if err := c.breaks(ans, removed); err != nil {
			return nil, err
		}
		if err := c.edits(ans, removed); err != nil {
			return nil, err
		}
	}
	ans.Unknown = slices.SortedFunc(maps.Keys(c.gaps), func(a, b Gap) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why)) })
	ans.Unknown = nonNil(ans.Unknown)
	ans.Complete = len(ans.Unknown) == 0
	return ans, nil
}

func (c *cutter) removedGrants() (out []*cutGrant) {
	for _, id := range c.removed {
		out = append(out, c.table.list[id])
	}
	slices.SortFunc(out, compareGrantsToCut)
	return out
}

// picture adds an unwanted way to what is drawn.
func (c *cutter) picture(ans *CutAnswer, w *cutWay) {
	who := &w.path.start.caller
	if who.Kind == CallerAnonymous {
		if ans.public == nil {
			ans.public = &PublicAccess{}
		}
		ans.public.Grants = append(ans.public.Grants, w.grants...)
		return
	}
	ans.access = append(ans.access, Access{
		Principal: who.ARN, Resource: c.places[w.at].text, Path: w.path.steps(), Grants: w.grants, External: who.External,
	})
}

// countsPublic notes where taking a grant away could open something: S3 cuts off
// what public policies grant while they are public (E173).
func (c *cutter) countsPublic() {
	if c.unproven != "" {
		return
	}
	for i := range c.places {
		for _, r := range c.places[i].carriers {
			facts := (*S3Facts)(nil)
			if r.S3 != nil {
				facts = c.s.targetOf(r.ARN).s3(r, r.ARN)
			}
			restricted := facts != nil && facts.RestrictPublicBuckets || r.AccessPoint != nil && r.AccessPoint.PublicAccessBlock.RestrictPublicBuckets
			if restricted && r.Policy != nil {
				if public, unsure := PublicPolicy(r.Policy); public || unsure {
					c.unproven = "the policy of " + r.ARN + " is public and Block Public Access cuts off what it grants: a removal could make it count"
					return
				}
			}
		}
	}
}

// placesOf lists what a grant hangs on.
func (c *cutter) placesOf(g *cutGrant) []string {
	switch {
	case g.kind == TypeAttachment:
		return []string{g.at}
	case g.kind != policy.Identity.String():
		return []string{g.name}
	}
	var out []string
	held := c.s.inv.Account(g.account).Held()
	hangs := func(owner string, lists ...[]*inventory.Policy) {
		for _, list := range lists {
			if slices.ContainsFunc(list, func(p *inventory.Policy) bool { return p.Label(owner) == g.name }) {
				out = append(out, owner)
			}
		}
	}
	for _, list := range [][]*inventory.Principal{held.Users, held.Roles} {
		for _, p := range list {
			hangs(p.ARN, p.Inline, p.Attached)
		}
	}
	for _, group := range held.Groups {
		hangs(group.ARN, group.Inline, group.Attached)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// change says what to do to take a grant away.
func (g *cutGrant) change() string {
	switch g.kind {
	case TypeAttachment:
		return fmt.Sprintf("detach %s from %s, or attach a copy without what is not wanted", g.name, g.at)
	case TypeACL:
		return fmt.Sprintf("remove %s from the ACL of %s", g.note, g.name)
	case TypeKeyGrant:
		return fmt.Sprintf("revoke the grant %s of %s: %s", g.sid, g.name, g.note)
	case TypeShare:
		return fmt.Sprintf("stop sharing %s with %s", g.name, g.sid)
	}
	return fmt.Sprintf("remove %s from %s", g.ref().place(), g.document())
}

// document names the policy that a statement stands in.
func (g *cutGrant) document() string {
	return map[string]string{
		policy.Identity.String(): "the policy ", policy.Trust.String(): "the trust policy of ", policy.Resource.String(): "the policy of ",
	}[g.kind] + g.name
}

// statementTexts writes statements in policy language.
func statementTexts(list []*policy.Statement) (out []string) {
	for _, st := range list {
		doc := policy.Document{Statements: []*policy.Statement{st}}
		text, err := doc.JSON()
		if err != nil {
			continue // it could not be read either
		}
		s := strings.TrimSuffix(string(text), "]}")
		if i := strings.IndexByte(s, '['); i >= 0 {
			out = append(out, s[i+1:])
		}
	}
	return out
}
