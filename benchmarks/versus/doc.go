// Command versus asks pathfinder and the peer iam-lens the same questions about
// the same organization, one after the other on the same machine, and prints
// what each took. It then checks that both name the same principals: each
// difference is listed with the rule of AWS's evaluation that explains it, and
// a difference that no rule explains makes the exit code 1.
//
//	go run ./benchmarks/versus --accounts 10 --principals 50
//
// The question is who may do something with one resource directly, which is
// what iam-lens answers; chains of roles, which it does not follow, are a row of
// their own. The organization is a folder in the layout of iam-collect, which
// both read. It needs node and npm, and a Go toolchain.
//
// # The peer
//
// iam-lens (npm @cloud-copilot/iam-lens) is used where npm can install it. Where
// it can't, what runs instead is iam-simulate, the engine that iam-lens asks,
// under a driver in the folder peer. The output always says which of the two it
// was. The driver does what iam-lens does, and nothing that would make it
// slower: the resource policy says which accounts and principals are asked
// about at all; conditions on aws:PrincipalArn leave out principals that cannot
// be let in; every other principal is simulated once an action, in discovery
// mode, and once more, in strict mode, where that allows it. Each document is
// read and validated once a thread, and there are as many threads as
// processors. Unlike in iam-lens no message is passed for a simulation. With
// --index, principals of other accounts are left out whose policies do not name
// the action, as iam-lens does after its command index-principals.
//
// # Differences
//
// A difference is explained when pathfinder's own decision turns into the
// peer's once one of its rules is read as the peer reads it, and nothing else
// changes (explain.go lists the readings), or when the peer was not asked about
// such a principal at all. What its engine refuses to answer is counted apart.
//
// Exit codes: 0 both name the same principals, as far as rules explain it; 1
// they do not; 2 a question could not be asked.
package main
