package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a policy document of the given kind. It never fails: what is
// wrong is in the document's Faults, and what is broken never matches.
func Parse(text []byte, kind Kind) *Document {
	same := string(text)
	if d := parseSound(same, kind, nil); d != nil {
		return d
	}
	p := &parser{doc: &Document{Kind: kind, text: same}, lines: newLineIndex(text), stmt: -1}
	root, bad := readNodes(same)
	if bad != nil {
		p.faultAt(p.lines.place(bad.at, bad.ptr), Broken, "this is not JSON: %s", bad.msg)
		if root, ok := readUnbraced(same); ok && bad.unbraced {
			p.document(&root) // what else there is to say
		}
		return p.doc
	}
	p.document(&root)
	p.characters()
	return p.doc
}

// parseSound reads a document without faults; of any other it returns nil.
// That leaves out all that is there to tell places. With share, text has no
// whitespace.
func parseSound(text string, kind Kind, share *Shared) *Document {
	p := &parser{doc: &Document{Kind: kind, text: text, folded: share != nil}, stmt: -1, quick: true, share: share}
	r := nodeReaders.get(text)
	defer nodeReaders.put(r)
	root, err := r.document()
	if err != nil {
		return nil
	}
	p.document(&root)
	p.characters()
	if len(p.doc.Faults) > 0 {
		return nil
	}
	return p.doc
}

// Unreadable returns a document in place of one that could not be read at all,
// for example because the call that fetches it was denied.
func Unreadable(kind Kind, why string) *Document {
	return &Document{Kind: kind, Faults: []Fault{{
		Place: Place{Line: 1, Column: 1}, Severity: Broken, Statement: -1, Message: why,
	}}}
}

type parser struct {
	doc   *Document
	lines lineIndex
	stmt  int // index of the statement being read, or -1
	vars  bool
	room  []Statement // for those to come
	quick bool        // tell neither places nor reasons
	share *Shared     // of other documents, or nil
}

func (p *parser) fault(n *node, pointer string, sev Severity, format string, args ...any) {
	if p.quick {
		p.doc.Faults = append(p.doc.Faults, Fault{Severity: sev, Statement: p.stmt})
		return
	}
	p.faultAt(p.lines.place(n.at, pointer), sev, format, args...)
}

func (p *parser) faultAt(at Place, sev Severity, format string, args ...any) {
	p.doc.Faults = append(p.doc.Faults, Fault{
		Place: at, Severity: sev, Statement: p.stmt, Message: fmt.Sprintf(format, args...),
	})
}

// document reads the elements around the statements (E1).
func (p *parser) document(root *node) {
	if root.kind != '{' {
		why := "a policy is a JSON object with a Statement, not " + root.name()
		if root.kind == '"' && strings.HasPrefix(strings.TrimSpace(root.text), "{") {
			why += "; the object seems to stand inside a text: take off the outer quotes and the backslashes"
		}
		p.fault(root, "", Broken, "%s", why)
		return
	}
	var statement *node
	for i := range root.vals {
		key, val := root.keys[i].text, &root.vals[i]
		switch key {
		case "Version":
			p.version(val)
		case "Id":
			p.doc.ID = val.text
			if val.kind != '"' {
				p.fault(val, "/Id", Refused, "Id is a text, not %s", val.name())
			} else if p.doc.Kind == Identity {
				p.fault(&root.keys[i], "/Id", Refused, "an identity policy has no Id; use the policy's name")
			}
		case "Statement":
			statement = val
		default:
			p.fault(&root.keys[i], p.pointer("", key), Broken,
				"a policy has no element %s; it has Version, Id and Statement%s", quote(key), p.misplaced(key))
		}
	}
	p.vars = p.doc.Variables()
	switch {
	case statement == nil:
		p.fault(root, "", Broken, "the policy has no Statement, so it says nothing; add a list of statements")
	case statement.kind == '{':
		p.makeRoom(1)
		p.statement(statement, "/Statement")
	case statement.kind == '[':
		p.makeRoom(len(statement.vals))
		for i := range statement.vals {
			p.statement(&statement.vals[i], p.element("/Statement", i))
		}
		p.sids(statement)
	default:
		p.fault(statement, "/Statement", Broken, "Statement is an object or a list of objects, not %s", statement.name())
	}
	if p.doc.Unreadable() {
		for _, s := range p.doc.Statements {
			s.Broken = true
		}
	}
}

func (p *parser) version(val *node) {
	p.doc.Version = val.text
	if val.kind != '"' || val.text != Version2008 && val.text != Version2012 {
		p.fault(val, "/Version", Broken, "there is no policy version %s; write \"2012-10-17\", the version of the policy language", quote(val.text))
	}
}

// makeRoom makes room for n statements in one piece.
func (p *parser) makeRoom(n int) {
	p.room = make([]Statement, n)
	p.doc.Statements = make([]*Statement, 0, n)
}

// sids reports labels that stand twice (E4).
func (p *parser) sids(list *node) {
	if len(p.doc.Statements) < 2 {
		return
	}
	seen := make(map[string]bool, len(p.doc.Statements))
	for i, s := range p.doc.Statements {
		if s.Sid != "" && seen[s.Sid] {
			p.stmt = s.Index
			p.fault(&list.vals[i], p.element("/Statement", i), Refused, "the Sid %s stands twice; each statement needs its own, or none", quote(s.Sid))
		}
		seen[s.Sid] = true
	}
	p.stmt = -1
}

// statement reads one statement; everything about it that AWS would refuse and
// that leaves its meaning in doubt makes it broken (E11, E12).
func (p *parser) statement(n *node, at string) {
	s := &p.room[0]
	p.room, s.Index = p.room[1:], len(p.doc.Statements)
	p.doc.Statements = append(p.doc.Statements, s)
	p.stmt = s.Index
	defer func() { p.stmt = -1 }()
	before := len(p.doc.Faults)
	if n.kind != '{' {
		p.fault(n, at, Broken, "a statement is an object, not %s", n.name())
	} else if sid, why, ok := n.unknown(); ok {
		s.Sid = sid
		p.fault(n, at, Broken, "the statement is not known: %s", why)
	} else {
		e := p.elements(s, n, at)
		p.complete(s, n, at, e)
	}
	for _, f := range p.doc.Faults[before:] {
		s.Broken = s.Broken || f.Severity == Broken
	}
}

// present notes the keys of the elements that a statement has.
type present struct {
	effect, principal, notPrincipal, action, notAction, resource, notResource *node
}

func (p *parser) elements(s *Statement, n *node, at string) (e present) {
	for i := range n.vals {
		key, val := &n.keys[i], &n.vals[i]
		here := p.pointer(at, key.text)
		switch key.text {
		case "Sid":
			p.sid(s, val, here)
		case "Effect": // E5
			e.effect = key
			p.effect(s, val, here)
		case "Principal":
			e.principal = key
			p.principals(s, val, here)
		case "NotPrincipal":
			e.notPrincipal, s.NotPrincipal = key, true
			p.principals(s, val, here)
		case "Action":
			e.action = key
			p.actions(s, val, here)
		case "NotAction":
			e.notAction, s.NotAction = key, true
			p.actions(s, val, here)
		case "Resource":
			e.resource = key
			p.resources(s, val, here)
		case "NotResource":
			e.notResource, s.NotResource = key, true
			p.resources(s, val, here)
		case "Condition":
			p.conditions(s, val, here)
		default:
			p.fault(key, here, Broken, "a statement has no element %s%s", quote(key.text), didYouMean(key.text, elements))
		}
	}
	return e
}

// misplaced explains an element that stands outside of its statement.
func (p *parser) misplaced(key string) string {
	if slices.Contains(elements, key) {
		return "; move " + key + " into a statement"
	}
	return didYouMean(key, topElements)
}

// pointer appends the name of a member to a JSON pointer.
func (p *parser) pointer(at, token string) string {
	if p.quick {
		return ""
	}
	return pointer(at, token)
}

// element appends the index of an element to a JSON pointer.
func (p *parser) element(at string, i int) string {
	if p.quick {
		return ""
	}
	return at + "/" + strconv.Itoa(i)
}

// pointer appends a token to a JSON pointer.
func pointer(at, token string) string {
	return at + "/" + pointerEscaper.Replace(token)
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// UnknownElement stands, with the reason as its text, in place of the elements of
// a statement that is there, but not known: {"Sid": …, "UnknownBecause": why}.
// AWS has no element of this name; a collector writes it where a template or a
// plan leaves open what a statement says.
const UnknownElement = "UnknownBecause"

func (n *node) unknown() (sid, why string, ok bool) {
	for i := range n.keys {
		switch val := &n.vals[i]; {
		case val.kind != '"':
		case n.keys[i].text == "Sid":
			sid = val.text
		case n.keys[i].text == UnknownElement:
			why, ok = val.text, true
		}
	}
	return sid, why, ok
}
