//go:build unix

package measure

import (
	"os"
	"runtime"
	"syscall"
)

// pipes says that a process can be handed further files.
const pipes = true

// peakOf returns the largest resident set of a process that ended, in bytes:
// getrusage(2) counts kilobytes on Linux and the BSDs, and bytes on Darwin.
func peakOf(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) //nolint:unconvert // the type differs by system
	}
	return int64(usage.Maxrss) << 10 //nolint:unconvert // the type differs by system
}
