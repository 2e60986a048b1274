package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"pathfinder/collector"
	"pathfinder/collector/compiled"
	"pathfinder/graphmodel/inventory"
	"pathfinder/render/view"
	"pathfinder/solver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// load reads a fixture, or another snapshot.
func load(t testing.TB, name string) *inventory.Inventory {
	t.Helper()
	inv, err := collector.Open("../../fixtures/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// mapped reads a fixture in its compiled form.
func mapped(t testing.TB, name string) *inventory.Inventory {
	t.Helper()
	done, err := collector.Compile("../../fixtures/"+name, filepath.Join(t.TempDir(), name), collector.Cache{Off: true}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	file, err := compiled.Open(done.File)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Err(); err != nil {
			t.Error(err)
		}
	})
	return file.Inventory()
}

// open makes a snapshot of an inventory.
func open(inv *inventory.Inventory) (*Snapshot, error) {
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		return nil, err
	}
	f := view.Facts{Taken: inv.Created, Accounts: map[string]string{}}
	for _, a := range inv.Accounts {
		f.Accounts[a.ID] = a.Name
	}
	return &Snapshot{Solver: s, Inventory: inv, Facts: f}, nil
}

// config serves an inventory as example.test.
func config(inv *inventory.Inventory) Config {
	return Config{
		Open:  func() (*Snapshot, error) { return open(inv) },
		Hosts: []string{"example.test"},
		Page: func(w io.Writer, v *view.View) error {
			_, err := fmt.Fprintf(w, "<title>%s</title>%d nodes", v.Title, len(v.Nodes))
			return err
		},
		PagePolicy: "default-src 'none'; script-src 'self'",
	}
}

func handler(t testing.TB, cfg Config) *Handler {
	t.Helper()
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks a handler for a path with parameters, name and value in turn.
func get(h http.Handler, path string, params ...string) *httptest.ResponseRecorder {
	q := url.Values{}
	for i := 0; i < len(params); i += 2 {
		q.Add(params[i], params[i+1])
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.Host = "example.test"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problem returns the text of an error.
func problem(t testing.TB, body []byte) string {
	t.Helper()
	var e map[string]string
	if err := json.Unmarshal(body, &e); err != nil || len(e) != 1 || e["error"] == "" {
		t.Errorf("no error: %q", body)
	}
	return e["error"]
}

// running serves on 127.0.0.1 until the test ends, and returns the address.
func running(t *testing.T, handler func(addr net.Addr) http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := started(func() error { return Run(ctx, l, handler(l.Addr()), nil) })
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// runningOn serves answers about an inventory to whoever asks for the address, or for one of
// some further names.
func runningOn(t *testing.T, inv *inventory.Inventory, names ...string) (addr string) {
	t.Helper()
	return running(t, func(addr net.Addr) http.Handler {
		cfg := config(inv)
		cfg.Hosts = Hosts(addr, names)
		return handler(t, cfg)
	})
}

func started(f func() error) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- f() }()
	return ended
}

// ask sends a request, and returns the response with its body.
func ask(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, strings.TrimSpace(string(body))
}
