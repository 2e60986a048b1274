package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"pathfinder/collector"
)

var update = flag.Bool("update", false, "rewrite the wanted output in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pathfinder": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	fixtures, err := filepath.Abs("../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	cmds := serveCommands()
	cmds["mode"] = mode
	cmds["damage"] = func(ts *testscript.TestScript, _ bool, args []string) {
		change(ts, args[0], func(b []byte) { b[len(b)/2] ^= 1 })
	}
	cmds["foreign"] = func(ts *testscript.TestScript, _ bool, args []string) {
		change(ts, args[0], func(b []byte) { b[24] ^= 1 }) // the version of the format
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("FIXTURES", fixtures)
			e.Setenv("XDG_CACHE_HOME", cache) // native code of the drawing module
			// Under the race detector each command would sleep for a second when it ends.
			e.Setenv("GORACE", "atexit_sleep_ms=10")
			e.Values[serverKey{}] = &server{}
			return nil
		},
		Cmds: cmds,
	})
}

// change changes a file where it is.
func change(ts *testscript.TestScript, file string, how func([]byte)) {
	file = ts.MkAbs(file)
	b, err := os.ReadFile(file)
	ts.Check(err)
	how(b)
	ts.Check(os.WriteFile(file, b, 0o600))
}

// mode checks a file's permission bits: mode 0600 FILE.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode BITS FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[0] {
		ts.Fatalf("%s has mode %s, not %s", args[1], got, args[0])
	}
}

// commands lists all commands below one.
func commands(cmd *cobra.Command) (list []*cobra.Command) {
	for _, c := range cmd.Commands() {
		list = append(append(list, c), commands(c)...)
	}
	return list
}

// Each command has help with an example, and the example names a fixture that
// opens.
func TestHelp(t *testing.T) {
	t.Parallel()
	a := &app{env: func(string) string { return "" }}
	for _, cmd := range commands(a.root()) {
		if cmd.Example == "" || cmd.Short == "" || cmd.Long == "" {
			t.Errorf("%s: incomplete help", cmd.Name())
		}
		for word := range strings.FieldsSeq(cmd.Example) {
			if !strings.HasPrefix(word, "fixtures/") || strings.HasSuffix(word, ".json") || strings.HasSuffix(word, ".jsonl") { // TestExamples reads documents
				continue
			}
			_, err := collector.Open("../../" + word)
			if strings.HasPrefix(word, "fixtures/broken-policies") || strings.HasPrefix(word, "fixtures/template") { // no snapshot
				_, err = os.Stat("../../" + word)
			}
			if err != nil {
				t.Errorf("%s: %v", cmd.Name(), err)
			}
		}
	}
}

// The examples in help do what they say.
func TestExamples(t *testing.T) {
	t.Parallel()
	a := &app{env: func(string) string { return "" }}
	for _, cmd := range append(commands(a.root()), a.root()) {
		text := strings.ReplaceAll(cmd.Example, "\\\n", " ")
		for line := range strings.Lines(text) {
			words, ok := strings.CutPrefix(strings.TrimSpace(line), "pathfinder ")
			words, _, _ = strings.Cut(words, " > ")
			if !ok || cmd.Name() == "import" || cmd.Name() == "serve" || strings.Contains(words, "--out") {
				continue
			}
			args := strings.Fields(strings.ReplaceAll(words, "fixtures/", "../../fixtures/"))
			var stdout, stderr bytes.Buffer
			if code := run(args, strings.NewReader(""), &stdout, &stderr, a.env); code != exitAnswered || stdout.Len() == 0 {
				t.Errorf("pathfinder %s: exit code %d\n%s", words, code, &stderr)
			}
		}
	}
}

// The commands that the pages show on fixtures run as they stand there.
func TestPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, "../../README.md", "../../fixtures/README.md")
	shown := regexp.MustCompile("(?m)(?:^    |^|`)(?:go run ./cmd/)?pathfinder ([^`\n|]*)")
	asked, out := 0, t.TempDir()
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shown.FindAllStringSubmatch(string(text), -1) {
			command, _, _ := strings.Cut(m[1], " # ")
			words := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(command, "'", ""), "fixtures/", "../../fixtures/"))
			if page == "../../README.md" && strings.Contains(command, ".json") && !strings.Contains(command, "fixtures/") && command == strings.ToLower(command) {
				t.Errorf("%s: pathfinder %s: there is no such file; name one of the fixtures, or write a placeholder in capitals", page, command)
			}
			if !strings.Contains(command, "fixtures/") || words[0] == "serve" || strings.Contains(command, "SNAPSHOT") {
				continue
			}
			for i, w := range words {
				switch {
				case i == 0:
				case words[i-1] == "-o" || words[i-1] == "--out":
					words[i] = filepath.Join(out, filepath.Base(w))
				case words[i-1] == "--baseline" && w == "audit/findings.json":
					words[i] = filepath.Join(out, w)
				}
			}
			asked++
			var stdout, stderr bytes.Buffer
			code := run(words, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
			if code != exitAnswered && code != exitIncomplete || stdout.Len() == 0 && !strings.Contains(command, " -o ") && !strings.Contains(command, "--out") {
				t.Errorf("%s: pathfinder %s: exit code %d\n%s", page, command, code, &stderr)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d commands were found", asked)
	}
}

// A panic is our fault, and says how to report it.
func TestPanic(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	code := run([]string{"version"}, nil, panicking{}, &stderr, func(string) string { return "" })
	if code != exitBug || !strings.Contains(stderr.String(), "Please report") || !strings.Contains(stderr.String(), `BUG: out of \x1b`) {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("out of \x1b") }

// A broken invariant that comes back as an error is our fault too.
func TestBugError(t *testing.T) {
	t.Parallel()
	if code := exitCode(errBug{}); code != exitBug {
		t.Errorf("exit code %d", code)
	}
}

type errBug struct{}

func (errBug) Error() string { return "build: BUG: edge without a reason" }
