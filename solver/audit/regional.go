package audit

import (
	"slices"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// regions say whether anything that bears on access to data of an account tells one region
// from another.
type regions struct {
	above bool // a control policy of the account
	docs  map[*policy.Document]bool
}

func newRegions(acct *inventory.Account) *regions {
	r := &regions{docs: map[*policy.Document]bool{}}
	lists := [][]*inventory.Policy{acct.SCPs, acct.RCPs}
	for _, u := range acct.Path() {
		lists = append(lists, u.SCPs, u.RCPs)
	}
	r.above = slices.ContainsFunc(slices.Concat(lists...), func(pol *inventory.Policy) bool { return r.toldBy(pol.Doc) })
	return r
}

// toldFor reports whether regions are told apart for a principal of the account: what
// policies say of data of one region they say of all otherwise.
func (r *regions) toldFor(p *inventory.Principal) bool {
	if p.Boundary != nil && r.toldBy(p.Boundary.Doc) {
		return true
	}
	for _, pol := range policiesOf(p) {
		if r.toldBy(pol.Doc) {
			return true
		}
	}
	return r.above
}

func (r *regions) toldBy(doc *policy.Document) bool {
	yes, known := r.docs[doc]
	if !known {
		yes = slices.ContainsFunc(doc.Statements, tells)
		r.docs[doc] = yes
	}
	return yes
}

// tells reports whether a statement is about data of some regions: by a resource, or by any
// condition on a region, or on an ARN, or by a variable.
func tells(st *policy.Statement) bool {
	for _, r := range st.Resources {
		if region := arn.Region(r.Text); region != "" && region != "*" || len(r.Variables()) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		return c.LowerKey() == "aws:requestedregion" || len(c.Variables()) > 0
	})
}
