package collector

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"pathfinder/collector/authdetails"
	"pathfinder/collector/iamcollect"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// A source is a kind of folder that facts are read from.
type source struct {
	looked string // what a message says was looked for; "" when it only gives another message
	// holds reports whether a folder is of this kind. It reads no more than that
	// takes.
	holds func(fsys fs.FS) (bool, error)
	read  func(dir string, fsys fs.FS, opts Options) (*snapshot.Snapshot, error)
}

// sources are the kinds of folders, in the order in which they are looked for.
var sources = []source{
	{
		holds: func(fsys fs.FS) (bool, error) { return template(fsys, manifests[0]) != nil, nil },
		read: func(dir string, fsys fs.FS, _ Options) (*snapshot.Snapshot, error) {
			return nil, fmt.Errorf("%s: %w", dir, template(fsys, manifests[0]))
		},
	},
	{
		looked: "manifest.json of a snapshot",
		holds:  func(fsys fs.FS) (bool, error) { return hasManifest(fsys), nil },
		read: func(dir string, fsys fs.FS, _ Options) (*snapshot.Snapshot, error) {
			return readSnapshot(dir, fsys)
		},
	},
	{
		looked: "aws/<partition>/accounts/<12 digits> of iam-collect, also from below aws or <partition>",
		holds: func(fsys fs.FS) (bool, error) {
			root, err := iamcollect.Recognize(fsys)
			return root != "", err
		},
		read: func(dir string, fsys fs.FS, opts Options) (*snapshot.Snapshot, error) {
			s, err := iamcollect.Read(fsys, iamcollect.Options{NothingDenied: opts.NothingDenied})
			if err != nil {
				return nil, fmt.Errorf("the folder %s of iam-collect cannot be read:\n%w", dir, err)
			}
			return s, nil
		},
	},
	{
		holds: func(fsys fs.FS) (bool, error) { return holdsPMapper(fsys), nil },
		read: func(dir string, _ fs.FS, _ Options) (*snapshot.Snapshot, error) {
			return nil, fmt.Errorf("%s: %w", dir, errPMapper)
		},
	},
	{
		looked: ".json and .jsonl files printed by get-account-authorization-details",
		holds:  func(fsys fs.FS) (bool, error) { return holdsDetails(fsys), nil },
		read: func(dir string, _ fs.FS, _ Options) (*snapshot.Snapshot, error) {
			return authdetails.Read(dir)
		},
	},
}

// errFound ends a walk early.
var errFound = errors.New("found")

// holdsDetails reports whether some file below holds authorization details.
func holdsDetails(fsys fs.FS) bool {
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir() || !authdetails.IsName(name):
		case authdetails.Recognize(fsys, name) == nil:
			return errFound
		}
		return nil
	})
	return errors.Is(err, errFound)
}

// errPMapper says why PMapper's graphs are refused. What they hold was read off
// PMapper 1.1, graphing/gathering.py and common/graphs.py.
var errPMapper = errors.New("this is a graph of PMapper, which lacks facts that decide access: " +
	"permissions boundaries of roles are not in it, every queue counts as one without a policy, and resource policies that could not be read are left out without a word; " +
	"give what PMapper read itself, in each account: aws iam get-account-authorization-details > details.json")

// holdsPMapper reports whether fsys is what PMapper keeps of an account or an
// organization, or its folder of many.
func holdsPMapper(fsys fs.FS) bool {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return false
	}
	dirs := []string{"."}
	for _, e := range entries {
		if e.IsDir() && (arn.IsAccountID(e.Name()) || strings.HasPrefix(e.Name(), "o-")) {
			dirs = append(dirs, e.Name())
		}
	}
	for _, dir := range dirs {
		for _, name := range []string{"graph/nodes.json", "org_data.json"} {
			var about map[string]any
			if _, err := fs.Stat(fsys, path.Join(dir, name)); err != nil {
				continue
			}
			if snapshot.ReadJSON(fsys, path.Join(dir, "metadata.json"), &about) == nil && about["pmapper_version"] != nil {
				return true
			}
		}
	}
	return false
}
