package graphmodel

import (
	"iter"

	"pathfinder/graphmodel/policy"
)

// A NodeID numbers the nodes of one graph from 0.
type NodeID uint32

// NodeKind says what a node is.
type NodeKind uint8

// The kinds of nodes.
const (
	NodeInvalid NodeKind = iota
	Organization
	Unit // the root of an organization, or an OU
	Account
	User
	Group
	Role
	Provider // an OIDC or SAML provider
	Service  // an AWS service
	Public   // everybody
	Resource
)

var nodeKinds = [...]string{
	NodeInvalid: "invalid", Organization: "organization", Unit: "unit", Account: "account", User: "user",
	Group: "group", Role: "role", Provider: "provider", Service: "service", Public: "public", Resource: "resource",
}

// String names the kind in lower case.
func (k NodeKind) String() string { return nodeKinds[k] }

// A Node is a place where access can stand.
type Node struct {
	Kind NodeKind
	// Name is the ARN; of an account its 12 digits, of a service its host
	// name, of the public "*".
	Name string
	// External says that the snapshot does not hold it: a policy names it.
	External bool
}

// EdgeKind says what an edge means.
type EdgeKind uint8

// The kinds of edges.
const (
	EdgeInvalid   EdgeKind = iota
	Contains               // organization → unit → account → principal or resource
	MemberOf               // user → group
	IdentityGrant          // principal or group → its account: an Allow of an identity policy
	ResourceGrant          // whoever an Allow on the resource names → resource
	AssumeRole             // whoever a trust policy names → role
)

var edgeKinds = [...]string{
	EdgeInvalid: "invalid", Contains: "contains", MemberOf: "member-of", IdentityGrant: "identity-grant",
	ResourceGrant: "resource-grant", AssumeRole: "assume-role",
}

// String names the kind as answers do, such as "assume-role".
func (k EdgeKind) String() string { return edgeKinds[k] }

// A ReasonID numbers the reasons of one graph; 0 is no reason.
type ReasonID uint32

// A Reason is the statement behind an edge, or a grant of another kind.
type Reason struct {
	Policy    string // as answers name it
	Statement *policy.Statement
	Note      string // what it is when it is no statement: "ACL READ"
}

// A Label is everything an edge says apart from its two ends.
type Label struct {
	Kind EdgeKind
	Why  ReasonID
}

// An Edge is one step. Edges are values: compare them with ==.
type Edge struct {
	From, To NodeID
	Label    Label
}

// A Graph is an access graph.
type Graph struct {
	nodes   []Node
	byName  map[string]NodeID
	reasons []Reason

	// Compressed rows: the edges that leave node n are
	// out[outOff[n]:outOff[n+1]], and those that enter it are
	// out[in[inOff[n]:inOff[n+1]]].
	out    []Edge
	outOff []uint32
	in     []uint32
	inOff  []uint32
}

// NumNodes returns the number of nodes.
func (g *Graph) NumNodes() int { return len(g.nodes) }

// NumEdges returns the number of edges.
func (g *Graph) NumEdges() int { return len(g.out) }

// At returns a node.
func (g *Graph) At(id NodeID) Node { return g.nodes[id] }

// Find returns the node of this name.
func (g *Graph) Find(name string) (NodeID, bool) {
	id, ok := g.byName[name]
	return id, ok
}

// Reason returns why an edge is there.
func (g *Graph) Reason(id ReasonID) Reason { return g.reasons[id] }

// Out yields the edges leaving n in the order they were added. It does not
// allocate.
func (g *Graph) Out(n NodeID) iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		for _, e := range g.out[g.outOff[n]:g.outOff[n+1]] {
			if !yield(e) {
				return
			}
		}
	}
}

// In yields the edges entering n, by their origin. It does not allocate.
func (g *Graph) In(n NodeID) iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		for _, i := range g.in[g.inOff[n]:g.inOff[n+1]] {
			if !yield(g.out[i]) {
				return
			}
		}
	}
}

// A Builder gathers nodes and edges. The zero Builder is empty.
type Builder struct {
	nodes   []Node
	byName  map[string]NodeID
	reasons []Reason
	edges   []Edge
}

// Node returns the node of this name, which it adds when it is new. A node
// that a policy named before it was known loses its External mark.
func (b *Builder) Node(n Node) NodeID {
	if b.byName == nil {
		b.byName = make(map[string]NodeID)
	}
	if id, ok := b.byName[n.Name]; ok {
		if !n.External {
			b.nodes[id].External = false
		}
		return id
	}
	id := NodeID(len(b.nodes)) //nolint:gosec // memory ends long before 2³² nodes
	b.nodes = append(b.nodes, n)
	b.byName[n.Name] = id
	return id
}

// Reason adds a reason.
func (b *Builder) Reason(r Reason) ReasonID {
	if len(b.reasons) == 0 {
		b.reasons = append(b.reasons, Reason{})
	}
	b.reasons = append(b.reasons, r)
	return ReasonID(len(b.reasons) - 1) //nolint:gosec // as for nodes
}

// Edge adds an edge between nodes that [Builder.Node] returned.
func (b *Builder) Edge(from, to NodeID, l Label) {
	b.edges = append(b.edges, Edge{From: from, To: to, Label: l})
}

// Graph packs what was added. Time and memory O(nodes + edges).
func (b *Builder) Graph() *Graph {
	g := &Graph{nodes: b.nodes, byName: b.byName, reasons: b.reasons}
	if len(g.reasons) == 0 {
		g.reasons = []Reason{{}}
	}
	n := len(b.nodes)
	g.outOff, g.inOff = make([]uint32, n+1), make([]uint32, n+1)
	for _, e := range b.edges {
		g.outOff[e.From+1]++
		g.inOff[e.To+1]++
	}
	for i := range n {
		g.outOff[i+1] += g.outOff[i]
		g.inOff[i+1] += g.inOff[i]
	}
	g.out, g.in = make([]Edge, len(b.edges)), make([]uint32, len(b.edges))
	next := append([]uint32(nil), g.outOff...)
	for _, e := range b.edges {
		g.out[next[e.From]] = e
		next[e.From]++
	}
	copy(next, g.inOff)
	for i, e := range g.out {
		g.in[next[e.To]] = uint32(i) //nolint:gosec // as for nodes
		next[e.To]++
	}
	return g
}
