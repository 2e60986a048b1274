package guard

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// A Test is one line of a condition block.
type Test struct {
	Operator string
	Key      string
	Values   []string
}

// A Block is a condition block: all its tests must hold. Tests are sorted by
// operator, then key; no operator, in one spelling, names a key twice. A block
// without tests holds for every request.
type Block []Test

// Blocks are alternatives: one of them must hold. No block at all means that
// there is no condition.
type Blocks []Block

// maxTerms bounds the alternatives that are written out. Beyond it an answer
// is no longer something a person reads, and the cost is exponential.
const maxTerms = 64

// conj is a conjunction of literals: atoms, opaque terms, and their negations.
type conj []*Expr

// Blocks writes e as alternatives of condition blocks. truth is False when no
// request can meet e, True when every request does (the list is then empty),
// and Unknown otherwise. exact is false when opaque terms were left out, or
// when there are too many alternatives to write: the list then holds an empty
// block, so that an open condition never looks like none.
func (e *Expr) Blocks() (list Blocks, truth policy.Truth, exact bool) {
	terms, ok := e.dnf()
	if !ok {
		return Blocks{Block{}}, policy.Unknown, false
	}
	terms = slices.DeleteFunc(terms, func(c conj) bool { return !satisfiable(c) })
	switch {
	case len(terms) == 0:
		return nil, policy.False, true
	case len(terms[0]) == 0:
		return nil, policy.True, true
	}
	exact = true
	for _, c := range terms {
		block, whole := c.block()
		exact = exact && whole
		list = append(list, block)
	}
	list = joined(list)
	slices.SortFunc(list, func(a, b Block) int { return slices.CompareFunc(a, b, compareTests) })
	return slices.CompactFunc(list, func(a, b Block) bool { return slices.CompareFunc(a, b, compareTests) == 0 }),
		policy.Unknown, exact
}

func compareTests(a, b Test) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key), slices.Compare(a.Values, b.Values))
}

// dnf multiplies out; ok is false beyond maxTerms.
func (e *Expr) dnf() (terms []conj, ok bool) {
	switch e.op {
	case opFalse:
		return nil, true
	case opTrue:
		return []conj{{}}, true
	case opAtom, opOpaque, opNot:
		return []conj{{e}}, true
	case opOr:
		for _, a := range united(e.args) {
			t, ok := a.dnf()
			if !ok {
				return nil, false
			}
			for _, c := range t {
				if terms = add(terms, c); len(terms) > maxTerms {
					return nil, false
				}
			}
		}
		return terms, true
	case opAnd:
		terms = []conj{{}}
		for _, a := range e.args {
			t, ok := a.dnf()
			if !ok {
				return nil, false
			}
			var product []conj
			for _, x := range terms {
				for _, y := range t {
					if c := merge(x, y); satisfiable(c) {
						if product = add(product, c); len(product) > maxTerms {
							return nil, false
						}
					}
				}
			}
			terms = product
		}
		return terms, true
	}
	return nil, false
}

func merge(x, y conj) conj {
	out := slices.Clone(x)
	for _, t := range y {
		if !slices.ContainsFunc(out, t.same) {
			out = append(out, t)
		}
	}
	return out
}

// add puts one more alternative into terms: not at all when another one covers
// it, in place of those that it covers, and joined with one that differs in one
// test and its complement. Time O(len(terms)) but for joins.
func add(terms []conj, c conj) []conj {
	for i, t := range terms {
		if covers(t, c) {
			return terms
		}
		if joined, ok := resolve(t, c); ok {
			return add(slices.Delete(terms, i, i+1), joined)
		}
	}
	terms = slices.DeleteFunc(terms, func(t conj) bool { return covers(c, t) })
	return append(terms, c)
}

// covers reports whether x holds whenever y does, because it asks for less.
func covers(x, y conj) bool {
	for _, t := range x {
		if !slices.ContainsFunc(y, t.same) {
			return false
		}
	}
	return true
}

// resolve joins (a ∧ t) ∨ (a ∧ ¬t) to a.
func resolve(x, y conj) (conj, bool) {
	if len(x) != len(y) {
		return nil, false
	}
	at := -1
	for i, t := range x {
		if !slices.ContainsFunc(y, t.same) {
			if at >= 0 {
				return nil, false
			}
			at = i
		}
	}
	if at < 0 {
		return nil, false
	}
	opposite := Not(x[at])
	for _, t := range y {
		if opposite.same(t) {
			return slices.Delete(slices.Clone(x), at, at+1), true
		}
	}
	return nil, false
}

// block writes a conjunction; whole is false when a literal was left out.
func (c conj) block() (b Block, whole bool) {
	whole = true
	for _, t := range c {
		if t.op != opAtom || !b.add(t.cond) {
			whole = false
		}
	}
	slices.SortFunc(b, compareTests)
	return b, whole
}

// add puts a condition into the block, and reports whether there was room.
// Policy language takes a key once an operator, so a second test of the same
// kind is merged, or spelled in another way that means the same.
func (b *Block) add(c *policy.Condition) bool {
	op, name := c.Operator, c.Operator.String()
	at := func(name string) int {
		return slices.IndexFunc(*b, func(t Test) bool { return t.Operator == name && strings.EqualFold(t.Key, c.Key) })
	}
	i := at(name)
	if i < 0 {
		*b = append(*b, Test{name, c.Key, slices.Clone(c.Values)})
		return true
	}
	t := &(*b)[i]
	exact := name == "StringEquals" || name == "StringEqualsIfExists" || name == "ForAllValues:StringEquals"
	switch {
	case op.Negated() && op.Set != policy.ForAnyValue: // NOR (E46, E63)
		t.Values = sortedUnion(t.Values, c.Values)
		return true
	case exact && !hasVariable(t.Values) && !hasVariable(c.Values):
		t.Values = slices.DeleteFunc(t.Values, func(v string) bool { return !slices.Contains(c.Values, v) })
		return true
	}
	spellings := []string{strings.ToLower(name), strings.ToUpper(name)} // E47
	if op.Set == policy.NoSet && !op.IsNull() && !policy.Multivalued(c.LowerKey()) {
		spellings = slices.Insert(spellings, 0, "ForAnyValue:"+name) // E65
	}
	for _, spelling := range spellings {
		if at(spelling) < 0 {
			*b = append(*b, Test{spelling, c.Key, slices.Clone(c.Values)})
			return true
		}
	}
	return false
}

// hasVariable reports whether a value is not its own plain text.
func hasVariable(values []string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return strings.Contains(s, "${") })
}

func sortedUnion(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
