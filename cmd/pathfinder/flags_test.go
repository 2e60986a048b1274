package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

func TestContextValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []string
		want map[string]policy.Value
		bad  bool
	}{
		{name: "none", want: map[string]policy.Value{}},
		{name: "one value", in: []string{"aws:SourceIp=192.0.2.1"}, want: map[string]policy.Value{"aws:sourceip": policy.Single("192.0.2.1")}},
		{name: "the value may hold =", in: []string{"aws:Referer=a=b"}, want: map[string]policy.Value{"aws:referer": policy.Single("a=b")}},
		{name: "several values", in: []string{"x:y=1", "X:Y=2"}, want: map[string]policy.Value{"x:y": policy.List([]string{"1", "2"})}},
		{name: "a multivalued key", in: []string{"aws:TagKeys=a"}, want: map[string]policy.Value{"aws:tagkeys": policy.List([]string{"a"})}},
		{name: "absent", in: []string{"aws:SourceIp="}, want: map[string]policy.Value{"aws:sourceip": {}}},
		{name: "absent and present", in: []string{"aws:SourceIp=", "aws:SourceIp=1"}, bad: true},
		{name: "no value", in: []string{"aws:SourceIp"}, bad: true},
		{name: "no key", in: []string{"SourceIp=1"}, bad: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := contextValues(tt.in)
			if (err != nil) != tt.bad {
				t.Fatalf("contextValues(%q): %v", tt.in, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("contextValues(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want time.Time
		bad  bool
	}{
		{in: ""},
		{in: "2026-11-01", want: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		{in: "2026-11-01T12:00:00Z", want: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)},
		{in: "2026-11-01T12:00:00+02:00", want: time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)},
		{in: "01.11.2026", bad: true},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			got, err := moment(tt.in)
			if (err != nil) != tt.bad || !got.Equal(tt.want) {
				t.Errorf("moment(%q) = %v, %v, want %v", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestIsAction(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"s3:GetObject": true, "s3:*": true, "*:*": true, "execute-api:Invoke": true, "s3:Get?bject": true,
		"*": false, "arn:aws:s3:::b": false, "bucket": false, "s3:": false, ":x": false, "s3:Get Object": false, "s3:a/b": false,
	}
	for in, want := range tests {
		if got := solver.IsAction(in); got != want {
			t.Errorf("solver.IsAction(%q) = %t", in, got)
		}
	}
}
