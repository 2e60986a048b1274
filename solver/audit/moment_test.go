package audit_test

import (
	"testing"

	"pathfinder/solver/audit"
)

// Time goes one way: what was allowed until a day before the snapshot is so no more, and
// what is from such a day on is for good (E55). Snapshots of tests are of 2026-11-01.
func TestWhatTimeLeaves(t *testing.T) {
	t.Parallel()
	const (
		passed = `{"DateLessThan":{"aws:CurrentTime":"2026-10-31T00:00:00Z"}}`
		since  = `{"DateGreaterThan":{"aws:CurrentTime":"2026-10-31T00:00:00Z"}}`
		soon   = `{"NumericLessThan":{"aws:EpochTime":"1893456000"}}`
	)
	reach := func(condition string) func(*world) {
		return func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", condition)).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}
	}
	key := func(condition string) func(*world) {
		return func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":`+condition+`}`)
		}
	}
	enter := func(condition string) func(*world) {
		return func(w *world) {
			w.user(w.dev, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "deploy", trusting(`{"AWS":"`+devID+`"}`, condition))
		}
	}
	revoked := func(day string) func(*world) {
		return func(w *world) {
			w.role(w.prod, "app", byService, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"`+day+`"}}}`)
		}
	}
	lookForEach(t, []kindTest{
		{"sensitive-reach", "until a day that has passed", reach(passed), none, 0},
		{"sensitive-reach", "from a day on that has passed", reach(since), certain, audit.Medium},
		{"sensitive-reach", "until a day to come", reach(soon), possible, audit.Medium},
		{"key-beyond-account", "until a day that has passed", key(passed), none, 0},
		{"key-beyond-account", "from a day on that has passed", key(since), certain, audit.Low},
		{"key-beyond-account", "until a day to come", key(soon), possible, audit.Low},
		{"cross-account-into-production", "until a day that has passed", enter(passed), none, 0},
		{"cross-account-into-production", "from a day on that has passed", enter(since), certain, audit.Medium},
		{"cross-account-into-production", "until a day to come", enter(soon), possible, audit.Medium},
		{"wildcard-data-access", "by sessions that are not of long ago (E216)", revoked("2026-10-30T11:59:59Z"), certain, audit.Medium},
		{"wildcard-data-access", "by sessions that are of today", revoked("2026-10-30T12:00:01Z"), possible, audit.Medium},
		{"wildcard-data-access", "until a day to come", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":`+soon+`}`)
		}, possible, audit.Medium},
	})
}
