package compiled

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// eachEntry visits what a folder holds, links followed, but for names that wanted
// does not want. It asks below the open folder: the kernel then looks up one name a
// file instead of the whole path, which of thousands of files is most of the time.
func eachEntry(dir string, wanted func(name string) bool, visit func(name string, isDir bool, st stat)) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read from
	entries, err := f.ReadDir(-1)
	if err != nil {
		return err
	}
	at := int(f.Fd()) //nolint:gosec // file numbers are small
	for _, e := range entries {
		name := e.Name()
		if !wanted(name) {
			continue
		}
		if e.IsDir() { // of folders nothing else counts
			visit(name, true, stat{})
			continue
		}
		var st unix.Stat_t
		err := unix.Fstatat(at, name, &st, 0)
		for errors.Is(err, unix.EINTR) {
			err = unix.Fstatat(at, name, &st, 0)
		}
		switch {
		case errors.Is(err, unix.ENOENT): // a link that leads nowhere
		case err != nil:
			return &fs.PathError{Op: "stat", Path: dir + "/" + name, Err: err}
		default:
			visit(name, st.Mode&unix.S_IFMT == unix.S_IFDIR, stat{size: st.Size, modified: st.Mtim.Nano(), changed: st.Ctim.Nano(), inode: st.Ino})
		}
	}
	return nil
}
