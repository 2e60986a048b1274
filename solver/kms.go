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
		at, holds := e.grantee(grant.Grantee)
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
		if e.c.HasBoundary || e.c.HasSession {
			e.lean("E192")
		}
		g.kinds[at] = guard.Or(g.kinds[at], holds)
		if c := &e.c.Caller; c.hasAccount() && c.Account != e.c.ResourceAccount && at != kindAccount {
			alone = guard.Or(alone, guard.And(holds, guard.And(s.boundary.allow, s.session.allow)))
		}
	}
	return alone
}

// grantee compares the grantee of a grant with the caller.
func (e *eval) grantee(text string) (kind, *guard.Expr) {
	class := "AWS"
	if !strings.HasPrefix(text, "arn:") && !arn.IsAccountID(text) && strings.Contains(text, ".") {
		class = "Service"
	}
	p, problem := policy.NewPrincipal(class, text)
	if problem != "" {
		e.doubt("the grantee " + text + " of a grant is no principal")
		return kindEveryone, guard.False
	}
	return e.entry(&p, policy.Resource)
}

// grantConstraint tells when the encryption context meets the grant's
// constraint, which does not bind DescribeKey and RetireGrant (E191, E196).
func (e *eval) grantConstraint(grant *inventory.KMSGrant) *guard.Expr {
	if e.name == "describekey" || e.name == "retiregrant" {
		return guard.True
	}
	g := guard.True
	for _, want := range []map[string]string{grant.ContextEquals, grant.ContextSubset} {
		for _, k := range slices.Sorted(maps.Keys(want)) {
			c := policy.NewCondition("StringEquals", "kms:EncryptionContext:"+k, []string{want[k]})
			g = guard.And(g, e.condition(&c))
		}
	}
	if grant.ContextEquals != nil && e.c.Context.Complete && e.contextPairs() != len(grant.ContextEquals) {
		return guard.False
	}
	return g
}

// contextPairs counts the pairs of the request's encryption context.
func (e *eval) contextPairs() (n int) {
	for k, v := range e.c.Context.Values {
		if strings.HasPrefix(k, "kms:encryptioncontext:") && v.State == policy.Present {
			n++
		}
	}
	return n
}
