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
	w := &walker{root: abs, now: now}
	w.g.SetLimit(runtime.GOMAXPROCS(0))
	w.folder("", 0)
	if err := errors.Join(w.g.Wait(), w.err); err != nil {
		return nil, err
	}
	s.files = w.files
	slices.SortFunc(s.files, func(a, b sourceFile) int { return strings.Compare(a.name, b.name) })
	return s, nil
}

func (s *Sources) add(name string, info fs.FileInfo, now time.Time) {
	s.files = append(s.files, sourceOf(name, info, now))
}

func sourceOf(name string, info fs.FileInfo, now time.Time) sourceFile {
	st := statOf(info)
	recent := time.Unix(0, max(st.modified, st.changed)).After(now.Add(-settled))
	return sourceFile{name: name, stat: st, recent: recent}
}

// A walker looks at folders, several at a time.
type walker struct {
	root  string
	now   time.Time
	g     errgroup.Group
	mu    sync.Mutex
	files []sourceFile // under mu
	err   error        // under mu
}

// folder looks at a folder, in another goroutine if there is one to spare.
func (w *walker) folder(name string, depth int) {
	if w.g.TryGo(func() error { return w.entries(name, depth) }) {
		return
	}
	if err := w.entries(name, depth); err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.err = err
	}
}

func (w *walker) entries(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: folders lie too deep inside each other", filepath.Join(w.root, name))
	}
	entries, err := os.ReadDir(filepath.Join(w.root, name))
	if err != nil {
		return err
	}
	var files []sourceFile
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		below := e.Name()
		if name != "" {
			below = name + "/" + below
		}
		info, err := os.Stat(filepath.Join(w.root, below)) // of what a link leads to
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // a link that leads nowhere
		case err != nil:
			return err
		case info.IsDir():
			w.folder(below, depth+1)
		case name != "" || strings.HasSuffix(below, ".json") || strings.HasSuffix(below, ".json.zst"):
			files = append(files, sourceOf(below, info, w.now))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files = append(w.files, files...)
	return nil
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
	return s.read(func(*sourceFile) bool { return true })
}

func (s *Sources) read(which func(*sourceFile) bool) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range s.files {
		if f := &s.files[i]; which(f) {
			g.Go(func() error { return f.read(s.Root) })
		}
	}
	return g.Wait()
}

func (f *sourceFile) read(root string) error {
	from, err := os.Open(filepath.Join(root, filepath.FromSlash(f.name)))
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
	doubtful := map[string]bool{}
	for i := range now.files {
		a, b := &old.files[i], &now.files[i]
		if a.name != b.name {
			return Stale, now
		}
		if doubtful[b.name] = a.recent || a.stat != b.stat; doubtful[b.name] && a.stat.size != b.stat.size {
			return Stale, now
		}
		b.content = a.content
	}
	state := Fresh
	for _, d := range doubtful {
		if d {
			state = Moved
		}
	}
	if state == Fresh {
		return Fresh, now
	}
	if now.read(func(f *sourceFile) bool { return doubtful[f.name] }) != nil || !now.SameContent(old) {
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
