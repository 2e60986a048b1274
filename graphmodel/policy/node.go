package policy

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is a JSON value with its place. Reading into nodes first keeps the
// rules of the policy language apart from those of JSON.
type node struct {
	kind jsontext.Kind // '{', '[', '"', '0', 't', 'f', 'n'
	at   int           // byte offset of its first character
	text string        // of a scalar: a string unquoted, others as written (E7)
	keys []node        // of an object, in order
	vals []node        // of an object or array
}

// shift moves the place of n by offset, as far as the start of the text.
func (n *node) shift(offset int) {
	n.at = max(n.at+offset, 0)
	for _, list := range [][]node{n.keys, n.vals} {
		for i := range list {
			list[i].shift(offset)
		}
	}
}

// name says what kind of value n is.
func (n *node) name() string {
	switch n.kind {
	case '{':
		return "a JSON object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	}
	return "null"
}

// quote shows a scalar, and names any other value.
func (n *node) quote() string {
	switch n.kind {
	case '{', '[', 'n':
		return n.name()
	}
	return quote(n.text)
}

// maxDepth bounds nesting. Policies nest five deep.
const maxDepth = 32

// readNodes reads exactly one JSON value.
func readNodes(text []byte) (node, *syntaxError) {
	r, _ := nodeReaders.Get().(*nodeReader)
	defer nodeReaders.Put(r)
	r.from = *bytes.NewBuffer(text)
	r.dec.Reset(&r.from)
	r.stack = r.stack[:0]
	dec := &r.dec
	n, err := r.readNode(0)
	if err != nil {
		return node{}, newSyntaxError(text, dec, err)
	}
	end := int(dec.InputOffset())
	if rest := bytes.TrimLeft(text[end:], " \t\r\n"); len(rest) > 0 {
		_, err := dec.ReadToken()
		if err == nil {
			return node{}, &syntaxError{at: len(text) - len(rest), msg: behindEnd}
		}
		return node{}, newSyntaxError(text, dec, err)
	}
	return n, nil
}

// readNode reads one value. Children wait on a stack until their number is
// known: growing a list for each array and object was a quarter of the time
// that parsing takes.
func (r *nodeReader) readNode(depth int) (node, error) {
	if depth > maxDepth {
		return node{}, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	kind := r.dec.PeekKind()
	switch kind {
	case '{', '[':
		return r.readContainer(kind, depth)
	}
	raw, err := r.dec.ReadValue()
	if err != nil {
		return node{}, err
	}
	n := node{kind: kind, at: int(r.dec.InputOffset()) - len(raw)}
	switch {
	case kind != '"':
		n.text = string(raw)
	case bytes.IndexByte(raw, '\\') < 0: // the decoder has seen that it is UTF-8
		n.text = shared(raw[1 : len(raw)-1])
	default:
		b, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return node{}, err
		}
		n.text = string(b)
	}
	return n, nil
}

func (r *nodeReader) readContainer(kind jsontext.Kind, depth int) (node, error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return node{}, err
	}
	n := node{kind: kind, at: int(r.dec.InputOffset()) - 1}
	begin := len(r.stack)
	for r.dec.PeekKind() != '}' && r.dec.PeekKind() != ']' {
		c, err := r.readNode(depth + 1)
		if err != nil {
			return node{}, err
		}
		r.stack = append(r.stack, c)
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return node{}, err
	}
	children := r.stack[begin:]
	switch {
	case len(children) == 0:
	case kind == '[':
		n.vals = slices.Clone(children)
	default: // keys and values in turn, as the decoder sees to
		both := make([]node, len(children))
		half := len(children) / 2
		n.keys, n.vals = both[:half:half], both[half:]
		for i := range half {
			n.keys[i], n.vals[i] = children[2*i], children[2*i+1]
		}
	}
	clear(children)
	r.stack = r.stack[:begin]
	return n, nil
}

// A nodeReader reads nodes from a decoder.
type nodeReader struct {
	dec   jsontext.Decoder
	from  bytes.Buffer
	stack []node
}

// nodeReaders keeps readers for the next document: what they need besides the
// document itself is most of what parsing a small one would allocate.
var nodeReaders = sync.Pool{New: func() any { return new(nodeReader) }}

// common are texts that stand in most policies, so that they are held once.
var common = func() map[string]string {
	m := make(map[string]string)
	for _, s := range []string{
		"Version", Version2012, Version2008, "Id", "Statement", "Sid", "Effect", "Allow", "Deny", "Action", "NotAction",
		"Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "AWS", "Service", "Federated", "*", "true", "false",
		"StringEquals", "StringLike", "ArnLike", "ArnEquals", "Bool", "sts:AssumeRole", "aws:SecureTransport",
	} {
		m[s] = s
	}
	return m
}()

// shared returns text as a string.
func shared(text []byte) string {
	if s, ok := common[string(text)]; ok {
		return s
	}
	return string(text)
}

// A lineIndex turns offsets into places.
type lineIndex []int // offsets of line starts

func newLineIndex(text []byte) lineIndex {
	li := make(lineIndex, 1, 1+bytes.Count(text, []byte{'\n'}))
	for i, c := range text {
		if c == '\n' {
			li = append(li, i+1)
		}
	}
	return li
}

func (li lineIndex) place(at int, pointer string) Place {
	lo, hi := 0, len(li)
	for hi-lo > 1 {
		if m := (lo + hi) / 2; li[m] <= at {
			lo = m
		} else {
			hi = m
		}
	}
	return Place{Line: lo + 1, Column: at - li[lo] + 1, Pointer: pointer}
}
