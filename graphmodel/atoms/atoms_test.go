package atoms_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

var glob = rapid.Custom(func(t *rapid.T) arn.Glob {
	return arn.NewGlob(rapid.StringOfN(rapid.RuneFrom([]rune("ab:/*?*")), 0, 7, -1).Draw(t, "glob"))
})

var word = rapid.StringOfN(rapid.RuneFrom([]rune("ab:/x")), 0, 8, -1)

// resource draws patterns that look a little like ARNs.
var resource = rapid.Custom(func(t *rapid.T) arn.Pattern {
	n := rapid.IntRange(1, 6).Draw(t, "fields")
	fields := []string{"arn"}
	for range n - 1 {
		fields = append(fields, rapid.StringOfN(rapid.RuneFrom([]rune("ab*?/")), 0, 3, -1).Draw(t, "field"))
	}
	text := strings.Join(fields, ":")
	if rapid.IntRange(0, 9).Draw(t, "all") == 0 {
		text = "*"
	}
	return arn.NewPattern(arn.NewGlob(text), rapid.Bool().Draw(t, "complete"))
})

var resourceText = rapid.Custom(func(t *rapid.T) string {
	return "arn" + rapid.StringOfN(rapid.RuneFrom([]rune("ab::::/x")), 0, 12, -1).Draw(t, "text")
})

// Law: compiled patterns match what the reference matchers of package arn do.
func TestPatternsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, s := glob.Draw(t, "g"), word.Draw(t, "s")
		if got, want := atoms.Text(g).Match(s), g.Match(s); got != want {
			t.Fatalf("Text(%v) on %q: %v, want %v", g, s, got, want)
		}
		p, a := resource.Draw(t, "p"), resourceText.Draw(t, "a")
		if got, want := atoms.Resource(p).Match(a), p.Match(a) != arn.NoFit; got != want {
			t.Fatalf("Resource(%v) on %q: %v, want %v", p, a, got, want)
		}
		if got, want := atoms.ResourceExact(p).Match(a), p.Match(a) == arn.Exact; got != want {
			t.Fatalf("ResourceExact(%v) on %q: %v, want %v", p, a, got, want)
		}
		f := arn.NewGlob(resourceText.Draw(t, "f") + rapid.SampledFrom([]string{"", "*", ":*:?:*:*"}).Draw(t, "wild"))
		if got, want := atoms.Fields(f).Match(a), arn.Like(f, a); got != want {
			t.Fatalf("Fields(%v) on %q: %v, want %v", f, a, got, want)
		}
	})
}

// Law: each text of the space is in exactly one atom, the one with its vector,
// and a witness has the vector of its atom.
func TestCutIsAPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		within := atoms.Text(glob.Draw(t, "within"))
		var list []atoms.Pattern
		for range rapid.IntRange(0, 4).Draw(t, "globs") {
			g := glob.Draw(t, "g")
			list = append(list, rapid.SampledFrom([]atoms.Pattern{atoms.Text(g), atoms.Fold(g)}).Draw(t, "as"))
		}
		for range rapid.IntRange(0, 2).Draw(t, "resources") {
			list = append(list, atoms.Resource(resource.Draw(t, "p")))
		}
		cut, ok := atoms.Cut(within, list, 0)
		if !ok {
			t.Fatal("too many states")
		}
		vector := func(s string) string {
			var b strings.Builder
			for _, p := range list {
				b.WriteByte("01"[boolInt(p.Match(s))])
			}
			return b.String()
		}
		seen := map[string]bool{}
		for _, a := range cut {
			v := vector(a.Witness)
			for i := range list {
				if a.In.Has(i) != (v[i] == '1') {
					t.Fatalf("witness %q has %s, not what its atom says", a.Witness, v)
				}
			}
			if seen[v] || !within.Match(a.Witness) {
				t.Fatalf("atom %s of %q twice, or outside", v, a.Witness)
			}
			seen[v] = true
		}
		for range 20 {
			s := word.Draw(t, "s")
			if within.Match(s) && !seen[vector(s)] {
				t.Fatalf("%q (%s) is in no atom", s, vector(s))
			}
		}
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Law: an intersection covers what both cover.
func TestIntersect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := glob.Draw(t, "a"), glob.Draw(t, "b")
		list, ok := atoms.Intersect(a, b)
		if !ok {
			return
		}
		for range 20 {
			s := word.Draw(t, "s")
			got := slices.ContainsFunc(list, func(g arn.Glob) bool { return g.Match(s) })
			if want := a.Match(s) && b.Match(s); got != want {
				t.Fatalf("%v and %v on %q: %v, want %v; list %v", a, b, s, got, want, list)
			}
		}
	})
}

// Law: the terms of a set are the set.
func TestCoverIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := glob.Draw(t, "asked")
		globs := rapid.SliceOfN(glob, 0, 4).Draw(t, "globs")
		list := make([]atoms.Pattern, len(globs))
		for i, g := range globs {
			list[i] = atoms.Text(g)
		}
		cut, _ := atoms.Cut(atoms.Text(asked), list, 0)
		set := make([]bool, len(cut))
		for i := range set {
			set[i] = rapid.Bool().Draw(t, "in")
		}
		terms, ok := atoms.Cover(asked, globs, cut, set)
		if !ok {
			return
		}
		for range 20 {
			s := word.Draw(t, "s")
			if !asked.Match(s) {
				continue
			}
			at := slices.IndexFunc(cut, func(a atoms.Atom) bool {
				for i, g := range globs {
					if a.In.Has(i) != g.Match(s) {
						return false
					}
				}
				return true
			})
			got := slices.ContainsFunc(terms, func(x atoms.Term) bool { return inTerm(&x, s) })
			if got != set[at] {
				t.Fatalf("%q is in the terms: %v, in the set: %v\nasked %v, globs %v, set %v\nterms %v", s, got, set[at], asked, globs, set, terms)
			}
		}
	})
}

func inTerm(x *atoms.Term, s string) bool {
	m := func(g arn.Glob) bool { return g.Match(s) }
	return slices.ContainsFunc(x.Globs, m) && !slices.ContainsFunc(x.Except, m)
}

func TestCoverReadsWell(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		asked string
		globs []string
		in    func(string) bool // by a text of the atom
		want  string
	}{
		{"all", "b/*", []string{"b/dir/*"}, func(string) bool { return true }, "b/*"},
		{"one inside", "b/*", []string{"b/dir/*"}, func(s string) bool { return strings.HasPrefix(s, "b/dir/") }, "b/dir/*"},
		{"one cut out", "b/*", []string{"b/dir/*"}, func(s string) bool { return !strings.HasPrefix(s, "b/dir/") }, "b/* - b/dir/*"},
		{
			"an island in what is cut out", "b/*",
			[]string{"b/dir/*", "b/dir/sub/*"},
			func(s string) bool { return !strings.HasPrefix(s, "b/dir/") || strings.HasPrefix(s, "b/dir/sub/") },
			"b/* - b/dir/* | b/dir/sub/*",
		},
		{
			"two side by side", "b/*", []string{"b/x/*", "b/y/*", "b/z/*"},
			func(s string) bool { return strings.HasPrefix(s, "b/x/") || strings.HasPrefix(s, "b/z/") }, "b/x/*, b/z/*",
		},
		{
			"what two overlapping ones share", "*", []string{"a*", "*b"},
			func(s string) bool { return strings.HasPrefix(s, "a") && strings.HasSuffix(s, "b") }, "a*b",
		},
		{
			"one without what it shares", "*", []string{"a*", "*b"},
			func(s string) bool { return strings.HasPrefix(s, "a") && !strings.HasSuffix(s, "b") }, "a* - *b",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var globs []arn.Glob
			var list []atoms.Pattern
			for _, g := range tt.globs {
				globs, list = append(globs, arn.NewGlob(g)), append(list, atoms.Text(arn.NewGlob(g)))
			}
			cut, _ := atoms.Cut(atoms.Text(arn.NewGlob(tt.asked)), list, 0)
			set := make([]bool, len(cut))
			for i := range cut {
				set[i] = tt.in(cut[i].Witness)
			}
			terms, ok := atoms.Cover(arn.NewGlob(tt.asked), globs, cut, set)
			if got := print(terms); !ok || got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func print(terms []atoms.Term) string {
	join := func(list []arn.Glob) string {
		var out []string
		for _, g := range list {
			out = append(out, g.String())
		}
		return strings.Join(out, ", ")
	}
	var out []string
	for _, x := range terms {
		s := join(x.Globs)
		if len(x.Except) > 0 {
			s += " - " + join(x.Except)
		}
		out = append(out, s)
	}
	return strings.Join(out, " | ")
}

func TestCutIsBounded(t *testing.T) {
	t.Parallel()
	var list []atoms.Pattern
	for _, s := range []string{"ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr", "st"} {
		list = append(list, atoms.Text(arn.NewGlob("*"+s+"*"+s+"*")))
	}
	if _, ok := atoms.Cut(atoms.Text(arn.NewGlob("*")), list, 1000); ok {
		t.Error("a cut of more than 1000 states was made")
	}
}

func BenchmarkCut(b *testing.B) {
	for _, n := range []int{10, 200} {
		var list []atoms.Pattern
		for i := range n {
			text := "arn:aws:s3:::bucket/prefix-" + strings.Repeat(string(rune('a'+i%26)), 1+i/26) + "/*"
			list = append(list, atoms.Resource(arn.NewPattern(arn.NewGlob(text), true)))
		}
		b.Run(map[int]string{10: "10", 200: "200"}[n]+" patterns", func(b *testing.B) {
			for b.Loop() {
				atoms.Cut(atoms.Text(arn.NewGlob("arn:?*:?*:*:*:?*")), list, 0)
			}
		})
	}
}
