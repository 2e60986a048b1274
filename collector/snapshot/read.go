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

	"github.com/go-json-experiment/json/jsontext"
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
	s.Manifest = *r.manifest()
	if len(r.ps.list) > 0 {
		return s, r // what follows may be of another format
	}
	r.share = newSharer(r.documents())
	s.Organization = r.organization()
	ids := r.accountIDs()
	s.Accounts = make([]*Account, len(ids))
	r.accounts(ids, func(i int, a *Account, _ *reader) bool {
		s.Accounts[i] = a
		return true
	})
	s.Accounts = slices.DeleteFunc(s.Accounts, func(a *Account) bool { return a == nil })
	if len(r.ps.list) == 0 {
		r.check(s.checkAcross)
	}
	return s, r
}

// ReadManifest reads the manifest alone.
func ReadManifest(fsys fs.FS) (*Manifest, error) {
	r, m := &reader{fsys: fsys, limit: MaxFileSize}, &Manifest{}
	if r.one(manifestFile, m, true) {
		r.check(func(ps *problems) { checkManifest(ps, m) })
	}
	if err := r.ps.err(); err != nil {
		return nil, err
	}
	return m, nil
}

// A reader reads files of one snapshot, one after the other.
type reader struct {
	fsys  fs.FS
	limit int64
	ps    problems
	names map[string]string // of files read: name as .json → actual name
	share *sharer           // nil: references stay
	tags  *tagReader        // of one account
	quick *quickReader      // of one account; nil: all files are decoded

	isJSON func(doc jsontext.Value, common bool) bool // nil: no file is scanned
}

// another returns a reader that works at the same time; absorb takes what it
// has found.
func (r *reader) another() *reader {
	return &reader{fsys: r.fsys, limit: r.limit, share: r.share, isJSON: r.isJSON}
}

func (r *reader) absorb(other *reader) {
	r.ps.merge(&other.ps)
	maps.Copy(r.names, other.names)
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
	if r.quick.read(r.fsys, name, r.limit, v) {
		return true
	}
	if p := decode(r.fsys, name, r.limit, v); p != nil {
		r.ps.add(p)
		return false
	}
	if r.share != nil {
		r.share.share(v)
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

func (r *reader) manifest() *Manifest {
	m := &Manifest{}
	if r.one(manifestFile, m, true) {
		r.check(func(ps *problems) { checkManifest(ps, m) })
	}
	return m
}

func (r *reader) organization() *Organization {
	o := optional[Organization](r, organizationFile)
	if o != nil {
		r.check(func(ps *problems) { checkOrganization(ps, o) })
	}
	return o
}

// accountIDs lists the folders of accounts, in order.
func (r *reader) accountIDs() []string {
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
	return ids
}

// accounts reads the folder accounts, several at a time, and gives each to
// take, with its place in the list of ids and its own reader; one that is unusable it
// doesn't. take returns false for one that was scanned and has to be decoded.
func (r *reader) accounts(ids []string, take func(i int, a *Account, r *reader) bool) {
	readers := make([]*reader, len(ids))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, id := range ids {
		g.Go(func() error {
			one := r.another()
			if r.isJSON == nil || !one.scanned(id, func(a *Account) bool { return take(i, a, one) }) {
				one = r.another()
				one.tags = newTagReader(nil)
				if a := one.account(id); a != nil {
					take(i, a, one)
				}
			}
			one.tags = nil
			readers[i] = one
			return nil
		})
	}
	_ = g.Wait() // the problems are in the readers
	for _, one := range readers {
		r.absorb(one)
	}
}

// scanned reads an account whose large files are scanned, if possible, and
// reports whether all is well. Otherwise the account has to be decoded, which
// tells what is wrong.
func (r *reader) scanned(id string, take func(*Account) bool) bool {
	r.quick = newQuickReader(r.isJSON)
	r.tags = newTagReader(r.quick)
	r.quick.own = r.tags
	defer func() {
		r.quick.close()
		r.quick = nil
	}()
	a := r.account(id)
	return a != nil && len(r.ps.list) == 0 && take(a)
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
	r.check(func(ps *problems) { checkTagged(ps, a, r.tags) })
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
