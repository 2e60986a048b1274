package collector

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pathfinder/collector/compiled"
	"pathfinder/graphmodel/inventory"
)

// A Cache says where compiled snapshots are kept. The zero Cache keeps them
// beside the snapshot, and where that can't be written to in the user's cache
// folder.
type Cache struct {
	Off bool   // nothing is kept, and nothing that was kept is used
	Dir string // keep them in this folder only
}

// Facts are an inventory, and where it came from.
type Facts struct {
	Inventory *inventory.Inventory

	path     string
	cache    Cache
	compiled *compiled.File
	at       string            // the compiled file that is used, or that is to be written again
	sources  *compiled.Sources // of the snapshot, as they were before it was read; nil when nothing is to be kept
	moved    bool              // only stats of the sources have changed
}

// worth is the weight of a snapshot from which on it is compiled unasked: below
// it the snapshot is read in about 0.2 s, and nobody waits for that. See
// docs/compile.md.
const worth = 24 << 20

// Load reads the facts at path, in any form that is recognized: from what was
// compiled of it if that holds the same, and else from the snapshot. What it
// returns is equal in both cases.
func Load(path string, c Cache) (*Facts, error) {
	if compiled.Is(path) {
		return loadCompiled(path, c)
	}
	f := &Facts{path: path, cache: c}
	if c.Off || !isSnapshot(path) {
		return f, f.read()
	}
	for _, at := range c.places(path) {
		if f.use(at) {
			return f, nil
		}
	}
	f.watch()
	if f.at == "" && f.sources != nil && f.sources.Weight() < worth {
		f.sources = nil
	}
	return f, f.read()
}

// watch looks at the sources before they are read. Those that have just been
// changed may change again without a trace, so that their content is needed,
// too.
func (f *Facts) watch() {
	s, err := compiled.Scan(f.path)
	if err == nil && !s.Settled() {
		err = s.Read()
	}
	if err == nil {
		f.sources = s // without it nothing is kept
	}
}

// Reload reads the facts from the snapshot itself, and keeps them again: what
// was compiled of it is damaged.
func Reload(path string, c Cache) (*Facts, error) {
	f := &Facts{path: path, cache: c}
	if compiled.Is(path) {
		root, err := snapshotOf(path)
		if err != nil {
			return nil, fmt.Errorf("%s is damaged, and %w", path, err)
		}
		f.path, f.at = root, path
	}
	f.watch()
	return f, f.read()
}

// loadCompiled reads facts from a compiled file that the user named.
func loadCompiled(path string, c Cache) (*Facts, error) {
	file, err := compiled.Open(path)
	if err != nil {
		root, missing := snapshotOf(path)
		if missing != nil {
			return nil, fmt.Errorf("%s can't be used: %w; %w", path, err, missing)
		}
		f := &Facts{path: root, cache: c, at: path}
		f.watch()
		return f, f.read()
	}
	f := &Facts{path: path, cache: c, at: path}
	root, err := snapshotOf(path)
	if err != nil {
		f.compiled, f.Inventory = file, file.Inventory() // there is nothing it could differ from
		return f, nil
	}
	if f.path = root; f.use(path) {
		return f, nil
	}
	f.watch()
	return f, f.read()
}

// snapshotOf returns the snapshot that a compiled file was made from, if it is
// still there.
func snapshotOf(path string) (string, error) {
	root, err := compiled.Root(path)
	if err != nil {
		return "", errors.New("which snapshot it was compiled from can't be read: compile that again")
	}
	if _, err := os.Stat(root); err != nil {
		return "", fmt.Errorf("the snapshot %s, which it was compiled from, is not there: compile it again", root)
	}
	return root, nil
}

// use takes the compiled file at a place if it holds what the snapshot does.
func (f *Facts) use(at string) bool {
	file, err := compiled.Open(at)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			f.at = cmp.Or(f.at, at) // to be written again
		}
		return false
	}
	state, now := file.Check(f.path)
	if state == compiled.Stale {
		f.at = cmp.Or(f.at, at)
		return false
	}
	f.compiled, f.Inventory, f.at = file, file.Inventory(), at
	if state == compiled.Moved {
		f.sources, f.moved = now, true
	}
	return true
}

func (f *Facts) read() (err error) {
	f.Inventory, err = Open(f.path)
	return err
}

// Err returns the damage that was found in a compiled file since it is open.
// Answers from these facts then count for nothing; ask again after [Reload].
func (f *Facts) Err() error {
	if f.compiled == nil {
		return nil
	}
	return f.compiled.Err()
}

// Compiled reports whether the facts come from a compiled file.
func (f *Facts) Compiled() bool { return f.compiled != nil }

// Keep compiles the facts for the next question, if that pays. It is for when
// the answer is out. That it can't be done is nothing that anybody has to
// know.
func (f *Facts) Keep() {
	if f.sources == nil || f.cache.Off {
		return
	}
	places := f.cache.places(f.path)
	if f.at != "" {
		places = append([]string{f.at}, places...)
	}
	if f.moved {
		if f.sources.Settled() {
			_ = f.compiled.Refresh(f.at, f.sources)
		}
		return
	}
	if !f.unchanged() {
		return // it may not be what was read
	}
	for _, at := range places {
		if writeCompiled(at, f.Inventory, f.sources, nil) == nil {
			return
		}
	}
}

// unchanged reports whether the sources are still what was read, and reads
// their content.
func (f *Facts) unchanged() bool {
	now, err := compiled.Scan(f.path)
	if err != nil || !now.SameStat(f.sources) || now.Read() != nil {
		return false
	}
	if !f.sources.Settled() && !now.SameContent(f.sources) {
		return false
	}
	again, err := compiled.Scan(f.path)
	f.sources.TakeContent(now)
	return err == nil && again.SameStat(now)
}

func writeCompiled(at string, inv *inventory.Inventory, from *compiled.Sources, progress func(done, total int)) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	return compiled.Write(at, inv, from, compiled.Options{Progress: progress})
}

// A Compilation is what [Compile] did.
type Compilation struct {
	File      string
	Bytes     int64
	From      string
	Files     int
	Inventory *inventory.Inventory
}

// Compile compiles the snapshot at path to a file, or with "" to where questions
// look for it. progress is called with the accounts that are done.
func Compile(path, to string, c Cache, progress func(done, total int)) (*Compilation, error) {
	if !isSnapshot(path) {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s: there is no such file or folder; give a snapshot folder or an archive of one", path)
		}
		return nil, fmt.Errorf("%s: this is no snapshot yet; make one with pathfinder import %s --out DIR", path, path)
	}
	f := &Facts{path: path, cache: c}
	if f.watch(); f.sources == nil {
		return nil, fmt.Errorf("%s: its files can't be looked at", path)
	}
	if err := f.read(); err != nil {
		return nil, err
	}
	if !f.unchanged() {
		return nil, fmt.Errorf("%s changes while it is read; try again", path)
	}
	places := []string{to}
	if to == "" {
		if places = c.places(path); len(places) == 0 {
			return nil, errors.New("nothing is kept: PATHFINDER_CACHE is off; give -o FILE")
		}
	}
	var errs []error
	for _, at := range places {
		err := writeCompiled(at, f.Inventory, f.sources, progress)
		if err == nil {
			done := &Compilation{File: at, From: path, Files: f.sources.Count(), Inventory: f.Inventory}
			if info, err := os.Stat(at); err == nil {
				done.Bytes = info.Size()
			}
			return done, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// beside is the name of what is compiled of a snapshot folder, and the end of
// the name for an archive.
const beside = ".compiled"

// places lists where what is compiled of a snapshot may be, in the order in
// which they are looked at.
func (c Cache) places(path string) []string {
	if c.Off {
		return nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256([]byte(abs))
	name := hex.EncodeToString(sum[:16]) + beside
	if c.Dir != "" {
		return []string{filepath.Join(c.Dir, name)}
	}
	var list []string
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		list = append(list, filepath.Join(abs, beside))
	} else {
		list = append(list, filepath.Join(filepath.Dir(abs), "."+filepath.Base(abs)+beside))
	}
	if dir, err := os.UserCacheDir(); err == nil {
		list = append(list, filepath.Join(dir, "pathfinder", name))
	}
	return list
}

// isSnapshot reports whether path is a snapshot folder, or an archive that may
// hold one.
func isSnapshot(path string) bool {
	at, err := locate(path)
	if at != nil {
		at.close()
	}
	return at != nil && err == nil
}
