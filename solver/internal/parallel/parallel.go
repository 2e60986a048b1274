// Package parallel hands work to several workers.
package parallel

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Each hands n things to some workers, by number. When one of them panics, so does the
// caller, who may know what to do about it.
func Each(workers, n int, work func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	var fault atomic.Pointer[string]
	for range min(workers, n) {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					text := fmt.Sprintf("%v\n\n%s", v, debug.Stack())
					fault.CompareAndSwap(nil, &text)
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				work(i)
			}
		})
	}
	wg.Wait()
	if text := fault.Load(); text != nil {
		panic(*text)
	}
}
