package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What happens to a folder around writing: it is looked at before, and what
// was there and does not belong any more is removed afterwards.

// prepare makes the folder, or makes sure that it may be written to. It
// reports whether the folder is empty.
func prepare(dir string) (fresh bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	names, err := visible(dir)
	if err != nil || len(names) == 0 {
		return true, err
	}
	for _, ext := range extensions {
		if _, err := os.Stat(filepath.Join(dir, manifestFile+ext)); err != nil {
			continue
		}
		var m Manifest
		if p := decode(os.DirFS(dir), manifestFile+ext, MaxFileSize, &m); p == nil && m.Format == Format {
			return false, nil
		}
	}
	return false, fmt.Errorf("%s: the folder holds something that is not a snapshot, such as %s; name an empty or a new folder", dir, names[0])
}

// Vacant reports whether a folder holds nothing, apart from what a writer left that was
// ended; or is not there.
func Vacant(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), temporary) }), err
}

// visible lists what is in dir, apart from names such as .git.
func visible(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// empty removes what is visible in dir.
func empty(dir string) error {
	names, err := visible(dir)
	for _, name := range names {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
	}
	return err
}

// removeOthers removes files of a snapshot that was there before: accounts
// that are gone, and files in the other form; all below a folder of it.
func (w *writer) removeOthers(below string, kept map[string]bool) error {
	var folders []string
	err := filepath.WalkDir(filepath.Join(w.dir, filepath.FromSlash(below)), func(full string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.dir, full)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		_, ours := stem(name)
		switch {
		case strings.HasPrefix(e.Name(), temporary): // of a writer that was killed
			if err := os.RemoveAll(full); err != nil || !e.IsDir() {
				return err
			}
			return fs.SkipDir
		case name != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir // such as .git
			}
		case e.IsDir():
			folders = append(folders, full)
		case ours && !kept[name] && inFormat(name):
			return os.Remove(full)
		}
		return nil
	})
	for _, folder := range slices.Backward(folders[min(1, len(folders)):]) {
		_ = os.Remove(folder) // fails when it isn't empty, as it should
	}
	return err
}

// inFormat reports whether a name is one that this package writes.
func inFormat(name string) bool {
	base, _ := stem(name)
	return base == manifestFile || base == organizationFile ||
		strings.HasPrefix(name, "accounts/") || strings.HasPrefix(name, documentsFolder+"/")
}
