// Command run measures pathfinder on generated organizations of several sizes
// and prints one table: what each stage costs, from making the organization to
// answering a question from its snapshot.
//
//	go run ./benchmarks/run --accounts 10,100,1000 --principals 200
//
// Each stage runs in a process of its own, so that its peak memory is its own.
// Stages that go on from others (build goes on from read) are timed from where
// those end; their peak memory holds what those left. The stages whose names
// end in "cold" are whole commands, from the start of the process to its end.
//
// Figures are medians of several runs, of one run where an organization is
// large. GOMEMLIMIT and GOMAXPROCS of the environment hold for all stages.
package main
