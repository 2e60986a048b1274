package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// oneByOne splits tests of several values of which some are variables, so that
// each compares two things.
func oneByOne(e *guard.Expr) *guard.Expr {
	return mapped(e, func(c *policy.Condition) *guard.Expr {
		if len(c.Values) < 2 || len(c.Variables()) == 0 || c.Operator.Set != policy.NoSet {
			return guard.Atom(*c)
		}
		out := guard.Of(c.Operator.Negated())
		for _, v := range c.Values {
			one := guard.Atom(policy.NewCondition(c.Operator.String(), c.Key, []string{v}))
			if c.Operator.Negated() {
				out = guard.And(out, one)
			} else {
				out = guard.Or(out, one)
			}
		}
		return out
	})
}

// loose reports whether the policies compare carried keys with each other in a
// way that is not followed: what they ask is then taken to be met.
func (s *step) loose() bool {
	carried := func(key string) bool {
		return slices.ContainsFunc(s.keys, func(k carriedKey) bool { return k.request == key || k.session == key })
	}
	for _, g := range []*guard.Expr{s.assume, s.tag, s.source} {
		tests, _ := g.Tests()
		for i := range tests {
			c := &tests[i]
			if !carried(c.LowerKey()) || !slices.ContainsFunc(c.Variables(), carried) {
				continue
			}
			followed := slices.ContainsFunc(s.keys, func(k carriedKey) bool {
				same, not := compared(c, k.request, k.session)
				return same && !not
			})
			if !followed {
				return true
			}
		}
	}
	return false
}

// substituted returns an expression in which the value of a session's key is
// known: tests that compare it with what is passed say so.
func substituted(e *guard.Expr, k *carriedKey, v policy.Value) *guard.Expr {
	return mapped(e, func(c *policy.Condition) *guard.Expr {
		if same, _ := compared(c, k.request, k.session); same && v.State == policy.Present && !c.Operator.IfExists {
			return test(strings.Replace(c.Operator.String(), "Like", "Equals", 1), k.request, v.One) // its stars are plain (E69)
		}
		return guard.Atom(*c)
	})
}

// otherThan returns an expression in which two keys are known to differ. Two
// open values that a policy demands to differ are taken to differ, whatever
// else is asked of them.
func otherThan(e *guard.Expr, key, from string) *guard.Expr {
	return mapped(e, func(c *policy.Condition) *guard.Expr {
		if same, not := compared(c, key, from); same {
			if c.Operator.IfExists { // may hold as well because the key is absent
				here := test("Null", c.LowerKey(), "true")
				return guard.Or(guard.Of(not), here)
			}
			return guard.Of(not)
		}
		return guard.Atom(*c)
	})
}

func mapped(e *guard.Expr, atom func(c *policy.Condition) *guard.Expr) *guard.Expr {
	return guard.Fold(e, guard.Algebra[*guard.Expr]{
		False: guard.False, True: guard.True, Opaque: guard.Opaque, And: guard.And, Or: guard.Or, Not: guard.Not, Atom: atom,
	})
}

// compared reports whether a test compares two keys, either way round.
func compared(c *policy.Condition, a, b string) (same, not bool) {
	other := map[string]string{a: b, b: a}[c.LowerKey()]
	if other == "" || len(c.Values) != 1 || !strings.EqualFold(c.Values[0], "${"+other+"}") {
		return false, false
	}
	name := strings.TrimSuffix(c.Operator.String(), "IfExists")
	return name == "StringEquals" || name == "StringLike" || name == "StringNotEquals" || name == "StringNotLike", c.Operator.Negated()
}

// prefixed returns an expression in which a text stands in front of the values of
// a key.
func prefixed(e *guard.Expr, key, prefix string) *guard.Expr {
	return mapped(e, func(c *policy.Condition) *guard.Expr {
		if c.LowerKey() != key || c.Operator.IsNull() {
			return guard.Atom(*c)
		}
		values := make([]string, len(c.Values))
		for i, v := range c.Values {
			values[i] = prefix + v
		}
		return guard.Atom(policy.NewCondition(c.Operator.String(), c.Key, values))
	})
}
