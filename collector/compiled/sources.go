package compiled

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Sources are the files that facts come from, as they were at some time.
type Sources struct {
	Root  string // the folder or archive, absolute
	files []sourceFile
}

type sourceFile struct {
	name    string // below the root, with slashes; "" for the root itself
	stat    stat
	recent  bool // it had changed so shortly before that its stat proves nothing
	content [sha256.Size]byte
}

// A stat is what changes with a file.
type stat struct {
	size, modified, changed int64
	inode                   uint64
}

// settled is how long a file has to have been as it is before its stat counts:
// within a tick of the clock of file systems it may change again and look the
// same. The coarsest clocks have 2 s (FAT).
const settled = 2 * time.Second

// maxDepth bounds the folders inside each other, for the sake of links that lead
// in a circle.
const maxDepth = 16

// Scan looks at the files of a snapshot, a folder or an archive, without reading
// them: of a folder the .json files in it, and all that is in its folders, but
// for names that begin with a dot.
func Scan(root string) (*Sources, error) {
	now := time.Now()
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	s := &Sources{Root: abs}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		s.add("", info, now)
		return s, nil
	}
	if s.files, err = walk(abs, now); err != nil {
		return nil, err
	}
	slices.SortFunc(s.files, func(a, b sourceFile) int { return strings.Compare(a.name, b.name) })
	return s, nil
}

func (s *Sources) add(name string, info fs.FileInfo, now time.Time) {
	s.files = append(s.files, sourceOf(name, statOf(info), now))
}

func sourceOf(name string, st stat, now time.Time) sourceFile {
	recent := time.Unix(0, max(st.modified, st.changed)).After(now.Add(-settled))
	return sourceFile{name: name, stat: st, recent: recent}
}

// walk looks at folders, those of one depth at the same time.
func walk(root string, now time.Time) (files []sourceFile, err error) {
	folders := []string{""}
	for depth := 0; len(folders) > 0; depth++ {
		if depth > maxDepth {
			return nil, fmt.Errorf("%s: folders lie too deep inside each other", filepath.Join(root, folders[0]))
		}
		parts := make([]walked, runtime.GOMAXPROCS(0))
		var next atomic.Int64
		var wg sync.WaitGroup
		for i := range parts {
			wg.Go(func() {
				for at := next.Add(1) - 1; int(at) < len(folders); at = next.Add(1) - 1 {
					parts[i].folder(root, folders[at], now)
				}
			})
		}
		wg.Wait()
		folders = nil
		for i := range parts {
			files, folders = append(files, parts[i].files...), append(folders, parts[i].folders...)
			err = errors.Join(err, parts[i].err)
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// walked is what was found in some folders.
type walked struct {
	files   []sourceFile
	folders []string
	err     error
}

func (w *walked) folder(root, name string, now time.Time) {
	err := eachEntry(filepath.Join(root, name), func(entry string) bool { return !strings.HasPrefix(entry, ".") },
		func(entry string, isDir bool, st stat) {
			below := entry
			if name != "" {
				below = name + "/" + entry
			}
			switch {
			case isDir:
				w.folders = append(w.folders, below)
			case name != "" || strings.HasSuffix(below, ".json") || strings.HasSuffix(below, ".json.zst"):
				w.files = append(w.files, sourceOf(below, st, now))
			}
		})
	if err != nil && w.err == nil {
		w.err = err
	}
}

// Weight is the size of the sources as far as it says how long they take to
// read: compressed files hold about eight times what they weigh.
func (s *Sources) Weight() (n int64) {
	for i := range s.files {
		w := s.files[i].stat.size
		if name := s.files[i].name; strings.HasSuffix(name, ".zst") || name == "" {
			w *= 8
		}
		n += w
	}
	return n
}

// Count returns how many files there are.
func (s *Sources) Count() int { return len(s.files) }

// Settled reports whether all files have been as they are for long enough that
// a change would show in their stat.
func (s *Sources) Settled() bool {
	return !slices.ContainsFunc(s.files, func(f sourceFile) bool { return f.recent })
}

// SameStat reports whether the same files are there, of which no stat has
// changed.
func (s *Sources) SameStat(o *Sources) bool {
	return slices.EqualFunc(s.files, o.files, func(a, b sourceFile) bool { return a.name == b.name && a.stat == b.stat })
}

// SameContent reports whether the same files are there with the same content.
// Both have to be read.
func (s *Sources) SameContent(o *Sources) bool {
	return slices.EqualFunc(s.files, o.files, func(a, b sourceFile) bool { return a.name == b.name && a.content == b.content })
}

// TakeContent takes over the content that was read of the same files.
func (s *Sources) TakeContent(from *Sources) {
	for i := range s.files {
		s.files[i].content = from.files[i].content
	}
}

// Read reads the files for the sake of their content, on all processors.
func (s *Sources) Read() error {
	return s.read(func(int) bool { return true })
}

func (s *Sources) read(which func(i int) bool) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range s.files {
		if f := &s.files[i]; which(i) {
			g.Go(func() error { return f.read(s.Root) })
		}
	}
	return g.Wait()
}

func (f *sourceFile) read(root string) error {
	path := filepath.Join(root, filepath.FromSlash(f.name))
	// Pipes and devices need not end, and opening a pipe waits for its other end.
	switch info, err := os.Stat(path); {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: not a regular file", path)
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read from
	h := sha256.New()
	if _, err := io.Copy(h, from); err != nil {
		return err
	}
	h.Sum(f.content[:0])
	return nil
}

// A State says whether a file holds what its sources do.
type State int

// The states of a file.
const (
	Stale State = iota // its sources have changed, or can't be read
	Moved              // its sources say the same, but their stat has changed
	Fresh
)

// Check compares the sources that a file was made from with those at root, and
// returns these. Only files whose stat has changed, or proves nothing, are
// read.
func (f *File) Check(root string) (State, *Sources) {
	now, err := Scan(root)
	if err != nil {
		return Stale, nil
	}
	old, err := f.Sources()
	if err != nil || len(old.files) != len(now.files) {
		return Stale, now
	}
	state, doubtful := Fresh, make([]bool, len(now.files))
	for i := range now.files {
		a, b := &old.files[i], &now.files[i]
		if a.name != b.name {
			return Stale, now
		}
		if doubtful[i] = a.recent || a.stat != b.stat; doubtful[i] {
			if a.stat.size != b.stat.size {
				return Stale, now
			}
			state = Moved
		}
		b.content = a.content
	}
	if state == Fresh {
		return Fresh, now
	}
	if now.read(func(i int) bool { return doubtful[i] }) != nil || !now.SameContent(old) {
		return Stale, now
	}
	return Moved, now
}

// Sources returns what the file was made from.
func (f *File) Sources() (*Sources, error) {
	s, err := decodeSources(f.whole(secSources))
	if err != nil {
		f.p.fail(secSources.String())
	}
	return s, err
}

func (s *Sources) encode() []byte {
	var r record
	r.text(s.Root)
	r.count(len(s.files))
	for i := range s.files {
		f := &s.files[i]
		r.text(f.name)
		for _, n := range []int64{f.stat.size, f.stat.modified, f.stat.changed} {
			r.u64(uint64(n)) //nolint:gosec // the bits are kept
		}
		r.u64(f.stat.inode)
		r.bool(f.recent)
		r.raw(f.content[:]...)
	}
	return r.b
}

func decodeSources(b []byte) (*Sources, error) {
	c := &cursor{b: b}
	s := &Sources{Root: c.text()}
	s.files = make([]sourceFile, c.count(4*8+1+sha256.Size))
	for i := range s.files {
		f := &s.files[i]
		f.name = c.text()
		for _, n := range []*int64{&f.stat.size, &f.stat.modified, &f.stat.changed} {
			*n = int64(c.u64()) //nolint:gosec // see above
		}
		f.stat.inode = c.u64()
		f.recent = c.bool()
		copy(f.content[:], c.bytes(sha256.Size))
	}
	if c.bad || len(c.b) > 0 {
		return nil, &damagedError{secSources.String()}
	}
	return s, nil
}
