package policy_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

var genTruth = rapid.SampledFrom([]policy.Truth{policy.False, policy.Unknown, policy.True})

// Kleene's logic in numbers: AND is min, OR is max, NOT is the sign.
func TestKleeneLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := genTruth.Draw(t, "a"), genTruth.Draw(t, "b"), genTruth.Draw(t, "c")
		if -min(a, b) != max(-a, -b) || -max(a, b) != min(-a, -b) {
			t.Fatalf("De Morgan: %v, %v", a, b)
		}
		if min(a, max(b, c)) != max(min(a, b), min(a, c)) {
			t.Fatalf("distribution: %v, %v, %v", a, b, c)
		}
		if min(a, policy.True) != a || max(a, policy.False) != a || min(a, policy.False) != policy.False {
			t.Fatalf("neutral elements: %v", a)
		}
		// Learning what is unknown never turns over what was known.
		if known := min(a, b); known != policy.Unknown && a == policy.Unknown {
			for _, learned := range []policy.Truth{policy.False, policy.True} {
				if min(learned, b) != known {
					t.Fatalf("%v and %v was %v and became %v", a, b, known, min(learned, b))
				}
			}
		}
	})
	if policy.Of(true) != policy.True || policy.Of(false) != policy.False {
		t.Error("Of")
	}
	for v, want := range map[policy.Truth]string{policy.True: "true", policy.False: "false", policy.Unknown: "unknown", 7: "invalid"} {
		if v.String() != want {
			t.Errorf("%d is called %q, want %q", v, v, want)
		}
	}
}

// valuesByFamily holds policy and request values that an operator can read;
// what happens to others the tables say.
var valuesByFamily = map[string][]string{
	"String":  {"a", "b", "ab", "A", "a*", "?", "${aws:u}", "${aws:none}", "${*}", "${aws:none, 'b'}"},
	"Numeric": {"1", "2", "2.0", "-3", "10.5"},
	"Date":    {"2025", "2026-01-31", "2026-01-31T10:00:00Z", "2026-01-31T11:00:00+01:00", "1767225600"},
	"Bool":    {"true", "false"},
	"Null":    {"true", "false"},
	"Ip":      {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "::1", "2001:db8::/32"},
	"Arn":     {"arn:aws:iam::1:role/a", "arn:aws:iam::*:role/*", "arn:aws:iam::1:${aws:u}", "*", "arn:aws:iam::1:user/a"},
}

var requestsByFamily = map[string][]string{
	"String":  {"", "a", "b", "ab", "A", "a*", "*", "u"},
	"Numeric": {"1", "2", "2.0", "-3", "100"},
	"Date":    {"2025-01-01T00:00:00Z", "2026-01-31", "2026-01-31T10:00:00Z", "1767225600", "2030"},
	"Bool":    {"true", "false"},
	"Null":    {"", "a"},
	"Ip":      {"10.1.2.3", "10.2.0.1", "8.8.8.8", "::1", "2001:db8::7"},
	"Arn":     {"arn:aws:iam::1:role/a", "arn:aws:iam::2:role/b", "arn:aws:iam::1:u"},
}

func familyOf(operator string) string {
	name := strings.TrimPrefix(operator[strings.IndexByte(operator, ':')+1:], "Not")
	for family := range valuesByFamily {
		if strings.HasPrefix(name, family) {
			return family
		}
	}
	return ""
}

// A conditionCase is a condition with a request to test it against.
type conditionCase struct {
	condition policy.Condition
	ctx       policy.Values
}

func conditionCases() *rapid.Generator[conditionCase] {
	return rapid.Custom(func(t *rapid.T) conditionCase {
		operator := genOperator.Filter(func(s string) bool { return familyOf(s) != "" }).Draw(t, "operator")
		family := familyOf(operator)
		key := rapid.SampledFrom([]string{"aws:x", "aws:TagKeys"}).Draw(t, "key")
		values := rapid.SliceOfN(rapid.SampledFrom(valuesByFamily[family]), 1, 3).Draw(t, "values")
		request := rapid.SampledFrom(requestsByFamily[family])
		ctx := present("aws:u", "u")
		switch {
		case rapid.IntRange(0, 3).Draw(t, "absent") == 0:
		case key == "aws:x":
			ctx["aws:x"] = policy.Single(request.Draw(t, "value"))
		default:
			ctx["aws:tagkeys"] = policy.List(rapid.SliceOfN(request, 0, 3).Draw(t, "list"))
		}
		return conditionCase{policy.NewCondition(operator, key, values), ctx}
	})
}

// holds tests conditions that must all hold.
func holds(all []policy.Condition, ctx policy.Context) policy.Truth {
	t := policy.True
	for i := range all {
		t = min(t, all[i].Test(ctx))
	}
	return t
}

// Law: the complement of a condition holds exactly when the condition does not.
func TestComplement(t *testing.T) {
	t.Parallel()
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		cs := conditionCases().Draw(t, "case")
		all, ok := cs.condition.Complement()
		if !ok {
			return
		}
		found++
		c := cs.condition
		if got, want := holds(all, cs.ctx), -c.Test(cs.ctx); got != want {
			t.Fatalf("?%v %s=%q with %v is %v; its complement %v is %v", c.Operator, c.Key, c.Values, cs.ctx, -want, all, got)
		}
	})
	if found == 0 {
		t.Error("no condition had a complement")
	}
}

func TestComplementExamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, operator string
		values         []string
		want           []string // operators with their values; nil when there is none
	}{
		{name: "E50 positive and negated", operator: "StringEquals", values: v("a", "b"), want: v("StringNotEquals [a b]")},
		{name: "E50 and back", operator: "StringNotLike", values: v("a*"), want: v("StringLike [a*]")},
		{name: "E51 IfExists asks for the key", operator: "StringEqualsIfExists", values: v("a"), want: v("StringNotEquals [a]", "Null [false]")},
		{name: "E51 a negated one does so anyway", operator: "StringNotEqualsIfExists", values: v("a"), want: v("StringEquals [a]")},
		{name: "E56 Bool lets the key be absent", operator: "Bool", values: v("true"), want: v("BoolIfExists [false]")},
		{name: "E56 and back", operator: "BoolIfExists", values: v("false"), want: v("Bool [true]")},
		{name: "E54 an order", operator: "NumericLessThan", values: v("5"), want: v("NumericGreaterThanEqualsIfExists [5]")},
		{name: "E55 a date", operator: "DateGreaterThanEquals", values: v("2026"), want: v("DateLessThanIfExists [2026]")},
		{name: "E52 Null", operator: "Null", values: v("true"), want: v("Null [false]")},
		{name: "E58 ranges", operator: "NotIpAddress", values: v("10.0.0.0/8"), want: v("IpAddress [10.0.0.0/8]")},
		{name: "E63 for all", operator: "ForAllValues:StringLike", values: v("a*"), want: v("ForAnyValue:StringNotLike [a*]")},
		{name: "E63 for any", operator: "ForAnyValue:StringNotEquals", values: v("a"), want: v("ForAllValues:StringEquals [a]")},
		{name: "E62 for any, if it exists", operator: "ForAnyValue:StringEqualsIfExists", values: v("a"), want: v("ForAllValues:StringNotEquals [a]", "Null [false]")},
		{name: "an order with two values has none", operator: "NumericLessThan", values: v("5", "7")},
		{name: "an order with no number has none", operator: "NumericLessThan", values: v("ten")},
		{name: "Bool with both values has none", operator: "Bool", values: v("true", "false")},
		{name: "Bool with a variable has none", operator: "Bool", values: v("${aws:x}")},
		{name: "bytes have none", operator: "BinaryEquals", values: v("YQ==")},
		{name: "no value, no complement", operator: "StringEquals"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := policy.NewCondition(tt.operator, "aws:x", tt.values)
			all, ok := c.Complement()
			var got []string
			for _, one := range all {
				got = append(got, one.Operator.String()+" ["+strings.Join(one.Values, " ")+"]")
			}
			if ok != (tt.want != nil) || !slices.Equal(got, tt.want) {
				t.Errorf("Complement = %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
	t.Run("E64 a list without set operator has none", func(t *testing.T) {
		t.Parallel()
		c := policy.NewCondition("StringEquals", "aws:TagKeys", v("a"))
		if all, ok := c.Complement(); ok {
			t.Errorf("Complement = %v", all)
		}
	})
	t.Run("E3 what is plain text under 2008 stays so", func(t *testing.T) {
		t.Parallel()
		d := policy.Parse([]byte(`{"Statement":{`+allow+`,"Condition":{"StringEquals":{"aws:x":"${aws:u}"}}}}`), policy.Identity)
		all, ok := d.Statements[0].Conditions[0].Complement()
		if !ok || holds(all, present("aws:x", "ann", "aws:u", "ann")) != yes || holds(all, present("aws:x", "${aws:u}")) != no {
			t.Errorf("Complement = %v, %v", all, ok)
		}
	})
}

// Law: what a test says of an open key, it says of each value it can take.
func TestOpenNeverContradictsAValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cs := conditionCases().Draw(t, "case")
		key := cs.condition.LowerKey()
		open := policy.Values{"aws:u": policy.Single("u"), key: {State: policy.Open}}
		if value := cs.ctx[key]; value.State == policy.Present && !value.Multi {
			open[key] = policy.Value{State: policy.Open, Within: within(t, value.One)}
		}
		before, after := cs.condition.Test(open), cs.condition.Test(cs.ctx)
		if before != policy.Unknown && before != after {
			t.Fatalf("?%v %s=%q is %v for %v, but %v for %v", cs.condition.Operator, key, cs.condition.Values, before, open, after, cs.ctx)
		}
	})
}

// Law: opening a variable never contradicts its value either.
func TestOpenVariableNeverContradictsAValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cs := conditionCases().Draw(t, "case")
		open := policy.Values{"aws:u": {State: policy.Open}}
		for k, value := range cs.ctx {
			if k != "aws:u" {
				open[k] = value
			}
		}
		before, after := cs.condition.Test(open), cs.condition.Test(cs.ctx)
		if before != policy.Unknown && before != after {
			t.Fatalf("?%v %q is %v with an open variable, but %v for %v", cs.condition.Operator, cs.condition.Values, before, after, cs.ctx)
		}
	})
}

// Law: what a test says of all times from one on, it says of each of them.
func TestFromNeverContradictsALaterTime(t *testing.T) {
	t.Parallel()
	decided := 0
	rapid.Check(t, func(t *rapid.T) {
		cs := conditionCases().Filter(func(cs conditionCase) bool {
			f := familyOf(cs.condition.Operator.String())
			return f == "Date" || f == "Numeric" || f == "Null"
		}).Draw(t, "case")
		from := time.Unix(rapid.Int64Range(-4, 4).Draw(t, "seconds"), 0)
		if familyOf(cs.condition.Operator.String()) == "Date" {
			from, _ = policy.ParseDate(rapid.SampledFrom(valuesByFamily["Date"]).Draw(t, "from"))
		}
		key := cs.condition.LowerKey()
		some := policy.Value{State: policy.Open, From: from}
		if value := cs.ctx[key]; value.State == policy.Present {
			at, _ := policy.ParseDate(value.One)
			if n, err := strconv.ParseFloat(value.One, 64); err == nil && n < 10000 && familyOf(cs.condition.Operator.String()) == "Numeric" {
				at = time.Unix(int64(n), 0)
			}
			if value.Multi || at.Before(from) {
				return
			}
			some.Within = rapid.SampledFrom([]arn.Glob{"", "*"}).Draw(t, "within")
		}
		before, after := cs.condition.Test(policy.Values{"aws:u": policy.Single("u"), key: some}), cs.condition.Test(cs.ctx)
		if before != policy.Unknown {
			decided++
			if before != after {
				t.Fatalf("?%v %s=%q is %v from %v on, but %v for %v", cs.condition.Operator, key, cs.condition.Values, before, from, after, cs.ctx)
			}
		}
	})
	if decided == 0 {
		t.Error("nothing was decided")
	}
}
