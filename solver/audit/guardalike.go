package audit

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// maxAlike is how many policies that deny differently one is compared with which is about
// the same actions. More than a landing zone has variants of one guard; each takes about a
// millisecond for each further policy.
const maxAlike = 32

// alike returns one policy for all that deny the same, whatever their text.
func (g *guarding) alike(doc *policy.Document) *policy.Document {
	if one := g.same[doc]; one != nil {
		return one
	}
	g.same[doc] = doc
	if doc.Damaged() {
		return doc
	}
	about := string(binary.AppendUvarint(nil, uint64(g.kind))) + deniedActions(doc)
	for _, other := range g.kept[about] {
		ans, err := solver.Compare(g.denying(other), g.denying(doc), "")
		switch {
		case err != nil || ans.OldPermitsMore || ans.NewPermitsMore:
		case ans.Exact:
			g.same[doc] = other
			return other
		default:
			g.untold("whether some that are about the same actions deny the same was not told; they count as different")
		}
	}
	if len(g.kept[about]) < maxAlike {
		g.kept[about] = append(g.kept[about], doc)
		return doc
	}
	g.untold(fmt.Sprintf("too many are about the same actions: more than %d deny different things, and further ones count as different from each other", maxAlike))
	return doc
}

// untold notes that neighbours may have the same guard in texts that were not found to be one.
func (g *guarding) untold(why string) {
	g.a.unknown[solver.Gap{What: g.name + " control policies", Why: why}] = true
}

// denying is what a policy leaves of everything.
func (g *guarding) denying(doc *policy.Document) *policy.Document {
	principal := ""
	if g.kind.HasPrincipal() {
		principal = `"Principal":"*",`
	}
	all := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",`+principal+`"Action":"*","Resource":"*"}}`), g.kind)
	return &policy.Document{Kind: g.kind, Version: policy.Version2012, Statements: slices.Concat(all.Statements, statements(doc, policy.Deny))}
}

// deniedActions tells the actions that the Deny statements of a document are about: equal
// texts for equal ones.
func deniedActions(doc *policy.Document) string {
	bits := make([]byte, catalog.Default().NumActions()/8+1)
	for _, st := range statements(doc, policy.Deny) {
		mine := make([]byte, len(bits))
		for _, a := range st.Actions {
			for act := range catalog.Default().Match(a.Text) {
				mine[act.ID/8] |= 1 << (act.ID % 8)
			}
		}
		for i := range bits {
			if st.NotAction {
				mine[i] = ^mine[i]
			}
			bits[i] |= mine[i]
		}
	}
	return string(bits)
}

// tellsAccounts reports whether a control policy may come to something else in another account.
func tellsAccounts(doc *policy.Document) bool {
	return slices.ContainsFunc(doc.Statements, func(st *policy.Statement) bool {
		return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
			key := c.LowerKey()
			return strings.HasPrefix(key, "aws:principal") || strings.HasPrefix(key, "aws:resource")
		})
	})
}

// knownOf is what control policies find in all requests that they are in force for: of the
// account whose principals ask, or that has what is asked for. Of one that is yet to come it
// is nothing but the organization.
func (g *guarding) knownOf(id string) request {
	side, org, acct := "aws:principal", g.a.Inventory.Organization, g.a.Inventory.Account(id)
	if g.kind == policy.RCP {
		side = "aws:resource"
	}
	out := request{}
	if org.ID != "" {
		out[side+"orgid"] = policy.Single(org.ID)
	}
	if acct == nil {
		return out
	}
	out[side+"account"] = policy.Single(id)
	if org.ID != "" {
		out[side+"orgpaths"] = policy.List([]string{g.a.Inventory.OrgPath(acct)})
	}
	if g.kind == policy.SCP {
		out["aws:principalarn"] = policy.Value{State: policy.Open, Within: arn.NewGlob("arn:*:" + id + ":*")}
	}
	return out
}

// narrowed leaves of statements what they say where something is known.
func narrowed(list []*policy.Statement, known request) (out []*policy.Statement) {
	for _, st := range list {
		left, never := []policy.Condition(nil), false
		for i := range st.Conditions {
			switch st.Conditions[i].Test(known) {
			case policy.True:
			case policy.False:
				never = true
			case policy.Unknown:
				left = append(left, st.Conditions[i])
			}
		}
		if never {
			continue
		}
		if len(left) < len(st.Conditions) {
			one := *st
			one.Conditions = left
			st = &one
		}
		out = append(out, st)
	}
	return out
}
