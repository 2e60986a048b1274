package iamcollect

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// Recognize looks for iam-collect's folder of one partition in fsys: fsys
// itself, or aws/<partition> or <partition> below it. It returns "" when there
// is none, and an error that names them when there are several.
func Recognize(fsys fs.FS) (root string, err error) {
	if isRoot(fsys, ".") {
		return ".", nil
	}
	var found []string
	for _, dir := range []string{".", "aws"} {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if e.IsDir() && strings.HasPrefix(e.Name(), "aws") && isRoot(fsys, name) {
				found = append(found, name)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("iam-collect wrote %d partitions here, and a snapshot holds one; give the folder of one of them: %s",
		len(found), strings.Join(found, ", "))
}

// isRoot reports whether dir is what iam-collect writes for one partition: a
// folder accounts with folders of accounts that hold more folders, or the
// structure of an organization. A snapshot of ours has account.json there.
func isRoot(fsys fs.FS, dir string) bool {
	for _, id := range accountsIn(fsys, dir) {
		entries, err := fs.ReadDir(fsys, path.Join(dir, "accounts", id))
		ours := func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), "account.json") }
		theirs := func(e fs.DirEntry) bool {
			return e.IsDir() && !strings.HasPrefix(e.Name(), ".") || e.Name() == organizationFile || e.Name() == blockFile
		}
		if err == nil && !slices.ContainsFunc(entries, ours) && slices.ContainsFunc(entries, theirs) {
			return true
		}
	}
	for _, id := range organizationsIn(fsys, dir) {
		if info, err := fs.Stat(fsys, path.Join(dir, "organizations", id, structureFile)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func accountsIn(fsys fs.FS, dir string) []string {
	return foldersIn(fsys, path.Join(dir, "accounts"), arn.IsAccountID)
}

func organizationsIn(fsys fs.FS, dir string) []string {
	return foldersIn(fsys, path.Join(dir, "organizations"), func(name string) bool { return strings.HasPrefix(name, "o-") })
}

// foldersIn lists the folders in dir that have a name as wanted, by name.
func foldersIn(fsys fs.FS, dir string, wanted func(string) bool) (names []string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if e.IsDir() && wanted(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}
