package policy_test

import (
	"testing"

	"pathfinder/graphmodel/policy"
)

// A conditionTest is one row of the rule book's section A5.
type conditionTest struct {
	name     string
	operator string
	key      string // "" is aws:x
	values   []string
	ctx      policy.Values
	want     policy.Truth
}

func (tt *conditionTest) run(t *testing.T) {
	t.Parallel()
	key := tt.key
	if key == "" {
		key = "aws:x"
	}
	c := policy.NewCondition(tt.operator, key, tt.values)
	if got := c.Test(tt.ctx); got != tt.want {
		t.Errorf("?%s %s=%q with %v is %v, want %v", tt.operator, key, tt.values, tt.ctx, got, tt.want)
	}
}

func runConditions(t *testing.T, tests []conditionTest) {
	t.Helper()
	t.Parallel()
	for _, tt := range tests {
		t.Run(tt.name, tt.run)
	}
}

func v(values ...string) []string { return values }

// x is a request whose key aws:x holds s.
func x(s string) policy.Values { return present("aws:x", s) }

const (
	yes     = policy.True
	no      = policy.False
	unknown = policy.Unknown
)

func TestConditionLogic(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E46 values are alternatives", operator: "StringEquals", values: v("1", "2"), ctx: x("2"), want: yes},
		{name: "E46 none of the values", operator: "StringEquals", values: v("1", "2"), ctx: x("3"), want: no},
		{name: "E46 values of a negated operator are NOR", operator: "StringNotEquals", values: v("1", "2"), ctx: x("2"), want: no},
		{name: "E46 none of them, so it holds", operator: "StringNotEquals", values: v("1", "2"), ctx: x("3"), want: yes},
		{name: "E47 operators have no case", operator: "stringEQUALS", values: v("1"), ctx: x("1"), want: yes},
		{name: "E47 IPAddress as AWS samples spell it", operator: "IPAddress", values: v("10.0.0.0/8"), ctx: x("10.1.1.1"), want: yes},
		{name: "E48 keys have no case", operator: "StringEquals", key: "AWS:PrincipalTag/Dept", values: v("a"), ctx: present("aws:principaltag/dept", "a"), want: yes},
		{name: "E48 values do", operator: "StringEquals", values: v("A"), ctx: x("a"), want: no},
		{name: "E60 two policy values make no list of a key", operator: "StringEquals", key: "aws:PrincipalTag/a", values: v("1", "2"), ctx: present("aws:principaltag/a", "2"), want: yes},
		{name: "E66 the empty string is a value", operator: "StringEquals", key: "s3:prefix", values: v(""), ctx: present("s3:prefix", ""), want: yes},
		{name: "E66 and is present", operator: "Null", values: v("false"), ctx: x(""), want: yes},
		{name: "no value, nothing equals", operator: "StringEquals", values: nil, ctx: x(""), want: no},
	})
}

func TestAbsentKey(t *testing.T) {
	t.Parallel()
	for _, name := range operatorNames {
		if name == "Null" {
			continue
		}
		t.Run("E50 "+name, func(t *testing.T) {
			t.Parallel()
			op, ok := policy.ParseOperator(name)
			if !ok || op.String() != name {
				t.Fatalf("ParseOperator(%q) = %v, %v", name, op, ok)
			}
			want := policy.Of(op.Negated())
			for _, value := range []string{"true", "5", "2026-01-31", "10.0.0.0/8", "*"} {
				c := policy.NewCondition(name, "aws:x", v(value))
				if got := c.Test(policy.Values{}); got != want {
					t.Errorf("E50: ?%s aws:x=%s without the key is %v, want %v", name, value, got, want)
				}
				c = policy.NewCondition(name+"IfExists", "aws:x", v(value))
				if got := c.Test(policy.Values{}); got != yes {
					t.Errorf("E51: ?%sIfExists aws:x=%s without the key is %v, want true", name, value, got)
				}
			}
		})
	}
}

func TestIfExistsAndNull(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E51 a present key is tested", operator: "StringEqualsIfExists", values: v("1"), ctx: x("2"), want: no},
		{name: "E51 a present key that matches", operator: "StringEqualsIfExists", values: v("1"), ctx: x("1"), want: yes},
		{name: "E51 negated, present", operator: "StringNotEqualsIfExists", values: v("1"), ctx: x("1"), want: no},
		{name: "E51 negated, absent", operator: "StringNotEqualsIfExists", values: v("1"), want: yes},
		{name: "E51 the guard of a Deny fires without MFA key", operator: "BoolIfExists", key: "aws:MultiFactorAuthPresent", values: v("false"), want: yes},
		{name: "E220 plain Bool does not", operator: "Bool", key: "aws:MultiFactorAuthPresent", values: v("false"), want: no},
		{name: "E220 a limit on the age does not fire", operator: "NumericGreaterThan", key: "aws:MultiFactorAuthAge", values: v("3600"), want: no},
		{name: "E220 with IfExists it does", operator: "NumericGreaterThanIfExists", key: "aws:MultiFactorAuthAge", values: v("3600"), want: yes},
		{name: "E52 true wants absence", operator: "Null", values: v("true"), want: yes},
		{name: "E52 true and present", operator: "Null", values: v("true"), ctx: x("1"), want: no},
		{name: "E52 false wants presence", operator: "Null", values: v("false"), ctx: x("1"), want: yes},
		{name: "E52 false and absent", operator: "Null", values: v("false"), want: no},
		{name: "E52 an empty list is absent", operator: "Null", key: "aws:TagKeys", values: v("true"), ctx: list("aws:tagkeys"), want: yes},
		{name: "E52 a list is present", operator: "Null", key: "aws:TagKeys", values: v("false"), ctx: list("aws:tagkeys", "a"), want: yes},
		{name: "E52 both values", operator: "Null", values: v("true", "false"), ctx: x("1"), want: yes},
		{name: "E52 words without case", operator: "Null", values: v("TRUE"), want: yes},
		{name: "E52 another word never holds", operator: "Null", values: v("yes"), want: no},
		{name: "E52 no variables", operator: "Null", values: v("${aws:x}"), ctx: x("false"), want: no},
	})
}

func TestStringOperators(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E53 StringEquals", operator: "StringEquals", values: v("ann"), ctx: x("ann"), want: yes},
		{name: "E53 StringEquals minds case", operator: "StringEquals", values: v("Ann"), ctx: x("ann"), want: no},
		{name: "E53 StringEquals knows no star", operator: "StringEquals", values: v("arn:aws:iam::111111111111:role/*"), ctx: x("arn:aws:iam::111111111111:role/app"), want: no},
		{name: "E53 StringEquals takes a star as a star", operator: "StringEquals", values: v("a*"), ctx: x("a*"), want: yes},
		{name: "E80 a literal star excludes nobody", operator: "StringNotEquals", key: "aws:userid", values: v("AROAX:*"), ctx: present("aws:userid", "AROAX:s1"), want: yes},
		{name: "E80 the pattern does", operator: "StringNotLike", key: "aws:userid", values: v("AROAX:*"), ctx: present("aws:userid", "AROAX:s1"), want: no},
		{name: "E53 IgnoreCase", operator: "StringEqualsIgnoreCase", values: v("ANN"), ctx: x("ann"), want: yes},
		{name: "E53 IgnoreCase folds other scripts", operator: "StringEqualsIgnoreCase", values: v("ÄΣ"), ctx: x("äς"), want: yes},
		{name: "E53 IgnoreCase knows no star", operator: "StringEqualsIgnoreCase", values: v("a*"), ctx: x("ann"), want: no},
		{name: "E53 NotEqualsIgnoreCase", operator: "StringNotEqualsIgnoreCase", values: v("ANN"), ctx: x("ann"), want: no},
		{name: "E53 StringLike star", operator: "StringLike", values: v("a*"), ctx: x("ann"), want: yes},
		{name: "E53 StringLike star runs across slash and colon", operator: "StringLike", values: v("a*z"), ctx: x("a/b:c/z"), want: yes},
		{name: "E53 StringLike question mark", operator: "StringLike", values: v("a?n"), ctx: x("ann"), want: yes},
		{name: "E53 StringLike minds case", operator: "StringLike", values: v("A*"), ctx: x("ann"), want: no},
		{name: "E53 StringNotLike", operator: "StringNotLike", values: v("a*"), ctx: x("bob"), want: yes},
		{name: "E222 paths of an organization", operator: "ForAnyValue:StringLike", key: "aws:PrincipalOrgPaths", values: v("o-a/r-1/ou-x/*"), ctx: list("aws:principalorgpaths", "o-a/r-1/ou-x/ou-y/"), want: yes},
	})
}

func TestNumericOperators(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E54 equal", operator: "NumericEquals", values: v("2"), ctx: x("2"), want: yes},
		{name: "E54 decimals are compared by value", operator: "NumericEquals", values: v("2.0"), ctx: x("2"), want: yes},
		{name: "E54 leading zeros", operator: "NumericEquals", values: v("007"), ctx: x("7"), want: yes},
		{name: "E54 not equal", operator: "NumericNotEquals", values: v("2"), ctx: x("3"), want: yes},
		{name: "E54 less", operator: "NumericLessThan", values: v("90"), ctx: x("100"), want: no},
		{name: "E54 less, by value and not by text", operator: "NumericLessThan", values: v("100"), ctx: x("90"), want: yes},
		{name: "E54 less is not equal", operator: "NumericLessThan", values: v("90"), ctx: x("90"), want: no},
		{name: "E54 less or equal", operator: "NumericLessThanEquals", values: v("90"), ctx: x("90"), want: yes},
		{name: "E54 greater", operator: "NumericGreaterThan", values: v("1.5"), ctx: x("1.6"), want: yes},
		{name: "E54 greater or equal", operator: "NumericGreaterThanEquals", values: v("1.50"), ctx: x("1.5"), want: yes},
		{name: "E54 negative", operator: "NumericLessThan", values: v("0"), ctx: x("-0.5"), want: yes},
		{name: "E54 beyond 64 bits", operator: "NumericGreaterThan", values: v("9223372036854775807"), ctx: x("9223372036854775808"), want: yes},
		{name: "E54 exact, not as floating point", operator: "NumericEquals", values: v("9007199254740993"), ctx: x("9007199254740992.0"), want: no},
		{name: "E54 a request value that is no number", operator: "NumericLessThan", values: v("5"), ctx: x("ten"), want: no},
		{name: "E54 a policy value that is no number", operator: "NumericLessThan", values: v("ten"), ctx: x("5"), want: no},
		{name: "E54 no number is not equal", operator: "NumericNotEquals", values: v("5"), ctx: x("ten"), want: yes},
		{name: "E54 no exponents", operator: "NumericEquals", values: v("1000"), ctx: x("1e3"), want: no},
		{name: "E54 no fractions", operator: "NumericEquals", values: v("0.5"), ctx: x("1/2"), want: no},
		{name: "E54 nothing", operator: "NumericEquals", values: v("0"), ctx: x(""), want: no},
		{name: "E54 a sign alone", operator: "NumericEquals", values: v("0"), ctx: x("-"), want: no},
		{name: "E67 no variables", operator: "NumericEquals", values: v("${aws:x}"), ctx: x("5"), want: no},
	})
}

func TestBoolOperator(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E56 true", operator: "Bool", values: v("true"), ctx: x("true"), want: yes},
		{name: "E56 false is a value", operator: "Bool", values: v("false"), ctx: x("false"), want: yes},
		{name: "E56 the other one", operator: "Bool", values: v("true"), ctx: x("false"), want: no},
		{name: "E56 case does not count", operator: "Bool", values: v("TRUE"), ctx: x("true"), want: yes},
		{name: "E56 other policy values never hold", operator: "Bool", values: v("yes"), ctx: x("yes"), want: no},
		{name: "E56 both values", operator: "Bool", values: v("true", "false"), ctx: x("false"), want: yes},
		{name: "E56 a variable", operator: "Bool", values: v("${aws:y}"), ctx: present("aws:x", "true", "aws:y", "true"), want: yes},
	})
}

func TestBinaryOperator(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E57 the same bytes", operator: "BinaryEquals", values: v("QmluYXJ5"), ctx: x("QmluYXJ5"), want: yes},
		{name: "E57 other bytes", operator: "BinaryEquals", values: v("QmluYXJ5"), ctx: x("QmluYXJ4"), want: no},
		{name: "E57 case counts", operator: "BinaryEquals", values: v("QmluYXJ5"), ctx: x("qmluyxj5"), want: no},
		{name: "E57 no base64", operator: "BinaryEquals", values: v("*"), ctx: x("*"), want: no},
	})
}

func TestARNOperators(t *testing.T) {
	const app = "arn:aws:iam::111111111111:role/team/app"
	runConditions(t, []conditionTest{
		{name: "E59 ArnLike", operator: "ArnLike", values: v("arn:aws:iam::*:role/*"), ctx: x(app), want: yes},
		{name: "E59 ArnEquals is ArnLike", operator: "ArnEquals", values: v("arn:aws:iam::*:role/*"), ctx: x(app), want: yes},
		{name: "E59 ArnNotLike", operator: "ArnNotLike", values: v("arn:aws:iam::*:role/*"), ctx: x(app), want: no},
		{name: "E59 ArnNotEquals is ArnNotLike", operator: "ArnNotEquals", values: v("arn:aws:iam::*:role/*"), ctx: x(app), want: no},
		{name: "E59 star never leaves its field", operator: "ArnLike", values: v("arn:aws:sns:*:t1"), ctx: x("arn:aws:sns:us-east-1:111111111111:t1"), want: no},
		{name: "E59 case counts", operator: "ArnLike", values: v("arn:aws:iam::*:role/team/App"), ctx: x(app), want: no},
		{name: "E59 a short pattern never matches", operator: "ArnLike", values: v("arn:aws:iam::111111111111"), ctx: x(app), want: no},
		{name: "E59 the lone star does", operator: "ArnLike", values: v("*"), ctx: x(app), want: yes},
		{name: "E59 a request value that is no ARN", operator: "ArnLike", values: v("arn:*:*:*:*:*"), ctx: x("app"), want: no},
		{name: "E59 and negated", operator: "ArnNotLike", values: v("arn:*:*:*:*:*"), ctx: x("app"), want: yes},
		{name: "E59 string operators on ARNs are legal", operator: "StringLike", values: v("arn:aws:iam:*app"), ctx: x(app), want: yes},
		{name: "E159 the region in an Identity Center role is optional", operator: "ArnLike", key: "aws:PrincipalArn", values: v("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_A_*"), ctx: present("aws:principalarn", "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_1"), want: yes},
	})
}

func TestParseOperator(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{name: "E47 plain", text: "StringEquals", want: "StringEquals"},
		{name: "E47 prefix and suffix", text: "ForAnyValue:StringLikeIfExists", want: "ForAnyValue:StringLikeIfExists"},
		{name: "E47 case", text: "forallvalues:ipaddressIFEXISTS", want: "ForAllValues:IpAddressIfExists"},
		{name: "E51 Null has no IfExists", text: "NullIfExists"},
		{name: "E52 Null has no set operator", text: "ForAnyValue:Null"},
		{name: "E47 an unknown name", text: "StringMatches"},
		{name: "E47 an unknown prefix", text: "ForEachValue:StringEquals"},
		{name: "E47 two prefixes", text: "ForAnyValue:ForAnyValue:StringEquals"},
		{name: "E47 nothing", text: ""},
		{name: "E47 only a suffix", text: "IfExists"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op, ok := policy.ParseOperator(tt.text)
			if got := op.String(); ok != (tt.want != "") || got != tt.want {
				t.Errorf("ParseOperator(%q) = %q, %v; want %q", tt.text, got, ok, tt.want)
			}
			s := statement(t, policy.Identity, `{`+allow+`,"Condition":{`+quoted(tt.text)+`:{"aws:x":"1"}}}`)
			if s.Broken == ok {
				t.Errorf("E11: a statement with operator %q has broken = %v", tt.text, s.Broken)
			}
		})
	}
}
