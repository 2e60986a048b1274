package orggen_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pathfinder/benchmarks/orggen"
	"pathfinder/collector/snapshot"
)

// generate makes the organization that most tests look at.
func generate(t *testing.T, cfg orggen.Config) (*snapshot.Snapshot, orggen.Names) {
	t.Helper()
	s, names, err := orggen.Snapshot(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, names
}

// layouts are the ways to write an organization.
var layouts = map[string]func(dir string) (orggen.Sink, error){
	"snapshot":    plain,
	"iam-collect": orggen.Collected,
	"compressed":  func(dir string) (orggen.Sink, error) { return orggen.Folder(dir, true) },
}

// files lists the files of a folder.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// sum is the hash of all files of a folder with their names.
func sum(t *testing.T, dir string) [32]byte {
	t.Helper()
	h := sha256.New()
	for _, name := range files(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(h, "%s %d\n%s", name, len(b), b)
	}
	return [32]byte(h.Sum(nil))
}

func write(t *testing.T, cfg orggen.Config, open func(dir string) (orggen.Sink, error)) (dir string) {
	t.Helper()
	dir = t.TempDir()
	sink, err := open(dir)
	if err == nil {
		_, err = orggen.Generate(cfg, sink)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func plain(dir string) (orggen.Sink, error) { return orggen.Folder(dir, false) }

func TestEqualSeedsGiveEqualBytes(t *testing.T) {
	t.Parallel()
	for name, open := range layouts {
		cfg := orggen.Config{Accounts: 5, Principals: 16, Seed: 7, Workers: 1}
		want := sum(t, write(t, cfg, open))
		for _, workers := range []int{2, 8} {
			cfg.Workers = workers
			if got := sum(t, write(t, cfg, open)); got != want {
				t.Errorf("%s: %d workers write other bytes than one", name, workers)
			}
		}
		cfg.Seed++
		if sum(t, write(t, cfg, open)) == want {
			t.Errorf("%s: another seed gives the same organization", name)
		}
	}
}

func TestInventoryAcceptsIt(t *testing.T) {
	t.Parallel()
	for _, cfg := range []orggen.Config{
		{Accounts: 1, Principals: 1, Resources: 1},
		{Accounts: 3, Principals: 10, OUDepth: 5},
		{Accounts: 20, Principals: 60},
		{Accounts: 12, Principals: 60, ManagedOnly: true},
	} {
		s, _ := generate(t, cfg)
		if _, err := s.Inventory(); err != nil {
			t.Errorf("%+v: %v", cfg, err)
		}
		for _, a := range s.Accounts {
			if got := len(a.IAM.UserDetailList) + len(a.IAM.RoleDetailList); got != cfg.Principals {
				t.Errorf("account %s has %d principals, want %d", a.Info.ID, got, cfg.Principals)
			}
		}
	}
}
