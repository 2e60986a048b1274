package explorer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pathfinder/render/explorer"
	"pathfinder/render/internal/rendertest"
	"pathfinder/render/view"
)

func pageOf(tb testing.TB, v *view.View, o explorer.Options) string {
	tb.Helper()
	var b bytes.Buffer
	if err := explorer.Page(&b, v, o); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// between is what stands between two texts.
func between(tb testing.TB, s, from, to string) string {
	tb.Helper()
	_, s, ok1 := strings.Cut(s, from)
	s, _, ok2 := strings.Cut(s, to)
	if !ok1 || !ok2 {
		tb.Fatalf("the page lacks %q or %q", from, to)
	}
	return s
}

// The page permits its own script and styles by what they are, and nothing else.
func TestPolicy(t *testing.T) {
	t.Parallel()
	for _, server := range []bool{false, true} {
		o := explorer.Options{Server: server}
		page := pageOf(t, rendertest.View(), o)
		policy := between(t, page, `<meta http-equiv="Content-Security-Policy" content="`, `">`)
		if policy != explorer.Policy(o) {
			t.Errorf("the page says %q, Policy %q", policy, explorer.Policy(o))
		}
		connect := map[bool]string{false: "connect-src 'none'", true: "connect-src 'self'"}[server]
		for _, want := range []string{
			"default-src 'none'", connect, "base-uri 'none'", "form-action 'none'",
			"script-src " + source(between(t, page, "<script>", "</script>")) + ";", "style-src " + source(between(t, page, "<style>", "</style>")) + ";",
		} {
			if !strings.Contains(policy, want) {
				t.Errorf("the policy %q lacks %q", policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("the policy %q is not strict", policy)
		}
	}
}

func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// handler is an attribute that runs something.
var handler = regexp.MustCompile(`\son[a-z]+\s*=`)

// Outside its script a page is the same markup whatever the view says, and its
// data is the view.
func checkPage(tb testing.TB, v *view.View) {
	tb.Helper()
	page := pageOf(tb, v, explorer.Options{})
	raw := between(tb, page, `<script type="application/json" id="data">`, "</script>\n<script>")
	if strings.ContainsAny(raw, "<>&\u2028\u2029") {
		tb.Error("the data holds characters that markup is made of")
	}
	head := between(tb, page, "<title>", "</title>")
	if strings.ContainsAny(head, "<>\"'\n\r\x00") {
		tb.Errorf("the title is %q", head)
	}
	markup := strings.NewReplacer(raw, "", head, "", between(tb, page, "<style>", "</style>"), "", between(tb, page, "\n<script>", "</script>"), "").Replace(page)
	if got := strings.Count(markup, "<script"); got != 3 || handler.MatchString(markup) {
		tb.Errorf("the markup has %d scripts, or a handler", got)
	}
	var data struct {
		View struct {
			Nodes []view.Node `json:"nodes"`
			Edges []struct {
				From, To string
			} `json:"edges"`
		} `json:"view"`
		Positions map[string][2]float64 `json:"positions"`
	}
	if err := json.Unmarshal([]byte(raw), &data); err != nil {
		tb.Fatal(err)
	}
	if len(data.View.Nodes) != len(v.Nodes) || len(data.View.Edges) != len(v.Edges) {
		tb.Fatalf("%d nodes and %d edges, not %d and %d", len(data.View.Nodes), len(data.View.Edges), len(v.Nodes), len(v.Edges))
	}
	for i := range v.Nodes {
		if got, want := data.View.Nodes[i].ID, decoded(tb, v.Nodes[i].ID); got != want {
			tb.Errorf("node %d is %q, not %q", i, got, want)
		}
		if _, ok := data.Positions[data.View.Nodes[i].ID]; !ok {
			tb.Errorf("node %q has no position", data.View.Nodes[i].ID)
		}
	}
	for i := range v.Edges {
		if got, want := data.View.Edges[i].From, decoded(tb, v.Edges[i].From); got != want {
			tb.Errorf("edge %d leaves %q, not %q", i, got, want)
		}
	}
}

// decoded is a text after it was JSON, which has no bytes that are no UTF-8.
func decoded(tb testing.TB, s string) (out string) {
	tb.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		tb.Fatal(err)
	}
	return out
}

func FuzzPage(f *testing.F) {
	for _, s := range []string{"", "x", "</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "\xff\xfe", "&lt;&amp;", "\x00\r\n", rendertest.Hostile, strings.Repeat("<", 1000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkPage(t, nasty(s)) })
}

func TestSamePage(t *testing.T) {
	t.Parallel()
	first := pageOf(t, acme(t), explorer.Options{})
	if again := pageOf(t, acme(t), explorer.Options{}); first != again {
		t.Error("the same view gives different pages")
	}
}

// The committed bundle is made from the sources beside it: web/build.mjs writes
// their hash into it.
func TestBundleIsUpToDate(t *testing.T) {
	t.Parallel()
	names := []string{"build.mjs", "package.json", "package-lock.json"}
	files, err := os.ReadDir("web/src")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, "src/"+f.Name())
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("web", name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(hash, "%s %d\n", name, len(text))
		hash.Write(text)
	}
	want := "sources " + hex.EncodeToString(hash.Sum(nil)) + " "
	for _, asset := range []string{"assets/explorer.js", "assets/explorer.css"} {
		text, err := os.ReadFile(asset)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(text), "\n"); !strings.Contains(first, want) {
			t.Errorf("%s is not made from web/src as it is now: cd render/explorer/web && npm ci && npm run build", asset)
		}
	}
}

// What is never used, so that no text can become markup or script.
func TestNoMarkupFromTexts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("web/src/*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d sources, %v", len(files), err)
	}
	for _, file := range append(files, "assets/explorer.js") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc", "javascript:"} {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("%s has %s", file, word)
			}
		}
	}
}
