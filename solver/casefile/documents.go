package casefile

import "pathfinder/graphmodel/policy"

// documents parses policies and remembers the latest: cases in a file share
// most of theirs. There are two generations, so that what is in use survives
// while the sum stays bounded, whatever the file holds.
type documents struct {
	young, old map[documentKey]*policy.Document
	size       int // bytes of text in young
}

type documentKey struct {
	kind policy.Kind
	text string
}

// The most a generation holds. A parsed document takes some ten times its text.
const (
	maxDocuments    = 512
	maxDocumentText = 256 << 10 // bytes
)

// parse returns the document that text holds. It is shared: don't change it.
func (d *documents) parse(text []byte, kind policy.Kind) *policy.Document {
	if doc := d.young[documentKey{kind, string(text)}]; doc != nil {
		return doc
	}
	doc := d.old[documentKey{kind, string(text)}]
	if doc == nil {
		doc = policy.Parse(text, kind)
	}
	d.keep(documentKey{kind, string(text)}, doc)
	return doc
}

func (d *documents) keep(key documentKey, doc *policy.Document) {
	if len(key.text) > maxDocumentText/4 {
		return
	}
	if d.young == nil || len(d.young) >= maxDocuments || d.size+len(key.text) > maxDocumentText {
		d.old, d.young, d.size = d.young, make(map[documentKey]*policy.Document), 0
	}
	d.young[key] = doc
	d.size += len(key.text)
}
