package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Collecting garbage is a fifth of the work of reading a snapshot of a few
// hundred megabytes, and all of what is read is kept. So nothing is collected
// before the program holds firstHeap, which most questions never do. Then a heap may
// grow to smallHeap before it matters, though not to more than five times what is
// in use; a larger one has Go's own policy, which is to collect when it doubles,
// or sooner where there is not that much memory.
const (
	firstHeap = 128 << 20
	smallHeap = 1 << 30
	growth    = 400 // percent
)

// relaxGC lets a small heap grow, unless the environment says how: GOGC and
// GOMEMLIMIT mean what they mean for every Go program.
func relaxGC(env func(string) string) {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstHeap)
	limit := sync.OnceValue(func() int64 { return heapLimit(os.DirFS("/")) }) // most commands never ask
	afterGC(func() (again bool) {
		debug.SetMemoryLimit(limit()) // from the first collection on
		percent := gcPercent(heapInUse())
		debug.SetGCPercent(percent)
		return percent > 100
	})
}

// gcPercent is by how much a heap may grow of which so much is in use.
func gcPercent(inUse uint64) int {
	if inUse >= smallHeap/2 {
		return 100
	}
	return int(min(growth, 100*(smallHeap-inUse)/max(inUse, 1)))
}

// heapInUse is what the last collection found in use.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterGC runs f after the next collection of garbage, and again as long as it
// returns true: it hangs on something that nobody uses.
func afterGC(f func() (again bool)) {
	unused := new([16]byte)
	runtime.AddCleanup(unused, func(f func() bool) {
		if f() {
			afterGC(f)
		}
	}, f)
}
