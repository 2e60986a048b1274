package collector

import (
	"cmp"
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
	// Aside is told of files that are written aside, as in [compiled.Options].
	Aside func(name string) (done func())
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
	ahead    bool              // the compiled file is used before it is known to be fresh
	checked  chan struct{}     // closed once that is known; nil when it was from the beginning
	stale    bool              // what is used does not hold what the snapshot says
}

// errStale is why answers from a compiled file don't count that was used ahead.
var errStale = errors.New("the snapshot has changed since it was compiled")

// worth is the weight of a snapshot from which on it is compiled unasked: below
// it the snapshot is read in about 0.2 s, and nobody waits for that. See
// docs/compile.md.
const worth = 24 << 20

// Load reads the facts at path, in any form that is recognized: from what was
// compiled of it if that holds the same, and else from the snapshot. What it
// returns is equal in both cases.
func Load(path string, c Cache) (*Facts, error) { return load(path, c, false) }

// LoadAhead is [Load] for a question that is soon answered: whether what was compiled
// holds the same as the snapshot is found out meanwhile, and [Facts.Err] waits for it.
// Looking at thousands of files takes as long as many a question.
func LoadAhead(path string, c Cache) (*Facts, error) { return load(path, c, true) }

func load(path string, c Cache, ahead bool) (*Facts, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil && compiled.Is(target) {
		return loadCompiled(target, c, ahead)
	}
	f := &Facts{path: path, cache: c, ahead: ahead}
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
	if target, err := filepath.EvalSymlinks(path); err == nil && compiled.Is(target) {
		root, err := snapshotOf(target)
		if err != nil {
			return nil, fmt.Errorf("%s is damaged, and %w", path, err)
		}
		f.path, f.at = root, target
	}
	f.watch()
	return f, f.read()
}

// loadCompiled reads facts from a compiled file that the user named.
func loadCompiled(path string, c Cache, ahead bool) (*Facts, error) {
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
	f := &Facts{path: path, cache: c, at: path, ahead: ahead}
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
	if f.ahead {
		f.checked = make(chan struct{})
		go func() {
			defer close(f.checked)
			f.check(file)
		}()
	} else if f.check(file); f.stale {
		f.at, f.stale = cmp.Or(f.at, at), false
		return false
	}
	f.compiled, f.Inventory, f.at = file, file.Inventory(), at
	return true
}

// check compares what a compiled file was made from with what is there.
func (f *Facts) check(file *compiled.File) {
	switch state, now := file.Check(f.path); state {
	case compiled.Stale:
		f.stale = true
	case compiled.Moved:
		f.sources, f.moved = now, true
	case compiled.Fresh:
	}
}

func (f *Facts) read() (err error) {
	f.Inventory, err = Open(f.path)
	return err
}

// Err returns the damage that was found in a compiled file since it is open, or that
// it is not what the snapshot says. Answers from these facts then count for nothing;
// ask again after [Reload].
func (f *Facts) Err() error {
	if f.compiled == nil {
		return nil
	}
	if f.checked != nil {
		<-f.checked
	}
	if f.stale {
		return errStale
	}
	return f.compiled.Err()
}

// Compiled reports whether the facts come from a compiled file.
func (f *Facts) Compiled() bool { return f.compiled != nil }
