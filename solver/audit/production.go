package audit

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// An entrance is the way into an account of production that a finding tells of.
type entrance struct {
	from, to  *inventory.Account
	one, role *inventory.Principal
	step      *solver.Step
	certain   bool
	roles     map[string]bool // all that can be assumed
	listed    []string        // of them
	// adminIf says that a role which is an administrator can be assumed, if a condition holds.
	adminIf bool
}

// intoProduction looks for roles of production that others can assume: one finding for each
// pair of accounts, told by a way that is certain where there is one, into an administrator
// where one is as certain.
func (a *auditor) intoProduction() (out []Finding) {
	prod := map[*inventory.Account]bool{}
	for _, acct := range a.Inventory.Accounts {
		prod[acct] = a.production(acct) != ""
	}
	type way struct{ from, to *inventory.Account }
	byWay := map[way]*entrance{}
	var ways []way
	a.Survey.Entrants(func(role, one *inventory.Principal, certain bool) {
		w := way{one.Account, role.Account}
		if !prod[w.to] || prod[w.from] {
			return
		}
		e, admin := byWay[w], a.rank(role.ARN) != ""
		if better := e == nil || certain && !e.certain || certain == e.certain && admin && a.rank(e.role.ARN) == ""; better {
			step := a.Solver.Enters(one, role)
			if step == nil {
				return
			}
			if e == nil {
				e = &entrance{from: w.from, to: w.to, roles: map[string]bool{}}
				byWay[w], ways = e, append(ways, w)
			}
			e.one, e.role, e.step, e.certain = one, role, step, certain
		}
		if !e.roles[role.ARN] && len(e.listed) <= maxOthers {
			e.listed = append(e.listed, role.ARN)
		}
		e.roles[role.ARN] = true
		e.adminIf = e.adminIf || admin && !certain
	})
	for _, w := range ways {
		out = append(out, a.entering(byWay[w]))
	}
	return out
}

// entering makes the finding of a way.
func (a *auditor) entering(e *entrance) Finding {
	f := Finding{
		ID:   identify("cross-account-into-production", e.from.ID, e.to.ID),
		Kind: "cross-account-into-production", Severity: Medium, Reason: "production can be entered from an account that is not", Certain: Possible,
		Account: e.to.ID, Principal: e.one.ARN, Resource: e.role.ARN, Path: []solver.Step{{Principal: e.one.ARN}, *e.step},
		Statements: e.step.Because, Condition: e.step.Condition,
		Others: slices.DeleteFunc(slices.Clone(e.listed), func(r string) bool { return r == e.role.ARN }),
		Title:  fmt.Sprintf("principals of %s can assume %d %s of %s", a.accountName(e.from.ID), len(e.roles), many(len(e.roles), "role"), a.accountName(e.to.ID)),
		Detail: fmt.Sprintf("%s can assume %s, and maybe others.", e.one.ARN, e.role.ARN),
		Remedy: Remedy{Text: "Take the account out of the trust policy, or limit it to the principals that need it, " + withMFA(e.step.Condition, "with MFA or ") + "for a limited time."},
	}
	if by := a.production(e.to); by != "its name" && by != "--production" {
		f.Detail += fmt.Sprintf(" Account %s counts as production by %s.", a.accountName(e.to.ID), by)
	}
	switch {
	case e.certain:
		f.Certain = Certain
	case len(f.Condition) == 0:
		f.If = []string{"a rule holds that AWS does not state in full"}
	}
	f.Remedy.distrust(e.step)
	switch rank := a.rank(e.role.ARN); {
	case rank != "":
		f.Severity, f.Reason = High, "a role of production, "+rank+", can be assumed from an account that is not"
	case e.adminIf:
		f.Severity, f.Reason = High, "production can be entered from an account that is not, and if a condition holds by a role that is an administrator or gets to be one"
	}
	return f
}

// maxOthers bounds the further things that one finding lists.
const maxOthers = 200
