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
	g := grid{header: []string{"From", "", "To", "Only if"}}
	for i := range a.Edges {
		e := &a.Edges[i]
		g.add(i, twoLines(p.short(e.From)), []string{labels.inTable(e)}, twoLines(p.short(e.To)), []string{Clean(e.Condition.String())})
	}
	if len(a.Edges) > 0 {
		g.write(p)
	}
	p.line(0, fmt.Sprintf("%d %s, %d %s", len(a.Nodes), plural(len(a.Nodes), "node"), len(a.Edges), plural(len(a.Edges), "edge")), nil)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
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
	what, _, _ := strings.Cut(l.what(e.Kind, e.Label, e.Actions, []string{e.To}), " if ")
	return Clean(what)
}
