package collector

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"pathfinder/collector/authdetails"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// Open reads the facts at path, in any form that is recognized.
func Open(path string) (*inventory.Inventory, error) {
	s, err := OpenSnapshot(path)
	if err != nil {
		return nil, err
	}
	inv, err := s.Inventory()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used:\n%w", path, err)
	}
	return inv, nil
}

// Options say what is known about a source beyond its files. The zero value
// knows nothing.
type Options struct {
	// NothingDenied is about iam-collect, see [iamcollect.Options].
	NothingDenied bool
}

// OpenSnapshot reads what is at path as a snapshot, in any form that is
// recognized.
func OpenSnapshot(path string) (*snapshot.Snapshot, error) {
	return OpenSnapshotWith(path, Options{})
}

// OpenSnapshotWith is [OpenSnapshot] with options.
func OpenSnapshotWith(path string, opts Options) (*snapshot.Snapshot, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such file or folder; give a snapshot folder, a folder of iam-collect, or output of get-account-authorization-details", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return openFolder(path, opts)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: neither a folder nor a regular file", path)
	}
	return openFile(path, info.Size())
}

// manifests are the names of the file that makes a folder a snapshot.
var manifests = []string{"manifest.json", "manifest.json.zst"}

func openFolder(dir string, opts Options) (*snapshot.Snapshot, error) {
	fsys := os.DirFS(dir)
	var looked []string
	for _, src := range sources {
		found, err := src.holds(fsys)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		if found {
			return src.read(dir, fsys, opts)
		}
		if src.looked != "" {
			looked = append(looked, src.looked)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := "nothing"
	if len(entries) > 0 {
		found = listing(entries)
	}
	return nil, fmt.Errorf("%s: nothing here is recognized: looked for %s; found %s", dir, strings.Join(looked, "; "), found)
}

func hasManifest(fsys fs.FS) bool {
	for _, name := range manifests {
		if _, err := fs.Stat(fsys, name); err == nil {
			return true
		}
	}
	return false
}

// maxListed bounds the names that a message lists.
const maxListed = 8

func listing(entries []fs.DirEntry) string {
	var names []string
	for _, e := range entries[:min(len(entries), maxListed)] {
		name := fmt.Sprintf("%q", e.Name())
		if e.IsDir() {
			name = fmt.Sprintf("the folder %q", e.Name())
		}
		names = append(names, name)
	}
	if rest := len(entries) - len(names); rest > 0 {
		names = append(names, fmt.Sprintf("%d more", rest))
	}
	return strings.Join(names, ", ")
}

func readSnapshot(shown string, fsys fs.FS) (*snapshot.Snapshot, error) {
	s, err := snapshot.Read(fsys)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s cannot be read:\n%w", shown, err)
	}
	return s, nil
}

func openFile(file string, size int64) (*snapshot.Snapshot, error) {
	dir, base := filepath.Split(file)
	if dir == "" {
		dir = "."
	}
	if isZip(file) {
		return openZip(file, size)
	}
	for _, name := range manifests {
		if base == name {
			return nil, fmt.Errorf("%s: this is the manifest of a snapshot; give its folder, %s", file, filepath.Clean(dir))
		}
	}
	if err := authdetails.Recognize(os.DirFS(dir), base); err != nil {
		return nil, fmt.Errorf("%s: the file is not recognized: it is no zip archive, and as JSON: %w", file, err)
	}
	return authdetails.Read(file)
}

func isZip(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // only read from
	var magic [4]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && string(magic[:]) == "PK\x03\x04"
}

// openZip reads an archive into memory, so that no file stays open.
func openZip(file string, size int64) (*snapshot.Snapshot, error) {
	if size > snapshot.MaxFileSize {
		return nil, fmt.Errorf("%s: the archive is larger than %d MiB; unpack it", file, snapshot.MaxFileSize>>20)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: the archive is damaged: %w", file, err)
	}
	root, ok := snapshotRoot(z)
	if !ok {
		return nil, fmt.Errorf("%s: the archive holds no snapshot: looked for manifest.json", file)
	}
	fsys, err := fs.Sub(z, root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return readSnapshot(file, fsys)
}

// snapshotRoot finds the folder of the manifest that lies highest; people pack
// folders with and without their name.
func snapshotRoot(z *zip.Reader) (root string, ok bool) {
	for _, f := range z.File {
		dir, base := path.Split(f.Name)
		if base != manifests[0] && base != manifests[1] || !fs.ValidPath(f.Name) {
			continue
		}
		dir = path.Clean(dir)
		if !ok || len(dir) < len(root) {
			root, ok = dir, true
		}
	}
	return root, ok
}
