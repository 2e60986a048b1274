package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/benchmarks/internal/measure"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The table as people read it. Nothing in it is wider than a table may be.
func TestReport(t *testing.T) {
	t.Parallel()
	cost := func(ms, mib int) measure.Sample {
		d := time.Duration(ms) * time.Millisecond
		return measure.Sample{Wall: d, CPU: d, Peak: int64(mib) << 20}
	}
	r := &report{Peer: "the peer", PeerNote: strings.Repeat("what it is, ", 12) + "and no more", Asked: []asked{{
		Question: question{Name: "all 62 actions", Resource: tinyBucket},
		Rows: []row{
			{Who: "pathfinder, from its snapshot", Runs: 5, Sample: cost(40, 41)},
			{Who: "the peer, one question a principal and action, with a name that is longer than any table is wide", Runs: 1, Sample: cost(12_345, 310), peer: true},
		},
		Simulations: 31_000, Both: 1234, Principals: 40,
		Differences: []difference{
			{Principal: "arn:aws:iam::1:user/a", Action: "s3:ListBucket", Ours: true, Rule: "E106", Why: "root"},
			{Principal: "arn:aws:iam::1:user/b", Action: "s3:ListBucket", Ours: true, Rule: "E106", Why: "root"},
			{Principal: "arn:aws:iam::1:user/c", Action: "s3:ListBucket", Ours: true, Rule: "E106", Why: "root"},
			{Principal: "arn:aws:iam::1:user/c", Action: "s3:PutBucketPolicy"},
		},
		Refused: []refusal{{Principal: "x", Actions: []string{"a", "b"}, Message: "policy.errors"}, {Principal: "y", Actions: []string{"a"}, Message: "policy.errors"}},
	}}}
	var b bytes.Buffer
	if err := r.write(&b, "table", 2); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > measure.Width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	const golden = "testdata/report.golden"
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
		"":                     "",
		"--org x":              "--org needs --resource: which one to ask about",
		"--peer theirs":        `--peer: "theirs" is none of auto, iam-lens, iam-simulate`,
		"--runs 0 --format x":  "--runs and --peer-runs must be at least one\n--format: \"x\" is neither table nor json",
		"--peer-runs 2 extra":  `unexpected argument "extra"`,
		"--org x --resource y": "",
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

func TestAsk(t *testing.T) {
	t.Parallel()
	o := options{actions: "one, all,s3:GetBucketAcl"}
	if err := o.ask(tinyBucket); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range o.questions {
		got = append(got, q.Name)
	}
	if d := cmp.Diff([]string{"s3:ListBucket", "all 62 actions", "s3:GetBucketAcl"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	o.actions = "all"
	if err := o.ask("arn:aws:nothing:::x"); err == nil {
		t.Error("a resource of no service has actions")
	}
}
