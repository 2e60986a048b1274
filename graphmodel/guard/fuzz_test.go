package guard_test

import (
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
)

// Bytes steer the generator of the law, so that coverage guides it.
func FuzzBlocks(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		e := exprs(3, true).Draw(t, "expression")
		list, truth, exact := e.Blocks()
		ctx := contexts.Draw(t, "request")
		want := e.Eval(ctx)
		got := truth
		if truth == policy.Unknown {
			got = listHolds(list, ctx)
		}
		if exact && want != policy.Unknown && got != want {
			t.Fatalf("%v (%v) is %v, the expression %v, for %v", list, truth, got, want, ctx)
		}
	}))
}
