package snapshot

import (
	"crypto/sha256"

	"github.com/go-json-experiment/json/jsontext"
)

// CountDocuments returns in how many places of the snapshot a policy document
// stands, and how many different ones there are: what a packed snapshot stores.
// Those that are lost count too.
func (s *Snapshot) CountDocuments() (places, different int) {
	known := make(map[*byte]bool) // Read lets equal documents share their bytes
	all := make(map[sum]bool)
	s.eachDocument(func(_ string, _ *place, doc *jsontext.Value) {
		places++
		if first := &(*doc)[0]; !known[first] {
			known[first] = true
			all[identity(*doc)] = true
		}
	})
	return places, len(all)
}

// identity is the hash of a document that is stored once, also of one that
// stands in place.
func identity(doc jsontext.Value) sum {
	if to, ok := reference(doc); ok {
		return to
	}
	_, s := canonical(doc)
	return s
}

// canonical returns a document as it is stored and hashed: as the encoder of
// files writes it, without whitespace. Documents that are told apart only by how
// they are written become one, and unpacking gives the bytes that would have
// been written without packing.
func canonical(doc jsontext.Value) (jsontext.Value, sum) {
	small, err := jsontext.AppendFormat(nil, doc)
	if err != nil {
		small = doc // the encoder refuses it with a better message
	}
	return small, sha256.Sum256(small)
}
