package atoms_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

// Law: Find finds a text if and only if Cut has an atom that will do, and the
// text is of such an atom.
func TestFindLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		globs := rapid.SliceOfN(rapid.StringMatching(`[ab:*?]{1,6}`), 1, 5).Draw(t, "patterns")
		list := make([]atoms.Pattern, len(globs))
		for i, g := range globs {
			list[i] = atoms.Text(arn.NewGlob(g))
		}
		must, mustNot := rapid.IntRange(0, len(list)-1).Draw(t, "must"), rapid.IntRange(0, len(list)-1).Draw(t, "must not")
		wanted := func(in atoms.Bits) bool { return in.Has(must) && !in.Has(mustNot) }
		within := atoms.Text(arn.NewGlob(rapid.SampledFrom([]string{"*", "a*", "?*b*", "a:*"}).Draw(t, "within")))
		cut, ok := atoms.Cut(within, list, 0)
		if !ok {
			t.Skip("too many atoms")
		}
		work := 1 << 20
		text, found, whole := atoms.Find(within, list, atoms.Quest{
			Hopeless: func(sure, maybe atoms.Bits) bool { return !maybe.Has(must) || sure.Has(mustNot) }, Wanted: wanted, Work: &work,
		})
		if !whole || found != slices.ContainsFunc(cut, func(a atoms.Atom) bool { return wanted(a.In) }) {
			t.Fatalf("found %v %q, whole %v", found, text, whole)
		}
		if found && (!within.Match(text) || !list[must].Match(text) || list[mustNot].Match(text)) {
			t.Fatalf("%q will not do", text)
		}
	})
}

// Find stops when the work runs out, and does not tell many patterns apart that
// end with a run when the first of them is enough.
func TestFindWork(t *testing.T) {
	t.Parallel()
	var list []atoms.Pattern
	for i := range 26 {
		list = append(list, atoms.Text(arn.NewGlob(fmt.Sprintf("*%c*", 'a'+i))))
	}
	any := func(in atoms.Bits) bool { return !slices.ContainsFunc(in, func(w uint64) bool { return w != 0 }) }
	q := atoms.Quest{
		Hopeless: func(sure, _ atoms.Bits) bool { return !any(sure) },
		Wanted:   func(in atoms.Bits) bool { return any(in) },
	}
	work := 100_000
	q.Work = &work
	within := atoms.Text(arn.NewGlob("?*"))
	if text, found, whole := atoms.Find(within, list, q); !found || !whole || work < 90_000 {
		t.Errorf("found %q: %v, whole %v, %d left", text, found, whole, work)
	}
	q.Wanted = func(atoms.Bits) bool { return false }
	q.Hopeless = func(atoms.Bits, atoms.Bits) bool { return false }
	if _, found, whole := atoms.Find(within, list, q); found || whole || work >= 0 {
		t.Errorf("found %v, whole %v, %d left", found, whole, work)
	}
}

// Law: a union covers what one of its patterns covers.
func TestUnionLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []atoms.Pattern
		for _, g := range rapid.SliceOfN(rapid.StringMatching(`[ab*?]{0,5}`), 0, 4).Draw(t, "patterns") {
			list = append(list, atoms.Text(arn.NewGlob(g)))
		}
		text := rapid.StringMatching(`[abc]{0,6}`).Draw(t, "text")
		want := slices.ContainsFunc(list, func(p atoms.Pattern) bool { return p.Match(text) })
		if got := atoms.Union(list).Match(text); got != want {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
	})
}
