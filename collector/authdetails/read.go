package authdetails

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// Read reads files of authorization details, and all .json and .jsonl files in
// folders, plain or .zst, several at a time. Compressed files, files of JSON
// lines and files of several pages are recognized by content.
func Read(paths ...string) (*snapshot.Snapshot, error) {
	files, err := list(paths)
	if err != nil {
		return nil, err
	}
	pages, err := readAll(files)
	if err != nil {
		return nil, err
	}
	s := &snapshot.Snapshot{Manifest: snapshot.Manifest{
		Format: snapshot.Format, Version: snapshot.Version, CreatedBy: "get-account-authorization-details",
		Gaps: missing(),
	}}
	slices.SortStableFunc(pages, func(a, b *page) int { return cmp.Compare(a.account, b.account) })
	for _, of := range slices.Collect(chunks(pages)) {
		a := &snapshot.Account{Info: snapshot.AccountInfo{ID: of[0].account}}
		if a.IAM, err = merge(of); err != nil {
			return nil, err
		}
		if truncated(of) {
			s.Manifest.Gaps = append(s.Manifest.Gaps, snapshot.Gap{
				Account: a.Info.ID, Service: "iam", What: "users, groups, roles and policies",
				Why: "the last page is not there: what is read says that another one follows, by IsTruncated or NextToken",
			})
		}
		if withoutProfiles(a.IAM.RoleDetailList) {
			s.Manifest.Gaps = append(s.Manifest.Gaps, snapshot.Gap{
				Account: a.Info.ID, Service: "iam", What: inventory.InstanceProfiles, Why: "no role has an InstanceProfileList, not even an empty one",
			})
		}
		s.Accounts = append(s.Accounts, a)
	}
	return s, nil
}

// withoutProfiles reports whether nothing is said about instance profiles, although EC2 may
// use some role: AWS prints a list for every role, people who write files by hand leave it out.
func withoutProfiles(roles []*snapshot.RoleDetail) bool {
	return slices.ContainsFunc(roles, func(r *snapshot.RoleDetail) bool {
		return bytes.Contains(r.AssumeRolePolicyDocument, []byte("ec2.amazonaws.com"))
	}) && !slices.ContainsFunc(roles, func(r *snapshot.RoleDetail) bool { return r.InstanceProfileList != nil })
}

// missing lists what authorization details never hold.
func missing() []snapshot.Gap {
	const why = "authorization details hold IAM only"
	var gaps []snapshot.Gap
	for _, what := range []string{"identity providers", "organization and its control policies", "resource policies"} {
		gaps = append(gaps, snapshot.Gap{What: what, Why: why})
	}
	return gaps
}

// A file is a file to be read, and how messages call it.
type file struct {
	fsys  fs.FS
	name  string
	shown string
}

// list finds the files that paths name.
func list(paths []string) ([]file, error) {
	if len(paths) == 0 {
		return nil, errors.New("no file of authorization details is named")
	}
	var files []file
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, file{os.DirFS(filepath.Dir(p)), filepath.Base(p), p})
			continue
		}
		before := len(files)
		root := os.DirFS(p)
		err = fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case name != "." && strings.HasPrefix(e.Name(), "."):
				if e.IsDir() {
					return fs.SkipDir
				}
			case !e.IsDir() && IsName(name):
				files = append(files, file{root, name, filepath.Join(p, filepath.FromSlash(name))})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: there is no .json or .jsonl file in this folder, nor one with .zst behind it", p)
		}
	}
	return files, nil
}

// extensions are how the names of files end that are looked at in folders.
var extensions = [...]string{".json", ".jsonl", ".json.zst", ".jsonl.zst"}

// IsName reports whether files of this name are looked at in folders.
func IsName(name string) bool {
	return slices.ContainsFunc(extensions[:], func(ext string) bool { return strings.HasSuffix(name, ext) })
}

// A page is the content of one file, or a part of one.
type page struct {
	shown   string
	file    string
	account string
	details *snapshot.AuthorizationDetails
}

func readAll(files []file) ([]*page, error) {
	read := make([][]*page, len(files))
	errs := make([]error, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		g.Go(func() error {
			read[i], errs[i] = f.read()
			return nil // all errors are wanted, in order
		})
	}
	_ = g.Wait()
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if n := len(errs); n > maxErrors {
		errs = append(errs[:maxErrors], fmt.Errorf("… and %d more files", n-maxErrors))
	}
	return slices.Concat(read...), errors.Join(errs...)
}

// maxErrors bounds the files that one error tells about.
const maxErrors = 20

func (f file) read() ([]*page, error) {
	if err := Recognize(f.fsys, f.name); err != nil {
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	}
	lines, err := f.holdsLines()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	case lines:
		return f.readLines()
	}
	d, account, err := snapshot.ReadDetails(f.fsys, f.name)
	switch {
	case err != nil && f.holdsPages():
		return f.readPages()
	case err != nil:
		for _, p := range problems(err) {
			p.File = f.shown
		}
		return nil, err
	}
	if account = cmp.Or(account, f.accountOfName()); account == "" {
		return nil, fmt.Errorf("%s: the file holds no ARN, so its account is unknown; name it <12 digits>.json, or leave it out", f.shown)
	}
	return []*page{{shown: f.shown, file: f.shown, account: account, details: d}}, nil
}

// problems lists the problems that err joins.
func problems(err error) []*snapshot.Problem {
	if p, ok := errors.AsType[*snapshot.Problem](err); ok {
		if p == err {
			return []*snapshot.Problem{p}
		}
	}
	var out []*snapshot.Problem
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, problems(e)...)
		}
	}
	return out
}

// accountOfName reads the account from the name of the file or its folder.
func (f file) accountOfName() string {
	full := filepath.ToSlash(f.shown)
	base := path.Base(full)
	base, _, _ = strings.Cut(base, ".")
	for _, name := range []string{base, path.Base(path.Dir(full))} {
		if arn.IsAccountID(name) {
			return name
		}
	}
	return ""
}
