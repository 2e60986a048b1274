package compiled_test

import (
	"testing"

	"pathfinder/collector/compiled"
)

// Opening takes no longer for what accounts hold.
func BenchmarkOpen(b *testing.B) {
	whole := acme(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := compiled.OpenBytes(whole); err != nil {
			b.Fatal(err)
		}
	}
}

// Everything in a small organization, each thing for the first time.
func BenchmarkHeld(b *testing.B) {
	whole := acme(b)
	var principals int
	for b.Loop() {
		f, err := compiled.OpenBytes(whole)
		if err != nil {
			b.Fatal(err)
		}
		principals = 0
		for _, a := range f.Inventory().Accounts {
			principals += len(a.Principals())
		}
	}
	b.ReportMetric(float64(principals)*float64(b.N)/b.Elapsed().Seconds(), "principals/s")
}

// A look-up by ARN of what has been read already.
func BenchmarkPrincipal(b *testing.B) {
	f, err := compiled.OpenBytes(acme(b))
	if err != nil {
		b.Fatal(err)
	}
	inv := f.Inventory()
	var arns []string
	for _, a := range inv.Accounts {
		for _, p := range a.Principals() {
			arns = append(arns, p.ARN)
		}
	}
	i := 0
	for b.Loop() {
		if inv.Principal(arns[i%len(arns)]) == nil {
			b.Fatal("it is not there")
		}
		i++
	}
}
