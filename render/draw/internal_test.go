package draw

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-graphviz"
	"github.com/google/go-cmp/cmp"

	"pathfinder/render"
	"pathfinder/render/internal/rendertest"
)

// The folder of native code is used only when nobody else can write to it.
func TestCacheIsPrivate(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs XDG_CACHE_HOME and permission bits")
	}
	base := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", base)
	dir := filepath.Join(base, "pathfinder")
	cache := compilationCache()
	if cache == nil {
		t.Fatal("no cache in a fresh folder")
	}
	if err := cache.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "graphviz"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(filepath.Join(dir, "graphviz"), 0o770); err != nil { //nolint:gosec // the point of the test
		t.Fatal(err)
	}
	if compilationCache() != nil {
		t.Error("a folder that the group can write to is used")
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), dir); err != nil {
		t.Fatal(err)
	}
	if compilationCache() != nil {
		t.Error("a link is followed")
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if compilationCache() != nil {
		t.Error("a cache without a home")
	}
}

// The layout is that of go-graphviz, though its Go code is not in the program.
func TestSameAsGoGraphviz(t *testing.T) {
	t.Parallel()
	var dot, theirs bytes.Buffer
	if err := render.DOT(&dot, rendertest.View(), rendertest.Options); err != nil {
		t.Fatal(err)
	}
	ours, err := layout(t.Context(), dot.Bytes(), "svg")
	if err != nil {
		t.Fatal(err)
	}
	g, err := graphviz.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	graph, err := graphviz.ParseBytes(dot.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Render(t.Context(), graph, graphviz.SVG, &theirs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(theirs.String(), string(ours)); diff != "" {
		t.Errorf("differs from go-graphviz (-theirs +ours):\n%s", diff)
	}
}

// Every glyph is drawn, within its box; and only the cell of a glyph is taken for one.
func TestGlyphs(t *testing.T) {
	t.Parallel()
	for g := render.NoGlyph + 1; g <= render.GlyphResource; g++ {
		if len(glyphs[g]) == 0 {
			t.Errorf("glyph %d is not drawn", g)
		}
		for _, s := range glyphs[g] {
			c := s.circle
			for _, p := range append([]float64{c[0] - c[2], c[0] + c[2], c[1] - c[2], c[1] + c[2]}, s.points...) {
				if p < 0 || p > 16 {
					t.Errorf("glyph %d leaves its box at %v", g, p)
				}
			}
		}
	}
	doc, err := svg(t.Context(), rendertest.View(), rendertest.Options)
	if err != nil {
		t.Fatal(err)
	}
	if n, nodes := strings.Count(string(doc), `stroke-width="1.2"`), len(rendertest.View().Nodes); n < nodes {
		t.Errorf("%d strokes of glyphs for %d nodes", n, nodes)
	}
	for _, m := range regexp.MustCompile(`<(?:polygon|path|ellipse|polyline) fill="([^"]*)"`).FindAllStringSubmatch(string(doc), -1) {
		if _, _, ok := render.GlyphIn(m[1]); ok {
			t.Errorf("what is filled with %s is still the cell of a glyph", m[1])
		}
	}
}

func TestLayoutErrors(t *testing.T) {
	t.Parallel()
	for _, dot := range []string{"", "digraph {", `digraph { a [label=<<B>x</TD>>] }`} {
		if out, err := layout(t.Context(), []byte(dot), "svg"); err == nil {
			t.Errorf("%q drew %q", dot, out)
		}
	}
}

func TestPaintErrors(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		"", "<g/>", "<svg/>", `<svg viewBox="0 0 x 1"/>`, `<svg viewBox="0 0 0 0"/>`, `<svg viewBox="0 0 9 9"><path d="M0,0"/></svg>`,
		`<svg viewBox="0 0 9 9"><path d="M0,0C1,1"/></svg>`, `<svg viewBox="0 0 9 9"><polygon points="0,x"/></svg>`,
		`<svg viewBox="0 0 9 9"><ellipse cx="1"/></svg>`, `<svg viewBox="0 0 9 9"><text x="1">a</text></svg>`,
		`<svg viewBox="0 0 9 9"><text x="1" y="1" font-size="x">a</text></svg>`, `<svg viewBox="0 0 9 9"><g transform="translate(1)"/></svg>`,
		`<svg viewBox="0 0 9 9"><polygon points="0,0 1,1" stroke="black" stroke-width="x"/></svg>`,
		`<svg viewBox="0 0 9 9"><polygon points="0,0 1,1" stroke="black" stroke-dasharray="x"/></svg>`, `<svg viewBox="0 0 9 9">`,
	} {
		var out bytes.Buffer
		if err := paint(&out, []byte(doc)); err == nil {
			t.Errorf("%s was painted", doc)
		}
	}
}
