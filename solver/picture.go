package solver

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/traverse"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// GraphQuery says which part of the access graph is wanted.
type GraphQuery struct {
	Around string // an ARN, account id, or unique name; "" for everything
	Hops   int    // how many steps around it, in either direction
}

// Graph returns the access graph, or the part around one node: what belongs
// to what, who may assume which role, and which statements grant what. Assume
// edges are decided; grants are as written, one edge for each pair of nodes.
func (s *Solver) Graph(q GraphQuery) (*GraphAnswer, error) {
	if _, err := s.graph(); err != nil {
		return nil, err
	}
	b := s.drawing("Access graph")
	b.asWritten = true
	keep := func(graphmodel.NodeID) bool { return true }
	if q.Around != "" {
		id, err := s.findNode(q.Around)
		if err != nil {
			return nil, err
		}
		near := s.near(id, q.Hops)
		keep = func(n graphmodel.NodeID) bool { return near[n] }
		b.focus = s.nodeName(id)
		b.ans.Title = "Access around " + s.whole().At(id).Name
	}
	for id := range graphmodel.NodeID(s.whole().NumNodes()) {
		if keep(id) {
			b.node(s.nodeName(id))
			for e := range s.whole().Out(id) {
				if keep(e.To) {
					s.drawEdge(b, e)
				}
			}
		}
	}
	f := s.finder()
	return b.finish(f.gaps()), nil
}

// whole returns the access graph.
func (s *Solver) whole() *graphmodel.Graph {
	g, _ := s.graph() // the error is a bug of ours, and Graph tells of it
	return g
}

// drawEdge adds one edge of the graph to a drawing.
func (s *Solver) drawEdge(b *drawing, e graphmodel.Edge) {
	from, to := s.nodeName(e.From), s.nodeName(e.To)
	edge := GraphEdge{From: from, To: to, Kind: e.Label.Kind.String()}
	switch e.Label.Kind {
	case graphmodel.AssumeRole:
		role := s.inv.Principal(s.whole().At(e.To).Name)
		for _, h := range s.edges.callersOf(role) {
			if h.from.caller.ARN == from || s.whole().At(e.From).Kind == graphmodel.Account && h.from.caller.Account == s.whole().At(e.From).Name {
				b.edge(GraphEdge{From: h.from.caller.ARN, To: to, Kind: h.kind, Condition: h.guard, Because: h.because})
			}
		}
		return
	case graphmodel.IdentityGrant, graphmodel.ResourceGrant:
		why := s.whole().Reason(e.Label.Why)
		if why.Statement == nil {
			edge.Label = why.Note
			break
		}
		hangs := policy.Identity
		if e.Label.Kind == graphmodel.ResourceGrant {
			hangs = policy.Resource
		}
		edge.Because = []StatementRef{{
			Policy: why.Policy, Type: hangs.String(), Statement: why.Statement.Index, Sid: why.Statement.Sid, stmt: why.Statement,
		}}
		for _, a := range why.Statement.Actions {
			text := a.Text
			if why.Statement.NotAction {
				text = "not " + text
			}
			edge.Actions = append(edge.Actions, text)
		}
		g := guard.True
		for i := range why.Statement.Conditions {
			g = guard.And(g, guard.Atom(why.Statement.Conditions[i]))
		}
		edge.Condition, _, _ = g.Blocks()
	case graphmodel.Contains, graphmodel.MemberOf, graphmodel.EdgeInvalid:
	}
	b.edge(edge)
}

// nodeName returns the name a node has in answers: accounts by their root ARN.
func (s *Solver) nodeName(id graphmodel.NodeID) string {
	n := s.whole().At(id)
	if n.Kind != graphmodel.Account {
		return n.Name
	}
	if a := s.inv.Account(n.Name); a != nil {
		return a.RootARN()
	}
	return "arn:" + s.partition() + ":iam::" + n.Name + ":root"
}

func (s *Solver) findNode(text string) (graphmodel.NodeID, error) {
	if id, ok := s.whole().Find(text); ok {
		return id, nil
	}
	if strings.HasSuffix(text, ":root") {
		if id, ok := s.whole().Find(arn.Account(text)); ok {
			return id, nil
		}
	}
	if a, err := s.resolvePrincipal(text); err == nil {
		if id, ok := s.whole().Find(a.caller.ARN); ok {
			return id, nil
		}
	}
	list, err := s.resolve(text)
	if err != nil {
		return 0, err
	}
	if id, ok := s.whole().Find(list[0]); ok && len(list) == 1 {
		return id, nil
	}
	return 0, questionErr("%q is no node of the access graph", text)
}

// undirected lets gonum walk the graph both ways.
type undirected struct{ *graphmodel.Graph }

// From returns the neighbours of a node, whichever way the edges lead.
func (u undirected) From(id int64) graph.Nodes {
	return &neighbours{lists: []graph.Nodes{u.Graph.From(id), u.To(id)}}
}

// Edge returns an edge between two neighbours, from x to y.
func (u undirected) Edge(x, y int64) graph.Edge {
	if e := u.Graph.Edge(x, y); e != nil {
		return e
	}
	if e := u.Graph.Edge(y, x); e != nil {
		return e.ReversedEdge()
	}
	return nil
}

// neighbours is one list after the other.
type neighbours struct{ lists []graph.Nodes }

// Next advances.
func (n *neighbours) Next() bool {
	for len(n.lists) > 0 {
		if n.lists[0].Next() {
			return true
		}
		n.lists = n.lists[1:]
	}
	return false
}

// Len returns how many nodes are left.
func (n *neighbours) Len() (sum int) {
	for _, l := range n.lists {
		sum += l.Len()
	}
	return sum
}

// Reset starts again.
func (n *neighbours) Reset() {
	for _, l := range n.lists {
		l.Reset()
	}
}

// Node returns the current node.
func (n *neighbours) Node() graph.Node { return n.lists[0].Node() }

// near returns the nodes within some steps of id.
func (s *Solver) near(id graphmodel.NodeID, hops int) map[graphmodel.NodeID]bool {
	found := map[graphmodel.NodeID]bool{id: true}
	bfs := traverse.BreadthFirst{Traverse: func(e graph.Edge) bool { return s.leads(e, id) }}
	bfs.Walk(undirected{s.whole()}, s.whole().Node(int64(id)), func(n graph.Node, depth int) bool {
		if depth > hops {
			return true
		}
		found[graphmodel.NodeID(n.ID())] = true //nolint:gosec // ids are ours
		return false
	})
	return found
}

// leads reports whether a walk around a node may take e: never down into
// everything that an account contains, but up from a resource to the account
// that owns it, and never on from the public or a service, which are near
// everything.
func (s *Solver) leads(e graph.Edge, start graphmodel.NodeID) bool {
	from, to := graphmodel.NodeID(e.From().ID()), graphmodel.NodeID(e.To().ID()) //nolint:gosec // ids are ours
	if k := s.whole().At(from).Kind; from != start && (k == graphmodel.Public || k == graphmodel.Service) {
		return false
	}
	for x := range s.whole().Out(from) {
		if x.To == to && x.Label.Kind != graphmodel.Contains {
			return true
		}
	}
	for x := range s.whole().Out(to) {
		if x.To == from && (x.Label.Kind != graphmodel.Contains || s.whole().At(from).Kind == graphmodel.Resource) {
			return true
		}
	}
	return false
}

// Picture returns the graph of an answer: only the nodes on the paths, an edge
// for every hop, and one from each principal that reaches the resource itself.
func (s *Solver) Picture(title string, access []Access, public *PublicAccess, focus string) *GraphAnswer {
	b := s.drawing(title)
	b.focus = focus
	for i := range access {
		a := &access[i]
		for k := range a.Path {
			b.node(a.Path[k].Principal)
			if k > 0 {
				b.edge(GraphEdge{
					From: a.Path[k-1].Principal, To: a.Path[k].Principal, Kind: a.Path[k].Kind,
					Condition: a.Path[k].Condition, Because: a.Path[k].Because,
				})
			}
		}
		if a.Resource != "*" { // actions without a resource have nothing to point at
			b.grants(a.Path[len(a.Path)-1].Principal, cmp.Or(a.Resource, focus), a.Grants)
		}
	}
	if public != nil {
		b.grants("anonymous", focus, public.Grants)
	}
	return b.finish(nil)
}

// A drawing gathers nodes and edges once each.
type drawing struct {
	s     *Solver
	ans   *GraphAnswer
	focus string
	nodes map[string]bool
	edges map[string]int
	// asWritten says that grants are drawn as written, so that an account
	// stands for itself and not for its root user.
	asWritten bool
}

func (s *Solver) drawing(title string) *drawing {
	return &drawing{
		s: s, ans: &GraphAnswer{Pathfinder: "graph/1", Title: title, Nodes: []GraphNode{}, Edges: []GraphEdge{}},
		nodes: map[string]bool{}, edges: map[string]int{},
	}
}

// grants adds the edge from a principal to a resource; grants that differ in
// their condition are drawn apart.
func (b *drawing) grants(from, to string, list []Grant) {
	b.node(from)
	b.node(to)
	for i := range list {
		b.edge(GraphEdge{From: from, To: to, Kind: "access", Actions: list[i].Actions, Condition: list[i].Condition, Because: list[i].Because})
	}
}

// edge adds an edge, or its actions to the one that is there with the same
// condition.
func (b *drawing) edge(e GraphEdge) {
	b.node(e.From)
	b.node(e.To)
	cond, _ := e.Condition.MarshalJSON()
	key := strings.Join([]string{e.From, e.To, e.Kind, e.Label, string(cond)}, "\x00")
	if i, ok := b.edges[key]; ok {
		have := &b.ans.Edges[i]
		have.Actions = sortedUnion(have.Actions, e.Actions)
		have.Because = sortRefs(slices.Concat(have.Because, e.Because))
		return
	}
	b.edges[key] = len(b.ans.Edges)
	b.ans.Edges = append(b.ans.Edges, e)
}

func sortedUnion(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// node adds a node.
func (b *drawing) node(id string) {
	if b.nodes[id] {
		return
	}
	n := GraphNode{ID: id, Kind: "resource", Label: lastPart(id), Account: arn.Account(id), Focus: id == b.focus}
	s := b.s
	switch r, p := s.inv.Resource(id), s.inv.Principal(id); {
	case r != nil:
		n.Type, n.Account, n.Label = r.Type, r.Account, cmp.Or(r.Name, lastPart(id))
	case p != nil:
		n.Kind, n.Label = [...]string{"", "user", "role"}[p.Kind], p.Name
	case id == "anonymous" || id == "*" && b.asWritten:
		n.Kind, n.Label = "public", "everybody"
	case id == "*":
		n.Kind, n.Label, n.External = "public", "any AWS account", true
	case strings.HasSuffix(id, ":root"):
		n.Kind, n.Label = "root", "account "+n.Account
		if a := s.inv.Account(n.Account); a != nil {
			n.Label = cmp.Or(a.Name, n.Account)
		}
		if b.asWritten {
			n.Kind = "account"
		}
	default:
		n.Kind = b.kindOf(id)
		if n.Kind == "service" || n.Kind == "unit" || n.Kind == "organization" {
			n.Label, n.Account = id, ""
		}
	}
	n.External = n.Account != "" && s.inv.Account(n.Account) == nil
	b.place(n)
}

// place adds a node of which all is known, unless it is there.
func (b *drawing) place(n GraphNode) {
	if !b.nodes[n.ID] {
		b.nodes[n.ID] = true
		b.ans.Nodes = append(b.ans.Nodes, n)
	}
}

// kindOf tells the kind of a node that is neither resource nor principal of the
// snapshot.
func (b *drawing) kindOf(id string) string {
	if n, ok := b.s.whole().Find(id); ok {
		return b.s.whole().At(n).Kind.String()
	}
	c, err := ParseCaller(id)
	if err != nil {
		return "resource"
	}
	switch c.Kind {
	case CallerUser, CallerFederatedUser:
		return "user"
	case CallerSession:
		return "role"
	case CallerService:
		return "service"
	case CallerFederated:
		return "provider"
	case CallerRoot, CallerAnonymous, CallerOutsider, CallerInvalid:
	}
	return "root"
}

// finish sorts nodes and edges.
func (b *drawing) finish(unknown []Gap) *GraphAnswer {
	slices.SortFunc(b.ans.Nodes, func(x, y GraphNode) int { return strings.Compare(x.ID, y.ID) })
	slices.SortStableFunc(b.ans.Edges, func(x, y GraphEdge) int {
		return cmp.Or(strings.Compare(x.From, y.From), strings.Compare(x.To, y.To), strings.Compare(x.Kind, y.Kind),
			slices.Compare(x.Actions, y.Actions), strings.Compare(x.Condition.String(), y.Condition.String()))
	})
	b.ans.Unknown, b.ans.Complete = nonNil(unknown), len(unknown) == 0
	return b.ans
}
