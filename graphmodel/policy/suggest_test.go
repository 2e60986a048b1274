package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
)

// Law: Distance is that of Levenshtein's table, filled in whole, up to the limit.
func TestDistance(t *testing.T) {
	t.Parallel()
	whole := func(a, b string) int {
		row := make([]int, len(b)+1)
		for j := range row {
			row[j] = j
		}
		for i := range len(a) {
			next := []int{i + 1}
			for j := range len(b) {
				cost := row[j]
				if a[i] != b[j] {
					cost = 1 + min(row[j], row[j+1], next[j])
				}
				next = append(next, cost)
			}
			row = next
		}
		return row[len(b)]
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[abc]{0,9}`).Draw(t, "a"), rapid.StringMatching(`([abc]{0,9}|[ab]{70,75})`).Draw(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = a[len(a)/3:] + b[:min(len(b), 2)]
		}
		limit := rapid.IntRange(1, 6).Draw(t, "limit")
		if got, want := policy.Distance(a, b, limit), min(whole(a, b), limit); got != want {
			t.Fatalf("from %q to %q, below %d: %d, want %d", a, b, limit, got, want)
		}
	})
}
