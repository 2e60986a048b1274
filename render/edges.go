package render

import (
	"fmt"
	"io"

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
		g.add(i, twoLines(p.short(e.From)), []string{labels.table(e)}, twoLines(p.short(e.To)), []string{Clean(e.Condition.String())})
	}
	if len(a.Edges) > 0 {
		g.write(p)
	}
	p.line(0, fmt.Sprintf("%d %s, %d %s", len(a.Nodes), plural(len(a.Nodes), "node"), len(a.Edges), plural(len(a.Edges), "edge")), nil)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}
