package live_test

import (
	"context"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/snapshot"
)

// small is an organization that a person can read.
func small() fakeorg.Config {
	return fakeorg.Config{
		Seed: 7, Accounts: 5, Regions: []string{"eu-central-1", "us-east-1"},
		Users: 3, Roles: 2, Queues: 2, PageSize: 2, Latency: 20 * time.Millisecond,
	}
}

// known are the services that the fake has something of. Tests read those, so that
// they hold what they hold when others are added to the table.
var known = []string{"organizations", "iam", "sqs"}

// in returns the configuration of a collection from a fake into a folder.
func in(dir string, client call.Doer) live.Config {
	return live.Config{
		Out: dir, RoleName: fakeorg.Role, ExternalID: fakeorg.ExternalID, Region: "eu-central-1", Client: client, Only: known,
		Now: time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC),
	}
}

// newDir returns a name for a folder that is not there yet.
func newDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "snapshot")
}

func collect(t *testing.T, cfg live.Config) *live.Report {
	t.Helper()
	report, err := live.Collect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// bubble runs a test in virtual time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// leftOut are the services in a manifest that are not known.
var leftOut = regexp.MustCompile(`(?s),\n  "gaps": \[(\n    \{\n      "service": "[^"]*",\n      "what": "[^"]*",\n      "why": "left out by --only or --skip"\n    \},?)+\n  \]`)

// folder reads all files of a folder, without the gaps of services that are not
// known.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		short, err := filepath.Rel(dir, name)
		files[filepath.ToSlash(short)] = leftOut.ReplaceAllString(string(b), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// equal compares a folder with the files it should have.
func equal(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, folder(t, dir)); diff != "" {
		t.Errorf("the snapshot (-want +got):\n%s", diff)
	}
}

// quiet is what a run without trouble makes of the small organization: TestCollect
// shows it.
func quiet(t *testing.T) map[string]string {
	t.Helper()
	return folder(t, filepath.Join("testdata", "organization"))
}

// gaps writes gaps as lines, sorted, without the services that are not known.
func gaps(list []snapshot.Gap) []string {
	var lines []string
	for _, g := range list {
		if g.Why == "left out by --only or --skip" && !slices.Contains(known, g.Service) {
			continue
		}
		parts := slices.DeleteFunc([]string{g.Account, g.Region, g.Service, g.What, g.Why}, func(s string) bool { return s == "" })
		lines = append(lines, strings.Join(parts, ": "))
	}
	slices.Sort(lines)
	return lines
}

// A doer is a function that answers.
type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(r *http.Request) (*http.Response, error) { return f(r) }

// shuffled lets each answer take a time of its own, so that they come in another
// order each time.
func shuffled(next call.Doer, seed uint64) call.Doer {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	return doer(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		d := time.Duration(random.IntN(500)) * time.Millisecond
		mu.Unlock()
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(d):
		}
		return next.Do(r)
	})
}

// stopping ends a context when so many calls were made.
func stopping(next call.Doer, after int, stop context.CancelFunc) call.Doer {
	var mu sync.Mutex
	return doer(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		after--
		if after == 0 {
			stop()
		}
		mu.Unlock()
		return next.Do(r)
	})
}

// golden compares a folder with testdata/NAME, or writes that.
func golden(t *testing.T, name string, got map[string]string) {
	t.Helper()
	dir := filepath.Join("testdata", name)
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		for _, file := range slices.Sorted(maps.Keys(got)) {
			path := filepath.Join(dir, filepath.FromSlash(file))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // test data
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got[file]), 0o644); err != nil { //nolint:gosec // test data
				t.Fatal(err)
			}
		}
	}
	equal(t, dir, got)
}
