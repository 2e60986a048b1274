package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"pathfinder/render"
	"pathfinder/render/export"
	"pathfinder/render/internal/rendertest"
	"pathfinder/render/view"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file  string
		write func(io.Writer, *view.View) error
	}{
		{"graph.mmd", export.Mermaid},
		{"graph.graphml", export.GraphML},
		{"graph.gexf", export.GEXF},
		{"graph.jgf.json", export.JGF},
		{"graph.opengraph.json", export.OpenGraph},
		{"graph.neo4j.txt", unzipped},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			var got, again bytes.Buffer
			if err := errors.Join(tt.write(&got, rendertest.View().Fold(2)), tt.write(&again, rendertest.View().Fold(2))); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), again.Bytes()) {
				t.Error("the same view gives other bytes")
			}
			golden := filepath.Join("testdata", tt.file)
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// unzipped writes the files of the zip one after the other.
func unzipped(w io.Writer, v *view.View) error {
	files, err := neo4j(v)
	if err != nil {
		return err
	}
	for _, name := range []string{"nodes.csv", "edges.csv", "load.cypher"} {
		fmt.Fprintf(w, "== %s\n%s", name, files[name])
	}
	return nil
}

func neo4j(v *view.View) (map[string]string, error) {
	var b bytes.Buffer
	if err := export.Neo4j(&b, v); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		files[f.Name] = string(text)
	}
	return files, nil
}

// hostile are texts to begin with.
func hostile(f *testing.F) {
	for _, s := range []string{
		rendertest.Hostile, `=HYPERLINK("http://x")`, "</data><script>", "a\u202eb", "\x00", "\xff\xfe", strings.Repeat("W", 1<<16), "読み取り", "", "end", "a;b\\;c",
		"'=1", "`]|", `\\"`, `a\\`, "%%{init}%%", "#35;", "]]>", "\u2028", "a\r\nb", "--", "```",
	} {
		f.Add(s)
	}
}

// written writes the view of a hostile text, unless it can't be written.
func written(t *testing.T, s string, write func(io.Writer, *view.View) error) (*view.View, []byte) {
	t.Helper()
	v := rendertest.HostileView(s)
	var b bytes.Buffer
	if err := write(&b, v); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(b.Bytes()) {
		t.Fatalf("not UTF-8: %q", b.Bytes())
	}
	return v, b.Bytes()
}

// joined fails unless there are as many nodes and edges as in the view, the ids of
// nodes differ, and edges lead between them.
func joined(t *testing.T, v *view.View, nodes []string, edges [][2]string) {
	t.Helper()
	if len(nodes) != len(v.Nodes) || len(edges) != len(v.Edges) {
		t.Fatalf("%d nodes and %d edges of %d and %d", len(nodes), len(edges), len(v.Nodes), len(v.Edges))
	}
	at := map[string]int{}
	for i, n := range nodes {
		at[n] = i
	}
	if len(at) != len(nodes) {
		t.Fatalf("ids are the same: %q", nodes)
	}
	for i, e := range edges {
		from, ok := at[e[0]]
		to, ok2 := at[e[1]]
		if !ok || !ok2 || v.Nodes[from].ID != v.Edges[i].From || v.Nodes[to].ID != v.Edges[i].To {
			t.Fatalf("edge %d leads from %q to %q", i, e[0], e[1])
		}
	}
}

func FuzzGraphML(f *testing.F) {
	hostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		v, doc := written(t, s, export.GraphML)
		var g struct {
			Keys []struct {
				ID string `xml:"id,attr"`
			} `xml:"key"`
			Nodes []xmlNode `xml:"graph>node"`
			Edges []xmlEdge `xml:"graph>edge"`
		}
		if err := xml.Unmarshal(doc, &g); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		keys := map[string]bool{}
		for _, k := range g.Keys {
			keys[k.ID] = true
		}
		names := map[string]bool{}
		for _, n := range g.Nodes {
			for _, d := range n.Data {
				if !keys[d.Key] {
					t.Fatalf("there is no key %q", d.Key)
				}
				if d.Key == "n.name" {
					names[d.Text] = true
				}
				shows(t, d.Text)
			}
		}
		if len(names) != len(v.Nodes) && s != "" {
			t.Fatalf("%d names of %d nodes", len(names), len(v.Nodes))
		}
		xmlJoined(t, v, g.Nodes, g.Edges)
	})
}

func FuzzGEXF(f *testing.F) {
	hostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		v, doc := written(t, s, export.GEXF)
		var g struct {
			Nodes []xmlNode `xml:"graph>nodes>node"`
			Edges []xmlEdge `xml:"graph>edges>edge"`
		}
		if err := xml.Unmarshal(doc, &g); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		for _, n := range g.Nodes {
			shows(t, n.Label)
			for _, d := range n.Values {
				shows(t, d.Value)
			}
		}
		xmlJoined(t, v, g.Nodes, g.Edges)
	})
}

type xmlNode struct {
	ID    string `xml:"id,attr"`
	Label string `xml:"label,attr"`
	Data  []struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	} `xml:"data"`
	Values []struct {
		Value string `xml:"value,attr"`
	} `xml:"attvalues>attvalue"`
}

type xmlEdge struct {
	Source string `xml:"source,attr"`
	Target string `xml:"target,attr"`
}

func xmlJoined(t *testing.T, v *view.View, nodes []xmlNode, edges []xmlEdge) {
	t.Helper()
	var ids []string
	var ends [][2]string
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	for _, e := range edges {
		ends = append(ends, [2]string{e.Source, e.Target})
	}
	joined(t, v, ids, ends)
}

// shows fails when a text holds what does not show.
func shows(t *testing.T, s string) {
	t.Helper()
	if s != render.Clean(s) {
		t.Fatalf("%q is not clean", s)
	}
}

func FuzzJGF(f *testing.F) {
	hostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		v, doc := written(t, s, export.JGF)
		var g struct {
			Graph struct {
				Nodes map[string]json.RawMessage
				Edges []struct{ Source, Target, Relation string }
			}
		}
		if err := json.Unmarshal(doc, &g); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		if bytes.ContainsAny(doc, "<>") {
			t.Fatal("it could end a script")
		}
		if len(g.Graph.Nodes) != len(v.Nodes) || len(g.Graph.Edges) != len(v.Edges) {
			t.Fatalf("%d nodes and %d edges", len(g.Graph.Nodes), len(g.Graph.Edges))
		}
		for _, e := range g.Graph.Edges {
			if g.Graph.Nodes[e.Source] == nil || g.Graph.Nodes[e.Target] == nil {
				t.Fatalf("an edge from %q to %q", e.Source, e.Target)
			}
		}
	})
}

// The rules of BloodHound's schema: kinds of letters, digits and underscores, at most
// three of them, and properties without objects.
func FuzzOpenGraph(f *testing.F) {
	hostile(f)
	kind := regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		v, doc := written(t, s, export.OpenGraph)
		var g struct {
			Metadata struct {
				SourceKind string `json:"source_kind"`
			}
			Graph struct {
				Nodes []struct {
					ID         string
					Kinds      []string
					Properties map[string]any
				}
				Edges []struct {
					Kind       string
					Start, End struct {
						Value   string
						MatchBy string `json:"match_by"`
					}
					Properties map[string]any
				}
			}
		}
		if err := json.Unmarshal(doc, &g); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		var ids []string
		var ends [][2]string
		last := len(g.Graph.Nodes) - 1
		if n := g.Graph.Nodes[last]; n.ID != "pathfinder snapshot" || n.Properties["complete"] != v.Complete {
			t.Fatalf("the last node is %+v", n)
		}
		flat(t, g.Graph.Nodes[last].Properties)
		for _, n := range g.Graph.Nodes[:last] {
			ids = append(ids, n.ID)
			if len(n.Kinds) < 1 || len(n.Kinds) > 3 || slices.ContainsFunc(n.Kinds, func(k string) bool { return !kind.MatchString(k) }) {
				t.Fatalf("kinds %q", n.Kinds)
			}
			flat(t, n.Properties)
		}
		for _, e := range g.Graph.Edges {
			ends = append(ends, [2]string{e.Start.Value, e.End.Value})
			if !kind.MatchString(e.Kind) || e.Start.MatchBy != "id" || e.End.MatchBy != "id" {
				t.Fatalf("edge %+v", e)
			}
			flat(t, e.Properties)
		}
		joined(t, v, ids, ends)
	})
}

func flat(t *testing.T, properties map[string]any) {
	t.Helper()
	for name, v := range properties {
		if name != strings.ToLower(name) {
			t.Fatalf("a property %q", name)
		}
		switch x := v.(type) {
		case string:
			shows(t, x)
		case float64, bool:
		case []any:
			for _, one := range x {
				text, ok := one.(string)
				if !ok {
					t.Fatalf("%s holds %v", name, one)
				}
				shows(t, text)
			}
		default:
			t.Fatalf("%s is %T", name, v)
		}
	}
}

func FuzzNeo4j(f *testing.F) {
	hostile(f)
	safe := regexp.MustCompile(`^[A-Za-z0-9_;]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		v := rendertest.HostileView(s)
		files, err := neo4j(v)
		if err != nil {
			t.Fatal(err)
		}
		read := func(name string) [][]string {
			rows, err := csv.NewReader(strings.NewReader(files[name])).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, row := range rows[1:] {
				for _, cell := range row {
					shows(t, cell)
					if cell != render.Cell(cell) {
						t.Fatalf("a spreadsheet takes %q for a formula", cell)
					}
					if strings.Contains(cell, `\"`) || strings.HasSuffix(cell, `\`) {
						t.Fatalf("LOAD CSV takes the backslash in %q for an escape", cell)
					}
				}
			}
			return rows[1:]
		}
		var ids []string
		var ends [][2]string
		for _, row := range read("nodes.csv") {
			ids = append(ids, row[0])
			if !safe.MatchString(row[1]) {
				t.Fatalf("label %q", row[1])
			}
		}
		for _, row := range read("edges.csv") {
			ends = append(ends, [2]string{row[0], row[1]})
			if !safe.MatchString(row[2]) {
				t.Fatalf("type %q", row[2])
			}
		}
		joined(t, v, ids, ends)
		// Nothing of a name is in the script: it is the same but for labels and types.
		for line := range strings.Lines(files["load.cypher"]) {
			if strings.ContainsFunc(line, func(r rune) bool { return r > 0x7e || r < ' ' && r != '\n' }) {
				t.Fatalf("the script holds %q", line)
			}
		}
	})
}

// mermaidLine is what a line of a chart looks like: outside of quotes there is
// nothing of a name.
var mermaidLine = regexp.MustCompile(`^(---|title: q|flowchart LR|note\d+>q\]|subgraph f\d+ \[q\]|end|n\d+(\(q\)|\{\{q\}\}|\[\(q\)\]|\(\(q\)\)|\[\[q\]\]|\[/q/\]|\[\\q/\]|\[q\])|` +
	`n\d+ (-->|-\.->|---|==>)\|q\| n\d+|classDef kind\w* fill:#fff,stroke:#\w{6},color:#1A202C|class n\d+(,n\d+)* kind\w*)$`)

func FuzzMermaid(f *testing.F) {
	hostile(f)
	quoted := regexp.MustCompile(`"[^"]*"`)
	plain := regexp.MustCompile(`^"([a-zA-Z0-9 .,:/@+=…×-]|[^\x00-\x7f]|#\d+;)+"$`)
	f.Fuzz(func(t *testing.T, s string) {
		v, doc := written(t, s, export.Mermaid)
		nodes, edges := 0, 0
		for line := range strings.Lines(string(doc)) {
			line = strings.TrimSpace(line)
			bare := quoted.ReplaceAllStringFunc(line, func(q string) string {
				if !plain.MatchString(q) {
					t.Fatalf("a text %s", q)
				}
				return "q"
			})
			if !mermaidLine.MatchString(bare) {
				t.Fatalf("what is this: %s", line)
			}
			switch {
			case strings.Contains(bare, "|q|"):
				edges++
			case strings.HasPrefix(bare, "n") && !strings.HasPrefix(bare, "note"):
				nodes++
			}
		}
		if nodes != len(v.Nodes) || edges != len(v.Edges) {
			t.Fatalf("%d nodes and %d edges of %d and %d\n%s", nodes, edges, len(v.Nodes), len(v.Edges), doc)
		}
	})
}
