package audit

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// dangling looks for entries of policies that name who is there no more: one finding for
// each of whom, however many statements of the policy do.
func (a *auditor) dangling() (out []Finding) {
	add := func(account, owner string, doc *policy.Document) {
		at := map[string]int{} // by who is named
		for _, d := range a.Solver.Dangling(doc) {
			if i, known := at[d.Name]; known {
				out[i].Detail += fmt.Sprintf(" So does statement #%d.", d.Statement)
				continue
			}
			n := d.Statement
			severity, reason := Low, "nobody is let in now"
			if d.Anew {
				severity, reason = Medium, "whoever may make one of that name in its account is let in"
			} else if i := slices.IndexFunc(doc.Statements, func(st *policy.Statement) bool { return st.Index == n }); i >= 0 && doc.Statements[i].Effect == policy.Deny {
				reason = "nobody is denied by the name now"
			}
			at[d.Name] = len(out)
			out = append(out, Finding{
				ID: identify("dangling-trust", owner, d.Name), Kind: "dangling-trust", Severity: severity, Reason: reason, Certain: Certain,
				Account: account, Resource: owner,
				Title:  fmt.Sprintf("the policy of %s names somebody who is there no more", short(owner)),
				Detail: fmt.Sprintf("Statement #%d names %s, %s.", d.Statement, d.Name, d.Why),
				Remedy: Remedy{Text: "Take the entry out of the policy.", Policy: owner, Statement: &n},
			})
		}
	}
	a.eachRole(func(r *inventory.Principal) { add(r.Account.ID, r.ARN, r.Trust) })
	a.eachResource(func(r *inventory.Resource) {
		if r.Policy != nil {
			add(r.Account, r.ARN, r.Policy)
		}
	})
	return out
}
