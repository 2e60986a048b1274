package snapshot_test

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

var (
	accounts = flag.Int("accounts", 50, "accounts of the snapshot that BenchmarkLoad reads")
	existing = flag.String("snapshot", "", "the folder that BenchmarkLoad reads instead")
)

// BenchmarkLoad reads a whole organization into an inventory. It reports the
// JSON read a second, as it is after decompression; what the inventory keeps
// on the heap; and how high the heap got, garbage included.
func BenchmarkLoad(b *testing.B) {
	if *existing != "" {
		b.Run("existing", func(b *testing.B) { benchmarkLoad(b, *existing) })
		return
	}
	for _, form := range []struct {
		name string
		opts snapshot.WriteOptions
	}{{"plain", snapshot.WriteOptions{}}, {"zst", snapshot.WriteOptions{Compress: true}}, {"packed", snapshot.WriteOptions{Compress: true, Pack: true}}} {
		b.Run(form.name, func(b *testing.B) {
			dir := b.TempDir()
			writeLandingZone(b, dir, *accounts, form.opts)
			benchmarkLoad(b, dir)
		})
	}
}

func benchmarkLoad(b *testing.B, dir string) {
	fsys := os.DirFS(dir)
	size := jsonSize(b, fsys)
	b.SetBytes(size)
	b.ReportAllocs()
	var peak, kept uint64
	var used time.Duration
	read := 0
	for b.Loop() {
		peak, kept = measure(b, func() *inventory.Inventory {
			before := cpuTime()
			defer func() { used += cpuTime() - before }()
			inv, err := snapshot.ReadInventory(fsys)
			if err != nil {
				b.Fatal(err)
			}
			read += len(inv.Accounts)
			return inv
		})
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "accounts/s")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(size)*float64(b.N)/1e6/used.Seconds(), "MB/cpu-s")
	b.ReportMetric(float64(size)/(1<<20), "MiB-json")
	b.ReportMetric(float64(kept)/(1<<20), "MiB-kept")
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
	b.ReportMetric(float64(peak)/float64(kept), "peak/kept")
}

// measure returns how far the heap grew while run was running, and how much of
// it was still in use afterwards.
func measure(b *testing.B, run func() *inventory.Inventory) (peak, kept uint64) {
	b.Helper()
	b.StopTimer()
	before := settledHeap()
	done, highest := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		var most uint64
		for {
			most = max(most, heap())
			select {
			case <-done:
				highest <- most
				return
			case <-tick.C:
			}
		}
	}()
	b.StartTimer()
	inv := run()
	b.StopTimer()
	close(done)
	peak = <-highest - before
	kept = settledHeap() - before
	runtime.KeepAlive(inv)
	b.StartTimer()
	return peak, kept
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func settledHeap() uint64 {
	runtime.GC()
	runtime.GC() // what pools let go of
	return heap()
}

var sizes sync.Map // of folders measured already

// jsonSize counts the bytes of all files of a snapshot after decompression.
func jsonSize(tb testing.TB, fsys fs.FS) (size int64) {
	tb.Helper()
	if n, ok := sizes.Load(fmt.Sprint(fsys)); ok {
		return n.(int64)
	}
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := snapshot.OpenFile(fsys, name)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read from
		n, err := io.Copy(io.Discard, f)
		size += n
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	sizes.Store(fmt.Sprint(fsys), size)
	return size
}
