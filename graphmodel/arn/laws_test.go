package arn_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
)

// slowMatch is the definition of a glob, spelled out.
func slowMatch(pattern, text []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(text) == 0
	case pattern[0] == '*':
		return slowMatch(pattern[1:], text) || len(text) > 0 && slowMatch(pattern, text[1:])
	case len(text) == 0:
		return false
	}
	return (pattern[0] == '?' || pattern[0] == text[0]) && slowMatch(pattern[1:], text[1:])
}

// patterns and texts over an alphabet so small that accidents happen.
var (
	patterns = rapid.StringOfN(rapid.SampledFrom([]rune("ab界*?")), 0, 7, -1)
	texts    = rapid.StringOfN(rapid.SampledFrom([]rune("ab界")), 0, 9, -1)
)

// Law: Match is the definition.
func TestGlobMatchesItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern, text := patterns.Draw(t, "pattern"), texts.Draw(t, "text")
		got, want := arn.NewGlob(pattern).Match(text), slowMatch([]rune(pattern), []rune(text))
		if got != want {
			t.Fatalf("%q.Match(%q) = %v, want %v", pattern, text, got, want)
		}
		if !arn.Literal(pattern).Match(pattern) || arn.Literal(pattern).Match(text) != (pattern == text) {
			t.Fatalf("Literal(%q) is not that text", pattern)
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

// Law: two globs overlap exactly when some text is covered by both. Two
// patterns of four characters that overlap do so in a text of at most eight.
func TestOverlapsIsExact(t *testing.T) {
	t.Parallel()
	all := every("ab", 8)
	short := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := short.Draw(t, "a"), short.Draw(t, "b")
		x, y := arn.NewGlob(a), arn.NewGlob(b)
		want := false
		for _, s := range all {
			want = want || x.Match(s) && y.Match(s)
		}
		if got := arn.Overlaps(x, y); got != want {
			t.Fatalf("Overlaps(%q, %q) = %v, want %v", a, b, got, want)
		}
	})
}

// Law: Covers never invents a cover, and finds each of patterns without '?'.
// The letter c stands in no pattern, so it tells a star from a letter.
func TestCoversIsSoundAndExactWithoutQuestionMarks(t *testing.T) {
	t.Parallel()
	all := every("abc", 6)
	short := rapid.StringOfN(rapid.SampledFrom([]rune("ab**?")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := short.Draw(t, "a"), short.Draw(t, "b")
		x, y := arn.NewGlob(a), arn.NewGlob(b)
		want := true
		for _, s := range all {
			want = want && (x.Match(s) || !y.Match(s))
		}
		got := arn.Covers(x, y)
		if got && !want || got != want && !strings.Contains(a+b, "?") {
			t.Fatalf("Covers(%q, %q) = %v, want %v", a, b, got, want)
		}
	})
}

// slowFit is rule E35, spelled out: field by field, and else with each star
// that ends one of the first five fields free to swallow colons.
func slowFit(pattern, resource string) arn.Fit {
	p, r := strings.SplitN(pattern, ":", 6), strings.SplitN(resource, ":", 6)
	switch {
	case pattern == "*":
		return arn.Exact
	case resource == "*":
		return arn.NoFit
	}
	if len(p) == 6 && len(r) == 6 {
		all := true
		for i := range p {
			all = all && slowMatch([]rune(p[i]), []rune(r[i]))
		}
		if all {
			return arn.Exact
		}
	}
	if slowRunOn(pattern, resource, 0) {
		return arn.RunOn
	}
	return arn.NoFit
}

// slowRunOn walks both texts; field counts the colons of the pattern so far.
func slowRunOn(pattern, text string, field int) bool {
	if pattern == "" {
		return text == ""
	}
	inside := field < 5
	switch c := pattern[0]; c {
	case '*':
		ends := len(pattern) == 1 || pattern[1] == ':'
		if slowRunOn(pattern[1:], text, field) {
			return true
		}
		return text != "" && (!inside || ends || text[0] != ':') && slowRunOn(pattern, text[1:], field)
	case '?':
		return text != "" && (!inside || text[0] != ':') && slowRunOn(pattern[1:], text[1:], field)
	case ':':
		return text != "" && text[0] == ':' && slowRunOn(pattern[1:], text[1:], min(field+1, 5))
	default:
		return text != "" && text[0] == c && slowRunOn(pattern[1:], text[1:], field)
	}
}

// Law: a resource pattern fits as E35 says, and its Glob covers what it covers.
func TestPatternFitsAsE35Says(t *testing.T) {
	t.Parallel()
	pieces := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab*?")), 0, 2, -1), 1, 7)
	values := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 2, -1), 6, 7)
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(pieces.Draw(t, "pattern"), ":")
		resource := strings.Join(values.Draw(t, "resource"), ":")
		p := arn.NewPattern(arn.NewGlob(pattern), false)
		got, want := p.Match(resource), slowFit(pattern, resource)
		if got != want {
			t.Fatalf("%q covers %q: %v, want %v", pattern, resource, got, want)
		}
		if got != arn.NoFit && !p.Glob().Match(resource) {
			t.Fatalf("%q covers %q, its glob does not", pattern, resource)
		}
	})
}

// Law: filling up only adds (E37), and what Like covers the glob covers, too.
func TestFillingUpOnlyAdds(t *testing.T) {
	t.Parallel()
	pieces := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab*?")), 0, 2, -1), 0, 6)
	values := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 2, -1), 5, 5)
	rapid.Check(t, func(t *rapid.T) {
		g := arn.NewGlob(strings.Join(append([]string{"arn"}, pieces.Draw(t, "pattern")...), ":"))
		resource := strings.Join(append([]string{"arn"}, values.Draw(t, "resource")...), ":")
		bare, full := arn.NewPattern(g, false).Match(resource), arn.NewPattern(g, true).Match(resource)
		if full < bare {
			t.Fatalf("%q covers %q: %v, filled up %v", g, resource, bare, full)
		}
		if arn.Like(g, resource) && !g.Match(resource) {
			t.Fatalf("%q is like %q and does not cover it", g, resource)
		}
	})
}

// Law: After reads a prefix away: its globs cover what the glob covers behind
// the prefix, and nothing else.
func TestAfterReadsAPrefixAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern, prefix, rest := patterns.Draw(t, "pattern"), texts.Draw(t, "prefix"), texts.Draw(t, "rest")
		g := arn.NewGlob(pattern)
		got := false
		for _, left := range g.After(prefix) {
			got = got || left.Match(rest)
		}
		if want := g.Match(prefix + rest); got != want {
			t.Fatalf("%q after %q covers %q: %v, want %v", pattern, prefix, rest, got, want)
		}
	})
}

// Law: a glob has a Prefix exactly when it is that text and a star.
func TestPrefixIsTextAndAStar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := patterns.Draw(t, "pattern")
		got, ok := arn.Prefix(arn.NewGlob(pattern))
		want, star := strings.CutSuffix(pattern, "*")
		if plain := star && !strings.ContainsAny(want, "*?"); ok != plain || ok && got != want {
			t.Fatalf("Prefix(%q) = %q, %v", pattern, got, ok)
		}
	})
}

// Law: what two patterns cover both, they overlap in; what a pattern covers
// for sure, it keeps covering when another one covers it.
func TestPatternsOverlapAndCover(t *testing.T) {
	t.Parallel()
	pieces := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab*")), 0, 2, -1), 5, 6)
	values := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 2, -1), 5, 5)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) arn.Pattern {
			return arn.NewPattern(arn.NewGlob(strings.Join(append([]string{"arn"}, pieces.Draw(t, label)...), ":")), true)
		}
		p, q := draw("p"), draw("q")
		resource := strings.Join(append([]string{"arn"}, values.Draw(t, "resource")...), ":")
		inP, inQ := p.Match(resource) == arn.Exact, q.Match(resource) == arn.Exact
		if inP && inQ && (!p.Overlaps(q) || !q.Overlaps(p)) {
			t.Fatalf("%s and %s both cover %s and do not overlap", p, q, resource)
		}
		if p.Covers(q) && (!p.Overlaps(q) || inQ && !inP) {
			t.Fatalf("%s does not cover %s: %s", p, q, resource)
		}
		if !p.Covers(p) {
			t.Fatalf("%s does not cover itself", p)
		}
	})
}
