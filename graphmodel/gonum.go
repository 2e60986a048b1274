package graphmodel

import (
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
)

// gonumNode and gonumEdge carry our ids through gonum, which joins parallel
// edges into one.
type gonumNode int64

// ID returns the node's number.
func (n gonumNode) ID() int64 { return int64(n) }

type gonumEdge struct{ from, to gonumNode }

// From returns the origin.
func (e gonumEdge) From() graph.Node { return e.from }

// To returns the end.
func (e gonumEdge) To() graph.Node { return e.to }

// ReversedEdge returns the edge the other way round.
func (e gonumEdge) ReversedEdge() graph.Edge { return gonumEdge{e.to, e.from} }

var _ graph.Directed = (*Graph)(nil)

// Node returns the node with the given number, or nil.
func (g *Graph) Node(id int64) graph.Node {
	if id < 0 || id >= int64(len(g.nodes)) {
		return nil
	}
	return gonumNode(id)
}

// Nodes returns all nodes.
func (g *Graph) Nodes() graph.Nodes {
	return iterator.NewImplicitNodes(0, len(g.nodes), func(id int) graph.Node { return gonumNode(id) })
}

// From returns the nodes that edges from id lead to, each once.
func (g *Graph) From(id int64) graph.Nodes {
	if g.Node(id) == nil {
		return graph.Empty
	}
	return distinct(g.Out(NodeID(id)), func(e Edge) NodeID { return e.To })
}

// To returns the nodes that edges to id come from, each once.
func (g *Graph) To(id int64) graph.Nodes {
	if g.Node(id) == nil {
		return graph.Empty
	}
	return distinct(g.In(NodeID(id)), func(e Edge) NodeID { return e.From })
}

func distinct(edges func(func(Edge) bool), end func(Edge) NodeID) graph.Nodes {
	var list []graph.Node
	seen := map[NodeID]bool{}
	for e := range edges {
		if n := end(e); !seen[n] {
			seen[n] = true
			list = append(list, gonumNode(n))
		}
	}
	if len(list) == 0 {
		return graph.Empty
	}
	return iterator.NewOrderedNodes(list)
}

// HasEdgeBetween reports whether an edge joins x and y either way.
func (g *Graph) HasEdgeBetween(x, y int64) bool {
	return g.HasEdgeFromTo(x, y) || g.HasEdgeFromTo(y, x)
}

// HasEdgeFromTo reports whether an edge leads from u to v.
func (g *Graph) HasEdgeFromTo(u, v int64) bool {
	if g.Node(u) == nil || g.Node(v) == nil {
		return false
	}
	for e := range g.Out(NodeID(u)) {
		if e.To == NodeID(v) {
			return true
		}
	}
	return false
}

// Edge returns the edge from u to v, or nil.
func (g *Graph) Edge(u, v int64) graph.Edge {
	if !g.HasEdgeFromTo(u, v) {
		return nil
	}
	return gonumEdge{gonumNode(u), gonumNode(v)}
}
