package snapshot

import (
	"bytes"
	"cmp"
	"hash/maphash"
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
	known    known
	share    *policy.Shared
	mu       sync.Mutex
	policies map[policyKey]*inventory.Policy
}

// A desk is what one worker reads documents on.
type desk struct {
	scratch []byte
	unsure  bool // documents need not be JSON
	broken  bool // one of them was not
	common  bool // the next one stands in many accounts, written alike
}

// isJSON reports whether a document is JSON; one that stands in many accounts,
// written alike, is looked at once.
func (d *documents) isJSON(raw jsontext.Value, common bool) bool {
	if !common {
		return raw.IsValid()
	}
	if d.known.get(byRaw, policy.KindInvalid, raw) != nil {
		return true
	}
	ok := raw.IsValid()
	if ok {
		d.known.put(byRaw, policy.KindInvalid, string(raw), new(policy.Document))
	}
	return ok
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
		known:    known{seed: maphash.MakeSeed()},
		share:    policy.NewShared(),
		policies: make(map[policyKey]*inventory.Policy),
	}
}

// parse reads a document in any of its three forms, or the one that a
// reference leads to. It never fails: what can't be read becomes an unreadable
// document. It is lost when the snapshot does not hold what is referred to.
func (d *documents) parse(raw jsontext.Value, kind policy.Kind, on *desk) (doc *policy.Document, lost bool) {
	to, ok := reference(raw)
	if !ok {
		return d.read(raw, kind, on), false
	}
	if doc := d.known.get(byName, kind, to[:]); doc != nil {
		return doc, false
	}
	held, ok := d.held[to]
	if !ok {
		return d.missing(kind, lostDocument(to)), true
	}
	return d.known.put(byName, kind, string(to[:]), d.read(held, kind, on)), false
}

// read parses a document that stands where it belongs. One that is an object
// without faults is known by its tokens, so that nothing else has to be done
// for the next like it; all others go the long way.
func (d *documents) read(raw jsontext.Value, kind policy.Kind, on *desk) *policy.Document {
	if on.common {
		if doc := d.known.get(byRaw, kind, raw); doc != nil {
			return doc
		}
	}
	folded, ok := fold(on.scratch[:0], raw)
	on.scratch = folded[:0]
	if ok {
		if doc := d.folded(folded, kind); doc != nil {
			if on.common {
				d.known.put(byRaw, kind, string(raw), doc)
			}
			return doc
		}
	}
	on.broken = on.broken || on.unsure && len(raw) > 0 && !raw.IsValid()
	if doc := d.known.get(byRaw, kind, raw); doc != nil {
		return doc
	}
	text, why := DocumentText(raw)
	if why != "" {
		return d.known.put(byRaw, kind, string(raw), policy.Unreadable(kind, why))
	}
	doc := d.known.get(byText, kind, text)
	if doc == nil {
		if folded, ok = fold(on.scratch[:0], text); ok && bytes.Equal(policy.Indent(folded), text) {
			doc = d.folded(folded, kind)
		}
		if doc == nil {
			doc = policy.Parse(text, kind)
		}
		doc = d.known.put(byText, kind, string(text), doc)
	}
	return d.known.put(byRaw, kind, string(raw), doc)
}

// folded returns the document with this text, which has no whitespace between
// its tokens; nil when it has faults.
func (d *documents) folded(text []byte, kind policy.Kind) *policy.Document {
	if doc := d.known.get(byTokens, kind, text); doc != nil {
		return doc
	}
	same := string(text)
	doc := policy.ParseSound(same, kind, d.share)
	if doc == nil {
		return nil
	}
	return d.known.put(byTokens, kind, same, doc)
}

func lostDocument(s sum) string {
	return "the snapshot does not hold the policy document " + s.name() + ", which belongs into " + s.bucket() + ".json"
}

// managed returns the one Policy with this ARN, name and document.
func (d *documents) managed(arn, name string, doc *policy.Document, versions []inventory.PolicyVersion) *inventory.Policy {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := policyKey{arn, name, doc}
	p := d.policies[key]
	if p == nil {
		p = &inventory.Policy{Name: name, ARN: arn, Doc: doc, Versions: versions}
		d.policies[key] = p
	}
	return p
}

// missing returns the one unreadable document of a kind with this reason.
func (d *documents) missing(kind policy.Kind, why string) *policy.Document {
	return d.known.put(byReason, kind, why, policy.Unreadable(kind, why))
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
		return policy.Indent(raw), "" // the parser of policies explains better what is no JSON
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
