package solver_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// The algebra on labels of published policies: every pair of neighbours in each
// of seven distances, in a space of its own, each operation for the first time.
func BenchmarkAlgebra(b *testing.B) {
	list := managed(b)
	names := slices.Sorted(maps.Keys(list))
	docs := make([]*policy.Document, len(names))
	for i, n := range names {
		docs[i] = list[n].Document.parse(policy.Identity)
	}
	ops := map[string]func(*permission.Space, *permission.Label, *permission.Label) *permission.Label{
		"intersect": (*permission.Space).Intersect, "union": (*permission.Space).Union, "subtract": (*permission.Space).Subtract,
	}
	for _, name := range slices.Sorted(maps.Keys(ops)) {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			skipped := map[[2]int]bool{}
			for b.Loop() {
				for i := range docs {
					for _, far := range []int{1, 2, 3, 5, 8, 13, 21} {
						if skipped[[2]int{i, far}] {
							continue
						}
						sp, labels, coarse := solver.LabelsIn([]*policy.Document{docs[i], docs[(i+far)%len(docs)]})
						if coarse {
							skipped[[2]int{i, far}] = true
							continue
						}
						at := time.Now()
						ops[name](sp, labels[0], labels[1])
						took = append(took, time.Since(at))
					}
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "ns/median")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "ns/p99")
			b.ReportMetric(float64(len(docs)*7), "pairs")
			b.ReportMetric(float64(len(skipped)), "too-wide")
		})
	}
}
