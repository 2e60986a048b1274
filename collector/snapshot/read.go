package snapshot

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"pathfinder/graphmodel/arn"
)

// Read reads a snapshot folder, several accounts at a time. The error joins up
// to 20 *[Problem]; the result is the same for any number of processors.
func Read(fsys fs.FS) (*Snapshot, error) {
	s, r := read(fsys, MaxFileSize)
	if err := r.ps.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// read is Read with a limit on the size of files. The problems are in the
// reader.
func read(fsys fs.FS, limit int64) (*Snapshot, *reader) {
	s := &Snapshot{}
	r := &reader{fsys: fsys, limit: limit}
	if r.one(manifestFile, &s.Manifest, true) {
		r.check(func(ps *problems) { checkManifest(ps, &s.Manifest) })
	}
	if len(r.ps.list) > 0 {
		return s, r // what follows may be of another format
	}
	s.Organization = optional[Organization](r, organizationFile)
	if s.Organization != nil {
		r.check(func(ps *problems) { checkOrganization(ps, s.Organization) })
	}
	s.Accounts = r.accounts()
	if len(r.ps.list) == 0 {
		r.check(s.checkAcross)
	}
	return s, r
}

// A reader reads files of one snapshot, one after the other.
type reader struct {
	fsys  fs.FS
	limit int64
	ps    problems
	names map[string]string // of files read: name as .json → actual name
}

// find returns the actual name of a file given without extension.
func (r *reader) find(base string) (string, bool) {
	found, twice := "", false
	for _, ext := range extensions {
		name := base + ext
		if _, err := fs.Stat(r.fsys, name); err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				r.ps.addf(name, "", "cannot be read: %s", plain(err))
			}
			continue
		}
		if found != "" {
			r.ps.addf(name, "", "%s is there too; remove one of them", path.Base(found))
			twice = true
		}
		found = name
	}
	if twice {
		return "", false
	}
	if r.names == nil {
		r.names = make(map[string]string)
	}
	r.names[base+".json"] = found
	return found, found != ""
}

// one reads a file given without extension; it reports whether v was filled.
func (r *reader) one(base string, v any, required bool) bool {
	before := len(r.ps.list)
	name, ok := r.find(base)
	if !ok {
		if required && len(r.ps.list) == before {
			r.ps.addf(base+".json", "", "the file is missing")
		}
		return false
	}
	if p := decode(r.fsys, name, r.limit, v); p != nil {
		r.ps.add(p)
		return false
	}
	return true
}

// optional reads a file that may be missing.
func optional[T any](r *reader, base string) *T {
	v := new(T)
	if !r.one(base, v, false) {
		return nil
	}
	return v
}

// check runs checks and finds the lines of what they find.
func (r *reader) check(run func(*problems)) {
	var ps problems
	run(&ps)
	for _, p := range ps.list {
		p.File = cmp.Or(r.names[p.File], p.File)
	}
	locate(r.fsys, r.limit, ps.list)
	r.ps.merge(&ps)
}

// accounts reads the folder accounts.
func (r *reader) accounts() []*Account {
	entries, err := fs.ReadDir(r.fsys, "accounts")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.ps.addf("accounts", "", "cannot be read: %s", plain(err))
		}
		return nil
	}
	var ids []string
	for _, e := range entries {
		switch id := e.Name(); {
		case arn.IsAccountID(id):
			ids = append(ids, id)
		case e.IsDir() && !strings.HasPrefix(id, "."):
			r.ps.addf("accounts/"+id, "", "the folder of an account is named by its id of 12 digits")
		}
	}
	list := make([]*Account, len(ids))
	readers := make([]*reader, len(ids))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, id := range ids {
		readers[i] = &reader{fsys: r.fsys, limit: r.limit}
		g.Go(func() error {
			list[i] = readers[i].account(id)
			return nil
		})
	}
	_ = g.Wait() // the problems are in the readers
	for _, one := range readers {
		r.ps.merge(&one.ps)
		maps.Copy(r.names, one.names)
	}
	return slices.DeleteFunc(list, func(a *Account) bool { return a == nil })
}

// account reads the folder of one account; nil when it is unusable.
func (r *reader) account(id string) *Account {
	folder := "accounts/" + id + "/"
	a := &Account{}
	if !r.one(folder+accountFile, &a.Info, true) {
		return nil
	}
	if a.Info.ID != id {
		r.check(func(ps *problems) {
			ps.addf(folder+accountFile+".json", "/Id", "the account is %s, but its folder is named %s", quote(a.Info.ID), id)
		})
		return nil
	}
	a.IAM = optional[AuthorizationDetails](r, folder+iamFile)
	a.Providers = optional[IdentityProviders](r, folder+providersFile)
	a.Center = optional[IdentityCenter](r, folder+centerFile)
	for _, name := range r.resourceFiles(folder) {
		f := &ResourceFile{Name: name}
		if r.one(folder+f.path(), f, false) {
			a.Resources = append(a.Resources, f)
		}
	}
	r.check(func(ps *problems) { checkAccount(ps, a) })
	return a
}

// resourceFiles lists the names of the files of resources, "" for the one that
// lies in the account's own folder.
func (r *reader) resourceFiles(folder string) []string {
	names := []string{""}
	entries, err := fs.ReadDir(r.fsys, folder+resourcesFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.ps.addf(folder+resourcesFile, "", "cannot be read: %s", plain(err))
	}
	for _, e := range entries {
		name, ok := stem(e.Name())
		if ok && name != "" && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
