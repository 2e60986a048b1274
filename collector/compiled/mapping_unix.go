//go:build unix

package compiled

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapped maps a file into memory. It stays mapped for as long as the program
// runs: strings of the inventory point into it.
func mapped(f *os.File, size int64) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED) //nolint:gosec // file numbers are small
}

// openOwn opens a file that is a regular one and no link.
func openOwn(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
}
