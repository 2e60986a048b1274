package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// kmsGrants adds the grants on a key: a way in besides the key policy (E191).
// alone is the condition under which a grant is enough from another account.
func (e *eval) kmsGrants(s *side, g *grantSide) (alone *guard.Expr) {
	alone = guard.False
	if e.service != "kms" || len(e.c.KMSGrants) == 0 || !grantOperations[e.name] {
		return alone
	}
	for i := range e.c.KMSGrants {
		grant := &e.c.KMSGrants[i]
		if !slices.ContainsFunc(grant.Operations, func(op string) bool { return strings.EqualFold(op, e.name) }) {
			continue
		}
		var p *policy.Principal
		if len(e.c.grantees) == len(e.c.KMSGrants) {
			p = &e.c.grantees[i]
		} else {
			one := granteeOf(grant) // the case was written by hand
			p = &one
		}
		at, holds := e.grantee(p)
		if holds != guard.False {
			holds = guard.And(holds, e.grantConstraint(grant))
		}
		if holds == guard.False {
			continue
		}
		e.rule("E191")
		if e.trace {
			e.gates = append(e.gates, Gate{Name: GateGrant, Target: grant.ID, Result: Allows, Guard: holds, Note: "a grant on the key lists " + e.c.Action})
		}
		if at == kindAccount || s.boundary.allow != guard.True && e.c.HasBoundary || s.session.allow != guard.True && e.c.HasSession {
			e.lean("E192")
		}
		g.kinds[at] = guard.Or(g.kinds[at], holds)
		if c := &e.c.Caller; c.hasAccount() && c.Account != e.c.ResourceAccount && at != kindAccount {
			alone = guard.Or(alone, guard.And(holds, guard.And(s.boundary.allow, s.session.allow)))
		}
	}
	return alone
}

// granteesOf reads the grantees of grants.
func granteesOf(grants []inventory.KMSGrant) []policy.Principal {
	if len(grants) == 0 {
		return nil
	}
	out := make([]policy.Principal, len(grants))
	for i := range grants {
		out[i] = granteeOf(&grants[i])
	}
	return out
}

// granteeOf reads the grantee of a grant; one that is no principal matches
// nobody.
func granteeOf(grant *inventory.KMSGrant) policy.Principal {
	text, class := grant.Grantee, "AWS"
	if !strings.HasPrefix(text, "arn:") && !arn.IsAccountID(text) && strings.Contains(text, ".") {
		class = "Service"
	}
	p, problem := policy.NewPrincipal(class, text)
	if problem != "" {
		return policy.Principal{Text: text} // of kind Nobody
	}
	return p
}

// grantee compares the grantee of a grant with the caller.
func (e *eval) grantee(p *policy.Principal) (kind, *guard.Expr) {
	if p.Kind == policy.Nobody {
		e.doubt("the grantee " + p.Text + " of a grant is no principal")
	}
	return e.entry(p, policy.Resource)
}

// grantConstraint tells when the request meets the grant's constraints. Those
// on the encryption context do not bind DescribeKey and RetireGrant (E191,
// E196).
func (e *eval) grantConstraint(grant *inventory.KMSGrant) *guard.Expr {
	g := guard.True
	if grant.SourceARN != "" {
		c := policy.NewCondition("ArnEquals", "aws:SourceArn", []string{grant.SourceARN})
		g = e.condition(&c)
	}
	if e.name == "describekey" || e.name == "retiregrant" {
		return g
	}
	for _, want := range []map[string]string{grant.ContextEquals, grant.ContextSubset} {
		for _, k := range slices.Sorted(maps.Keys(want)) {
			c := policy.NewCondition("StringEquals", encryptionContext+k, []string{want[k]})
			g = guard.And(g, e.condition(&c))
		}
	}
	if grant.ContextEquals == nil || g == guard.False {
		return g
	}
	if e.pairsBeside(grant.ContextEquals) {
		return guard.False
	}
	keys := slices.Sorted(maps.Keys(grant.ContextEquals))
	if c := policy.NewCondition("ForAllValues:StringEquals", "kms:EncryptionContextKeys", keys); len(keys) > 0 {
		return guard.And(g, e.condition(&c)) // and no pair besides
	}
	c := policy.NewCondition("Null", "kms:EncryptionContextKeys", []string{"true"})
	return guard.And(g, e.condition(&c))
}

const encryptionContext = "kms:EncryptionContext:"

// pairsBeside reports whether the request's encryption context is known to
// hold another pair than those of a constraint.
func (e *eval) pairsBeside(want map[string]string) bool {
	allowed := map[string]bool{}
	for k := range want {
		allowed[strings.ToLower(encryptionContext+k)] = true
	}
	for k, v := range e.c.Context.Values {
		if strings.HasPrefix(k, strings.ToLower(encryptionContext)) && v.State == policy.Present && !allowed[k] {
			return true
		}
	}
	return false
}
