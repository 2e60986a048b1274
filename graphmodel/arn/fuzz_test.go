package arn_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pathfinder/graphmodel/arn"
)

// Any bytes are a pattern and a text: nothing panics, and for valid short ones
// the definition is the judge.
func FuzzGlob(f *testing.F) {
	f.Add("data/*/test/*", "data/1/2/test/3/o")
	f.Add("*a*a*a*b", "aaaaaaaaaaaa")
	f.Add("??界", "ab界")
	f.Add("\xff\xfe*", "\xff\xfe")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern)+len(text) > 200 {
			return // comparing two globs takes the product of their lengths
		}
		g := arn.NewGlob(pattern)
		got := g.Match(text)
		small := len(pattern) < 12 && len(text) < 12 && utf8.ValidString(pattern) && utf8.ValidString(text)
		if small && got != slowMatch([]rune(pattern), []rune(text)) {
			t.Errorf("%q.Match(%q) = %v", pattern, text, got)
		}
		if utf8.ValidString(text) && got && !arn.Overlaps(g, arn.Literal(text)) {
			t.Errorf("%q covers %q and does not overlap it", pattern, text)
		}
		if !arn.Covers(g, g) && !strings.ContainsAny(pattern, "?") {
			t.Errorf("%q does not cover itself", pattern)
		}
		if utf8.ValidString(pattern) && g.String() != pattern {
			t.Errorf("%q prints as %q", pattern, g)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("arn:aws:sqs:*:q1", "arn:aws:sqs:eu-west-1:111111111111:q1", true)
	f.Add("arn:aws:sqs:eu*q1", "arn:aws:sqs:eu-west-1:111111111111:q1", false)
	f.Add("*", "*", false)
	f.Add("arn:a?:b*c*:::x", "arn:a:::::", true)
	f.Fuzz(func(t *testing.T, pattern, resource string, complete bool) {
		if len(pattern)+len(resource) > 200 {
			return
		}
		p := arn.NewPattern(arn.NewGlob(pattern), complete)
		fit := p.Match(resource)
		if fit != arn.NoFit && !p.All() && !p.Glob().Match(resource) {
			t.Errorf("%q covers %q (%v), its glob does not", pattern, resource, fit)
		}
		ascii := !strings.ContainsFunc(pattern+resource, func(r rune) bool { return r >= 0x80 })
		if !complete && ascii && strings.Count(resource, ":") >= 5 && len(pattern)+len(resource) < 18 && fit != slowFit(pattern, resource) {
			t.Errorf("%q covers %q: %v, want %v", pattern, resource, fit, slowFit(pattern, resource))
		}
		if arn.Like(arn.NewGlob(pattern), resource) && utf8.ValidString(pattern) && utf8.ValidString(resource) && !arn.NewGlob(pattern).Match(resource) {
			t.Errorf("%q is like %q and does not cover it", resource, pattern)
		}
	})
}
