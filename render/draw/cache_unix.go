//go:build unix

package draw

import (
	"io/fs"
	"os"
	"syscall"
)

// private reports whether the folder is ours, and only we can use it. The
// owner counts too: root can write to everything.
func private(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid() && info.Mode().Perm()&0o077 == 0
}
