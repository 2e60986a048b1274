package solver

import (
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// mfaPresent is the key that tells whether a caller has shown a second factor.
const mfaPresent = "aws:multifactorauthpresent"

// mfaOf is what sessions of roles carry under it, by how they were made (E144).
func mfaOf(web bool) policy.Value {
	if web {
		return absent
	}
	return policy.Single("false")
}

// eitherSession tests a condition on MFA for a role of which some sessions were made
// by tokens and others not: what is left open is which of them makes the request.
func (e *eval) eitherSession(c *policy.Condition) *guard.Expr {
	byToken, other := tested(c, fixedMFA{e, mfaOf(true)}), tested(c, fixedMFA{e, mfaOf(false)})
	if byToken == other {
		return byToken
	}
	none, some := test("Null", mfaPresent, "true"), test("Null", mfaPresent, "false")
	return guard.Or(guard.And(none, byToken), guard.And(some, other))
}

// madeBy narrows the condition of a hop to sessions that a token made, or to others:
// of a caller on a path it is known.
func madeBy(when *guard.Expr, web bool) *guard.Expr {
	return mapped(when, func(c *policy.Condition) *guard.Expr {
		if c.LowerKey() != mfaPresent {
			return guard.Atom(*c)
		}
		return tested(c, fixedMFA{policy.Values{}, mfaOf(web)})
	})
}

// A fixedMFA is a context in which it is known what is carried for MFA.
type fixedMFA struct {
	policy.Context
	value policy.Value
}

// Value returns what the request carries under a key.
func (f fixedMFA) Value(key string) policy.Value {
	if key == mfaPresent {
		return f.value
	}
	return f.Context.Value(key)
}
