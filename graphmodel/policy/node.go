package policy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is a JSON value with its place. Reading into nodes first keeps the
// rules of the policy language apart from those of JSON.
type node struct {
	kind jsontext.Kind // '{', '[', '"', '0', 't', 'f', 'n'
	at   int           // byte offset of its first character
	end  int           // byte offset behind its last
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

// isText reports whether n is read as a text (E7).
func (n *node) isText() bool {
	return n.kind == '"' || n.kind == '0' || n.kind == 't' || n.kind == 'f'
}

// readNodes reads exactly one JSON value.
func readNodes(text string) (node, *syntaxError) {
	r := nodeReaders.get(text)
	defer nodeReaders.put(r)
	r.space = nil // the nodes stay
	n, err := r.document()
	if err != nil {
		r.space = nil
		if errors.Is(err, errBehindEnd) {
			rest := strings.TrimLeft(text[r.dec.InputOffset():], " \t\r\n")
			if _, err = r.dec.ReadToken(); err == nil {
				return node{}, &syntaxError{at: len(text) - len(rest), msg: behindEnd}
			}
		}
		return node{}, newSyntaxError([]byte(text), &r.dec, err)
	}
	r.space = nil
	return n, nil
}

var errBehindEnd = errors.New("text behind the end")

// A nodeReader reads nodes from a decoder.
type nodeReader struct {
	dec   jsontext.Decoder
	from  bytes.Buffer
	text  string
	stack []node
	space []node // where nodes are put; its length is what is used
}

// document reads exactly one value.
func (r *nodeReader) document() (node, error) {
	n, err := r.readNode(0)
	if err != nil {
		return node{}, err
	}
	for _, c := range []byte(r.text[r.dec.InputOffset():]) {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return node{}, errBehindEnd
		}
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
	n := node{kind: kind, end: int(r.dec.InputOffset())}
	n.at = n.end - len(raw)
	switch {
	case kind != '"':
		n.text = r.text[n.at:n.end]
	case bytes.IndexByte(raw, '\\') < 0: // the decoder has seen that it is UTF-8
		n.text = r.text[n.at+1 : n.end-1]
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
	n.end = int(r.dec.InputOffset())
	children := r.stack[begin:]
	both := r.take(len(children))
	switch {
	case len(children) == 0:
	case kind == '[':
		n.vals = both
		copy(both, children)
	default: // keys and values in turn, as the decoder sees to
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

// take returns room for n nodes. When a piece is full the next one is begun;
// what lies in the old one stays where it is.
func (r *nodeReader) take(n int) []node {
	if len(r.space)+n > cap(r.space) {
		r.space = make([]node, 0, max(n, 2*cap(r.space), 16))
	}
	begin := len(r.space)
	r.space = r.space[:begin+n]
	return r.space[begin : begin+n : begin+n]
}

// nodeReaders keeps readers for the next document: what they need besides the
// document itself is most of what parsing a small one would allocate.
var nodeReaders nodePool

type nodePool struct{ sync.Pool }

func (p *nodePool) get(text string) *nodeReader {
	r, ok := p.Get().(*nodeReader)
	if !ok {
		r = new(nodeReader)
	}
	r.text = text
	r.from.Reset()
	r.from.WriteString(text)
	r.dec.Reset(&r.from)
	return r
}

// keptNodes and keptText are how much room a reader keeps.
const (
	keptNodes = 1 << 12
	keptText  = 64 << 10
)

// put takes a reader back, and with it the nodes that it has read.
func (p *nodePool) put(r *nodeReader) {
	r.text = ""
	if r.from.Cap() > keptText {
		r.from = bytes.Buffer{}
	}
	clear(r.space) // it would hold on to the texts of documents
	r.space, r.stack = r.space[:0], r.stack[:0]
	if cap(r.space) > keptNodes || cap(r.stack) > keptNodes {
		r.space, r.stack = nil, nil
	}
	p.Put(r)
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
