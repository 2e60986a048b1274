package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pathfinder/benchmarks/orggen"
	"pathfinder/collector"
)

func TestRun(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"snapshot", "iam-collect"} {
		dir := filepath.Join(t.TempDir(), "org")
		var stdout, stderr bytes.Buffer
		if code := run([]string{"--accounts", "4", "--principals", "12", "--layout", layout, "--out", dir}, &stdout, &stderr); code != 0 {
			t.Fatalf("%s: exit code %d: %s", layout, code, stderr.String())
		}
		var names orggen.Names
		if err := json.Unmarshal(stdout.Bytes(), &names); err != nil || names.ArtifactsBucket == "" {
			t.Errorf("%s: the names are %s (%v)", layout, stdout.String(), err)
		}
		inv, err := collector.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(inv.Accounts) != 4 {
			t.Errorf("%s: %d accounts, want 4", layout, len(inv.Accounts))
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, args, want string }{
		{"no folder", "", "--out"},
		{"layout", "--layout xml --out " + t.TempDir(), "xml"},
		{"argument", "more", "more"},
		{"size", "--ou-depth 9 --out " + t.TempDir(), "OUDepth"},
		{"flag", "--bogus", "bogus"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(strings.Fields(c.args), &stdout, &stderr); code != 2 || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: exit code %d, said %q, want 2 and %q", c.name, code, stderr.String(), c.want)
		}
		if stdout.Len() > 0 {
			t.Errorf("%s: printed %q", c.name, stdout.String())
		}
	}
}
