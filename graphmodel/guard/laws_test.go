package guard_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Conditions are drawn over a few keys and near values, so that they meet,
// exclude and cover each other.
var (
	genAtom = rapid.OneOf(
		genCondition("aws:PrincipalTag/team", []string{
			"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringEqualsIfExists",
			"StringNotEqualsIfExists", "StringLikeIfExists", "ForAllValues:StringEquals", "Null",
		}, []string{"red", "blue", "Red", "r*", "*e*", "true", "${*}", "${aws:username}"}),
		genCondition("aws:MultiFactorAuthPresent", []string{"Bool", "BoolIfExists", "Null"}, []string{"true", "false"}),
		genCondition("aws:SourceIp", []string{"IpAddress", "NotIpAddress", "IpAddressIfExists", "StringLike"}, []string{
			"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "203.0.113.0/24",
		}),
		genCondition("aws:MultiFactorAuthAge", []string{
			"NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals",
			"NumericLessThanIfExists", "Null",
		}, []string{"5", "7", "7.0", "10"}),
		genCondition("aws:CurrentTime", []string{"DateLessThan", "DateGreaterThan", "DateGreaterThanEquals", "DateEquals"}, []string{
			"2026", "2026-01-31", "2026-01-31T10:00:00Z", "1767225600",
		}),
		genCondition("aws:TagKeys", []string{
			"ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringNotEquals",
			"ForAnyValue:StringLikeIfExists", "Null", "StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringLike",
		}, []string{"a", "b", "a*", "true", "false"}),
	)
	requests = map[string][]string{
		"aws:principaltag/team":      {"red", "blue", "Red", "green", "*", "r*", "true", ""},
		"aws:multifactorauthpresent": {"true", "false"},
		"aws:sourceip":               {"10.1.2.3", "10.1.9.9", "10.2.0.1", "203.0.113.9", "8.8.8.8"},
		"aws:multifactorauthage":     {"4", "5", "6", "7", "8.5", "10", "11"},
		"aws:currenttime":            {"2025-12-31T00:00:00Z", "2026-01-01", "2026-01-31T10:00:00Z", "1767225600", "2030"},
		"aws:username":               {"red", "ann", "a*"},
	}
)

func genCondition(key string, operators, values []string) *rapid.Generator[*guard.Expr] {
	return rapid.Custom(func(t *rapid.T) *guard.Expr {
		op := rapid.SampledFrom(operators).Draw(t, "operator")
		from := values
		if op == "Null" {
			from = []string{"true", "false"}
		}
		return atom(op, key, rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 2, rapid.ID).Draw(t, "values")...)
	})
}

// exprs draws expressions up to a depth; opaque terms stand in for what can't
// be written.
func exprs(depth int, opaque bool) *rapid.Generator[*guard.Expr] {
	return rapid.Custom(func(t *rapid.T) *guard.Expr {
		top := 5
		if depth == 0 {
			top = 1
		}
		switch rapid.IntRange(0, top).Draw(t, "kind") {
		case 1:
			if opaque {
				return guard.Opaque(rapid.SampledFrom([]string{"p", "q"}).Draw(t, "opaque"))
			}
		case 2:
			return guard.Not(exprs(depth-1, opaque).Draw(t, "not"))
		case 3:
			return guard.And(exprs(depth-1, opaque).Draw(t, "left"), exprs(depth-1, opaque).Draw(t, "right"))
		case 4, 5:
			return guard.Or(exprs(depth-1, opaque).Draw(t, "left"), exprs(depth-1, opaque).Draw(t, "right"))
		}
		return genAtom.Draw(t, "atom")
	})
}

// contexts draws complete requests: each key absent or with a value.
var contexts = rapid.Custom(func(t *rapid.T) policy.Values {
	ctx := policy.Values{}
	keys := make([]string, 0, len(requests))
	for key := range requests {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if rapid.IntRange(0, 4).Draw(t, key) > 0 {
			ctx[key] = policy.Single(rapid.SampledFrom(requests[key]).Draw(t, "value"))
		}
	}
	if rapid.Bool().Draw(t, "aws:tagkeys") {
		ctx["aws:tagkeys"] = policy.List(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ab", "b", "c", ""}), 0, 3).Draw(t, "list"))
	}
	return ctx
})

// Law: And, Or and Not are min, max and the sign, whatever they fold.
func TestConnectives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := exprs(3, true).Draw(t, "a"), exprs(3, true).Draw(t, "b")
		ctx := contexts.Draw(t, "request")
		x, y := a.Eval(ctx), b.Eval(ctx)
		if got := guard.And(a, b).Eval(ctx); got != min(x, y) {
			t.Fatalf("%v and %v is %v", x, y, got)
		}
		if got := guard.Or(a, b).Eval(ctx); got != max(x, y) {
			t.Fatalf("%v or %v is %v", x, y, got)
		}
		if got := guard.Not(a).Eval(ctx); got != -x {
			t.Fatalf("not %v is %v", x, got)
		}
		if got := guard.Not(guard.Not(a)).Eval(ctx); got != x {
			t.Fatalf("not not %v is %v", x, got)
		}
	})
}

// Law: what is left of an expression where some keys are known comes out as the expression
// does where they have these values, and is decided where that is.
func TestGiven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, known, all := exprs(3, true).Draw(t, "e"), contexts.Draw(t, "known"), contexts.Draw(t, "request")
		left := e.Given(known)
		if got, want := left.Truth(), e.Eval(known); want != policy.Unknown && got != want {
			t.Fatalf("given all that it reads it is %v, want %v", got, want)
		}
		if got, want := left.Eval(known), e.Eval(known); got != want {
			t.Fatalf("in the same request it is %v, want %v", got, want)
		}
		if got, want := e.Given(policy.Values{}).Eval(all), e.Given(policy.Values{}).Given(all).Truth(); got != policy.Unknown && got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// Law: what Blocks writes is what the expression says. exact means equal for
// every request; inexact blocks still hold wherever the expression does; and a
// truth that is claimed is never contradicted.
func TestBlocksSayWhatTheExpressionSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := exprs(4, rapid.Bool().Draw(t, "with opaque terms")).Draw(t, "expression")
		list, truth, exact := e.Blocks()
		for range 8 {
			ctx := contexts.Draw(t, "request")
			want := e.Eval(ctx)
			switch {
			case truth != policy.Unknown:
				if want != truth && want != policy.Unknown || len(list) != 0 || !exact {
					t.Fatalf("Blocks claims %v (exact %v, %v), Eval says %v for %v", truth, exact, list, want, ctx)
				}
			case exact:
				// Eval does not see that an opaque term and its negation settle it.
				if got := listHolds(list, ctx); got != want && want != policy.Unknown {
					t.Fatalf("%v is %v, the expression is %v, for %v", list, got, want, ctx)
				}
			case list != nil && want == policy.True:
				if got := listHolds(list, ctx); got != policy.True {
					t.Fatalf("%v left out a term and is %v where the expression is true, for %v", list, got, ctx)
				}
			}
		}
	})
}

// Law: a block is written in one way only, and as a policy takes it.
func TestBlocksAreWellFormed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, _, _ := exprs(4, false).Draw(t, "expression").Blocks()
		for _, b := range list {
			seen, operators := map[string]bool{}, map[string]string{}
			for i, one := range b {
				name := one.Operator + " " + strings.ToLower(one.Key)
				if seen[name] {
					t.Fatalf("%v names %s twice", b, name)
				}
				seen[name] = true
				op, ok := policy.ParseOperator(one.Operator)
				if !ok {
					t.Fatalf("%v: there is no operator %q", b, one.Operator)
				}
				if was, ok := operators[op.String()]; ok && was != one.Operator {
					return // spelled in two ways: AWS reads it, our parser is strict
				}
				operators[op.String()] = one.Operator
				if i > 0 && b[i-1].Operator > one.Operator {
					t.Fatalf("%v is not sorted", b)
				}
			}
			reread(t, b)
		}
	})
}

// reread puts a block into a policy and reads it back.
func reread(t *rapid.T, b guard.Block) {
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":`+string(text)+`}}`), policy.Identity)
	if d.Damaged() {
		t.Fatalf("%s does not parse: %v", text, d.Faults)
	}
	var back guard.Block
	for _, c := range d.Statements[0].Conditions {
		back = append(back, guard.Test{Operator: c.Operator.String(), Key: c.Key, Values: c.Values})
	}
	ctx := contexts.Draw(t, "request")
	if got, want := blockHolds(back, ctx), blockHolds(b, ctx); got != want {
		t.Fatalf("%s is %v, it was %v, for %v", text, got, want, ctx)
	}
}

// Law: the same expression is written as the same bytes (house rule 19).
func TestBlocksAreDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := exprs(4, true).Draw(t, "expression")
		first, _, _ := e.Blocks()
		for range 3 {
			again, _, _ := e.Blocks()
			if first.String() != again.String() {
				t.Fatalf("once %v, once %v", first, again)
			}
		}
	})
}

// Law: All is And, one after the other, with the same terms in the same order.
func TestAllIsAnd(t *testing.T) {
	t.Parallel()
	written := func(e *guard.Expr) string {
		join := func(op string) func(a, b string) string {
			return func(a, b string) string { return "(" + a + op + b + ")" }
		}
		return guard.Fold(e, guard.Algebra[string]{
			False: "0", True: "1",
			Atom: func(c *policy.Condition) string {
				return c.Operator.String() + " " + c.LowerKey() + " " + strings.Join(c.Values, ",")
			},
			Opaque: func(q string) string { return "?" + q },
			And:    join("&"), Or: join("|"),
			Not: func(a string) string { return "!" + a },
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(exprs(1, true), 0, 40).Draw(t, "list")
		want := guard.True
		for _, e := range list {
			want = guard.And(want, e)
		}
		if got := guard.All(list); written(got) != written(want) {
			t.Fatalf("All is %s, And %s", written(got), written(want))
		}
	})
}
