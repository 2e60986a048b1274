package permission

import (
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A variable is one question of the diagrams of a space: about a condition key,
// about a class of the elements of a multivalued key, or an opaque one.
type variable struct {
	key     string            // in lower case; "" for an opaque question
	name    string            // as written
	element bool              // of a multivalued key: has it an element of this class?
	opaque  string            // what an opaque question asks
	test    *policy.Condition // of an opaque question about a test: the test
	classes []class
}

// A class is one answer: values on which no test in play makes a difference.
type class struct {
	value  policy.Value // one of them
	absent bool
}

// yesNo are the classes of questions: no comes first, so that samples carry
// as little as they can.
var yesNo = []class{{}, {}}

// A family is the order in which operators compare.
type family uint8

const (
	famText family = iota // texts, ARNs, booleans, absence
	famAddress
	famNumber
	famDate
)

func familyOf(c *policy.Condition) family {
	name := c.Operator.String()
	name = name[strings.IndexByte(name, ':')+1:]
	switch {
	case strings.HasPrefix(name, "IpAddress"), strings.HasPrefix(name, "NotIpAddress"):
		return famAddress
	case strings.HasPrefix(name, "Numeric"):
		return famNumber
	case strings.HasPrefix(name, "Date"):
		return famDate
	}
	return famText
}

// maxStates bounds the work of cutting the texts of one key, and maxWork that of
// cutting the resources, in states times patterns: some tenths of a second.
const (
	maxStates = 60_000
	maxWork   = 2_000_000
)

// maxClasses bounds the classes of a key: beyond it, it is not finite enough.
const maxClasses = 4096

// candidates lists values that between them show every way in which the tests of
// one key can come out. within limits the key; ok is false when there are too
// many, or when tests of several families meet in a way that leaves doubt.
func candidates(tests []*policy.Condition, within arn.Glob, element bool, work *int) (values []string, ok bool) {
	if within == "" {
		within = arn.NewGlob("*")
		if element {
			within = arn.NewGlob("?*") // an empty element is no element (E61, E66)
		}
	}
	families := map[family]bool{}
	var texts []atoms.Pattern
	wild := false
	var ordered []*policy.Condition
	for _, t := range tests {
		f := familyOf(t)
		families[f] = true
		if f != famText {
			ordered = append(ordered, t)
		}
	}
	for _, t := range tests {
		if familyOf(t) != famText || t.Operator.IsNull() && len(ordered) > 0 {
			continue // a key that is only compared by order has nothing but numbers, dates or addresses
		}
		for _, v := range t.Values {
			p, w := textPattern(t, v)
			texts, wild = append(texts, p), wild || w
		}
	}
	if onlyBool(tests) {
		return []string{"false", "true"}, true
	}
	if delete(families, famText); len(families) > 1 || len(families) == 1 && wild {
		return nil, false
	}
	points := pointsOf(ordered)
	if len(families) == 0 || len(texts) > 0 {
		list, ok := cut(atoms.Text(within), texts, work)
		if !ok || len(list) > maxClasses {
			return nil, false
		}
		for i := range list {
			values = append(values, list[i].Witness)
		}
	}
	w := atoms.Text(within)
	seen := map[string]bool{} // ranges side by side have their neighbours in common
	for _, p := range points {
		if !seen[p] && w.Match(p) {
			seen[p], values = true, append(values, p)
		}
	}
	return values, true
}

func cut(within atoms.Pattern, patterns []atoms.Pattern, work *int) ([]atoms.Atom, bool) {
	if work == nil {
		return atoms.Cut(within, patterns, maxStates)
	}
	part := max(*work, 0) / 4
	*work -= part
	list, ok := atoms.CutFor(within, patterns, maxStates, &part)
	*work += part
	return list, ok
}

// onlyBool reports whether nothing is asked of a key but true, false or absent.
func onlyBool(tests []*policy.Condition) bool {
	some := false
	for _, t := range tests {
		name := t.Operator.String()
		some = some || strings.HasPrefix(name, "Bool")
		if !strings.HasPrefix(name, "Bool") && name != "Null" {
			return false
		}
	}
	return some
}

// comparison names the way in which an operator compares, apart from its
// direction.
func comparison(c *policy.Condition) string {
	if f := familyOf(c); f != famText {
		return string(rune('0' + f))
	}
	name := c.Operator.String()
	name = strings.TrimSuffix(name[strings.IndexByte(name, ':')+1:], "IfExists")
	name = strings.Replace(name, "Not", "", 1)
	if name == "ArnEquals" {
		return "ArnLike"
	}
	return name
}

// textPattern compiles one value of a test as its operator compares it. wild
// says that it covers more than one text.
func textPattern(t *policy.Condition, v string) (p atoms.Pattern, wild bool) {
	g := valueGlob(t, v)
	switch comparison(t) {
	case "StringLike":
		return atoms.Text(g), g.HasWildcard()
	case "ArnLike":
		return atoms.Fields(g), g.HasWildcard()
	case "StringEqualsIgnoreCase", "Bool":
		return atoms.Fold(g), true
	case "Null":
		return atoms.Text(arn.Literal("")), false // presence is not in the text
	}
	return atoms.Text(g), false
}

// valueGlob reads a policy value without variables as its operator does; ${*}
// and the like stand for the character (E70).
func valueGlob(t *policy.Condition, v string) arn.Glob {
	wild := t.Operator.Wildcards()
	var b strings.Builder
	for {
		i := strings.Index(v, "${")
		if i < 0 || i+3 >= len(v) || v[i+3] != '}' || !strings.ContainsRune("*?$", rune(v[i+2])) {
			break
		}
		b.WriteString(string(plainGlob(v[:i], wild)))
		b.WriteString(string(arn.Literal(v[i+2 : i+3])))
		v = v[i+4:]
	}
	b.WriteString(string(plainGlob(v, wild)))
	return arn.Glob(b.String())
}

func plainGlob(text string, wild bool) arn.Glob {
	if wild {
		return arn.NewGlob(text)
	}
	return arn.Literal(text)
}

// pointsOf lists values on, beside and between those that tests of one order
// name.
func pointsOf(tests []*policy.Condition) []string {
	var numbers []*big.Rat
	var instants []time.Time
	var out []string
	for _, t := range tests {
		for _, v := range t.Values {
			switch familyOf(t) {
			case famAddress:
				out = append(out, addresses(v)...)
			case famNumber:
				if r, ok := new(big.Rat).SetString(v); ok && len(v) <= 64 && !strings.ContainsAny(v, "eE/xX_pP") {
					numbers, out = append(numbers, r), append(out, v)
				}
			case famDate:
				if at, ok := policy.ParseDate(v); ok {
					instants, out = append(instants, at), append(out, v)
				}
			case famText:
			}
		}
	}
	if len(out) == 0 && len(tests) > 0 {
		// Nothing that can be read was named: any value is like any other.
		return []string{map[family]string{famAddress: "192.0.2.1", famNumber: "0", famDate: "2026-01-01T00:00:00Z"}[familyOf(tests[0])]}
	}
	slices.SortFunc(numbers, (*big.Rat).Cmp)
	one := big.NewRat(1, 1)
	for i, r := range numbers {
		out = append(out, decimal(new(big.Rat).Sub(r, one)), decimal(new(big.Rat).Add(r, one)))
		if i > 0 && r.Cmp(numbers[i-1]) != 0 {
			mid := new(big.Rat).Add(r, numbers[i-1])
			out = append(out, decimal(mid.Quo(mid, big.NewRat(2, 1))))
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	for i, at := range instants {
		out = append(out, at.Add(-time.Second).Format(time.RFC3339Nano), at.Add(time.Second).Format(time.RFC3339Nano))
		if i > 0 {
			out = append(out, instants[i-1].Add(at.Sub(instants[i-1])/2).UTC().Format(time.RFC3339Nano))
		}
	}
	return out
}

// decimal writes a number exactly: decimals and their means have few digits.
func decimal(r *big.Rat) string {
	digits := 0
	for d := new(big.Rat).Set(r); !d.IsInt() && digits < 80; digits++ {
		d.Mul(d, big.NewRat(10, 1))
	}
	return r.FloatString(digits)
}

// addresses lists the first and last address of a range and their neighbours.
func addresses(s string) []string {
	p, last, ok := guard.Range(s)
	if !ok {
		return nil
	}
	// An ordinary host of the range reads better than its first address.
	tries := []netip.Addr{p.Addr().Next(), p.Addr(), last, p.Addr().Prev(), last.Next()}
	if !p.Contains(tries[0]) {
		tries = tries[1:]
	}
	var out []string
	for _, a := range tries {
		if a.IsValid() {
			out = append(out, a.String())
		}
	}
	if p.Addr().Is4() {
		return append(out, "::1") // no IPv4 range holds it
	}
	return append(out, "192.0.2.1")
}
