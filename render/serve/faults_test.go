package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pathfinder/render/view"
)

// A panic of ours ends its request, is told of, and what was remembered is
// forgotten; the server goes on.
func TestPanic(t *testing.T) {
	t.Parallel()
	inv := load(t, "queue")
	cfg := config(inv)
	opens, log := 0, bytes.Buffer{}
	cfg.Open = func() (*Snapshot, error) {
		opens++
		return open(inv)
	}
	broken := true
	cfg.Page = func(w io.Writer, _ *view.View) error {
		if broken {
			panic("out of \x1b[31m")
		}
		_, err := w.Write([]byte("page"))
		return err
	}
	cfg.Log = &log
	h := handler(t, cfg)
	w := get(h, "/")
	if text := problem(t, w.Body.Bytes()); w.Code != http.StatusInternalServerError || !strings.Contains(text, "our own fault") {
		t.Errorf("status %d: %s", w.Code, text)
	}
	if policy := w.Header().Get("Content-Security-Policy"); strings.Contains(policy, "script-src") {
		t.Errorf("the error has the policy of the page: %s", policy)
	}
	if text := log.String(); !strings.Contains(text, `BUG: out of \x1b[31m`) || !strings.Contains(text, "faults_test.go") || !strings.Contains(text, "GET /") {
		t.Errorf("the log says %s", text)
	}
	broken = false
	if w := get(h, "/"); w.Code != http.StatusOK || w.Body.String() != "page" || opens != 2 {
		t.Errorf("status %d after it, opened %d times: %s", w.Code, opens, w.Body)
	}
	if w := get(h, "/api/meta"); w.Code != http.StatusOK || opens != 2 {
		t.Errorf("status %d after it, opened %d times", w.Code, opens)
	}
}

// An error that is no question's is a fault of ours, too.
func TestFault(t *testing.T) {
	t.Parallel()
	cfg := config(load(t, "queue"))
	var log bytes.Buffer
	cfg.Page = func(io.Writer, *view.View) error { return errors.New("no ink") }
	cfg.Log = &log
	w := get(handler(t, cfg), "/")
	if text := problem(t, w.Body.Bytes()); w.Code != http.StatusInternalServerError || !strings.Contains(text, "our own fault") || !strings.Contains(log.String(), "no ink") {
		t.Errorf("status %d: %s; the log says %s", w.Code, text, &log)
	}
}

// When what was compiled turns out to be damaged, the question is asked of the
// snapshot itself; when that is damaged, too, there is no answer.
func TestDamage(t *testing.T) {
	t.Parallel()
	inv := load(t, "queue")
	for _, tt := range []struct{ damaged, opens, status int }{{0, 1, 200}, {1, 2, 200}, {2, 2, 500}} {
		opens := 0
		cfg := config(inv)
		cfg.Open = func() (*Snapshot, error) {
			opens++
			s, err := open(inv)
			if err != nil {
				return nil, err
			}
			if opens <= tt.damaged {
				s.Solver = nil // what it held led to a panic, too
				s.Damage = func() error { return errors.New("a page does not have its checksum") }
			}
			return s, nil
		}
		var log bytes.Buffer
		cfg.Log = &log
		h := handler(t, cfg)
		w := get(h, "/api/who-can", "resource", "arn:aws:sqs:us-east-1:123456789012:queue1")
		if w.Code != tt.status || opens != tt.opens || log.Len() > 0 {
			t.Errorf("damaged %d times: status %d, opened %d times, the log says %s: %s", tt.damaged, w.Code, opens, &log, w.Body)
		}
		if tt.status == 500 && problem(t, w.Body.Bytes()) != "a page does not have its checksum" {
			t.Errorf("got %s", w.Body)
		}
	}
}

// A snapshot that can't be read again is an error, and no panic.
func TestGone(t *testing.T) {
	t.Parallel()
	inv := load(t, "queue")
	opens := 0
	cfg := config(inv)
	cfg.Open = func() (*Snapshot, error) {
		if opens++; opens > 1 {
			return nil, errors.New("there is no such file")
		}
		return open(inv)
	}
	h := handler(t, cfg)
	h.forget(h.snapshot)
	if w := get(h, "/api/meta"); w.Code != http.StatusInternalServerError || !strings.Contains(problem(t, w.Body.Bytes()), "there is no such file") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{}); err == nil || err.Error() != "no Open\nno Hosts\nno Page" {
		t.Errorf("got %v", err)
	}
	cfg := config(nil)
	cfg.Open = func() (*Snapshot, error) { return nil, errors.New("no snapshot") }
	if _, err := New(cfg); err == nil || err.Error() != "no snapshot" {
		t.Errorf("got %v", err)
	}
}

// A gate lets in as many as it has places; whoever gives up while waiting gets
// none, and does not take one either.
func TestGate(t *testing.T) {
	t.Parallel()
	g := newGate(2)
	ctx, giveUp := context.WithCancel(context.Background())
	for range 2 {
		if err := g.enter(ctx); err != nil {
			t.Fatal(err)
		}
	}
	giveUp()
	if err := g.enter(ctx); err == nil || err.status != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
	g.leave()
	if err := g.enter(ctx); err != nil { // there is a place
		t.Errorf("got %v", err)
	}
	g.waiting.Store(maxWaiting)
	if err := g.enter(context.Background()); err == nil || !strings.Contains(err.text, "too many") {
		t.Errorf("got %v", err)
	}
	if n := g.waiting.Load(); n != maxWaiting {
		t.Errorf("%d wait", n)
	}
}

// While questions are asked, others wait; who gives up is answered that way.
func TestWaiting(t *testing.T) {
	t.Parallel()
	cfg := config(load(t, "queue"))
	cfg.Questions = 1
	h := handler(t, cfg)
	if err := h.asking.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(context.Background())
	r := httptest.NewRequest(http.MethodGet, "/api/can?principal=anonymous", http.NoBody).WithContext(ctx)
	r.Host = "example.test"
	giveUp()
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
	if w := get(h, "/api/search", "q", "queue"); w.Code != http.StatusOK { // is no question
		t.Errorf("status %d", w.Code)
	}
	h.asking.leave()
	if w := get(h, "/api/can", "principal", "anonymous"); w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}

// Questions that are asked at the same time, of one compiled snapshot, are answered
// as one after the other of a snapshot in memory.
func TestTogether(t *testing.T) {
	t.Parallel()
	inv := load(t, "acme")
	list := questions(inv)
	one := handler(t, config(inv))
	want := make([]string, len(list))
	for i := range list {
		want[i] = get(one, list[i].path, list[i].params...).Body.String()
	}
	cfg := config(mapped(t, "acme"))
	cfg.Questions = 8
	together := handler(t, cfg)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				if got := get(together, list[i].path, list[i].params...).Body.String(); got != want[i] {
					t.Errorf("%s %q: got %s", list[i].path, list[i].params, got)
				}
				get(together, "/api/search", "q", "prod")
				get(together, "/")
			}
		})
	}
	wg.Wait()
}
