//go:build !linux

package compiled

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// eachEntry visits what a folder holds, links followed, but for names that wanted
// does not want.
func eachEntry(dir string, wanted func(name string) bool, visit func(name string, isDir bool, st stat)) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !wanted(e.Name()) {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, e.Name())) // of what a link leads to
		switch {
		case errors.Is(err, fs.ErrNotExist): // a link that leads nowhere
		case err != nil:
			return err
		default:
			visit(e.Name(), info.IsDir(), statOf(info))
		}
	}
	return nil
}
