//go:build unix

package compiled

import (
	"io/fs"
	"os"
	"syscall"
)

// ours reports whether a file belongs to whoever runs the program, and nobody
// else may write to it.
func ours(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid() && info.Mode().Perm()&0o022 == 0
}
