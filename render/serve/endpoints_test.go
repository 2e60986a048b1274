package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/render"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// sent is the response to a question.
type sent struct {
	Answer json.RawMessage
	View   json.RawMessage
}

// compact is what a command prints, without indentation.
func compact(t testing.TB, answer any) string {
	t.Helper()
	var indented, b bytes.Buffer
	if err := render.JSON(&indented, answer); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&b, indented.Bytes()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A question has a path, parameters, and what the solver says.
type question struct {
	path   string
	params []string
	ask    func(s *solver.Solver) (any, error)
}

// questions are some about resources and principals of a snapshot.
func questions(inv *inventory.Inventory) (list []question) {
	var who []string
	for arn := range inv.Index().PrincipalARNs() {
		who = append(who, arn)
	}
	who = append(who, "anonymous", "ec2.amazonaws.com", inv.Accounts[0].RootARN())
	slices.Sort(who)
	n := 0
	for what := range inv.Index().ResourceARNs() {
		if n++; n%2 == 0 && len(who) > 20 {
			continue
		}
		p := who[n*7%len(who)]
		service := strings.Split(what, ":")[2]
		list = append(list,
			question{"/api/who-can", []string{"resource", what}, func(s *solver.Solver) (any, error) { return s.WhoCan(what, nil) }},
			question{"/api/who-can", []string{"resource", what, "action", service + ":Get*", "action", service + ":*"}, func(s *solver.Solver) (any, error) {
				return s.WhoCan(what, []string{service + ":Get*", service + ":*"})
			}},
			question{"/api/can", []string{"principal", p, "resource", what}, func(s *solver.Solver) (any, error) { return s.Can(p, what, nil) }},
			question{"/api/paths", []string{"principal", p, "resource", what}, func(s *solver.Solver) (any, error) { return s.Paths(p, what, nil) }},
			question{"/api/around", []string{"id", what}, nil},
		)
	}
	for i, p := range who {
		if i%5 == 0 && i < 30 {
			list = append(list, question{"/api/can", []string{"principal", p}, func(s *solver.Solver) (any, error) { return s.Can(p, "", nil) }})
		}
		if inv.Principal(p) != nil {
			list = append(list, question{"/api/around", []string{"id", p, "hops", fmt.Sprint(i % 4)}, nil})
		}
	}
	return list
}

// Answers are those of the command, on every fixture, over a connection.
func TestAnswers(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../../fixtures/*/manifest.json")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, dir := range dirs {
		name := filepath.Base(filepath.Dir(dir))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, name)
			s, err := open(inv)
			if err != nil {
				t.Fatal(err)
			}
			addr := runningOn(t, inv)
			for _, q := range questions(inv) {
				q.check(t, s, addr)
			}
		})
	}
}

func (q *question) check(t *testing.T, s *Snapshot, addr string) {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(q.params); i += 2 {
		values.Add(q.params[i], q.params[i+1])
	}
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+q.path+"?"+values.Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, body := ask(t, r)
	if q.ask == nil {
		hops := 1
		if len(q.params) > 2 {
			_, err = fmt.Sscan(q.params[3], &hops)
		}
		if err != nil {
			t.Fatal(err)
		}
		checkAround(t, s, q.params[1], hops, res, body)
		return
	}
	want, err := q.ask(s.Solver)
	if err != nil {
		if res.StatusCode != http.StatusBadRequest || problem(t, []byte(body)) != err.Error() {
			t.Errorf("%s %q: status %d: %s, want %s", q.path, q.params, res.StatusCode, body, err)
		}
		return
	}
	var got sent
	if err := json.Unmarshal([]byte(body), &got); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %q: status %d: %s", q.path, q.params, res.StatusCode, body)
	}
	if string(got.Answer) != compact(t, want) {
		t.Errorf("%s %q: got %s, want %s", q.path, q.params, got.Answer, compact(t, want))
	}
	checkView(t, got.View)
}

func checkAround(t *testing.T, s *Snapshot, id string, hops int, res *http.Response, body string) {
	t.Helper()
	answer, err := s.Solver.Graph(solver.GraphQuery{Around: id, Hops: hops})
	if err != nil {
		t.Fatal(err)
	}
	want, err := view.Of(answer, s.Facts)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || body != compact(t, want) {
		t.Errorf("%d steps around %s: status %d: %s, want %s", hops, id, res.StatusCode, body, compact(t, want))
	}
	checkView(t, []byte(body))
}

// shape is what tests read of a view.
type shape struct {
	Notes, Unknown []string
	Frames         []view.Frame
	Nodes          []view.Node
	Edges          []struct{ From, To string }
	Positions      map[string][2]float64
}

// checkView checks that edges lead from nodes to nodes, and lists are lists.
func checkView(t *testing.T, text []byte) {
	t.Helper()
	var v shape
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if v.Nodes == nil || v.Edges == nil || v.Frames == nil || v.Notes == nil || v.Unknown == nil {
		t.Errorf("a list is missing in %s", text)
	}
	ids := map[string]bool{}
	for i := range v.Nodes {
		ids[v.Nodes[i].ID] = true
	}
	for i := range v.Edges {
		if !ids[v.Edges[i].From] || !ids[v.Edges[i].To] {
			t.Errorf("an edge leads from %q to %q", v.Edges[i].From, v.Edges[i].To)
		}
	}
}

// What bears on answers and is not known is said.
func TestMeta(t *testing.T) {
	t.Parallel()
	var got meta
	w := get(handler(t, config(load(t, "acme"))), "/api/meta")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "organization o-acme4f2k9q, 9 accounts" || got.Nodes != 79 || len(got.Accounts) != 9 || !got.Complete || got.Unknown == nil || got.Taken.IsZero() {
		t.Errorf("got %+v", got)
	}
	w = get(handler(t, config(load(t, "unread"))), "/api/meta")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Complete || len(got.Unknown) == 0 {
		t.Errorf("got %s", w.Body)
	}
}

// The page begins with all of a small snapshot.
func TestPage(t *testing.T) {
	t.Parallel()
	w := get(handler(t, config(load(t, "queue"))), "/")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "<title>2 accounts</title>") || strings.Contains(w.Body.String(), ">0 nodes") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	cfg := config(load(t, "queue"))
	cfg.PagePolicy = "" // it says it itself, but for what it can't
	if w := get(handler(t, cfg), "/"); w.Header().Get("Content-Security-Policy") != "frame-ancestors 'none'; base-uri 'none'; form-action 'none'" {
		t.Errorf("Content-Security-Policy: %q", w.Header().Get("Content-Security-Policy"))
	}
	if w := get(handler(t, config(load(t, "queue"))), "/favicon.ico"); w.Code != http.StatusNoContent || w.Body.Len() > 0 {
		t.Errorf("status %d for the icon", w.Code)
	}
}

// many adds users to an account, each with the policies of its first.
func many(t testing.TB, users int) *inventory.Inventory {
	t.Helper()
	inv := load(t, "queue")
	a := inv.Accounts[0]
	h := *a.Held()
	for i := range users {
		p := *h.Users[0]
		p.Name = fmt.Sprintf("extra-%05d", i)
		p.ARN = "arn:aws:iam::" + a.ID + ":user/" + p.Name
		p.UniqueID = ""
		h.Users = append(h.Users, &p)
	}
	h.Users = slices.Clone(h.Users)
	a.Hold(h)
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	return inv
}

// Of a large snapshot the page shows nothing at first, and of a large answer only
// what it is about; the answer itself is whole.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	inv := many(t, maxNodes+1)
	h := handler(t, config(inv))
	if w := get(h, "/"); !strings.Contains(w.Body.String(), ">0 nodes") {
		t.Errorf("the page: %s", w.Body)
	}
	first, err := h.beginning(h.snapshot.Snapshot)
	if err != nil || len(first.Notes) != 1 || !strings.Contains(first.Notes[0], "too large to be shown at once") {
		t.Errorf("the page begins with %+v, %v", first, err)
	}
	w := get(h, "/api/around", "id", inv.Accounts[0].ID, "hops", "1")
	var v shape
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Nodes) != 1 || !v.Nodes[0].Focus || len(v.Edges) != 0 || len(v.Notes) != 1 || !strings.Contains(v.Notes[0], "too many to be drawn") {
		t.Errorf("%d nodes, %d edges, notes %q", len(v.Nodes), len(v.Edges), v.Notes)
	}
}

// Positions stand beside what they are of.
func TestPositions(t *testing.T) {
	t.Parallel()
	cfg := config(load(t, "queue"))
	cfg.Positions = func(v *view.View) map[string][2]float64 {
		at := map[string][2]float64{}
		for i := range v.Nodes {
			at[v.Nodes[i].ID] = [2]float64{float64(i), 1}
		}
		return at
	}
	w := get(handler(t, cfg), "/api/who-can", "resource", "arn:aws:sqs:us-east-1:123456789012:queue1")
	var got struct{ View shape }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.View.Nodes) == 0 || len(got.View.Positions) != len(got.View.Nodes) {
		t.Errorf("%v: %s", err, w.Body)
	}
}
