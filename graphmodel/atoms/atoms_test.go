package atoms_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

// read makes a pattern of "kind glob"; without a kind it is Text.
func read(s string) atoms.Pattern {
	kind, text, ok := strings.Cut(s, " ")
	if !ok {
		return atoms.Text(arn.NewGlob(s))
	}
	g := arn.NewGlob(text)
	switch kind {
	case "fold":
		return atoms.Fold(g)
	case "fields":
		return atoms.Fields(g)
	case "exact":
		return atoms.ResourceExact(arn.NewPattern(g, true))
	case "literal":
		return atoms.Text(arn.Literal(text))
	case "none":
		return atoms.Pattern{}
	default:
		return atoms.Resource(arn.NewPattern(g, true))
	}
}

func readAll(list []string) []atoms.Pattern {
	var out []atoms.Pattern
	for _, s := range list {
		out = append(out, read(s))
	}
	return out
}

func TestCut(t *testing.T) {
	t.Parallel()
	const wild = "resource arn:aws:s3*:::b/*"
	tests := []struct {
		name     string
		within   string
		patterns []string
		want     []string // vector and witness
	}{
		{name: "no pattern", within: "b/*", want: []string{" b/"}},
		{name: "nothing within", within: "none -", patterns: []string{"*"}},
		{name: "one text within", within: "b/x", patterns: []string{"b/*", "*y"}, want: []string{"10 b/x"}},
		{
			name: "nested", within: "b/*", patterns: []string{"b/dir/*", "b/dir/sub/*"},
			want: []string{"00 b/", "10 b/dir/", "11 b/dir/sub/"},
		},
		{
			name: "overlapping", within: "*", patterns: []string{"a*", "*b"},
			want: []string{"00 ", "10 a", "01 b", "11 ab"},
		},
		{
			name: "one that is no text of the pattern is readable", within: "?", patterns: []string{"x", "y", "$", "literal *"},
			want: []string{"0010 $", "0001 *", "1000 x", "0100 y", "0000 z"},
		},
		{
			name: "one character", within: "a?c*", patterns: []string{"a?c", "*界c"},
			want: []string{"10 axc", "11 a界c", "00 a界c界", "01 a界c界c"},
		},
		{
			name: "with and without regard to case", within: "?", patterns: []string{"fold k", "k", "K"},
			want: []string{"101 K", "110 k", "000 x", "100 \u212a"},
		},
		{
			name: "a space without regard to case", within: "fold ab", patterns: []string{"Ab", "a*"},
			want: []string{"10 Ab", "01 ab", "00 AB"},
		},
		{
			name: "a field keeps its wildcard", within: "arn:*:b/x", patterns: []string{"fields arn:aws:s3*:::b/x", wild},
			want: []string{"00 arn::b/x", "11 arn:aws:s3:::b/x", "01 arn:aws:s3::::b/x"},
		},
		{
			name: "run on and exact", within: "arn:aws:s3*", patterns: []string{wild, "exact arn:aws:s3*:::b/*"},
			want: []string{"00 arn:aws:s3", "11 arn:aws:s3:::b/", "10 arn:aws:s3::::b/"},
		},
		{
			name: "the request without resource", within: "?", patterns: []string{"resource **", "resource *"},
			want: []string{"01 *", "11 x"},
		},
		{name: "the request without resource within", within: "resource **", patterns: []string{"literal *"}, want: []string{"0 "}},
		{name: "a pattern that covers none", within: "*", patterns: []string{"fields a*", "none -"}, want: []string{"00 "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, ok := atoms.Cut(read(tt.within), readAll(tt.patterns), 0)
			var got []string
			for _, a := range list {
				got = append(got, bitsOf(a.In, len(tt.patterns))+" "+a.Witness)
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
				t.Errorf("Cut(%s, %v) ok=%v: (-want +got)\n%s", tt.within, tt.patterns, ok, diff)
			}
		})
	}
}

func TestCutSaysWhenItStops(t *testing.T) {
	t.Parallel()
	var patterns []atoms.Pattern
	for i := range 26 {
		patterns = append(patterns, atoms.Text(arn.NewGlob(fmt.Sprintf("*%c*", 'a'+i))))
	}
	if list, ok := atoms.Cut(read("*"), patterns, 1000); ok || list != nil {
		t.Errorf("26 patterns of 2^26 atoms: %d atoms, ok=%v", len(list), ok)
	}
	if list, ok := atoms.Cut(read("*"), patterns[:5], 0); !ok || len(list) != 32 {
		t.Errorf("5 patterns: %d atoms, ok=%v, want 32", len(list), ok)
	}
}

// Where all the usual characters are taken, another one stands for the rest.
func TestCutRunsOutOfLetters(t *testing.T) {
	t.Parallel()
	var taken []atoms.Pattern
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" {
		taken = append(taken, atoms.Text(arn.Literal(string(c))))
	}
	for _, want := range []string{"¤", "¡", "¢"} {
		list, ok := atoms.Cut(read("?"), taken, 0)
		if !ok || len(list) != len(taken)+1 || !slices.ContainsFunc(list, func(a atoms.Atom) bool { return a.Witness == want }) {
			t.Fatalf("%d atoms, ok=%v, want one with witness %s", len(list), ok, want)
		}
		taken = append(taken, atoms.Text(arn.Literal(want)))
	}
}

func TestIntersect(t *testing.T) {
	t.Parallel()
	tests := []struct{ a, b, want string }{
		{"a*", "*b", "a*b"},
		{"b/*", "b/dir/*", "b/dir/*"},
		{"b/dir/*", "b/*", "b/dir/*"},
		{"b/*", "c/*", ""},
		{"ab*", "*ab", "ab ab*ab"},
		{"*a*", "*b*", "*a*b* *b*a*"},
		{"?*", "*?", "?*"},
		{"a?c", "*b*", "abc"},
		{"?b*", "a*", "ab*"},
		{"*?x", "y*", "y*x"},
		{"*?*?a", "b?*", "b?*a"},
		{"*/secret/*", "arn:aws:s3:::b/*.pem", "arn:aws:s3:::b/*/secret/*.pem arn:aws:s3:::b/secret/*.pem"},
	}
	for _, tt := range tests {
		list, ok := atoms.Intersect(arn.NewGlob(tt.a), arn.NewGlob(tt.b))
		var got []string
		for _, g := range list {
			got = append(got, g.String())
		}
		if s := strings.Join(got, " "); s != tt.want || !ok {
			t.Errorf("Intersect(%s, %s) = %q, %v, want %q", tt.a, tt.b, s, ok, tt.want)
		}
	}
	if list, ok := atoms.Intersect(arn.NewGlob("*a*b*c*d*e*"), arn.NewGlob("*f*g*h*i*j*")); ok {
		t.Errorf("252 orders of the letters: %d globs", len(list))
	}
}

// write prints terms as "globs - except", one a line.
func write(terms []atoms.Term) string {
	var lines []string
	join := func(list []arn.Glob) string {
		var out []string
		for _, g := range list {
			out = append(out, g.String())
		}
		return strings.Join(out, " ")
	}
	for _, t := range terms {
		s := join(t.Globs)
		if len(t.Except) > 0 {
			s += " - " + join(t.Except)
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "; ")
}

func TestCover(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, asked, globs string
		set                string // vectors of the atoms in the set
		want               string
	}{
		{name: "nothing", asked: "b/*", globs: "b/dir/*"},
		{name: "all", asked: "b/*", globs: "b/dir/*", set: "0 1", want: "b/*"},
		{name: "one", asked: "b/*", globs: "b/dir/*", set: "1", want: "b/dir/*"},
		{name: "all but one", asked: "b/*", globs: "b/dir/*", set: "0", want: "b/* - b/dir/*"},
		{
			name: "a part of what is left out", asked: "b/*", globs: "b/dir/* b/dir/sub/*", set: "00 11",
			want: "b/dir/sub/*; b/* - b/dir/*",
		},
		{name: "both", asked: "*", globs: "a* *b", set: "11", want: "a*b"},
		{name: "one of two", asked: "*", globs: "a* *b", set: "10", want: "a* - *b"},
		{name: "either", asked: "*", globs: "a* *b", set: "10 01 11", want: "*b a*"},
		{name: "neither", asked: "*", globs: "a* *b", set: "00", want: "* - *b a*"},
		{name: "one but not both", asked: "*", globs: "a* *b", set: "10 01", want: "*b a* - a*b"},
		{name: "all but both", asked: "*", globs: "a* *b", set: "00 10 01", want: "* - a*b"},
		{name: "inside what was asked", asked: "b/*", globs: "*.pem", set: "0", want: "b/* - b/*.pem"},
		{name: "the same twice", asked: "b/*", globs: "* b/* b/x* b/x**", set: "1100", want: "b/* - b/x*"},
		{name: "many", asked: "b/*", globs: "b/1/* b/2/* b/3/*", set: "100 001", want: "b/1/* b/3/*"},
		{name: "many and the rest", asked: "b/*", globs: "b/1/* b/2/* b/3/*", set: "100 001 000", want: "b/* - b/2/*"},
		{
			name: "three levels", asked: "b/*", globs: "b/1/* b/1/2/* b/1/2/3/*", set: "000 110",
			want: "b/* - b/1/*; b/1/2/* - b/1/2/3/*",
		},
		{
			name: "apart, with exceptions of their own", asked: "b/*", globs: "b/1/* b/1/x/* b/2/* b/2/x/*", set: "1000 0010",
			want: "b/1/* b/2/* - b/1/x/* b/2/x/*",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var globs []arn.Glob
			var patterns []atoms.Pattern
			for g := range strings.FieldsSeq(tt.globs) {
				globs = append(globs, arn.NewGlob(g))
				patterns = append(patterns, read(g))
			}
			list, ok := atoms.Cut(read(tt.asked), patterns, 0)
			if !ok {
				t.Fatal("Cut reached its limit")
			}
			set := make([]bool, len(list))
			for i, a := range list {
				in := bitsOf(a.In, len(globs))
				set[i] = slices.Contains(strings.Fields(tt.set), in) || len(list) == len(globs) && tt.set == in
			}
			terms, ok := atoms.NewWriter(arn.NewGlob(tt.asked), singly(globs), list).Cover(set)
			if got := write(terms); got != tt.want || !ok {
				t.Errorf("%s by %s, set %s: %q, %v, want %q", tt.asked, tt.globs, tt.set, got, ok, tt.want)
			}
		})
	}
}

// singly makes a list of each glob.
func singly(globs []arn.Glob) [][]arn.Glob {
	out := make([][]arn.Glob, len(globs))
	for i, g := range globs {
		out[i] = []arn.Glob{g}
	}
	return out
}

// A set that only too many globs could write is not written at all.
func TestCoverSaysWhenItIsNotExact(t *testing.T) {
	t.Parallel()
	globs := []arn.Glob{arn.NewGlob("*a*b*c*d*e*"), arn.NewGlob("*f*g*h*i*j*")}
	list, ok := atoms.Cut(read("*"), []atoms.Pattern{atoms.Text(globs[0]), atoms.Text(globs[1])}, 0)
	if !ok || len(list) != 4 {
		t.Fatalf("%d atoms, %v", len(list), ok)
	}
	set := make([]bool, 4)
	for i, a := range list {
		set[i] = a.In.Has(0) && a.In.Has(1)
	}
	if terms, ok := atoms.NewWriter(arn.NewGlob("*"), singly(globs), list).Cover(set); ok || terms != nil {
		t.Errorf("both of %v: %s, %v", globs, write(terms), ok)
	}
}

func TestBitsHas(t *testing.T) {
	t.Parallel()
	b := atoms.Bits{1 << 3, 1}
	for i, want := range map[int]bool{-1: false, 3: true, 4: false, 64: true, 65: false, 128: false} {
		if b.Has(i) != want {
			t.Errorf("Has(%d) = %v", i, !want)
		}
	}
}

// What a Writer does is bounded: sets that take patterns apart which overlap in thousands of
// ways are not written. Others are, whichever were asked for before.
func TestCoverEnds(t *testing.T) {
	t.Parallel()
	const patterns, many = 90, 6000
	globs := make([]arn.Glob, patterns)
	for i := range globs {
		globs[i] = arn.NewGlob(strings.Repeat("a", i+1) + "*")
	}
	list, n := make([]atoms.Atom, many), uint64(1)
	hard, plain := make([]bool, many), make([]bool, many)
	for i := range list {
		list[i].In = atoms.NewBits(patterns)
		for p := range patterns {
			if n = n*6364136223846793005 + 1442695040888963407; n>>62 == 0 { // a quarter of them
				list[i].In.Add(p)
			}
		}
		hard[i], plain[i] = n>>61&1 == 0, list[i].In.Has(0)
	}
	w := atoms.NewWriter(arn.NewGlob("*"), singly(globs), list)
	for _, tt := range []struct {
		name string
		set  []bool
		want string
		ok   bool
	}{
		{"one pattern", plain, "a*", true},
		{"about half of all", hard, "", false},
		{"one pattern after that", plain, "a*", true},
		{"nothing", make([]bool, many), "", true},
	} {
		if terms, ok := w.Cover(tt.set); ok != tt.ok || write(terms) != tt.want {
			t.Errorf("%s: %d terms, %v", tt.name, len(terms), ok)
		}
	}
	wide := make([]arn.Glob, patterns)
	for i := range wide {
		wide[i] = arn.NewGlob(fmt.Sprintf("*%d*", i))
	}
	if terms, ok := atoms.NewWriter(arn.NewGlob("*"), singly(wide), list).Cover(hard); ok || terms != nil {
		t.Errorf("of patterns that meet in many ways: %d terms, %v", len(terms), ok)
	}
}
