package solver

import (
	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// admission says whom statements let in that name everybody.
type admission struct {
	all      bool            // users and roles of any account
	accounts map[string]bool // users and roles of these
}

// admit notes whom an Allow lets in as one of everybody.
func (ad *admission) admit(s *Solver, st *policy.Statement) {
	if ad.all || s.forServices(st) {
		return
	}
	list, limited := graphmodel.LimitedTo(st)
	_, fixed := s.ctx.Values["kms:calleraccount"]
	_, also := s.ctx.Values["aws:principalaccount"]
	if !limited || fixed || also { // what the question says of the caller counts, whoever it is
		ad.all = true
		return
	}
	for _, id := range list {
		if ad.accounts == nil {
			ad.accounts = map[string]bool{}
		}
		ad.accounts[id] = true
	}
}

// unite adds whom others let in.
func (ad *admission) unite(o *admission) {
	ad.all = ad.all || o.all
	for id := range o.accounts {
		if ad.accounts == nil {
			ad.accounts = map[string]bool{}
		}
		ad.accounts[id] = true
	}
}

// of reports whether users and roles of an account are let in.
func (ad *admission) of(account string) bool { return ad.all || ad.accounts[account] }

// list returns the accounts of the snapshot whose users and roles are let in.
func (ad *admission) list(s *Solver) (out []*inventory.Account) {
	if ad.all {
		return s.inv.Accounts
	}
	for id := range ad.accounts {
		if a := s.inv.Account(id); a != nil {
			out = append(out, a)
		}
	}
	return out
}

// forServices reports whether a condition of a statement fails for every user,
// role and root user.
func (s *Solver) forServices(st *policy.Statement) bool {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if !graphmodel.ServiceKey(c.LowerKey()) {
			continue
		}
		fails := true
		for _, kind := range []CallerKind{CallerUser, CallerSession, CallerRoot} {
			e := newEval(&Case{Caller: Caller{Kind: kind}, Context: s.ctx}, false)
			fails = fails && c.Test(e) == policy.False
		}
		if fails {
			return true
		}
	}
	return false
}
