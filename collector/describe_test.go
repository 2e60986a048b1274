package collector_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
)

// Law: of every fixture, packing and unpacking gives the bytes of an import,
// and the packed forms give the same facts.
func TestFixturesPacked(t *testing.T) {
	t.Parallel()
	manifests, err := filepath.Glob("../fixtures/*/manifest.json")
	if err != nil || len(manifests) < 10 {
		t.Fatalf("got %d fixtures (%v)", len(manifests), err)
	}
	for _, name := range manifests {
		dir := filepath.Dir(name)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			want, err := collector.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			imported, packed, unpacked, archive := t.TempDir(), t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "a.zip")
			small := snapshot.WriteOptions{Compress: true, Pack: true}
			for _, step := range []struct {
				src, out string
				write    func(string, *snapshot.Snapshot, snapshot.WriteOptions) error
				opts     snapshot.WriteOptions
			}{
				{dir, imported, snapshot.Write, snapshot.WriteOptions{}},
				{dir, packed, snapshot.Write, small},
				{packed, archive, snapshot.WriteArchive, small},
				{archive, unpacked, snapshot.Write, snapshot.WriteOptions{}},
			} {
				s, err := collector.OpenSnapshot(step.src)
				if err != nil {
					t.Fatal(err)
				}
				if err := step.write(step.out, s, step.opts); err != nil {
					t.Fatal(err)
				}
				if got, err := collector.Open(step.out); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: the facts differ (%v)", step.out, err)
				}
			}
			if d := cmp.Diff(files(t, imported), files(t, unpacked)); d != "" {
				t.Errorf("unpacked (-imported +unpacked):\n%s", d)
			}
		})
	}
}

// files reads the files below a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		out[strings.TrimPrefix(name, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	d, err := collector.Describe(acme)
	if err != nil {
		t.Fatal(err)
	}
	if d.Form != "folder" || d.Created == nil || d.Organization.ID != "o-a1b2c3d4e5" || d.Complete {
		t.Errorf("got %+v, want an incomplete snapshot of o-a1b2c3d4e5", d)
	}
	if d.Bytes.Disk != d.Bytes.JSON || d.Bytes.JSON == 0 {
		t.Errorf("got %+v, want the same size on disk and as JSON", d.Bytes)
	}
	if d.Accounts.Total != 4 || d.Accounts.WithIAM != 1 {
		t.Errorf("accounts: got %+v, want 4, one of them with IAM", d.Accounts)
	}
	zip, err := collector.Describe(zipped(t, acme, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if zip.Form != "archive" || zip.Bytes.JSON != d.Bytes.JSON || zip.Bytes.Disk == d.Bytes.Disk {
		t.Errorf("archive: got %s %+v", zip.Form, zip.Bytes)
	}
	zip.Form, zip.Path, zip.Bytes = d.Form, d.Path, d.Bytes
	if diff := cmp.Diff(d, zip); diff != "" {
		t.Errorf("archive (-folder +archive):\n%s", diff)
	}
	one, err := collector.Describe(details)
	if err != nil {
		t.Fatal(err)
	}
	if one.Form != "import" || one.Organization != nil || one.Accounts.WithIAM != 1 || one.Bytes.JSON == 0 {
		t.Errorf("details: got %+v", one)
	}
	if _, err := collector.Describe("nowhere"); err == nil {
		t.Error("nowhere: got no error")
	}
}

// The list of reasons is bounded, the most frequent ones first.
func TestDescribeBoundsReasons(t *testing.T) {
	t.Parallel()
	var gaps []string
	for i := range 30 {
		for range 1 + i%3 {
			gaps = append(gaps, fmt.Sprintf(`{"service":"s3","what":"w%d","why":"reason %02d"}`, len(gaps), i))
		}
	}
	dir := t.TempDir()
	put(t, dir, "manifest.json", `{"format":"pathfinder-snapshot","version":1,"gaps":[`+strings.Join(gaps, ",")+`]}`)
	d, err := collector.Describe(dir)
	if err != nil {
		t.Fatal(err)
	}
	g := d.Gaps
	if g.Total != len(gaps) || len(g.Reasons) != 20 || g.Other != 10 || g.Reasons[0] != (collector.GapReason{Service: "s3", Why: "reason 02", Count: 3}) {
		t.Errorf("got %d gaps, %d reasons and %d others, first %+v", g.Total, len(g.Reasons), g.Other, g.Reasons[0])
	}
}

func TestValidateForms(t *testing.T) {
	t.Parallel()
	folder, err := collector.Validate(acme)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := collector.Validate(zipped(t, acme, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(folder, archive); d != "" || len(folder) == 0 {
		t.Errorf("%d problems (-folder +archive):\n%s", len(folder), d)
	}
	for path, want := range map[string]string{
		details:   "this is no snapshot yet; make one with pathfinder import",
		"nowhere": "there is no such file or folder",
	} {
		if _, err := collector.Validate(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
}
