package explorer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"pathfinder/render/explorer"
	"pathfinder/render/view"
)

const install = "chromium is missing: apt-get install chromium"

// patience bounds what waits for the browser. Nothing is measured by it.
const patience = time.Minute

// browser starts Chromium. Where the environment variable CI is set a missing one
// is a failure.
func browser(tb testing.TB) context.Context {
	tb.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal(install)
		}
		tb.Skip(install)
	}
	// A page that asks anybody is seen to ask: nothing is served here.
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1600, 1000),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.UserDataDir(tb.TempDir()),
		chromedp.WSURLReadTimeout(patience))
	ctx, cancel := chromedp.NewExecAllocator(tb.Context(), options...)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatal(err)
	}
	return ctx
}

// A tab is one page in a browser, which remembers what must not happen.
type tab struct {
	tb  testing.TB
	ctx context.Context
	url string

	mu    sync.Mutex
	wrong []string // errors on the console, requests
}

// written is the page of a view as a file.
func written(tb testing.TB, v *view.View) string {
	tb.Helper()
	var b bytes.Buffer
	if err := explorer.Page(&b, v, explorer.Options{}); err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), "page.html")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return "file://" + path
}

// tabOf is a tab of its own in a browser.
func tabOf(tb testing.TB, ctx context.Context) context.Context { //nolint:revive // tb first, as everywhere here
	tb.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	tb.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	tb.Cleanup(cancel)
	return ctx
}

// open opens a page and waits until it is ready.
func open(tb testing.TB, ctx context.Context, url string) *tab { //nolint:revive // tb first, as everywhere here
	tb.Helper()
	ctx = tabOf(tb, ctx)
	t := &tab{tb: tb, ctx: ctx, url: url}
	if err := chromedp.Listen(ctx, t.listen); err != nil {
		tb.Fatal(err)
	}
	t.do(called(network.Enable, network.EnableParams{}), called(log.Enable, cdp.Empty{}), called(runtime.Enable, cdp.Empty{}),
		// Tabs behind others have no focus of their own.
		called(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
	t.do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS(`body[data-ready="true"]`)))
	return t
}

// called runs a command of the protocol as a step.
func called[P, R any](cmd cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, cmd, params)
		return err
	})
}

func (t *tab) listen(event any) {
	var wrong string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		wrong = fmt.Sprintf("exception: %+v", e.ExceptionDetails.Exception)
	case *runtime.EventConsoleAPICalled:
		if kind := string(e.Type); kind == "error" || kind == "warning" || kind == "assert" {
			wrong = fmt.Sprintf("console: %s", e.Args[0].Value)
		}
	case *log.EventEntryAdded:
		// Chromium remarks on its own painting in software.
		if e.Entry.Level == "error" || e.Entry.Source == "security" {
			wrong = fmt.Sprintf("log: %s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		page, _, _ := strings.Cut(t.url, "#")
		if url, _, _ := strings.Cut(e.Request.URL, "#"); url != page && !strings.HasPrefix(url, "blob:") {
			wrong = "request: " + url
		}
	}
	if wrong != "" {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.wrong = append(t.wrong, wrong)
	}
}

func (t *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	if err := chromedp.Do(t.ctx, actions...); err != nil {
		t.clean()
		t.tb.Fatal(err)
	}
}

// clean fails when something happened that must not.
func (t *tab) clean() {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range t.wrong {
		t.tb.Error(w)
	}
}

// eval returns what a script comes to.
func eval[T any](t *tab, script string) T {
	t.tb.Helper()
	out, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.tb.Fatalf("%s: %v", script, err)
	}
	return out
}

// text is what an element says.
func (t *tab) text(selector string) string {
	t.tb.Helper()
	return eval[string](t, fmt.Sprintf("document.querySelector(%s).innerText", quoted(selector)))
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can't fail
	}
	return string(b)
}
