package main

import (
	"math"
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
// in use. A larger one may grow to three times what is in use, as long as it takes no
// more than a quarter of the memory that there is: an audit spends a third of its
// work on garbage otherwise. Beyond that it has Go's own policy, which is to collect
// when it doubles, or sooner where there is not that much memory.
const (
	firstHeap   = 128 << 20
	smallHeap   = 1 << 30
	growth      = 400 // percent
	largeGrowth = 200 // percent
)

// relaxGC lets heaps grow, unless the environment says how: GOGC and
// GOMEMLIMIT mean what they mean for every Go program.
func relaxGC(env func(string) string) {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstHeap)
	limit := sync.OnceValue(func() int64 { return heapLimit(os.DirFS("/")) }) // most commands never ask
	afterGC(func() {
		debug.SetMemoryLimit(limit()) // from the first collection on
		debug.SetGCPercent(gcPercent(heapInUse(), limit()))
	})
}

// gcPercent is by how much a heap may grow of which so much is in use, where limit is
// how large the process should get at most.
func gcPercent(inUse uint64, limit int64) int {
	upTo := func(total uint64, most int) int {
		if inUse >= total {
			return 0
		}
		return int(min(uint64(most), 100*(total-inUse)/max(inUse, 1)))
	}
	percent := max(100, upTo(smallHeap, growth))
	if limit < math.MaxInt64 { // else nobody knows what there is
		percent = max(percent, upTo(uint64(limit)/4, largeGrowth))
	}
	return percent
}

// heapInUse is what the last collection found in use.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterGC runs f after each collection of garbage: it hangs on something that nobody
// uses.
func afterGC(f func()) {
	unused := new([16]byte)
	runtime.AddCleanup(unused, func(f func()) {
		f()
		afterGC(f)
	}, f)
}
