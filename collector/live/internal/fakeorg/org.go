package fakeorg

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pathfinder/collector/live/internal/wire"
)

// Config says what there is.
type Config struct {
	Seed     uint64
	Accounts int      // the management account included
	Regions  []string // enabled in every account
	Users    int      // at most, in an account; as the others below
	Roles    int
	Queues   int // in a region
	PageSize int // 0 for that of AWS

	NoRole    []string      // accounts without the read role
	Suspended []string      // accounts
	Latency   time.Duration // of every answer
	Limits    bool          // refuse what comes faster than AWS takes it
}

// Management is the account that calls come from.
const Management = "111122223333"

// Role is the read role of the other accounts, and ExternalID what it asks for.
const (
	Role       = "audit/PathfinderRead"
	ExternalID = "fake-external-id"
)

// An Org answers requests. It is safe for concurrent use.
type Org struct {
	cfg      Config
	accounts []string
	units    []unit
	policies []controlPolicy

	mu      sync.Mutex
	calls   map[Call]int             // under mu
	refused int                      // under mu
	buckets map[string]*rate.Limiter // under mu
}

// A Call is what was asked of AWS.
type Call struct{ Account, Region, Service, Operation string }

// New returns an organization.
func New(cfg Config) *Org {
	o := &Org{cfg: cfg, calls: make(map[Call]int), buckets: make(map[string]*rate.Limiter)}
	o.accounts = append(o.accounts, Management)
	for i := 1; i < cfg.Accounts; i++ {
		o.accounts = append(o.accounts, fmt.Sprintf("2%011d", 33_000_017+i*7_919))
	}
	o.plant()
	return o
}

// Accounts lists the ids of all accounts, the management account first.
func (o *Org) Accounts() []string { return append([]string(nil), o.accounts...) }

// Calls returns how often each call was made so far.
func (o *Org) Calls() map[Call]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.calls)
}

// Refused returns how many calls came faster than AWS takes them.
func (o *Org) Refused() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.refused
}

// Forget forgets which calls were made.
func (o *Org) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.calls)
}

// sessionKey begins the access keys of sessions; the account follows.
const sessionKey = "ASIAFAKE"

// Do answers a request.
func (o *Org) Do(req *http.Request) (*http.Response, error) {
	r, err := wire.Read(req)
	if err != nil {
		return nil, err
	}
	account := Management
	if id, ok := strings.CutPrefix(r.AccessKey, sessionKey); ok {
		account = id
	}
	allowed := o.record(account, r)
	if o.cfg.Latency > 0 {
		timer := time.NewTimer(o.cfg.Latency)
		defer timer.Stop()
		select {
		case <-req.Context().Done():
			return nil, req.Context().Err()
		case <-timer.C:
		}
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if !allowed {
		return tooMany(r), nil
	}
	answer := answers[r.Key()]
	if answer == nil {
		return r.Nothing(), nil
	}
	return answer(o, account, r), nil
}

// record counts a call and reports whether AWS would take it.
func (o *Org) record(account string, r *wire.Request) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls[Call{account, r.Region, r.Service, r.Operation}]++
	if !o.cfg.Limits {
		return true
	}
	group, limit := limitOf(r)
	key := account + " " + r.Region + " " + group
	b := o.buckets[key]
	if b == nil {
		b = rate.NewLimiter(limit.rate, limit.burst)
		o.buckets[key] = b
	}
	if b.Allow() {
		return true
	}
	o.refused++
	return false
}

// An answerer answers a request of an account.
type answerer func(o *Org, account string, r *wire.Request) *http.Response

// answers has an answerer for each operation that is not answered with nothing.
var answers = map[string]answerer{
	"sts.GetCallerIdentity": (*Org).callerIdentity,
	"sts.AssumeRole":        (*Org).assumeRole,
	"ec2.DescribeRegions":   (*Org).regions,

	"organizations.DescribeOrganization":             (*Org).describeOrganization,
	"organizations.ListRoots":                        (*Org).listRoots,
	"organizations.ListAccounts":                     (*Org).listAccounts,
	"organizations.ListChildren":                     (*Org).listChildren,
	"organizations.ListOrganizationalUnitsForParent": (*Org).listUnits,
	"organizations.ListPolicies":                     (*Org).listPolicies,
	"organizations.ListTargetsForPolicy":             (*Org).listTargets,
	"organizations.DescribePolicy":                   (*Org).describePolicy,
	"organizations.ListDelegatedAdministrators":      (*Org).listDelegated,
	"organizations.ListDelegatedServicesForAccount":  (*Org).listDelegatedServices,
	"organizations.DescribeResourcePolicy":           (*Org).describeResourcePolicy,

	"iam.GetAccountAuthorizationDetails": (*Org).authorizationDetails,
	"iam.ListAccountAliases":             (*Org).accountAliases,
	"iam.ListOpenIDConnectProviders":     (*Org).openIDProviders,
	"iam.GetOpenIDConnectProvider":       (*Org).openIDProvider,
	"iam.GetPolicy":                      (*Org).policy,
	"iam.GetPolicyVersion":               (*Org).policyVersion,
	"iam.GetCredentialReport":            (*Org).credentialReport,

	"sqs.ListQueues":         (*Org).listQueues,
	"sqs.GetQueueAttributes": (*Org).queueAttributes,
	"sqs.ListQueueTags":      (*Org).queueTags,
}

// draw returns a number below n that depends on the seed and on what it is for.
func (o *Org) draw(n int, what ...string) int {
	if n <= 0 {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %q", o.cfg.Seed, what)
	return int((h.Sum64() >> 11) % uint64(n))
}

// page cuts a list: from is the token of the request, and next is empty on the
// last page.
func (o *Org) page(n, size int, from string) (first, last int, next string) {
	if o.cfg.PageSize > 0 {
		size = o.cfg.PageSize
	}
	_, _ = fmt.Sscanf(from, "page-%d", &first)
	first = min(max(first, 0), n)
	last = min(n, first+size)
	if last < n {
		next = fmt.Sprintf("page-%d", last)
	}
	return first, last, next
}
