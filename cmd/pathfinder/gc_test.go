package main

import (
	"math"
	"testing"
)

func TestGCPercent(t *testing.T) {
	t.Parallel()
	const unknown = math.MaxInt64
	for _, tt := range []struct {
		inUse uint64
		limit int64
		want  int
	}{
		{0, unknown, 400},
		{1 << 20, unknown, 400},
		{200 << 20, unknown, 400},
		{256 << 20, unknown, 300},
		{400 << 20, unknown, 156},
		{512 << 20, unknown, 100},
		{4 << 30, unknown, 100},
		{200 << 20, 16 << 30, 400},
		{512 << 20, 16 << 30, 200},
		{1 << 30, 16 << 30, 200},
		{2 << 30, 16 << 30, 100},
		{4 << 30, 16 << 30, 100},
		{512 << 20, 4 << 30, 100}, // a quarter of which is what it comes to anyway
		{400 << 20, 2 << 30, 156}, // the memory limit is what counts there
	} {
		if got := gcPercent(tt.inUse, tt.limit); got != tt.want {
			t.Errorf("a heap of %d MiB may grow by %d %% where the limit is %d MiB, want %d %%", tt.inUse>>20, got, tt.limit>>20, tt.want)
		}
	}
}
