package explorer

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"

	"pathfinder/render"
	"pathfinder/render/explorer/internal/place"
	"pathfinder/render/view"
)

// The script and the styles of the page, as web/build.mjs made them.
//
//go:embed assets/explorer.js
var script string

//go:embed assets/explorer.css
var styles string

//go:embed assets/LICENSES.txt
var licenses string

// Options say how a page is used.
type Options struct {
	// Server says that pathfinder serves the page, and answers its questions
	// under /api. Otherwise the page asks nobody.
	Server bool
}

// pageData is what the page knows, in the form of the server's answers, but packed.
type pageData struct {
	Server    bool                  `json:"server"`
	View      packed                `json:"view"`
	Positions map[string][2]float64 `json:"positions"`
}

// Page writes the page that shows v.
func Page(w io.Writer, v *view.View, o Options) error {
	// json escapes <, > and &, and U+2028 and U+2029, so nothing in the data ends
	// the block or begins another.
	data, err := json.Marshal(pageData{Server: o.Server, View: pack(v), Positions: Positions(v)})
	if err != nil {
		return fmt.Errorf("data of the page: %w", err)
	}
	title := "pathfinder"
	if v.Title != "" {
		title = v.Title + " · pathfinder"
	}
	for _, part := range []string{
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		"<meta http-equiv=\"Content-Security-Policy\" content=\"", Policy(o), "\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		"<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
		"<title>", html.EscapeString(windowTitle(title)), "</title>\n<style>", styles, "</style>\n</head>\n<body>\n",
		"<noscript>This page shows a graph by a script that stands in it; nothing is loaded from elsewhere. Allow scripts to see it.</noscript>\n",
		"<div id=\"app\"></div>\n<script type=\"application/json\" id=\"licenses\">", jsonText(licenses), "</script>\n",
		"<script type=\"application/json\" id=\"data\">", string(data), "</script>\n",
		"<script>", script, "</script>\n</body>\n</html>\n",
	} {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}

// Policy is the Content-Security-Policy of a page: its own script and styles,
// pictures that it makes itself, and nothing else. A served page also asks the
// server that it came from.
func Policy(o Options) string {
	connect := "'none'"
	if o.Server {
		connect = "'self'"
	}
	return "default-src 'none'; script-src " + hashOf(script) + "; style-src " + hashOf(styles) +
		"; img-src data: blob:; connect-src " + connect + "; base-uri 'none'; form-action 'none'"
}

// hashOf is the source expression that permits exactly this text.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // a string can't fail
	}
	return string(b)
}

// titleLength bounds the title of the window, in characters.
const titleLength = 200

// windowTitle keeps a title of any text short and printable.
func windowTitle(s string) string {
	if r := []rune(render.Clean(s)); len(r) > titleLength {
		return string(r[:titleLength]) + "…"
	}
	return render.Clean(s)
}

// Positions says where the page shows each node of a view, by its id; y grows
// downwards. The same view gives the same positions.
func Positions(v *view.View) map[string][2]float64 {
	layout := place.Of(v)
	at := make(map[string][2]float64, len(v.Nodes))
	for i := range v.Nodes {
		if _, twice := at[v.Nodes[i].ID]; !twice {
			at[v.Nodes[i].ID] = [2]float64{layout.Nodes[i].X, layout.Nodes[i].Y}
		}
	}
	return at
}
