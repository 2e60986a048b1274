package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pathfinder/render/glyph"
	"pathfinder/render/view"
)

// fonts must be a single name: Graphviz knows the widths of Helvetica's letters,
// and takes those of Times for a list. It writes "Helvetica,sans-Serif" into SVG.
const fonts = "Helvetica"

// DOT writes a view in Graphviz's language. It is drawn from the left, who
// acts, to the right, what is reached; accounts and organizational units are frames.
// The names of nodes are their ids, cleaned; the order is that of the view.
func DOT(w io.Writer, v *view.View, o Options) error {
	d := &dot{
		Options: o, view: v, paper: &papers[o.Theme], names: v.Names(shorten), at: map[string]*view.Node{}, in: v.Contents(),
	}
	for i := range v.Nodes {
		d.at[v.Nodes[i].ID] = &v.Nodes[i]
	}
	d.head()
	d.within("", "  ")
	for i := range v.Edges {
		d.edge(&v.Edges[i])
	}
	d.b.WriteString("}\n")
	_, err := io.WriteString(w, d.b.String())
	return err
}

// A dot is a DOT file in the making.
type dot struct {
	Options
	view   *view.View
	paper  *paper
	names  map[string]string     // of nodes, by id
	at     map[string]*view.Node // by id
	in     view.Contents
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

func small(s, color string) string {
	return fmt.Sprintf(`<FONT POINT-SIZE="10" COLOR="%s">%s</FONT>`, color, markup(s))
}

// head writes the attributes of the whole, with title and legend.
func (d *dot) head() {
	p := d.paper
	d.printf("digraph access {\n")
	d.printf("  graph [rankdir=LR, fontname=%q, fontsize=13, fontcolor=%q, bgcolor=%q, pad=0.3, nodesep=0.3, ranksep=0.6,\n",
		fonts, p.text, p.back)
	d.printf("    labelloc=t, labeljust=l, label=<%s>, tooltip=%s];\n", d.title(), quoted(shorten(d.view.Title)))
	d.printf("  node [fontname=%q, fontsize=12, fontcolor=%q, margin=\"0.12,0.06\", penwidth=1.2];\n", fonts, p.text)
	d.printf("  edge [fontname=%q, fontsize=10, arrowsize=0.8];\n", fonts)
}

// title is a table: the title, when it was so, what is missing or put together,
// and the legend.
func (d *dot) title() string {
	var b strings.Builder
	row := func(s string) { b.WriteString("<TR><TD ALIGN=\"LEFT\">" + s + "</TD></TR>") }
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">`)
	for _, line := range elide(wrap(Clean(d.view.Title), titleLine), titleLines) {
		row(`<FONT POINT-SIZE="18"><B>` + markup(line) + "</B></FONT>")
	}
	if t := d.view.Taken; !t.IsZero() {
		row(small("Snapshot of "+t.UTC().Format(time.DateTime)+" UTC", d.paper.muted))
	}
	if !d.view.Complete {
		note := "Incomplete: what is not known could add access, or take it away"
		if n := len(d.view.Unknown); n > 0 {
			note += fmt.Sprintf(" (%d %s)", n, plural(n, "gap"))
		}
		row(fmt.Sprintf(`<FONT COLOR="%s"><B>%s</B></FONT>`, d.paper.warn, markup(note)))
	}
	for _, note := range d.view.Notes {
		for _, line := range elide(wrap(Clean(note), noteLine), titleLines) {
			row(small(line, d.paper.muted))
		}
	}
	if cells := d.nodeLegend(); len(cells) > 0 {
		row(legend(cells))
	}
	if line := d.edgeLegend(); line != "" {
		row(line)
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// nodeLegend explains the kinds of nodes that occur: cells, and how wide they are.
func (d *dot) nodeLegend() (cells []legendCell) {
	nodes := d.view.Nodes
	for i := range nodeStyles {
		s := &nodeStyles[i]
		if !slices.ContainsFunc(nodes, func(n view.Node) bool { return styleOf(n.Kind) == s }) {
			continue
		}
		t := d.paper.tints[s.hue]
		if g := glyph.Of(s.kind, ""); g != glyph.None {
			cells = append(cells, legendCell{glyphCell(t, g, 1), glyphSize})
		}
		cells = append(cells, legendCell{`<TD ALIGN="LEFT">` + small(s.words, t.line) + "</TD>", letterWidth * len(s.words)})
	}
	if slices.ContainsFunc(nodes, func(n view.Node) bool { return len(n.Denies) > 0 }) {
		const words = "bold: a policy that denies"
		cells = append(cells, legendCell{`<TD ALIGN="LEFT">` + small(words, d.paper.deny) + "</TD>", letterWidth * len(words)})
	}
	if slices.ContainsFunc(nodes, func(n view.Node) bool { return n.Cycle }) {
		const words = "double outline: can become each other"
		cells = append(cells, legendCell{`<TD ALIGN="LEFT">` + small(words, d.paper.muted) + "</TD>", letterWidth * len(words)})
	}
	return cells
}

// A legendCell is a cell of the legend, with its width in points.
type legendCell struct {
	markup string
	width  int
}

const (
	glyphSize   = 18
	letterWidth = 6 // of small letters, the widest words aside
)

// legend is a table of a fixed size: Graphviz would stretch it to the width of the
// title.
func legend(cells []legendCell) string {
	var b strings.Builder
	width := 0
	for _, c := range cells {
		b.WriteString(c.markup)
		width += c.width + 8
	}
	return fmt.Sprintf(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="2" FIXEDSIZE="TRUE" ALIGN="LEFT" WIDTH="%d" HEIGHT="28"><TR>%s</TR></TABLE>`,
		width, b.String())
}

// edgeLegend explains the kinds of edges that occur, on one line.
func (d *dot) edgeLegend() string {
	edges := d.view.Edges
	var parts []string
	sample := func(line, color, words string) {
		parts = append(parts, fmt.Sprintf(`<FONT POINT-SIZE="10" COLOR="%s"><B>%s</B>&#160;%s</FONT>`, color, markup(line), markup(words)))
	}
	for _, s := range edgeStyles {
		if slices.ContainsFunc(edges, func(e view.Edge) bool { return edgeStyleOf(&e) == s }) {
			line := map[string]string{"vee": "-->", "normal": "-->", "none": "---", "tee": "--|"}[s.arrow]
			sample(line, s.color(d.paper), s.words)
		}
	}
	if slices.ContainsFunc(edges, func(e view.Edge) bool { return e.Conditional() }) {
		sample("- - -", d.paper.muted, "only under a condition")
	}
	return strings.Join(parts, "&#160;&#160;&#160;&#160;")
}

// glyphCell is the cell of a table that a glyph is drawn in, beside some rows; see
// [GlyphIn].
func glyphCell(t tint, g glyph.Glyph, rows int) string {
	return fmt.Sprintf(`<TD ROWSPAN="%d" FIXEDSIZE="TRUE" WIDTH="%d" HEIGHT="%d" BGCOLOR="%s"></TD>`, rows, glyphSize, glyphSize, glyphFill(t.fill, g))
}

// within writes the frames and nodes that stand in a frame.
func (d *dot) within(frame, indent string) {
	for _, i := range d.in.Frames[frame] {
		d.cluster(&d.view.Frames[i], indent)
	}
	for _, i := range d.in.Nodes[frame] {
		d.node(indent, &d.view.Nodes[i])
	}
}

// cluster writes a frame with all in it.
func (d *dot) cluster(f *view.Frame, indent string) {
	p := d.paper
	style, fill, line, note := "rounded,filled", p.frame, p.frameLine, ""
	if f.Kind != "account" {
		fill, line = p.unit, p.unitLine
	}
	if f.External {
		style, fill, note = "rounded,dashed,filled", p.outside, " outside the snapshot"
	}
	label := small(oneLine(f.ID)+note, p.muted)
	if f.Label != "" && f.Label != f.ID {
		label = "<B>" + markup(oneLine(f.Label)) + "</B>&#160;&#160;" + label
	}
	d.printf("%ssubgraph %s {\n", indent, quoted("cluster_"+Clean(f.ID)))
	d.printf("%s  label=<%s>; tooltip=%s; labeljust=l; labelloc=t; margin=14; style=%q; color=%q; fillcolor=%q;\n",
		indent, label, quoted(shorten(f.Kind+" "+f.ID)), style, line, fill)
	d.within(f.ID, indent+"  ")
	d.printf("%s}\n", indent)
}

// node writes a node: a glyph, its kind in small letters, and its label.
func (d *dot) node(indent string, n *view.Node) {
	s := styleOf(n.Kind)
	t := d.paper.tints[s.hue]
	style, line, width := s.style, t.line, ""
	if n.External {
		style = "dashed," + style
	}
	if n.Focus {
		width = ", penwidth=3.5"
	}
	if n.Cycle {
		width += ", peripheries=2"
	}
	if n.Count() > 1 {
		width += ", penwidth=2"
	}
	if s.shape == "cylinder" {
		width += `, margin="0.14,0.12"` // room for the lid
	}
	d.printf("%s%s [label=<%s>, shape=%s, style=%q, fillcolor=%q, color=%q, tooltip=%s%s];\n",
		indent, quoted(d.names[n.ID]), d.nodeLabel(n, t), s.shape, style, t.fill, line, quoted(shorten(strings.Join(n.IDs(), ", "))), width)
}
