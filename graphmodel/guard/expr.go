package guard

import (
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/policy"
)

// An Expr is a boolean expression over conditions.
type Expr struct {
	op   op
	cond *policy.Condition // of an atom
	name string            // of an atom or opaque term: equal names, equal meaning
	args []*Expr
}

type op uint8

const (
	opFalse op = iota
	opTrue
	opAtom
	opOpaque
	opAnd
	opOr
	opNot // of an opaque term only
)

// The constants. They are the only expressions of their kind, so that == works.
var (
	False = &Expr{op: opFalse}
	True  = &Expr{op: opTrue}
)

// Of returns True or False.
func Of(b bool) *Expr {
	if b {
		return True
	}
	return False
}

// Atom returns the expression that holds when c does. Variables that are known
// must have been filled in. A test left without values is folded as far as it
// goes: nothing compares with no value (E72).
func Atom(c policy.Condition) *Expr {
	if op := c.Operator; len(c.Values) == 0 && op.Set == policy.NoSet && !op.IsNull() && !policy.Multivalued(c.LowerKey()) {
		switch {
		case op.Negated():
			return True
		case !op.IfExists:
			return False
		}
		c = policy.NewCondition("Null", c.Key, []string{"true"})
	}
	return &Expr{op: opAtom, cond: &c, name: c.Operator.String() + "\x00" + c.LowerKey() + "\x00" + strings.Join(c.Values, "\x00")}
}

// Opaque returns a term that policy language can't express; why tells a person
// what it is about.
func Opaque(why string) *Expr { return &Expr{op: opOpaque, name: why} }

// Truth returns True or False for the constants, and Unknown otherwise.
func (e *Expr) Truth() policy.Truth {
	switch e {
	case True:
		return policy.True
	case False:
		return policy.False
	}
	return policy.Unknown
}

// Open reports whether e is neither True nor False.
func (e *Expr) Open() bool { return e != True && e != False }

// And returns the conjunction of a and b.
func And(a, b *Expr) *Expr {
	switch {
	case a == False || b == False:
		return False
	case a == True || a == b:
		return b
	case b == True:
		return a
	}
	return join(opAnd, a, b)
}

// Or returns the disjunction of a and b.
func Or(a, b *Expr) *Expr {
	switch {
	case a == True || b == True:
		return True
	case a == False || a == b:
		return b
	case b == False:
		return a
	}
	return join(opOr, a, b)
}

// All returns the conjunction of a list. Time O(terms), where And, one after the
// other, would copy what there is for each.
func All(list []*Expr) *Expr {
	return flatten(opAnd, list)
}

// join flattens nested terms of one operator and drops repeated atoms.
func join(o op, a, b *Expr) *Expr { return flatten(o, []*Expr{a, b}) }

// flatten joins terms by And or Or.
func flatten(o op, list []*Expr) *Expr {
	zero, one := False, True
	if o == opOr {
		zero, one = True, False
	}
	var args []*Expr
	for _, e := range list {
		switch {
		case e == zero:
			return zero
		case e == one:
		case e.op == o:
			args = append(args, e.args...)
		default:
			args = append(args, e)
		}
	}
	args = distinct(args)
	switch len(args) {
	case 0:
		return one
	case 1:
		return args[0]
	}
	return &Expr{op: o, args: args}
}

// fewTerms is up to how many terms it is faster to compare each with each.
const fewTerms = 16

// distinct drops the terms that are the same as one before.
func distinct(list []*Expr) []*Expr {
	out := list[:0:len(list)]
	if len(list) <= fewTerms {
		for _, t := range list {
			if !slices.ContainsFunc(out, t.same) {
				out = append(out, t)
			}
		}
		return out
	}
	seen := make(map[termKey]bool, len(list))
	for _, t := range list {
		if k := t.key(); !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out
}

// A termKey is equal for terms that are the same.
type termKey struct {
	not  bool
	op   op
	name string
	term *Expr // of those that are the same as themselves alone
}

func (e *Expr) key() termKey {
	switch e.op {
	case opAtom, opOpaque:
		return termKey{op: e.op, name: e.name}
	case opNot:
		k := e.args[0].key()
		k.not = !k.not
		return k
	case opFalse, opTrue, opAnd, opOr:
	}
	return termKey{term: e}
}

// same reports whether two terms are the same atom or opaque term, or the
// negation of the same.
func (e *Expr) same(t *Expr) bool {
	switch {
	case e == t:
		return true
	case e.op != t.op:
		return false
	case e.op == opNot:
		return e.args[0].same(t.args[0])
	}
	return (e.op == opAtom || e.op == opOpaque) && e.name == t.name
}

// Not returns the negation of e.
func Not(e *Expr) *Expr {
	switch e.op {
	case opTrue:
		return False
	case opFalse:
		return True
	case opAtom:
		all, ok := e.cond.Complement()
		if !ok {
			return &Expr{op: opNot, args: []*Expr{e}}
		}
		out := True
		for _, c := range all {
			out = And(out, Atom(c))
		}
		return out
	case opOpaque:
		return &Expr{op: opNot, args: []*Expr{e}}
	case opAnd, opOr:
		out, combine := True, And
		if e.op == opAnd {
			out, combine = False, Or
		}
		for _, a := range e.args {
			out = combine(out, Not(a))
		}
		return out
	case opNot:
		return e.args[0]
	}
	return False
}

// Eval returns the truth of e when the keys have the values of ctx. Opaque
// terms are Unknown.
func (e *Expr) Eval(ctx policy.Context) policy.Truth {
	switch e.op {
	case opTrue:
		return policy.True
	case opFalse:
		return policy.False
	case opAtom:
		return e.cond.Test(ctx)
	case opOpaque:
		return policy.Unknown
	case opNot:
		return -e.args[0].Eval(ctx)
	case opAnd:
		t := policy.True
		for _, a := range e.args {
			t = min(t, a.Eval(ctx))
		}
		return t
	case opOr:
		t := policy.False
		for _, a := range e.args {
			t = max(t, a.Eval(ctx))
		}
		return t
	}
	return policy.Unknown
}

// Keys lists the condition keys that e depends on, as first written, sorted
// without case.
func (e *Expr) Keys() []string {
	seen := map[string]string{}
	e.walk(func(t *Expr) {
		if t.op == opAtom {
			if _, ok := seen[t.cond.LowerKey()]; !ok {
				seen[t.cond.LowerKey()] = t.cond.Key
			}
		}
	})
	keys := make([]string, 0, len(seen))
	for _, k := range seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return keys
}

// Reads reports whether e depends on a condition key; key is in lower case.
func (e *Expr) Reads(key string) (yes bool) {
	e.walk(func(t *Expr) { yes = yes || t.op == opAtom && t.cond.LowerKey() == key })
	return yes
}

// Values lists the policy values that e tests a key against, sorted; key is in
// lower case.
func (e *Expr) Values(key string) []string {
	var out []string
	e.walk(func(t *Expr) {
		if t.op == opAtom && t.cond.LowerKey() == key {
			out = append(out, t.cond.Values...)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// Reasons lists, sorted, why [Expr.Blocks] is not exact: the terms that policy
// language can't express, or else that there are too many alternatives.
func (e *Expr) Reasons() []string {
	out := e.inexpressible()
	if _, ok := e.dnf(); ok || len(out) > 0 {
		return out
	}
	return []string{"a condition of more than " + strconv.Itoa(maxTerms) + " alternatives on " + strings.Join(e.Keys(), ", ")}
}

func (e *Expr) inexpressible() []string {
	var out []string
	e.walk(func(t *Expr) {
		switch {
		case t.op == opOpaque:
			out = append(out, t.name)
		case t.op == opNot && t.args[0].op == opAtom:
			out = append(out, "the negation of "+t.args[0].cond.Operator.String()+" "+t.args[0].cond.Key)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *Expr) walk(f func(*Expr)) {
	f(e)
	for _, a := range e.args {
		a.walk(f)
	}
}
