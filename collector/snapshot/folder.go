package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pathfinder/graphmodel/arn"
)

// A Folder is a snapshot on disk that is filled file by file, for collectors
// that read more than fits into memory. Each file appears by rename; equal
// content gives equal bytes. Write a manifest with a gap first, so that what is
// not finished says so, and the real one last. A Folder is safe for concurrent
// use as long as no account is written twice at a time.
type Folder struct {
	w writer
}

// NewFolder makes the folder dir, or takes over one that is empty or holds a
// snapshot. Files in it stay until they are written anew.
//
// Documents stay where they are: the folder is packed when it is complete.
func NewFolder(dir string, opts WriteOptions) (*Folder, error) {
	opts.Pack = false
	if _, err := prepare(dir); err != nil {
		return nil, err
	}
	return &Folder{writer{dir: dir, opts: opts}}, nil
}

// Manifest writes the manifest.
func (f *Folder) Manifest(m *Manifest) error {
	ps := new(problems)
	checkManifest(ps, m)
	if err := ps.err(); err != nil {
		return err
	}
	return f.put(manifestFile, sortManifest(m))
}

// put writes a file and removes its other form.
func (f *Folder) put(base string, v any) error {
	if err := f.w.file(base+f.w.ext(), v); err != nil {
		return err
	}
	return f.remove(base, f.w.ext())
}

// remove removes all forms of a file but one.
func (f *Folder) remove(base, but string) error {
	var err error
	for _, ext := range extensions {
		if ext == but {
			continue
		}
		if e := os.Remove(filepath.Join(f.w.dir, base+ext)); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Organization writes organization.json; nil removes it.
func (f *Folder) Organization(o *Organization) error {
	if o == nil {
		return f.remove(organizationFile, "")
	}
	ps := new(problems)
	checkOrganization(ps, o)
	if err := ps.err(); err != nil {
		return err
	}
	return f.put(organizationFile, sortOrganization(o))
}

// Account writes the files of an account, and removes those that are there and
// should not be.
func (f *Folder) Account(a *Account) error {
	ps := new(problems)
	checkAccount(ps, a)
	if err := ps.err(); err != nil {
		return err
	}
	kept := make(map[string]bool)
	for _, file := range filesOf(a) {
		name := file.base + f.w.ext()
		kept[name] = true
		if err := f.w.file(name, file.content()); err != nil {
			return err
		}
	}
	return f.w.removeOthers("accounts/"+a.Info.ID, kept)
}

// Holds reports whether the files of an account are in place.
func (f *Folder) Holds(account string) bool {
	_, err := os.Stat(filepath.Join(f.w.dir, "accounts", account, accountFile+f.w.ext()))
	return err == nil
}

// Clear removes all of the snapshot but its manifest.
func (f *Folder) Clear() error {
	return f.w.removeOthers(".", map[string]bool{manifestFile + extensions[0]: true, manifestFile + extensions[1]: true})
}

// KeepOnly removes the folders of all other accounts.
func (f *Folder) KeepOnly(accounts []string) error {
	entries, err := os.ReadDir(filepath.Join(f.w.dir, "accounts"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if arn.IsAccountID(e.Name()) && !slices.Contains(accounts, e.Name()) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(f.w.dir, "accounts", e.Name())))
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
