package compiled_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pathfinder/collector/compiled"
)

// snap makes a small snapshot whose files are old, as far as that can be
// pretended.
func snap(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../fixtures/delegation")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, dir string)
		want   compiled.State
	}{
		{"nothing", func(*testing.T, string) {}, compiled.Moved}, // it is too young for its stat to count
		{"a copy", func(t *testing.T, dir string) {
			b, err := os.ReadFile(dir + "/manifest.json")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(dir + "/manifest.json"); err != nil {
				t.Fatal(err)
			}
			write(t, dir+"/manifest.json", string(b))
		}, compiled.Moved},
		{"the same size and time, other text", func(t *testing.T, dir string) {
			name := dir + "/accounts/999999999999/resources.json"
			info, err := os.Stat(name)
			b, err2 := os.ReadFile(name)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			b[len(b)-2] = ' '
			b[len(b)-1] = ' '
			write(t, name, string(b))
			if err := os.Chtimes(name, time.Time{}, info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, compiled.Stale},
		{"longer", func(t *testing.T, dir string) { write(t, dir+"/manifest.json", "{}") }, compiled.Stale},
		{"a file more", func(t *testing.T, dir string) { write(t, dir+"/accounts/999999999999/resources-x.json", "{}") }, compiled.Stale},
		{"a file less", func(t *testing.T, dir string) { _ = os.Remove(dir + "/accounts/999999999999/resources.json") }, compiled.Stale},
		{"another name", func(t *testing.T, dir string) {
			_ = os.Rename(dir+"/accounts/999999999999/resources.json", dir+"/accounts/999999999999/resources-x.json")
		}, compiled.Stale},
		{"organization comes up", func(t *testing.T, dir string) { write(t, dir+"/organization.json", "{}") }, compiled.Stale},
		{"what is no part of it", func(t *testing.T, dir string) {
			write(t, dir+"/README.md", "other")
			write(t, dir+"/.compiled", "other")
			write(t, dir+"/accounts/.hidden", "other")
		}, compiled.Moved},
		{"all of it", func(t *testing.T, dir string) { _ = os.RemoveAll(dir) }, compiled.Stale},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := snap(t)
			path := compile(t, dir, read(t, dir), compiled.Options{})
			tt.change(t, dir)
			f := open(t, path)
			got, now := f.Check(dir)
			if got != tt.want {
				t.Fatalf("got state %d, want %d", got, tt.want)
			}
			if got != compiled.Moved {
				return
			}
			if err := f.Refresh(path, now, compiled.Options{}); err != nil {
				t.Fatal(err)
			}
			again := open(t, path)
			if got, _ := again.Check(dir); got != compiled.Moved && got != compiled.Fresh || again.Verify() != nil {
				t.Errorf("after the refresh: state %d, %v", got, again.Verify())
			}
		})
	}
}

// Files that have been as they are for long count by their stat alone.
func TestCheckOfOldFiles(t *testing.T) {
	t.Parallel()
	dir, err := filepath.Abs("../../fixtures/delegation")
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, compile(t, dir, read(t, dir), compiled.Options{}))
	s, err := compiled.Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := compiled.Fresh
	if !s.Settled() {
		want = compiled.Moved // the working copy is being made
	}
	if got, _ := f.Check(dir); got != want {
		t.Errorf("got state %d, want %d", got, want)
	}
	if s.Count() != 6 || s.Weight() < 1000 {
		t.Errorf("%d files of weight %d", s.Count(), s.Weight())
	}
}
