package explorer_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pathfinder/render/internal/rendertest"
)

const (
	bucket = "arn:aws:s3:::acme-prod-customer-data"
	etl    = "arn:aws:iam::900000000009:role/etl-runner"
)

// One browser is used as people use the page.
func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	page := written(t, acme(t))
	tests := []struct {
		name string
		use  func(t *tab)
		hash string
	}{
		{name: "load", use: loads},
		{name: "search", use: searches},
		{name: "ask", use: asks},
		{name: "paths", use: asksForPaths},
		{name: "expand", use: expands},
		{name: "filter", use: filters},
		{name: "export", use: exports},
		{name: "keys", use: types},
		{name: "mouse", use: points},
		{name: "deep link to a node", use: linked, hash: "#node=" + url.QueryEscape(bucket)},
		{name: "deep link to a question", use: linkedQuestion, hash: "#ask=who&only=answer&b=" + url.QueryEscape(bucket) + "&hide-kind=service"},
		{name: "a link to what is not there", use: loads, hash: "#node=nobody&ask=who&b=nothing&walk=x&filter-condition=odd"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { //nolint:paralleltest // one browser
			tab := open(t, ctx, page+test.hash)
			test.use(tab)
			tab.clean()
		})
	}
}

func loads(t *tab) {
	if got := t.text("#status"); got != "113 nodes, 131 edges" {
		t.tb.Errorf("it shows %q", got)
	}
	for _, want := range []string{"Access graph", "Snapshot of 2026-11-01 02:00:00 UTC", "complete"} {
		if got := t.text("header"); !strings.Contains(got, want) {
			t.tb.Errorf("the header says %q, without %q", got, want)
		}
	}
	if painted := eval[int](t, paintedScript); painted < 1000 {
		t.tb.Errorf("%d pixels of the nodes are painted", painted)
	}
}

// paintedScript counts the pixels of the nodes that are no background.
const paintedScript = `(() => {
	const from = document.querySelector("canvas.sigma-nodes");
	explorer.stage.sigma.render();
	const to = document.createElement("canvas");
	to.width = from.width; to.height = from.height;
	const c = to.getContext("2d");
	c.drawImage(from, 0, 0);
	return c.getImageData(0, 0, to.width, to.height).data.filter((v, i) => i % 4 === 3 && v > 0).length;
})()`

// press types into what has the focus.
func (t *tab) press(keys string) {
	t.tb.Helper()
	t.do(chromedp.KeyEvent(keys))
}

// slash presses /. The browser is told of the key and of the text that it makes
// one after the other, so that the text arrives although the key was taken.
func (t *tab) slash() {
	t.tb.Helper()
	t.press("/")
	t.do(chromedp.Evaluate[chromedp.Void](`if (document.activeElement === explorer.finder.input) explorer.finder.input.value = ""`))
}

// until waits for a condition of the page.
func (t *tab) until(script string) {
	t.tb.Helper()
	if _, err := chromedp.Run(t.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(patience))); err != nil {
		t.tb.Fatalf("%s: %v", script, err)
	}
}

func searches(t *tab) {
	t.slash()
	t.press("customer-data")
	t.until(`document.querySelectorAll("[role=option]").length > 0`)
	if got := t.text("[role=option]"); !strings.Contains(got, "acme-prod-customer-data") {
		t.tb.Errorf("the first match says %q", got)
	}
	t.press(kb.Enter)
	t.until(`explorer.selected !== null`)
	if got := t.text("#details"); !strings.Contains(got, bucket) || !strings.Contains(got, "acme-prod") {
		t.tb.Errorf("the details say %q", got)
	}
	// Each edge tells what it says when it is opened.
	t.do(chromedp.Click(chromedp.CSS("#details .edges summary")))
	t.until(`document.querySelector("#details .facts") !== null`)
	for _, want := range []string{"aws:PrincipalOrgID", "s3:GetObject", "BackupRoles", "statement 1"} {
		if got := t.text("#details"); !strings.Contains(got, want) {
			t.tb.Errorf("the details say %q, without %q", got, want)
		}
	}
	if got := eval[string](t, "location.hash"); got != "#node="+url.QueryEscape(bucket) {
		t.tb.Errorf("the address ends with %q", got)
	}
}

func asks(t *tab) {
	t.do(chromedp.SendKeys(chromedp.CSS("form .finder:nth-of-type(2) input"), "customer-data"))
	t.until(`document.querySelectorAll("[role=option]").length > 0`)
	t.press(kb.Enter)
	t.do(chromedp.Click(chromedp.CSS("form button.main")))
	t.until(`document.querySelectorAll("#answer .rows li").length > 0`)
	for _, want := range []string{"3 nodes reach acme-prod-customer-data, and 28 more possibly", "paths within this picture", "etl-runner", "possibly", "pathfinder who-can"} {
		if got := t.text("#answer"); !strings.Contains(got, want) {
			t.tb.Errorf("the answer says %q, without %q", got, want)
		}
	}
	// A row lights its path, and tells it hop by hop.
	t.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("#answer .rows button")].find((b) => b.innerText.startsWith("glue")).click()`))
	if got := eval[int](t, "explorer.lit.edges.size"); got != 2 {
		t.tb.Errorf("%d edges of the path are lit, not 2", got)
	}
	for _, want := range []string{"glue.amazonaws.com → acme-prod-customer-data", "becomes", "s3:GetObject", "only if"} {
		if got := t.text("#details"); !strings.Contains(got, want) {
			t.tb.Errorf("the details say %q, without %q", got, want)
		}
	}
}

func asksForPaths(t *tab) {
	got := eval[string](t, fmt.Sprintf(`explorer.ask({kind: "paths", a: "glue.amazonaws.com", b: %s, action: "s3:get*"}).then(() => document.querySelector("#answer h3").innerText)`, quoted(bucket)))
	if want := "1 path from glue.amazonaws.com to acme-prod-customer-data for s3:get*"; got != want {
		t.tb.Errorf("the answer is %q, not %q", got, want)
	}
	got = eval[string](t, fmt.Sprintf(`explorer.ask({kind: "paths", a: "glue.amazonaws.com", b: %s, action: "kms:Decrypt"}).then(() => document.querySelector("#answer h3").innerText)`, quoted(bucket)))
	if want := "No path from glue.amazonaws.com to acme-prod-customer-data in this picture for kms:Decrypt"; got != want {
		t.tb.Errorf("the answer is %q, not %q", got, want)
	}
}

func expands(t *tab) {
	t.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`explorer.only(explorer.model.byId.get(%s))`, quoted(bucket))))
	if got := t.text("#status"); got != "3 nodes, 2 edges of 113 nodes" {
		t.tb.Errorf("around the bucket: %q", got)
	}
	t.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`explorer.select(explorer.model.byId.get(%s))`, quoted(etl))))
	t.press("e")
	if got := t.text("#status"); got == "3 nodes, 2 edges of 113 nodes" || !strings.HasSuffix(got, "of 113 nodes") {
		t.tb.Errorf("expanded: %q", got)
	}
	t.press("a")
	if got := t.text("#status"); got != "113 nodes, 131 edges" {
		t.tb.Errorf("everything: %q", got)
	}
}

func filters(t *tab) {
	t.do(chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll(".part")) d.open = true`))
	t.do(chromedp.Click(chromedp.CSS(`[data-filter="kind-role"]`)))
	if got := eval[bool](t, `explorer.shown.size < 113 && [...explorer.shown].every((n) => explorer.model.nodes[n].kind !== "role")`); !got {
		t.tb.Error("roles are shown though they are filtered out")
	}
	if got := t.text("#status"); !strings.Contains(got, "hidden by filters") {
		t.tb.Errorf("the status is %q", got)
	}
	t.do(chromedp.Evaluate[chromedp.Void](`explorer.filters.set({kinds: new Set(), action: "kms:Decrypt"})`))
	if got := eval[bool](t, `explorer.visible().edges.length > 0 && explorer.visible().edges.map((e) => explorer.model.edges[e]).every((e) => e.label.startsWith("grant ") || e.actions.some((a) => a === "*" || a.includes(" ") || a.startsWith("kms:")))`); !got {
		t.tb.Error("edges without the action are shown, or none")
	}
	t.do(chromedp.Evaluate[chromedp.Void](`explorer.filters.set({action: "", condition: "none"})`))
	if got := eval[bool](t, `explorer.visible().edges.length > 0 && explorer.visible().edges.every((e) => !explorer.model.edges[e].condition)`); !got {
		t.tb.Error("conditional edges are shown, or none")
	}
	if got := eval[string](t, "location.hash"); !strings.Contains(got, "filter-condition=none") {
		t.tb.Errorf("the address ends with %q", got)
	}
}

func exports(t *tab) {
	wellFormed(t, eval[string](t, "explorer.svg()"), "acme-prod", "<polygon", "stroke-dasharray")
}

func types(t *tab) {
	focus := func() string {
		return eval[string](t, `document.activeElement.id || document.activeElement.textContent`)
	}
	t.slash()
	if got := focus(); got != "find1" {
		t.tb.Errorf("/ brings to %q", got)
	}
	t.press("role")
	t.until(`document.querySelectorAll("[role=option]").length > 0`)
	before := eval[string](t, `document.activeElement.getAttribute("aria-activedescendant")`)
	t.press(kb.ArrowDown)
	if got := eval[string](t, `document.activeElement.getAttribute("aria-activedescendant")`); got == before {
		t.tb.Error("an arrow does not move in the list")
	}
	t.press(kb.Escape)
	if got := eval[bool](t, `document.querySelector("#find1-list").hidden`); !got {
		t.tb.Error("Esc does not close the list")
	}
	for range 3 {
		t.press(kb.Tab)
	}
	if got := focus(); got != "find3" {
		t.tb.Errorf("Tab goes to %q", got)
	}
	if got := eval[string](t, `getComputedStyle(document.activeElement).outlineStyle`); got == "none" {
		t.tb.Error("the focus cannot be seen")
	}
}

// points uses the mouse on the picture.
func points(t *tab) {
	// The middle of a node, or of an edge, on the screen.
	const where = `((n, m) => {
		const s = explorer.stage, b = s.box.getBoundingClientRect();
		const [x1, y1] = s.at.get(n), [x2, y2] = s.at.get(m);
		const p = s.sigma.graphToViewport({x: (x1 + x2) / 2, y: -(y1 + y2) / 2});
		return [b.x + p.x, b.y + p.y];
	})`
	node := fmt.Sprintf(`explorer.model.byId.get(%s)`, quoted(bucket))
	// How slow a second click may be, so that it is certain what two clicks are.
	together := func(ms int) {
		t.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`explorer.stage.sigma.setSetting("doubleClickTimeout", %d); undefined`, ms)))
	}
	together(0)
	t.do(chromedp.Evaluate[chromedp.Void](`explorer.only(` + node + `); explorer.select(null); explorer.stage.sigma.getCamera().setState({x: 0.5, y: 0.5, ratio: 1}); undefined`))
	at := eval[[]float64](t, where+`(`+node+`,`+node+`)`)
	t.do(chromedp.MouseClickXY(at[0], at[1]))
	t.until(`explorer.selected === ` + node)

	t.do(chromedp.Evaluate[chromedp.Void](`explorer.select(null)`))
	at = eval[[]float64](t, where+`(`+node+`, explorer.model.byId.get(`+quoted(etl)+`))`)
	t.do(chromedp.MouseClickXY(at[0], at[1]))
	t.until(`explorer.lit !== null`)
	if got := t.text("#details"); !strings.Contains(got, "etl-runner → acme-prod-customer-data") || !strings.Contains(got, "only if") {
		t.tb.Errorf("of the line that was clicked the details say %q", got)
	}

	together(60_000)
	at = eval[[]float64](t, where+`(explorer.model.byId.get(`+quoted(etl)+`), explorer.model.byId.get(`+quoted(etl)+`))`)
	t.do(chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(1)), chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(2)))
	t.until(`explorer.walk.size > 3`)
}

func linked(t *tab) {
	if got := t.text("#details"); !strings.Contains(got, bucket) {
		t.tb.Errorf("the details say %q", got)
	}
}

func linkedQuestion(t *tab) {
	if got := t.text("#answer"); !strings.Contains(got, "reach acme-prod-customer-data") {
		t.tb.Errorf("the answer says %q", got)
	}
	if got := eval[bool](t, `explorer.walk.size === explorer.answer.nodes.size && [...explorer.shown].every((n) => explorer.model.nodes[n].kind !== "service")`); !got {
		t.tb.Error("other nodes than those of the answer are shown")
	}
	if got := eval[string](t, "location.hash"); !strings.Contains(got, "only=answer") || !strings.Contains(got, "hide-kind=service") {
		t.tb.Errorf("the address ends with %q", got)
	}
}

// Names that want to be something else are texts everywhere.
func TestHostile(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	for i, text := range []string{
		"<script>document.title='owned'</script>", `"]; rm -rf /`, "a\nb\r\nc\x00", "\u202egnp.exe\u2066", strings.Repeat("x<y&", 16<<10), `=HYPERLINK("http://127.0.0.1:1")`,
		"</script><img src=http://127.0.0.1:1/x onerror=document.title='owned'>", "<!--<script>", "__proto__", "constructor", " ", "\u2028\u2029", rendertest.Hostile,
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) { //nolint:paralleltest // one browser
			tab := open(t, ctx, written(t, nasty(text)))
			if got := tab.text("#status"); got != "3 nodes, 3 edges" {
				t.Errorf("it shows %q", got)
			}
			// Everything that shows texts is opened.
			shown := eval[string](tab, `(async () => {
				const out = [];
				for (let n = 0; n < 3; n++) {
					explorer.select(n);
					for (const d of document.querySelectorAll("details")) d.open = true;
					await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
					out.push(document.body.innerText);
					for (const q of [{kind: "what", a: explorer.model.nodes[n].id, b: "", action: ""}, {kind: "who", a: "", b: explorer.model.nodes[n].id, action: ""}]) {
						await explorer.ask(q);
						document.querySelector("#answer .rows button")?.click();
						out.push(document.body.innerText);
					}
				}
				explorer.finder.input.value = explorer.model.nodes[0].label.trim().slice(0, 10) || "x";
				await explorer.finder.find();
				explorer.pick([0]);
				out.push(document.body.innerText);
				return out.join("\n");
			})()`)
			if strings.ContainsAny(shown, "\x00\u202e\u2066\u2028\x1b") {
				t.Error("characters that change what is around them are shown as they are")
			}
			if got := eval[string](tab, "document.title"); got == "owned" {
				t.Error("a name was executed")
			}
			if got := eval[int](tab, `document.querySelectorAll("script, img, iframe, object, embed, link").length`); got != 3 {
				t.Errorf("%d scripts and the like, not the 3 of the page", got)
			}
			wellFormed(tab, eval[string](tab, "explorer.svg()"))
			tab.clean()
		})
	}
}

// Law: whoever the solver says reaches a resource is in the answer from the
// picture, if only as possible, by name, or as one of everybody; the root user as
// its account. The picture knows less, and must not hide it.
func TestPictureMissesNobody(t *testing.T) {
	t.Parallel()
	tab := open(t, browser(t), written(t, acme(t)))
	s := acmeSolver(t)
	asked := 0
	for _, n := range acme(t).Nodes {
		if n.Kind != "resource" {
			continue
		}
		exact, err := s.WhoCan(n.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := eval[[]string](tab, fmt.Sprintf(`explorer.ask({kind: "who", a: "", b: %s, action: ""}).then(() => [...explorer.answer.nodes].map((n) => explorer.model.nodes[n].id))`, quoted(n.ID)))
		for _, a := range exact.Access {
			if asked++; !slices.Contains(got, a.Principal) && !slices.Contains(got, "*") {
				t.Errorf("%s reaches %s, and the picture does not say so", a.Principal, n.ID)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d accesses were held against it", asked)
	}
	tab.clean()
}
