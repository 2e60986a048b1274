// Command orggen writes a generated organization into a folder, and prints the
// names in it that questions can be asked about.
//
//	go run ./benchmarks/orggen/cmd/orggen --accounts 100 --principals 200 --seed 1 --out DIR
package main
