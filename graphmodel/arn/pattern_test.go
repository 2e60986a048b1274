package arn_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
)

const (
	fn    = "arn:aws:lambda:eu-west-1:111111111111:function:fn"
	queue = "arn:aws:sqs:eu-west-1:111111111111:q1"
	role  = "arn:aws:iam::111111111111:role/app"
)

func TestPatternMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, resource string
		short                   bool // short ARNs are filled up
		want                    arn.Fit
	}{
		{name: "E33 the same ARN", pattern: "arn:aws:s3:::data/k1", resource: "arn:aws:s3:::data/k1", want: arn.Exact},
		{name: "E33 case counts in the resource", pattern: "arn:aws:s3:::data/K1", resource: "arn:aws:s3:::data/k1"},
		{name: "E33 case counts in the service", pattern: "arn:aws:S3:::data/k1", resource: "arn:aws:s3:::data/k1"},
		{name: "E34 star runs across slashes", pattern: "arn:aws:s3:::data/*/test/*", resource: "arn:aws:s3:::data/1/2/test/3/o", want: arn.Exact},
		{name: "E34 star is also empty", pattern: "arn:aws:s3:::data/*/test/*", resource: "arn:aws:s3:::data//test/", want: arn.Exact},
		{name: "E34 a slash that is written must be there", pattern: "arn:aws:s3:::data/*/test/*", resource: "arn:aws:s3:::data/test/o"},
		{name: "E34 the word between slashes is whole", pattern: "arn:aws:s3:::data/*/test/*", resource: "arn:aws:s3:::data/1-test/o"},
		{name: "E34 question mark is one character", pattern: "arn:aws:s3:::data/k?", resource: "arn:aws:s3:::data/k1", want: arn.Exact},
		{name: "E34 question mark takes a slash", pattern: "arn:aws:s3:::data?k1", resource: "arn:aws:s3:::data/k1", want: arn.Exact},
		{name: "E35 the sixth field is one glob, colons included", pattern: "arn:aws:lambda:eu-west-1:111111111111:function:fn*", resource: fn + ":PROD", want: arn.Exact},
		{name: "E35 inner star of the sixth field runs across colons", pattern: "arn:aws:lambda:eu-west-1:111111111111:function*PROD", resource: fn + ":PROD", want: arn.Exact},
		{name: "E35 a whole field as star", pattern: "arn:aws:sqs:*:*:q1", resource: queue, want: arn.Exact},
		{name: "E35 star stands for an empty field", pattern: "arn:aws:iam:*:*:role/app", resource: role, want: arn.Exact},
		{name: "E35 star that ends a field runs on", pattern: "arn:aws:sqs:*:q1", resource: queue, want: arn.RunOn},
		{name: "E35 star behind text that ends a field runs on", pattern: "arn:aws:sqs:eu*:q1", resource: queue, want: arn.RunOn},
		{name: "E35 inner star stays in its field", pattern: "arn:aws:sqs:eu*q1", resource: queue},
		{name: "E35 inner star stays in its field of six", pattern: "arn:aws:sqs:e*1:1*q1:", resource: queue},
		{name: "E35 question mark stays in its field", pattern: "arn:aws:sqs?eu-west-1:111111111111:q1", resource: queue},
		{name: "E35 question mark in a field", pattern: "arn:aws:sqs:eu-west-?:111111111111:q1", resource: queue, want: arn.Exact},
		{name: "E35 question mark takes a wide character", pattern: "arn:aws:sqs*:q?", resource: "arn:aws:sqs:eu-west-1:111111111111:q界", want: arn.RunOn},
		{name: "E35 question mark takes no half of one", pattern: "arn:aws:sqs*:q??", resource: "arn:aws:sqs:eu-west-1:111111111111:q界"},
		{name: "E35 running on may end at the end", pattern: "arn:aws:sqs*", resource: queue, want: arn.RunOn},
		{name: "E36 star as partition", pattern: "arn:*:s3:::data/*", resource: "arn:aws-cn:s3:::data/k1", want: arn.Exact},
		{name: "E36 star in the partition", pattern: "arn:aws*:s3:::data/*", resource: "arn:aws-us-gov:s3:::data/k1", want: arn.Exact},
		{name: "E36 star in the service", pattern: "arn:aws:s*:::data", resource: "arn:aws:s3:::data", want: arn.Exact},
		{name: "E37 short and filled up", pattern: "arn:aws:sqs:eu-west-1:111111111111", resource: queue, short: true, want: arn.Exact},
		{name: "E37 shorter and filled up", pattern: "arn:aws:sqs", resource: queue, short: true, want: arn.Exact},
		{name: "E37 filled up for another account", pattern: "arn:aws:sqs:eu-west-1:222222222222", resource: queue, short: true},
		{name: "E37 short and not filled up", pattern: "arn:aws:sqs:eu-west-1:111111111111", resource: queue},
		{name: "E37 short with a star that runs on", pattern: "arn:aws:sqs:eu-west-1:*", resource: queue, want: arn.RunOn},
		{name: "E37 short behind a star that ends a field", pattern: "arn:aws:sqs:*:111111111111", resource: queue, want: arn.RunOn},
		{name: "E37 short behind a star, another account", pattern: "arn:aws:sqs:*:222222222222", resource: queue},
		{name: "E37 short behind a star inside of a field", pattern: "arn:aws:sqs:eu*1:111111111111", resource: queue},
		{name: "E37 one word is not filled up", pattern: "arn", resource: queue, short: true},
		{name: "E38 the lone star covers every resource", pattern: "*", resource: queue, want: arn.Exact},
		{name: "E38 the lone star covers no resource", pattern: "*", resource: "*", want: arn.Exact},
		{name: "E39 only the lone star covers no resource", pattern: "arn:aws:s3:::*", resource: "*"},
		{name: "E39 not even all stars", pattern: "arn:*:*:*:*:*", resource: "*"},
		{name: "E39 nor two stars", pattern: "**", resource: "*"},
		{name: "E43 a bucket is not its objects", pattern: "arn:aws:s3:::data", resource: "arn:aws:s3:::data/k1"},
		{name: "E43 objects are not their bucket", pattern: "arn:aws:s3:::data/*", resource: "arn:aws:s3:::data"},
		{name: "E43 a star without slash covers both", pattern: "arn:aws:s3:::data*", resource: "arn:aws:s3:::data", want: arn.Exact},
		{name: "E201 a function is not its alias", pattern: fn, resource: fn + ":PROD"},
		{name: "nothing covers nothing", pattern: "", resource: queue},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := arn.NewPattern(arn.NewGlob(tt.pattern), tt.short)
			if got := p.Match(tt.resource); got != tt.want {
				t.Errorf("%q covers %q: %v, want %v", tt.pattern, tt.resource, got, tt.want)
			}
			if got := p.String(); got != tt.pattern {
				t.Errorf("String() = %q, want %q", got, tt.pattern)
			}
			if filled := arn.NewPattern(arn.NewGlob(tt.pattern), true); filled.Match(tt.resource) != arn.NoFit && tt.resource != "*" && !filled.Glob().Match(tt.resource) {
				t.Errorf("filled up, Glob() = %q does not cover %q", filled.Glob(), tt.resource)
			}
			if tt.want != arn.NoFit && tt.resource != "*" && !p.Glob().Match(tt.resource) {
				t.Errorf("Glob() = %q does not cover %q", p.Glob(), tt.resource)
			}
			if got := p.All(); got != (tt.pattern == "*") {
				t.Errorf("All() = %v", got)
			}
		})
	}
}

func TestZeroPattern(t *testing.T) {
	t.Parallel()
	for _, resource := range []string{"", "*", queue} {
		if got := (arn.Pattern{}).Match(resource); got != arn.NoFit {
			t.Errorf("the zero pattern covers %q: %v", resource, got)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, text string
		want                bool
	}{
		{name: "E59 the same ARN", pattern: role, text: role, want: true},
		{name: "E59 case counts", pattern: role, text: "arn:aws:iam::111111111111:role/App"},
		{name: "E59 star in a field", pattern: "arn:aws:iam::*:role/*", text: role, want: true},
		{name: "E59 star never leaves its field", pattern: "arn:aws:sqs:*:q1", text: queue},
		{name: "E59 star never leaves its field, six fields written", pattern: "arn:aws:sqs:*:q1:*", text: queue},
		{name: "E59 star runs across slashes in the sixth", pattern: "arn:aws:iam::111111111111:role/*", text: "arn:aws:iam::111111111111:role/team/app", want: true},
		{name: "E59 star runs across colons in the sixth", pattern: "arn:aws:lambda:*:*:function:*", text: fn + ":PROD", want: true},
		{name: "E59 question mark", pattern: "arn:aws:iam::11111111111?:role/app", text: role, want: true},
		{name: "E59 a short pattern covers nothing", pattern: "arn:aws:iam:*", text: role},
		{name: "E59 the lone star does", pattern: "*", text: role, want: true},
		{name: "E59 the lone star takes any text", pattern: "*", text: "no ARN", want: true},
		{name: "E59 text that is no ARN", pattern: "arn:*:*:*:*:*", text: "no ARN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := arn.Like(arn.NewGlob(tt.pattern), tt.text); got != tt.want {
				t.Errorf("Like(%q, %q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
			}
		})
	}
}

func TestPatternOverlapsAndCovers(t *testing.T) {
	t.Parallel()
	const (
		all    = "*"
		mine   = "arn:aws:sqs:*:111111111111:*"
		europe = "arn:aws:sqs:eu-*:*:*"
		q1     = queue
		short  = "arn:aws:sqs:*:111111111111"
		bare   = "arn:aws:sqs"
	)
	tests := []struct {
		name, p, q             string
		overlaps, pq, qp, fill bool
	}{
		{name: "one in the other", p: mine, q: q1, overlaps: true, pq: true},
		{name: "crossing", p: mine, q: europe, overlaps: true},
		{name: "the lone star", p: all, q: mine, overlaps: true, pq: true},
		{name: "the lone star and itself", p: all, q: all, overlaps: true, pq: true, qp: true},
		{name: "apart in one field", p: "arn:aws:sqs:us-*:*:*", q: q1},
		{name: "short behind a star", p: short, q: mine, overlaps: true, pq: true, qp: true},
		{name: "short", p: bare, q: mine},
		{name: "short and filled up", p: bare, q: mine, fill: true, overlaps: true, pq: true},
		{name: "nothing", p: "", q: mine},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, q := arn.NewPattern(arn.NewGlob(tt.p), tt.fill), arn.NewPattern(arn.NewGlob(tt.q), tt.fill)
			if p.Overlaps(q) != tt.overlaps || q.Overlaps(p) != tt.overlaps {
				t.Errorf("%q overlaps %q: %t, want %t", tt.p, tt.q, p.Overlaps(q), tt.overlaps)
			}
			if p.Covers(q) != tt.pq || q.Covers(p) != tt.qp {
				t.Errorf("%q covers %q: %t and back %t, want %t, %t", tt.p, tt.q, p.Covers(q), q.Covers(p), tt.pq, tt.qp)
			}
		})
	}
	zero, every := arn.Pattern{}, arn.NewPattern(arn.NewGlob("*"), false)
	if zero.Overlaps(every) || every.Overlaps(zero) || every.Covers(zero) || zero.Covers(every) {
		t.Error("the zero pattern has something in common with the lone star")
	}
}

// A wildcard takes whole characters, also where a star runs on past a colon:
// one character of three bytes is not two.
func TestRunOnTakesWholeCharacters(t *testing.T) {
	t.Parallel()
	p := arn.NewPattern(arn.NewGlob("arn:aws:s*:r:a:x*??"), false)
	for s, want := range map[string]arn.Fit{
		"arn:aws:s:q:r:a:x搄韌": arn.RunOn, // "s*" has taken "s:q"
		"arn:aws:s:q:r:a:x搄":  arn.NoFit,
		"arn:aws:s:r:a:x搄韌":   arn.Exact,
	} {
		if got := p.Match(s); got != want {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
	}
}
