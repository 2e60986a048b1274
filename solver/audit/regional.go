package audit

import (
	"slices"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// tellsRegions reports whether anything that bears on a principal's access to data of its
// account tells one region from another: what policies there say of data of one region they
// say of all otherwise.
func (a *auditor) tellsRegions(p *inventory.Principal) bool {
	if p.Boundary != nil && a.docTellsRegions(p.Boundary.Doc) {
		return true
	}
	for _, pol := range policiesOf(p) {
		if a.docTellsRegions(pol.Doc) {
			return true
		}
	}
	yes, known := a.regional[p.Account]
	if !known {
		lists := [][]*inventory.Policy{p.Account.SCPs, p.Account.RCPs}
		for _, u := range p.Account.Path() {
			lists = append(lists, u.SCPs, u.RCPs)
		}
		yes = slices.ContainsFunc(slices.Concat(lists...), func(pol *inventory.Policy) bool { return a.docTellsRegions(pol.Doc) })
		a.regional[p.Account] = yes
	}
	return yes
}

func (a *auditor) docTellsRegions(doc *policy.Document) bool {
	yes, known := a.regionalDocs[doc]
	if !known {
		yes = slices.ContainsFunc(doc.Statements, tells)
		a.regionalDocs[doc] = yes
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
