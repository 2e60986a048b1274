package explorer_test

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pathfinder/render/explorer"
)

// The size that the explorer is measured at.
const (
	benchNodes = 5000
	benchEdges = 12000
)

func BenchmarkPage(b *testing.B) {
	v := large(benchNodes, benchEdges)
	for b.Loop() {
		if err := explorer.Page(io.Discard, v, explorer.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPositions(b *testing.B) {
	v := large(benchNodes, benchEdges)
	for b.Loop() {
		explorer.Positions(v)
	}
}

// shownScript notes when the picture was painted for the first time, in
// milliseconds after the navigation began.
const shownScript = `addEventListener("DOMContentLoaded", () => {
	const note = () => requestAnimationFrame(() => requestAnimationFrame(() => { window.shownAfter = performance.now(); }));
	if (document.body.dataset.ready) note();
	else new MutationObserver((_, o) => { o.disconnect(); note(); }).observe(document.body, { attributes: true });
});`

// panScript moves the picture for a hundred frames, near enough that names are
// shown or with everything in sight, and returns how long each took.
const panScript = `(async (ratio) => {
	const camera = explorer.stage.sigma.getCamera();
	camera.setState({ x: 0.5, y: 0.5, ratio });
	const frame = () => new Promise((done) => requestAnimationFrame(done));
	for (let i = 0; i < 10; i++) await frame();
	const times = [];
	let last = performance.now();
	for (let i = 0; i < 100; i++) {
		camera.setState({ x: 0.5 + 0.002 * i * ratio });
		await frame();
		const now = performance.now();
		times.push(now - last);
		last = now;
	}
	return times;
})`

// BenchmarkBrowser opens the page in headless Chromium, which paints in software.
func BenchmarkBrowser(b *testing.B) {
	ctx := browser(b)
	url := written(b, large(benchNodes, benchEdges))
	var shown, far, near []float64
	for b.Loop() {
		tab := &tab{tb: b, ctx: tabOf(b, ctx), url: url}
		tab.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shownScript})
			return err
		}), chromedp.Navigate(url))
		tab.until(`window.shownAfter > 0`)
		shown = append(shown, eval[float64](tab, `window.shownAfter`))
		far = append(far, eval[[]float64](tab, panScript+`(1)`)...)
		near = append(near, eval[[]float64](tab, panScript+`(0.1)`)...)
		tab.do(chromedp.Navigate("about:blank"))
	}
	report := func(name string, of []float64) {
		slices.Sort(of)
		b.ReportMetric(of[len(of)/2], name+"-median-ms")
		b.ReportMetric(of[len(of)*95/100], name+"-p95-ms")
	}
	report("shown", shown)
	report("frame-all", far)
	report("frame-near", near)
}
