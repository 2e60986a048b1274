package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// sharedIssuers are issuers of tokens that serve many customers, with the claim
// that tells one from another. Sources: IAM user guide, "Create a role for OIDC
// federation", and "Identity-provider controls for shared OIDC providers"
// (E152 to E154).
var sharedIssuers = map[string]string{
	"token.actions.githubusercontent.com": "sub", "gitlab.com": "sub", "app.terraform.io": "sub", "cognito-identity.amazonaws.com": "aud",
}

// tokens finds trusts in an issuer of tokens that let in every customer of it.
func (l *linter) tokens() {
	if l.doc.Kind != policy.Trust || l.doc.Damaged() {
		return
	}
	for _, st := range l.sound() {
		if st.Effect != policy.Allow || !st.MatchAction("sts", "assumerolewithwebidentity") {
			continue
		}
		for i := range st.Principals {
			p := &st.Principals[i]
			host := p.Text
			if _, name, ok := strings.Cut(host, ":oidc-provider/"); ok {
				host = name
			}
			claim := sharedIssuers[host]
			if p.Kind != policy.Federated || claim == "" || slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool { return limits(&c, host+":"+claim) }) {
				continue
			}
			l.report(ruleTokens, st, l.principalPlace(st, i), says{
				message: fmt.Sprintf("%s gives tokens to many customers, and no condition on %s:%s says to which this role is open", host, host, claim),
			})
		}
	}
}

// limits reports whether a condition demands something of a claim: of each value
// something stands behind the first colon and before the first wildcard.
func limits(c *policy.Condition, key string) bool {
	if c.LowerKey() != key || c.Operator.Negated() || c.Operator.IsNull() || c.Operator.IfExists || c.Operator.Set == policy.ForAllValues {
		return false
	}
	return !slices.ContainsFunc(c.Values, func(v string) bool {
		before, _, wild := strings.Cut(v, "*")
		if !c.Operator.Wildcards() || !wild {
			return false
		}
		_, rest, colon := strings.Cut(before, ":")
		return before == "" || colon && rest == ""
	})
}
