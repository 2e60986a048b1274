package policy

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// A Condition is one key of one operator block: it holds when the request's
// values under Key compare with Values as Operator says.
type Condition struct {
	Operator Operator
	Key      string   // as written
	Values   []string // as text, in order (E7)

	lower  string
	values []value
}

// A value is one policy value, ready for comparison.
type value struct {
	parts []part   // of its template
	glob  arn.Glob // when there is no variable
	dyn   bool
}

// NewCondition makes a condition by hand, reading variables as version
// 2012-10-17 does. operator must be one that [ParseOperator] takes.
func NewCondition(operator, key string, values []string) Condition {
	op, ok := ParseOperator(operator)
	if !ok {
		panic("BUG: no such operator: " + operator)
	}
	return newCondition(op, key, values, true)
}

func newCondition(op Operator, key string, values []string, variables bool) Condition {
	c := Condition{Operator: op, Key: key, Values: values, lower: strings.ToLower(key)}
	c.values = make([]value, len(values))
	for i, text := range values {
		v := &c.values[i]
		t, _ := newTemplate(text, variables && op.takesVariables())
		v.parts, v.dyn = t.parts, t.variables()
		if !v.dyn {
			v.glob, _, _ = t.expand(nil, op.Wildcards())
		}
	}
	return c
}

// template returns value i as a template.
func (c *Condition) template(i int) *template {
	return &template{text: c.Values[i], parts: c.values[i].parts}
}

// LowerKey returns the key in lower case, as [Context] wants it (E48).
func (c *Condition) LowerKey() string { return c.lower }

// MissesSet reports whether c compares a multivalued key without a set
// operator (E64, UNSURE). We choose: no list holds, under positive and negated
// operators alike; an absent key and an empty list are decided as for any key,
// so they meet negated operators and IfExists (E50, E51).
func (c *Condition) MissesSet() bool {
	return c.Operator.Set == NoSet && !c.Operator.IsNull() && Multivalued(c.lower)
}

// AbsenceTest returns a condition that holds exactly when the request carries
// no value under the key of c, which is all that a condition that misses its
// set operator can still ask for.
func (c *Condition) AbsenceTest() Condition {
	return newCondition(Operator{base: opNull}, c.Key, []string{"true"}, false)
}

// Multivalued reports whether key, in lower case, is one of the keys whose
// request value is a list (E60).
func Multivalued(key string) bool {
	if multivalued[key] {
		return true
	}
	return strings.HasSuffix(key, ":amr")
}

// multivalued is the list of the IAM guide, "Single-valued vs. multivalued
// context keys", and of the services' key tables (E60, 2026 crawl).
var multivalued = map[string]bool{
	"aws:tagkeys": true, "aws:calledvia": true,
	"aws:principalorgpaths": true, "aws:resourceorgpaths": true, "aws:sourceorgpaths": true, "aws:vpceorgpaths": true,
	"aws:principalservicenameslist": true,
	"sts:transitivetagkeys":         true, "sts:requestcontextproviders": true,
	"kms:encryptioncontextkeys": true, "kms:grantoperations": true, "kms:resourcealiases": true,
	"dynamodb:leadingkeys": true, "dynamodb:attributes": true, "s3:requestobjecttagkeys": true,
	"route53:changeresourcerecordsetsnormalizedrecordnames": true,
	"route53:changeresourcerecordsetsrecordtypes":           true,
	"route53:changeresourcerecordsetsactions":               true,
}

// Test compares the request's values with the condition (E46 to E66). It is
// Unknown when an open key or variable decides.
func (c *Condition) Test(ctx Context) Truth {
	v := ctx.Value(c.lower)
	if v.State == Open {
		return c.testOpen(ctx, v)
	}
	nothing := v.State == Absent || v.Multi && len(v.Many) == 0 // E52: an empty list is no value
	if c.Operator.IsNull() {
		return c.testNull(nothing)
	}
	if nothing && c.Operator.IfExists {
		return True // E51, E62
	}
	switch c.Operator.Set {
	case NoSet:
		switch {
		case nothing:
			return Of(c.Operator.Negated()) // E50, for a list as well: what is absent has no kind
		case v.Multi:
			return False // E64
		}
		return c.testOne(ctx, v.One)
	case ForAllValues:
		all := True // E61: also for no value at all
		for _, s := range requestValues(v) {
			all = min(all, c.testOne(ctx, s))
		}
		return all
	case ForAnyValue:
		some := False // E62: also for negated operators
		for _, s := range requestValues(v) {
			some = max(some, c.testOne(ctx, s))
		}
		return some
	}
	return False
}

// testOpen decides the tests that come out alike for every value the key can
// have.
func (c *Condition) testOpen(ctx Context, v Value) Truth {
	within := v.Within
	if c.MissesSet() && !c.Operator.Negated() && !c.Operator.IfExists {
		return False // E64, and E50 should the key be absent
	}
	if c.Operator.IsNull() && slices.Contains(c.Values, "true") && slices.Contains(c.Values, "false") {
		return True // E52
	}
	if (len(v.Except) > 0 || v.Never != nil) && !c.Operator.IsNull() && c.missesAll(ctx, &v) {
		return c.missed(within != "")
	}
	if !v.From.IsZero() {
		if truth := c.testFrom(v); truth != Unknown {
			return truth
		}
	}
	if within == "" || c.Operator.Set != NoSet {
		return Unknown
	}
	if c.Operator.IsNull() {
		return c.testNull(false)
	}
	hit := False
	for i := range c.values {
		hit = max(hit, c.hitWithin(ctx, i, within))
	}
	if c.Operator.Negated() {
		return -hit
	}
	return hit
}

// missesAll reports whether each policy value covers nothing but what a key does not hold.
func (c *Condition) missesAll(ctx Context, v *Value) bool {
	never := func(g arn.Glob) bool {
		return v.Never != nil && v.Never(g) || slices.ContainsFunc(v.Except, func(e arn.Glob) bool { return arn.Covers(e, g) })
	}
	fam := ops[c.Operator.base].family
	exact := c.Operator.base != opStringEqualsIgnoreCase && c.Operator.base != opStringNotEqualsIgnoreCase
	if fam != famARN && (fam != famString || !exact) {
		return false
	}
	for i := range c.values {
		g, state, _ := c.template(i).expand(ctx, c.Operator.Wildcards())
		switch {
		case state == Absent:
		case state == Open, !never(g):
			return false
		}
	}
	return true
}

// missed is how a condition comes out whose values a key holds none of: as for any other
// value, and as far as the key may be absent, for none.
func (c *Condition) missed(present bool) Truth {
	other, none := Of(c.Operator.Negated()), Of(c.Operator.Negated())
	switch {
	case c.Operator.IfExists, c.Operator.Set == ForAllValues:
		none = True // E51, E61, E62
	case c.Operator.Set == ForAnyValue:
		none = False // E62
	}
	if present || other == none {
		return other
	}
	return Unknown
}

// hitWithin compares one policy value with a request value of which only a
// glob is known.
func (c *Condition) hitWithin(ctx Context, i int, within arn.Glob) Truth {
	fam := ops[c.Operator.base].family
	exact := c.Operator.base != opStringEqualsIgnoreCase && c.Operator.base != opStringNotEqualsIgnoreCase
	if fam != famARN && (fam != famString || !exact) {
		return Unknown
	}
	g, state, _ := c.template(i).expand(ctx, c.Operator.Wildcards())
	switch {
	case state == Absent:
		return False
	case state == Open:
		return Unknown
	case !arn.Overlaps(g, within):
		return False
	case fam == famString && arn.Covers(g, within):
		return True
	}
	return Unknown
}

// testNull compares absence (E52).
func (c *Condition) testNull(absent bool) Truth {
	for _, s := range c.Values {
		if strings.EqualFold(s, "true") && absent || strings.EqualFold(s, "false") && !absent {
			return True
		}
	}
	return False
}

// requestValues lists the values for a set operator: a single value is a list
// of one (E65), and a list that holds only empty strings is empty (E61, E66).
func requestValues(v Value) []string {
	switch {
	case v.State != Present:
		return nil
	case !v.Multi:
		return []string{v.One}
	}
	for _, s := range v.Many {
		if s != "" {
			return v.Many
		}
	}
	return nil
}

// testOne compares one request value with all policy values: any of them for
// a positive operator, none of them for a negated one (E46).
func (c *Condition) testOne(ctx Context, s string) Truth {
	hit := False
	for i := range c.values {
		hit = max(hit, c.hit(ctx, i, s))
		if hit == True {
			break
		}
	}
	if c.Operator.Negated() {
		return -hit
	}
	return hit
}

// hit compares one request value with one policy value, as the positive form
// of the operator does.
func (c *Condition) hit(ctx Context, i int, s string) Truth {
	g := c.values[i].glob
	if c.values[i].dyn {
		var state State
		if g, state, _ = c.template(i).expand(ctx, c.Operator.Wildcards()); state != Present {
			if state == Open {
				return Unknown
			}
			return False // E72
		}
	}
	return Of(compare(c.Operator.base, g, s))
}

// Resolve returns the condition with the variables that ctx knows filled in,
// for printing what is left open. Its values are written as version 2012-10-17
// reads them, whatever the version of the document.
func (c *Condition) Resolve(ctx Context) Condition {
	special := false
	for i := range c.values {
		special = special || c.special(i)
	}
	if !special {
		return *c
	}
	values := make([]string, 0, len(c.values))
	for i := range c.values {
		t := c.template(i)
		if _, state, _ := t.expand(ctx, true); state == Absent {
			continue // E72: nothing equals it
		}
		values = append(values, t.partly(ctx))
	}
	return newCondition(c.Operator, c.Key, values, true)
}

// Variables lists the keys of the variables in the values of c, in lower case.
func (c *Condition) Variables() (out []string) {
	for i := range c.values {
		out = append(out, c.template(i).keys()...)
	}
	return out
}

// special reports whether value i is not its own plain text under version
// 2012-10-17.
func (c *Condition) special(i int) bool {
	return c.Operator.takesVariables() && strings.Contains(c.Values[i], "${")
}

// portable returns the values as version 2012-10-17 writes them.
func (c *Condition) portable() []string {
	out := slices.Clone(c.Values)
	for i := range out {
		if t := c.template(i); c.special(i) && t.parts == nil {
			out[i] = t.partly(nil)
		}
	}
	return out
}

// Complement returns conditions that all hold exactly when c does not. ok is
// false when policy language has no such conditions.
//
// It rests on three dualities: a positive operator and its …Not… twin differ
// for every request, also for an absent key (E50); IfExists adds the absent
// key to either; ForAllValues and ForAnyValue swap under negation (E61 to E63).
func (c *Condition) Complement() (all []Condition, ok bool) {
	op, info, values := c.Operator, ops[c.Operator.base], c.portable()
	inv := Operator{base: info.inverse}
	switch info.family {
	case famBinary:
		return nil, false
	case famNull, famBool:
		if len(values) != 1 || flip(values[0]) == "" {
			return nil, false
		}
		values = []string{flip(values[0])}
	case famNumeric, famDate:
		if !info.negated && !ops[inv.base].negated && (len(values) != 1 || unreadable(op, values[0], false) != "") {
			return nil, false // an order has no NOR form, and what it can't read no opposite
		}
	case famString, famIP, famARN:
	}
	if len(values) == 0 || c.MissesSet() {
		return nil, false
	}
	needsKey := false
	switch {
	case op.IsNull():
	case op.Set == ForAllValues:
		inv.Set = ForAnyValue
	case op.Set == ForAnyValue:
		inv.Set, needsKey = ForAllValues, op.IfExists
	case info.negated || ops[inv.base].negated:
		needsKey = op.IfExists && !info.negated
	default: // Bool and the orders: neither side holds for an absent key
		inv.IfExists = !op.IfExists
	}
	all = append(all, newCondition(inv, c.Key, values, true))
	if needsKey {
		all = append(all, newCondition(Operator{base: opNull}, c.Key, []string{"false"}, false))
	}
	return all, true
}

func flip(s string) string {
	switch strings.ToLower(s) {
	case "true":
		return "false"
	case "false":
		return "true"
	}
	return ""
}
