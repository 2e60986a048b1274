package atoms_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

func prefixes(n int) (within atoms.Pattern, patterns []atoms.Pattern, asked arn.Glob, globs []arn.Glob) {
	asked = arn.NewGlob("arn:aws:s3:::bucket/*")
	for i := range n {
		g := arn.NewGlob(fmt.Sprintf("arn:aws:s3:::bucket/prefix-%d/*", i))
		globs = append(globs, g)
		patterns = append(patterns, atoms.Resource(arn.NewPattern(g, true)))
	}
	return atoms.Text(asked), patterns, asked, globs
}

func BenchmarkCut(b *testing.B) {
	for _, n := range []int{10, 50, 200} {
		b.Run(fmt.Sprintf("patterns=%d", n), func(b *testing.B) {
			within, patterns, _, _ := prefixes(n)
			b.ReportAllocs()
			for b.Loop() {
				if list, ok := atoms.Cut(within, patterns, 0); !ok || len(list) != n+1 {
					b.Fatal(len(list), ok)
				}
			}
		})
	}
}

func BenchmarkCover(b *testing.B) {
	for _, n := range []int{10, 50, 200} {
		b.Run(fmt.Sprintf("patterns=%d", n), func(b *testing.B) {
			within, patterns, asked, globs := prefixes(n)
			list, _ := atoms.Cut(within, patterns, 0)
			set := make([]bool, len(list))
			for i := range set {
				set[i] = i%2 == 0
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := atoms.NewWriter(asked, singly(globs), list).Cover(set); !ok {
					b.Fatal("not exact")
				}
			}
		})
	}
}

func BenchmarkIntersect(b *testing.B) {
	x, y := arn.NewGlob("arn:aws:s3:::bucket/team-*/secret/*"), arn.NewGlob("arn:aws:s3:::*/*.pem")
	for b.Loop() {
		if list, ok := atoms.Intersect(x, y); !ok || len(list) == 0 {
			b.Fatal(list, ok)
		}
	}
}
