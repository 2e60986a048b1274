package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A sum is the SHA-256 of a document as it stands in JSON, without the
// whitespace between its tokens.
type sum [sha256.Size]byte

// hashName begins the name of every document.
const hashName = "sha256:"

// name is what references call the document.
func (s sum) name() string { return hashName + hex.EncodeToString(s[:]) }

// bucket is the name, without extension, of the file that holds the document.
func (s sum) bucket() string { return documentsFolder + "/" + hex.EncodeToString(s[:1]) }

// readName is the opposite of name.
func readName(text string) (s sum, ok bool) {
	digits, ok := strings.CutPrefix(text, hashName)
	if !ok || len(digits) != hex.EncodedLen(len(s)) || strings.ToLower(digits) != digits {
		return sum{}, false
	}
	_, err := hex.Decode(s[:], []byte(digits))
	return s, err == nil
}

// refer returns what stands in place of the document: {"Document":"sha256:…"}.
func refer(s sum) jsontext.Value {
	return jsontext.Value(referenceBegin + s.name() + referenceEnd)
}

const (
	referenceBegin = `{"Document":"`
	referenceEnd   = `"}`
	referenceSize  = len(referenceBegin) + len(hashName) + 2*sha256.Size + len(referenceEnd)
	// What is longer is no reference, however it is indented.
	maxReference = referenceSize + 400
)

// reference reads what refer writes, with any whitespace: an object with the
// one member Document, whose value is the name of a document. No policy is
// like that: all that AWS saves have a Statement.
func reference(raw jsontext.Value) (s sum, ok bool) {
	if len(raw) < referenceSize || len(raw) > maxReference || raw[0] != '{' ||
		!bytes.HasPrefix(bytes.TrimLeft(raw[1:], " \t\r\n"), []byte(`"Document"`)) {
		return sum{}, false
	}
	text := string(raw)
	if len(raw) > referenceSize {
		small := raw.Clone()
		if small.Compact() != nil {
			return sum{}, false
		}
		text = string(small)
	}
	text, ok = strings.CutPrefix(text, referenceBegin)
	if !ok {
		return sum{}, false
	}
	if text, ok = strings.CutSuffix(text, referenceEnd); !ok {
		return sum{}, false
	}
	return readName(text)
}

// compact returns a document without whitespace between tokens; it must not
// be changed, it may be raw itself.
func compact(raw jsontext.Value) (jsontext.Value, error) {
	small := raw.Clone()
	err := small.Compact()
	return small, err
}
