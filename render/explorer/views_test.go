package explorer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pathfinder/collector"
	"pathfinder/render/internal/rendertest"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// acme is the whole graph of fixtures/acme.
func acme(tb testing.TB) *view.View {
	tb.Helper()
	inv, err := collector.Open("../../fixtures/acme")
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := acmeSolver(tb).Graph(solver.GraphQuery{})
	if err != nil {
		tb.Fatal(err)
	}
	facts := view.Facts{Taken: inv.Created, Accounts: map[string]string{}, Units: map[string][]view.Frame{}}
	for _, a := range inv.Accounts {
		facts.Accounts[a.ID] = a.Name
		for _, u := range a.Path() {
			facts.Units[a.ID] = append(facts.Units[a.ID], view.Frame{ID: u.ID, Kind: "unit", Label: u.Name})
		}
	}
	v, err := view.Of(answer, facts)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func acmeSolver(tb testing.TB) *solver.Solver {
	tb.Helper()
	inv, err := collector.Open("../../fixtures/acme")
	if err != nil {
		tb.Fatal(err)
	}
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// large is a graph of accounts in units: roles that become others and reach
// resources, most of them in their own account.
func large(nodes, edges int) *view.View {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	v := &view.View{Title: fmt.Sprintf("%d nodes", nodes), Complete: true}
	const units, perAccount = 12, 50
	for i := range units {
		v.Frames = append(v.Frames, view.Frame{ID: fmt.Sprint("ou-", i), Kind: "unit", Label: fmt.Sprint("Unit ", i)})
	}
	kinds := [...]string{"user", "role", "role", "role", "group", "resource", "resource", "resource", "resource", "resource"}
	for i := range nodes {
		account := fmt.Sprintf("%012d", i/perAccount+1)
		if i%perAccount == 0 {
			v.Frames = append(v.Frames, view.Frame{ID: account, Parent: fmt.Sprint("ou-", i/perAccount%units), Kind: "account", Label: fmt.Sprint("account-", i/perAccount)})
		}
		n := view.Node{Kind: kinds[i%len(kinds)], Label: fmt.Sprintf("workload-%d", i), Account: account, Frame: account}
		n.ID = fmt.Sprintf("arn:aws:iam::%s:%s/%s", account, n.Kind, n.Label)
		if n.Kind == "resource" {
			n.ID, n.Type = "arn:aws:s3:::"+n.Label, "AWS::S3::Bucket"
		}
		v.Nodes = append(v.Nodes, n)
	}
	for len(v.Edges) < edges {
		from := r.IntN(nodes)
		to := from/perAccount*perAccount + r.IntN(perAccount)
		if r.IntN(10) == 0 {
			to = r.IntN(nodes)
		}
		a, b := &v.Nodes[from], &v.Nodes[min(to, nodes-1)]
		if a.ID == b.ID || a.Kind == "resource" {
			continue
		}
		e := view.Edge{From: a.ID, To: b.ID, Count: 1, Because: []solver.StatementRef{{Policy: a.ID, Type: "identity-policy", Sid: "Work"}}}
		switch b.Kind {
		case "resource":
			e.Kind, e.Actions = "identity-grant", []string{"s3:GetObject", "s3:ListBucket", "s3:PutObject"}
		case "role":
			e.Kind = "assume-role"
		default:
			continue
		}
		if r.IntN(3) == 0 {
			e.Condition = rendertest.Condition("IpAddress", "aws:SourceIp", "10.0.0.0/8")
		}
		v.Edges = append(v.Edges, e)
	}
	return v
}

// nasty is a view with a text in every place that a text can stand in.
func nasty(text string) *view.View {
	if text == "" {
		text = " "
	}
	condition := rendertest.Condition(text, text, text)
	because := []solver.StatementRef{{Policy: text, Type: text, Sid: text}}
	other := text + "2"
	return &view.View{
		Title: text, Notes: []string{text}, Unknown: []string{text},
		Frames: []view.Frame{{ID: text, Kind: text, Label: text, External: true}, {ID: other, Parent: text, Kind: "account", Label: text}},
		Nodes: []view.Node{
			{ID: text, Kind: text, Type: text, Label: text, Account: text, Frame: other, Members: []string{text, other}, Lines: []string{text}},
			{ID: other, Kind: "role", Type: text, Label: text, Account: text, Frame: text, External: true, Cycle: true},
			{ID: text + "3", Kind: "resource", Type: text, Label: text, Account: text, Frame: text},
		},
		Edges: []view.Edge{
			{From: text, To: other, Kind: "assume-role-with-" + text, Label: text, Condition: condition, Because: because, Count: 2, Some: true},
			{From: other, To: text + "3", Kind: text, Actions: []string{text, text}, Label: text, Condition: append(condition, condition...), Because: because, Count: 1, Cut: true},
			{From: other, To: text + "3", Kind: "access", Actions: []string{text}, Condition: condition, Because: because, Count: 1},
		},
	}
}
