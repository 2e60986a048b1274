package explorer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"pathfinder/render/explorer"
	"pathfinder/render/internal/rendertest"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// placed is a view as a server sends it.
type placed struct {
	*view.View
	Positions map[string][2]float64 `json:"positions"`
}

// serve answers as pathfinder serve does, about the sample of the renderers.
func serve(tb testing.TB) string {
	tb.Helper()
	v := rendertest.View()
	drawn := placed{v, explorer.Positions(v)}
	reply := func(w http.ResponseWriter, code int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			tb.Error(err)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		if err := explorer.Page(w, &view.View{Title: "acme", Notes: []string{}, Unknown: []string{}}, explorer.Options{Server: true}); err != nil {
			tb.Error(err)
		}
	})
	mux.HandleFunc("GET /favicon.ico", http.NotFound)
	mux.HandleFunc("GET /api/meta", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"title": "acme", "complete": false, "unknown": []string{"account 7: not read"}, "nodes": 5, "accounts": []map[string]string{{"id": "111111111111", "name": "people"}}})
	})
	mux.HandleFunc("GET /api/search", func(w http.ResponseWriter, r *http.Request) {
		var matches []view.Node
		for _, n := range v.Nodes {
			if strings.Contains(n.ID, r.FormValue("q")) {
				matches = append(matches, n)
			}
		}
		reply(w, http.StatusOK, map[string]any{"matches": matches, "more": 0})
	})
	mux.HandleFunc("GET /api/around", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, drawn) })
	mux.HandleFunc("GET /api/who-can", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("resource") != bucket {
			reply(w, http.StatusNotFound, map[string]string{"error": "no resource is called <b>" + r.FormValue("resource")})
			return
		}
		reply(w, http.StatusOK, map[string]any{"answer": rendertest.WhoCan(), "view": drawn})
	})
	mux.HandleFunc("GET /api/can", func(w http.ResponseWriter, _ *http.Request) {
		access := rendertest.Access()[:1]
		access[0].Resource = "*"
		reply(w, http.StatusOK, map[string]any{"answer": &solver.CanAnswer{Pathfinder: "can/1", Principal: access[0].Principal, Access: access, Complete: true, Notes: []solver.Gap{{What: "s3:GetObjct", Why: "<i>did you mean"}}}, "view": drawn})
	})
	s := httptest.NewServer(mux)
	tb.Cleanup(s.Close)
	return s.URL + "/"
}

// Served, the page asks the server, and shows what it says.
func TestServed(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	base := serve(t)
	tab := open(t, ctx, base)
	if got := tab.text("header"); !strings.Contains(got, "not complete: 1 thing not known") {
		t.Errorf("the header says %q", got)
	}
	tab.slash()
	tab.press("ana")
	tab.until(`document.querySelectorAll("[role=option]").length > 0`)
	tab.press(kb.Enter)
	tab.until(`explorer.selected !== null`)
	if got := tab.text("#details"); !strings.Contains(got, "arn:aws:iam::111111111111:user/ana") || !strings.Contains(got, "people") {
		t.Errorf("the details say %q", got)
	}
	answer := eval[string](tab, `explorer.ask({kind: "who", a: "", b: "`+bucket+`", action: "s3:Get*"}).then(() => document.querySelector("#answer").innerText)`)
	for _, want := range []string{"Decided by the server, exactly.", "ana"} {
		if !strings.Contains(answer, want) {
			t.Errorf("the answer says %q, without %q", answer, want)
		}
	}
	details := eval[string](tab, `(() => { [...document.querySelectorAll("#answer .rows button")][1].click(); return document.querySelector("#details").innerText; })()`)
	for _, want := range []string{"sts:ExternalId", "aws:SourceIp", "assume-role", "low confidence", "secret/*"} {
		if !strings.Contains(details, want) {
			t.Errorf("the access says %q, without %q", details, want)
		}
	}
	// What is on no particular resource is not taken for everybody, whose id is "*".
	if eval[bool](tab, `document.querySelector("#answer .notes") !== null`) != (len(rendertest.WhoCan().Notes) > 0) {
		t.Error("there are notes where the answer has none, or none where it has some")
	}
	none := eval[string](tab, `explorer.ask({kind: "what", a: "arn:aws:iam::111111111111:user/ana", b: "", action: ""}).then(() => document.querySelector("#answer .rows").innerText)`)
	if !strings.Contains(none, "no particular resource") || strings.Contains(none, "everybody") {
		t.Errorf("the row says %q", none)
	}
	if said := eval[string](tab, `(() => { document.querySelector("#answer .notes").open = true; return document.querySelector("#answer .notes").innerText; })()`); !strings.Contains(said, "1 note") || !strings.Contains(said, "s3:GetObjct: <i>did you mean") {
		t.Errorf("the notes say %q", said)
	}
	lit := eval[[]string](tab, `(() => { document.querySelector("#answer .rows button").click(); return [...explorer.lit.nodes].map((n) => explorer.model.nodes[n].id); })()`)
	if len(lit) != 1 || lit[0] != "arn:aws:iam::111111111111:user/ana" {
		t.Errorf("lit are %q", lit)
	}
	wrong := eval[string](tab, `explorer.ask({kind: "who", a: "", b: "nothing", action: ""}).then(() => document.querySelector("#answer").innerText)`)
	if want := "no resource is called <b>nothing"; wrong != want {
		t.Errorf("the error is shown as %q, not %q", wrong, want)
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	for _, w := range tab.wrong {
		// The browser remarks on the answer 404 that was asked for.
		if !strings.HasPrefix(w, "request: "+base+"api/") && !strings.HasPrefix(w, "request: "+base+"favicon.ico") && !strings.Contains(w, "404") {
			t.Error(w)
		}
	}
}
