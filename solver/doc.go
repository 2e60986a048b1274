// Package solver answers questions about access.
//
// [Decide] answers one request: it is the reference, small, literal, and rule
// by rule in the order in which AWS describes its evaluation. A [Case] holds
// everything it looks at. Keys that nobody fixed stay open, and the decision
// then carries the condition under which it allows (package guard).
//
// The symbolic engine (effective.go) answers for sets of requests: which
// actions, on which of the resources that a pattern covers, under which
// conditions. Neither of the two asks the other, and a property test holds them
// together.
//
// A [Solver] answers questions over a whole inventory: it puts cases together
// from what was collected, asks the engine, closes them over role assumption, and says by which
// path, because of which statements, and under which conditions somebody
// reaches something.
//
// An organization has many principals and few that differ in anything that bears
// on a question. Who carries the same policies is a crowd (crowd.go); of each
// class of callers of whom everything equal bears on the answer one is asked
// about, and the others get its answer under their own names (audience.go). A
// [Survey] solves everybody's access to everything, by classes of callers, of
// resources and of calls (survey.go), and closes it over chains of roles. Both give the answers
// that one principal at a time gives ([Config.Singly]); tests compare them.
//
// Escalations are edges as well (escalate.go): [Solver.Escalations] finds who gets every right by
// them, and [Solver.WhoCanEscalating] who gets to one resource.
//
// [Diff] asks two solvers in which access they differ: it finds out whose access
// can differ at all, and subtracts labels in one space.
//
// [Solver.Cut] finds the smallest set of grants whose removal closes ways to a resource:
// every way that is left open shows what has to be hit, and hitting sets are what is
// removed next, until who-can finds nobody.
//
// [Compare] asks whether one policy document permits any request that another one
// does not. It works on the documents alone, from where they differ.
//
// Truth comes first. An answer is one of allowed, allowed if, denied, or
// unknown; a denial that missing facts could overturn is unknown, never denied
// (E236). What leans on a rule that AWS leaves unclear says so.
//
// The numbers E1, E2 … name rules of evaluation; each function that carries
// one out names it.
//
// A Solver is immutable and safe for concurrent use; equal inputs give equal
// answers in equal order.
package solver
