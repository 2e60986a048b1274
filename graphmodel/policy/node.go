package policy

import (
	"bytes"
	"fmt"

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
	dec := jsontext.NewDecoder(bytes.NewBuffer(text))
	n, err := readNode(dec, 0)
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

func readNode(dec *jsontext.Decoder, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	kind := dec.PeekKind()
	switch kind {
	case '{', '[':
		if _, err := dec.ReadToken(); err != nil {
			return node{}, err
		}
		n := node{kind: kind, at: int(dec.InputOffset()) - 1}
		for dec.PeekKind() != '}' && dec.PeekKind() != ']' {
			c, err := readNode(dec, depth+1)
			if err != nil {
				return node{}, err
			}
			if kind == '{' && len(n.keys) == len(n.vals) {
				n.keys = append(n.keys, c)
				continue
			}
			n.vals = append(n.vals, c)
		}
		_, err := dec.ReadToken()
		return n, err
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return node{}, err
	}
	n := node{kind: kind, at: int(dec.InputOffset()) - len(raw), text: string(raw)}
	if kind == '"' {
		b, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return node{}, err
		}
		n.text = string(b)
	}
	return n, nil
}

// A lineIndex turns offsets into places.
type lineIndex []int // offsets of line starts

func newLineIndex(text []byte) lineIndex {
	li := lineIndex{0}
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
