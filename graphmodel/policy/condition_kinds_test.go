package policy_test

import "testing"

func TestDateOperators(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E55 the same instant", operator: "DateEquals", values: v("2026-01-31T10:00:00Z"), ctx: x("2026-01-31T10:00:00Z"), want: yes},
		{name: "E55 instants, not texts", operator: "DateEquals", values: v("2026-01-31T10:00:00Z"), ctx: x("2026-01-31T11:00:00+01:00"), want: yes},
		{name: "E55 a year is its first instant", operator: "DateEquals", values: v("2026"), ctx: x("2026-01-01T00:00:00Z"), want: yes},
		{name: "E55 a month", operator: "DateEquals", values: v("2026-02"), ctx: x("2026-02-01T00:00:00Z"), want: yes},
		{name: "E55 a day is its midnight", operator: "DateLessThanEquals", values: v("2026-01-31"), ctx: x("2026-01-31T00:00:00Z"), want: yes},
		{name: "E55 so the day itself is after it", operator: "DateLessThanEquals", values: v("2026-01-31"), ctx: x("2026-01-31T00:00:01Z"), want: no},
		{name: "E55 a time without seconds", operator: "DateGreaterThan", values: v("2026-01-31T12:00Z"), ctx: x("2026-01-31T12:00:01Z"), want: yes},
		{name: "E55 fractions of a second", operator: "DateLessThan", values: v("2026-01-31T12:00:00.5Z"), ctx: x("2026-01-31T12:00:00.25Z"), want: yes},
		{name: "E55 epoch seconds in the policy", operator: "DateLessThan", values: v("1767225600"), ctx: x("2025-12-31T23:59:59Z"), want: yes},
		{name: "E55 epoch seconds in the request", operator: "DateEquals", values: v("2026-01-01"), ctx: x("1767225600"), want: yes},
		{name: "E55 four digits are a year", operator: "DateGreaterThan", values: v("2000"), ctx: x("1999"), want: no},
		{name: "E55 five are seconds", operator: "DateLessThan", values: v("1970-01-02"), ctx: x("10000"), want: yes},
		{name: "E55 eight digits are seconds, not a day", operator: "DateLessThan", values: v("1971"), ctx: x("20260131"), want: yes},
		{name: "E55 a time without zone never compares", operator: "DateEquals", values: v("2026-01-31T10:00:00"), ctx: x("2026-01-31T10:00:00"), want: no},
		{name: "E55 and is not equal", operator: "DateNotEquals", values: v("2026-01-31T10:00:00"), ctx: x("2026-01-31T10:00:00"), want: yes},
		{name: "E55 another notation", operator: "DateEquals", values: v("31.01.2026"), ctx: x("31.01.2026"), want: no},
		{name: "E55 a day that is none", operator: "DateEquals", values: v("2026-02-30"), ctx: x("2026-02-30"), want: no},
		{name: "E55 a blank before", operator: "DateEquals", values: v(" 2026"), ctx: x("2026-01-01"), want: no},
		{name: "E46 after one of two", operator: "DateGreaterThan", values: v("2030", "2020"), ctx: x("2026"), want: yes},
		{name: "E67 no variables", operator: "DateEquals", values: v("${aws:x}"), ctx: x("2026"), want: no},
	})
}

func TestIPOperators(t *testing.T) {
	runConditions(t, []conditionTest{
		{name: "E58 in the range", operator: "IpAddress", values: v("203.0.113.0/24"), ctx: x("203.0.113.9"), want: yes},
		{name: "E58 outside", operator: "IpAddress", values: v("203.0.113.0/24"), ctx: x("203.0.114.9"), want: no},
		{name: "E58 one address", operator: "IpAddress", values: v("203.0.113.9"), ctx: x("203.0.113.9"), want: yes},
		{name: "E58 the neighbour of one address", operator: "IpAddress", values: v("203.0.113.9"), ctx: x("203.0.113.8"), want: no},
		{name: "E58 host bits are ignored", operator: "IpAddress", values: v("203.0.113.77/24"), ctx: x("203.0.113.9"), want: yes},
		{name: "E58 everything of a family", operator: "IpAddress", values: v("0.0.0.0/0"), ctx: x("8.8.8.8"), want: yes},
		{name: "E58 families never match", operator: "IpAddress", values: v("0.0.0.0/0"), ctx: x("2001:db8::1"), want: no},
		{name: "E58 not even when mapped", operator: "IpAddress", values: v("10.0.0.0/8"), ctx: x("::ffff:10.0.0.1"), want: no},
		{name: "E58 sixth version", operator: "IpAddress", values: v("2001:db8::/32"), ctx: x("2001:DB8:0:0::1"), want: yes},
		{name: "E58 sixth version, one address in two spellings", operator: "IpAddress", values: v("2001:db8::1"), ctx: x("2001:db8:0:0:0:0:0:1"), want: yes},
		{name: "E58 negated, inside", operator: "NotIpAddress", values: v("203.0.113.0/24"), ctx: x("203.0.113.9"), want: no},
		{name: "E58 negated, other family", operator: "NotIpAddress", values: v("203.0.113.0/24"), ctx: x("2001:db8::1"), want: yes},
		{name: "E58 no address", operator: "IpAddress", values: v("0.0.0.0/0"), ctx: x("home"), want: no},
		{name: "E58 negated, no address", operator: "NotIpAddress", values: v("0.0.0.0/0"), ctx: x("home"), want: yes},
		{name: "E58 no range", operator: "IpAddress", values: v("203.0.113.0/33"), ctx: x("203.0.113.9"), want: no},
		{name: "E58 a star is no range", operator: "IpAddress", values: v("203.0.113.*"), ctx: x("203.0.113.9"), want: no},
		{name: "E58 an address with zone is none", operator: "IpAddress", values: v("fe80::/10"), ctx: x("fe80::1%eth0"), want: no},
		{name: "E46 one of two ranges", operator: "IpAddress", values: v("10.0.0.0/8", "192.168.0.0/16"), ctx: x("192.168.1.1"), want: yes},
		{name: "E67 no variables", operator: "IpAddress", values: v("${aws:x}"), ctx: x("10.0.0.1"), want: no},
	})
}

const tagKeys = "aws:TagKeys"

func TestSetOperators(t *testing.T) {
	none, empty := list("other"), list("aws:tagkeys")
	ab, blank := list("aws:tagkeys", "a", "b"), list("aws:tagkeys", "")
	runConditions(t, []conditionTest{
		{name: "E61 every value matches", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a", "b", "c"), ctx: ab, want: yes},
		{name: "E61 one value too many", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a"), ctx: ab, want: no},
		{name: "E61 an absent key holds", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a"), ctx: none, want: yes},
		{name: "E61 an empty list holds", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a"), ctx: empty, want: yes},
		{name: "E61 E66 only an empty string holds", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a"), ctx: blank, want: yes},
		{name: "E66 an empty string beside others counts", operator: "ForAllValues:StringEquals", key: tagKeys, values: v("a"), ctx: list("aws:tagkeys", "a", ""), want: no},
		{name: "E62 one value matches", operator: "ForAnyValue:StringEquals", key: tagKeys, values: v("b", "c"), ctx: ab, want: yes},
		{name: "E62 none matches", operator: "ForAnyValue:StringEquals", key: tagKeys, values: v("c"), ctx: ab, want: no},
		{name: "E62 an absent key does not hold", operator: "ForAnyValue:StringEquals", key: tagKeys, values: v("a"), ctx: none, want: no},
		{name: "E62 not even negated", operator: "ForAnyValue:StringNotEquals", key: tagKeys, values: v("a"), ctx: none, want: no},
		{name: "E62 an empty list neither", operator: "ForAnyValue:StringNotEquals", key: tagKeys, values: v("a"), ctx: empty, want: no},
		{name: "E62 with IfExists it does", operator: "ForAnyValue:StringEqualsIfExists", key: tagKeys, values: v("a"), ctx: none, want: yes},
		{name: "E62 E52 an empty list is an absent one", operator: "ForAnyValue:StringEqualsIfExists", key: tagKeys, values: v("a"), ctx: empty, want: yes},
		{name: "E63 all of none: no value matches any", operator: "ForAllValues:StringNotEquals", key: tagKeys, values: v("c", "d"), ctx: ab, want: yes},
		{name: "E63 all of none: one does", operator: "ForAllValues:StringNotEquals", key: tagKeys, values: v("b", "c"), ctx: ab, want: no},
		{name: "E63 any of none: one matches none", operator: "ForAnyValue:StringNotEquals", key: tagKeys, values: v("a"), ctx: ab, want: yes},
		{name: "E63 any of none: each matches some", operator: "ForAnyValue:StringNotEquals", key: tagKeys, values: v("a", "b"), ctx: ab, want: no},
		{name: "E63 all of none: an absent key holds", operator: "ForAllValues:StringNotLike", key: tagKeys, values: v("*"), ctx: none, want: yes},
		{name: "E64 a list without set operator", operator: "StringEquals", key: tagKeys, values: v("a"), ctx: ab, want: no},
		{name: "E64 not negated either", operator: "StringNotEquals", key: tagKeys, values: v("c"), ctx: ab, want: no},
		{name: "E64 nor with one value", operator: "StringLike", key: tagKeys, values: v("*"), ctx: list("aws:tagkeys", "a"), want: no},
		{name: "E50 E64 absent and negated", operator: "StringNotEquals", key: tagKeys, values: v("c"), ctx: none, want: yes},
		{name: "E65 a single value is a list of one", operator: "ForAnyValue:StringEquals", values: v("1"), ctx: x("1"), want: yes},
		{name: "E65 for all of one", operator: "ForAllValues:StringEquals", values: v("1"), ctx: x("2"), want: no},
		{name: "E65 an absent key is the empty list", operator: "ForAllValues:StringEquals", values: v("1"), want: yes},
		{name: "E66 an empty single value is a value", operator: "ForAllValues:StringEquals", values: v("1"), ctx: x(""), want: no},
		{name: "E203 LeadingKeys without any key", operator: "ForAllValues:StringEquals", key: "dynamodb:LeadingKeys", values: v("ann"), want: yes},
	})
}

func TestVariablesInConditions(t *testing.T) {
	ann := present("aws:username", "ann", "aws:x", "ann", "aws:star", "*")
	ann["aws:tagkeys"] = list("aws:tagkeys", "ann")["aws:tagkeys"]
	runConditions(t, []conditionTest{
		{name: "E67 in strings", operator: "StringEquals", values: v("${aws:username}"), ctx: ann, want: yes},
		{name: "E67 in ARNs", operator: "ArnLike", values: v("arn:aws:iam::*:user/${aws:username}"), ctx: present("aws:username", "ann", "aws:x", "arn:aws:iam::1:user/ann"), want: yes},
		{name: "E68 names have no case", operator: "StringEquals", values: v("${AWS:UserName}"), ctx: ann, want: yes},
		{name: "E68 blanks around a name", operator: "StringEquals", values: v("${ aws:username }"), ctx: ann, want: yes},
		{name: "E68 multivalued keys have no value", operator: "StringEquals", values: v("${aws:TagKeys}"), ctx: ann, want: no},
		{name: "E69 a star in the value is literal", operator: "StringLike", values: v("${aws:star}"), ctx: ann, want: no},
		{name: "E69 a star beside it is not", operator: "StringLike", values: v("${aws:username}*"), ctx: present("aws:username", "an", "aws:x", "ann"), want: yes},
		{name: "E70 an escaped star", operator: "StringLike", values: v("a${*}"), ctx: x("ann"), want: no},
		{name: "E70 matches itself", operator: "StringLike", values: v("a${*}${?}${$}"), ctx: x("a*?$"), want: yes},
		{name: "E70 in StringEquals, too", operator: "StringEquals", values: v("a${*}"), ctx: x("a*"), want: yes},
		{name: "E71 default", operator: "StringEquals", values: v("${aws:none, 'ann'}"), ctx: ann, want: yes},
		{name: "E71 an empty default", operator: "StringEquals", values: v("${aws:none,''}"), ctx: x(""), want: yes},
		{name: "E71 a default with a comma and blanks", operator: "StringEquals", values: v("${aws:none ,  'a, b' }"), ctx: x("a, b"), want: yes},
		{name: "E71 double quotes make no default", operator: "StringEquals", values: v(`${aws:none, "ann"}`), ctx: ann, want: no},
		{name: "E72 without value nothing is equal", operator: "StringEquals", values: v("${aws:none}"), ctx: x(""), want: no},
		{name: "E72 nothing is like it", operator: "StringLike", values: v("${aws:none}*"), ctx: ann, want: no},
		{name: "E72 negated operators hold", operator: "StringNotEquals", values: v("${aws:none}"), ctx: ann, want: yes},
		{name: "E72 other values still work", operator: "StringEquals", values: v("${aws:none}", "ann"), ctx: ann, want: yes},
		{name: "E74 the session name trap", operator: "StringLike", key: "sts:RoleSessionName", values: v("prefix-${aws:username}"), ctx: present("sts:rolesessionname", "prefix-ann"), want: no},
		{name: "E67 unclosed is plain text", operator: "StringEquals", values: v("${aws:x"), ctx: x("${aws:x"), want: yes},
	})
}
