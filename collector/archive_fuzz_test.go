package collector_test

import (
	"os"
	"path/filepath"
	"testing"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
)

// Whatever stands in an archive, it gives facts or an error with text.
func FuzzArchive(f *testing.F) {
	s, err := collector.OpenSnapshot(acme)
	if err != nil {
		f.Fatal(err)
	}
	for _, opts := range []snapshot.WriteOptions{{}, {Compress: true, Pack: true}} {
		name := filepath.Join(f.TempDir(), "a.zip")
		if err := snapshot.WriteArchive(name, s, opts); err != nil {
			f.Fatal(err)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "a.zip")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if inv, err := collector.Open(name); err == nil && inv == nil || err != nil && err.Error() == "" {
			t.Errorf("got %v and %v, want facts or an error", inv, err)
		}
		_, _ = collector.Validate(name)
		_, _ = collector.Describe(name)
	})
}
