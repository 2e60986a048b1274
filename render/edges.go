package render

import (
	"fmt"
	"io"
	"strings"

	"pathfinder/solver"
)

// Graph writes the edges of a graph as a table.
func Graph(w io.Writer, a *solver.GraphAnswer, o Options) error {
	p := &page{Options: o}
	p.line(0, Clean(a.Title), bold)
	p.blank()
	labels := edgeLabels{}
	nodes := make(map[string]*solver.GraphNode, len(a.Nodes))
	for i := range a.Nodes {
		nodes[a.Nodes[i].ID] = &a.Nodes[i]
	}
	g := grid{header: []string{"From", "", "To", "Only if"}}
	for i := range a.Edges {
		e := &a.Edges[i]
		g.add(i, p.end(nodes[e.From], e.From), []string{labels.inTable(e)}, p.end(nodes[e.To], e.To), []string{onlyIf(e)})
	}
	if len(a.Edges) > 0 {
		g.write(p)
	}
	p.line(0, fmt.Sprintf("%d %s, %d %s", len(a.Nodes), plural(len(a.Nodes), "node"), len(a.Edges), plural(len(a.Edges), "edge")), nil)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// end returns the lines that show an end of an edge: accounts and units by their
// names, everything else as in other tables.
func (p *page) end(n *solver.GraphNode, id string) []string {
	if n == nil || n.Kind != "account" && n.Kind != "unit" && n.Kind != "organization" {
		return twoLines(p.short(id))
	}
	if n.Account != "" {
		id = n.Account
	}
	if n.Label == id {
		return []string{Clean(id)}
	}
	return []string{Clean(n.Label), Clean(id)}
}

// onlyIf returns the condition of an edge, or says that there is one.
func onlyIf(e *solver.GraphEdge) string {
	if e.Open && len(e.Condition) == 0 {
		return "some condition holds"
	}
	return Clean(e.Condition.String())
}

// inTable returns what an edge says in a table, where the condition has its own
// column.
func (l *edgeLabels) inTable(e *solver.GraphEdge) string {
	switch e.Kind {
	case "member-of":
		return "belongs to"
	case "contains":
		return "contains"
	}
	if e.Weight > 0 {
		return Clean(fmt.Sprintf("%d %s %s", e.Weight, plural(e.Weight, "principal"), e.Label))
	}
	what, _, _ := strings.Cut(l.what(e.Kind, e.Label, e.Actions, []string{e.To}), " if ")
	return Clean(what)
}
