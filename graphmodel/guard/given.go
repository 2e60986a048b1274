package guard

import "pathfinder/graphmodel/policy"

// Given returns what e comes to where the keys have the values of ctx: tests that these
// decide are gone, those on keys that are open stay.
func (e *Expr) Given(ctx policy.Context) *Expr {
	switch e.op {
	case opAtom:
		switch e.cond.Test(ctx) {
		case policy.True:
			return True
		case policy.False:
			return False
		case policy.Unknown:
		}
	case opNot:
		return Not(e.args[0].Given(ctx))
	case opAnd, opOr:
		out, combine := True, And
		if e.op == opOr {
			out, combine = False, Or
		}
		for _, a := range e.args {
			out = combine(out, a.Given(ctx))
		}
		return out
	case opFalse, opTrue, opOpaque:
	}
	return e
}
