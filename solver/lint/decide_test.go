package lint_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/lint"
)

var (
	drawnCallers = []string{
		"arn:aws:iam::111111111111:user/ann", "arn:aws:iam::111111111111:user/bob", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::222222222222:user/x",
		"arn:aws:iam::333333333333:user/ann", "arn:aws:iam::111111111111:root", "s3.amazonaws.com", "sns.amazonaws.com", "anonymous",
	}
	drawnTargets = []string{"arn:aws:s3:::b/x", "arn:aws:s3:::b", "arn:aws:s3:::b/home/ann/x", "arn:aws:s3:::b/home/bob/secret", "arn:aws:s3:::c/home/ann/y", "arn:aws:sqs:eu-west-1:111111111111:q"}
	drawnValues  = map[string][]string{
		"aws:SourceIp": {"10.1.0.1", "192.0.2.1", "8.8.8.8", ""}, "aws:SourceVpc": {"vpc-1", "vpc-2", ""}, "s3:prefix": {"a", "ann", "bob", ""},
		"aws:SecureTransport": {"true", "false", ""}, "aws:TagKeys": {"a", "a,b", "c", ""}, "s3:max-keys": {"9", "10", ""},
	}
)

// drawCase draws a request that a document decides about: an identity policy by
// itself, a resource policy beside an identity policy that allows everything, or
// none.
func drawCase(t *rapid.T, kind policy.Kind) solver.Case {
	caller, err := solver.ParseCaller(rapid.SampledFrom(drawnCallers).Draw(t, "caller"))
	if kind == policy.Identity {
		caller, err = solver.ParseCaller(rapid.SampledFrom(drawnCallers[:2]).Draw(t, "caller"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if caller.Kind == solver.CallerSession {
		caller.SessionName = "s"
	}
	values := map[string]policy.Value{}
	for _, key := range []string{"aws:SourceIp", "aws:SourceVpc", "s3:prefix", "aws:SecureTransport", "aws:TagKeys", "s3:max-keys"} {
		s := rapid.SampledFrom(drawnValues[key]).Draw(t, key)
		switch {
		case s == "" || key == "aws:SourceVpc" && values["aws:sourceip"].State == policy.Present: // E219
		case key == "aws:TagKeys":
			values[strings.ToLower(key)] = policy.List(strings.Split(s, ","))
		default:
			values[strings.ToLower(key)] = policy.Single(s)
		}
	}
	c := solver.Case{
		Caller: caller, Action: rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "s3:GetObjectAcl", "sqs:SendMessage", "made:Up"}).Draw(t, "action"),
		Resource: rapid.SampledFrom(drawnTargets).Draw(t, "target"), ResourceAccount: rapid.SampledFrom([]string{"111111111111", "999999999999"}).Draw(t, "owner"),
		Context: solver.Context{Complete: true, Values: values},
	}
	if kind == policy.Identity {
		c.ResourceAccount = caller.Account
	} else if rapid.Bool().Draw(t, "allowed") {
		all := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), policy.Identity)
		c.Identity = []solver.Source{{Name: "all", Doc: all}}
	}
	return c
}

func decide(c solver.Case, doc *policy.Document) solver.Outcome {
	if doc.Kind == policy.Identity {
		c.Identity = []solver.Source{{Name: "p", Doc: doc}}
	} else {
		c.Resources = []solver.Source{{Name: "p", Doc: doc}}
	}
	return solver.Decide(&c).Outcome
}

// Law: AWS decides alike with and without what is called superfluous, whoever
// calls and however the document names them.
func TestSuperfluousDecidesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]policy.Kind{policy.Identity, policy.Resource}).Draw(t, "kind")
		doc := parse(t, drawDocument(t, kind), kind)
		found := slices.DeleteFunc(lint.Document(doc, lint.Options{}), func(f lint.Finding) bool {
			return f.Rule == "deny-never-bites" // it may bite what other policies allow
		})
		less, taken := without(t, doc, kind, found)
		if len(taken) == 0 {
			return
		}
		for range 20 {
			c := drawCase(t, kind)
			was, is := decide(c, doc), decide(c, less)
			if (was == solver.Allowed) != (is == solver.Allowed) {
				t.Fatalf("%v can't go: %s %s on %s of %s: was %v, is %v\n%s\n%s", taken, c.Caller.ARN, c.Action, c.Resource, c.ResourceAccount, was, is, doc.Text(), less.Text())
			}
		}
	})
}
