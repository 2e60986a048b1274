package graphmodel_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel"
)

// Law: a look-up finds exactly the grants and trust that the graph draws, from
// both ends.
func TestLookupEqualsGraph(t *testing.T) {
	t.Parallel()
	inv := smallOrg(t)
	g, err := graphmodel.Build(inv)
	if err != nil {
		t.Fatal(err)
	}
	l := graphmodel.NewLookup(inv)
	distinct := func(list []string) []string {
		slices.Sort(list)
		return slices.Compact(list)
	}
	edges := 0
	for id := range graphmodel.NodeID(g.NumNodes()) { //nolint:gosec // few
		name := g.At(id).Name
		for _, kind := range []graphmodel.EdgeKind{graphmodel.AssumeRole, graphmodel.ResourceGrant, graphmodel.Contains} {
			var want, got []string
			for e := range g.In(id) {
				if e.Label.Kind == kind && kind != graphmodel.Contains {
					n := g.At(e.From)
					want = append(want, n.Kind.String()+" "+n.Name)
				}
			}
			for n := range l.In(name, kind) {
				got = append(got, n.Kind.String()+" "+n.Name)
			}
			edges += len(got)
			if got, want := distinct(got), distinct(want); !slices.Equal(got, want) {
				t.Errorf("%s into %s: got %q, want %q", kind, name, got, want)
			}
		}
		var want, got []string
		for e := range g.Out(id) {
			if e.Label.Kind == graphmodel.AssumeRole || e.Label.Kind == graphmodel.ResourceGrant {
				want = append(want, e.Label.Kind.String()+" "+g.At(e.To).Name)
			}
		}
		for _, r := range l.Trusting(name) {
			got = append(got, "assume-role "+r.ARN)
		}
		for _, r := range l.Granting(name) {
			got = append(got, "resource-grant "+r.ARN)
		}
		if want := distinct(want); !slices.Equal(distinct(slices.Clone(got)), want) || len(got) != len(want) {
			t.Errorf("out of %s: got %q, want %q", name, got, want)
		}
	}
	if edges < 8 {
		t.Errorf("only %d entries were compared", edges)
	}
}
