package call

import (
	"time"

	"golang.org/x/time/rate"
)

// An Operation is one operation of an API.
type Operation struct {
	Service string   // as the SDK calls the service: "SQS", "Lambda"
	Name    string   // "ListQueues"
	Actions []string // what AWS checks for it: "sqs:ListQueues"
	Group   string   // operations of one group share a limit; "" for Service
}

func (o Operation) group() string {
	if o.Group != "" {
		return o.Group
	}
	return o.Service
}

// A Limit is what AWS takes of one account in one region.
type Limit struct {
	PerSecond float64
	Burst     int
}

// otherLimit is for groups that AWS documents nothing about. EC2 refills 20
// tokens a second for calls that describe; most services take more.
var otherLimit = Limit{PerSecond: 10, Burst: 10}

// limits are the published or observed rates, a little below: the account's own
// tools want to go on working.
//
// Organizations: "Quotas and service limits for AWS Organizations", table of
// throttling (rate, burst). Identity Center: "Additional quotas", 20 a second
// for all of its APIs together. KMS: "Request quotas". Lambda, IAM: observed by
// others, AWS documents none.
var limits = map[string]Limit{
	"IAM":                          {12, 15},
	"STS":                          {50, 50},
	"S3":                           {50, 50},
	"S3 Control":                   {15, 15},
	"KMS":                          {80, 80},
	"Lambda":                       {12, 15},
	"Lambda.GetPolicy":             {12, 15},
	"Secrets Manager":              {40, 40},
	"EC2":                          {15, 20},
	"Identity Center":              {16, 16},
	"Organizations.ListAccounts":   {7, 10},
	"Organizations.ListChildren":   {5, 8},
	"Organizations.ListParents":    {4, 7}, // shared by ListParents, ListAccountsForParent and ListOrganizationalUnitsForParent
	"Organizations.ListPolicies":   {4, 7}, // shared by ListPolicies, ListPoliciesForTarget and ListTargetsForPolicy
	"Organizations.DescribePolicy": {1.8, 2},
	"Organizations.ListRoots":      {0.9, 2},
	"Organizations":                {1.5, 3}, // the others have rates of 1 to 4
	"Config":                       {3, 5},
}

// LimitOf returns the limit of a group of operations.
func LimitOf(group string) Limit {
	if l, ok := limits[group]; ok {
		return l
	}
	return otherLimit
}

// A bucket is the token bucket of one group in one account and region. Its
// methods are safe for concurrent use.
type bucket struct {
	limiter *rate.Limiter
	full    rate.Limit
}

func newBucket(l Limit) *bucket {
	return &bucket{limiter: rate.NewLimiter(rate.Limit(l.PerSecond), l.Burst), full: rate.Limit(l.PerSecond)}
}

// recovery is how much of the lost rate a call that succeeds gives back.
const recovery = 0.02

// throttled slows down: someone else uses the same limits. Not below a tenth.
func (b *bucket) throttled(now time.Time) {
	b.limiter.SetLimitAt(now, max(b.limiter.Limit()/2, b.full/10))
}

// went gives back a little of what throttling took.
func (b *bucket) went(now time.Time) {
	if have := b.limiter.Limit(); have < b.full {
		b.limiter.SetLimitAt(now, min(b.full, have+b.full*recovery))
	}
}
