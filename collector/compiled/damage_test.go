package compiled_test

import (
	"os"
	"testing"

	"pathfinder/collector/compiled"
	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
)

// visit looks at everything in an inventory, in every way there is.
func visit(inv *inventory.Inventory) (seen int) {
	x := inv.Index()
	lookup := graphmodel.NewLookup(inv)
	for arn := range x.ResourceARNs() {
		if r := inv.Resource(arn); r != nil {
			seen += len(r.Name) + len(x.ResourcesNamed(r.Name))
			for n := range lookup.In(arn, graphmodel.ResourceGrant) {
				seen += len(lookup.Granting(n.Name))
			}
		}
	}
	for name := range x.ResourceNames() {
		seen += len(name)
	}
	for arn := range x.PrincipalARNs() {
		seen += len(arn)
	}
	for _, e := range x.Endpoints() {
		seen += len(e.Policy.Statements)
	}
	for arn := range x.ResourcesUnder("arn:aws:s") {
		seen += len(arn)
	}
	for _, a := range inv.Accounts {
		seen += len(lookup.Admitting(a.ID)) + len(lookup.Assuming(a)) + len(lookup.Unclear(a))
		seen += len(inv.OrgPath(a)) + len(a.Held().Providers)
		for _, p := range a.Principals() {
			seen += len(p.Groups) + len(x.PrincipalsNamed(p.Name))
			if inv.Principal(p.ARN) == p {
				seen++
			}
			for n := range lookup.In(p.ARN, graphmodel.AssumeRole) {
				seen += len(lookup.Trusting(n.Name))
			}
		}
		for _, r := range a.Held().Resources {
			if r.AccessPoint != nil {
				seen += len(x.AccessPoints(r.AccessPoint.Bucket))
			}
		}
	}
	for _, c := range inv.Centers() {
		seen += len(c.ARN) + len(c.Sets) + len(c.Assignments) + len(c.Users) + len(c.Groups)
	}
	inv.Documents(func(_ string, p *inventory.Policy) { seen += len(p.Doc.Faults) + len(p.Doc.Statements) })
	return seen
}

func acme(t testing.TB) []byte { return compiledBytes(t, "../../fixtures/acme") }

func compiledBytes(t testing.TB, dir string) []byte {
	t.Helper()
	inv, err := readInventory(dir)
	if err != nil {
		t.Fatal(err)
	}
	from, err := compiled.Scan(dir)
	if err == nil {
		err = from.Read()
	}
	path := t.TempDir() + "/facts"
	if err == nil {
		err = compiled.Write(path, inv, from, compiled.Options{})
	}
	b, err2 := os.ReadFile(path)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return b
}

// Who is assigned in Identity Center is read when somebody asks, and what is wrong with it
// is found then: also when the checksums are right.
func TestDamagedCenter(t *testing.T) {
	t.Parallel()
	whole := compiledBytes(t, "../../fixtures/identity-center")
	section := -1
	for i := range compiled.NumSections {
		if compiled.SectionName(i) == "Identity Center" {
			section = i
		}
	}
	x := compiled.Extents(whole)[section]
	for _, at := range []int{x[0], x[1] - 1} {
		for _, sealed := range []bool{false, true} {
			b := append([]byte(nil), whole...)
			b[at] ^= 0x40
			if sealed {
				b = compiled.Reseal(b)
			}
			f, err := compiled.OpenBytes(b)
			if err != nil {
				continue // found at once
			}
			if list := f.Inventory().Centers(); len(list) > 0 || !compiled.Damaged(f.Err()) {
				t.Errorf("a change at %d gives %d instances, error %v", at-x[0], len(list), f.Err())
			}
		}
	}
	f, err := compiled.OpenBytes(whole)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Inventory().Centers()); n != 2 || f.Err() != nil {
		t.Errorf("a whole file gives %d instances, error %v", n, f.Err())
	}
}

// A byte that is not what was written is found in every part of the file, at the
// latest when that part is used.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	whole := acme(t)
	f, err := compiled.OpenBytes(whole)
	if err != nil {
		t.Fatal(err)
	}
	if seen := visit(f.Inventory()); f.Err() != nil || seen < 1000 {
		t.Fatalf("saw %d, error %v", seen, f.Err())
	}
	flip := func(what string, at int) {
		b := append([]byte(nil), whole...)
		b[at] ^= 0x10
		f, err := compiled.OpenBytes(b)
		if err != nil {
			return // found at once
		}
		visit(f.Inventory())
		if _, err := f.Sources(); err == nil && f.Err() == nil {
			t.Errorf("a change at %d, in %s, is not found", at, what)
		}
		if f.Err() != nil && !compiled.Damaged(f.Err()) {
			t.Errorf("%s: %v does not say that it is damaged", what, f.Err())
		}
	}
	for i, x := range compiled.Extents(whole) {
		if x[0] == x[1] {
			continue
		}
		for _, at := range []int{x[0], (x[0] + x[1]) / 2, x[1] - 1} {
			flip(compiled.SectionName(i), at)
		}
	}
	for at := 0; at < 4096; at += 97 {
		flip("the header", at)
	}
	flip("the checksums", len(whole)-1)
	for _, n := range []int{0, 1, 4095, 4096, len(whole) / 2, len(whole) - 1} {
		if _, err := compiled.OpenBytes(whole[:n]); err == nil {
			t.Errorf("a file cut off after %d bytes is opened", n)
		}
	}
}

// Each section may hold anything, with the right checksums: nothing breaks.
func TestNonsenseIsHarmless(t *testing.T) {
	t.Parallel()
	whole := acme(t)
	for i, x := range compiled.Extents(whole) {
		for _, with := range []byte{0, 0x7f, 0xff} {
			for step := 1; step <= 64; step *= 4 {
				b := append([]byte(nil), whole...)
				for at := x[0]; at < x[1]; at += step {
					b[at] = with
				}
				if f, err := compiled.OpenBytes(compiled.Reseal(b)); err == nil {
					visit(f.Inventory())
					_, _ = f.Sources()
				} else if !compiled.Damaged(err) {
					t.Errorf("%s: %v", compiled.SectionName(i), err)
				}
			}
		}
	}
}

func TestFilesOfOthersAreNotOpened(t *testing.T) {
	t.Parallel()
	whole := acme(t)
	path := t.TempDir() + "/facts"
	put := func(b []byte, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(want string) {
		t.Helper()
		if _, err := compiled.Open(path); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	put(whole, 0o600)
	if _, err := compiled.Open(path); err != nil {
		t.Fatal(err)
	}
	if root, err := compiled.Root(path); err != nil || root == "" {
		t.Errorf("its snapshot: %q, %v", root, err)
	}
	put(whole, 0o620)
	refused("it belongs to somebody else, or somebody else may write to it")
	put(compiled.Reprogram(whole), 0o600)
	refused("it was compiled by another version of pathfinder")
	if root, err := compiled.Root(path); err != nil || root == "" {
		t.Errorf("the snapshot of another version: %q, %v", root, err)
	}
	put([]byte("{}"), 0o600)
	refused("it is no compiled snapshot")
	link := t.TempDir() + "/link"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := compiled.Open(link); err == nil {
		t.Error("a link is followed")
	}
	if _, err := compiled.Open(t.TempDir()); err == nil {
		t.Error("a folder is opened")
	}
}

// No bytes make the package panic, or take more than their size allows.
func FuzzOpen(f *testing.F) {
	whole := acme(f)
	extents := compiled.Extents(whole)
	f.Add(uint(0), uint(0), []byte{1})
	f.Add(uint(16), uint(3), []byte{0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, section, at uint, with []byte) {
		x := extents[section%uint(len(extents))]
		b := append([]byte(nil), whole...)
		if size := x[1] - x[0]; size > 0 {
			copy(b[x[0]+int(at%uint(size)):x[1]], with) //nolint:gosec // small
		}
		if file, err := compiled.OpenBytes(compiled.Reseal(b)); err == nil {
			visit(file.Inventory())
			_, _ = file.Sources()
		}
		if file, err := compiled.OpenBytes(with); err == nil {
			visit(file.Inventory())
		}
	})
}
