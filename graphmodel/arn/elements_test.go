package arn_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
)

// spell prints elements: bound wildcards in angle brackets.
func spell(list []arn.Element) string {
	var out string
	for _, e := range list {
		s := string(e.Char)
		switch e.Wild {
		case arn.WildRun:
			s = "*"
		case arn.WildOne:
			s = "?"
		case arn.Plain:
		}
		if e.Bound {
			s = "<" + s + ">"
		}
		out += s
	}
	return out
}

func spellAll(lists [][]arn.Element) string {
	var out string
	for i, l := range lists {
		if i > 0 {
			out += " | "
		}
		out += spell(l)
	}
	return out
}

func TestPatternElements(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern string
		complete      bool
		exact, runOn  string
	}{
		{name: "lone star", pattern: "*", exact: "*"},
		{name: "no wildcard before the last field", pattern: "arn:aws:s3:::b/*?", exact: "arn:aws:s3:::b/*?"},
		{
			name: "a field that ends with a star", pattern: "arn:aws:s?*:*x::b/*",
			exact: "arn:aws:s<?><*>:<*>x::b/*", runOn: "arn:aws:s<?>*:<*>x::b/*",
		},
		{
			name: "short, filled up", pattern: "arn:aws:s3*", complete: true,
			exact: "arn:aws:s3<*>:<*>:<*>:*", runOn: "arn:aws:s3*",
		},
		{
			name: "short, not filled up", pattern: "arn:aws:s3*",
			runOn: "arn:aws:s3<*>:<*>:<*>:* | arn:aws:s3*",
		},
		{name: "short and fixed", pattern: "arn:aws:s3", complete: true, exact: "arn:aws:s3:<*>:<*>:*"},
		{name: "short and fixed, not filled up", pattern: "arn:aws:s3"},
		{name: "no ARN", pattern: "b*", runOn: "b*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			exact, runOn := arn.NewPattern(arn.NewGlob(tt.pattern), tt.complete).Elements()
			if got := spellAll(exact); got != tt.exact {
				t.Errorf("%s: exact %q, want %q", tt.pattern, got, tt.exact)
			}
			if got := spellAll(runOn); got != tt.runOn {
				t.Errorf("%s: run-on %q, want %q", tt.pattern, got, tt.runOn)
			}
		})
	}
	if exact, runOn := (arn.Pattern{}).Elements(); exact != nil || runOn != nil {
		t.Errorf("the zero pattern has places: %v %v", exact, runOn)
	}
}

func TestGlobElements(t *testing.T) {
	t.Parallel()
	if got := spell(arn.NewGlob("a界*?").Elements()); got != "a界*?" {
		t.Errorf("Elements: %q", got)
	}
	tests := []struct {
		pattern, want string
		ok            bool
	}{
		{pattern: "*", want: "*", ok: true},
		{pattern: "arn:*"},
		{pattern: "arn:a*:?:::*:x?", want: "arn:a<*>:<?>:::*:x?", ok: true},
	}
	for _, tt := range tests {
		list, ok := arn.NewGlob(tt.pattern).FieldElements()
		if got := spell(list); got != tt.want || ok != tt.ok {
			t.Errorf("FieldElements(%s) = %q, %v, want %q, %v", tt.pattern, got, ok, tt.want, tt.ok)
		}
	}
}
