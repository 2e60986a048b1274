package render

import (
	"fmt"
	"io"
	"strings"

	"pathfinder/solver"
)

// Paths writes each path as a table: one row an edge or gate, and what comes
// out of all of them below.
func Paths(w io.Writer, a *solver.PathsAnswer, o Options) error {
	p := &page{Options: o}
	p.line(0, "Paths from "+p.short(a.Principal).line()+" to "+Clean(a.Resource), bold)
	p.blank()
	if len(a.Paths) == 0 {
		p.line(0, "None, as far as the snapshot tells.", nil)
		p.blank()
	}
	for i := range a.Paths {
		p.path(i+1, &a.Paths[i])
	}
	if n := len(a.Paths); n > 0 {
		p.line(0, fmt.Sprintf("%d %s", n, plural(n, "path")), nil)
	}
	p.assigned(a.IdentityCenter)
	p.notes(a.Notes)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// routes say in a few words how the last principal is let in.
var routes = map[string]string{
	solver.RouteIdentity: "by identity policies, within the account that owns it",
	solver.RouteResource: "by a policy of the resource or an ACL",
	solver.RouteLimited:  "by a policy of the resource that names the role",
	solver.RouteBoth:     "by a policy of the resource and identity policies",
	solver.RouteKeyGrant: "by a grant on the key",
	solver.GateRule:      "by a rule of AWS",
}

func (p *page) path(number int, full *solver.FullPath) {
	names := make([]string, len(full.Path))
	for i, s := range full.Path {
		names[i] = p.short(s.Principal).name
	}
	p.line(0, fmt.Sprintf("%d. %s to %s, %s", number, strings.Join(names, " → "), p.short(full.Resource).name, routes[full.Route]), bold)
	g := grid{header: []string{"Edge", "From", "Lets through", "Only if"}}
	applies := applicable{}
	for i := range full.Edges {
		p.edge(&g, i, &full.Edges[i], full, applies)
	}
	first := []string{"together"}
	for _, grant := range merged(full.Grants) {
		g.add(len(full.Edges), first, nil, p.may(&full.Access, &grant, applies), p.onlyIf(&grant))
		first = nil
	}
	g.write(p)
	p.blank()
}

// edge adds the rows of one edge.
func (p *page) edge(g *grid, i int, e *solver.PathEdge, full *solver.FullPath, applies applicable) {
	name := []string{Clean(e.Kind)}
	if e.Target != "" {
		name = append(name, p.short(e.Target).name)
	}
	from := []string{p.short(e.From).name}
	if strings.HasPrefix(e.Kind, "assume-role") {
		g.add(i, name, append(from, marker+p.short(e.To).name), []string{"everything the role may"}, blockLines(e))
		return
	}
	if e.Allows == nil && len(e.Denies) == 0 {
		g.add(i, name, from, []string{"everything"}, blockLines(e))
		return
	}
	for _, grant := range merged(e.Allows) {
		g.add(i, name, from, p.may(&full.Access, &grant, applies), p.onlyIf(&grant))
		name, from = nil, nil
	}
	if e.Allows != nil && len(e.Allows) == 0 {
		g.add(i, name, from, []string{"nothing"}, nil)
		name, from = nil, nil
	}
	for _, grant := range merged(e.Denies) {
		may := p.may(&full.Access, &grant, applies)
		may[0] = "all but " + may[0]
		g.add(i, name, from, may, p.onlyIf(&grant))
		name, from = nil, nil
	}
}

func blockLines(e *solver.PathEdge) []string {
	if len(e.Condition) == 0 {
		return nil
	}
	return []string{Clean(e.Condition.String())}
}
