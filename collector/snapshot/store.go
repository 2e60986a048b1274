package snapshot

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"
)

// documentsFolder is where a snapshot holds documents once.
const documentsFolder = "documents"

// A store holds the documents of a snapshot by hash. It must not be changed
// once it is read.
type store map[sum]jsontext.Value

var bucketName = regexp.MustCompile(`^[0-9a-f]{2}$`)

// documents reads the folder documents. What doesn't have the hash that it is
// named by is a problem, and is not in the store.
func (r *reader) documents() store {
	entries, err := fs.ReadDir(r.fsys, documentsFolder)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.ps.addf(documentsFolder, "", "cannot be read: %s", plain(err))
		}
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := stem(e.Name()); ok && bucketName.MatchString(name) {
			names = append(names, name)
		}
	}
	names = slices.Compact(names) // sorted, as ReadDir returns them
	parts := make([]store, len(names))
	readers := make([]*reader, len(names))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		readers[i] = r.another()
		g.Go(func() error {
			parts[i] = readers[i].bucket(name)
			return nil
		})
	}
	_ = g.Wait() // the problems are in the readers
	all := make(store)
	for i, one := range readers {
		r.absorb(one)
		maps.Copy(all, parts[i])
	}
	return all
}

// bucket reads one file of documents.
func (r *reader) bucket(name string) store {
	var f DocumentFile
	base := documentsFolder + "/" + name
	if !r.one(base, &f, false) {
		return nil
	}
	held := make(store, len(f.Documents))
	r.check(func(ps *problems) {
		c := checker{problems: ps, file: base + ".json"}
		for _, key := range slices.Sorted(maps.Keys(f.Documents)) {
			if s, why := checkStored(key, f.Documents[key], base); why != "" {
				c.bad(at("Documents", key), "%s", why)
			} else {
				held[s] = f.Documents[key]
			}
		}
	})
	return held
}

// checkStored returns the hash of a document in a file of documents, or why it
// must not be used.
func checkStored(key string, raw jsontext.Value, base string) (s sum, why string) {
	s, ok := readName(key)
	if !ok {
		return s, quote(key) + " is not the name of a document, which is sha256: and 64 hex digits in lower case"
	}
	if s.bucket() != base {
		return s, "this document belongs into " + s.bucket() + ".json, named by the first two digits of its hash"
	}
	if got := sum(sha256.Sum256(raw)); got != s {
		small, err := compact(raw)
		if err == nil {
			got = sha256.Sum256(small)
		}
		if err != nil || got != s {
			return s, "the document is not the one that its name says, its own hash is " + got.name() + "; restore the file, or collect anew"
		}
	}
	if _, nested := reference(raw); nested || !storable(raw) {
		return s, "a document is an object, or a text that holds one, and no reference to another"
	}
	return s, ""
}

// storable reports whether a document may stand in a file of documents. What
// null means depends on where it stands.
func storable(raw jsontext.Value) bool {
	kind := raw.Kind()
	return kind == jsontext.KindBeginObject || kind == jsontext.KindString
}

// A sharer puts documents in place of their references, and lets equal
// documents share their bytes. It is safe for concurrent use.
type sharer struct {
	held store
	mu   sync.Mutex
	seen map[sum]jsontext.Value // by the bytes in the file
	used map[sum]bool           // of held
}

func newSharer(held store) *sharer {
	return &sharer{held: held, seen: make(map[sum]jsontext.Value), used: make(map[sum]bool)}
}

// share goes through the documents of a file. A reference to what is not there
// stays as it is.
func (s *sharer) share(file any) {
	eachDocument(file, func(_ *place, doc *jsontext.Value) {
		if to, ok := reference(*doc); ok {
			if held, ok := s.held[to]; ok {
				*doc = held
				s.mu.Lock()
				s.used[to] = true
				s.mu.Unlock()
			}
			return
		}
		key := sum(sha256.Sum256(*doc))
		s.mu.Lock()
		defer s.mu.Unlock()
		if first, ok := s.seen[key]; ok {
			*doc = first
			return
		}
		s.seen[key] = *doc
	})
}
