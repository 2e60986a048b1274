package main

import "testing"

func TestGCPercent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		inUse uint64
		want  int
	}{
		{0, 400}, {1 << 20, 400}, {200 << 20, 400}, {256 << 20, 300}, {400 << 20, 156}, {512 << 20, 100}, {4 << 30, 100},
	} {
		if got := gcPercent(tt.inUse); got != tt.want {
			t.Errorf("a heap of %d MiB may grow by %d %%, want %d %%", tt.inUse>>20, got, tt.want)
		}
	}
}
