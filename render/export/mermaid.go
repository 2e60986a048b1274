package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"pathfinder/render"
	"pathfinder/render/view"
)

// Mermaid writes a view as a flowchart of Mermaid, which GitHub and GitLab draw in
// Markdown. Conditions are dotted lines, what is to be cut is a thick one.
func Mermaid(out io.Writer, v *view.View) error {
	m := &mermaid{Writer: bufio.NewWriter(out), view: v, at: places(v), in: v.Contents()}
	fmt.Fprintf(m, "---\ntitle: %s\n---\n", mermaidText(v.Title))
	m.WriteString("flowchart LR\n") //nolint:errcheck // Flush tells
	m.within("", "  ")
	// What is to be said of the whole stands beside it, in nodes of its own.
	notes := v.Notes
	if !v.Complete {
		notes = append([]string{fmt.Sprintf("Incomplete: what is not known could add access, or take it away (%d gaps)", len(v.Unknown))}, notes...)
	}
	for i, note := range notes {
		fmt.Fprintf(m, "  note%d>%s]\n", i, mermaidText(note))
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		arrow := "-->"
		switch {
		case e.Kind == "contains" || e.Kind == "member-of":
			arrow = "---"
		case e.Cut || e.Deny:
			arrow = "==>"
		case e.Conditional():
			arrow = "-.->"
		}
		fmt.Fprintf(m, "  %s %s|%s| %s\n", idOf(m.at[e.From]), arrow, mermaidText(edgeLabel(e)), idOf(m.at[e.To]))
	}
	for _, kind := range kindsOf(v) {
		fmt.Fprintf(m, "  classDef %s fill:#fff,stroke:%s,color:#1A202C\n", className(kind), render.KindColor(kind))
		var ids []string
		for i := range v.Nodes {
			if v.Nodes[i].Kind == kind {
				ids = append(ids, idOf(i))
			}
		}
		fmt.Fprintf(m, "  class %s %s\n", strings.Join(ids, ","), className(kind))
	}
	return m.Flush()
}

type mermaid struct {
	*bufio.Writer
	view *view.View
	at   map[string]int
	in   view.Contents
}

// shapes are the brackets around the text of a node, by its kind.
var shapes = map[string][2]string{
	"user": {"(", ")"}, "role": {"{{", "}}"}, "resource": {"[(", ")]"}, "public": {"((", "))"}, "service": {"[[", "]]"}, "provider": {"[/", "/]"},
	"root": {"[\\", "/]"},
}

// within writes the frames and nodes that stand in a frame.
func (m *mermaid) within(frame, indent string) {
	for _, i := range m.in.Frames[frame] {
		f := &m.view.Frames[i]
		fmt.Fprintf(m, "%ssubgraph f%d [%s]\n", indent, i, mermaidText(f.Label))
		m.within(f.ID, indent+"  ")
		fmt.Fprintf(m, "%send\n", indent)
	}
	for _, i := range m.in.Nodes[frame] {
		n := &m.view.Nodes[i]
		shape, ok := shapes[n.Kind]
		if !ok {
			shape = [2]string{"[", "]"}
		}
		fmt.Fprintf(m, "%s%s%s%s%s\n", indent, idOf(i), shape[0], mermaidText(labelOf(n)), shape[1])
	}
}

// maxMermaid is how long a text is in a chart, in characters.
const maxMermaid = 120

// mermaidText quotes a text. Within quotes Mermaid reads entities without their
// ampersand, and everything that is no letter, digit or plain mark is written as one:
// no text is taken for Markdown, HTML or the end of the quotes.
func mermaidText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	n := 0
	for _, r := range render.Clean(s) {
		if n++; n > maxMermaid {
			b.WriteString("…")
			break
		}
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" .,:/@+=-", r), r > 0x7f:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	if n == 0 {
		b.WriteByte(' ')
	}
	b.WriteByte('"')
	return b.String()
}

// kindsOf lists the kinds of nodes that occur, in their order.
func kindsOf(v *view.View) (kinds []string) {
	seen := map[string]bool{}
	for i := range v.Nodes {
		if k := v.Nodes[i].Kind; !seen[k] {
			seen[k] = true
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// className is a name for a kind that no text breaks.
func className(kind string) string { return "kind" + pascal(kind) }
