package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector"
)

// A question that begins before it is known whether what was compiled is fresh has
// the answer of the snapshot, and compiles that.
func TestStaleIsNotTrusted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../fixtures/queue")); err != nil {
		t.Fatal(err)
	}
	ask := func(from string, words ...string) (string, int) {
		var stdout, stderr bytes.Buffer
		code := run(append(words, "-s", from), strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
		return stdout.String() + stderr.String(), code
	}
	file := filepath.Join(dir, ".compiled")
	if _, err := collector.Compile(dir, "", collector.Cache{}, nil); err != nil {
		t.Fatal(err)
	}
	const worker = "arn:aws:iam::111122223333:user/worker1"
	question := []string{"can", worker, "-f", "json"}
	before, code := ask(dir, question...)
	if code != exitAnswered || !strings.Contains(before, "sqs:") {
		t.Fatalf("exit code %d: %s", code, before)
	}
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	details := filepath.Join(dir, "accounts/111122223333/authorization-details.json")
	text, err := os.ReadFile(details)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(details, bytes.ReplaceAll(text, []byte("worker1"), []byte("worker9")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{dir, file} { // one after the other has to find the old file
		if err := os.WriteFile(file, old, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, code := ask(from, question...); code != exitUsage || !strings.Contains(got, "has no principal "+worker) {
			t.Errorf("exit code %d: %s", code, got)
		}
		if got, code := ask(from, "can", "arn:aws:iam::111122223333:user/worker9", "-f", "json"); code != exitAnswered || got != strings.ReplaceAll(before, "worker1", "worker9") {
			t.Errorf("exit code %d: %s", code, got)
		}
		now, err := os.ReadFile(file)
		if err != nil || bytes.Equal(now, old) {
			t.Errorf("the file was not made again: %v", err)
		}
	}
}
