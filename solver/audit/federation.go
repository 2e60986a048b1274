package audit

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/issuer"
)

// poolsOfOthers is what has to be true for identity pools of other accounts to get in (E154).
const poolsOfOthers = "Amazon Cognito takes an identity pool of another account for the role, which it refuses now where its basic flow is used"

// guestsIn is what has to be true for guests of an identity pool to get in (E154).
const guestsIn = "the identity pool lets guests in, and gives them this role or uses the basic flow, in which they choose one"

// letsGuests reports whether a condition on tokens of Cognito lets in people who did not sign
// in: these have no other authentication methods. A single identity is somebody's.
func letsGuests(x *issuer.Issuer, when guard.Blocks) bool {
	left, may := given(when, request{issuer.Cognito + ":amr": policy.Single("unauthenticated")})
	return may && (len(left) == 0 || slices.ContainsFunc(left, func(b guard.Block) bool {
		return !slices.ContainsFunc(b, func(t guard.Test) bool { return strings.HasSuffix(strings.ToLower(t.Key), ":sub") && x.Narrows(&t) })
	}))
}

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
			from := issuer.Of(host)
			why, without := from.TooBroad(o.Condition)
			guests := why == "" && host == issuer.Cognito && letsGuests(from, o.Condition)
			if guests {
				why = "for guests of its identity pool, who are anybody"
			} else if why == "" {
				continue
			}
			f := a.hop("federation-too-broad", r, &o)
			f.Tags = nil
			f.Certain = Certain // whoever is let in meets what is asked of tokens: the path holds it
			f.Severity, f.Reason = Medium, "every subject of the provider can assume the role"
			// A provider that is registered takes tokens made for its own clients alone, and with
			// some issuers these say whose they are.
			if from.Shared && !guests && !(registered != "" && from.ByAudience) {
				f.Severity, f.Reason = Critical, "anybody with an account at the provider can assume the role"
			}
			if registered != "" && !held.ProvidersKnown {
				f.If = append(f.If, "the account has the identity provider")
			}
			if without != "" {
				f.If = append(f.If, "tokens come without "+without)
			}
			switch {
			case guests:
				f.Reason, f.If = "guests of an identity pool are anybody", append(f.If, guestsIn)
			case host == issuer.Cognito:
				f.If = append(f.If, poolsOfOthers)
			}
			if f.Condition = besides(from, o.Condition); len(f.Condition) > 0 {
				f.Certain, f.Reason = Possible, f.Reason+", if the condition is met"
				if f.Severity > Low {
					f.Severity--
				}
			}
			if len(f.If) > 0 {
				f.Certain = Possible
			}
			f.Title = fmt.Sprintf("role %s trusts %s %s", r.Name, host, why)
			f.Remedy.Text = "Say in the trust policy which subjects may assume the role."
			f.Remedy.Change = conditionChange("StringEquals", host+":"+from.Key, from.Example)
			if guests {
				f.Remedy.Text = "Ask in the trust policy for people who signed in, or switch off guest access of the identity pool; give guests a role of their own that may do little."
				f.Remedy.Change = conditionChange("ForAnyValue:StringLike", issuer.Cognito+":amr", "authenticated")
			}
			out = append(out, f)
		}
	})
	return out
}

// besides leaves what a condition asks of those whose tokens it does not tell apart, other
// than of the tokens and what they choose themselves; nil where some are asked for nothing.
func besides(x *issuer.Issuer, when guard.Blocks) (out guard.Blocks) {
	for _, block := range when {
		if why, _ := x.TooBroad(guard.Blocks{block}); why == "" {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(block), func(t guard.Test) bool {
			return x.Says(t.Key) || asAllChoose(guard.Blocks{{t}})
		})
		if len(left) == 0 {
			return nil
		}
		out = append(out, left)
	}
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
	return o.ARN, issuer.Known(o.ARN)
}
