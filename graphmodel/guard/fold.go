package guard

import "pathfinder/graphmodel/policy"

// An Algebra says what expressions are to become.
type Algebra[T any] struct {
	False, True T
	Atom        func(*policy.Condition) T
	Opaque      func(why string) T
	And, Or     func(a, b T) T
	Not         func(T) T
}

// Fold computes an expression in another algebra.
func Fold[T any](e *Expr, to Algebra[T]) T {
	switch e.op {
	case opTrue:
		return to.True
	case opAtom:
		return to.Atom(e.cond)
	case opOpaque:
		return to.Opaque(e.name)
	case opNot:
		return to.Not(Fold(e.args[0], to))
	case opAnd, opOr:
		out, join := to.True, to.And
		if e.op == opOr {
			out, join = to.False, to.Or
		}
		for _, a := range e.args {
			out = join(out, Fold(a, to))
		}
		return out
	case opFalse:
	}
	return to.False
}

// Tests lists the conditions that e depends on and the opaque terms in it, in
// the order in which they stand.
func (e *Expr) Tests() (tests []policy.Condition, opaque []string) {
	e.walk(func(t *Expr) {
		switch t.op {
		case opAtom:
			tests = append(tests, *t.cond)
		case opOpaque:
			opaque = append(opaque, t.name)
		case opFalse, opTrue, opAnd, opOr, opNot:
		}
	})
	return tests, opaque
}
