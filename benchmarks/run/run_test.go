package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/benchmarks/internal/measure"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The table as people read it, at sizes that no machine here has: it is never
// wider than a table may be.
func TestTable(t *testing.T) {
	t.Parallel()
	small, huge := size{Accounts: 10, Principals: 2000, Resources: 200, Edges: 9000}, size{Accounts: 10_000, Principals: 10_000_000, Resources: 2_000_000}
	cost := measure.Sample{Wall: 12_345 * time.Second, CPU: 23_456 * time.Second, Peak: 123 << 30}
	all := []figure{
		{Stage: "read", Size: small, Runs: 5, Sample: measure.Sample{Wall: 60 * time.Millisecond, CPU: 90 * time.Millisecond, Peak: 40 << 20}},
		{Stage: "who-can one action cold", Size: small, Runs: 5, Sample: measure.Sample{Wall: time.Second, CPU: 1500 * time.Millisecond, Peak: 640 << 10}},
	}
	for _, s := range stages {
		all = append(all, figure{Stage: s.name, Size: huge, Runs: 1, Sample: cost})
	}
	var b bytes.Buffer
	if err := writeTable(&b, all); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > measure.Width {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.Contains(line, "…") {
			t.Errorf("a name was cut: %s", line)
		}
	}
	const golden = "testdata/table.golden"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A wrong command line says everything that is wrong with it.
func TestParse(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                               "",
		"--accounts 10,x":                `--accounts: "x" is no number of accounts`,
		"--accounts 0":                   `--accounts: "0" is no number of accounts`,
		"--runs 0 --format x":            "--runs: 0 is less than one\n--format: \"x\" is neither table nor json",
		"--stages read,fly":              "--stages: there is no stage \"fly\", only " + strings.Join(names(), ", "),
		"--accounts 5 --stages read":     "",
		"--memory-limit 2GiB read":       `unexpected argument "read"`,
		"--accounts 5,6 --format json":   "",
		"--accounts 5 --principals 1000": "",
	} {
		_, err := parse(strings.Fields(args))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", args, got, want)
		}
	}
}

// Each stage has a name of its own and one way to run.
func TestStages(t *testing.T) {
	t.Parallel()
	list := names()
	slices.Sort(list)
	if len(slices.Compact(list)) != len(stages) || stages[0].name != "generate" {
		t.Errorf("names of stages: %v", names())
	}
	for _, s := range stages {
		if (s.inside == nil) == (s.command == nil) {
			t.Errorf("%s runs in no way or in two", s.name)
		}
	}
}

// The stages that run in this program, on a small organization, in the order of
// the table: each prints what the parent reads.
func TestChild(t *testing.T) {
	t.Parallel()
	o := &options{principals: 12, resources: 5, seed: 7, accounts: []int{5}}
	org := o.organization(t.TempDir(), 5)
	for _, name := range []string{"generate", countStage, "read", "build"} {
		var printed bytes.Buffer
		if err := child(o.childArgs(name, org)[1:], &printed); err != nil {
			t.Fatal(err)
		}
		var out outcome
		if err := json.Unmarshal(printed.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		switch name {
		case "generate":
			if !strings.HasPrefix(out.Names.Deployer, "arn:aws:iam::") || out.Names.ArtifactsBucket == "" {
				t.Errorf("names: %+v", out.Names)
			}
		case countStage:
			if out.Size.Accounts != 5 || out.Size.Principals != 60 || out.Size.Resources == 0 || out.Size.Edges < 60 {
				t.Errorf("size: %+v", out.Size)
			}
		default:
			if out.Wall <= 0 {
				t.Errorf("%s took no time", name)
			}
		}
	}
	if err := child([]string{"--name", "fly"}, &bytes.Buffer{}); err == nil {
		t.Error("a stage that is none ran")
	}
	if err := child([]string{"--name", "read", "--dir", filepath.Join(t.TempDir(), "none")}, &bytes.Buffer{}); err == nil {
		t.Error("an organization that is not there was read")
	}
}

// An organization that was kept is known by the file beside it.
func TestKept(t *testing.T) {
	t.Parallel()
	o := &options{principals: 10, seed: 1}
	home := t.TempDir()
	org := o.organization(home, 3)
	if kept, err := org.load(); kept || err != nil {
		t.Fatalf("%v, %v", kept, err)
	}
	if err := os.WriteFile(org.about(), []byte(`{"size":{"accounts":3},"names":{"deployer":"d"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	again := o.organization(home, 3)
	if kept, err := again.load(); !kept || err != nil || again.Size.Accounts != 3 || again.Names.Deployer != "d" {
		t.Errorf("%v, %v, %+v", kept, err, again)
	}
	o.seed = 2
	if kept, _ := o.organization(home, 3).load(); kept {
		t.Error("one of another seed was taken")
	}
	if err := os.WriteFile(org.about(), []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := org.load(); err == nil {
		t.Error("a damaged file was read")
	}
}
