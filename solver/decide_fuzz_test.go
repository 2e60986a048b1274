package solver_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// FuzzDecide gives random bytes as policies. Deciding never panics, says the
// same with a trace, marks damage, and never allows what a readable statement
// denies for every request.
func FuzzDecide(f *testing.F) {
	const all = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}`
	f.Add("arn:aws:iam::111111111111:user/ann", "s3:GetObject", "arn:aws:s3:::data/k1", []byte(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`), []byte(nil), uint8(0))
	f.Add("arn:aws:sts::111111111111:assumed-role/app/s1", "sts:AssumeRole", "arn:aws:iam::111111111111:role/t", []byte(nil), []byte(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/app"},"Action":"sts:AssumeRole"}]}`), uint8(1))
	f.Add("anonymous", "s3:ListBucket", "arn:aws:s3:::data", []byte(nil), []byte(all), uint8(0xff))
	f.Add("sns.amazonaws.com", "sqs:SendMessage", "*", []byte(all), []byte(`{"Statement":[{"Effect":"Deny","NotPrincipal":{"Service":"sns.amazonaws.com"},"NotAction":"s3:*","NotResource":"arn:aws:s3:::x/${aws:username}"}]}`), uint8(6))
	f.Add("arn:aws:iam::222222222222:root", "kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/1", []byte(`[`), []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}}]}`), uint8(32))
	f.Fuzz(func(t *testing.T, who, action, resource string, own, theirs []byte, shape uint8) {
		caller, err := solver.ParseCaller(who)
		if err != nil || len(own)+len(theirs) > 1<<14 || len(resource) > 1<<10 {
			return
		}
		c := fuzzedCase(caller, action, resource, own, theirs, shape)
		d, e := solver.Decide(c), solver.Explain(c)
		if d.Outcome != e.Outcome || d.Guard.Truth() != e.Guard.Truth() {
			t.Fatalf("Decide says %v, Explain %v", d.Outcome, e.Outcome)
		}
		if (d.Outcome == solver.Allowed) != (d.Guard != guard.False) {
			t.Fatalf("%v under guard %v", d.Outcome, d.Guard.Truth())
		}
		fixed := len(d.BlockedBy) == 1 && d.BlockedBy[0] == "rule" || len(d.Rules) == 1 && d.Rules[0] == "E100"
		if denied := certainDeny(c); denied && d.Outcome != solver.ExplicitlyDenied && !fixed {
			t.Fatalf("%v in spite of a Deny for everything\nown: %s\ntheirs: %s", d.Outcome, own, theirs)
		}
		if c.Identity[0].Doc.Damaged() && !fixed && d.Outcome == solver.Allowed && !d.LowConfidence() && caller.Kind == solver.CallerUser {
			t.Fatalf("a damaged policy left no doubt\nown: %s", own)
		}
	})
}

// fuzzedCase hangs two documents into the gates that shape chooses.
func fuzzedCase(caller solver.Caller, action, resource string, own, theirs []byte, shape uint8) *solver.Case {
	source := func(raw []byte, kind policy.Kind) []solver.Source {
		return []solver.Source{{Name: fmt.Sprint(kind), Doc: policy.Parse(raw, kind)}}
	}
	c := &solver.Case{
		Caller: caller, Action: action, Resource: resource, ResourceAccount: "111111111111",
		Context: solver.Context{Complete: shape&1 != 0}, Identity: source(own, policy.Identity),
	}
	if shape&2 != 0 {
		c.Boundary, c.HasBoundary = source(own, policy.Boundary), true
	}
	if shape&4 != 0 {
		c.Session, c.HasSession = source(own, policy.Session), true
	}
	if shape&8 != 0 {
		c.SCPs = []solver.Level{{Target: "r-1", Policies: source(own, policy.SCP)}}
	}
	if shape&16 != 0 {
		c.RCPs = []solver.Level{{Target: "r-1", Policies: source(theirs, policy.RCP)}}
	}
	if shape&32 != 0 {
		c.Endpoint, c.HasEndpoint = source(theirs, policy.Endpoint), true
	}
	kind := policy.Resource
	if shape&64 != 0 {
		kind = policy.Trust
	}
	c.Resources = source(theirs, kind)
	if shape&128 != 0 {
		c.S3 = &solver.S3Facts{Ownership: "ObjectWriter", RestrictPublicBuckets: true}
	}
	return c
}

// certainDeny reports whether a readable statement of an identity or resource
// policy that binds the caller denies everything to everybody, in the plainest
// spelling.
func certainDeny(c *solver.Case) bool {
	plain := func(list []solver.Source, everyone bool) bool {
		for _, src := range list {
			for _, s := range src.Doc.Statements {
				who := !everyone && !s.HasPrincipal || everyone && !s.NotPrincipal && len(s.Principals) == 1 && s.Principals[0].Kind == policy.Everyone
				what := len(s.Actions) == 1 && s.Actions[0].All() && !s.NotAction
				where := len(s.Resources) == 1 && s.Resources[0].Text == "*" && !s.NotResource
				if s.Effect == policy.Deny && !s.Broken && who && what && where && len(s.Conditions) == 0 {
					return true
				}
			}
		}
		return false
	}
	switch c.Caller.Kind {
	case solver.CallerUser, solver.CallerSession, solver.CallerFederatedUser:
		return plain(c.Identity, false) || plain(c.Resources, true)
	case solver.CallerService, solver.CallerAnonymous:
		return plain(c.Resources, true)
	default: // root may unlock a bucket, and bearers of tokens are nobody's principal
		return false
	}
}
