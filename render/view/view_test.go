package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/guard"
	"pathfinder/render/view"
	"pathfinder/solver"
)

func viewed(t *testing.T, a *solver.GraphAnswer, f view.Facts) *view.View {
	t.Helper()
	v, err := view.Of(a, f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// organization returns principals in accounts that reach resources by few kinds of
// grants, so that many behave alike.
func organization(r *rand.Rand, accounts, nodes, edges int) *solver.GraphAnswer {
	a := &solver.GraphAnswer{Title: "random", Complete: true}
	kinds := []string{"user", "role", "resource"}
	for i := range nodes {
		account := fmt.Sprintf("%012d", r.IntN(accounts))
		kind := kinds[r.IntN(3)]
		a.Nodes = append(a.Nodes, solver.GraphNode{ID: fmt.Sprintf("arn:aws:iam::%s:%s/n%d", account, kind, i), Kind: kind, Label: fmt.Sprint("n", i), Account: account, Focus: i == 0})
	}
	office := guard.Blocks{{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}}}}
	seen := map[string]bool{}
	for range edges {
		e := solver.GraphEdge{From: a.Nodes[r.IntN(nodes)].ID, To: a.Nodes[r.IntN(nodes)].ID, Kind: "access", Actions: []string{[]string{"s3:GetObject", "s3:PutObject"}[r.IntN(2)]}}
		if r.IntN(4) == 0 {
			e.Condition = office
		}
		if key := fmt.Sprint(e.From, e.To, e.Actions, len(e.Condition)); !seen[key] {
			seen[key] = true
			a.Edges = append(a.Edges, e)
		}
	}
	return a
}

// says lists every edge between single nodes that a view shows.
func says(v *view.View) map[string]bool {
	members := map[string][]string{}
	for i := range v.Nodes {
		members[v.Nodes[i].ID] = v.Nodes[i].IDs()
	}
	out := map[string]bool{}
	for i := range v.Edges {
		e := &v.Edges[i]
		for _, from := range members[e.From] {
			for _, to := range members[e.To] {
				out[fmt.Sprint(from, " ", to, " ", e.Kind, e.Actions, e.Condition, e.Some)] = true
			}
		}
	}
	return out
}

// A folded view says of single nodes just what the view says: nothing more, nothing
// less.
func TestFoldIsExact(t *testing.T) {
	t.Parallel()
	folded := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test
		v := viewed(t, organization(r, 1+r.IntN(3), 2+r.IntN(25), r.IntN(30)), view.Facts{})
		for _, least := range []int{2, 3} {
			f := v.Fold(least)
			if diff := cmp.Diff(says(v), says(f)); diff != "" {
				t.Fatalf("seed %d, groups of %d (-all +folded):\n%s", seed, least, diff)
			}
			for i := range f.Nodes {
				n := &f.Nodes[i]
				if n.Focus && n.Count() > 1 {
					t.Errorf("seed %d: what the question was about is folded", seed)
				}
				if n.Count() > 1 && n.Count() < least {
					t.Errorf("seed %d: a group of %d", seed, n.Count())
				}
			}
			folded += len(v.Nodes) - len(f.Nodes)
		}
	}
	if folded < 500 {
		t.Errorf("only %d nodes were folded", folded)
	}
}

// Whatever the size, what is drawn is small, holds what the question was about, and
// says what was done to it.
func TestFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		accounts, nodes, edges int
		notes                  []string
	}{
		{1, 10, 12, nil},
		{3, 300, 200, []string{"What reaches the same"}},
		{5, 2000, 4000, []string{"one kind in a frame", "Accounts are drawn as one"}},
		{700, 3000, 6000, []string{"Resources of a type", "one kind in a frame", "Accounts are drawn as one", "more that have fewer edges", "more arrows between these"}},
	} {
		r := rand.New(rand.NewPCG(uint64(tt.nodes), 3)) //nolint:gosec // a test
		v := viewed(t, organization(r, tt.accounts, tt.nodes, tt.edges), view.Facts{})
		before := len(v.Nodes)
		f := v.Fit()
		if len(f.Nodes) > view.MaxNodes || len(f.Edges) > view.MaxEdges {
			t.Errorf("%+v: %d nodes and %d edges are left", tt, len(f.Nodes), len(f.Edges))
		}
		if !slices.ContainsFunc(f.Nodes, func(n view.Node) bool { return n.Focus && n.Count() == 1 }) {
			t.Errorf("%+v: what the question was about is lost", tt)
		}
		if len(v.Nodes) != before || len(v.Notes) != 0 {
			t.Errorf("%+v: the view itself was changed", tt)
		}
		all := strings.Join(f.Notes, "\n")
		for _, note := range tt.notes {
			if !strings.Contains(all, note) {
				t.Errorf("%+v: no note says %q:\n%s", tt, note, all)
			}
		}
		if len(tt.notes) == 0 && len(f.Notes) > 0 {
			t.Errorf("%+v: notes\n%s", tt, all)
		}
		ids := map[string]bool{}
		for i := range f.Nodes {
			if ids[f.Nodes[i].ID] {
				t.Errorf("%+v: two nodes are %s", tt, f.Nodes[i].ID)
			}
			ids[f.Nodes[i].ID] = true
		}
		for i := range f.Edges {
			if e := &f.Edges[i]; !ids[e.From] || !ids[e.To] {
				t.Errorf("%+v: an edge from %s to %s", tt, e.From, e.To)
			}
		}
	}
}

// An arrow between groups that holds for some of their members only says so.
func TestSome(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // a test
	v := viewed(t, organization(r, 3, 1500, 3000), view.Facts{})
	f := v.Fit()
	all := says(v)
	for i := range f.Edges {
		e := &f.Edges[i]
		if e.Some {
			continue
		}
		for key := range says(&view.View{Nodes: f.Nodes, Edges: f.Edges[i : i+1]}) {
			if !all[key] {
				t.Fatalf("%s is said, and not so", key)
			}
		}
	}
}

// No arrow of a fitted view holds under fewer conditions than what it stands for.
func TestConditionsStay(t *testing.T) {
	t.Parallel()
	office := guard.Blocks{{{Operator: "Bool", Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}}}}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // a test
		a := organization(r, 2, 260, 600)
		for i := range a.Edges { // by action: reading always, writing under a condition
			if a.Edges[i].Condition = nil; a.Edges[i].Actions[0] == "s3:PutObject" {
				a.Edges[i].Condition = office
			}
		}
		f := viewed(t, a, view.Facts{}).Fit()
		for i := range f.Edges {
			if e := &f.Edges[i]; slices.Contains(e.Actions, "s3:PutObject") && (!e.Conditional() || slices.Contains(e.Actions, "s3:GetObject")) {
				t.Fatalf("seed %d: %s to %s: %v, conditional %t", seed, e.From, e.To, e.Actions, e.Conditional())
			}
		}
	}
}

// Frames nest as the organization does; units that no account is drawn of are left
// out, and so are their nodes; an account that is a node itself has no frame.
func TestFrames(t *testing.T) {
	t.Parallel()
	root, infra := view.Frame{ID: "r-1", Kind: "organization", Label: "Organization o-1"}, view.Frame{ID: "ou-1", Kind: "unit", Label: "Infra"}
	facts := view.Facts{
		Accounts: map[string]string{"111111111111": "people"},
		Units:    map[string][]view.Frame{"111111111111": {root}, "222222222222": {root, infra}, "333333333333": {root, {ID: "ou-2", Kind: "unit", Label: "Else"}}},
	}
	a := &solver.GraphAnswer{
		Nodes: []solver.GraphNode{
			{ID: "r-1", Kind: "organization", Label: "r-1"},
			{ID: "ou-1", Kind: "unit", Label: "ou-1"},
			{ID: "arn:aws:iam::111111111111:user/ana", Kind: "user", Label: "ana", Account: "111111111111"},
			{ID: "arn:aws:iam::222222222222:root", Kind: "account", Label: "tools", Account: "222222222222"},
			{ID: "arn:aws:iam::777777777777:root", Kind: "root", Label: "account 777777777777", Account: "777777777777", External: true},
		},
		Edges: []solver.GraphEdge{
			{From: "r-1", To: "ou-1", Kind: "contains"},
			{From: "arn:aws:iam::111111111111:user/ana", To: "arn:aws:s3:::elsewhere", Kind: "access"},
		},
	}
	v := viewed(t, a, facts)
	want := []view.Frame{
		root,
		{ID: "111111111111", Parent: "r-1", Kind: "account", Label: "people"},
		{ID: "ou-1", Parent: "r-1", Kind: "unit", Label: "Infra"},
		{ID: "777777777777", Kind: "account", Label: "777777777777", External: true},
	}
	if diff := cmp.Diff(want, v.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	in := map[string]string{}
	for i := range v.Nodes {
		in[v.Nodes[i].ID] = v.Nodes[i].Frame
	}
	if diff := cmp.Diff(map[string]string{
		"arn:aws:iam::111111111111:user/ana": "111111111111", "arn:aws:iam::222222222222:root": "ou-1",
		"arn:aws:iam::777777777777:root": "777777777777", "arn:aws:s3:::elsewhere": "",
	}, in); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if n := len(v.Edges); n != 1 {
		t.Errorf("%d edges are left: the frames say the others", n)
	}
}

// Roles that can become each other are marked; others are not.
func TestCycles(t *testing.T) {
	t.Parallel()
	a := &solver.GraphAnswer{Edges: []solver.GraphEdge{
		{From: "a", To: "b", Kind: "assume-role"},
		{From: "b", To: "c", Kind: "assume-role"},
		{From: "c", To: "a", Kind: "assume-role-with-saml"},
		{From: "c", To: "d", Kind: "assume-role"},
		{From: "d", To: "c", Kind: "access"},
		{From: "e", To: "e", Kind: "assume-role"},
	}}
	var marked []string
	for _, n := range viewed(t, a, view.Facts{}).Nodes {
		if n.Cycle {
			marked = append(marked, n.ID)
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, marked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The same answer gives the same view.
func TestSameView(t *testing.T) {
	t.Parallel()
	var first *view.View
	for range 2 {
		r := rand.New(rand.NewPCG(9, 9)) //nolint:gosec // a test
		v := viewed(t, organization(r, 40, 3000, 20000), view.Facts{}).Fit()
		if first == nil {
			first = v
		}
		if diff := cmp.Diff(first, v); diff != "" {
			t.Fatal(diff)
		}
	}
}
