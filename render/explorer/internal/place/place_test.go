package place_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/render/explorer/internal/place"
	"pathfinder/render/view"
)

// random is a view of any shape: units in units, frames that are not there or
// come twice, edges to nowhere.
func random(seed uint64) *view.View {
	r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // a test
	v := &view.View{}
	frames := r.IntN(12)
	for i := range frames {
		f := view.Frame{ID: fmt.Sprint("f", i), Kind: "account"}
		if i > 0 && r.IntN(2) == 0 {
			f.Parent = fmt.Sprint("f", r.IntN(i))
		}
		if r.IntN(10) == 0 {
			f.Parent = fmt.Sprint("f", i+r.IntN(3))
		}
		v.Frames = append(v.Frames, f)
	}
	kinds := []string{"user", "role", "resource", "service", "unknown"}
	nodes := r.IntN(120)
	for i := range nodes {
		v.Nodes = append(v.Nodes, view.Node{ID: fmt.Sprint("n", i), Kind: kinds[r.IntN(len(kinds))], Frame: fmt.Sprint("f", r.IntN(frames+2))})
	}
	for range r.IntN(3*nodes + 1) {
		v.Edges = append(v.Edges, view.Edge{From: fmt.Sprint("n", r.IntN(nodes)), To: fmt.Sprint("n", r.IntN(nodes+2))})
	}
	return v
}

// Law: no two nodes share a cell, nodes lie in their frames and in no others,
// frames lie in their parents and beside all others, and the same view gives the
// same layout.
func TestLayout(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		v := random(seed)
		got := place.Of(v)
		if diff := cmp.Diff(got, place.Of(v)); diff != "" {
			t.Fatalf("seed %d: the same view gives another layout:\n%s", seed, diff)
		}
		cells := make([]place.Rect, len(v.Nodes))
		for i, p := range got.Nodes {
			cells[i] = place.Rect{X: p.X - place.Left, Y: p.Y - place.Top, W: place.CellW, H: place.CellH}
			for j := range i {
				if overlap(cells[i], cells[j]) {
					t.Fatalf("seed %d: nodes %d and %d overlap: %v and %v", seed, j, i, cells[j], cells[i])
				}
			}
		}
		index := map[string]int{}
		parent := make([]int, len(v.Frames))
		for i, f := range v.Frames {
			parent[i] = -1
			if p, ok := index[f.Parent]; ok {
				parent[i] = p
			}
			index[f.ID] = i
		}
		within := func(f, in int) bool {
			for ; f >= 0; f = parent[f] {
				if f == in {
					return true
				}
			}
			return false
		}
		for f, area := range got.Frames {
			for g := range f {
				switch {
				case area.W == 0 || got.Frames[g].W == 0:
				case within(f, g):
					if !inside(area, got.Frames[g]) {
						t.Errorf("seed %d: frame %d sticks out of %d", seed, f, g)
					}
				case overlap(area, got.Frames[g]):
					t.Errorf("seed %d: frames %d and %d overlap", seed, f, g)
				}
			}
			for i, n := range v.Nodes {
				own, framed := index[n.Frame]
				if framed && within(own, f) {
					if !inside(cells[i], area) {
						t.Errorf("seed %d: node %d sticks out of frame %d: %v, %v", seed, i, f, cells[i], area)
					}
				} else if area.W > 0 && overlap(cells[i], area) {
					t.Errorf("seed %d: node %d lies in frame %d", seed, i, f)
				}
			}
		}
	}
}

func overlap(a, b place.Rect) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

func inside(a, b place.Rect) bool {
	return a.X >= b.X && a.Y >= b.Y && a.X+a.W <= b.X+b.W && a.Y+a.H <= b.Y+b.H
}

// Who acts stands left of what is reached in the same frame.
func TestReadsFromLeftToRight(t *testing.T) {
	t.Parallel()
	v := &view.View{
		Frames: []view.Frame{{ID: "a", Kind: "account"}},
		Nodes:  []view.Node{{ID: "bucket", Kind: "resource", Frame: "a"}, {ID: "ana", Kind: "user", Frame: "a"}, {ID: "lambda", Kind: "service"}},
	}
	at := place.Of(v).Nodes
	if at[2].X >= at[1].X || at[1].X >= at[0].X {
		t.Errorf("from left to right they should be the service, the user and the bucket: %v", at)
	}
}

// An order by neighbours makes edges short: rows of a frame follow those of the
// other end.
func TestNeighboursAreNear(t *testing.T) {
	t.Parallel()
	v := &view.View{Frames: []view.Frame{{ID: "a", Kind: "account"}}}
	const n = 6
	for i := range n {
		v.Nodes = append(v.Nodes, view.Node{ID: fmt.Sprint("u", i), Kind: "user", Frame: "a"})
	}
	for i := range n {
		v.Nodes = append(v.Nodes, view.Node{ID: fmt.Sprint("r", i), Kind: "resource", Frame: "a"})
		v.Edges = append(v.Edges, view.Edge{From: fmt.Sprint("u", n-1-i), To: fmt.Sprint("r", i)})
	}
	at := place.Of(v).Nodes
	for i := range n {
		if u, r := at[n-1-i], at[n+i]; u.Y != r.Y {
			t.Errorf("user %d stands at %v, its resource at %v", n-1-i, u, r)
		}
	}
}
