package explorer

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"strings"
	"time"

	"pathfinder/render"
	"pathfinder/render/glyph"
	"pathfinder/render/view"
)

//go:embed assets/explorer.js
var script string

//go:embed assets/explorer.css
var style string

//go:embed assets/LICENSES.txt
var licenses string

// Options say how a page is used.
type Options struct {
	Accounts map[string]string // names of accounts by id
	// Server says that the page is served by package serve, and asks it; otherwise it
	// answers from the view that it holds.
	Server bool
}

// Page writes the page with a view.
func Page(w io.Writer, v *view.View, o Options) error {
	data, err := json.Marshal(page{
		View: Encode(v), Accounts: used(v, o), Server: o.Server, Glyphs: glyphs(), GlyphOf: glyphNumbers(),
	})
	if err != nil {
		return err
	}
	// Marshal escapes <, > and &, so that nothing in the data ends its element.
	_, err = strings.NewReplacer(
		"{{policy}}", Policy(o.Server), "{{title}}", text(v.Title), "{{taken}}", text(takenLine(v)), "{{gaps}}", gaps(v),
		"{{style}}", style, "{{script}}", script, "{{data}}", string(data), "{{licenses}}", html.EscapeString(licenses),
	).WriteString(w, body)
	return err
}

// Policy returns the Content Security Policy of the page: its own script and style
// sheet by their hashes, and, when it is served, requests to its server.
func Policy(server bool) string {
	connect := "'none'"
	if server {
		connect = "'self'"
	}
	return "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(style) + "; img-src data: blob:; connect-src " + connect +
		"; base-uri 'none'; form-action 'none'"
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func text(s string) string { return html.EscapeString(render.Clean(s)) }

func takenLine(v *view.View) string {
	if v.Taken.IsZero() {
		return ""
	}
	return "Snapshot of " + v.Taken.UTC().Format(time.DateTime) + " UTC"
}

// maxGaps is how many gaps the page lists.
const maxGaps = 50

// gaps says what is not known.
func gaps(v *view.View) string {
	if v.Complete {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<details class="warn"><summary>Incomplete: what is not known could add access, or take it away</summary><ul>`)
	for i, s := range v.Unknown {
		if i == maxGaps {
			b.WriteString("<li>and more</li>")
			break
		}
		b.WriteString("<li>" + text(s) + "</li>")
	}
	b.WriteString("</ul></details>")
	return b.String()
}

// page is the data of the page.
type page struct {
	View     *Data             `json:"view"`
	Accounts map[string]string `json:"accounts"`
	Server   bool              `json:"server"`
	Glyphs   [][]stroke        `json:"glyphs"`  // by number
	GlyphOf  map[string]int    `json:"glyphOf"` // numbers by kind and type
}

// used returns the names of accounts that the view needs; all when it is served.
func used(v *view.View, o Options) map[string]string {
	if o.Server {
		return o.Accounts
	}
	out := map[string]string{}
	for i := range v.Nodes {
		if id := v.Nodes[i].Account; o.Accounts[id] != "" {
			out[id] = o.Accounts[id]
		}
	}
	return out
}

// A stroke is a line of a glyph: points, or a circle when r is not 0.
type stroke struct {
	P      []float64 `json:"p,omitempty"`
	Closed bool      `json:"closed,omitempty"`
	X      float64   `json:"x,omitempty"`
	Y      float64   `json:"y,omitempty"`
	R      float64   `json:"r,omitempty"`
}

func glyphs() [][]stroke {
	out := make([][]stroke, glyph.Last+1)
	for g := range out {
		for _, s := range glyph.Strokes(glyph.Glyph(g)) {
			out[g] = append(out[g], stroke{s.Points, s.Closed, s.Circle[0], s.Circle[1], s.Circle[2]})
		}
	}
	return out
}

func glyphNumbers() map[string]int {
	out := map[string]int{}
	for _, name := range glyph.Names() {
		out[name] = int(glyph.Of(name, name))
	}
	return out
}
