package atoms_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

// Globs and texts over an alphabet so small that accidents happen; half of
// them have the six fields of an ARN.
var (
	smallGlobs = rapid.Custom(func(t *rapid.T) arn.Glob { return arn.NewGlob(shaped(t, "ab:/**?")) })
	smallTexts = rapid.Custom(func(t *rapid.T) string { return shaped(t, "abBA:/x") })
)

func shaped(t *rapid.T, letters string) string {
	if rapid.Bool().Draw(t, "plain") {
		return rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 6, -1).Draw(t, "text")
	}
	fields := []string{rapid.SampledFrom([]string{"arn", "arn", "a"}).Draw(t, "first")}
	n := rapid.SampledFrom([]int{1, 2, 3, 6, 6, 6, 6}).Draw(t, "fields")
	for len(fields) < n {
		fields = append(fields, rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 2, -1).Draw(t, "field"))
	}
	return strings.Join(fields, ":")
}

// fill draws texts that globs nearly cover: wildcards, and now and then another
// character, become short texts.
func fill(t *rapid.T, globs []arn.Glob, n int) []string {
	fills := []string{"", "a", "b", ":", "/", "x", "ab", "a:", "::", "x:b", "A"}
	var out []string
	for range n {
		var b strings.Builder
		seed := rapid.Uint64().Draw(t, "fill")
		for _, c := range globs[int(seed%uint64(len(globs)))].String() {
			seed = seed*6364136223846793005 + 1442695040888963407
			if pick := int(seed >> 40); c == '*' || c == '?' || pick%16 == 0 {
				b.WriteString(fills[pick/16%len(fills)])
			} else {
				b.WriteRune(c)
			}
		}
		out = append(out, b.String())
	}
	return out
}

// draw makes a pattern of any kind from g.
func draw(t *rapid.T, g arn.Glob) atoms.Pattern {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return atoms.Fold(g)
	case 1:
		return atoms.Fields(g)
	case 2:
		return atoms.Resource(arn.NewPattern(g, rapid.Bool().Draw(t, "complete")))
	case 3:
		return atoms.ResourceExact(arn.NewPattern(g, rapid.Bool().Draw(t, "complete")))
	default:
		return atoms.Text(g)
	}
}

// vector prints which patterns cover s.
func vector(patterns []atoms.Pattern, s string) string {
	var b strings.Builder
	for _, p := range patterns {
		if p.Match(s) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

// bitsOf prints In the same way.
func bitsOf(in atoms.Bits, n int) string {
	var b strings.Builder
	for i := range n {
		if in.Has(i) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

// Law: each kind of pattern matches as the function it stands for.
func TestPatternsMatchAsTheirOrigin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, complete := smallGlobs.Draw(t, "glob"), rapid.Bool().Draw(t, "complete")
		p := arn.NewPattern(g, complete)
		texts := append(rapid.SliceOfN(smallTexts, 1, 5).Draw(t, "texts"), "*", "")
		texts = append(texts, fill(t, []arn.Glob{g}, 20)...)
		for _, s := range texts {
			for _, c := range []struct {
				name      string
				got, want bool
			}{
				{"Text", atoms.Text(g).Match(s), g.Match(s)},
				{"Fold", atoms.Fold(g).Match(s), arn.NewGlob(strings.ToLower(g.String())).Match(strings.ToLower(s))},
				{"Fields", atoms.Fields(g).Match(s), arn.Like(g, s)},
				{"Resource", atoms.Resource(p).Match(s), p.Match(s) != arn.NoFit},
				{"ResourceExact", atoms.ResourceExact(p).Match(s), p.Match(s) == arn.Exact},
			} {
				if c.got != c.want {
					t.Fatalf("%s(%s) complete=%v: Match(%q) = %v, want %v", c.name, g, complete, s, c.got, c.want)
				}
			}
		}
	})
}

// Law: every text within lies in exactly one atom, whose witness is not longer;
// every witness is within and lies in its own atom; the order holds.
func TestCutLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		globs := rapid.SliceOfN(smallGlobs, 1, 5).Draw(t, "globs")
		within := atoms.Text(arn.NewGlob("*"))
		if rapid.Bool().Draw(t, "part") {
			within = draw(t, globs[0])
		}
		var patterns []atoms.Pattern
		for _, g := range globs {
			patterns = append(patterns, draw(t, g))
		}
		list, ok := atoms.Cut(within, patterns, 20_000)
		if !ok {
			t.Skip("too many states")
		}
		witness := map[string]string{}
		for _, a := range list {
			in := bitsOf(a.In, len(patterns))
			if _, twice := witness[in]; twice {
				t.Fatalf("two atoms %s", in)
			}
			witness[in] = a.Witness
			if got := vector(patterns, a.Witness); got != in || !within.Match(a.Witness) {
				t.Fatalf("witness %q of atom %s has %s, within %v", a.Witness, in, got, within.Match(a.Witness))
			}
		}
		if !slices.IsSortedFunc(list, func(a, b atoms.Atom) int { return len(a.Witness) - len(b.Witness) }) {
			t.Fatalf("not in order: %v", list)
		}
		texts := append(fill(t, globs, 60), "*", "")
		for _, s := range texts {
			if !within.Match(s) {
				continue
			}
			w, found := witness[vector(patterns, s)]
			if !found || len(w) > len(s) {
				t.Fatalf("%q has %s: found %v, witness %q", s, vector(patterns, s), found, w)
			}
		}
	})
}

// Law: Intersect covers what both cover.
func TestIntersectLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"ab**", "ab*?"}).Draw(t, "letters")
		globs := rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 7, -1)
		a, b := arn.NewGlob(globs.Draw(t, "a")), arn.NewGlob(globs.Draw(t, "b"))
		list, ok := atoms.Intersect(a, b)
		if !ok {
			t.Skip("too many globs")
		}
		for _, s := range every("abx", 6) {
			got := slices.ContainsFunc(list, func(g arn.Glob) bool { return g.Match(s) })
			if want := a.Match(s) && b.Match(s); got != want {
				t.Fatalf("Intersect(%s, %s) = %v covers %q: %v, want %v", a, b, list, s, got, want)
			}
		}
	})
}

// every lists all texts over letters of up to n characters.
func every(letters string, n int) []string {
	out, last := []string{""}, []string{""}
	for range n {
		var next []string
		for _, s := range last {
			for _, r := range letters {
				next = append(next, s+string(r))
			}
		}
		out, last = append(out, next...), next
	}
	return out
}

// Law: the terms cover exactly the atoms of the set, and terms without
// exceptions are used when they can do it.
func TestCoverLaws(t *testing.T) {
	t.Parallel()
	texts := every("abx", 6)
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) arn.Glob {
			return arn.NewGlob(rapid.StringOfN(rapid.SampledFrom([]rune("ab**?")), 0, 5, -1).Draw(t, "glob"))
		})
		asked := arn.NewGlob("*")
		if rapid.Bool().Draw(t, "part") {
			asked = one.Draw(t, "asked")
		}
		globs := rapid.SliceOfN(rapid.SliceOfN(one, 1, 3), 0, 5).Draw(t, "globs") // unions
		patterns := make([]atoms.Pattern, len(globs))
		for i, list := range globs {
			union := make([]atoms.Pattern, len(list))
			for j, g := range list {
				union[j] = atoms.Text(g)
			}
			patterns[i] = atoms.Union(union)
		}
		list, ok := atoms.Cut(atoms.Text(asked), patterns, 20_000)
		if !ok {
			t.Skip("too many states")
		}
		set := rapid.SliceOfN(rapid.Bool(), len(list), len(list)).Draw(t, "set")
		terms, ok := atoms.NewWriter(asked, globs, list).Cover(set)
		if !ok {
			t.Skip("too many globs")
		}
		in := map[string]bool{}
		for i, a := range list {
			in[bitsOf(a.In, len(globs))] = set[i]
		}
		for _, s := range texts {
			want := asked.Match(s) && in[vector(patterns, s)]
			got := slices.ContainsFunc(terms, func(t atoms.Term) bool { return t.Covers(s) })
			if got != want {
				t.Fatalf("asked %s globs %v set %v of %v: %v covers %q: %v, want %v", asked, globs, set, list, terms, s, got, want)
			}
		}
		again, _ := atoms.NewWriter(asked, globs, list).Cover(set)
		if !slices.EqualFunc(terms, again, func(a, b atoms.Term) bool {
			return slices.Equal(a.Globs, b.Globs) && slices.Equal(a.Except, b.Except)
		}) {
			t.Fatalf("once %v, once %v", terms, again)
		}
	})
}
