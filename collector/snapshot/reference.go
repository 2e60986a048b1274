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
	if !ok || len(digits) != hex.EncodedLen(len(s)) || strings.ContainsAny(digits, "ABCDEF") {
		return sum{}, false
	}
	_, err := hex.Decode(s[:], []byte(digits))
	return s, err == nil
}

// referenceParts are what stands around the name in a reference, between
// whitespace.
var referenceParts = [...]string{"{", `"Document"`, ":", `"`}

// refer returns what stands in place of the document: {"Document":"sha256:…"}.
func refer(s sum) jsontext.Value {
	return jsontext.Value(strings.Join(referenceParts[:], "") + s.name() + `"}`)
}

// reference reads what refer writes, with any whitespace: an object with the
// one member Document, whose value is the name of a document. No policy is
// like that: all that AWS saves have a Statement.
func reference(raw jsontext.Value) (s sum, ok bool) {
	rest := []byte(raw)
	for _, part := range referenceParts {
		if rest, ok = bytes.CutPrefix(blank(rest), []byte(part)); !ok {
			return sum{}, false
		}
	}
	name, rest, ok := bytes.Cut(rest, []byte(`"`))
	if !ok || string(bytes.TrimSpace(rest)) != "}" {
		return sum{}, false
	}
	return readName(string(name))
}

// blank cuts off the whitespace that something begins with.
func blank(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

// compact returns a document without whitespace between tokens.
func compact(raw jsontext.Value) (jsontext.Value, error) {
	small := raw.Clone()
	err := small.Compact()
	return small, err
}
