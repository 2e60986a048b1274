package graphmodel_test

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"pathfinder/graphmodel"
)

func names(g *graphmodel.Graph, nodes graph.Nodes) []string {
	out := []string{}
	for nodes.Next() {
		out = append(out, g.At(graphmodel.NodeID(nodes.Node().ID())).Name)
	}
	return out
}

func TestGraphKeepsParallelEdgesAndTheirReasons(t *testing.T) {
	t.Parallel()
	var b graphmodel.Builder
	u := b.Node(graphmodel.Node{Kind: graphmodel.User, Name: "ann"})
	r := b.Node(graphmodel.Node{Kind: graphmodel.Role, Name: "app"})
	one, two := b.Reason(graphmodel.Reason{Policy: "trust", Note: "one"}), b.Reason(graphmodel.Reason{Policy: "trust", Note: "two"})
	for _, why := range []graphmodel.ReasonID{one, two} {
		b.Edge(u, r, graphmodel.Label{Kind: graphmodel.AssumeRole, Why: why})
	}
	g := b.Graph()

	var notes []string
	for e := range g.Out(u) {
		notes = append(notes, g.Reason(e.Label.Why).Note)
	}
	if want := []string{"one", "two"}; !slices.Equal(notes, want) {
		t.Errorf("reasons of the edges that leave ann: got %q, want %q", notes, want)
	}
	in := 0
	for e := range g.In(r) {
		if in++; e.From != u {
			t.Errorf("edge %+v enters app, but not from ann", e)
		}
	}
	if in != 2 {
		t.Errorf("%d edges enter app, want 2", in)
	}
	if got := names(g, g.From(int64(u))); !slices.Equal(got, []string{"app"}) {
		t.Errorf("gonum sees %q behind ann, want app once", got)
	}
}

func TestNodeIsExternalUntilTheSnapshotHoldsIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		order []bool // External, in order of adding
		want  bool
	}{
		{"only named by a policy", []bool{true, true}, true},
		{"named, then found", []bool{true, false}, false},
		{"found, then named", []bool{false, true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b graphmodel.Builder
			for _, ext := range tt.order {
				b.Node(graphmodel.Node{Kind: graphmodel.Account, Name: "111111111111", External: ext})
			}
			g := b.Graph()
			id, ok := g.Find("111111111111")
			if !ok || g.NumNodes() != 1 || g.At(id).External != tt.want {
				t.Errorf("found %t, %d nodes, external %t; want one node, external %t", ok, g.NumNodes(), g.At(id).External, tt.want)
			}
		})
	}
}

// Law: the packed rows hold exactly the edges that were added, seen from both
// ends, and gonum's view agrees with them.
func TestPackedRowsHoldTheEdges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "nodes")
		var b graphmodel.Builder
		for i := range n {
			b.Node(graphmodel.Node{Kind: graphmodel.Role, Name: string(rune('a' + i))})
		}
		type pair struct{ from, to graphmodel.NodeID }
		count := map[pair]int{}
		for range rapid.IntRange(0, 20).Draw(t, "edges") {
			p := pair{graphmodel.NodeID(rapid.IntRange(0, n-1).Draw(t, "from")), graphmodel.NodeID(rapid.IntRange(0, n-1).Draw(t, "to"))}
			count[p]++
			b.Edge(p.from, p.to, graphmodel.Label{Kind: graphmodel.AssumeRole})
		}
		g := b.Graph()
		out, in := map[pair]int{}, map[pair]int{}
		for id := range graphmodel.NodeID(n) {
			for e := range g.Out(id) {
				out[pair{e.From, e.To}]++
			}
			for e := range g.In(id) {
				in[pair{e.From, e.To}]++
			}
		}
		for x := range graphmodel.NodeID(n) {
			for y := range graphmodel.NodeID(n) {
				p := pair{x, y}
				if out[p] != count[p] || in[p] != count[p] {
					t.Fatalf("%v: added %d times, %d in Out, %d in In", p, count[p], out[p], in[p])
				}
				if g.HasEdgeFromTo(int64(x), int64(y)) != (count[p] > 0) || (g.Edge(int64(x), int64(y)) != nil) != (count[p] > 0) {
					t.Fatalf("%v: gonum's view differs, added %d times", p, count[p])
				}
			}
		}
	})
}

// Gonum's algorithms run on the graph as it is: two roles that trust each other
// are one component.
func TestTarjanFindsRolesThatTrustEachOther(t *testing.T) {
	t.Parallel()
	var b graphmodel.Builder
	r1 := b.Node(graphmodel.Node{Kind: graphmodel.Role, Name: "r1"})
	r2 := b.Node(graphmodel.Node{Kind: graphmodel.Role, Name: "r2"})
	r3 := b.Node(graphmodel.Node{Kind: graphmodel.Role, Name: "r3"})
	for _, e := range [][2]graphmodel.NodeID{{r1, r2}, {r2, r1}, {r2, r3}} {
		b.Edge(e[0], e[1], graphmodel.Label{Kind: graphmodel.AssumeRole})
	}
	var sizes []int
	for _, c := range topo.TarjanSCC(b.Graph()) {
		sizes = append(sizes, len(c))
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []int{1, 2}) {
		t.Errorf("components of sizes %v, want 1 and 2", sizes)
	}
}

func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	var b graphmodel.Builder
	b.Node(graphmodel.Node{Kind: graphmodel.User, Name: "ann"})
	g := b.Graph()
	if g.Node(7) != nil || g.Node(-1) != nil || g.Edge(0, 7) != nil || g.HasEdgeBetween(7, 0) {
		t.Error("a node that is not there was found")
	}
	if g.From(7).Len() != 0 || g.To(7).Len() != 0 {
		t.Error("a node that is not there has neighbours")
	}
	if _, ok := g.Find("bob"); ok {
		t.Error("a name that is not there was found")
	}
}
