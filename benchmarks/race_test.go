//go:build race

package benchmarks

// The race detector sees in the smaller organizations what it would in the largest, which
// takes minutes under it; .ci/random compares that without it.
func init() { comparedSizes = comparedSizes[:2] }
