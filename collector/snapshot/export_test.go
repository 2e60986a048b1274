package snapshot

import (
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"
)

// ReadLimited is Read with a limit on the size of files.
func ReadLimited(fsys fs.FS, limit int64) (*Snapshot, error) {
	s, r := read(fsys, limit)
	return s, r.ps.err()
}

// DocumentPlaces returns the documents of s by where they stand.
func DocumentPlaces(s *Snapshot) map[string]string {
	out := make(map[string]string)
	s.eachDocument(func(file string, p *place, doc *jsontext.Value) { out[file+" "+p.pointer()] = string(*doc) })
	return out
}

// Fold leaves out the whitespace between the tokens of an object.
func Fold(raw []byte) (string, bool) {
	folded, ok := fold(nil, raw)
	return string(folded), ok
}

// Scanned reports whether a file is read without the decoder.
func Scanned(fsys fs.FS, name string, v any) bool {
	q := newQuickReader(newDocuments(nil).isJSON)
	q.own = newTagReader(q)
	defer q.close()
	return q.read(fsys, name, MaxFileSize, v)
}
