package policy

import (
	"iter"
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
	text := d.Text()
	p := &Places{lines: newLineIndex(text)}
	root, bad := readNodes(string(text))
	if bad != nil && bad.unbraced {
		root, _ = readUnbraced(string(text))
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

// Statement returns the place of a statement of the document.
func (p *Places) Statement(s *Statement) Place {
	n, pointer := p.statement(s)
	if n == nil {
		return p.At(pointer)
	}
	return p.lines.place(n.at, pointer)
}

// statement returns the node of a statement; nil when the text holds none.
func (p *Places) statement(s *Statement) (n *node, pointer string) {
	pointer = "/Statement"
	list, _ := p.root.child("Statement")
	if list == nil || list.kind != '[' {
		return list, pointer
	}
	n, _ = list.child(strconv.Itoa(s.Index))
	return n, pointer + "/" + strconv.Itoa(s.Index)
}

// Condition returns the place of a condition of a statement, which is that of
// its key.
func (p *Places) Condition(s *Statement, c *Condition) Place {
	n, at := p.statement(s)
	left := 0
	for left < len(s.Conditions) && &s.Conditions[left] != c {
		left++
	}
	for block, pointer := range conditionBlocks(n, at) {
		if left < len(block.keys) {
			return p.lines.place(block.keys[left].at, pointer+"/"+pointerEscaper.Replace(block.keys[left].text))
		}
		left -= len(block.keys)
	}
	return p.Statement(s)
}

// conditionBlocks yields the operator blocks of a statement whose conditions
// were read, with their pointers.
func conditionBlocks(n *node, at string) iter.Seq2[*node, string] {
	return func(yield func(*node, string) bool) {
		if n == nil {
			return
		}
		for i := range n.keys {
			if n.keys[i].text != "Condition" {
				continue
			}
			all, seen := &n.vals[i], make(map[Operator]bool)
			for k := range all.keys {
				op, ok := ParseOperator(all.keys[k].text)
				if !ok || seen[op] || all.vals[k].kind != '{' {
					continue
				}
				seen[op] = true
				if !yield(&all.vals[k], pointer(at+"/Condition", all.keys[k].text)) {
					return
				}
			}
		}
	}
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

// resource returns the place of resource pattern i of a statement.
func (p *Places) resource(s *Statement, i int) Place {
	n, at := p.statement(s)
	if n == nil {
		return p.At(at)
	}
	list := at + "/" + not("Resource", s.NotResource)
	for k := range n.keys {
		if name := n.keys[k].text; name != "Resource" && name != "NotResource" {
			continue
		}
		val := &n.vals[k]
		items, index := val.vals, 0
		if val.kind != '[' {
			items, index = n.vals[k:k+1], -1
		}
		for m := range items {
			if !items[m].isText() {
				continue
			}
			if i == 0 {
				return p.lines.place(items[m].at, itemPointer(list, index+m))
			}
			i--
		}
	}
	return p.Statement(s)
}
