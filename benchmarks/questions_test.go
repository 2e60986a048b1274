package benchmarks

import (
	"testing"

	"pathfinder/collector"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

const acme = "../fixtures/acme"

func open(b *testing.B) *inventory.Inventory {
	b.Helper()
	catalog.Default().TypesOf("arn:aws:s3:::x") // decoded once a process, not a question
	inv, err := collector.Open(acme)
	if err != nil {
		b.Fatal(err)
	}
	return inv
}

func newSolver(b *testing.B, inv *inventory.Inventory) *solver.Solver {
	b.Helper()
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkOpenSnapshot(b *testing.B) {
	for b.Loop() {
		if _, err := collector.Open(acme); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWhoCan asks for every action on a bucket and its objects: 52
// principals, 106 actions, chains of three hops.
func BenchmarkWhoCan(b *testing.B) {
	inv := open(b)
	for b.Loop() {
		if _, err := newSolver(b, inv).WhoCan("acme-prod-customer-data", nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWhoCanOneAction asks for one action on the same bucket.
func BenchmarkWhoCanOneAction(b *testing.B) {
	inv := open(b)
	for b.Loop() {
		if _, err := newSolver(b, inv).WhoCan("acme-prod-customer-data", []string{"s3:GetObject"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCan asks for everything that one principal reaches.
func BenchmarkCan(b *testing.B) {
	inv := open(b)
	for b.Loop() {
		if _, err := newSolver(b, inv).Can("arn:aws:iam::500000000005:user/developer-1", "", nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecide decides one prepared request with SCPs on three levels, an
// RCP, a bucket policy and the check of the key.
func BenchmarkDecide(b *testing.B) {
	s := newSolver(b, open(b))
	c, err := s.Case(solver.Question{
		Principal: "arn:aws:iam::600000000006:role/data-reader", Action: "s3:GetObject",
		Resource: "arn:aws:s3:::acme-prod-customer-data/accounts/4711.json",
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if d := solver.Decide(c); d.Outcome != solver.Allowed {
			b.Fatalf("decided %v", d.Outcome)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}
