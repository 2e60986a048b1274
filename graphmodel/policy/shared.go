package policy

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Shared holds elements of documents that were read before, so that equal lists
// of actions, principals, resources and conditions are held once, whatever
// document they stand in. It is safe for concurrent use.
type Shared struct {
	seed   maphash.Seed
	shards [64]sharedShard
}

// maxShared bounds how many elements a shard remembers, and maxElement how long
// they are: those that repeat are short and come early.
const (
	maxShared  = 1 << 12
	maxElement = 4 << 10
)

type sharedShard struct {
	mu    sync.RWMutex
	known map[sharedKey]any
}

// A sharedKey is all that the reading of an element depends on.
type sharedKey struct {
	raw  string // without whitespace
	what byte   // 'A', 'P', 'R' or 'C'
	kind Kind
	vars bool
}

// NewShared returns a Shared that holds nothing yet.
func NewShared() *Shared { return &Shared{seed: maphash.MakeSeed()} }

// ParseSound reads a JSON object that has no whitespace between its tokens and
// no faults; for any other text it returns nil. The result is that of [Parse]
// for the same object as [Indent] lays it out: that is its Text. It shares
// elements with the other documents that were read with the same Shared.
func ParseSound(text string, kind Kind, share *Shared) *Document {
	return parseSound(text, kind, share)
}

// indented is how documents are laid out; what is in them stays as it is. These
// are the options of [jsontext.Value.Indent], which would copy twice.
var indented = []jsontext.Options{
	jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true),
	jsontext.Multiline(true), jsontext.WithIndent("  "),
}

// Indent lays out a document on several lines; what is no JSON stays as it is.
func Indent(text []byte) []byte {
	out, err := jsontext.AppendFormat(nil, text, indented...)
	if err != nil {
		return text
	}
	return out
}

// shared fills list with what read makes of an element, or with what was made of
// an equal one. An element with faults is always read.
func shared[T any](p *parser, what byte, n *node, list *[]T, read func()) {
	if p.share == nil || n.end-n.at > maxElement || hasAccount(p.doc.text[n.at:n.end]) {
		read()
		return
	}
	key := sharedKey{p.doc.text[n.at:n.end], what, p.doc.Kind, p.vars}
	s := &p.share.shards[maphash.String(p.share.seed, key.raw)%uint64(len(p.share.shards))]
	s.mu.RLock()
	found, ok := s.known[key].([]T)
	s.mu.RUnlock()
	if ok {
		*list = found
		return
	}
	before := len(p.doc.Faults)
	read()
	if len(p.doc.Faults) > before {
		return
	}
	*list = slices.Clip(*list)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = make(map[sharedKey]any)
	}
	if len(s.known) < maxShared {
		s.known[key] = *list
	}
}

// hasAccount reports whether text holds twelve digits in a row, such as the id
// of an account: it then hardly stands in the documents of others.
func hasAccount(text string) bool {
	for i := 11; i < len(text); {
		n := 0
		for n < 12 && text[i-n] >= '0' && text[i-n] <= '9' {
			n++
		}
		if n == 12 {
			return true
		}
		i += 12 - n
	}
	return false
}
