package solver

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Law: what the closure says a node reaches is what a walk from it finds (E234).
func TestClosureLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		principals := rapid.Uint32Range(1, 12).Draw(t, "principals")
		nodes := principals + rapid.Uint32Range(0, 8).Draw(t, "groups")
		var arcs []arc
		for range rapid.IntRange(0, 40).Draw(t, "arcs") {
			arcs = append(arcs, arc{rapid.Uint32Range(0, nodes-1).Draw(t, "from"), rapid.Uint32Range(0, nodes-1).Draw(t, "to")})
		}
		r := newRows(principals, nodes, arcs)
		c := closeRows(r)
		for n := range principals {
			seen := map[uint32]bool{}
			queue := slices.Clone(r.of(n))
			for len(queue) > 0 {
				at := queue[0]
				queue = queue[1:]
				if !seen[at] {
					seen[at] = true
					queue = append(queue, r.of(at)...)
				}
			}
			var want []uint32
			for m := range principals {
				if seen[m] {
					want = append(want, m)
				}
			}
			if got := c.of(n); !slices.Equal(got, want) {
				t.Fatalf("from %d of %v: got %v, want %v", n, arcs, got, want)
			}
		}
	})
}
