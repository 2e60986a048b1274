// Package audit looks at a whole organization and says what a security team would
// want to act on.
//
// A [Finding] is one thing to act on: what it is about, how bad it is and why, the
// path edge by edge, the statements with their places, the conditions that are left
// open, and a remedy. Findings are made by checks, one a [Kind]; each asks the solver
// and decides nothing about access itself, so that a finding is as exact as the
// answer of who-can that it rests on. What a condition leaves open is said to be
// possible, not certain; what the snapshot does not hold is listed as unknown.
//
// A finding's id depends on what it is about, not on the words it is told in nor on
// the order or number of other findings: the same problem has the same id every
// night, until it is gone.
package audit
