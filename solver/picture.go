package solver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	b := s.drawing("Access graph")
	b.asWritten = true
	var err error
	if q.Around == "" {
		b.graph, err = s.graph()
	} else {
		at, missing := s.findNode(q.Around)
		if missing != nil {
			return nil, missing
		}
		b.focus, b.ans.Title = s.nodeName(at), "Access around "+at.Name
		b.graph, err = s.lookup.Around(at.Name, q.Hops)
	}
	if err != nil {
		return nil, err
	}
	for id := range graphmodel.NodeID(b.graph.NumNodes()) { //nolint:gosec // they are numbered so
		b.node(s.nodeName(b.graph.At(id)))
		for e := range b.graph.Out(id) {
			b.drawEdge(e)
		}
	}
	b.none("No statement lets anybody do anything")
	f := s.finder()
	for i := range b.ans.Nodes {
		f.unreadOn(b.ans.Nodes[i].ID)
	}
	f.unreadAround(b.ans.Nodes)
	if q.Around != "" {
		b.dropAlone()
	}
	return b.finish(f.gaps()), nil
}

// dropAlone takes out the nodes without edges: those that a trust policy names and that
// can't assume the role all the same.
func (b *drawing) dropAlone() {
	met := map[string]bool{b.focus: true}
	for i := range b.ans.Edges {
		met[b.ans.Edges[i].From], met[b.ans.Edges[i].To] = true, true
	}
	b.ans.Nodes = slices.DeleteFunc(b.ans.Nodes, func(n GraphNode) bool { return !met[n.ID] })
}

// unreadOn notes what of the documents on a node could not be read.
func (f *finder) unreadOn(id string) {
	if p := f.s.inv.Principal(id); p != nil {
		f.unreadBy(p)
	}
	if r := f.s.inv.Resource(id); r != nil {
		f.unreadResource(r)
	}
}

// drawEdge adds one edge of the graph to a drawing.
func (b *drawing) drawEdge(e graphmodel.Edge) {
	s, at := b.s, b.graph.At(e.From)
	from, to := s.nodeName(at), s.nodeName(b.graph.At(e.To))
	edge := GraphEdge{From: from, To: to, Kind: e.Label.Kind.String()}
	switch e.Label.Kind {
	case graphmodel.AssumeRole:
		role := s.inv.Principal(to)
		for _, h := range s.edges.callersOf(role) {
			if h.from.caller.ARN == from || at.Kind == graphmodel.Account && h.from.caller.Account == at.Name {
				b.edge(GraphEdge{From: h.from.caller.ARN, To: to, Kind: h.kind, Condition: h.guard, Because: h.because})
			}
		}
		return
	case graphmodel.IdentityGrant, graphmodel.ResourceGrant:
		why := b.graph.Reason(e.Label.Why)
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
func (s *Solver) nodeName(n graphmodel.Node) string {
	if n.Kind != graphmodel.Account {
		return n.Name
	}
	if a := s.inv.Account(n.Name); a != nil {
		return a.RootARN()
	}
	return "arn:" + s.partition() + ":iam::" + n.Name + ":root"
}

// findNode returns the node of the access graph that a text means.
func (s *Solver) findNode(text string) (graphmodel.Node, error) {
	if n, ok := s.lookup.Node(text); ok {
		return n, nil
	}
	if strings.HasSuffix(text, ":root") {
		if n, ok := s.lookup.Node(arn.Account(text)); ok {
			return n, nil
		}
	}
	if a, err := s.resolvePrincipal(text); err == nil {
		if n, ok := s.lookup.Node(a.caller.ARN); ok {
			return n, nil
		}
	}
	list, err := s.resolve(text)
	if err != nil {
		if near := s.likePrincipal(text, ""); near != "" && !arn.Is(text) && s.LikeName(text) == "" {
			err = questionErr("no user, role or resource of the snapshot is named %q%s", text, orElse(near, ""))
		}
		return graphmodel.Node{}, err
	}
	if n, ok := s.lookup.Node(list[0]); ok && len(list) == 1 {
		return n, nil
	}
	return graphmodel.Node{}, questionErr("%q is no node of the access graph", text)
}

// WhoCanPicture returns the graph of an answer to WhoCan about actions; none for all.
func (s *Solver) WhoCanPicture(a *WhoCanAnswer, actions []string) *GraphAnswer {
	doing := "reach"
	if len(actions) > 0 {
		doing = "do " + strings.Join(actions, ", ") + " on"
	}
	const nothing = "No access was found"
	title := "Who can " + doing + " " + a.Resource
	return s.picture(title, a.Access, a.Public, a.Resource, nothing, a.Escalations...).knowing(a.Unknown, a.Complete)
}

// CanPicture returns the graph of an answer to Can.
func (s *Solver) CanPicture(a *CanAnswer) *GraphAnswer {
	return s.Picture("What "+a.Principal+" can reach", a.Access, nil, a.Principal).knowing(a.Unknown, a.Complete)
}

// PathsPicture returns the graph of an answer to Paths.
func (s *Solver) PathsPicture(a *PathsAnswer) *GraphAnswer {
	return s.Picture("How "+a.Principal+" reaches "+a.Resource, a.Access(), nil, a.Principal).knowing(a.Unknown, a.Complete)
}

// Access returns the access of each path.
func (a *PathsAnswer) Access() []Access {
	access := make([]Access, len(a.Paths))
	for i := range a.Paths {
		access[i] = a.Paths[i].Access
	}
	return access
}

// knowing carries what an answer does not know into its picture.
func (a *GraphAnswer) knowing(unknown []Gap, complete bool) *GraphAnswer {
	a.Unknown, a.Complete = unknown, complete
	return a
}

// Picture returns the graph of an answer: only the nodes on the paths, an edge
// for every hop, and one from each principal that reaches the resource itself.
func (s *Solver) Picture(title string, access []Access, public *PublicAccess, focus string) *GraphAnswer {
	return s.picture(title, access, public, focus, "No access was found")
}

// picture is Picture, with what it says when there is nothing to draw.
func (s *Solver) picture(title string, access []Access, public *PublicAccess, focus, nothing string, climbs ...EscalatedAccess) *GraphAnswer {
	b := s.drawing(title)
	b.focus = focus
	if s.inv.Resource(focus) != nil || s.inv.Principal(focus) != nil {
		b.node(focus)
	}
	elsewhere := map[string]bool{} // actions
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
			continue
		}
		for _, g := range a.Grants {
			for _, action := range g.Actions {
				elsewhere[action] = true
			}
		}
	}
	if public != nil {
		b.grants("anonymous", focus, public.Grants)
	}
	if len(climbs) > 0 {
		there := map[string]bool{} // who is drawn as reaching something
		for i := range access {
			there[access[i].Path[len(access[i].Path)-1].Principal] = true
		}
		for i := range climbs {
			b.climb(&climbs[i], there)
		}
	}
	switch n := len(elsewhere); {
	case n == 1:
		b.ans.Notes = append(b.ans.Notes, "One action that is on no particular resource is not drawn.")
	case n > 1:
		b.ans.Notes = append(b.ans.Notes, fmt.Sprintf("%d actions that are on no particular resource are not drawn.", n))
	default:
		b.none(nothing)
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
	// graph is what is drawn; nil for what stands in an answer.
	graph *graphmodel.Graph
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

// climb adds the way of somebody who escalates. What changes the one who does it is told with
// the step after it: to the next principal, or to the resource. there are those who are drawn as
// reaching it already.
func (b *drawing) climb(e *EscalatedAccess, there map[string]bool) {
	var changes []string
	at := e.Path[0].Principal
	for _, s := range e.Path[1:] {
		if s.Principal == at {
			changes = append(changes, s.Kind)
			continue
		}
		edge := GraphEdge{From: at, To: s.Principal, Kind: s.Kind, Condition: s.Condition, Because: s.Because}
		if !strings.HasPrefix(s.Kind, "assume-role") || len(changes) > 0 {
			edge.Kind, edge.Label, edge.Open = "escalation", strings.Join(append(changes, s.Kind), ", then "), len(e.If) > 0
		}
		b.edge(edge)
		at, changes = s.Principal, nil
	}
	if len(changes) > 0 || !there[at] {
		label := "after " + strings.Join(changes, ", then ")
		if len(changes) == 0 {
			label = "after that"
		}
		b.edge(GraphEdge{From: at, To: e.Resource, Kind: "escalation", Label: label, Condition: e.Condition, Because: e.Because, Open: len(e.If) > 0})
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
	n.External = n.External || n.Account != "" && s.inv.Account(n.Account) == nil
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
	if n, ok := b.s.lookup.Node(id); ok {
		return n.Kind.String()
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

// none notes that there is no edge to draw.
func (b *drawing) none(words string) {
	if len(b.ans.Edges) == 0 {
		b.ans.Notes = append(b.ans.Notes, words+", as far as the snapshot tells.")
	}
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
