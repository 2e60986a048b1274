package guard

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/policy"
)

// satisfiable reports whether one request can meet all tests of c (E219). It
// answers false only when it is sure: every key is tried with its absence and
// with values around those the tests name, and a key whose tests leave more
// than that to try counts as satisfiable.
func satisfiable(c conj) bool {
	groups := map[string][]*policy.Condition{}
	for i, t := range c {
		for _, u := range c[:i] {
			if t.op == opNot && t.args[0].same(u) || u.op == opNot && u.args[0].same(t) {
				return false
			}
		}
		if t.op == opAtom {
			groups[t.cond.LowerKey()] = append(groups[t.cond.LowerKey()], t.cond)
		}
	}
	for key, tests := range groups {
		if !keySatisfiable(key, tests) {
			return false
		}
	}
	return !slices.ContainsFunc(exclusive, func(x Exclusion) bool { return x.broken(groups) })
}

// An Exclusion is a pair of keys of which a request carries only one: the first,
// with the given value where one is given, leaves no room for the other. Keys
// are in lower case.
type Exclusion struct{ Key, Value, Other string }

// Exclusions lists the pairs of keys that no request carries together.
func Exclusions() []Exclusion { return exclusive }

// exclusive lists the pairs. Sources: IAM user guide, "AWS global condition
// context keys" and "Data perimeters", 2026 crawl (E216, E219): a call comes by
// a public address or through a VPC endpoint, and a service that calls for
// itself has neither a network nor an identity of IAM.
var exclusive = []Exclusion{
	{Key: "aws:sourceip", Other: "aws:sourcevpc"},
	{Key: "aws:sourceip", Other: "aws:sourcevpce"},
	{Key: "aws:sourceip", Other: "aws:sourcevpcarn"},
	{Key: "aws:sourceip", Other: "aws:vpcsourceip"},
	{Key: "aws:sourceip", Other: "aws:vpceaccount"},
	{Key: "aws:sourceip", Other: "aws:vpceorgid"},
	{Key: "aws:sourceip", Other: "aws:vpceorgpaths"},
	{Key: "aws:principalisawsservice", Value: "true", Other: "aws:principalarn"},
	{Key: "aws:principalisawsservice", Value: "true", Other: "aws:principalorgid"},
	{Key: "aws:principalisawsservice", Value: "true", Other: "aws:sourceip"},
	{Key: "aws:principalisawsservice", Value: "true", Other: "aws:sourcevpc"},
	{Key: "aws:principalisawsservice", Value: "true", Other: "aws:sourcevpce"},
	{Key: "aws:principalisawsservice", Value: "false", Other: "aws:principalservicename"},
	{Key: "aws:principalisawsservice", Value: "false", Other: "aws:sourcearn"},
	{Key: "aws:principalisawsservice", Value: "false", Other: "aws:sourceaccount"},
}

// broken reports whether the tests demand what x excludes.
func (x *Exclusion) broken(groups map[string][]*policy.Condition) bool {
	if !demanded(groups[x.Other], x.Other, policy.Value{}) || !demanded(groups[x.Key], x.Key, policy.Value{}) {
		return false
	}
	switch x.Value {
	case "true":
		return demanded(groups[x.Key], x.Key, policy.Single("false"))
	case "false":
		return demanded(groups[x.Key], x.Key, policy.Single("true"))
	}
	return true
}

// demanded reports whether some test of key fails for instead, so that the
// request has to carry something else.
func demanded(tests []*policy.Condition, key string, instead policy.Value) bool {
	return slices.ContainsFunc(tests, func(t *policy.Condition) bool {
		return !hasVariable(t.Values) && t.Test(policy.Values{key: instead}) == policy.False
	})
}

func keySatisfiable(key string, tests []*policy.Condition) bool {
	// A test with a variable can come out either way.
	tests = slices.DeleteFunc(slices.Clone(tests), func(t *policy.Condition) bool { return hasVariable(t.Values) })
	holds := func(v policy.Value) bool {
		ctx := policy.Values{key: v}
		for _, t := range tests {
			if t.Test(ctx) == policy.False {
				return false
			}
		}
		return true
	}
	switch {
	case holds(policy.Value{}):
		return true
	case slices.ContainsFunc(tests, wantsAbsence):
		return false
	case policy.Multivalued(key):
		return true
	}
	for _, t := range tests {
		for _, s := range t.Values {
			if slices.ContainsFunc(around(s), func(try string) bool { return holds(policy.Single(try)) }) {
				return true
			}
		}
	}
	if slices.ContainsFunc(between(tests), func(try string) bool { return holds(policy.Single(try)) }) {
		return true
	}
	return !slices.ContainsFunc(tests, func(t *policy.Condition) bool { return decisive(t, tests) })
}

// wantsAbsence reports whether t holds for an absent key only.
func wantsAbsence(t *policy.Condition) bool {
	return t.Operator.IsNull() && len(t.Values) == 1 && strings.EqualFold(t.Values[0], "true")
}

// decisive reports whether the values that were tried are enough to find one
// that meets t and all other tests of the key, if there is one.
func decisive(t *policy.Condition, tests []*policy.Condition) bool {
	if t.Operator.Set != policy.NoSet || t.Operator.IfExists {
		return false
	}
	switch t.Operator.String() {
	case "Bool", "StringEquals": // each value that meets t was tried
		return true
	case "StringLike", "ArnLike", "ArnEquals":
		return !slices.ContainsFunc(t.Values, func(s string) bool { return strings.ContainsAny(s, "*?") })
	}
	own := ordering(t)
	return own != "" && !slices.ContainsFunc(tests, func(u *policy.Condition) bool {
		return !u.Operator.IsNull() && (ordering(u) != own || own != "IP" && slices.ContainsFunc(u.Values, fine))
	})
}

// ordering names the order in which the operator of t compares, or "".
func ordering(t *policy.Condition) string {
	name := t.Operator.String()
	name = name[strings.IndexByte(name, ':')+1:]
	switch {
	case strings.HasPrefix(name, "IpAddress"), strings.HasPrefix(name, "NotIpAddress"):
		return "IP"
	case strings.HasPrefix(name, "Numeric"):
		return "Numeric"
	case strings.HasPrefix(name, "Date"):
		return "Date"
	}
	return ""
}

// fine reports whether a number or a date is written more finely than
// [between] reckons.
func fine(s string) bool {
	if strings.Contains(s, ":") {
		return strings.Contains(s, ".")
	}
	return len(s) > 15
}

// around lists values on, beside and far from a policy value.
func around(s string) []string {
	out := []string{s, "true", "false", "x"}
	if strings.ContainsAny(s, "*?") {
		out = append(out, strings.NewReplacer("*", "", "?", "x").Replace(s), strings.NewReplacer("*", "x", "?", "x").Replace(s))
	}
	return append(out, aroundRange(s)...)
}

// between lists a number, or an instant, below, between and above each two
// neighbours that the tests name.
func between(tests []*policy.Condition) (out []string) {
	var numbers, instants []float64
	for _, t := range tests {
		for _, s := range t.Values {
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				numbers = append(numbers, f)
			}
			if at, ok := policy.ParseDate(s); ok {
				instants = append(instants, float64(at.UnixMilli()))
			}
		}
	}
	for _, f := range gaps(numbers, 1) {
		out = append(out, strconv.FormatFloat(f, 'f', -1, 64))
	}
	for _, f := range gaps(instants, 1000) {
		at := time.UnixMilli(int64(f)).UTC()
		out = append(out, at.Format(time.RFC3339Nano), strconv.FormatInt(at.Unix(), 10))
	}
	return out
}

func gaps(list []float64, beyond float64) (out []float64) {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	out = append(out, list[0]-beyond, list[len(list)-1]+beyond)
	for i, f := range list {
		out = append(out, f)
		if i > 0 {
			out = append(out, (list[i-1]+f)/2)
		}
	}
	return out
}

// aroundRange lists the first and last address of a range and their neighbours.
func aroundRange(s string) []string {
	p, last, ok := Range(s)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range []netip.Addr{p.Addr(), last, p.Addr().Prev(), last.Next()} {
		if a.IsValid() {
			out = append(out, a.String())
		}
	}
	return out
}

// Range reads a range of addresses, or a single one, as policies write them: with
// the last address that is in it. ok is false for other texts.
func Range(s string) (p netip.Prefix, last netip.Addr, ok bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return p, last, false
		}
		p = netip.PrefixFrom(addr, addr.BitLen())
	}
	p = p.Masked()
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	last, ok = netip.AddrFromSlice(b)
	return p, last, ok
}
