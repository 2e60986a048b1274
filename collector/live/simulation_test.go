package live_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/fakeorg"
)

var (
	simulateAccounts    = flag.Int("simulate-accounts", 20, "accounts of TestSimulation")
	simulateConcurrency = flag.Int("simulate-concurrency", 50, "calls at one time of TestSimulation")
)

// The regions that an account has without opting in ("AWS Regions").
var defaultRegions = strings.Fields(`us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-west-1
	eu-west-2 eu-west-3 eu-north-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2`)

// TestSimulation collects a large organization in virtual time: every answer takes
// 150 ms, and AWS refuses what comes faster than its published limits. It prints what
// decides how long that takes. Services that the fake knows nothing of are empty.
//
//	go test ./collector/live -run TestSimulation -simulate-accounts 1000 -timeout 60m -v
func TestSimulation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := fakeorg.New(fakeorg.Config{
			Seed: 1, Accounts: *simulateAccounts, Regions: defaultRegions, Users: 20, Roles: 60, Queues: 4,
			Latency: 150 * time.Millisecond, Limits: true,
		})
		cfg := in(newDir(t), org)
		cfg.Only, cfg.MaxConcurrency = nil, *simulateConcurrency
		var w watch
		cfg.Progress = w.event
		report := collect(t, cfg)
		if report.Accounts != *simulateAccounts {
			t.Errorf("%d accounts were read", report.Accounts)
		}
		if org.Refused() != report.Throttled {
			t.Errorf("AWS refused %d calls, %d are reported", org.Refused(), report.Throttled)
		}
		if report.Throttled*100 > report.Calls {
			t.Errorf("%d of %d calls were throttled: the buckets don't fit the limits", report.Throttled, report.Calls)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d accounts, %d regions, %d services, %d calls at one time: %d calls in %s, %d throttled, %d units\n",
			report.Accounts, len(defaultRegions), len(live.Services()), *simulateConcurrency, report.Calls, report.Duration.Round(time.Second), report.Throttled, report.Units)
		for _, name := range byCount(report.ByService) {
			fmt.Fprintf(&b, "  %-20s %8d\n", name, report.ByService[name])
		}
		w.write(&b)
		chains(&b, org)
		t.Log(b.String())
	})
}

// A watch notes how long the organization and each account took.
type watch struct {
	mu           sync.Mutex
	began        map[string]time.Time // under mu
	organization time.Duration        // under mu
	longest      time.Duration        // under mu
	account      string               // that took longest; under mu
}

func (w *watch) event(e live.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.began == nil {
		w.began = make(map[string]time.Time)
	}
	key := cmp.Or(e.Account, e.Name)
	if w.began[key].IsZero() {
		w.began[key] = time.Now()
	}
	if !e.Ended {
		return
	}
	took := time.Since(w.began[key])
	delete(w.began, key)
	switch {
	case e.Account == "" && e.Name == "organization":
		w.organization = took
	case e.Account != "" && took > w.longest:
		w.longest, w.account = took, e.Account
	}
}

func (w *watch) write(b *strings.Builder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(b, "the organization took %s, the slowest account %s (%s)\n", w.organization.Round(time.Second), w.longest.Round(time.Second), w.account)
}

// chains prints the buckets that take longest: their calls at the rate that is kept.
func chains(b *strings.Builder, org *fakeorg.Org) {
	counts := make(map[string]int)
	rates := make(map[string]float64)
	for c, n := range org.Calls() {
		group := groups[c.Service]
		if name := organizationGroups[c.Operation]; c.Service == "organizations" && name != "" {
			group += "." + name
		}
		group = cmp.Or(group, c.Service)
		key := group + " of " + c.Account + " in " + c.Region
		counts[key] += n
		rates[key] = call.LimitOf(group).PerSecond
	}
	seconds := func(key string) float64 { return float64(counts[key]) / rates[key] }
	keys := slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(seconds(y), seconds(x)), cmp.Compare(x, y)) })
	fmt.Fprintln(b, "the longest buckets:")
	for _, key := range keys[:min(8, len(keys))] {
		fmt.Fprintf(b, "  %-60s %6d calls at %4.1f a second: %4.0f s\n", key, counts[key], rates[key], seconds(key))
	}
}

// groups are the API groups of package call by the names that services are signed
// for.
var groups = map[string]string{
	"organizations": "Organizations", "iam": "IAM", "sts": "STS", "sqs": "SQS", "ec2": "EC2", "kms": "KMS", "lambda": "Lambda",
	"secretsmanager": "Secrets Manager", "s3": "S3",
}

var organizationGroups = map[string]string{
	"ListOrganizationalUnitsForParent": "ListParents", "ListPolicies": "ListPolicies", "ListTargetsForPolicy": "ListPolicies",
	"ListAccounts": "ListAccounts", "ListChildren": "ListChildren", "DescribePolicy": "DescribePolicy", "ListRoots": "ListRoots",
}

func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(x, y string) int { return cmp.Or(cmp.Compare(m[y], m[x]), cmp.Compare(x, y)) })
}
