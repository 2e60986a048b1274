// Package guard holds what is left open of a decision: an expression over the
// conditions that neither the snapshot nor the question fixes.
//
// A guard belongs to one request, the hop of a path on which it was left open:
// the network, the MFA state and the external id of one request say nothing
// about the next (E227, E230). Guards of different hops must not be combined.
//
// An [Expr] is built with [And], [Or] and [Not], which fold the constants
// [True] and [False], so that a decision about a complete request never
// allocates. [Expr.Blocks] writes it as condition blocks of the policy
// language: each block a conjunction, the list a disjunction, true exactly
// when the expression is. What can't be written so stays an opaque term, and
// the answer says that it is not exact.
//
// Expressions are immutable and safe for concurrent use.
package guard
