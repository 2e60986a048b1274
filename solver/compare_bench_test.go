package solver_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A pair of documents to compare.
type pair struct {
	name          string
	before, after *policy.Document
}

// managedPairs are published policies with each change, and with the version
// before.
func managedPairs(b *testing.B) []pair {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a benchmark
	var out []pair
	for _, name := range slices.Sorted(maps.Keys(managed(b))) {
		p := managed(b)[name]
		doc := p.Document.parse(policy.Identity)
		if p.Before != nil {
			out = append(out, pair{name + ": versions", p.Before.Document.parse(policy.Identity), doc})
		}
		for _, m := range mutations {
			after := p.Document.clone()
			if m.do(r, after, r.IntN(len(after.Statement))) {
				out = append(out, pair{name + ": " + m.name, doc, after.parse(policy.Identity)})
			}
		}
	}
	return out
}

// One pair: a policy of middle length with one action more.
func BenchmarkCompare(b *testing.B) {
	doc := managed(b)["AmazonSageMakerFullAccess"].Document
	after := doc.clone()
	mutations[1].do(rand.New(rand.NewPCG(1, 2)), after, 0) //nolint:gosec // a benchmark
	x, y := doc.parse(policy.Identity), after.parse(policy.Identity)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := solver.Compare(x, y, ""); err != nil {
			b.Fatal(err)
		}
	}
}

// Every pair of published policies once an iteration; each pair's time is the
// least of all iterations, so that other work on the machine does not count.
func BenchmarkCompareManaged(b *testing.B) {
	pairs := managedPairs(b)
	least := make([]time.Duration, len(pairs))
	for b.Loop() {
		for i, p := range pairs {
			start := time.Now()
			ans, err := solver.Compare(p.before, p.after, "")
			took := time.Since(start)
			if err != nil || !ans.Exact && !p.before.Damaged() && !p.after.Damaged() {
				b.Fatalf("%s: %v, %v", p.name, ans, err)
			}
			if least[i] == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	slices.Sort(least)
	at := func(share float64) float64 {
		return float64(least[int(share*float64(len(least)-1))].Microseconds())
	}
	b.ReportMetric(float64(len(pairs)), "pairs")
	b.ReportMetric(at(0.5), "µs/median")
	b.ReportMetric(at(0.99), "µs/p99")
	b.ReportMetric(at(1), "µs/max")
}
