package collector

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// located is a snapshot where it lies: a folder, or an archive of one, which is
// read file by file and stays open meanwhile.
type located struct {
	path  string // as the user wrote it
	fsys  fs.FS
	close func()
}

// unreadable is how an error of [snapshot.Read] is told.
const unreadable = "snapshot %s cannot be read:\n%w"

// locate finds a snapshot at path; nil when there is something else, or
// nothing.
func locate(path string) (*located, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil //nolint:nilerr,nilnil // the caller explains what it looks for
	case info.IsDir() && hasManifest(os.DirFS(path)):
		return &located{path: path, fsys: os.DirFS(path), close: func() {}}, nil
	case info.Mode().IsRegular():
		return locateInArchive(path, info.Size())
	}
	return nil, nil //nolint:nilnil // see above
}

func locateInArchive(file string, size int64) (*located, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // see above
	}
	closeFile := func() { _ = f.Close() } // only read from
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err != nil || string(magic[:]) != "PK\x03\x04" {
		closeFile()
		return nil, nil //nolint:nilerr,nilnil // no archive
	}
	fsys, err := inArchive(f, size)
	if err != nil {
		closeFile()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &located{path: file, fsys: fsys, close: closeFile}, nil
}

// inventory reads the facts without holding the whole snapshot.
func (l *located) inventory() (*inventory.Inventory, error) {
	inv, err := snapshot.ReadInventory(l.fsys)
	if err == nil {
		return inv, nil
	}
	if _, ok := errors.AsType[*snapshot.Problem](err); ok {
		return nil, fmt.Errorf(unreadable, l.path, err)
	}
	return nil, fmt.Errorf("%s cannot be used:\n%w", l.path, err)
}

// Validate lists what is wrong or suspicious with the snapshot at path, a folder
// or an archive of one.
func Validate(path string) ([]*snapshot.Problem, error) {
	at, err := locate(path)
	if err != nil {
		return nil, err
	}
	if at == nil {
		if _, err := OpenSnapshot(path); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s: this is no snapshot yet; make one with pathfinder import %s --out DIR", path, path)
	}
	defer at.close()
	return snapshot.Validate(at.fsys), nil
}
