//go:build !race

package solver_test

import (
	"testing"

	"pathfinder/solver"
)

// Decide works without allocating when nothing is left open. (The race
// detector makes sync.Pool forget on purpose, hence the build constraint.)
func TestDecideDoesNotAllocate(t *testing.T) {
	for _, line := range []string{
		"U s3:GetObject O | idp +s3:Get*@data/*",
		"U s3:GetObject O | idp +ec2:*@*",
		"U s3:GetObject O | idp +*@* ; -s3:Get*@data/*",
		"S s3:GetObject O | idp +s3:*@* | pb +s3:*@* | rbp +s3:GetObject@O P=R",
	} {
		c := caseOf(t, line)
		if n := testing.AllocsPerRun(2000, func() { solver.Decide(c) }); n != 0 {
			t.Errorf("%s: %v allocations a decision", line, n)
		}
	}
}
