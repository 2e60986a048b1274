package policy

import (
	"strconv"
	"strings"
)

// Places finds where the parts of a document stand in its text. Looking up takes
// time O(depth × members); making it reads the text once more.
type Places struct {
	root  node
	lines lineIndex
}

// Places returns the places of d's parts.
func (d *Document) Places() *Places {
	p := &Places{lines: newLineIndex(d.text)}
	root, bad := readNodes(d.text)
	if bad != nil && bad.unbraced {
		root, _ = readUnbraced(d.text)
	}
	p.root = root
	return p
}

// At returns the place of what a JSON pointer names: of a member of an object
// its name, of an element of a list its value. When there is no such thing it
// is the place of the nearest thing around it.
func (p *Places) At(pointer string) Place {
	at, n := p.root.at, &p.root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, start := n.child(pointerUnescaper.Replace(token))
		if next == nil {
			break
		}
		at, n = start, next
	}
	return p.lines.place(at, pointer)
}

// Item returns the place of text i under an element that holds a bare text or a
// list of texts (E7).
func (p *Places) Item(pointer string, i int) Place {
	n := &p.root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, _ := n.child(pointerUnescaper.Replace(token))
		if next == nil {
			return p.At(pointer)
		}
		n = next
	}
	if n.kind != '[' || i >= len(n.vals) {
		return p.lines.place(n.at, pointer)
	}
	return p.lines.place(n.vals[i].at, itemPointer(pointer, i))
}

// child follows one token of a pointer; at is where what it names begins.
func (n *node) child(token string) (next *node, at int) {
	if n.kind == '[' {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.vals) {
			return nil, 0
		}
		return &n.vals[i], n.vals[i].at
	}
	for i := range n.vals {
		if i < len(n.keys) && n.keys[i].text == token {
			return &n.vals[i], n.keys[i].at
		}
	}
	return nil, 0
}

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
