package compiled_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"pathfinder/collector/compiled"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
)

// fixtures are all snapshots of the repository.
func fixtures(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("../../fixtures/*/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("../../fixtures/*/*/manifest.json")
	var dirs []string
	for _, m := range append(found, more...) {
		if b, err := os.ReadFile(m); err == nil && bytes.Contains(b, []byte(snapshot.Format)) {
			dirs = append(dirs, filepath.Dir(m))
		}
	}
	if len(dirs) < 15 {
		t.Fatalf("only %q were found", dirs)
	}
	return append(dirs, "../snapshot/testdata/acme")
}

func read(t *testing.T, dir string) *inventory.Inventory {
	t.Helper()
	inv, err := readInventory(dir)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func readInventory(dir string) (*inventory.Inventory, error) {
	return snapshot.ReadInventory(os.DirFS(dir))
}

func scan(t *testing.T, dir string) *compiled.Sources {
	t.Helper()
	s, err := compiled.Scan(dir)
	if err == nil {
		err = s.Read()
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// compile writes a file and returns its path.
func compile(t *testing.T, dir string, inv *inventory.Inventory, opts compiled.Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "facts")
	if err := compiled.Write(path, inv, scan(t, dir), opts); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *compiled.File {
	t.Helper()
	f, err := compiled.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// exported compares exported fields only, and documents by all that was read of
// them.
var exported = cmp.FilterPath(func(p cmp.Path) bool {
	f, ok := p.Last().(cmp.StructField)
	return ok && f.Name()[0] >= 'a' && f.Name()[0] <= 'z' && f.Name() != "text"
}, cmp.Ignore())

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	if diff := cmp.Diff(want, got, exported, all, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s differs (-snapshot +compiled):\n%.3000s", what, diff)
	}
}

// Law: a compiled file gives the inventory that it was made from.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, dir := range fixtures(t) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			want := read(t, dir)
			f := open(t, compile(t, dir, want, compiled.Options{}))
			got := f.Inventory()
			lookUps(t, got, want)
			equal(t, "inventory", got, want)
			equal(t, "Identity Center", got.Centers(), want.Centers())
			for i, a := range want.Accounts {
				equal(t, a.ID, got.Accounts[i].Held(), a.Held())
				for _, p := range got.Accounts[i].Principals() {
					if got.Principal(p.ARN) != p || p.UniqueID != "" && got.Principal(p.UniqueID) != p {
						t.Errorf("%s is there twice", p.ARN)
					}
				}
				for _, r := range got.Accounts[i].Held().Resources {
					if got.Resource(r.ARN) != r {
						t.Errorf("%s is there twice", r.ARN)
					}
				}
			}
			if err := f.Verify(); err != nil {
				t.Error(err)
			}
		})
	}
}

// lookUps compares what two indexes find, under every name there is.
func lookUps(t *testing.T, got, want *inventory.Inventory) {
	t.Helper()
	x, y := got.Index(), want.Index()
	equal(t, "ARNs", slices.Collect(x.ResourceARNs()), slices.Collect(y.ResourceARNs()))
	equal(t, "ARNs of principals", slices.Sorted(x.PrincipalARNs()), slices.Sorted(y.PrincipalARNs()))
	equal(t, "names of resources", slices.Sorted(x.ResourceNames()), slices.Sorted(y.ResourceNames()))
	equal(t, "endpoints", x.Endpoints(), y.Endpoints())
	names := map[string]bool{"": true, "*": true, "nobody": true}
	lookup, compiled := graphmodel.NewLookup(want), graphmodel.NewLookup(got)
	for _, a := range want.Accounts {
		names[a.ID] = true
		for _, p := range a.Principals() {
			names[p.ARN], names[p.UniqueID], names[p.Name] = true, true, true
			for n := range lookup.In(p.ARN, graphmodel.AssumeRole) {
				names[n.Name] = true
			}
		}
		for _, r := range a.Held().Resources {
			if h := x.Holder(r.ARN); h != got.Account(a.ID) || y.Holder(r.ARN) != a {
				t.Errorf("%s is held by %v", r.ARN, h)
			}
			names[r.ARN], names[r.Name], names[inventory.LastPart(r.ARN)] = true, true, true
			for n := range lookup.In(r.ARN, graphmodel.ResourceGrant) {
				names[n.Name] = true
			}
		}
	}
	arns := func(l *graphmodel.Lookup, x inventory.Index, name string) (out [8][]string) {
		for _, p := range x.PrincipalsNamed(name) {
			out[0] = append(out[0], p.ARN)
		}
		for i, list := range [][]*inventory.Resource{x.ResourcesNamed(name), x.AccessPoints(name), l.Granting(name)} {
			for _, r := range list {
				out[1+i] = append(out[1+i], r.ARN)
			}
		}
		for _, r := range l.Trusting(name) {
			out[4] = append(out[4], r.ARN)
		}
		for _, r := range l.Admitting(name) {
			out[6] = append(out[6], r.ARN)
		}
		out[7] = slices.Collect(x.ResourcesUnder(name[:max(len(name)-3, 0)]))
		if p := x.Principal(name); p != nil {
			out[5] = append(out[5], p.ARN)
		}
		if r := x.Resource(name); r != nil {
			out[5] = append(out[5], r.ARN)
		}
		return out
	}
	for i, a := range want.Accounts {
		b := got.Accounts[i]
		for _, lists := range [][2][]*inventory.Principal{{lookup.Assuming(a), compiled.Assuming(b)}, {lookup.Unclear(a), compiled.Unclear(b)}} {
			equal(t, "who may assume roles in "+a.ID+", or is unclear", principalARNs(lists[1]), principalARNs(lists[0]))
		}
		if _, ok := x.Assuming(b); !ok {
			t.Error("the compiled index does not know who may assume roles")
		}
	}
	for name := range names {
		equal(t, "what is found under "+name, arns(compiled, x, name), arns(lookup, y, name))
	}
}

func principalARNs(list []*inventory.Principal) (arns []string) {
	for _, p := range list {
		arns = append(arns, p.ARN)
	}
	return arns
}

// Law: equal inventories give equal bytes, whatever the number of workers.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	const dir = "../../fixtures/acme"
	var want []byte
	for _, workers := range []int{1, 2, 8} {
		got, err := os.ReadFile(compile(t, dir, read(t, dir), compiled.Options{Workers: workers}))
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d workers give other bytes", workers)
		}
	}
}

// Any number of goroutines may look at a file, and see the same things.
func TestConcurrentReaders(t *testing.T) {
	t.Parallel()
	const dir = "../../fixtures/acme"
	inv := read(t, dir)
	f := open(t, compile(t, dir, inv, compiled.Options{}))
	seen := make([][]any, 8)
	var wg sync.WaitGroup
	for i := range seen {
		wg.Go(func() {
			got := f.Inventory()
			for _, a := range inv.Accounts {
				for _, r := range a.Held().Resources {
					seen[i] = append(seen[i], got.Resource(r.ARN), got.Resource(r.ARN).Policy)
				}
				for _, p := range a.Principals() {
					q := got.Principal(p.ARN)
					seen[i] = append(seen[i], q, q.Account, q.Trust)
					for _, pol := range q.Attached {
						seen[i] = append(seen[i], pol, pol.Doc)
					}
				}
				seen[i] = append(seen[i], got.Account(a.ID).Held())
			}
		})
	}
	wg.Wait()
	for i := range seen {
		if !slices.Equal(seen[i], seen[0]) {
			t.Error("two goroutines see different things")
		}
	}
	if f.Err() != nil || len(seen[0]) < 100 {
		t.Errorf("saw %d things, error %v", len(seen[0]), f.Err())
	}
}
