package atoms_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

// FuzzCut reads a line as a pattern, of a kind that its number tells, and
// checks that text lies in exactly one atom and each witness in its own.
func FuzzCut(f *testing.F) {
	f.Add("b/*\nb/dir/*\nb/dir/sub/*", "b/dir/x", uint8(0))
	f.Add("*\narn:aws:s3*:::b/*\narn:aws:s3:::b/?", "arn:aws:s3:::b/x", uint8(3))
	f.Add("*\nK\nk\n**", "*", uint8(1))
	f.Fuzz(func(t *testing.T, lines, text string, kinds uint8) {
		text = strings.ToValidUTF8(text, "?")
		all := strings.Split(lines, "\n")
		if len(lines) > 200 || len(all) > 8 {
			t.Skip("long")
		}
		var patterns []atoms.Pattern
		for i, l := range all {
			g := arn.NewGlob(l)
			switch (int(kinds) + i) % 5 {
			case 0:
				patterns = append(patterns, atoms.Text(g))
			case 1:
				patterns = append(patterns, atoms.Fold(g))
			case 2:
				patterns = append(patterns, atoms.Fields(g))
			case 3:
				patterns = append(patterns, atoms.Resource(arn.NewPattern(g, true)))
			case 4:
				patterns = append(patterns, atoms.ResourceExact(arn.NewPattern(g, false)))
			}
		}
		within, patterns := patterns[0], patterns[1:]
		list, ok := atoms.Cut(within, patterns, 5000)
		if !ok {
			return
		}
		held := 0
		for _, a := range list {
			in := bitsOf(a.In, len(patterns))
			if got := vector(patterns, a.Witness); got != in || !within.Match(a.Witness) {
				t.Errorf("%q: witness %q of %s has %s", all, a.Witness, in, got)
			}
			if in == vector(patterns, text) {
				held++
			}
		}
		if within.Match(text) && held != 1 {
			t.Errorf("%q: %q lies in %d atoms", all, text, held)
		}
	})
}
