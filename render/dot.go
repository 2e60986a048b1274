package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/solver"
)

// fonts must be a single name: Graphviz knows the widths of Helvetica's letters,
// and takes those of Times for a list. It writes "Helvetica,sans-Serif" into SVG.
const fonts = "Helvetica"

// DOT writes the graph in Graphviz's language. It is drawn from the left, who
// acts, to the right, what is reached; accounts are frames. The names of nodes
// are their ids, cleaned; the order is that of the answer.
func DOT(w io.Writer, a *solver.GraphAnswer, o Options) error {
	g, err := newAnswerGraph(a)
	if err != nil {
		return err
	}
	d := &dot{Options: o, g: g, answer: a}
	d.head()
	for _, id := range g.accounts() {
		d.cluster(id)
	}
	for _, v := range g.vertices {
		if v.Account == "" {
			d.node("  ", v)
		}
	}
	for _, e := range g.edges {
		if !framed(e) {
			d.edge(e)
		}
	}
	d.b.WriteString("}\n")
	_, err = io.WriteString(w, d.b.String())
	return err
}

// A dot is a DOT file in the making.
type dot struct {
	Options
	g      *answerGraph
	answer *solver.GraphAnswer
	labels edgeLabels
	b      strings.Builder
}

func (d *dot) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

// quoted writes s as a quoted string that Graphviz shows as it stands: it
// reads escapes and HTML entities in quoted strings.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`, "\n", `\n`).Replace(s) + `"`
}

// markup escapes a clean text for HTML-like labels, in which no element may be
// empty.
func markup(s string) string {
	if s == "" {
		return "&#160;"
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// head writes the attributes of the whole, with title and legend.
func (d *dot) head() {
	d.printf("digraph access {\n")
	d.printf("  graph [rankdir=LR, fontname=%q, fontsize=13, bgcolor=white, pad=0.3, nodesep=0.35, ranksep=0.6,\n", fonts)
	d.printf("    labelloc=t, labeljust=l, label=<%s>, tooltip=%s];\n", d.title(), quoted(Clean(d.answer.Title)))
	d.printf("  node [fontname=%q, fontsize=12, fontcolor=\"#1A202C\", margin=\"0.16,0.08\", penwidth=1.2];\n", fonts)
	d.printf("  edge [fontname=%q, fontsize=10, arrowsize=0.8];\n", fonts)
}

// title is a table: the title, what is missing, the legend.
func (d *dot) title() string {
	var b strings.Builder
	row := func(s string) { b.WriteString("<TR><TD ALIGN=\"LEFT\">" + s + "</TD></TR>") }
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">`)
	for _, line := range elide(wrap(Clean(d.answer.Title), titleLine), titleLines) {
		row(`<FONT POINT-SIZE="18"><B>` + markup(line) + "</B></FONT>")
	}
	if !d.answer.Complete {
		note := "Incomplete: what is not known could add access, or take it away"
		if n := len(d.answer.Unknown); n > 0 {
			note += fmt.Sprintf(" (%d %s)", n, plural(n, "gap"))
		}
		row(`<FONT COLOR="#C0392B"><B>` + note + "</B></FONT>")
	}
	if cells := d.legend(); len(cells) > 0 {
		row(`<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="6" CELLPADDING="4"><TR>` + strings.Join(cells, "") + "</TR></TABLE>")
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// framed reports whether the frame of an account says what the edge does.
func framed(e *drawnEdge) bool {
	return e.Kind == "contains" && e.to.Account != "" && (e.from.Kind == "root" || e.from.Kind == "account") && e.from.Account == e.to.Account
}

// legend explains the colours that occur.
func (d *dot) legend() []string {
	var cells []string
	for _, s := range nodeStyles {
		if slices.ContainsFunc(d.g.vertices, func(v *vertex) bool { return styleOf(v.Kind).kind == s.kind }) {
			cells = append(cells, fmt.Sprintf(`<TD BGCOLOR="%s" COLOR="%s"><FONT POINT-SIZE="10">%s</FONT></TD>`, s.fill, s.line, s.kind))
		}
	}
	if slices.ContainsFunc(d.g.vertices, func(v *vertex) bool { return v.cycle }) {
		cells = append(cells, fmt.Sprintf(`<TD BORDER="3" COLOR="%s"><FONT POINT-SIZE="10">can become each other</FONT></TD>`, styleAssume.color))
	}
	for _, s := range edgeStyles {
		if slices.ContainsFunc(d.g.edges, func(e *drawnEdge) bool { return !framed(e) && edgeStyleOf(e.GraphEdge) == s }) {
			line := "-----"
			if s.style == "dashed" {
				line = "- - -"
			}
			cells = append(cells, fmt.Sprintf(`<TD BORDER="0" WIDTH="38" ALIGN="RIGHT"><FONT POINT-SIZE="10" COLOR="%s"><B>%s</B></FONT></TD>`, s.color, line),
				fmt.Sprintf(`<TD BORDER="0" ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="%s">%s</FONT></TD>`, s.color, s.words))
		}
	}
	return cells
}

// cluster writes the frame of an account.
func (d *dot) cluster(id string) {
	var members []*vertex
	outside := true
	name := d.Accounts[id]
	for _, v := range d.g.vertices {
		if v.Account != id {
			continue
		}
		members = append(members, v)
		outside = outside && v.External
		if v.Kind == "account" && name == "" {
			name = v.Label
		}
	}
	style, fill, note := "rounded,filled", "#F8FAFC", ""
	if outside {
		style, fill, note = "rounded,dashed,filled", "#FFFDF7", " outside the snapshot"
	}
	label := "<FONT COLOR=\"#64748B\">" + markup(oneLine(id)) + note + "</FONT>"
	if name != "" && name != id {
		label = "<B>" + markup(oneLine(name)) + "</B>&#160;" + label
	}
	d.printf("  subgraph %s {\n", quoted("cluster_"+Clean(id)))
	d.printf("    label=<%s>; tooltip=%s; labeljust=l; labelloc=t; margin=14; style=%q; color=\"#94A3B8\"; fillcolor=%q;\n",
		label, quoted(Clean("account "+id)), style, fill)
	for _, v := range members {
		d.node("    ", v)
	}
	d.printf("  }\n")
}

// node writes a node: its kind in small letters above its label.
func (d *dot) node(indent string, v *vertex) {
	s := styleOf(v.Kind)
	label := v.Label
	if label == "" {
		label = d.short(v.ID).name
	}
	lines := elide(wrap(Clean(label), nodeLine), nodeLines)
	for i := range lines {
		lines[i] = "<B>" + markup(lines[i]) + "</B>"
	}
	kind := v.Kind
	if kind == "root" {
		kind = "account root"
	}
	if v.Type != "" {
		kind = strings.TrimPrefix(v.Type, "AWS::")
	}
	if region := arn.Region(v.ID); region != "" {
		kind += " " + region
	}
	text := fmt.Sprintf(`<FONT POINT-SIZE="9" COLOR="#64748B">%s</FONT><BR/>%s`, markup(oneLine(kind)), strings.Join(lines, "<BR/>"))
	extra := ""
	if v.Focus {
		extra = ", penwidth=3.5"
	}
	if v.cycle {
		extra += ", peripheries=2"
	}
	if s.shape == "cylinder" {
		extra += `, margin="0.2,0.14"` // room for the lid
	}
	d.printf("%s%s [label=<%s>, shape=%s, style=%q, fillcolor=%q, color=%q, tooltip=%s%s];\n",
		indent, quoted(v.name), text, s.shape, s.style, s.fill, s.line, quoted(Clean(v.ID)), extra)
}

// edge writes an edge.
func (d *dot) edge(e *drawnEdge) {
	s := edgeStyleOf(e.GraphEdge)
	if e.Cut {
		s.color, s.width = "#C53030", "2.5"
	}
	d.printf("  %s -> %s [", quoted(e.from.name), quoted(e.to.name))
	if lines := d.labels.lines(e.GraphEdge); len(lines) > 0 {
		d.printf("label=%s, fontcolor=%q, ", quoted(" "+strings.Join(lines, " \n ")+" "), s.color)
	}
	d.printf("color=%q, style=%s, penwidth=%s, tooltip=%s];\n", s.color, s.style, s.width, quoted(tip(e.GraphEdge)))
}

// maxTip is how many actions the tooltip of an edge lists.
const maxTip = 40

// tip is what a viewer shows for an edge: everything it lets through.
func tip(e *solver.GraphEdge) string {
	s := e.From + " → " + e.To + ": " + e.Kind
	if n := len(e.Actions); n > 0 {
		s += ": " + strings.Join(e.Actions[:min(n, maxTip)], ", ")
		if n > maxTip {
			s += fmt.Sprintf(" and %d more", n-maxTip)
		}
	}
	if len(e.Condition) > 0 {
		s += ", if " + e.Condition.String()
	}
	return Clean(s)
}
