package parallel_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"pathfinder/solver/internal/parallel"
)

// Who hands out work gets to know when it fails.
func TestEachPanics(t *testing.T) {
	t.Parallel()
	var done atomic.Int32
	defer func() {
		if v, ok := recover().(string); !ok || !strings.HasPrefix(v, "no such thing") || !strings.Contains(v, "parallel_test.go") {
			t.Errorf("got %v", v)
		}
		if done.Load() == 0 {
			t.Error("nothing else was done")
		}
	}()
	parallel.Each(4, 100, func(i int) {
		if i == 50 {
			panic("no such thing")
		}
		done.Add(1)
	})
}
