package view

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dominikbraun/graph"

	"pathfinder/solver"
)

// Facts say what an answer doesn't: where its accounts stand, and of when the
// snapshot is.
type Facts struct {
	Taken    time.Time
	Accounts map[string]string  // names of accounts by id
	Units    map[string][]Frame // the organizational units around an account by its id, the outermost first
}

// Of shows all of an answer.
func Of(a *solver.GraphAnswer, f Facts) (*View, error) {
	v := &View{Title: a.Title, Taken: f.Taken, Complete: a.Complete, Notes: append([]string{}, a.Notes...), Unknown: []string{}, Frames: []Frame{}, Nodes: []Node{}, Edges: []Edge{}}
	for _, g := range a.Unknown {
		v.Unknown = append(v.Unknown, g.What+": "+g.Why)
	}
	taken := make(map[string]bool, len(a.Nodes))
	add := func(n Node) {
		if !taken[n.ID] {
			taken[n.ID] = true
			v.Nodes = append(v.Nodes, n)
		}
	}
	for i := range a.Nodes {
		n := &a.Nodes[i]
		add(Node{ID: n.ID, Kind: n.Kind, Type: n.Type, Label: n.Label, Account: n.Account, Frame: n.Account, Lines: n.Lines, Denies: n.Denies, External: n.External, Focus: n.Focus})
	}
	for i := range a.Edges {
		e := &a.Edges[i]
		add(Node{ID: e.From, Kind: "unknown", Label: e.From})
		add(Node{ID: e.To, Kind: "unknown", Label: e.To})
		v.Edges = append(v.Edges, Edge{
			From: e.From, To: e.To, Kind: e.Kind, Actions: e.Actions, Label: e.Label, Condition: e.Condition, Because: e.Because,
			Open: e.Open, Weight: e.Weight, Cut: e.Cut, Count: 1,
		})
	}
	if len(f.Units) > 0 {
		v.dropUnits()
	}
	v.frame(f)
	if err := v.markCycles(); err != nil {
		return nil, fmt.Errorf("cycles of the graph: %w", err)
	}
	return v, nil
}

// dropUnits leaves out nodes of organizational units, which are frames.
func (v *View) dropUnits() {
	gone := map[string]bool{}
	v.Nodes = slices.DeleteFunc(v.Nodes, func(n Node) bool {
		gone[n.ID] = !n.Focus && (n.Kind == "unit" || n.Kind == "organization")
		return gone[n.ID]
	})
	v.Edges = slices.DeleteFunc(v.Edges, func(e Edge) bool { return gone[e.From] || gone[e.To] })
}

// frame makes the frames that nodes stand in, by the names of the accounts, and
// drops the edges that only say so.
func (v *View) frame(f Facts) {
	inside := map[string]bool{} // account → some node of it is in the snapshot
	filled := map[string]bool{} // account → something but itself stands in it
	for i := range v.Nodes {
		if n := &v.Nodes[i]; n.Account != "" {
			inside[n.Account] = inside[n.Account] || !n.External
			filled[n.Account] = filled[n.Account] || n.Kind != "account"
		}
	}
	made := map[string]bool{}
	within := map[string]string{} // account → the unit it is in
	for _, id := range slices.Sorted(maps.Keys(inside)) {
		parent := ""
		for _, unit := range f.Units[id] {
			if unit.ID == "" {
				continue // there is nothing to tell it from no frame
			}
			if !made[unit.ID] {
				made[unit.ID] = true
				unit.Parent = parent
				v.Frames = append(v.Frames, unit)
			}
			parent = unit.ID
		}
		if within[id] = parent; filled[id] {
			v.Frames = append(v.Frames, Frame{ID: id, Parent: parent, Kind: "account", Label: cmp.Or(f.Accounts[id], id), External: !inside[id]})
		}
	}
	for i := range v.Nodes {
		if n := &v.Nodes[i]; n.Frame != "" && !filled[n.Account] {
			n.Frame = within[n.Account]
		}
	}
	at := v.index()
	v.Edges = slices.DeleteFunc(v.Edges, func(e Edge) bool {
		from, to := &v.Nodes[at[e.From]], &v.Nodes[at[e.To]]
		return e.Kind == "contains" && to.Account != "" && (from.Kind == "root" || from.Kind == "account") && from.Account == to.Account
	})
}

// index tells where each node stands.
func (v *View) index() map[string]int {
	at := make(map[string]int, len(v.Nodes))
	for i := range v.Nodes {
		at[v.Nodes[i].ID] = i
	}
	return at
}

// IsAssume reports whether an edge of this kind turns one principal into
// another.
func IsAssume(kind string) bool { return strings.HasPrefix(kind, "assume") }

// markCycles finds the nodes that can become each other.
func (v *View) markCycles() error {
	becomes := graph.New(graph.StringHash, graph.Directed())
	for i := range v.Nodes {
		if err := becomes.AddVertex(v.Nodes[i].ID); err != nil {
			return err
		}
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		if !IsAssume(e.Kind) || e.From == e.To {
			continue
		}
		// Parallel edges say nothing new.
		if err := becomes.AddEdge(e.From, e.To); err != nil && !errors.Is(err, graph.ErrEdgeAlreadyExists) {
			return err
		}
	}
	components, err := graph.StronglyConnectedComponents(becomes)
	if err != nil {
		return err
	}
	at := v.index()
	for _, ids := range components {
		for _, id := range ids {
			v.Nodes[at[id]].Cycle = len(ids) > 1
		}
	}
	return nil
}
