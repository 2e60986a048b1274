package snapshot

import (
	"bytes"
	"hash/maphash"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/policy"
)

// known finds documents that were parsed before by what they were read from.
// It is safe for concurrent use.
type known struct {
	seed   maphash.Seed
	shards [64]knownShard
}

type knownShard struct {
	mu    sync.RWMutex
	first map[uint64]*knownDocument // by the hash of from
}

// A knownForm says what a document is known by.
type knownForm uint8

const (
	byTokens knownForm = iota // its JSON without whitespace between tokens
	byRaw                     // the bytes in the file
	byText                    // the text that it holds, or is laid out as
	byName                    // the hash that references give
	byReason                  // why it is not there
)

// A knownDocument is a document and what it was read from.
type knownDocument struct {
	form knownForm
	kind policy.Kind
	from string
	doc  *policy.Document
	next *knownDocument // of the same hash
}

// get returns the document that was put for this, or nil.
func (k *known) get(form knownForm, kind policy.Kind, from []byte) *policy.Document {
	hash := maphash.Bytes(k.seed, from)
	s := &k.shards[hash%uint64(len(k.shards))]
	s.mu.RLock()
	defer s.mu.RUnlock()
	for e := s.first[hash]; e != nil; e = e.next {
		if e.form == form && e.kind == kind && e.from == string(from) {
			return e.doc
		}
	}
	return nil
}

// put stores doc unless another worker was faster, and returns the one that is
// stored; parsing is done outside of the lock, so two may parse the same text.
func (k *known) put(form knownForm, kind policy.Kind, from string, doc *policy.Document) *policy.Document {
	hash := maphash.String(k.seed, from)
	s := &k.shards[hash%uint64(len(k.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		s.first = make(map[uint64]*knownDocument)
	}
	for e := s.first[hash]; e != nil; e = e.next {
		if e.form == form && e.kind == kind && e.from == from {
			return e.doc
		}
	}
	s.first[hash] = &knownDocument{form, kind, from, doc, s.first[hash]}
	return doc
}

// fold appends a JSON object without the whitespace between its tokens. It is
// not ok for what is no object, and where whitespace holds two tokens apart,
// which it does in no JSON; whether the rest is JSON it does not look at.
func fold(dst []byte, raw jsontext.Value) (_ []byte, ok bool) {
	if raw.Kind() != jsontext.KindBeginObject {
		return dst, false
	}
	for i := 0; i < len(raw); {
		switch raw[i] {
		case ' ', '\t', '\r', '\n':
			for i++; i < len(raw) && blankByte(raw[i]); i++ {
			}
			if len(dst) > 0 && i < len(raw) && !structural(dst[len(dst)-1]) && !structural(raw[i]) {
				return dst, false
			}
		case '"':
			n := textLength(raw[i:])
			if n < 0 {
				return dst, false
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
		default:
			begin := i
			for i++; i < len(raw) && raw[i] != '"' && !blankByte(raw[i]); i++ {
			}
			dst = append(dst, raw[begin:i]...)
		}
	}
	return dst, true
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func structural(c byte) bool {
	return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':'
}

// textLength returns the length of the JSON string that raw begins with, its
// quotes included, or -1 when nothing closes it.
func textLength(raw []byte) int {
	for i := 1; ; {
		n := bytes.IndexByte(raw[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		escapes := 0
		for raw[i-1-escapes] == '\\' {
			escapes++
		}
		if i++; escapes%2 == 0 {
			return i
		}
	}
}
