package policy_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

func TestResourcePattern(t *testing.T) {
	t.Parallel()
	const queue = "arn:aws:sqs:eu-west-1:111111111111:q1"
	ann := present("aws:username", "ann", "aws:star", "*", "aws:deep", "a/b")
	tests := []struct {
		name, pattern string
		kind          policy.Kind
		version       string // "" is 2012-10-17
		ctx           policy.Values
		resource      string
		want          arn.Fit
	}{
		{name: "E33 case counts", kind: policy.Identity, pattern: "arn:aws:s3:::data/K1", resource: "arn:aws:s3:::data/k1"},
		{name: "E34 star runs across slashes", kind: policy.Identity, pattern: "arn:aws:s3:::data/*", resource: "arn:aws:s3:::data/a/b", want: arn.Exact},
		{name: "E35 star runs on", kind: policy.Resource, pattern: "arn:aws:sqs:*:q1", resource: queue, want: arn.RunOn},
		{name: "E37 completed in an identity policy", kind: policy.Identity, pattern: "arn:aws:sqs:eu-west-1:111111111111", resource: queue, want: arn.Exact},
		{name: "E37 completed in a boundary", kind: policy.Boundary, pattern: "arn:aws:sqs", resource: queue, want: arn.Exact},
		{name: "E37 completed in an SCP", kind: policy.SCP, pattern: "arn:aws:sqs", resource: queue, want: arn.Exact},
		{name: "E37 not completed in a resource policy", kind: policy.Resource, pattern: "arn:aws:sqs", resource: queue},
		{name: "E37 not completed in an endpoint policy", kind: policy.Endpoint, pattern: "arn:aws:sqs", resource: queue},
		{name: "E37 not completed in an RCP", kind: policy.RCP, pattern: "arn:aws:sqs", resource: queue},
		{name: "E37 not completed by a star at the front", kind: policy.Resource, pattern: "arn:aws:*s", resource: queue},
		{name: "E37 completed behind a star, if at all", kind: policy.Resource, pattern: "arn:aws:sqs:*:111111111111", resource: queue, want: arn.RunOn},
		{name: "E37 completed behind a star for another account", kind: policy.Endpoint, pattern: "arn:aws:sqs:*:222222222222", resource: queue},
		{name: "E37 completed in a session policy, which STS refuses", kind: policy.Session, pattern: "arn:aws:sqs", resource: queue, want: arn.Exact},
		{name: "E42 short for the own API", kind: policy.Resource, pattern: "execute-api:/*", resource: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/prod/GET/pets", want: arn.Exact},
		{name: "E42 and for a method of it", kind: policy.Resource, pattern: "execute-api:/prod/GET/*", resource: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/prod/GET/pets", want: arn.Exact},
		{name: "E42 not for another", kind: policy.Resource, pattern: "execute-api:/prod/GET/*", resource: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/prod/POST/pets"},
		{name: "E42 nor for anything else", kind: policy.Resource, pattern: "execute-api:/*", resource: "arn:aws:s3:::data/k1"},
		{name: "E42 nor outside of policies of resources", kind: policy.Identity, pattern: "execute-api:/*", resource: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/prod/GET/pets"},
		{name: "E38 the lone star", kind: policy.Identity, pattern: "*", resource: "*", want: arn.Exact},
		{name: "E39 nothing else covers no resource", kind: policy.Identity, pattern: "arn:aws:s3:::*", resource: "*"},
		{name: "E41 a variable", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:username}/*", ctx: ann, resource: "arn:aws:s3:::data/ann/x", want: arn.Exact},
		{name: "E41 names of variables have no case", kind: policy.Identity, pattern: "arn:aws:s3:::data/${AWS:UserName}", ctx: ann, resource: "arn:aws:s3:::data/ann", want: arn.Exact},
		{name: "E41 another value", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:username}", ctx: ann, resource: "arn:aws:s3:::data/bob"},
		{name: "E41 no variable before the sixth field", kind: policy.Identity, pattern: "arn:aws:s3:${aws:username}::data", ctx: ann, resource: "arn:aws:s3:ann::data"},
		{name: "E3 no variable under 2008", kind: policy.Identity, version: "2008-10-17", pattern: "arn:aws:s3:::data/${aws:username}", ctx: ann, resource: "arn:aws:s3:::data/ann"},
		{name: "E3 the plain characters under 2008", kind: policy.Identity, version: "2008-10-17", pattern: "arn:aws:s3:::${aws:x}", resource: "arn:aws:s3:::${aws:x}", want: arn.Exact},
		{name: "E69 a star in the value is a star", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:star}", ctx: ann, resource: "arn:aws:s3:::data/secret"},
		{name: "E69 and matches itself", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:star}", ctx: ann, resource: "arn:aws:s3:::data/*", want: arn.Exact},
		{name: "E69 stars around it work", kind: policy.Identity, pattern: "arn:aws:s3:::*/${aws:deep}/*", ctx: ann, resource: "arn:aws:s3:::data/a/b/c", want: arn.Exact},
		{name: "E70 escaped star", kind: policy.Identity, pattern: "arn:aws:s3:::data/${*}", resource: "arn:aws:s3:::data/x"},
		{name: "E70 escaped star matches itself", kind: policy.Identity, pattern: "arn:aws:s3:::data/${*}${?}${$}", resource: "arn:aws:s3:::data/*?$", want: arn.Exact},
		{name: "E71 default", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:none, 'all'}", resource: "arn:aws:s3:::data/all", want: arn.Exact},
		{name: "E71 a default is literal", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:none,'*'}", resource: "arn:aws:s3:::data/all"},
		{name: "E71 a present value beats the default", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws:username, 'all'}", ctx: ann, resource: "arn:aws:s3:::data/ann", want: arn.Exact},
		{name: "unclosed variable is plain text", kind: policy.Identity, pattern: "arn:aws:s3:::data/${aws", resource: "arn:aws:s3:::data/${aws", want: arn.Exact},
		{name: "unnamed variable is plain text", kind: policy.Identity, pattern: "arn:aws:s3:::data/${}", resource: "arn:aws:s3:::data/${}", want: arn.Exact},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			version := tt.version
			if version == "" {
				version = policy.Version2012
			}
			r := policy.NewResourcePattern(tt.pattern, tt.kind, version)
			p, state, _ := r.Expand(tt.ctx)
			if state != policy.Present {
				t.Fatalf("%q has state %v", tt.pattern, state)
			}
			if got := p.Match(tt.resource); got != tt.want {
				t.Errorf("%q covers %q: %v, want %v", tt.pattern, tt.resource, got, tt.want)
			}
		})
	}
}

func TestResourceWithoutValue(t *testing.T) {
	t.Parallel()
	open := policy.Values{"aws:username": {State: policy.Open}, "aws:tag": {State: policy.Open}}
	tests := []struct {
		name, pattern string
		ctx           policy.Values
		want          policy.State
		key           string
	}{
		{name: "E72 absent, no default", pattern: "arn:aws:s3:::data/${aws:username}", want: policy.Absent},
		{name: "E68 multivalued keys have no value", pattern: "arn:aws:sqs:*:*:${aws:TagKeys}", ctx: list("aws:tagkeys", "cost"), want: policy.Absent},
		{name: "open", pattern: "arn:aws:s3:::data/${aws:username}", ctx: open, want: policy.Open, key: "aws:username"},
		{name: "the first open one is named", pattern: "arn:aws:s3:::${aws:tag}/${aws:username}", ctx: open, want: policy.Open, key: "aws:tag"},
		{name: "absent beats open", pattern: "arn:aws:s3:::${aws:tag}/${aws:none}", ctx: open, want: policy.Absent},
		{name: "open beats a default", pattern: "arn:aws:s3:::${aws:tag, 'x'}", ctx: open, want: policy.Open, key: "aws:tag"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := policy.NewResourcePattern(tt.pattern, policy.Identity, policy.Version2012)
			p, state, key := r.Expand(tt.ctx)
			if state != tt.want || key != tt.key && tt.want == policy.Open || p.Match("arn:aws:s3:::data/x") != arn.NoFit {
				t.Errorf("%q: state %v, open key %q; want %v, %q", tt.pattern, state, key, tt.want, tt.key)
			}
		})
	}
}

// What is left open by a variable becomes a condition on its key.
func TestOpenCondition(t *testing.T) {
	t.Parallel()
	open := policy.Values{
		"aws:username": {State: policy.Open}, "aws:x": {State: policy.Open}, "aws:team": policy.Single("red"),
	}
	tests := []struct {
		name, pattern, resource string
		value                   string // of the condition, when there is one
		possible, ok            bool
	}{
		{name: "E41 the value is read off the resource", pattern: "arn:aws:s3:::data/${aws:username}/k", resource: "arn:aws:s3:::data/ann/k", value: "ann", possible: true, ok: true},
		{name: "E41 with a known one beside it", pattern: "arn:aws:s3:::data/${aws:team}/${aws:username}", resource: "arn:aws:s3:::data/red/ann", value: "ann", possible: true, ok: true},
		{name: "E34 the value may hold slashes", pattern: "arn:aws:s3:::data/${aws:username}", resource: "arn:aws:s3:::data/a/b", value: "a/b", possible: true, ok: true},
		{name: "E70 a star in the value is escaped", pattern: "arn:aws:s3:::data/${aws:username}", resource: "arn:aws:s3:::data/a*", value: "a${*}", possible: true, ok: true},
		{name: "the value may be empty", pattern: "arn:aws:s3:::data/${aws:username}", resource: "arn:aws:s3:::data/", value: "", possible: true, ok: true},
		{name: "E33 no value fits another bucket", pattern: "arn:aws:s3:::data/${aws:username}", resource: "arn:aws:s3:::other/ann", ok: true},
		{name: "E33 no value fits another service", pattern: "arn:aws:sqs:*:*:${aws:username}", resource: "arn:aws:s3:::ann", ok: true},
		{name: "E33 no value fits another known part", pattern: "arn:aws:s3:::data/${aws:team}/${aws:username}", resource: "arn:aws:s3:::data/blue/ann", ok: true},
		{name: "E33 prefix and suffix may not share", pattern: "arn:aws:s3:::aba${aws:username}aba", resource: "arn:aws:s3:::ababa", ok: true},
		{name: "E39 no value fits no resource", pattern: "arn:aws:s3:::${aws:username}", resource: "*", ok: true},
		{name: "E35 a star that runs on", pattern: "arn:aws:sqs:*:*:x-${aws:username}", resource: "arn:aws:sqs:us-east-1:1:q:x-ann", value: "ann", possible: true, ok: true},
		{name: "E35 a star that can't run on", pattern: "arn:aws:sqs:us-east-1:1:x-${aws:username}", resource: "arn:aws:sqs:us-east-1:1:q:x-ann", ok: true},
		{name: "a wildcard beside the variable", pattern: "arn:aws:s3:::data/${aws:username}/*", resource: "arn:aws:s3:::data/ann/k", value: "ann", possible: true, ok: true},
		{name: "a wildcard that no value makes fit", pattern: "arn:aws:s3:::data/${aws:username}/*", resource: "arn:aws:s3:::data/ann", ok: true},
		{name: "too many values fit", pattern: "arn:aws:s3:::*${aws:username}*", resource: "arn:aws:s3:::data/a-long-enough-key", possible: true},
		{name: "two open variables", pattern: "arn:aws:s3:::${aws:x}/${aws:username}", resource: "arn:aws:s3:::data/ann", possible: true},
		{name: "E71 a default", pattern: "arn:aws:s3:::${aws:username, 'x'}", resource: "arn:aws:s3:::ann", possible: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := policy.NewResourcePattern(tt.pattern, policy.Identity, policy.Version2012)
			c, fit, ok := r.OpenCondition(open, tt.resource)
			possible := fit != arn.NoFit
			if possible != tt.possible || ok != tt.ok {
				t.Fatalf("possible %v, ok %v; want %v, %v", possible, ok, tt.possible, tt.ok)
			}
			if ok && possible && (c.LowerKey() != "aws:username" || c.Values[0] != tt.value) {
				t.Errorf("condition on %s = %q, want aws:username = %q", c.Key, c.Values, tt.value)
			}
		})
	}
}

// E37: what Organizations does not save.
func TestRefusedResource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text     string
		scp, rcp bool
	}{
		{"*", false, false},
		{"arn:aws:sqs:*:*:*", false, false},
		{"arn:aws:sqs:eu-west-1:111111111111:a:b", false, false},
		{"arn:aws:sqs:*", false, true},
		{"arn:aws:sqs*", false, true},
		{"arn:aws:sqs:*:111111111111", true, true},
		{"arn:aws:sqs", true, true},
	}
	for _, tt := range tests {
		if got := policy.RefusedResource(tt.text, policy.SCP); got != tt.scp {
			t.Errorf("SCP, %s: refused %t, want %t", tt.text, got, tt.scp)
		}
		if got := policy.RefusedResource(tt.text, policy.RCP); got != tt.rcp {
			t.Errorf("RCP, %s: refused %t, want %t", tt.text, got, tt.rcp)
		}
		for _, kind := range []policy.Kind{policy.Identity, policy.Boundary, policy.Session, policy.Resource, policy.Endpoint} {
			if policy.RefusedResource(tt.text, kind) {
				t.Errorf("%v, %s: refused", kind, tt.text)
			}
		}
	}
}
