package snapshot

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"net/url"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// documents parses policy documents, equal ones of a kind once: AWS managed
// policies, stamped-out roles and landing-zone SCPs are most of what large
// organizations hold. It is safe for concurrent use.
type documents struct {
	held     store // what references lead to; it is only read
	mu       sync.Mutex
	raw      map[docKey]*policy.Document // by the bytes in the file
	text     map[docKey]*policy.Document // by the bytes of the document
	policies map[policyKey]*inventory.Policy
}

type docKey struct {
	kind policy.Kind
	sum  sum
}

// A policyKey names a managed policy. Accounts may have been read at different
// times and hold different texts of the same AWS managed policy.
type policyKey struct {
	arn, name string
	doc       *policy.Document
}

func newDocuments(held store) *documents {
	return &documents{
		held:     held,
		raw:      make(map[docKey]*policy.Document),
		text:     make(map[docKey]*policy.Document),
		policies: make(map[policyKey]*inventory.Policy),
	}
}

// parse reads a document in any of its three forms, or the one that a
// reference leads to. It never fails: what can't be read becomes an unreadable
// document. It is lost when the snapshot does not hold what is referred to.
func (d *documents) parse(raw jsontext.Value, kind policy.Kind) (doc *policy.Document, lost bool) {
	var key docKey
	if to, ok := reference(raw); ok {
		held, ok := d.held[to]
		if !ok {
			return d.missing(kind, lostDocument(to)), true
		}
		key, raw = docKey{kind, to}, held
	} else {
		key = docKey{kind, sha256.Sum256(raw)}
	}
	if doc := d.get(d.raw, key); doc != nil {
		return doc, false
	}
	text, why := DocumentText(raw)
	if why != "" {
		return d.put(d.raw, key, policy.Unreadable(kind, why)), false
	}
	inner := docKey{kind, sha256.Sum256(text)}
	doc = d.get(d.text, inner)
	if doc == nil {
		doc = d.put(d.text, inner, policy.Parse(text, kind))
	}
	return d.put(d.raw, key, doc), false
}

func lostDocument(s sum) string {
	return "the snapshot does not hold the policy document " + s.name() + ", which belongs into " + s.bucket() + ".json"
}

func (d *documents) get(m map[docKey]*policy.Document, key docKey) *policy.Document {
	d.mu.Lock()
	defer d.mu.Unlock()
	return m[key]
}

// put stores doc unless another worker was faster; parsing is done outside of
// the lock, so two may parse the same text.
func (d *documents) put(m map[docKey]*policy.Document, key docKey, doc *policy.Document) *policy.Document {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first := m[key]; first != nil {
		return first
	}
	m[key] = doc
	return doc
}

// managed returns the one Policy with this ARN, name and document.
func (d *documents) managed(arn, name string, doc *policy.Document) *inventory.Policy {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := policyKey{arn, name, doc}
	p := d.policies[key]
	if p == nil {
		p = &inventory.Policy{Name: name, ARN: arn, Doc: doc}
		d.policies[key] = p
	}
	return p
}

// missing returns the one unreadable document of a kind with this reason.
func (d *documents) missing(kind policy.Kind, why string) *policy.Document {
	key := docKey{kind, sha256.Sum256([]byte("missing: " + why))}
	return d.put(d.raw, key, policy.Unreadable(kind, why))
}

// indented is how documents are laid out; what is in them stays as it is. These
// are the options of [jsontext.Value.Indent], which would copy twice.
var indented = []jsontext.Options{
	jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true),
	jsontext.Multiline(true), jsontext.WithIndent("  "),
}

// DocumentText returns the text of a document, or why there is none. An object
// is indented afresh, so that its lines count from its own beginning and the
// same document is the same text at any depth of any file.
func DocumentText(raw jsontext.Value) (text []byte, why string) {
	switch raw.Kind() {
	case jsontext.KindBeginObject:
		if why, ok := unknownBecause(raw); ok {
			return nil, why
		}
		text, err := jsontext.AppendFormat(nil, raw, indented...)
		if err != nil {
			return raw, "" // the parser of policies explains it better
		}
		return text, ""
	case jsontext.KindString:
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil, "the policy document is not valid UTF-8 text"
		}
		return unescape(text)
	case jsontext.KindInvalid, jsontext.KindNull:
		return nil, "the snapshot does not hold the policy document"
	}
	return nil, "a policy document is an object, or a text that holds one"
}

// unescape undoes the URL-encoding in which IAM returns documents. Text that
// begins like JSON has been decoded already.
func unescape(text []byte) ([]byte, string) {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return nil, "the policy document is an empty text"
	case trimmed[0] == '{':
		return text, ""
	}
	// RFC 3986, as IAM says: a '+' is a plus sign, not a space.
	s, err := url.PathUnescape(string(text))
	if err != nil {
		msg := strings.TrimPrefix(err.Error(), "invalid URL escape ")
		return nil, "the policy document is neither JSON nor URL-encoded JSON: broken escape " + msg
	}
	return []byte(s), ""
}

// unknownKey is the only member of an object that stands in place of a document
// that is there, but not known. No policy has an element of this name.
const unknownKey = "UnknownBecause"

// UnknownDocument returns what stands in place of a document that is there, but
// whose content is not known: {"UnknownBecause": why}. The inventory carries it
// as an unreadable one, with why as its fault.
func UnknownDocument(why string) jsontext.Value {
	b, err := json.Marshal(map[string]string{unknownKey: why})
	if err != nil { // why is not UTF-8
		b, _ = json.Marshal(map[string]string{unknownKey: why}, jsontext.AllowInvalidUTF8(true))
	}
	return b
}

func unknownBecause(raw jsontext.Value) (why string, ok bool) {
	if !bytes.Contains(raw[:min(len(raw), 64)], []byte(unknownKey)) {
		return "", false
	}
	var m map[string]string
	if json.Unmarshal(raw, &m) != nil || len(m) != 1 {
		return "", false
	}
	why, ok = m[unknownKey]
	return cmp.Or(why, "the policy document is not known"), ok
}
