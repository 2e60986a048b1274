package live_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/live/internal/faults"
)

// interrupt runs a collection that ends after so many calls. It reports whether it
// was interrupted.
func interrupt(t *testing.T, cfg live.Config, calls int) bool {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cfg.Client = stopping(cfg.Client, calls, stop)
	_, err := live.Collect(ctx, cfg)
	if err != nil && !errors.Is(err, live.ErrInterrupted) {
		t.Fatal(err)
	}
	return err != nil
}

// journal reads the units that are done, by account, region and service.
func journal(t *testing.T, dir string) map[[3]string]bool {
	t.Helper()
	units := make(map[[3]string]bool)
	b, err := os.ReadFile(filepath.Join(dir, ".collect", "journal.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		return units
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		var e struct {
			Unit string `json:"unit"`
			Gaps int    `json:"gaps"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if part := strings.Split(e.Unit, "/"); len(part) == 3 && e.Gaps == 0 {
			if part[1] == "global" {
				part[1] = "us-east-1"
			}
			if part[0] == "organization" {
				part[0] = fakeorg.Management
			}
			units[[3]string(part)] = true
		}
	}
	return units
}

// Wherever a collection ends, going on gives what a quiet run gives, and nothing is
// read again that was done.
func TestResume(t *testing.T) {
	t.Parallel()
	for k := 1; k < 200; k += 7 {
		t.Run("", func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				want := quiet(t)
				org := fakeorg.New(small())
				cfg := in(newDir(t), org)
				cfg.MaxConcurrency = 1 + k%7
				done := make(map[[3]string]bool)
				for calls := k; interrupt(t, cfg, calls); calls += 40 {
					if calls > k {
						again(t, org, done)
					}
					done = journal(t, cfg.Out)
					org.Forget()
					cfg.Resume = true
				}
				again(t, org, done)
				equal(t, cfg.Out, want)
			})
		})
	}
}

// again complains of calls for units that were done.
func again(t *testing.T, org *fakeorg.Org, done map[[3]string]bool) {
	t.Helper()
	for c := range org.Calls() {
		if done[[3]string{c.Account, c.Region, c.Service}] {
			t.Errorf("%+v was called again", c)
		}
	}
}

// Until the end the folder says that it is not finished.
func TestInterruptedSaysSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := in(newDir(t), fakeorg.New(small()))
		if !interrupt(t, cfg, 60) {
			t.Fatal("it was not interrupted")
		}
		if text := folder(t, cfg.Out)["manifest.json"]; !strings.Contains(text, "the collection is not finished") {
			t.Errorf("the manifest is %s", text)
		}
	})
}

// What failed is read again, and only that.
func TestResumeReadsGapsAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		want := quiet(t)
		org := fakeorg.New(small())
		cfg := in(newDir(t), faults.New(org, 3,
			faults.Rule{Kind: faults.Denied, Service: "sqs", OneIn: 3}, faults.Rule{Kind: faults.Denied, Service: "iam", OneIn: 6},
			faults.Rule{Kind: faults.Denied, Service: "sts", Operation: "AssumeRole", OneIn: 4}))
		report := collect(t, cfg)
		if len(gaps(report.Gaps)) == 0 {
			t.Fatal("nothing was denied")
		}
		done := journal(t, cfg.Out)
		org.Forget()
		cfg.Client, cfg.Resume = org, true
		if report := collect(t, cfg); len(gaps(report.Gaps)) != 0 || report.Kept == 0 {
			t.Errorf("the report is %+v", report)
		}
		again(t, org, done)
		equal(t, cfg.Out, want)
		if report := collect(t, cfg); !report.Complete || report.Calls != 0 {
			t.Errorf("a complete collection is resumed with %+v", report)
		}
	})
}

// Other options would give another snapshot.
func TestResumeWithOtherOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*live.Config){
		"accounts": func(c *live.Config) { c.Accounts = []string{fakeorg.Management} },
		"regions":  func(c *live.Config) { c.Regions = []string{"us-east-1"} },
		"services": func(c *live.Config) { c.Only = []string{"iam"} },
		"role":     func(c *live.Config) { c.RoleName = "other" },
		"compress": func(c *live.Config) { c.Compress = true },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				cfg := in(newDir(t), fakeorg.New(small()))
				interrupt(t, cfg, 40)
				cfg.Resume = true
				change(&cfg)
				if _, err := live.Collect(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "begun with other options") {
					t.Errorf("the error is %v", err)
				}
			})
		})
	}
}

// A journal whose end was being written when the machine went down, or that holds
// nonsense, costs what came after it and no more.
func TestTornJournal(t *testing.T) {
	t.Parallel()
	tests := map[string]func([]byte) []byte{
		"half a line":   func(b []byte) []byte { return b[:len(b)-5] },
		"zeros":         func(b []byte) []byte { return append(b, make([]byte, 512)...) },
		"zeros, a line": func(b []byte) []byte { return append(append(b, make([]byte, 512)...), '\n') },
		"no header":     func(b []byte) []byte { return b[:20] },
		"empty":         func([]byte) []byte { return nil },
		"half":          func(b []byte) []byte { return b[:len(b)/2] },
	}
	for name, tear := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				want := quiet(t)
				cfg := in(newDir(t), fakeorg.New(small()))
				interrupt(t, cfg, 90)
				file := filepath.Join(cfg.Out, ".collect", "journal.jsonl")
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, tear(b), 0o600); err != nil {
					t.Fatal(err)
				}
				cfg.Resume = true
				collect(t, cfg)
				equal(t, cfg.Out, want)
			})
		})
	}
}

// A journal that is another's is left alone.
func TestStrangeJournal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := in(newDir(t), fakeorg.New(small()))
		interrupt(t, cfg, 90)
		file := filepath.Join(cfg.Out, ".collect", "journal.jsonl")
		if err := os.WriteFile(file, []byte("{\"format\":99}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg.Resume = true
		if _, err := live.Collect(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "--force") {
			t.Errorf("the error is %v", err)
		}
	})
}

// A snapshot is replaced only if that is asked for, and then wholly.
func TestForce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		want := quiet(t)
		more := small()
		more.Accounts, more.Seed = 9, 99
		cfg := in(newDir(t), fakeorg.New(more))
		collect(t, cfg)
		cfg.Client = fakeorg.New(small())
		if _, err := live.Collect(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "the folder is not empty") {
			t.Errorf("the error is %v", err)
		}
		cfg.Force = true
		collect(t, cfg)
		equal(t, cfg.Out, want)
	})
}

// Two collections do not work in one folder, whatever the second is told.
func TestTwoAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no lock on Windows")
	}
	bubble(t, func(t *testing.T) {
		want := quiet(t)
		org := fakeorg.New(small())
		var second live.Config
		tried := false
		cfg := in(newDir(t), doer(func(r *http.Request) (*http.Response, error) {
			if len(org.Calls()) == 30 && !tried {
				tried = true
				for _, force := range []bool{false, true} {
					second.Force, second.Resume = force, !force
					if _, err := live.Collect(r.Context(), second); err == nil || !strings.Contains(err.Error(), "another collection is at work") {
						t.Errorf("with --force=%t the error is %v", force, err)
					}
				}
			}
			return org.Do(r)
		}))
		second = in(cfg.Out, fakeorg.New(small()))
		cfg.MaxConcurrency = 1
		collect(t, cfg)
		if !tried {
			t.Error("there was no second one")
		}
		equal(t, cfg.Out, want)
	})
}
