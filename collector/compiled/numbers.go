package compiled

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// numbers gives documents and managed policies their numbers, from 1, in the
// order in which they stand in the inventory. Once that is done they are only
// read.
type numbers struct {
	documentNo map[*policy.Document]int
	documents  []*policy.Document
	byContent  map[contentKey]int // while documents are numbered
	policyNo   map[*inventory.Policy]int
	policies   []*inventory.Policy
}

// A contentKey is what a document says and where it hangs, which decides how it
// is read.
type contentKey struct {
	kind policy.Kind
	form byte
	sum  [sha256.Size]byte
}

// The forms of a document.
const (
	formText       = iota // the text it is read from
	formUnreadable        // why there is none
	formSound             // the text of a document without faults, without whitespace between tokens
)

// newNumbers numbers everything in an inventory.
func newNumbers(inv *inventory.Inventory) *numbers {
	n := &numbers{documentNo: map[*policy.Document]int{}, byContent: map[contentKey]int{}, policyNo: map[*inventory.Policy]int{}}
	if inv.Organization != nil {
		eachUnit(inv.Organization.Root, nil, func(u, _ *inventory.Unit) { n.addManaged(u.SCPs, u.RCPs) })
	}
	for _, a := range inv.Accounts {
		n.addManaged(a.SCPs, a.RCPs)
		h := a.Held()
		for _, g := range h.Groups {
			n.addInline(g.Inline)
			n.addManaged(g.Attached)
		}
		n.addManaged(h.Policies)
		for _, p := range a.Principals() {
			n.addInline(p.Inline)
			n.addManaged(p.Attached, []*inventory.Policy{p.Boundary})
			n.addDocument(p.Trust)
		}
		for _, r := range h.Resources {
			n.addDocument(r.Policy)
		}
	}
	n.byContent = nil // it is as large as all other tables together
	return n
}

// eachUnit visits a tree of units from its root, parents first.
func eachUnit(u, parent *inventory.Unit, visit func(u, parent *inventory.Unit)) {
	if u == nil {
		return
	}
	visit(u, parent)
	for _, c := range u.Units {
		eachUnit(c, u, visit)
	}
}

func (n *numbers) addInline(list []*inventory.Policy) {
	for _, p := range list {
		n.addDocument(p.Doc)
	}
}

func (n *numbers) addManaged(lists ...[]*inventory.Policy) {
	for _, p := range slices.Concat(lists...) {
		if p == nil || n.policyNo[p] > 0 {
			continue
		}
		n.addDocument(p.Doc)
		for i := range p.Versions {
			n.addDocument(p.Versions[i].Doc)
		}
		n.policies = append(n.policies, p)
		n.policyNo[p] = len(n.policies)
	}
}

func (n *numbers) addDocument(d *policy.Document) {
	if d == nil || n.documentNo[d] > 0 {
		return
	}
	form, content := contentOf(d)
	key := contentKey{d.Kind, form, sha256.Sum256(content)}
	if n.byContent[key] == 0 {
		n.documents = append(n.documents, d)
		n.byContent[key] = len(n.documents)
	}
	n.documentNo[d] = n.byContent[key]
}

// contentOf returns what is kept of a document.
func contentOf(d *policy.Document) (form byte, content []byte) {
	if text, ok := d.Sound(); ok {
		return formSound, []byte(text)
	}
	if len(d.Text()) == 0 && len(d.Faults) == 1 && len(d.Statements) == 0 {
		return formUnreadable, []byte(d.Faults[0].Message)
	}
	return formText, d.Text()
}

// check refuses documents that are not what their text says: nothing but a
// program that made them by hand has such.
func (n *numbers) check() error {
	for _, d := range n.documents {
		if form, content := contentOf(d); form != formUnreadable && len(content) == 0 {
			return fmt.Errorf("BUG: a %s has no text", d.Kind)
		}
	}
	return nil
}

// document returns the number of a document, 0 for none.
func (n *numbers) document(d *policy.Document) int { return n.documentNo[d] }

// policy returns the number of a managed policy, 0 for none.
func (n *numbers) policy(p *inventory.Policy) int { return n.policyNo[p] }
