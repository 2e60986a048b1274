package collector

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pathfinder/collector/authdetails"
	"pathfinder/collector/snapshot"
	"pathfinder/collector/terraform"
	"pathfinder/graphmodel/inventory"
)

// Open reads the facts at path, in any form that is recognized.
func Open(path string) (*inventory.Inventory, error) {
	if at, err := locate(path); err != nil {
		return nil, err
	} else if at != nil {
		defer at.close()
		return at.inventory()
	}
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
		return nil, fmt.Errorf(unreadable, shown, err)
	}
	return s, nil
}

func openFile(file string, size int64) (*snapshot.Snapshot, error) {
	dir, base := filepath.Split(file)
	if dir == "" {
		dir = "."
	}
	if at, err := locateInArchive(file, size); err != nil {
		return nil, err
	} else if at != nil {
		defer at.close()
		return readSnapshot(at.path, at.fsys)
	}
	for _, name := range manifests {
		if base == name {
			return nil, fmt.Errorf("%s: this is the manifest of a snapshot; give its folder, %s", file, filepath.Clean(dir))
		}
	}
	if err := plan(dir, base); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := template(os.DirFS(dir), base); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := authdetails.Recognize(os.DirFS(dir), base); err != nil {
		return nil, fmt.Errorf("%s: the file is not recognized: it is no zip archive, and as JSON: %w", file, err)
	}
	return authdetails.Read(file)
}

// plan tells whoever gives a plan in place of a snapshot where it belongs.
func plan(dir, base string) error {
	f, err := snapshot.OpenFile(os.DirFS(dir), base)
	if err != nil {
		return nil //nolint:nilerr // whoever reads on explains it
	}
	defer f.Close() //nolint:errcheck // only read from
	head := make([]byte, 256)
	n, _ := io.ReadFull(f, head) // less is enough
	if !terraform.Looks(head[:n]) {
		return nil
	}
	return errors.New("this is a plan of Terraform, which says what changes: give it with --plan, and the snapshot that it changes here")
}
