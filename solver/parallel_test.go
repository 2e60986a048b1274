package solver

import (
	"strings"
	"sync/atomic"
	"testing"
)

// Who hands out work gets to know when it fails.
func TestInParallelPanics(t *testing.T) {
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
	inParallel(4, 100, func(i int) {
		if i == 50 {
			panic("no such thing")
		}
		done.Add(1)
	})
}
