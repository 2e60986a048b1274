package live_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/live/internal/faults"
	"pathfinder/collector/snapshot"
)

// A quiet run makes the snapshot that is in testdata, complete, readable, and for
// its owner only.
func TestCollect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		org := fakeorg.New(small())
		cfg := in(newDir(t), org)
		report := collect(t, cfg)
		golden(t, "organization", folder(t, cfg.Out))
		if report.Accounts != 5 || report.Throttled != 0 || report.Repeated != 0 {
			t.Errorf("the report is %+v", report)
		}
		s, err := snapshot.Read(os.DirFS(cfg.Out))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Accounts) != 5 || s.Organization == nil || len(s.Organization.Accounts) != 5 {
			t.Errorf("%d accounts, organization %v", len(s.Accounts), s.Organization)
		}
		err = filepath.WalkDir(cfg.Out, func(name string, d fs.DirEntry, _ error) error {
			info, err := d.Info()
			if err != nil {
				return err
			}
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %s", name, info.Mode())
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(cfg.Out, ".collect")); err == nil {
			t.Error("nothing is missing, and .collect is still there")
		}
		for c := range org.Calls() {
			if c.Service == "organizations" && c.Account != fakeorg.Management {
				t.Errorf("%+v was called", c)
			}
		}
	})
}

// The order of answers leaves no trace, nor does the number of calls at a time.
func TestCollectInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed, concurrency := range []int{1, 2, 8, 50, 50} {
		t.Run("", func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				want := quiet(t)
				cfg := in(newDir(t), shuffled(fakeorg.New(small()), uint64(seed)))
				cfg.MaxConcurrency = concurrency
				collect(t, cfg)
				equal(t, cfg.Out, want)
			})
		})
	}
}

// What nobody asked for, and what AWS refuses, is written down, and nothing else.
func TestCollectGaps(t *testing.T) {
	t.Parallel()
	accounts := fakeorg.New(small()).Accounts()
	first, second := accounts[1], accounts[2]
	tests := []struct {
		name   string
		org    func(*fakeorg.Config)
		cfg    func(*live.Config)
		faults []faults.Rule
		want   []string
		read   int // accounts whose files are there
	}{
		{name: "nothing", read: 5},
		{
			name: "suspended", org: func(c *fakeorg.Config) { c.Suspended = []string{first} }, read: 4,
			want: []string{first + ": everything: the account is SUSPENDED"},
		},
		{
			name: "a role is missing", org: func(c *fakeorg.Config) { c.NoRole = []string{second} }, read: 4,
			want: []string{second + ": everything: the role " + fakeorg.Role + " could not be assumed: AccessDenied on AssumeRole"},
		},
		{
			name: "wrong external id", cfg: func(c *live.Config) { c.Accounts, c.ExternalID = []string{first}, "guess" }, read: 0,
			want: append(except(accounts, first, "everything: left out by --accounts"), first+": everything: the role "+fakeorg.Role+" could not be assumed: AccessDenied on AssumeRole"),
		},
		{
			name: "no role name", cfg: func(c *live.Config) { c.RoleName, c.ExternalID = "", "" }, read: 1,
			want: except(accounts, accounts[0], "everything: there is no role to enter it with; see --role-name"),
		},
		{
			name: "some accounts", cfg: func(c *live.Config) { c.Accounts = []string{first} }, read: 1,
			want: except(accounts, first, "everything: left out by --accounts"),
		},
		{
			name: "some regions", cfg: func(c *live.Config) { c.Regions = []string{"us-east-1"} }, read: 5,
			want: []string{"other regions: left out by --regions"},
		},
		{
			name: "a service is denied", faults: []faults.Rule{{Kind: faults.Denied, Service: "sqs", Account: first}}, read: 5,
			want: []string{
				first + ": eu-central-1: sqs: queues: AccessDeniedException on ListQueues",
				first + ": us-east-1: sqs: queues: AccessDeniedException on ListQueues",
			},
		},
		{
			name: "single calls are denied", read: 5, faults: []faults.Rule{
				{Kind: faults.Denied, Service: "iam", Operation: "ListAccountAliases", Account: first},
				{Kind: faults.Denied, Service: "organizations", Operation: "DescribeResourcePolicy"},
			},
			want: []string{
				fakeorg.Management + ": organizations: resource policy of the organization: AccessDeniedException on DescribeResourcePolicy",
				first + ": iam: alias of the account: AccessDenied on ListAccountAliases",
			},
		},
		{
			name: "regions are denied", read: 4, faults: []faults.Rule{{Kind: faults.Denied, Service: "ec2", Account: first}},
			want: []string{first + ": ec2: everything: its regions are unknown: UnauthorizedOperation on DescribeRegions; see --regions"},
		},
		{
			name: "IAM fails for ever", read: 5, faults: []faults.Rule{{Kind: faults.Unavailable, Service: "iam", Account: first}},
			want: []string{first + ": iam: users, groups, roles and policies: HTTP status 503 on GetAccountAuthorizationDetails"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				org := small()
				if tt.org != nil {
					tt.org(&org)
				}
				cfg := in(newDir(t), faults.New(fakeorg.New(org), 1, tt.faults...))
				if tt.cfg != nil {
					tt.cfg(&cfg)
				}
				report := collect(t, cfg)
				slices.Sort(tt.want)
				if diff := cmp.Diff(tt.want, gaps(report.Gaps)); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
				s, err := snapshot.Read(os.DirFS(cfg.Out))
				if err != nil {
					t.Fatal(err)
				}
				if len(s.Accounts) != tt.read || report.Accounts != tt.read {
					t.Errorf("%d accounts are there, %d were reported, want %d", len(s.Accounts), report.Accounts, tt.read)
				}
				if diff := cmp.Diff(gaps(report.Gaps), gaps(s.Manifest.Gaps)); diff != "" {
					t.Errorf("gaps of the report and of the manifest differ:\n%s", diff)
				}
			})
		})
	}
}

// except says the same of all accounts but one.
func except(accounts []string, but, what string) []string {
	var lines []string
	for _, id := range accounts {
		if id != but {
			lines = append(lines, id+": "+what)
		}
	}
	return lines
}

// What is left out by name is not called.
func TestCollectSelection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		org := fakeorg.New(small())
		cfg := in(newDir(t), org)
		cfg.Only, cfg.Skip = nil, []string{"sqs"}
		report := collect(t, cfg)
		if !slices.Contains(gaps(report.Gaps), "sqs: queues: left out by --only or --skip") {
			t.Errorf("gaps are %q", gaps(report.Gaps))
		}
		for c := range org.Calls() {
			if c.Service == "sqs" {
				t.Errorf("%+v was called", c)
			}
		}
	})
}

// Only some accounts are in memory at one time, however many there are.
func TestCollectFewAtATime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		org := small()
		org.Accounts, org.PageSize = 60, 0
		cfg := in(newDir(t), fakeorg.New(org))
		var mu sync.Mutex
		open, most := make(map[string]bool), 0
		cfg.Progress = func(e live.Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Account == "" {
				return
			}
			open[e.Account] = true
			most = max(most, len(open))
			if e.Ended {
				delete(open, e.Account)
			}
		}
		collect(t, cfg)
		if most > 16 || len(open) > 0 {
			t.Errorf("%d accounts were open at one time, and %d stay so", most, len(open))
		}
	})
}

// DryRun enters no account and writes nothing.
func TestDryRunOfAnOrganization(t *testing.T) {
	bubble(t, func(t *testing.T) {
		org := fakeorg.New(small())
		cfg := in(newDir(t), org)
		plan, err := live.DryRun(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Accounts) != 5 || len(plan.Regions) != 2 {
			t.Errorf("the plan is %+v", plan)
		}
		for c := range org.Calls() {
			if c.Operation == "AssumeRole" || c.Service == "iam" || c.Service == "sqs" {
				t.Errorf("%+v was called", c)
			}
		}
		if _, err := os.Stat(cfg.Out); err == nil {
			t.Error("something was written")
		}
	})
}
