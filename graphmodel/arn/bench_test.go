package arn_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
)

var (
	objects = arn.NewPattern(arn.NewGlob("arn:aws:s3:::data/*/reports/*"), true)
	anyRole = arn.NewGlob("arn:aws:iam::*:role/*")
)

const object = "arn:aws:s3:::data/2026/03/reports/summary.csv"

// Deciding walks millions of patterns: none of these may allocate.
func TestMatchingDoesNotAllocate(t *testing.T) {
	tests := []struct {
		name string
		call func()
	}{
		{name: "glob", call: func() { anyRole.Match(role) }},
		{name: "pattern that covers", call: func() { objects.Match(object) }},
		{name: "pattern that does not", call: func() { objects.Match(queue) }},
		{name: "like", call: func() { arn.Like(anyRole, role) }},
		{name: "fields", call: func() { arn.Account(role) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n := testing.AllocsPerRun(100, tt.call); n != 0 {
				t.Errorf("%v allocations, want none", n)
			}
		})
	}
}

func BenchmarkPatternMatch(b *testing.B) {
	for b.Loop() {
		if objects.Match(object) != arn.Exact {
			b.Fatal("no match")
		}
	}
}

func BenchmarkLike(b *testing.B) {
	for b.Loop() {
		if !arn.Like(anyRole, role) {
			b.Fatal("no match")
		}
	}
}

func BenchmarkOverlaps(b *testing.B) {
	x, y := arn.NewGlob("arn:aws:s3:::data/*"), arn.NewGlob("arn:aws:s3:::*/reports/*")
	for b.Loop() {
		if !arn.Overlaps(x, y) {
			b.Fatal("no overlap")
		}
	}
}
