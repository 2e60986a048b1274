package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pathfinder/render"
	"pathfinder/render/internal/rendertest"
)

// Whatever stands in an answer, its DOT holds the nodes and edges of the view and
// nothing else, and its HTML-like labels are well-formed.
func FuzzDOT(f *testing.F) {
	for _, s := range []string{
		rendertest.Hostile, `=HYPERLINK("http://x")`, "</TABLE>", "<<>>", "a\u202eb", "\x00", "\xff", strings.Repeat("W", 1<<16), "読み取り", "", `\`, `\"`, "&lt;", "\\N",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range []struct {
			name string
			fit  bool
		}{{"all", false}, {"fit", true}} {
			shown := rendertest.HostileView(s)
			if v.fit {
				shown = shown.Fit()
			}
			var b bytes.Buffer
			if err := render.DOT(&b, shown, render.Options{}); err != nil {
				t.Fatal(err)
			}
			got, err := readDOT(b.String())
			if err != nil {
				t.Fatalf("%s: %v\n%s", v.name, err, b.String())
			}
			if got.nodes != len(shown.Nodes) || got.edges != len(shown.Edges) || got.frames != len(shown.Frames) {
				t.Fatalf("%s: %d nodes, %d edges, %d frames; want %d, %d, %d\n%s", v.name, got.nodes, got.edges, got.frames,
					len(shown.Nodes), len(shown.Edges), len(shown.Frames), b.String())
			}
		}
	})
}

// A drawn counts what a DOT file holds.
type drawn struct{ nodes, edges, frames int }

// readDOT reads the part of Graphviz's language that DOT writes: quoted strings and
// HTML-like labels as Graphviz's own scanner delimits them, and the statements
// around them, which must look like ours.
func readDOT(text string) (d drawn, err error) {
	var b strings.Builder // the text with q for a string, h for a label
	for i := 0; i < len(text); {
		switch text[i] {
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return d, errors.New("a string does not end")
			}
			if strings.ContainsAny(text[i:end], "\n\x00") {
				return d, fmt.Errorf("a string over several lines: %q", text[i:end])
			}
			b.WriteByte('q')
			i = end + 1
		case '<':
			end, depth := i+1, 1
			for end < len(text) && depth > 0 {
				switch text[end] {
				case '<':
					depth++
				case '>':
					depth--
				}
				end++
			}
			if depth > 0 {
				return d, errors.New("a label does not end")
			}
			if err := wellFormed(text[i+1 : end-1]); err != nil {
				return d, err
			}
			b.WriteByte('h')
			i = end
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "q -> q ["):
			d.edges++
		case strings.HasPrefix(line, "q ["):
			d.nodes++
		case strings.HasPrefix(line, "subgraph q {"):
			d.frames++
		case line == "}", line == "digraph access {", strings.HasPrefix(line, "graph ["), strings.HasPrefix(line, "node ["),
			strings.HasPrefix(line, "edge ["), strings.HasPrefix(line, "labelloc="), strings.HasPrefix(line, "label=h;"):
		default:
			return d, fmt.Errorf("what is this: %s", line)
		}
	}
	return d, nil
}

func wellFormed(label string) error {
	dec := xml.NewDecoder(strings.NewReader("<l>" + label + "</l>"))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("a label is not well-formed: %w\n%s", err, label)
		}
		if e, ok := token.(xml.StartElement); ok {
			switch e.Name.Local {
			case "l", "TABLE", "TR", "TD", "FONT", "B", "BR":
			default:
				return fmt.Errorf("a label holds <%s>", e.Name.Local)
			}
		}
	}
}
