package policy_test

import (
	"testing"
	"time"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// open is a request of which nobody has said what aws:x holds; within narrows
// it when it is not "".
func open(within string) policy.Values {
	return policy.Values{"aws:x": {State: policy.Open, Within: arn.NewGlob(within)}, "aws:y": {State: policy.Open}}
}

func TestOpenKeys(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E219 an open key", operator: "StringEquals", values: v("1"), ctx: open(""), want: unknown},
		{name: "E219 negated", operator: "StringNotEquals", values: v("1"), ctx: open(""), want: unknown},
		{name: "E219 IfExists", operator: "StringEqualsIfExists", values: v("1"), ctx: open(""), want: unknown},
		{name: "E215 presence is open as well", operator: "Null", values: v("true"), ctx: open(""), want: unknown},
		{name: "E52 Null with both values does not ask", operator: "Null", values: v("true", "false"), ctx: open(""), want: yes},
		{name: "E219 set operators", operator: "ForAllValues:StringEquals", values: v("1"), ctx: open(""), want: unknown},
		{name: "E64 a list without set operator never holds", operator: "StringEquals", key: tagKeys, values: v("1"), ctx: policy.Values{"aws:tagkeys": {State: policy.Open}}, want: no},
		{name: "E64 negated it holds when absent", operator: "StringNotEquals", key: tagKeys, values: v("1"), ctx: policy.Values{"aws:tagkeys": {State: policy.Open}}, want: unknown},
		{name: "E64 with IfExists as well", operator: "StringEqualsIfExists", key: tagKeys, values: v("1"), ctx: policy.Values{"aws:tagkeys": {State: policy.Open}}, want: unknown},
		{name: "E219 an open variable", operator: "StringEquals", key: "aws:z", values: v("${aws:y}"), ctx: policy.Values{"aws:z": policy.Single("1"), "aws:y": {State: policy.Open}}, want: unknown},
		{name: "E46 another value settles it", operator: "StringEquals", key: "aws:z", values: v("${aws:y}", "1"), ctx: policy.Values{"aws:z": policy.Single("1"), "aws:y": {State: policy.Open}}, want: yes},
		{name: "E46 and negated", operator: "StringNotEquals", key: "aws:z", values: v("${aws:y}", "1"), ctx: policy.Values{"aws:z": policy.Single("1"), "aws:y": {State: policy.Open}}, want: no},
		{name: "E50 an absent key does not ask the variable", operator: "StringEquals", key: "aws:z", values: v("${aws:y}"), ctx: policy.Values{"aws:y": {State: policy.Open}}, want: no},
		{name: "E61 one value settles all", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("${aws:y}", "a"), ctx: policy.Values{"aws:tagkeys": policy.List(v("a")), "aws:y": {State: policy.Open}}, want: yes},
		{name: "E62 one value settles any", operator: "ForAnyValue:StringEquals", key: tagKeys, values: v("${aws:y}", "a"), ctx: policy.Values{"aws:tagkeys": policy.List(v("b", "a")), "aws:y": {State: policy.Open}}, want: yes},
		{name: "E61 one value leaves all open", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("${aws:y}", "a"), ctx: policy.Values{"aws:tagkeys": policy.List(v("b", "a")), "aws:y": {State: policy.Open}}, want: unknown},
	})
}

func TestOpenKeysWithin(t *testing.T) {
	const roles = "arn:aws:iam::111111111111:role/*"
	runConditions(t, []conditionTest{
		{name: "E219 no value within is equal", operator: "StringEquals", values: v("b"), ctx: open("a*"), want: no},
		{name: "E219 and negated", operator: "StringNotEquals", values: v("b"), ctx: open("a*"), want: yes},
		{name: "E219 some value within is equal", operator: "StringEquals", values: v("ab"), ctx: open("a*"), want: unknown},
		{name: "E219 each value within is equal", operator: "StringEquals", values: v("ab"), ctx: open("ab"), want: yes},
		{name: "E219 each value within is like it", operator: "StringLike", values: v("a*"), ctx: open("ab*"), want: yes},
		{name: "E219 negated", operator: "StringNotLike", values: v("a*"), ctx: open("ab*"), want: no},
		{name: "E219 some are", operator: "StringLike", values: v("abc*"), ctx: open("ab*"), want: unknown},
		{name: "E219 none is", operator: "StringLike", values: v("b*"), ctx: open("ab*"), want: no},
		{name: "E215 within means present", operator: "Null", values: v("false"), ctx: open("ab*"), want: yes},
		{name: "E51 so IfExists tests it", operator: "StringEqualsIfExists", values: v("b"), ctx: open("ab*"), want: no},
		{name: "E53 folded case is not reckoned with", operator: "StringEqualsIgnoreCase", values: v("AB"), ctx: open("ab"), want: unknown},
		{name: "E59 ARNs that cannot meet", operator: "ArnLike", values: v("arn:aws:iam::222222222222:role/*"), ctx: open(roles), want: no},
		{name: "E59 ARNs that can", operator: "ArnLike", values: v("arn:aws:iam::*:role/app"), ctx: open(roles), want: unknown},
		{name: "E59 ARNs that must, though not proven", operator: "ArnLike", values: v(roles), ctx: open(roles), want: unknown},
		{name: "E59 negated", operator: "ArnNotLike", values: v("arn:aws:iam::222222222222:role/*"), ctx: open(roles), want: yes},
		{name: "E54 numbers are not reckoned with", operator: "NumericEquals", values: v("5"), ctx: open("a*"), want: unknown},
		{name: "E61 nor sets", operator: "ForAllValues:StringEquals", values: v("b"), ctx: open("a*"), want: unknown},
		{name: "E72 a variable without value", operator: "StringEquals", values: v("${aws:none}"), ctx: open("a*"), want: no},
		{name: "E219 an open variable", operator: "StringEquals", values: v("${aws:y}"), ctx: open("a*"), want: unknown},
		{name: "E46 one of the values may", operator: "StringEquals", values: v("b", "ab"), ctx: open("a*"), want: unknown},
	})
}

// Resolve writes what is known into the values, and leaves out what nothing
// can equal.
func TestResolve(t *testing.T) {
	t.Parallel()
	ctx := present("aws:username", "ann", "aws:star", "a*${b}")
	ctx["aws:open"] = policy.Value{State: policy.Open}
	tests := []struct {
		name     string
		operator string
		version  string
		values   []string
		want     []string
	}{
		{name: "plain values stay", operator: "StringEquals", values: v("a", "b"), want: v("a", "b")},
		{name: "E68 known variables", operator: "StringEquals", values: v("x-${aws:username}"), want: v("x-ann")},
		{name: "E69 what they hold is escaped", operator: "StringLike", values: v("${aws:star}/*"), want: v("a${*}${$}{b}/*")},
		{name: "open ones stay", operator: "StringEquals", values: v("${aws:username}/${aws:open}"), want: v("ann/${aws:open}")},
		{name: "E70 escapes stay", operator: "StringLike", values: v("${*}?${$}"), want: v("${*}?${$}")},
		{name: "E71 defaults", operator: "StringEquals", values: v("${aws:none, 'd*'}"), want: v("d${*}")},
		{name: "E72 values without value go", operator: "StringEquals", values: v("${aws:none}", "a"), want: v("a")},
		{name: "E67 operators without variables keep their text", operator: "NumericEquals", values: v("${aws:none}"), want: v("${aws:none}")},
		{name: "an unclosed variable is plain text", operator: "StringLike", values: v("${aws*"), want: v("${$}{aws*")},
		{name: "an unnamed variable is plain text", operator: "StringLike", values: v("${}*"), want: v("${$}{}*")},
		{name: "E3 what is plain text under 2008 is escaped", operator: "StringLike", version: policy.Version2008, values: v("${aws:none}*"), want: v("${$}{aws:none}*")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			version := tt.version
			if version == "" {
				version = policy.Version2012
			}
			d := policy.Parse([]byte(`{"Version":"`+version+`","Statement":{`+allow+`,"Condition":{"`+tt.operator+`":{"aws:x":`+quoted(tt.values)+`}}}}`), policy.Identity)
			c := d.Statements[0].Conditions[0]
			got := c.Resolve(ctx)
			if quoted(got.Values) != quoted(tt.want) {
				t.Errorf("Resolve(%q) = %q, want %q", tt.values, got.Values, tt.want)
			}
			// It still says the same, of requests that agree with ctx.
			for _, s := range []string{"a", "ann", "a*${b}", "a*${b}/x", "d*", "${aws", "${aws:none}", "${}", "x-ann", "*"} {
				now := present("aws:x", s, "aws:username", "ann", "aws:star", "a*${b}", "aws:open", "a")
				if before, after := c.Test(now), got.Test(now); before != after {
					t.Errorf("for %q: %v before, %v after", s, before, after)
				}
			}
		})
	}
}

// A time of which is known how early it may be: what passed stays so.
func TestOpenKeysFrom(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	there, maybe := policy.Values{"aws:x": {State: policy.Open, Within: "*", From: day}}, policy.Values{"aws:x": {State: policy.Open, From: day}}
	runConditions(t, []conditionTest{
		{name: "E55 before a day that passed", operator: "DateLessThan", values: v("2026-10-31"), ctx: there, want: no},
		{name: "E55 before this very day", operator: "DateLessThan", values: v("2026-11-01"), ctx: there, want: no},
		{name: "E55 until this very day", operator: "DateLessThanEquals", values: v("2026-11-01"), ctx: there, want: unknown},
		{name: "E55 before a day to come", operator: "DateLessThan", values: v("2026-11-02"), ctx: there, want: unknown},
		{name: "E55 from a day on that passed", operator: "DateGreaterThan", values: v("2026-10-31"), ctx: there, want: yes},
		{name: "E55 from this very day on", operator: "DateGreaterThanEquals", values: v("2026-11-01"), ctx: there, want: yes},
		{name: "E55 after this very day", operator: "DateGreaterThan", values: v("2026-11-01"), ctx: there, want: unknown},
		{name: "E55 on a day that passed", operator: "DateEquals", values: v("2026-10-31"), ctx: there, want: no},
		{name: "E55 not on it", operator: "DateNotEquals", values: v("2026-10-31"), ctx: there, want: yes},
		{name: "E55 on a day to come", operator: "DateEquals", values: v("2026-11-02"), ctx: there, want: unknown},
		{name: "E55 a day that nobody can read", operator: "DateLessThan", values: v("soon"), ctx: there, want: no},
		{name: "E46 one of two days passed", operator: "DateLessThan", values: v("2026-10-31", "2026-11-02"), ctx: there, want: unknown},
		{name: "E46 both did", operator: "DateLessThan", values: v("2026-10-31", "2026-10-30"), ctx: there, want: no},
		{name: "E54 as seconds", operator: "NumericLessThan", values: v("1793491199"), ctx: there, want: no},
		{name: "E54 as seconds to come", operator: "NumericLessThan", values: v("1893491199"), ctx: there, want: unknown},
		{name: "E54 from a second on that passed", operator: "NumericGreaterThanEquals", values: v("1700000000"), ctx: there, want: yes},
		{name: "E50 an absent key is before nothing either", operator: "DateLessThan", values: v("2026-10-31"), ctx: maybe, want: no},
		{name: "E51 but meets IfExists", operator: "DateLessThanIfExists", values: v("2026-10-31"), ctx: maybe, want: unknown},
		{name: "E50 nor after anything", operator: "DateGreaterThan", values: v("2026-10-31"), ctx: maybe, want: unknown},
		{name: "E51 where it need not be there", operator: "DateGreaterThanIfExists", values: v("2026-10-31"), ctx: maybe, want: yes},
		{name: "E53 texts are not reckoned with", operator: "StringNotEquals", values: v("2026-10-31"), ctx: maybe, want: unknown},
		{name: "E61 nor sets", operator: "ForAllValues:DateLessThan", values: v("2026-10-31"), ctx: maybe, want: unknown},
	})
}

// A key may be known not to hold what some patterns cover.
func TestOpenKeysNever(t *testing.T) {
	ctx := func(within string) policy.Values {
		return policy.Values{"aws:x": {State: policy.Open, Within: arn.NewGlob(within), Never: func(g arn.Glob) bool {
			return arn.Covers(arn.NewGlob("a*"), g)
		}}}
	}
	runConditions(t, []conditionTest{
		{name: "E219 equal to what it never holds", operator: "StringEquals", values: v("ab"), ctx: ctx("*"), want: no},
		{name: "E219 and negated", operator: "StringNotEquals", values: v("ab"), ctx: ctx("*"), want: yes},
		{name: "E46 to several such values", operator: "StringLike", values: v("ab", "ac*"), ctx: ctx("*"), want: no},
		{name: "E46 one of them it may hold", operator: "StringLike", values: v("ab", "b*"), ctx: ctx("*"), want: unknown},
		{name: "E50 and it may be absent", operator: "StringNotEquals", values: v("ab"), ctx: ctx(""), want: yes},
		{name: "E51 with IfExists", operator: "StringEqualsIfExists", values: v("ab"), ctx: ctx(""), want: unknown},
		{name: "E53 folded case is not reckoned with", operator: "StringEqualsIgnoreCase", values: v("ab"), ctx: ctx("*"), want: unknown},
		{name: "E52 presence is told apart", operator: "Null", values: v("true"), ctx: ctx(""), want: unknown},
	})
}
