package audit

import (
	"cmp"
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// dangling looks for entries of policies on resources, of trust and of control policies that
// name who is there no more: one finding for each of whom, however many statements of the
// policy do.
func (a *auditor) dangling() (out []Finding) {
	add := func(account, owner, what string, doc *policy.Document) {
		at := map[string]int{} // by who is named
		for _, d := range a.Solver.Dangling(doc) {
			if i, known := at[d.Name]; known {
				out[i].Detail += fmt.Sprintf(" So does statement #%d.", d.Statement)
				continue
			}
			n := d.Statement
			severity, reason := Low, "nobody is let in now"
			switch i := slices.IndexFunc(doc.Statements, func(st *policy.Statement) bool { return st.Index == n }); {
			case d.Anew && d.Spared:
				reason = "whoever may make one of that name in its account is spared the Deny"
			case d.Anew:
				severity, reason = Medium, "whoever may make one of that name in its account is let in"
			case d.Spared || i >= 0 && doc.Statements[i].Effect == policy.Deny && doc.Statements[i].NotPrincipal:
				reason = "nobody is spared the Deny by it now"
			case i >= 0 && doc.Statements[i].Effect == policy.Deny:
				reason = "nobody is denied by the name now"
			}
			at[d.Name] = len(out)
			out = append(out, Finding{
				ID: identify("dangling-trust", owner, d.Name), Kind: "dangling-trust", Severity: severity, Reason: reason, Certain: Certain,
				Account: account, Resource: owner,
				Title:  fmt.Sprintf("%s names somebody who is there no more", what),
				Detail: fmt.Sprintf("Statement #%d names %s, %s.", d.Statement, d.Name, d.Why),
				Remedy: Remedy{Text: "Take the entry out of the policy.", Policy: owner, Statement: &n},
			})
			if f := &out[len(out)-1]; d.Abroad {
				f.Certain, f.If = Possible, []string{"no account outside the snapshot has somebody of that id"}
			}
		}
	}
	a.eachRole(func(r *inventory.Principal) { add(r.Account.ID, r.ARN, "the policy of "+short(r.ARN), r.Trust) })
	a.eachResource(func(r *inventory.Resource) {
		if r.Policy != nil {
			add(r.Account, r.ARN, "the policy of "+short(r.ARN), r.Policy)
		}
	})
	a.eachControl(func(pol *inventory.Policy) {
		add(a.Inventory.Organization.ManagementAccount, cmp.Or(pol.ARN, pol.Name), fmt.Sprintf("the %s %s", pol.Doc.Kind, pol.Name), pol.Doc)
	})
	return out
}

// eachControl visits the control policies that are in force somewhere, each once.
func (a *auditor) eachControl(visit func(*inventory.Policy)) {
	org, seen := a.Inventory.Organization, map[*policy.Document]bool{}
	if org == nil {
		return
	}
	each := func(scps, rcps []*inventory.Policy) {
		for _, pol := range slices.Concat(scps, rcps) {
			if on := pol.Doc.Kind == policy.SCP && org.SCPs || pol.Doc.Kind == policy.RCP && org.RCPs; on && !seen[pol.Doc] {
				seen[pol.Doc] = true
				visit(pol)
			}
		}
	}
	org.EachUnit(func(u *inventory.Unit) { each(u.SCPs, u.RCPs) })
	for _, acct := range a.Inventory.Accounts {
		each(acct.SCPs, acct.RCPs)
	}
}
