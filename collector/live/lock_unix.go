//go:build unix

package live

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps a second collection out of the folder, as long as this process lives.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
