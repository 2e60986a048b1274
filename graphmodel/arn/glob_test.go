package arn_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
)

func TestGlobMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, text string
		want                bool
	}{
		{name: "E53 plain text", pattern: "data", text: "data", want: true},
		{name: "E33 case counts", pattern: "data", text: "Data"},
		{name: "E53 the whole text must be covered", pattern: "dat", text: "data"},
		{name: "E34 star is any run", pattern: "da*a", text: "da1234a", want: true},
		{name: "E34 star is also empty", pattern: "da*ta", text: "data", want: true},
		{name: "E34 star runs across slashes", pattern: "data/*", text: "data/a/b/c", want: true},
		{name: "E53 star runs across colons", pattern: "function:*", text: "function:fn:PROD", want: true},
		{name: "E34 two stars, the first has to go on", pattern: "*/test/*", text: "1/test2/test/o", want: true},
		{name: "E34 star at the end of the text", pattern: "data*", text: "data", want: true},
		{name: "E34 several stars in a row", pattern: "a***b", text: "ab", want: true},
		{name: "E34 star does not undo a later mismatch", pattern: "*.jpg", text: "photo.jpg.exe"},
		{name: "E34 question mark is one character", pattern: "k?", text: "k1", want: true},
		{name: "E34 question mark is not empty", pattern: "k?", text: "k"},
		{name: "E34 question mark is not two", pattern: "k?", text: "k12"},
		{name: "E34 question mark is one character of any width", pattern: "k?", text: "k界", want: true},
		{name: "E34 two question marks are not one wide character", pattern: "k??", text: "k界"},
		{name: "E34 question mark behind a star", pattern: "*?", text: "k", want: true},
		{name: "E34 star and question mark need one character", pattern: "*?", text: ""},
		{name: "empty pattern covers the empty text", pattern: "", text: "", want: true},
		{name: "empty pattern covers nothing else", pattern: "", text: "x"},
		{name: "lone star covers the empty text", pattern: "*", text: "", want: true},
		{name: "wide text is compared as text", pattern: "日*語", text: "日本語", want: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := arn.NewGlob(tt.pattern).Match(tt.text); got != tt.want {
				t.Errorf("NewGlob(%q).Match(%q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
			}
		})
	}
}

func TestGlobLiteral(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		glob arn.Glob
		text string
		want bool
	}{
		{name: "E69 a star that came out of a variable is a star", glob: arn.Literal("*"), text: "*", want: true},
		{name: "E69 and covers nothing else", glob: arn.Literal("*"), text: "secret"},
		{name: "E69 a question mark as well", glob: arn.Literal("?"), text: "x"},
		{name: "E69 wildcards around the literal work", glob: arn.NewGlob("home/") + arn.Literal("a*") + arn.NewGlob("/*"), text: "home/a*/x", want: true},
		{name: "E69 the literal in the middle stays literal", glob: arn.NewGlob("home/") + arn.Literal("a*") + arn.NewGlob("/*"), text: "home/ab/x"},
		{name: "bytes that stand for wildcards are no wildcards in literals", glob: arn.Literal("\xff"), text: "anything"},
		{name: "nor in patterns", glob: arn.NewGlob("\xff"), text: "anything"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.glob.Match(tt.text); got != tt.want {
				t.Errorf("%q.Match(%q) = %v, want %v", tt.glob.String(), tt.text, got, tt.want)
			}
		})
	}
}

func TestGlobText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		glob arn.Glob
		want string
		wild bool
	}{
		{name: "a pattern prints as written", glob: arn.NewGlob("a*b?c"), want: "a*b?c", wild: true},
		{name: "plain text has no wildcard", glob: arn.NewGlob("abc"), want: "abc"},
		{name: "a literal star is no wildcard", glob: arn.Literal("a*"), want: "a*"},
		{name: "a literal and a pattern together", glob: arn.Literal("a*") + arn.NewGlob("?"), want: "a*?", wild: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, wild := tt.glob.String(), tt.glob.HasWildcard(); got != tt.want || wild != tt.wild {
				t.Errorf("String, HasWildcard = %q, %v; want %q, %v", got, wild, tt.want, tt.wild)
			}
		})
	}
}

func TestGlobPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		glob arn.Glob
		want string
	}{
		{name: "E34 wildcards", glob: arn.NewGlob("home/*/a?"), want: "home/*/a?"},
		{name: "E70 characters", glob: arn.Literal("home/*") + arn.NewGlob("/*") + arn.Literal("?"), want: "home/${*}/*${?}"},
		{name: "E3 what looks like a variable", glob: arn.NewGlob("home/${aws:username}/*"), want: "home/${$}{aws:username}/*"},
		{name: "E41 a dollar sign means nothing by itself", glob: arn.NewGlob("a$b*"), want: "a$b*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.glob.Policy(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestOverlapsAndCovers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b     string
		meet, abc, bac bool // a and b overlap, a covers b, b covers a
	}{
		{name: "same text", a: "data", b: "data", meet: true, abc: true, bac: true},
		{name: "E43 bucket and objects are apart", a: "data", b: "data/*"},
		{name: "star covers all", a: "*", b: "data/*", meet: true, abc: true},
		{name: "a wider prefix covers", a: "da*", b: "data/*", meet: true, abc: true},
		{name: "prefix and suffix meet in the middle", a: "da*", b: "*/k1", meet: true},
		{name: "different prefixes stay apart", a: "da*", b: "do*"},
		{name: "question mark and letter", a: "k?", b: "k1", meet: true, abc: true},
		{name: "question marks alike", a: "k?", b: "k?", meet: true, abc: true, bac: true},
		{name: "question mark does not cover star", a: "?", b: "*", meet: true, bac: true},
		{name: "empty and star", a: "", b: "*", meet: true, bac: true},
		{name: "empty and question mark", a: "", b: "?"},
		{name: "stars of both have to share", a: "a*c*", b: "*b*c", meet: true},
		{name: "wide characters", a: "日?", b: "日本", meet: true, abc: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, b := arn.NewGlob(tt.a), arn.NewGlob(tt.b)
			if got := arn.Overlaps(a, b); got != tt.meet {
				t.Errorf("Overlaps(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.meet)
			}
			if got := arn.Overlaps(b, a); got != tt.meet {
				t.Errorf("Overlaps(%q, %q) = %v, want %v", tt.b, tt.a, got, tt.meet)
			}
			if got := arn.Covers(a, b); got != tt.abc {
				t.Errorf("Covers(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.abc)
			}
			if got := arn.Covers(b, a); got != tt.bac {
				t.Errorf("Covers(%q, %q) = %v, want %v", tt.b, tt.a, got, tt.bac)
			}
		})
	}
}
