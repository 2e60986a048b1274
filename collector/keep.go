package collector

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pathfinder/collector/compiled"
	"pathfinder/graphmodel/inventory"
)

// Keep compiles the facts for the next question, if that pays, and reports whether
// it has: [Load] then finds what is compiled. It is for when the answer is out.
// That it can't be done is nothing that anybody has to know. progress is called
// with the accounts that are done.
func (f *Facts) Keep(progress func(done, total int)) bool {
	if f.Err() != nil || f.sources == nil || f.cache.Off {
		return false
	}
	places := f.cache.places(f.path)
	if f.at != "" {
		places = append([]string{f.at}, places...)
	}
	if f.moved {
		if f.sources.Settled() {
			_ = f.compiled.Refresh(f.at, f.sources, f.cache.options(nil))
		}
		return false
	}
	if !f.unchanged() {
		return false // it may not be what was read
	}
	for _, at := range places {
		if writeCompiled(at, f.Inventory, f.sources, f.cache.options(progress)) == nil {
			return true
		}
	}
	return false
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

func (c *Cache) options(progress func(done, total int)) compiled.Options {
	return compiled.Options{Progress: progress, Aside: c.Aside}
}

func writeCompiled(at string, inv *inventory.Inventory, from *compiled.Sources, opts compiled.Options) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	return compiled.Write(at, inv, from, opts)
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
	places, err := c.to(path, to)
	if err != nil {
		return nil, err
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
	var errs []error
	for _, at := range places {
		err := writeCompiled(at, f.Inventory, f.sources, c.options(progress))
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

// to lists where Compile may write what it makes of a snapshot.
func (c Cache) to(path, file string) ([]string, error) {
	if file == "" {
		places := c.places(path)
		if len(places) == 0 {
			return nil, errors.New("nothing is kept: PATHFINDER_CACHE is off; give -o FILE")
		}
		return places, nil
	}
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: name a file", file)
	}
	return []string{file}, nil
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
