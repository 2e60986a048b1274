package live_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/live/internal/faults"
)

// Trouble that passes leaves no trace in the snapshot.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rule faults.Rule
	}{
		{"throttle", faults.Rule{Kind: faults.Throttle, OneIn: 2, Times: 3}},
		{"throttle with Retry-After", faults.Rule{Kind: faults.ThrottleAfter, OneIn: 2, Times: 2}},
		{"server error", faults.Rule{Kind: faults.ServerError, OneIn: 2, Times: 3}},
		{"unavailable", faults.Rule{Kind: faults.Unavailable, OneIn: 3, Times: 3}},
		{"dropped", faults.Rule{Kind: faults.Drop, OneIn: 2, Times: 3}},
		{"cut off", faults.Rule{Kind: faults.Cut, OneIn: 2, Times: 3}},
		{"no answer", faults.Rule{Kind: faults.Slow, OneIn: 5, Times: 2}},
		{"slow", faults.Rule{Kind: faults.Slow, OneIn: 2, Delay: 40 * time.Second}},
		{"expired", faults.Rule{Kind: faults.Expired, OneIn: 3, Times: 1, Account: "ASIA"}},
		{"everything throttled eight times", faults.Rule{Kind: faults.Throttle, Times: 8}},
	}
	for seed, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				want := quiet(t)
				proxy := faults.New(fakeorg.New(small()), uint64(seed), tt.rule)
				cfg := in(newDir(t), proxy)
				cfg.MaxConcurrency = 10
				report := collect(t, cfg)
				if proxy.Done()[0] == 0 {
					t.Error("there was no trouble")
				}
				if len(gaps(report.Gaps)) != 0 {
					t.Errorf("gaps: %q", gaps(report.Gaps))
				}
				equal(t, cfg.Out, want)
			})
		})
	}
}

// All of them together.
func TestFaultsTogether(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run("", func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				want := quiet(t)
				var rules []faults.Rule
				for kind := faults.Throttle; kind < faults.Denied; kind++ {
					rules = append(rules, faults.Rule{Kind: kind, OneIn: 6, Times: 1})
				}
				cfg := in(newDir(t), shuffled(faults.New(fakeorg.New(small()), seed, rules...), seed))
				report := collect(t, cfg)
				if len(gaps(report.Gaps)) != 0 || report.Repeated == 0 {
					t.Errorf("%d repeated, gaps: %q", report.Repeated, gaps(report.Gaps))
				}
				equal(t, cfg.Out, want)
			})
		})
	}
}

// What is refused is known to be unknown: each refusal has its gap, and nothing else
// has one.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run("", func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				proxy := faults.New(fakeorg.New(small()), seed, faults.Rule{Kind: faults.Denied, Service: "sqs", Operation: "GetQueueAttributes", OneIn: 2},
					faults.Rule{Kind: faults.Denied, Service: "sqs", Operation: "ListQueueTags", OneIn: 2},
					faults.Rule{Kind: faults.Denied, Service: "iam", Operation: "GetOpenIDConnectProvider", OneIn: 2})
				cfg := in(newDir(t), proxy)
				report := collect(t, cfg)
				for i, operation := range []string{"GetQueueAttributes", "ListQueueTags", "GetOpenIDConnectProvider"} {
					n := 0
					for _, g := range report.Gaps {
						if strings.HasSuffix(g.Why, " on "+operation) {
							n++
						}
					}
					if n != proxy.Done()[i] {
						t.Errorf("%d refusals of %s, %d gaps", proxy.Done()[i], operation, n)
					}
				}
				if i := slices.IndexFunc(gaps(report.Gaps), func(s string) bool { return !strings.Contains(s, "AccessDenied") }); i >= 0 {
					t.Errorf("a gap without a refusal: %s", gaps(report.Gaps)[i])
				}
			})
		})
	}
}
