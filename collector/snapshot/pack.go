package snapshot

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A packer takes the documents out of the files of a snapshot, each once. It
// is safe for concurrent use.
type packer struct {
	mu   sync.Mutex
	docs store
}

func newPacker() *packer { return &packer{docs: make(store)} }

// pack returns a copy of a file with references in place of its documents.
func (p *packer) pack(file any) any {
	return withDocuments(file, func(doc jsontext.Value) jsontext.Value {
		if _, already := reference(doc); already || !storable(doc) {
			return doc
		}
		small, to := canonical(doc)
		p.mu.Lock()
		defer p.mu.Unlock()
		if _, ok := p.docs[to]; !ok {
			p.docs[to] = small
		}
		return refer(to)
	})
}

// files lists the files of documents.
func (p *packer) files() []fileOf {
	buckets := make(map[string]bucket)
	sorted := slices.SortedFunc(maps.Keys(p.docs), func(a, b sum) int { return bytes.Compare(a[:], b[:]) })
	for _, s := range sorted {
		buckets[s.bucket()] = append(buckets[s.bucket()], stored{s, p.docs[s]})
	}
	var out []fileOf
	for _, base := range slices.Sorted(maps.Keys(buckets)) {
		out = append(out, fileOf{base, func() any { return buckets[base] }})
	}
	return out
}

// A bucket is what stands in one file of documents.
type bucket []stored

type stored struct {
	sum  sum
	text jsontext.Value
}

// write writes one document a line, as it is hashed.
func (b bucket) write(to io.Writer) error {
	out := bufio.NewWriter(to)
	begin := "{\n  \"Documents\": {\n"
	for _, d := range b {
		_, _ = out.WriteString(begin + `    "` + d.sum.name() + `": `) // Flush returns the error
		_, _ = out.Write(d.text)
		begin = ",\n"
	}
	_, _ = out.WriteString("\n  }\n}\n")
	return out.Flush()
}
