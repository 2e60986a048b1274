package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// entrances are the calls by which a role is assumed: users, roles and services sign the
// first, bearers of tokens make the others (E21, E150).
var entrances = []string{"AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"}

// entranceOf returns the call by which whoever a principal stands for assumes roles; "" when
// it stands for several kinds, or for nobody.
func entranceOf(p *policy.Principal) string {
	switch p.Kind {
	case policy.Account, policy.User, policy.Role, policy.RoleSession, policy.Service:
		return entrances[0]
	case policy.Federated:
		if strings.Contains(p.Text, ":saml-provider/") {
			return entrances[2]
		}
		return entrances[1]
	case policy.Nobody, policy.Everyone, policy.FederatedUser, policy.UniqueID, policy.Canonical:
	}
	return ""
}

// entrances finds principals that a trust policy lists beside calls of others alone.
func (l *linter) entrances() {
	if l.doc.Kind != policy.Trust {
		return
	}
	for _, st := range l.sound() {
		listed := func(call string) bool { return st.MatchAction("sts", strings.ToLower(call)) }
		if st.NotPrincipal || !slices.ContainsFunc(entrances, listed) {
			continue // tags and the like stand in statements of their own
		}
		for i := range st.Principals {
			p := &st.Principals[i]
			call := entranceOf(p)
			if call == "" || listed(call) {
				continue
			}
			effect := "does not let it in"
			if st.Effect == policy.Deny {
				effect = "does not keep it out"
			}
			l.report(rulePrincipalAction, st, l.principalPlace(st, i), says{
				message: fmt.Sprintf("%s assumes roles by sts:%s, which %s does not list: the entry %s (E21, E150)", quote(p.Text), call, nameOf(st), effect),
				remedy:  "list sts:" + call + ", or name whom the listed actions are meant for",
			})
		}
	}
}
