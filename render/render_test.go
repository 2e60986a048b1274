package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/render"
	"pathfinder/render/internal/rendertest"
	"pathfinder/solver"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// writers are all formats of text, each with a usual and a hostile answer.
var writers = []struct {
	name    string
	write   func(io.Writer) error
	hostile func(io.Writer, string) error
}{
	{
		"who-can.txt",
		func(w io.Writer) error { return render.WhoCan(w, rendertest.WhoCan(), rendertest.Options) },
		func(w io.Writer, s string) error {
			a := &solver.WhoCanAnswer{Resource: s, Actions: []string{s}, Access: rendertest.HostileAccess(s), Unknown: []solver.Gap{{What: s, Why: s}}, IdentityCenter: rendertest.HostileCenter(s)}
			a.Public = &solver.PublicAccess{Grants: a.Access[0].Grants}
			return render.WhoCan(w, a, render.Options{})
		},
	},
	{
		"can.txt",
		func(w io.Writer) error { return render.Can(w, can(), rendertest.Options) },
		func(w io.Writer, s string) error {
			return render.Can(w, &solver.CanAnswer{Principal: s, Resource: s, Actions: []string{s}, Access: rendertest.HostileAccess(s)}, render.Options{})
		},
	},
	{
		"explain.txt",
		func(w io.Writer) error { return render.Explain(w, explain(), rendertest.Options) },
		func(w io.Writer, s string) error {
			return render.Explain(w, hostileExplain(s), render.Options{Verbose: true})
		},
	},
	{
		"compare.txt",
		func(w io.Writer) error { return render.Compare(w, comparedBothWays(), rendertest.Options) },
		func(w io.Writer, s string) error {
			one := &solver.Witness{Principal: s, Action: s, Resource: s, Context: map[string]any{s: s, s + "s": []string{s, s}}, If: []string{s}}
			return render.Compare(w, &solver.CompareAnswer{
				Type: s, NewPermitsMore: true, OldPermitsMore: true, WitnessNew: one, WitnessOld: one, Unknown: []solver.Gap{{What: s, Why: s}},
			}, render.Options{})
		},
	},
	{
		"diff.txt",
		func(w io.Writer) error { return render.Diff(w, diffAnswer(), rendertest.Options) },
		func(w io.Writer, s string) error { return render.Diff(w, hostileDiff(s), render.Options{}) },
	},
	{
		"diff.csv",
		func(w io.Writer) error { return render.DiffCSV(w, diffAnswer()) },
		func(w io.Writer, s string) error { return render.DiffCSV(w, hostileDiff(s)) },
	},
	{
		"graph.txt",
		func(w io.Writer) error { return render.Graph(w, rendertest.Graph(), rendertest.Options) },
		func(w io.Writer, s string) error {
			return render.Graph(w, rendertest.HostileGraph(s), render.Options{})
		},
	},
	{
		"graph.dot",
		func(w io.Writer) error { return render.DOT(w, rendertest.View(), rendertest.Options) },
		func(w io.Writer, s string) error { return render.DOT(w, rendertest.HostileView(s), render.Options{}) },
	},
	{
		"dark.dot",
		func(w io.Writer) error {
			o := rendertest.Options
			o.Theme = render.Dark
			return render.DOT(w, rendertest.View().Fold(2), o)
		},
		func(w io.Writer, s string) error {
			return render.DOT(w, rendertest.HostileView(s).Fit(), render.Options{Theme: render.Dark})
		},
	},
	{
		"access.csv",
		func(w io.Writer) error { return render.CSV(w, rendertest.Access(), rendertest.Center()) },
		func(w io.Writer, s string) error {
			return render.CSV(w, rendertest.HostileAccess(s), rendertest.HostileCenter(s))
		},
	},
	{
		"lint.txt",
		func(w io.Writer) error { return render.Lint(w, lintAnswer(), rendertest.Options) },
		func(w io.Writer, s string) error { return render.Lint(w, hostileLint(s), render.Options{}) },
	},
	{
		"lint.sarif",
		func(w io.Writer) error { return render.SARIF(w, lintAnswer(), "v1.2.3") },
		func(w io.Writer, s string) error { return render.SARIF(w, hostileLint(s), s) },
	},
}

func can() *solver.CanAnswer {
	return &solver.CanAnswer{Principal: "arn:aws:iam::111111111111:user/ana", Actions: []string{}, Access: rendertest.Access(), Complete: true}
}

func explain() *solver.ExplainAnswer {
	return &solver.ExplainAnswer{
		Principal: "arn:aws:iam::111111111111:user/ana", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-prod-customer-data/a",
		Decision: "ImplicitlyDenied", BlockedBy: []string{"identity"}, Rules: []string{"E86", "E90"}, Confidence: "low", Unsure: []string{"E138"},
		Missing: []string{"an identity policy of the user that allows s3:GetObject"},
		Unknown: []solver.Gap{{What: "222222222222", Why: "IAM was not read"}},
		Via:     rendertest.Access()[1:],
		Gates: []solver.GateAnswer{
			{Gate: "service-control", Target: "r-ab12", Result: "allow", Because: []solver.StatementRef{{Policy: "FullAWSAccess", Type: "service-control"}}},
			{Gate: "identity", Result: "silent", Note: "no statement matches"},
			{
				Gate: "resource", Result: "allow", Condition: rendertest.Condition("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
				Because: []solver.StatementRef{{Policy: "arn:aws:s3:::acme-prod-customer-data", Type: "resource-policy", Statement: 2, Sid: "Office"}},
			},
			{Gate: "boundary", Result: "deny"},
		},
		Also: []solver.ExplainAnswer{{Principal: "arn:aws:iam::111111111111:user/ana", Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-central-1:999999999999:key/1", Decision: "Allowed", Confidence: "high"}},
	}
}

func hostileExplain(s string) *solver.ExplainAnswer {
	considered := solver.Considered{
		StatementRef: solver.StatementRef{Policy: s, Type: s, Sid: s}, Gate: s, Target: s, Effect: s, Reason: s,
		Marks: []solver.Mark{{Element: s, Operator: s, Key: s, Says: s, Fails: true}},
	}
	a := &solver.ExplainAnswer{
		Summary: s, Near: []solver.Considered{considered}, Considered: []solver.Considered{considered},
		Principal: s, Action: s, Resource: s, Decision: s, Condition: rendertest.Condition(s, s, s), BlockedBy: []string{s},
		Gates:   []solver.GateAnswer{{Gate: s, Target: s, Result: s, Note: s, Condition: rendertest.Condition(s, s, s), Because: []solver.StatementRef{{Policy: s, Type: s, Sid: s}}}},
		Missing: []string{s}, Rules: []string{s}, Unsure: []string{s}, Confidence: s, Unknown: []solver.Gap{{What: s, Why: s}}, Via: rendertest.HostileAccess(s),
	}
	a.Also = []solver.ExplainAnswer{*a}
	return a
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			for range 3 { // the same answer gives the same bytes
				again := got.String()
				got.Reset()
				if err := w.write(&got); err != nil {
					t.Fatal(err)
				}
				if again != "" && again != got.String() {
					t.Fatalf("twice:\n%s\n%s", again, &got)
				}
			}
			file := filepath.Join("testdata", w.name)
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// Tables fit 100 columns whatever the names are.
func TestTablesFit(t *testing.T) {
	t.Parallel()
	for _, w := range writers {
		if !strings.HasSuffix(w.name, ".txt") {
			continue
		}
		for _, name := range []string{rendertest.Hostile, strings.Repeat("x", 400), "arn:aws:s3:::" + strings.Repeat("読", 90)} {
			var b bytes.Buffer
			if err := w.hostile(&b, name); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if n := text.StringWidth(strings.TrimSuffix(line, "\n")); n > 100 {
					t.Errorf("%s: %d columns: %s", w.name, n, line)
				}
			}
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for _, w := range writers {
		checkClean(t, w.name, w.hostile, rendertest.Hostile)
	}
}

// FuzzHostile feeds every format names of any kind.
func FuzzHostile(f *testing.F) {
	for _, s := range []string{"", rendertest.Hostile, "\xff", "\u2028", "a\\", `"`, "=1+1", "読み取り"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range writers {
			checkClean(t, w.name, w.hostile, s)
		}
	})
}

// checkClean fails when an output holds characters that don't show, or DOT
// that is not balanced.
func checkClean(t *testing.T, name string, write func(io.Writer, string) error, s string) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, s); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(b.Bytes()) {
		t.Fatalf("%s of %q is not UTF-8", name, s)
	}
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSuffix(line, "\n"); line != render.Clean(line) {
			t.Fatalf("%s of %q: %q", name, s, line)
		}
	}
	switch {
	case strings.HasSuffix(name, ".dot"):
		balanced(t, b.String())
	case strings.HasSuffix(name, ".csv"):
		formulas(t, b.Bytes())
	}
}

// balanced reads DOT as Graphviz's scanner does: quoted strings end at the
// first quote that no backslash stands before, HTML-like ones at their last ">".
func balanced(t *testing.T, dot string) {
	t.Helper()
	quoted, depth, braces := false, 0, 0
	for i := 0; i < len(dot); i++ {
		c := dot[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '<':
			depth++
		case c == '>' && (depth > 0 || dot[i-1] != '-'):
			depth--
		case depth > 0:
		case c == '{':
			braces++
		case c == '}':
			braces--
		}
	}
	if quoted || depth != 0 || braces != 0 {
		t.Fatalf("unbalanced DOT (quoted %t, depth %d, braces %d):\n%s", quoted, depth, braces, dot)
	}
	if plain := strings.ReplaceAll(dot, `\"];evil`, ""); strings.Contains(plain, `"];evil`) {
		t.Fatalf("a name broke out:\n%s", dot)
	}
}

func formulas(t *testing.T, b []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Fatalf("cell %q", cell)
			}
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "role/reader", "role/reader"},
		{"other scripts", "読み取り Ω", "読み取り Ω"},
		{"escape sequence", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"title of the terminal", "\x1b]0;owned\a", `\x1b]0;owned\a`},
		{"C1 control", "\u009b31m", `\u009b31m`},
		{"line ends", "a\r\nb\u2028c", `a\r\nb\u2028c`},
		{"text direction", "\u202egpj.exe", `\u202egpj.exe`},
		{"invisible", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"tags", "a\U000e0041", `a\U000e0041`},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"blanks", "a\u00a0b\tc d", `a\u00a0b\tc d`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := render.Clean(tt.in); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add(rendertest.Hostile)
	f.Fuzz(func(t *testing.T, s string) {
		once := render.Clean(s)
		if twice := render.Clean(once); twice != once {
			t.Errorf("Clean(%q) = %q, and again %q", s, once, twice)
		}
		if strings.ContainsAny(once, "\x00\x07\x08\x1b\r\n\t\u202e\u2066\u200b") {
			t.Errorf("Clean(%q) = %q", s, once)
		}
	})
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := render.JSON(&b, map[string]string{"a": "<&>\x1b"}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "{\n  \"a\": \"<&>\\u001b\"\n}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Reset()
	if err := render.JSONLines(&b, rendertest.Access(), rendertest.Center()); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(b.String()) {
		lines++
		if !json.Valid([]byte(line)) {
			t.Errorf("line %q", line)
		}
	}
	if lines != 2 {
		t.Errorf("%d lines", lines)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	condition := rendertest.Condition("Bool", "aws:SecureTransport", "true")
	tests := []struct {
		name string
		in   solver.ExplainAnswer
		want string
	}{
		{"allowed", solver.ExplainAnswer{Decision: "Allowed"}, "Allowed"},
		{"conditional", solver.ExplainAnswer{Decision: "Allowed", Condition: condition}, "Allowed if aws:SecureTransport is true"},
		{"nothing", solver.ExplainAnswer{Decision: "ImplicitlyDenied"}, "Denied: nothing allows it"},
		{"gate", solver.ExplainAnswer{Decision: "ImplicitlyDenied", BlockedBy: []string{"identity", "resource"}}, "Denied: nothing allows it"},
		{"deny", solver.ExplainAnswer{Decision: "ExplicitlyDenied", BlockedBy: []string{"boundary"}}, "Denied: a statement forbids it"},
		{"summary", solver.ExplainAnswer{Decision: "ExplicitlyDenied", Summary: "a statement of the boundary forbids it"}, "Denied: a statement of the boundary forbids it"},
		{"unknown", solver.ExplainAnswer{Decision: "Unknown", Unknown: []solver.Gap{{What: "x", Why: "not read"}}}, "Unknown: not read"},
		{"unknown without a reason", solver.ExplainAnswer{Decision: "Unknown"}, "Unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := render.Explain(&b, &tt.in, render.Options{}); err != nil {
				t.Fatal(err)
			}
			if got, _, _ := strings.Cut(b.String(), "\n"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Colours appear when the caller asks for them, and nothing else changes.
func TestColor(t *testing.T) {
	t.Parallel()
	var plain, colored bytes.Buffer
	o := rendertest.Options
	if err := render.WhoCan(&plain, rendertest.WhoCan(), o); err != nil {
		t.Fatal(err)
	}
	o.Color = true
	if err := render.WhoCan(&colored, rendertest.WhoCan(), o); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(colored.String(), "\x1b[") {
		t.Errorf("colours in %q, or none in %q", &plain, &colored)
	}
	if got := text.StripEscape(colored.String()); got != plain.String() {
		t.Errorf("colour changes the text:\n%s", cmp.Diff(plain.String(), got))
	}
}
