package lint_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

var update = flag.Bool("update", false, "rewrite docs/lint.md")

// A row is a document of version 2012-10-17 and all that is found in it.
type row struct {
	name string
	kind policy.Kind // Identity when not set
	text string      // statements; a whole document if it begins with {"Version"
	want []string    // "rule pointer", in order
	says string      // part of the first finding: message, remedy or suggestion
	is   lint.Severity
}

func (r *row) document() *policy.Document {
	kind := r.kind
	if kind == policy.KindInvalid {
		kind = policy.Identity
	}
	text := r.text
	if !strings.HasPrefix(text, `{"Version"`) {
		text = `{"Version":"2012-10-17","Statement":[` + text + `]}`
	}
	return policy.Parse([]byte(text), kind)
}

// check runs the rows.
func check(t *testing.T, rows []row) {
	t.Helper()
	for i := range rows {
		r := &rows[i]
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(t, lint.Document(r.document(), lint.Options{File: "f"}))
		})
	}
}

func (r *row) check(t *testing.T, found []lint.Finding) {
	t.Helper()
	var got []string
	for i := range found {
		got = append(got, found[i].Rule+" "+found[i].Pointer)
	}
	if !slices.Equal(got, r.want) {
		t.Fatalf("found %q, want %q\nin %s\n%+v", got, r.want, r.text, found)
	}
	if len(found) == 0 {
		return
	}
	f := &found[0]
	if text := f.Message + "\n" + f.Remedy + "\n" + f.Suggestion; !strings.Contains(text, r.says) {
		t.Errorf("it says\n%s\nwithout %q", text, r.says)
	}
	if f.Severity != r.is {
		t.Errorf("severity %v, want %v", f.Severity, r.is)
	}
}
