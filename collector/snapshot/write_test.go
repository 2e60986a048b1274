package snapshot_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/snapshot"
)

// contents reads a folder: slash-separated name → content; folders end in "/".
func contents(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	out, err := contentsOf(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func contentsOf(dir string) (map[string]string, error) {
	out := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			out[name+"/"] = ""
			return nil
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = string(b)
		return err
	})
	return out, err
}

func acme(tb testing.TB) *snapshot.Snapshot {
	tb.Helper()
	s, err := snapshot.Read(os.DirFS("testdata/acme"))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func write(tb testing.TB, dir string, s *snapshot.Snapshot, opts snapshot.WriteOptions) {
	tb.Helper()
	if err := snapshot.Write(dir, s, opts); err != nil {
		tb.Fatal(err)
	}
}

// The golden snapshot holds unknown fields at many levels; all come back.
func TestWriteRoundTrip(t *testing.T) {
	t.Parallel()
	s := acme(t)
	dir := filepath.Join(t.TempDir(), "new", "snap")
	write(t, dir, s, snapshot.WriteOptions{})
	if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
		t.Errorf("Write(Read(acme)) (-want +got):\n%s", d)
	}
}

// Collectors find things in any order; the bytes don't depend on it.
func TestWriteSorts(t *testing.T) {
	t.Parallel()
	s := acme(t)
	slices.Reverse(s.Organization.Accounts)
	slices.Reverse(s.Organization.Policies)
	slices.Reverse(s.Organization.Policies[0].Targets)
	slices.Reverse(s.Organization.Root.OrganizationalUnits[0].Accounts)
	slices.Reverse(s.Accounts[0].IAM.Policies)
	slices.Reverse(s.Accounts[0].Resources[0].Resources)
	slices.Reverse(s.Accounts[0].Resources[1].Resources)
	slices.Reverse(s.Accounts)
	first := s.Organization.Accounts[0].ID
	dir := t.TempDir()
	write(t, dir, s, snapshot.WriteOptions{})
	if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if s.Organization.Accounts[0].ID != first {
		t.Error("Write changed the snapshot that it was given")
	}
}

func TestWriteCompressed(t *testing.T) {
	t.Parallel()
	s := acme(t)
	one, two := t.TempDir(), t.TempDir()
	write(t, one, s, snapshot.WriteOptions{Compress: true})
	write(t, two, s, snapshot.WriteOptions{Compress: true})
	files := contents(t, one)
	if d := cmp.Diff(files, contents(t, two)); d != "" {
		t.Errorf("two runs differ (-want +got):\n%s", d)
	}
	for name := range files {
		if !strings.HasSuffix(name, "/") && !strings.HasSuffix(name, ".json.zst") {
			t.Errorf("%s is not compressed", name)
		}
	}
	if got, want := load(t, os.DirFS(one)), load(t, os.DirFS("testdata/acme")); !reflect.DeepEqual(got, want) {
		t.Error("the inventory of the compressed snapshot differs")
	}
	back, err := snapshot.Read(os.DirFS(one))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, back, snapshot.WriteOptions{})
	if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
		t.Errorf("after decompression (-want +got):\n%s", d)
	}
}

func TestWritePermissions(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "snap")
	write(t, dir, acme(t), snapshot.WriteOptions{})
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got mode %o, want %o", name, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Writing over a snapshot leaves nothing of it but what isn't ours.
func TestWriteReplaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, acme(t), snapshot.WriteOptions{Compress: true})
	for _, name := range []string{"README.md", ".git", "notes.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := acme(t)
	s.Organization = nil
	s.Accounts = s.Accounts[1:2]
	write(t, dir, s, snapshot.WriteOptions{})
	var got []string
	for name := range contents(t, dir) {
		got = append(got, name)
	}
	slices.Sort(got)
	equal(t, "what is left", got, []string{
		"./", ".git", "README.md", "accounts/", "accounts/444455556666/", "accounts/444455556666/account.json", "manifest.json", "notes.json",
	})
}

func TestWriteRefusesForeignFolder(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, content string }{
		{"other files", "thesis.tex", "x"},
		{"another manifest", "manifest.json", `{"name":"app"}`},
		{"broken manifest", "manifest.json", `{`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			err := snapshot.Write(dir, acme(t), snapshot.WriteOptions{})
			if want := dir + ": the folder holds something that is not a snapshot, such as " + tt.file + "; name an empty or a new folder"; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			equal(t, "the folder", contents(t, dir), map[string]string{"./": "", tt.file: tt.content})
		})
	}
}

func TestWriteFailure(t *testing.T) {
	t.Parallel()
	bad := func() *snapshot.Snapshot {
		s := acme(t)
		s.Accounts[0].Resources[0].Extra = jsontext.Value(`{"x":`)
		return s
	}
	t.Run("a new folder is empty again", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		err := snapshot.Write(dir, bad(), snapshot.WriteOptions{})
		if err == nil || !strings.Contains(err.Error(), "resources.json: ") {
			t.Errorf("got %v, want an error that names the file", err)
		}
		equal(t, "the folder", contents(t, dir), map[string]string{"./": ""})
	})
	t.Run("an old snapshot stays whole", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, dir, acme(t), snapshot.WriteOptions{})
		if err := snapshot.Write(dir, bad(), snapshot.WriteOptions{}); err == nil {
			t.Error("got no error")
		}
		if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
	t.Run("an old snapshot stays whole, and what a killed writer left goes with the next one", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, dir, acme(t), snapshot.WriteOptions{})
		other := bad()
		other.Accounts[1].Info.Name = "another name" // the account before the one that fails
		other.Accounts[0].Info.Name = "another name"
		if err := snapshot.Write(dir, other, snapshot.WriteOptions{}); err == nil {
			t.Error("got no error")
		}
		if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if err := os.MkdirAll(filepath.Join(dir, ".tmp-1", "accounts"), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, dir, acme(t), snapshot.WriteOptions{})
		if d := cmp.Diff(contents(t, "testdata/acme"), contents(t, dir)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
	t.Run("rename fails", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := acme(t)
		write(t, dir, s, snapshot.WriteOptions{})
		s.Accounts[0].Resources[1].Name = "x"
		if err := os.MkdirAll(filepath.Join(dir, prod, "resources", "x.json", "y"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err == nil {
			t.Error("got no error")
		}
		for name := range contents(t, dir) {
			if strings.Contains(name, ".tmp") {
				t.Errorf("%s was left", name)
			}
		}
		m, err := snapshot.ReadManifest(os.DirFS(dir))
		if err != nil || !slices.ContainsFunc(m.Gaps, func(g snapshot.Gap) bool { return strings.Contains(g.Why, "was interrupted") }) {
			t.Errorf("files of two snapshots: got %+v, %v, want a gap that says so", m, err)
		}
	})
	t.Run("the folder can't be made", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := snapshot.Write(filepath.Join(file, "snap"), acme(t), snapshot.WriteOptions{}); err == nil {
			t.Error("got no error")
		}
	})
	t.Run("the folder can't be written to", func(t *testing.T) {
		t.Parallel()
		if os.Geteuid() == 0 {
			t.Skip("nothing is forbidden to root")
		}
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		if err := snapshot.Write(dir, acme(t), snapshot.WriteOptions{}); err == nil {
			t.Error("got no error")
		}
		equal(t, "the folder", contents(t, dir), map[string]string{"./": ""})
	})
}

// What a writer leaves that was ended is nothing.
func TestVacant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	steps := []struct {
		name string // made in the folder
		want bool
	}{{"", true}, {".tmp-1/accounts/111122223333", true}, {".git", false}, {"accounts", false}}
	for _, s := range steps {
		if err := os.MkdirAll(filepath.Join(dir, s.name), 0o700); err != nil {
			t.Fatal(err)
		}
		if got, err := snapshot.Vacant(dir); got != s.want || err != nil {
			t.Errorf("with %q: %v, %v, want %v", s.name, got, err, s.want)
		}
	}
	if got, err := snapshot.Vacant(filepath.Join(dir, "none")); !got || err != nil {
		t.Errorf("no folder: %v, %v", got, err)
	}
}

func TestWriteRefusesUnsound(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../../x", "a/b", ".hidden", `a\b`} {
		s := acme(t)
		s.Accounts[0].Resources[0].Name = name
		dir := filepath.Join(t.TempDir(), "snap")
		if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err == nil || !strings.Contains(err.Error(), "is not a usable name") {
			t.Errorf("file name %q: got %v, want a refusal", name, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("file name %q: the folder was made", name)
		}
	}
}
