package solver_test

// RULES.md says for every rule of the evaluation where it is carried out and
// which tests show it. This file writes it: from the list of rules in
// testdata/rules.tsv, and from every place in the module that names a rule.

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite RULES.md")

// A rule is a line of rules.tsv: number, title, and why it has no code. places
// are filled in by the scan.
type rule struct {
	number               int
	title, reason        string
	code, tests, samples []string
}

// ruleSections are the sections of the list by their first rules.
var ruleSections = []struct {
	first int
	title string
}{
	{1, "A. Policy documents"},
	{75, "B. Unique ids behind principal ARNs"},
	{83, "C. The decision"},
	{136, "D. Becoming a role"},
	{165, "E. S3"},
	{186, "F. Other services with resource policies"},
	{215, "G. Request context"},
	{224, "H. Paths"},
	{237, "I. Cases"},
}

// ruleName finds "E90", and "E168 to E170" as a whole.
var ruleName = regexp.MustCompile(`\bE([1-9]\d{0,2})\b(?: to E([1-9]\d{0,2})\b)?`)

// notAbout are files that list rules without carrying them out, and a folder of
// such: how another tool reads them.
var notAbout = map[string]bool{"solver/unsure.go": true, "solver/rules_test.go": true, "benchmarks/versus": true}

func TestRules(t *testing.T) {
	t.Parallel()
	rules := readRules(t)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
		switch {
		case err == nil && d.IsDir() && notAbout[name]:
			return fs.SkipDir
		case err != nil || d.IsDir() || notAbout[name]:
			return err
		case strings.HasSuffix(name, ".go") && !strings.HasPrefix(name, "render/internal/"):
			scanGo(t, rules, path, name)
		case filepath.Base(name) == "expect.txt":
			scanText(t, rules, path, filepath.ToSlash(filepath.Dir(name)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		shown := len(r.tests) + len(r.samples)
		switch {
		case r.reason != "" && len(r.code) > 0:
			t.Errorf("E%d has code (%s): rules.tsv says why it has none", r.number, strings.Join(r.code, ", "))
		case r.reason == "" && len(r.code) == 0:
			t.Errorf("E%d has no code that names it: say in rules.tsv why", r.number)
		case r.reason == "" && shown == 0:
			t.Errorf("E%d has code (%s), and no test names it", r.number, strings.Join(r.code, ", "))
		}
	}
	got := rulesTable(rules)
	if *update {
		if err := os.WriteFile("RULES.md", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile("RULES.md"); err != nil || string(want) != got {
		t.Errorf("RULES.md is out of date: run go test ./solver -run TestRules -update (%v)", err)
	}
}

// readRules reads the list, which must be complete and in order.
func readRules(t *testing.T) []*rule {
	t.Helper()
	text, err := os.ReadFile("testdata/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rules []*rule
	for line := range strings.Lines(string(text)) {
		f := append(strings.Split(strings.TrimRight(line, "\n"), "\t"), "", "")
		r := &rule{number: len(rules) + 1, title: f[1], reason: f[2]}
		if f[0] != fmt.Sprintf("E%d", r.number) || r.title == "" || len(r.title) > 90 {
			t.Fatalf("rules.tsv: line %d: %q", r.number, line)
		}
		rules = append(rules, r)
	}
	return rules
}

// named lists the rules that a text names.
func named(t *testing.T, rules []*rule, where, text string) (list []*rule) {
	t.Helper()
	text = strings.ReplaceAll(text, "E1, E2 …", "") // all of them
	for _, m := range ruleName.FindAllStringSubmatch(text, -1) {
		first, _ := strconv.Atoi(m[1])
		last, _ := strconv.Atoi(cmp.Or(m[2], m[1]))
		if first < 1 || last > len(rules) {
			t.Errorf("%s names a rule that does not exist: %s", where, m[0])
			continue
		}
		list = append(list, rules[first-1:max(first, last)]...)
	}
	return list
}

// scanGo notes the declarations of a file whose comments or strings name
// rules; what stands outside of any counts for the file.
func scanGo(t *testing.T, rules []*rule, path, name string) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
	if err != nil {
		return // the compiler says so
	}
	note := func(at token.Pos, text string) {
		place := name
		if d := declared(f, at); d != "" {
			place += ":" + d
		}
		for _, r := range named(t, rules, place, text) {
			list := &r.code
			if strings.HasSuffix(name, "_test.go") {
				list = &r.tests
			}
			*list = append(*list, place)
		}
	}
	for _, c := range f.Comments {
		note(c.Pos(), c.Text())
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			note(lit.Pos(), lit.Value)
		}
		return true
	})
}

// declared names the top-level declaration around a place, its comment
// included.
func declared(f *ast.File, at token.Pos) string {
	for _, d := range f.Decls {
		from := d.Pos()
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
			if from <= at && at < d.End() {
				return d.Name.Name
			}
		case *ast.GenDecl:
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
			if from <= at && at < d.End() {
				return firstName(d, at)
			}
		}
	}
	return ""
}

// firstName names the part of a declaration that a place is in.
func firstName(d *ast.GenDecl, at token.Pos) (name string) {
	for _, s := range d.Specs {
		if name != "" && at < s.Pos() {
			break
		}
		switch s := s.(type) {
		case *ast.ValueSpec:
			name = s.Names[0].Name
		case *ast.TypeSpec:
			name = s.Name.Name
		}
		if at < s.End() {
			break
		}
	}
	return name
}

// scanText notes a sample organization whose expectations name rules.
func scanText(t *testing.T, rules []*rule, path, name string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range named(t, rules, name, string(text)) {
		r.samples = append(r.samples, name)
	}
}

// rulesTable writes RULES.md.
func rulesTable(rules []*rule) string {
	var b strings.Builder
	b.WriteString("# How AWS decides: the rules, their code and their tests\n\n" +
		"Comments and answers name rules by number. This table is written by\n" +
		"`go test ./solver -run TestRules -update`; titles, and why a rule has no code of\n" +
		"its own, come from [testdata/rules.tsv](testdata/rules.tsv).\n")
	for _, r := range rules {
		for _, s := range ruleSections {
			if s.first == r.number {
				fmt.Fprintf(&b, "\n## %s\n\n| Rule | What it says | Carried out in | Shown by |\n|---|---|---|---|\n", s.title)
			}
		}
		code := places(r.code, 4)
		if r.reason != "" {
			code = "*" + r.reason + "*"
		}
		fmt.Fprintf(&b, "| E%d | %s | %s | %s |\n", r.number, strings.ReplaceAll(r.title, "|", "\\|"), code, places(slices.Concat(unique(r.tests), unique(r.samples)), 4))
	}
	return b.String()
}

func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// places lists some places, each once; tests of cases come before samples.
func places(list []string, most int) string {
	var out []string
	for _, s := range list {
		if s = "`" + s + "`"; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) > most {
		return strings.Join(out[:most], "<br>") + fmt.Sprintf("<br>and %d more", len(out)-most)
	}
	return strings.Join(out, "<br>")
}
