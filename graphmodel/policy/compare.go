package policy

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/arn"
)

// compare tells whether the request value s compares with the policy value g
// under the positive form of op. A value that the operator can't read never
// compares (E54, E55, E58).
func compare(op base, g arn.Glob, s string) bool {
	switch op {
	case opStringEquals, opStringNotEquals:
		return string(g) == s
	case opStringEqualsIgnoreCase, opStringNotEqualsIgnoreCase:
		return strings.EqualFold(string(g), s)
	case opStringLike, opStringNotLike:
		return g.Match(s)
	case opNumericEquals, opNumericNotEquals, opNumericLessThan, opNumericLessThanEquals,
		opNumericGreaterThan, opNumericGreaterThanEquals:
		n, ok := compareNumbers(s, string(g))
		return ok && ordered(op-opNumericEquals, n)
	case opDateEquals, opDateNotEquals, opDateLessThan, opDateLessThanEquals,
		opDateGreaterThan, opDateGreaterThanEquals:
		a, okA := ParseDate(s)
		b, okB := ParseDate(string(g))
		return okA && okB && ordered(op-opDateEquals, a.Compare(b))
	case opBool:
		return sameBool(string(g), s)
	case opBinaryEquals:
		return sameBytes(string(g), s)
	case opIPAddress, opNotIPAddress:
		return inRange(string(g), s)
	case opArnEquals, opArnLike, opArnNotEquals, opArnNotLike:
		return arn.Like(g, s)
	case opNull, opInvalid:
	}
	return false
}

// ordered maps a three-way comparison of request and policy value to the six
// operators, in the order of the constants.
func ordered(kind base, n int) bool {
	switch kind {
	case 0, 1:
		return n == 0
	case 2:
		return n < 0
	case 3:
		return n <= 0
	case 4:
		return n > 0
	case 5:
		return n >= 0
	}
	return false
}

// compareNumbers compares two decimal numbers exactly (E54).
func compareNumbers(a, b string) (int, bool) {
	if x, err := strconv.ParseInt(a, 10, 64); err == nil {
		if y, err := strconv.ParseInt(b, 10, 64); err == nil {
			return compareInts(x, y), true
		}
	}
	x, okX := parseDecimal(a)
	y, okY := parseDecimal(b)
	if !okX || !okY {
		return 0, false
	}
	return x.Cmp(y), true
}

func compareInts(x, y int64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// maxDecimal bounds the length of a number: policies hold short ones, and a
// hostile exponent must not cost memory.
const maxDecimal = 64

func parseDecimal(s string) (*big.Rat, bool) {
	if s == "" || len(s) > maxDecimal {
		return nil, false
	}
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' && (i > 0 || s[i] != '-' && s[i] != '+') {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// dateLayouts are the W3C forms of ISO 8601 that E55 lists, the usual one
// first. A fraction of a second is read by time.Parse wherever seconds stand.
var dateLayouts = [...]string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04Z07:00",
	"2006-01-02",
	"2006-01",
	"2006",
}

// ParseDate reads a date or epoch seconds (E55: four digits are a year, five
// or more are seconds; a time without zone is not read).
func ParseDate(s string) (time.Time, bool) {
	if isDigits(s) && len(s) >= 5 {
		sec, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return time.Time{}, false
		}
		return time.Unix(sec, 0).UTC(), true
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// sameBool compares two booleans (E56); other texts never compare.
func sameBool(a, b string) bool {
	return (strings.EqualFold(a, "true") || strings.EqualFold(a, "false")) && strings.EqualFold(a, b)
}

// sameBytes compares decoded base64 (E57).
func sameBytes(a, b string) bool {
	x, errX := base64.StdEncoding.DecodeString(a)
	y, errY := base64.StdEncoding.DecodeString(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// inRange reports whether address s lies in range g (E58: a range without
// length is one host, host bits are ignored, families never match).
func inRange(g, s string) bool {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return false
	}
	prefix, err := netip.ParsePrefix(g)
	if err != nil {
		one, err := netip.ParseAddr(g)
		return err == nil && one == addr
	}
	return prefix.Masked().Contains(addr)
}

// isRange reports whether g is an address or a range of them.
func isRange(g string) bool {
	if _, err := netip.ParsePrefix(g); err == nil {
		return true
	}
	a, err := netip.ParseAddr(g)
	return err == nil && a.Zone() == ""
}
