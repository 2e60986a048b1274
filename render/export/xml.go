package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pathfinder/render"
	"pathfinder/render/view"
)

// An xmlWriter writes elements one a line. XML 1.0 can't hold most control
// characters, so all texts are cleaned. Errors stay in the buffered writer until
// it is flushed.
type xmlWriter struct{ *bufio.Writer }

// line writes a line, in which each %s is a text or an attribute's value.
func (w *xmlWriter) line(format string, texts ...string) {
	args := make([]any, len(texts))
	for i, s := range texts {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(render.Clean(s))) // a Builder takes everything
		args[i] = b.String()
	}
	fmt.Fprintf(w, format+"\n", args...)
}

// xmlType names the type of a value in GraphML; GEXF's are the same but for int.
func xmlType(v value) string {
	switch v.(type) {
	case int:
		return "int"
	case bool:
		return "boolean"
	}
	return "string"
}

// idOf is the id of the node at a place. The ids of XML formats are made up of few
// characters; what we call id is an attribute, name.
func idOf(i int) string { return fmt.Sprintf("n%d", i) }

func places(v *view.View) map[string]int {
	at := make(map[string]int, len(v.Nodes))
	for i := range v.Nodes {
		at[v.Nodes[i].ID] = i
	}
	return at
}

// GraphML writes a view as GraphML, with typed attributes; yEd, Gephi, Cytoscape and
// networkx read it. The attribute name is a node's id.
func GraphML(out io.Writer, v *view.View) error {
	w := &xmlWriter{bufio.NewWriter(out)}
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.line(`<graphml xmlns="http://graphml.graphdrawing.org/xmlns">`)
	w.line(`  <key id="title" for="graph" attr.name="title" attr.type="string"/>`)
	w.line(`  <key id="taken" for="graph" attr.name="taken" attr.type="string"/>`)
	w.line(`  <key id="complete" for="graph" attr.name="complete" attr.type="boolean"/>`)
	w.line(`  <key id="notes" for="graph" attr.name="notes" attr.type="string"/>`)
	w.line(`  <key id="n.name" for="node" attr.name="name" attr.type="string"/>`)
	w.line(`  <key id="n.frames" for="node" attr.name="frames" attr.type="string"/>`)
	for _, p := range nodeProperties(&view.Node{}) {
		w.line(`  <key id="n.%s" for="node" attr.name="%s" attr.type="%s"/>`, p.name, p.name, xmlType(p.value))
	}
	for _, p := range edgeProperties(&view.Edge{}) {
		w.line(`  <key id="e.%s" for="edge" attr.name="%s" attr.type="%s"/>`, p.name, p.name, xmlType(p.value))
	}
	w.line(`  <graph id="access" edgedefault="directed">`)
	data := func(indent, key, text string) {
		if text != "" {
			w.line(indent+`<data key="%s">%s</data>`, key, text)
		}
	}
	data("    ", "title", v.Title)
	data("    ", "taken", taken(v))
	data("    ", "complete", fmt.Sprint(v.Complete))
	data("    ", "notes", strings.Join(slices.Concat(v.Notes, v.Unknown), "; "))
	frames, nodeNames := frameLine(v), v.Names(render.Clean)
	for i := range v.Nodes {
		n := &v.Nodes[i]
		w.line(`    <node id="%s">`, idOf(i))
		data("      ", "n.name", nodeNames[n.ID])
		data("      ", "n.frames", frames[n.Frame])
		for _, p := range nodeProperties(n) {
			data("      ", "n."+p.name, oneText(p.value))
		}
		w.line(`    </node>`)
	}
	at := places(v)
	for i := range v.Edges {
		e := &v.Edges[i]
		w.line(`    <edge id="%s" source="%s" target="%s">`, fmt.Sprintf("e%d", i), idOf(at[e.From]), idOf(at[e.To]))
		for _, p := range edgeProperties(e) {
			data("      ", "e."+p.name, oneText(p.value))
		}
		w.line(`    </edge>`)
	}
	w.line(`  </graph>`)
	w.line(`</graphml>`)
	return w.Flush()
}

func taken(v *view.View) string {
	if v.Taken.IsZero() {
		return ""
	}
	return v.Taken.UTC().Format(time.RFC3339)
}

// GEXF writes a view as GEXF 1.3, as Gephi reads it, with a colour for each kind.
func GEXF(out io.Writer, v *view.View) error {
	w := &xmlWriter{bufio.NewWriter(out)}
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.line(`<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">`)
	date := ""
	if !v.Taken.IsZero() {
		date = fmt.Sprintf(` lastmodifieddate="%s"`, v.Taken.UTC().Format(time.DateOnly))
	}
	w.line(`  <meta` + date + `>`)
	w.line(`    <creator>pathfinder</creator>`)
	about := append([]string{v.Title}, v.Notes...)
	if !v.Complete {
		about = append(append(about, "Incomplete"), v.Unknown...)
	}
	w.line(`    <description>%s</description>`, strings.Join(about, "; "))
	w.line(`  </meta>`)
	w.line(`  <graph mode="static" defaultedgetype="directed">`)
	declare := func(class string, list []property) {
		w.line(`    <attributes class="%s">`, class)
		for _, p := range list {
			kind := xmlType(p.value)
			if kind == "int" {
				kind = "integer"
			}
			w.line(`      <attribute id="%s" title="%s" type="%s"/>`, p.name, p.name, kind)
		}
		w.line(`    </attributes>`)
	}
	withNames := func(name, frames string, list []property) []property {
		return append([]property{{"name", name}, {"frames", frames}}, list...)
	}
	declare("node", withNames("", "", nodeProperties(&view.Node{})))
	declare("edge", edgeProperties(&view.Edge{}))
	values := func(list []property) {
		w.line(`        <attvalues>`)
		for _, p := range list {
			if text := oneText(p.value); text != "" {
				w.line(`          <attvalue for="%s" value="%s"/>`, p.name, text)
			}
		}
		w.line(`        </attvalues>`)
	}
	frames, nodeNames := frameLine(v), v.Names(render.Clean)
	w.line(`    <nodes>`)
	for i := range v.Nodes {
		n := &v.Nodes[i]
		w.line(`      <node id="%s" label="%s">`, idOf(i), labelOf(n))
		values(withNames(nodeNames[n.ID], frames[n.Frame], nodeProperties(n)))
		w.line(`        <viz:color hex="%s"/>`, render.KindColor(n.Kind))
		w.line(`      </node>`)
	}
	w.line(`    </nodes>`)
	w.line(`    <edges>`)
	at := places(v)
	for i := range v.Edges {
		e := &v.Edges[i]
		w.line(`      <edge id="%s" source="%s" target="%s" kind="%s" label="%s">`,
			fmt.Sprintf("e%d", i), idOf(at[e.From]), idOf(at[e.To]), e.Kind, edgeLabel(e))
		values(edgeProperties(e))
		w.line(`      </edge>`)
	}
	w.line(`    </edges>`)
	w.line(`  </graph>`)
	w.line(`</gexf>`)
	return w.Flush()
}

// labelOf is what a node is called in few words.
func labelOf(n *view.Node) string {
	switch {
	case n.Label != "":
		return n.Label
	case len(n.Members) > 1:
		return fmt.Sprintf("%d × %s", len(n.Members), n.Kind)
	}
	return n.ID
}

// edgeLabel says in few words what an edge lets through.
func edgeLabel(e *view.Edge) string {
	s := e.Kind
	switch {
	case e.Label != "":
		s = e.Label
	case len(e.Actions) == 1:
		s = e.Actions[0]
	case len(e.Actions) > 1:
		s = fmt.Sprintf("%s and %d more", e.Actions[0], len(e.Actions)-1)
	}
	if e.Weight > 0 {
		s = fmt.Sprintf("%d principals %s", e.Weight, s)
	}
	if e.Count > 1 {
		s += fmt.Sprintf(" ×%d", e.Count)
	}
	if e.Some {
		s += " (some)"
	}
	if e.Conditional() {
		s += " (if)"
	}
	switch {
	case e.Cut:
		s = "CUT " + s
	case e.Deny:
		s = "DENY " + s
	}
	return s
}
