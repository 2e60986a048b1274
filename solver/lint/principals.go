package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// principals looks at the entries of Principal and NotPrincipal.
func (l *linter) principals() {
	for _, st := range l.sound() {
		if !st.HasPrincipal {
			continue
		}
		for i := range st.Principals {
			p := &st.Principals[i]
			at := l.principalPlace(st, i)
			switch p.Kind {
			case policy.UniqueID:
				l.deleted(st, p, at)
			case policy.User, policy.Role, policy.RoleSession, policy.FederatedUser, policy.Federated:
				l.missing(st, p, at)
			case policy.Nobody, policy.Everyone, policy.Account, policy.Service, policy.Canonical:
			}
		}
		if st.NotPrincipal && st.Effect == policy.Deny {
			l.notPrincipal(st)
		}
	}
}

// principalPlace finds entry i, which stands under its type.
func (l *linter) principalPlace(st *policy.Statement, i int) policy.Place {
	pointer, typ := l.element(st, "Principal", st.NotPrincipal), st.Principals[i].Type
	if typ == "" {
		return l.places.At(pointer)
	}
	nth, ok := l.entries[st]
	if !ok {
		count := map[string]int{}
		for k := range st.Principals {
			nth = append(nth, count[st.Principals[k].Type])
			count[st.Principals[k].Type]++
		}
		l.entries[st] = nth
	}
	return l.places.Item(pointer+"/"+typ, nth[i])
}

// deleted reports a raw unique id (E76). One that the snapshot has is alive: the
// text was written by hand.
func (l *linter) deleted(st *policy.Statement, p *policy.Principal, at policy.Place) {
	if l.opts.Facts != nil && l.opts.Facts.Principal(p.Text) != nil {
		return
	}
	what := "user"
	if strings.HasPrefix(p.Text, "AROA") {
		what = "role"
	}
	effect := "grants nothing to anybody"
	if st.Effect == policy.Deny {
		effect = "denies nothing to anybody"
	}
	l.report(ruleTrustDeleted, st, at, says{
		message: fmt.Sprintf("%s is the unique id of a %s that was deleted; the entry %s, not even to a new %s of the same name (E76)", p.Text, what, effect, what),
	})
}

// missing reports an ARN that its account does not have (E77).
func (l *linter) missing(st *policy.Statement, p *policy.Principal, at policy.Place) {
	what, account := absent(l.opts.Facts, p)
	if what == "" {
		return
	}
	s := says{message: fmt.Sprintf("%s names a %s that account %s does not have: the entry matches nobody (E77)", quote(p.Text), what, account)}
	if near := nearestPrincipal(l.opts.Facts.Account(account), p); near != "" {
		s.suggestion = near
	}
	l.report(ruleTrustUnknown, st, at, s)
}

// absent says what is named that its account does not have; "" when it is there,
// or nobody knows.
func absent(facts *inventory.Inventory, p *policy.Principal) (what, account string) {
	if facts == nil {
		return "", ""
	}
	a, err := arn.Parse(p.Text)
	if err != nil {
		return "", ""
	}
	owner := facts.Account(a.AccountID)
	if owner == nil || !owner.IAM {
		return "", ""
	}
	_, name, _ := strings.Cut(a.Resource, "/")
	switch p.Kind {
	case policy.User:
		if facts.Principal(p.Text) == nil {
			return "user", owner.ID
		}
	case policy.Role:
		if facts.Principal(p.Text) == nil {
			return "role", owner.ID
		}
	case policy.RoleSession: // without the role's path (E17)
		role, _, _ := strings.Cut(name, "/")
		if !slices.ContainsFunc(owner.Held().Roles, func(r *inventory.Principal) bool { return r.Name == role }) {
			return "role", owner.ID
		}
	case policy.Federated:
		if len(owner.Held().Providers) > 0 && !slices.ContainsFunc(owner.Held().Providers, func(x inventory.Provider) bool { return x.ARN == p.Text }) {
			return "provider", owner.ID
		}
	case policy.FederatedUser, // any name can be given to one
		policy.Nobody, policy.Everyone, policy.Account, policy.UniqueID, policy.Service, policy.Canonical:
	}
	return "", ""
}

// nearestPrincipal returns the ARN of the account that was probably meant.
func nearestPrincipal(a *inventory.Account, p *policy.Principal) string {
	list := a.Held().Users
	if p.Kind == policy.Role {
		list = a.Held().Roles
	} else if p.Kind != policy.User {
		return ""
	}
	name := p.Text[strings.LastIndexByte(p.Text, '/')+1:]
	best, least := "", edits(name)+1
	for _, x := range list {
		if d := policy.Distance(strings.ToLower(name), strings.ToLower(x.Name), least); d < least {
			best, least = x.ARN, d
		}
	}
	return best
}

// notPrincipal tells the traps of a Deny with NotPrincipal (E98).
func (l *linter) notPrincipal(st *policy.Statement) {
	spares := false
	listed := map[string]bool{}
	for i := range st.Principals {
		if p := &st.Principals[i]; p.Kind == policy.Account {
			listed[p.Account] = true
		}
	}
	for i := range st.Principals {
		p := &st.Principals[i]
		switch p.Kind {
		case policy.User, policy.Role, policy.RoleSession:
			spares = true
			if !listed[p.Account] {
				listed[p.Account] = true
				l.report(ruleNotPrincipalDeny, st, l.principalPlace(st, i), says{
					message: fmt.Sprintf("account %s is not listed along with %s, which may then be denied all the same (E98)", p.Account, quote(p.Text)),
					remedy:  "list \"arn:aws:iam::" + p.Account + ":root\" as well; better, write \"Principal\": \"*\" and a condition on aws:PrincipalArn",
				})
			}
		case policy.Account, policy.Everyone, policy.FederatedUser, policy.UniqueID, policy.Service, policy.Federated, policy.Canonical, policy.Nobody:
		}
	}
	at := l.places.At(l.element(st, "Principal", true))
	if !spares && slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Account }) {
		l.report(ruleNotPrincipalDeny, st, at, says{message: "an account in NotPrincipal spares its root user only: its users and roles are denied (E98)"})
		return
	}
	l.report(ruleNotPrincipalDeny, st, at, says{
		message:  "a user or role with a permissions boundary is denied, even if it is listed (E98)",
		severity: Note, milder: true,
	})
}
