package snapshot

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"
)

// WriteOptions say how a snapshot is written. The zero value writes plain JSON.
type WriteOptions struct {
	Compress bool // write .json.zst
	Pack     bool // hold each policy document once, in the folder documents
}

// Write writes s into the folder dir, which is made when it doesn't exist. The
// folder must be empty or hold a snapshot, which is replaced. Lists are sorted,
// so equal snapshots give equal bytes.
//
// Each file appears by rename, the manifest last. When writing fails, no
// temporary file stays, a folder that was empty before is empty again, and a
// snapshot that was there before is still there. What a run leaves that is ended
// is no snapshot ([Vacant]); one that was replacing another, and putting files in
// place, leaves a manifest that says so.
//
// Files are readable by their owner only.
func Write(dir string, s *Snapshot, opts WriteOptions) error {
	if err := s.check().err(); err != nil {
		return err
	}
	fresh, err := prepare(dir)
	if err != nil {
		return err
	}
	err = replace(dir, s, opts)
	if err != nil && fresh {
		return errors.Join(err, empty(dir))
	}
	return err
}

// replace writes s into a folder, aside of the snapshot that may be there, and then in its
// place.
func replace(dir string, s *Snapshot, opts WriteOptions) error {
	aside, err := os.MkdirTemp(dir, temporary+"*")
	if err != nil {
		return err
	}
	w := &writer{dir: aside, opts: opts}
	err = w.all(s)
	if err == nil {
		err = w.moveTo(dir, s)
	}
	return errors.Join(err, os.RemoveAll(aside))
}

// moveTo puts the files that were written in the place of those of another snapshot.
func (w *writer) moveTo(dir string, s *Snapshot) error {
	to := &writer{dir: dir, opts: w.opts}
	partly := s.Manifest
	partly.Gaps = append(slices.Clone(partly.Gaps), Gap{What: "everything", Why: "writing the snapshot was interrupted, so that files of an older one may be among these; write it again"})
	for _, ext := range extensions {
		if _, err := os.Stat(filepath.Join(dir, manifestFile+ext)); err != nil {
			continue
		}
		to.opts.Compress = ext == extensions[1]
		if err := to.file(manifestFile+ext, sortManifest(&partly)); err != nil {
			return err
		}
	}
	names := slices.Sorted(maps.Keys(w.kept))
	last := manifestFile + w.ext()
	for _, name := range append(slices.DeleteFunc(names, func(n string) bool { return n == last }), last) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(w.dir, filepath.FromSlash(name)), full); err != nil {
			return err
		}
	}
	return to.removeOthers(".", w.kept)
}

// A writer writes the files of one snapshot.
type writer struct {
	dir  string
	opts WriteOptions
	kept map[string]bool // files that belong to the snapshot, slash-separated

	packer   *packer                        // nil: documents stay where they are
	put      func(name string, v any) error // nil: into the folder dir, several at a time
	encoders sync.Pool                      // of *zstd.Encoder: each has a window of several MiB
}

// window is how far back a compressed file refers. Whoever reads it needs that
// much memory for each file that is open; most files are smaller than it.
const window = 1 << 20

// encoder returns an encoder of one goroutine, so that the bytes are the same
// on every machine.
func (w *writer) encoder(to io.Writer) (*zstd.Encoder, error) {
	if enc, ok := w.encoders.Get().(*zstd.Encoder); ok {
		enc.Reset(to)
		return enc, nil
	}
	return zstd.NewWriter(to, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window))
}

func (w *writer) all(s *Snapshot) error {
	w.kept = make(map[string]bool)
	if w.opts.Pack {
		w.packer = newPacker()
	}
	files := []fileOf{}
	if s.Organization != nil {
		files = append(files, fileOf{organizationFile, func() any { return sortFile(s.Organization) }})
	}
	for _, a := range s.Accounts {
		files = append(files, filesOf(a)...)
	}
	if err := w.several(files); err != nil {
		return err
	}
	if w.packer != nil {
		if err := w.several(w.packer.files()); err != nil {
			return err
		}
	}
	return w.several([]fileOf{{manifestFile, func() any { return sortManifest(&s.Manifest) }}})
}

// several writes files, in order when they go into an archive.
func (w *writer) several(files []fileOf) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	put := w.file
	if w.put != nil {
		g.SetLimit(1)
		put = w.put
	}
	for _, file := range files {
		name := file.base + w.ext()
		w.kept[name] = true
		g.Go(func() error { return put(name, file.content()) })
	}
	return g.Wait()
}

// A fileOf is one file of a snapshot: its name without extension, and what is
// written into it.
type fileOf struct {
	base    string
	content func() any
}

func filesOf(a *Account) []fileOf {
	var files []fileOf
	for _, f := range a.files() {
		files = append(files, fileOf{f.base, func() any { return sortFile(f.content) }})
	}
	return files
}

func (w *writer) ext() string {
	if w.opts.Compress {
		return extensions[1]
	}
	return extensions[0]
}

// temporary begins the names of files that are being written.
const temporary = ".tmp-"

// file writes one file under a temporary name and renames it.
func (w *writer) file(name string, v any) error {
	full := filepath.Join(w.dir, filepath.FromSlash(name))
	folder := filepath.Dir(full)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, temporary+"*") // with mode 0600
	if err != nil {
		return err
	}
	err = errors.Join(w.encode(f, v), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), full)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", full, err), os.Remove(f.Name()))
	}
	return nil
}

func (w *writer) encode(f io.Writer, v any) error {
	out := bufio.NewWriterSize(f, 256<<10)
	var packed *zstd.Encoder
	var to io.Writer = out
	if w.opts.Compress {
		enc, err := w.encoder(out)
		if err != nil {
			return err
		}
		defer w.encoders.Put(enc)
		packed, to = enc, enc
	}
	if err := w.marshal(to, v); err != nil {
		return err
	}
	if packed != nil {
		if err := packed.Close(); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (w *writer) marshal(to io.Writer, v any) error {
	if b, ok := v.(bucket); ok {
		return b.write(to)
	}
	if w.packer != nil {
		v = w.packer.pack(v)
	}
	enc := jsontext.NewEncoder(to, jsontext.WithIndent("  "))
	return json.MarshalEncode(enc, v, json.Deterministic(true))
}
