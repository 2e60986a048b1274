package solver

import (
	"strings"
	"testing"
)

// What is covered and what is left out are written without what the other one takes back.
func TestPlacesAreTidy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, resources, except, want, without string }{
		{"nothing left out", "b/x b/y", "", "b/x b/y", ""},
		{"an exception from a pattern", "b/*", "b/x", "b/*", "b/x"},
		{"a resource that is left out", "b/k b/x/*", "b/k", "b/x/*", ""},
		{"and an exception from another one", "b/k b/x/*", "b/k b/x/y", "b/x/*", "b/x/y"},
		{"by a pattern, which reaches into another one", "b/k/1 b/*/2", "b/k/*", "b/*/2", "b/k/*"},
		{"all that there is", "b/k", "b/*", "b/k", "b/*"},
		{"open variables", "b/k b/x/*", "b/k b/${aws:username}/*", "b/k b/x/*", "b/k b/${aws:username}/*"},
		{"the request without a resource", "b/k b/x/*", "*", "b/k b/x/*", "*"},
	} {
		p := place{strings.Fields(tt.resources), strings.Fields(tt.except)}
		p.tidy()
		if got, without := strings.Join(p.resources, " "), strings.Join(p.except, " "); got != tt.want || without != tt.without {
			t.Errorf("%s: %s without %s, want %s without %s", tt.name, got, without, tt.want, tt.without)
		}
		if tt.without == "" && tt.except != "" && p.except != nil {
			t.Errorf("%s: an empty list of exceptions, want none", tt.name)
		}
	}
}
