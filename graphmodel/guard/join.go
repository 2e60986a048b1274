package guard

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// united puts tests of one kind among alternatives together, as joined does with blocks, so
// that however many there are they count as one.
func united(list []*Expr) []*Expr {
	type kind struct{ operator, key string }
	at := map[kind]int{}
	out := make([]*Expr, 0, len(list))
	for _, e := range list {
		if e.op != opAtom || !anyValueDoes(e.cond.Operator.String()) || hasVariable(e.cond.Values) {
			out = append(out, e)
			continue
		}
		k := kind{e.cond.Operator.String(), e.cond.LowerKey()}
		if i, known := at[k]; known {
			out[i] = Atom(policy.NewCondition(k.operator, out[i].cond.Key, sortedUnion(out[i].cond.Values, e.cond.Values)))
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	return out
}

// joined puts alternatives together that differ in the values of one test: any
// value of a test will do, so one test with the values of both says the same
// (E46).
func joined(list Blocks) Blocks {
	for i := 0; i < len(list); i++ {
		for j := i + 1; j < len(list); j++ {
			if b, ok := join2(list[i], list[j]); ok {
				list[i] = b
				list = slices.Delete(list, j, j+1)
				i = -1 // it may now go together with one before
				break
			}
		}
	}
	return list
}

// join2 joins two blocks.
func join2(x, y Block) (Block, bool) {
	if len(x) != len(y) {
		return nil, false
	}
	at := -1
	for i := range x {
		if compareTests(x[i], y[i]) == 0 {
			continue
		}
		if at >= 0 || x[i].Operator != y[i].Operator || x[i].Key != y[i].Key || !anyValueDoes(x[i].Operator) {
			return nil, false
		}
		at = i
	}
	if at < 0 {
		return nil, false
	}
	out := slices.Clone(x)
	out[at].Values = sortedUnion(x[at].Values, y[at].Values)
	return out, true
}

// anyValueDoes reports whether a test holds when one of its values does; of
// negated tests none may, and a set can be covered by several together.
func anyValueDoes(operator string) bool {
	op := strings.ToLower(operator)
	for _, other := range []string{"not", "null", "forallvalues:"} {
		if strings.Contains(op, other) {
			return false
		}
	}
	return true
}
