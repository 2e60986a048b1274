package live_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/faults"
	"pathfinder/collector/live/internal/mototest"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

func inMoto(dir string, client call.Doer) live.Config {
	return live.Config{
		Out: dir, RoleName: mototest.Role, ExternalID: mototest.ExternalID, Region: mototest.Region, Client: client,
		Regions: []string{mototest.Region, "us-east-1"}, MaxBackoff: 20 * time.Millisecond,
		Now: time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC),
	}
}

// moments are those of moto's clock.
var moments = regexp.MustCompile(`"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*"`)

// labels are moments in the ARNs of streams.
var labels = regexp.MustCompile(`/stream/20[0-9T:.-]+`)

// unclocked reads a folder without moments.
func unclocked(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := folder(t, dir)
	for name, text := range files {
		text = moments.ReplaceAllString(text, `"2026-02-28T12:00:00Z"`)
		files[name] = labels.ReplaceAllString(text, "/stream/2026-02-28T12:00:00.000")
	}
	return files
}

// An organization in moto gives the snapshot in testdata/moto: over the real hosts,
// through the proxy of faults, and, to its own account, over a custom endpoint as a
// user gives it. Nothing secret is in any of them.
func TestMoto(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	accounts := server.Seed(t)
	aws := mototest.Corrected(server)
	want := newDir(t)
	report := collect(t, inMoto(want, aws))
	golden(t, "moto", unclocked(t, want))
	if report.Accounts != 12 {
		t.Errorf("%d accounts were read", report.Accounts)
	}
	if diff := cmp.Diff([]string{"other regions: left out by --regions"}, gaps(report.Gaps)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	secretsIn(t, folder(t, want), mototest.Telltale, "@example.com")

	t.Run("faults", func(t *testing.T) { //nolint:paralleltest // one server
		var rules []faults.Rule
		for kind := faults.Throttle; kind < faults.Denied; kind++ {
			if kind != faults.Slow && kind != faults.ThrottleAfter { // they take their time: see TestFaultsThatPass
				rules = append(rules, faults.Rule{Kind: kind, OneIn: 12, Times: 1})
			}
		}
		proxy := faults.New(aws, 1, rules...)
		dir := newDir(t)
		cfg := inMoto(dir, proxy)
		cfg.Accounts = accounts[:3] // those with the most in them
		collect(t, cfg)
		if diff := cmp.Diff(some(unclocked(t, want), cfg.Accounts), some(unclocked(t, dir), cfg.Accounts)); diff != "" {
			t.Errorf("(-quiet +troubled):\n%s", diff)
		}
		for i, n := range proxy.Done() {
			if n == 0 {
				t.Errorf("there was no trouble of kind %d", rules[i].Kind)
			}
		}
	})
	t.Run("uncorrected", func(t *testing.T) { motoUncorrected(t, server) }) //nolint:paralleltest // one server
	t.Run("endpoint", func(t *testing.T) { motoEndpoint(t, server) })       //nolint:paralleltest // one server
	t.Run("a role is missing", func(t *testing.T) {                         //nolint:paralleltest // one server
		cfg := inMoto(newDir(t), faults.New(aws, 1, faults.Rule{Kind: faults.Denied, Service: "sts", Operation: "AssumeRole"}))
		cfg.Accounts = accounts[:2]
		report := collect(t, cfg)
		if !slices.Contains(gaps(report.Gaps), accounts[1]+": everything: the role "+mototest.Role+" could not be assumed: AccessDenied on AssumeRole") {
			t.Errorf("gaps: %q", gaps(report.Gaps))
		}
	})
}

// some keeps the files of some accounts and of the organization.
func some(files map[string]string, accounts []string) map[string]string {
	maps.DeleteFunc(files, func(name, _ string) bool {
		parts := strings.Split(name, "/")
		return name == "manifest.json" || parts[0] == ".collect" || parts[0] == "accounts" && !slices.Contains(accounts, parts[1])
	})
	return files
}

// motoUncorrected: where moto answers an operation with an error page, the snapshot
// has a gap and no invented fact.
func motoUncorrected(t *testing.T, server *mototest.Server) {
	t.Helper()
	cfg := inMoto(newDir(t), server)
	cfg.Accounts, cfg.Only = []string{mototest.Management}, []string{"organizations", "iam"}
	report := collect(t, cfg)
	found := gaps(report.Gaps)
	if !slices.ContainsFunc(found, func(s string) bool { return strings.HasSuffix(s, "HTTP status 500 on DescribeResourcePolicy") }) {
		t.Errorf("gaps: %q", found)
	}
	s, err := snapshot.Read(os.DirFS(cfg.Out))
	if err != nil {
		t.Fatal(err)
	}
	if s.Organization.ResourcePolicy.Known != inventory.NotRead {
		t.Error("the resource policy is said to be known")
	}
}

// motoEndpoint: a user's own endpoint, of which only the environment says.
func motoEndpoint(t *testing.T, server *mototest.Server) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	dir := newDir(t)
	p := start(t, program(t), server.URL, dir, "--only", "iam,sqs", "--skip", "organizations", "--regions", mototest.Region)
	if code := p.end(t); code != 0 {
		t.Fatalf("exit code %d: %s", code, &p.stderr)
	}
	s, err := snapshot.Read(os.DirFS(dir))
	if err != nil || len(s.Accounts) != 1 || s.Accounts[0].Info.ID != mototest.Management {
		t.Errorf("read %v, %v", s, err)
	}
}
