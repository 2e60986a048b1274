package draw_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pathfinder/render"
	"pathfinder/render/draw"
	"pathfinder/render/internal/rendertest"
	"pathfinder/render/view"
	"pathfinder/solver"
)

func TestSVG(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		view  *view.View
		shows []string
	}{
		{name: "sample", view: rendertest.View(), shows: []string{">ben.the.builder@example.com<", "> if aws:SourceIp <", ">people<", ">111111111111<", ">777777777777 outside the snapshot<"}},
		{name: "nothing", view: &view.View{Title: "nobody", Complete: true}, shows: []string{">nobody<"}},
		{name: "hostile", view: rendertest.HostileView(rendertest.Hostile)},
		{name: "long", view: rendertest.HostileView(strings.Repeat("long", 500))},
		{name: "empty names", view: rendertest.HostileView("")},
		{name: "not UTF-8", view: rendertest.HostileView("\xff\xfe\x00")},
		{name: "64 KB", view: rendertest.HostileView(strings.Repeat("W", 1<<16))},
		{name: "like the cell of a glyph", view: rendertest.HostileView("#FDE0E8")},
		{name: "Japanese", view: rendertest.HostileView("読み取り専用")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var doc, img bytes.Buffer
			if err := draw.SVG(t.Context(), &doc, tt.view, rendertest.Options); err != nil {
				t.Fatal(err)
			}
			inert(t, doc.Bytes())
			for _, s := range tt.shows {
				if !strings.Contains(doc.String(), s) {
					t.Errorf("the SVG lacks %q", s)
				}
			}
			if err := draw.PNG(t.Context(), &img, tt.view, rendertest.Options); err != nil {
				t.Fatal(err)
			}
			if config, err := png.DecodeConfig(&img); err != nil || config.Width < 100 || config.Height < 50 {
				t.Errorf("PNG of %d × %d pixels, %v", config.Width, config.Height, err)
			}
		})
	}
}

// Graphs of any shape can be laid out: Graphviz gives up on some combinations
// of frames and attributes.
func TestAnyShape(t *testing.T) {
	t.Parallel()
	kinds := []string{"user", "role", "group", "root", "resource", "public", "service"}
	edges := []string{"assume-role", "access", "member-of", "contains"}
	nested := view.Facts{Units: map[string][]view.Frame{}}
	for i := range 5 { // the last is in no unit
		account := fmt.Sprint("00000000000", i)
		for depth := range i + 1 {
			nested.Units[account] = append(nested.Units[account], view.Frame{ID: fmt.Sprint("ou-", (i+1)/(depth+1), depth), Kind: "unit"})
		}
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test
		a := &solver.GraphAnswer{Title: fmt.Sprint("seed ", seed)}
		n := 2 + r.IntN(25)
		for i := range n {
			node := solver.GraphNode{ID: fmt.Sprint("n", i), Kind: kinds[r.IntN(len(kinds))], Focus: i == 0}
			if r.IntN(4) > 0 {
				node.Account = fmt.Sprint("00000000000", r.IntN(6))
			}
			a.Nodes = append(a.Nodes, node)
		}
		for range r.IntN(3 * n) {
			a.Edges = append(a.Edges, solver.GraphEdge{
				From: a.Nodes[r.IntN(n)].ID, To: a.Nodes[r.IntN(n)].ID, Kind: edges[r.IntN(len(edges))], Label: "label",
				Condition: rendertest.Condition("Bool", "aws:SecureTransport", "true"),
			})
		}
		v, err := view.Of(a, nested)
		if err != nil {
			t.Fatal(err)
		}
		var doc bytes.Buffer
		if err := draw.SVG(t.Context(), &doc, v, render.Options{}); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	var first []byte
	for range 2 {
		var b bytes.Buffer
		if err := draw.PNG(t.Context(), &b, rendertest.View(), rendertest.Options); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same graph gives different images")
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	large := &view.View{}
	for i := range draw.MaxNodes + 1 {
		large.Nodes = append(large.Nodes, view.Node{ID: fmt.Sprint(i), Kind: "user"})
	}
	if err := draw.SVG(t.Context(), io.Discard, large, render.Options{}); !errors.Is(err, draw.ErrTooLarge) {
		t.Errorf("%d nodes: %v", len(large.Nodes), err)
	}
	large.Nodes = large.Nodes[:2]
	large.Edges = make([]view.Edge, draw.MaxEdges+1)
	if err := draw.SVG(t.Context(), io.Discard, large, render.Options{}); !errors.Is(err, draw.ErrTooLarge) {
		t.Errorf("%d edges: %v", len(large.Edges), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := draw.SVG(ctx, io.Discard, rendertest.View(), render.Options{}); err == nil {
		t.Error("no error after the context was done")
	}
}

// script finds what a viewer could take for code outside of text.
var script = regexp.MustCompile(`(?i)<script|<foreignObject|<image|<use|<style|<!ENTITY|<!DOCTYPE`)

// inert fails when the SVG is not well-formed, or holds what a viewer would run
// or load, or characters that don't show.
func inert(t *testing.T, doc []byte) {
	t.Helper()
	if m := script.Find(doc); m != nil {
		t.Errorf("the SVG holds %q", m)
	}
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			element(t, e)
		case xml.CharData:
			if s := strings.Trim(string(e), "\n"); s != render.Clean(s) && !strings.Contains(s, "\u00a0") {
				t.Errorf("text %q", s)
			}
		}
	}
}

func element(t *testing.T, e xml.StartElement) {
	t.Helper()
	switch e.Name.Local {
	case "svg", "g", "a", "title", "polygon", "polyline", "path", "ellipse", "text":
	default:
		t.Errorf("element <%s>", e.Name.Local)
	}
	for _, a := range e.Attr {
		if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" || a.Name.Local == "style" {
			t.Errorf("attribute %s=%q of <%s>", a.Name.Local, a.Value, e.Name.Local)
		}
	}
}
