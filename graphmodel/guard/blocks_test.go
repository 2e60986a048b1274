package guard_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// E219: one request has one value per single-valued key, so tests of one key
// can exclude each other.
func TestBlocksTruth(t *testing.T) {
	t.Parallel()
	const ip, age, now, team, tags = "aws:SourceIp", "aws:MultiFactorAuthAge", "aws:CurrentTime", "aws:PrincipalTag/team", "aws:TagKeys"
	const service = "aws:PrincipalIsAWSService"
	tests := []struct {
		name string
		e    *guard.Expr
		want policy.Truth
	}{
		{name: "true", e: guard.True, want: policy.True},
		{name: "false", e: guard.False, want: policy.False},
		{name: "one test", e: mfa, want: policy.Unknown},
		{name: "a test and its negation", e: guard.And(red, guard.Not(red)), want: policy.False},
		{name: "a test or its negation", e: guard.Or(red, guard.Not(red)), want: policy.True},
		{name: "an opaque term and its negation", e: guard.And(guard.Opaque("p"), guard.Not(guard.Opaque("p"))), want: policy.False},
		{name: "an opaque term or its negation", e: guard.Or(guard.Opaque("p"), guard.Not(guard.Opaque("p"))), want: policy.True},
		{name: "two opaque terms", e: guard.And(guard.Opaque("p"), guard.Not(guard.Opaque("q"))), want: policy.Unknown},

		{name: "E219 ranges that do not meet", e: all(atom("IpAddress", ip, "10.0.0.0/8"), office), want: policy.False},
		{name: "E219 ranges that meet", e: all(atom("IpAddress", ip, "10.0.0.0/8"), atom("IpAddress", ip, "10.1.0.0/16")), want: policy.Unknown},
		{name: "E219 a range without itself", e: all(atom("IpAddress", ip, "10.1.0.0/16"), atom("NotIpAddress", ip, "10.0.0.0/8")), want: policy.False},
		{name: "E219 a range without a part of it", e: all(atom("IpAddress", ip, "10.0.0.0/8"), atom("NotIpAddress", ip, "10.0.0.0/9")), want: policy.Unknown},
		{name: "E219 a range without both halves", e: all(atom("IpAddress", ip, "10.0.0.0/8"), atom("NotIpAddress", ip, "10.0.0.0/9", "10.128.0.0/9")), want: policy.False},
		{name: "E219 a range and a pattern of text", e: all(atom("IpAddress", ip, "10.0.0.0/24"), atom("StringLike", ip, "*.77")), want: policy.Unknown},
		{name: "E58 no range of the other family", e: all(atom("IpAddress", ip, "10.0.0.0/8"), atom("IpAddress", ip, "::/0")), want: policy.False},

		{name: "E219 a public address and an endpoint", e: all(office, atom("StringEquals", "aws:SourceVpce", "vpce-1")), want: policy.False},
		{name: "E219 a public address and a network", e: all(atom("IpAddress", ip, "10.0.0.0/8"), atom("StringLike", "aws:sourcevpc", "vpc-*")), want: policy.False},
		{name: "E219 no address of a range, and an endpoint", e: all(guard.Not(office), atom("StringEquals", "aws:SourceVpce", "vpce-1")), want: policy.Unknown},
		{name: "E219 a public address, and no endpoint", e: all(office, atom("StringNotEquals", "aws:SourceVpce", "vpce-1")), want: policy.Unknown},
		{name: "E219 a public address, and an endpoint if any", e: all(office, atom("StringEqualsIfExists", "aws:SourceVpce", "vpce-1")), want: policy.Unknown},
		{name: "E219 a public address or an endpoint", e: guard.Or(office, atom("StringEquals", "aws:SourceVpce", "vpce-1")), want: policy.Unknown},
		{name: "E219 network and endpoint", e: all(atom("StringEquals", "aws:SourceVpc", "vpc-1"), atom("StringEquals", "aws:SourceVpce", "vpce-1")), want: policy.Unknown},
		{name: "E219 presence is enough", e: all(atom("Null", ip, "false"), atom("Null", "aws:VpcSourceIp", "false")), want: policy.False},
		{name: "E219 an address that a variable names", e: all(atom("StringEquals", ip, "${aws:x}"), atom("StringEquals", "aws:SourceVpc", "vpc-1")), want: policy.Unknown},
		{name: "E219 a service and an ARN of IAM", e: all(atom("Bool", service, "true"), atom("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")), want: policy.False},
		{name: "E219 no service and an ARN of IAM", e: all(atom("Bool", service, "false"), atom("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")), want: policy.Unknown},
		{name: "E219 no service and a source", e: all(atom("Bool", service, "false"), atom("StringEquals", "aws:SourceAccount", "1")), want: policy.False},
		{name: "E219 a service and a source", e: all(atom("Bool", service, "true"), atom("StringEquals", "aws:SourceAccount", "1")), want: policy.Unknown},
		{name: "E219 a service if any and a source", e: all(atom("BoolIfExists", service, "false"), atom("StringEquals", "aws:SourceAccount", "1")), want: policy.Unknown},

		{name: "E219 two values", e: all(red, blue), want: policy.False},
		{name: "E219 a value and a list with it", e: all(red, atom("StringEquals", team, "red", "blue")), want: policy.Unknown},
		{name: "E219 a value and a pattern", e: all(red, atom("StringLike", team, "r*")), want: policy.Unknown},
		{name: "E219 a value and another pattern", e: all(red, atom("StringLike", team, "b*")), want: policy.False},
		{name: "E53 a value apart from case", e: all(red, atom("StringEqualsIgnoreCase", team, "RED")), want: policy.Unknown},
		{name: "E219 two patterns are left alone", e: all(atom("StringLike", team, "r*"), atom("StringLike", team, "b*")), want: policy.Unknown},
		{name: "E50 a value and absence", e: all(red, atom("Null", team, "true")), want: policy.False},
		{name: "E50 not a value and absence", e: all(atom("StringNotEquals", team, "red"), atom("Null", team, "true")), want: policy.Unknown},
		{name: "E51 if it exists and absence", e: all(atom("StringEqualsIfExists", team, "red"), atom("Null", team, "true")), want: policy.Unknown},
		{name: "E52 present and absent", e: all(atom("Null", team, "true"), atom("Null", team, "false")), want: policy.False},
		{name: "E52 present or absent", e: anyOf(atom("Null", team, "true"), atom("Null", team, "false")), want: policy.True},
		{name: "E67 a variable can be anything", e: all(red, atom("StringEquals", team, "${aws:username}")), want: policy.Unknown},
		{name: "E70 so an escape is left alone", e: all(red, atom("StringEquals", team, "${*}")), want: policy.Unknown},
		{name: "E59 two ARNs", e: all(atom("ArnEquals", "aws:SourceArn", "arn:aws:sns:::a"), atom("ArnLike", "aws:SourceArn", "arn:aws:sns:::b")), want: policy.False},

		{name: "E54 an empty interval", e: all(atom("NumericLessThan", age, "5"), atom("NumericGreaterThan", age, "7")), want: policy.False},
		{name: "E54 an interval", e: all(atom("NumericLessThan", age, "7"), atom("NumericGreaterThan", age, "5")), want: policy.Unknown},
		{name: "E54 decimals lie between whole numbers", e: all(atom("NumericLessThan", age, "2"), atom("NumericGreaterThan", age, "1")), want: policy.Unknown},
		{name: "E54 one point", e: all(atom("NumericLessThanEquals", age, "5"), atom("NumericGreaterThanEquals", age, "5.0")), want: policy.Unknown},
		{name: "E54 one point taken out", e: all(atom("NumericLessThanEquals", age, "5"), atom("NumericGreaterThanEquals", age, "5"), atom("NumericNotEquals", age, "5")), want: policy.False},
		{name: "E54 finer than is reckoned", e: all(atom("NumericLessThan", age, "1.0000000000000002"), atom("NumericGreaterThan", age, "1.0000000000000001")), want: policy.Unknown},
		{name: "E51 an empty interval, or absent", e: all(atom("NumericLessThanIfExists", age, "5"), atom("NumericGreaterThanIfExists", age, "7")), want: policy.Unknown},
		{name: "E55 an empty window", e: all(atom("DateLessThan", now, "2026-01-01"), atom("DateGreaterThan", now, "2026-02-01")), want: policy.False},
		{name: "E55 a window", e: all(atom("DateLessThan", now, "2026-02-01"), atom("DateGreaterThan", now, "2026-01-01")), want: policy.Unknown},
		{name: "E55 a window of a second", e: all(atom("DateLessThan", now, "2026-01-01T00:00:01Z"), atom("DateGreaterThan", now, "2026-01-01")), want: policy.Unknown},
		{name: "E55 the end of time", e: atom("DateGreaterThan", now, "9999-12-31T23:59:59Z"), want: policy.Unknown},
		{name: "E56 true and false", e: all(mfa, atom("Bool", "aws:MultiFactorAuthPresent", "false")), want: policy.False},
		{name: "E56 true or false leaves absence", e: anyOf(mfa, atom("Bool", "aws:MultiFactorAuthPresent", "false")), want: policy.Unknown},
		{name: "E51 true or false or absent", e: anyOf(mfa, atom("BoolIfExists", "aws:MultiFactorAuthPresent", "false")), want: policy.True},

		{name: "E62 a list holds two values", e: all(atom("ForAnyValue:StringEquals", tags, "a"), atom("ForAnyValue:StringEquals", tags, "b")), want: policy.Unknown},
		{name: "E62 a list and absence", e: all(atom("ForAnyValue:StringEquals", tags, "a"), atom("Null", tags, "true")), want: policy.False},
		{name: "E61 all of a list and absence", e: all(atom("ForAllValues:StringEquals", tags, "a"), atom("Null", tags, "true")), want: policy.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, truth, exact := tt.e.Blocks()
			if truth != tt.want {
				t.Errorf("Blocks = %v, %v; want %v", list, truth, tt.want)
			}
			if truth != policy.Unknown && (len(list) != 0 || !exact) {
				t.Errorf("with truth %v there are blocks %v, exact %v", truth, list, exact)
			}
		})
	}
}

// testdata/blocks.golden shows what a person and a machine read of a guard.
func TestBlocksText(t *testing.T) {
	t.Parallel()
	const team, age = "aws:PrincipalTag/team", "aws:MultiFactorAuthAge"
	tests := []struct {
		name string
		e    *guard.Expr
	}{
		{"nothing is left open", guard.True},
		{"no request gets through", guard.False},
		{"one test", mfa},
		{"two tests", all(office, mfa)},
		{"alternatives", anyOf(office, all(mfa, red))},
		{"E46 values of a key are alternatives", atom("StringEquals", team, "red", "blue")},
		{"E46 the negation of alternatives", guard.Not(anyOf(red, blue))},
		{"a fence that a Deny leaves", all(atom("IpAddress", "aws:SourceIp", "10.0.0.0/8"), guard.Not(all(atom("Bool", "aws:MultiFactorAuthPresent", "false"), red)))},
		{"E50 not true is false or absent", guard.Not(mfa)},
		{"E51 if it exists", atom("StringLikeIfExists", "aws:SourceVpc", "vpc-*")},
		{"E52 presence and absence", all(atom("Null", "aws:username", "true"), atom("Null", "aws:TokenIssueTime", "false"))},
		{"E54 an interval", all(atom("NumericGreaterThanEquals", age, "60"), atom("NumericLessThan", age, "3600"))},
		{"E54 two lower bounds of one kind", all(atom("NumericGreaterThan", age, "60"), atom("NumericGreaterThan", age, "90"))},
		{"E55 a window of three hours", all(atom("DateGreaterThan", "aws:CurrentTime", "2026-01-31T12:00Z"), atom("DateLessThan", "aws:CurrentTime", "2026-01-31T15:00Z"))},
		{"E59 an ARN", atom("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/*")},
		{"E61 E62 lists", all(atom("ForAllValues:StringEquals", "aws:TagKeys", "team", "cost"), atom("ForAnyValue:StringEquals", "aws:TagKeys", "team"))},
		{"E62 two values of one list", all(atom("ForAnyValue:StringEquals", "aws:TagKeys", "team"), atom("ForAnyValue:StringEquals", "aws:TagKeys", "cost"))},
		{"E65 two patterns of one key", all(atom("StringLike", team, "r*"), atom("StringLike", team, "*d"))},
		{"two lists of one key meet", all(atom("StringEquals", team, "red", "blue"), atom("StringEquals", team, "blue", "green"))},
		{"a variable that stays open", atom("StringEquals", team, "${aws:username}")},
		{"a covered alternative goes", anyOf(mfa, all(mfa, red))},
		{"an alternative that can't be goes", anyOf(mfa, all(red, blue))},
		{"a test and its negation join", anyOf(all(mfa, red), all(mfa, guard.Not(red)))},
		{"an opaque term is left out", all(mfa, guard.Opaque("whether the session is named s1"))},
		{"an opaque alternative is left out, so something has to stand for it", anyOf(mfa, guard.Opaque("whether the session is named s1"))},
		{"a negation that can't be written is left out", all(mfa, guard.Not(atom("NumericLessThan", age, "5", "7")))},
		{"characters that other formats escape", atom("StringEquals", "aws:RequestTag/<a&b>", `"x" <y> & é`)},
	}
	var b strings.Builder
	for _, tt := range tests {
		list, truth, exact := tt.e.Blocks()
		var text strings.Builder
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(list); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		fmt.Fprintf(&b, "%s\n  %v, exact %v\n  %s\n  %s", tt.name, truth, exact, list, text.String())
		for _, why := range tt.e.Reasons() {
			fmt.Fprintf(&b, "  left out: %s\n", why)
		}
		b.WriteByte('\n')
	}
	golden(t, "testdata/blocks.golden", b.String())
}

// Too many alternatives are not written out, and nobody waits for them.
func TestTooManyAlternatives(t *testing.T) {
	t.Parallel()
	e := guard.True
	for i := range 12 {
		e = guard.And(e, guard.Or(
			atom("StringEquals", fmt.Sprintf("aws:RequestTag/a%d", i), "1"),
			atom("StringEquals", fmt.Sprintf("aws:RequestTag/b%d", i), "1")))
	}
	list, truth, exact := e.Blocks()
	if len(list) != 1 || len(list[0]) != 0 || truth != policy.Unknown || exact {
		t.Errorf("Blocks = %v, %v, %v; want one empty block, unknown, not exact", list, truth, exact)
	}
	if why := e.Reasons(); len(why) != 1 || !strings.Contains(why[0], "more than 64 alternatives on aws:RequestTag/a0, ") {
		t.Errorf("Reasons = %q", why)
	}
	if n := len(e.Keys()); n != 24 {
		t.Errorf("%d keys, want 24", n)
	}
}

// More tests of one kind than there are spellings can't all be written.
func TestNoRoomInABlock(t *testing.T) {
	t.Parallel()
	e := guard.True
	for i := range 6 {
		e = guard.And(e, atom("StringLike", "aws:PrincipalTag/team", fmt.Sprintf("*%d*", i)))
	}
	list, truth, exact := e.Blocks()
	if len(list) != 1 || truth != policy.Unknown || exact {
		t.Fatalf("Blocks = %v, %v, exact %v; want one block that is not exact", list, truth, exact)
	}
	for _, value := range []string{"012345", "01234", "0"} {
		ctx := policy.Values{"aws:principaltag/team": policy.Single(value)}
		if got, want := listHolds(list, ctx), e.Eval(ctx); want == policy.True && got != policy.True {
			t.Errorf("for %q the block is %v, the expression %v", value, got, want)
		}
	}
}

func TestEmptyValuesAreAList(t *testing.T) {
	t.Parallel()
	for _, b := range []guard.Block{
		{{Operator: "StringEquals", Key: "aws:x"}},
		{{Operator: "StringEquals", Key: "aws:x", Values: []string{}}},
	} {
		got, err := json.Marshal(b)
		if want := `{"StringEquals":{"aws:x":[]}}`; err != nil || string(got) != want {
			t.Errorf("%v is written as %s, %v; want %s", b, got, err, want)
		}
	}
}

// Alternatives that are values of one test are one, however many there are (E46): not those of
// tests that ask something of each value, and with what is fixed by the request they stay apart.
func TestManyValuesOfOneTest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operator, key, form string
		exact               bool
	}{
		{"StringEquals", "aws:SourceVpce", "vpce-%d", true},
		{"IpAddress", "aws:SourceIp", "10.0.0.%d", true},
		{"ForAnyValue:StringLike", "aws:TagKeys", "a%d*", true},
		{"ForAllValues:StringEquals", "aws:TagKeys", "a%d", false},
		{"StringEquals", "aws:SourceVpce", "vpce-%d-${aws:PrincipalTag/a}", false},
	}
	for _, tt := range tests {
		e := guard.False
		for i := range 100 {
			e = guard.Or(e, atom(tt.operator, tt.key, fmt.Sprintf(tt.form, i)))
		}
		list, _, exact := e.Blocks()
		if len(list) != 1 || exact != tt.exact {
			t.Errorf("%s %s: %d blocks, exact %v; want one, %v", tt.operator, tt.form, len(list), exact, tt.exact)
		}
		if tt.exact && (len(list[0]) != 1 || len(list[0][0].Values) != 100) {
			t.Errorf("%s: %v", tt.operator, list)
		}
	}
}
