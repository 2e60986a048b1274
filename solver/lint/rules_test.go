package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/solver/lint"
)

const lintIntro = `# What lint finds

` + "`pathfinder lint FILE…`, or `pathfinder lint -s SNAPSHOT`" + `. This page is written by ` + "`go test ./solver/lint -run TestDocs -update`" + `
from the table of rules.

Rules about names and forms are as good as the catalog of actions, and lean towards silence. Rules about what statements come to
(dead, redundant, a Deny that cuts nothing, a condition that always or never holds) are decided on exact sets of requests: what they
call superfluous can be deleted, all of it at once, and the document by itself permits the same requests. They are silent where conditions or
patterns of a document combine in more ways than can be told apart.

| severity | means |
|---|---|
| error | AWS refuses it, or it opens something to everybody |
| warning | hardly on purpose |
| note | may be on purpose, or can't be known from the document alone |

` + "`--fail-on error|warning|note`" + ` makes the exit code 1 when there is a finding of that severity or a worse one. A finding can have a lower
severity than its rule, where less is certain.

| rule | severity | finds |
|---|---|---|
`

// docs/lint.md is the table of rules.
func TestDocs(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(lintIntro)
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Summary)
	}
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nRemedy: %s.\n", r.ID, r.Why, r.Remedy)
	}
	const path = "../../docs/lint.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(have)); d != "" {
		t.Errorf("docs/lint.md is out of date; run with -update (-want +have):\n%s", d)
	}
}

// Every rule is complete, and some test shows a hit.
func TestRulesAreShown(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	for _, r := range lint.Rules() {
		if !strings.Contains(tests.String(), `"`+r.ID+` /`) && !strings.Contains(tests.String(), `at("`+r.ID+`"`) && !strings.Contains(tests.String(), `"`+r.ID+`" + aws`) {
			t.Errorf("no test shows %s", r.ID)
		}
		if r.Summary == "" || r.Why == "" || r.Remedy == "" || strings.HasSuffix(r.Remedy, ".") || !strings.HasSuffix(r.Why, ".") {
			t.Errorf("%s: %q, %q, %q", r.ID, r.Summary, r.Why, r.Remedy)
		}
		if got := lint.RuleOf(r.ID); got != r {
			t.Errorf("%s is found as %s", r.ID, got.ID)
		}
	}
}

func TestSeverities(t *testing.T) {
	t.Parallel()
	for _, s := range []lint.Severity{lint.Note, lint.Warning, lint.Error} {
		if got, err := lint.ParseSeverity(s.String()); err != nil || got != s {
			t.Errorf("%v is read as %v, %v", s, got, err)
		}
	}
	if _, err := lint.ParseSeverity("fatal"); err == nil || !strings.Contains(err.Error(), `"fatal"`) {
		t.Errorf("fatal: %v", err)
	}
	a := lint.NewAnswer([]lint.Finding{{Severity: lint.Note}, {Severity: lint.Warning}, {Severity: lint.Warning}}, 2)
	if want := (lint.Summary{Documents: 2, Warnings: 2, Notes: 1}); a.Summary != want {
		t.Errorf("%+v, want %+v", a.Summary, want)
	}
	if !a.Reaches(lint.Note) || !a.Reaches(lint.Warning) || a.Reaches(lint.Error) {
		t.Error("the worst finding is a warning")
	}
}
