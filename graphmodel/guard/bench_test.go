package guard_test

import (
	"testing"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Complete requests fold to constants; that path is walked millions of times.
func TestConstantsDoNotAllocate(t *testing.T) {
	e := guard.Or(guard.And(mfa, office), red)
	ctx := policy.Values{"aws:principaltag/team": policy.Single("red")}
	tests := []struct {
		name string
		call func()
	}{
		{name: "and", call: func() { guard.And(guard.True, mfa) }},
		{name: "or", call: func() { guard.Or(guard.True, mfa) }},
		{name: "not", call: func() { guard.Not(guard.False) }},
		{name: "eval", call: func() { e.Eval(ctx) }},
		{name: "blocks of a constant", call: func() { guard.False.Blocks() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n := testing.AllocsPerRun(100, tt.call); n != 0 {
				t.Errorf("%v allocations, want none", n)
			}
		})
	}
}

func BenchmarkAnd(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if guard.And(guard.And(mfa, office), red) == guard.False {
			b.Fatal("false")
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	e := guard.And(guard.Or(mfa, office), guard.Not(guard.And(red, guard.Not(office))))
	b.ReportAllocs()
	for b.Loop() {
		if list, _, exact := e.Blocks(); len(list) == 0 || !exact {
			b.Fatal("nothing written")
		}
	}
}

func BenchmarkEval(b *testing.B) {
	e := guard.Or(guard.And(mfa, office), red)
	ctx := policy.Values{"aws:principaltag/team": policy.Single("red")}
	b.ReportAllocs()
	for b.Loop() {
		if e.Eval(ctx) != policy.True {
			b.Fatal("not true")
		}
	}
}
