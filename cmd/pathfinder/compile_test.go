package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector"
	"pathfinder/collector/compiled"
	"pathfinder/graphmodel/inventory"
)

// questions are command lines about what an inventory holds: every command, on
// some of the principals and resources.
func questions(inv *inventory.Inventory) (list [][]string) {
	const most = 4
	ask := func(words ...string) { list = append(list, words) }
	var who, what []string
	for _, a := range inv.Accounts {
		principals, resources := a.Principals(), a.Held().Resources
		for _, p := range principals[:min(len(principals), most)] {
			who = append(who, p.ARN)
		}
		for _, r := range resources[:min(len(resources), most)] {
			what = append(what, r.ARN)
			ask("who-can", r.Name)
		}
	}
	for i, r := range what[:min(len(what), 3*most)] {
		ask("who-can", r, "-f", "json")
		p := who[i%len(who)]
		ask("paths", p, r, "-f", "json")
		ask("explain", p, "s3:GetObject", r)
	}
	for _, p := range who[:min(len(who), 3*most)] {
		ask("can", p, "-f", "json")
		ask("who-can", p, "-f", "json")
		ask("graph", "--around", p, "--hops", "1", "-f", "json")
	}
	ask("can", who[0][strings.LastIndexByte(who[0], '/')+1:], "-f", "csv")
	ask("who-can", "no-such-thing")
	ask("who-can", "arn:aws:s3:::*", "s3:GetObject", "-f", "json")
	ask("graph", "-f", "json")
	ask("lint", "-f", "json")
	return list
}

// Law: a question has the same answer from a compiled snapshot, byte by byte.
func TestCompiledAnswers(t *testing.T) {
	t.Parallel()
	manifests, err := filepath.Glob("../../fixtures/*/manifest.json")
	more, err2 := filepath.Glob("../../fixtures/change/*/manifest.json")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for _, m := range append(manifests, more...) {
		dir := filepath.Dir(m)
		t.Run(strings.TrimPrefix(dir, "../../fixtures/"), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "facts")
			done, err := collector.Compile(dir, file, collector.Cache{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			f, err := compiled.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if state, _ := f.Check(dir); state == compiled.Stale {
				t.Fatal("the file is stale at once")
			}
			for _, words := range append(questions(done.Inventory), []string{"diff", dir}) {
				same(t, words, dir, file)
			}
		})
	}
}

func same(t *testing.T, words []string, dir, file string) {
	t.Helper()
	answer := func(from string) (string, string, int) {
		words := append(words[:len(words):len(words)], "-s", from)
		if words[0] == "diff" {
			words = []string{"diff", words[1], from}
		}
		var stdout, stderr bytes.Buffer
		code := run(words, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
		return strings.ReplaceAll(stdout.String(), from, "SNAPSHOT"), stderr.String(), code
	}
	want, told, code := answer(dir)
	got, told2, code2 := answer(file)
	if got != want || told != told2 || code != code2 {
		t.Errorf("%s: exit code %d, not %d\n%s\n%s\n%.500s\n%.500s", strings.Join(words, " "), code2, code, told2, told, got, want)
	}
}

// A question that meets damage, wherever it is, is asked again of the snapshot.
func TestDamagedSections(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../fixtures/acme")); err != nil {
		t.Fatal(err)
	}
	ask := func(words ...string) string {
		var stdout, stderr bytes.Buffer
		if code := run(append(words, "-s", dir), strings.NewReader(""), &stdout, &stderr, func(string) string { return "" }); code != exitAnswered && code != exitIncomplete {
			t.Fatalf("exit code %d: %s", code, &stderr)
		}
		return stdout.String()
	}
	file := filepath.Join(dir, ".compiled")
	want := ask("who-can", "acme-prod-customer-data", "-f", "json")
	if _, err := os.Stat(file); err == nil {
		t.Fatal("a small snapshot was compiled unasked")
	}
	if _, err := collector.Compile(dir, "", collector.Cache{}, nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	again := 0
	const steps = 24
	for i := range steps {
		b := bytes.Clone(whole)
		b[i*len(b)/steps+7] ^= 1
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ask("who-can", "acme-prod-customer-data", "-f", "json"); got != want {
			t.Fatalf("a change at byte %d gives another answer", i*len(b)/steps+7)
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(now, whole) {
			again++
		}
	}
	if again == 0 { // which pages a question touches is its own matter
		t.Error("the file was never made again")
	}
}
