package audit

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// poolsOfOthers is what has to be true for identity pools of other accounts to get in (E154).
const poolsOfOthers = "Amazon Cognito takes an identity pool of another account for the role, which it refuses now where its basic flow is used"

func (a *auditor) federation() (out []Finding) {
	a.eachRole(func(r *inventory.Principal) {
		for _, o := range a.Solver.OutsidersOf(r) {
			host, ok := tokensOf(&o)
			if !ok {
				continue
			}
			_, registered, _ := strings.Cut(o.ARN, ":oidc-provider/")
			held := r.Account.Held()
			if registered != "" && held.ProvidersKnown && !slices.ContainsFunc(held.Providers, func(p inventory.Provider) bool { return strings.EqualFold(p.ARN, o.ARN) }) {
				continue // nobody signs in by it: see dangling
			}
			issuer := issuerOf(host)
			why, without := issuer.tooBroad(o.Condition)
			if why == "" {
				continue
			}
			f := a.hop("federation-too-broad", r, &o)
			f.Tags = nil
			f.Certain, f.Condition = Certain, nil // whoever is let in meets it: the path holds it
			f.Severity, f.Reason = Medium, "every subject of the provider can assume the role"
			// A provider that is registered takes tokens made for its own clients alone, and with
			// some issuers these say whose they are.
			if issuer.shared && !(registered != "" && issuer.byAudience) {
				f.Severity, f.Reason = Critical, "anybody with an account at the provider can assume the role"
			}
			if registered != "" && !held.ProvidersKnown {
				f.If = append(f.If, "the account has the identity provider")
			}
			if without != "" {
				f.If = append(f.If, "tokens come without "+without)
			}
			if host == cognito {
				f.If = append(f.If, poolsOfOthers)
			}
			if len(f.If) > 0 {
				f.Certain = Possible
			}
			f.Title = fmt.Sprintf("role %s trusts %s %s", r.Name, host, why)
			f.Remedy.Text = "Say in the trust policy which subjects may assume the role."
			f.Remedy.Change = conditionChange("StringEquals", host+":"+issuer.key, issuer.example)
			out = append(out, f)
		}
	})
	return out
}

// tokensOf returns the host and path of the provider whose tokens let somebody in, as they
// stand before condition keys. AWS knows four of them without an ARN (E21).
func tokensOf(o *solver.Outsider) (host string, ok bool) {
	if o.Kind != "provider" {
		return "", false
	}
	if _, host, ok = strings.Cut(o.ARN, ":oidc-provider/"); ok {
		return host, true
	}
	return o.ARN, slices.Contains([]string{cognito, google, amazon, facebook}, o.ARN)
}
