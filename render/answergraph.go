package render

import (
	"errors"
	"fmt"
	"slices"

	"github.com/dominikbraun/graph"

	"pathfinder/solver"
)

// An answerGraph is a graph answer made ready for drawing: every edge has its
// ends, the names of nodes are clean and unique, and roles that can become each
// other are known. This file alone knows the graph library.
type answerGraph struct {
	vertices []*vertex
	edges    []*drawnEdge
	byID     map[string]*vertex
	taken    map[string]bool // names
}

// A vertex is a node with the name it has in DOT.
type vertex struct {
	solver.GraphNode
	name  string
	cycle bool // it can become another node, and that node this one
}

// A drawnEdge is an edge between vertices.
type drawnEdge struct {
	*solver.GraphEdge
	from, to *vertex
}

// newAnswerGraph builds the graph of an answer.
func newAnswerGraph(a *solver.GraphAnswer) (*answerGraph, error) {
	g := &answerGraph{byID: make(map[string]*vertex, len(a.Nodes)), taken: make(map[string]bool, len(a.Nodes))}
	for _, n := range a.Nodes {
		g.add(n)
	}
	for i := range a.Edges {
		e := &a.Edges[i]
		g.add(solver.GraphNode{ID: e.From, Kind: "unknown", Label: e.From})
		g.add(solver.GraphNode{ID: e.To, Kind: "unknown", Label: e.To})
		g.edges = append(g.edges, &drawnEdge{GraphEdge: e, from: g.byID[e.From], to: g.byID[e.To]})
	}
	if err := g.markCycles(); err != nil {
		return nil, fmt.Errorf("cycles of the graph: %w", err)
	}
	return g, nil
}

// add adds a node, unless one has its id.
func (g *answerGraph) add(n solver.GraphNode) {
	if g.byID[n.ID] != nil {
		return
	}
	v := &vertex{GraphNode: n, name: Clean(n.ID)}
	for i := 2; g.taken[v.name]; i++ {
		v.name = fmt.Sprintf("%s (%d)", Clean(n.ID), i)
	}
	g.taken[v.name] = true
	g.byID[n.ID] = v
	g.vertices = append(g.vertices, v)
}

// markCycles finds the nodes that can become each other.
func (g *answerGraph) markCycles() error {
	becomes := graph.New(func(v *vertex) string { return v.name }, graph.Directed())
	for _, v := range g.vertices {
		if err := becomes.AddVertex(v); err != nil {
			return err
		}
	}
	for _, e := range g.edges {
		if !isAssume(e.Kind) {
			continue
		}
		// Parallel edges say nothing new.
		if err := becomes.AddEdge(e.from.name, e.to.name); err != nil && !errors.Is(err, graph.ErrEdgeAlreadyExists) {
			return err
		}
	}
	components, err := graph.StronglyConnectedComponents(becomes)
	if err != nil {
		return err
	}
	for _, names := range components {
		for _, name := range names {
			v, err := becomes.Vertex(name)
			if err != nil {
				return err
			}
			v.cycle = len(names) > 1
		}
	}
	return nil
}

// accounts lists the ids of accounts that nodes stand in, sorted.
func (g *answerGraph) accounts() []string {
	var ids []string
	for _, v := range g.vertices {
		if v.Account != "" {
			ids = append(ids, v.Account)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
