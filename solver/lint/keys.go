package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// keys finds condition keys that nobody has, and those that requests for the
// listed actions never carry (E50).
func (l *linter) keys() {
	for _, st := range l.sound() {
		for i := range st.Conditions {
			c := &st.Conditions[i]
			switch s, ok := l.unknownKey(c, st); {
			case ok:
				l.report(ruleKeyUnknown, st, l.places.Condition(st, c), s)
			case l.elsewhere(c, st):
				l.report(ruleKeyElsewhere, st, l.places.Condition(st, c), says{message: fmt.Sprintf("no request for the actions of %s carries %s, %s", nameOf(st), c.Key, effectOfAbsence(c))})
			}
		}
	}
}

// effectOfAbsence says what becomes of a condition when its key is never there.
func effectOfAbsence(c *policy.Condition) string {
	if c.Test(policy.Values{}) == policy.False {
		return "so the condition never holds"
	}
	return "so the condition always holds"
}

// unknownKey says what is wrong with a key that nobody has. It keeps silent about
// keys of identity providers, whose names are theirs, and, without a correction
// in sight, of services.
func (l *linter) unknownKey(c *policy.Condition, st *policy.Statement) (s says, unknown bool) {
	if s, unknown = l.strangeKey(c.Key, st); unknown && !s.milder {
		s.message += ", " + effectOfAbsence(c)
	}
	return s, unknown
}

// strangeKey is unknownKey for a key by its name.
func (l *linter) strangeKey(name string, st *policy.Statement) (s says, unknown bool) {
	key := strings.ToLower(name)
	service, _, ok := strings.Cut(key, ":")
	if _, global := catalog.GlobalKey(key); global {
		return s, false
	}
	if _, known := l.cat.ConditionKey(key); known || strings.Contains(service, ".") || strings.Contains(service, "/") {
		return s, false
	}
	if !ok {
		s.message = fmt.Sprintf("%s is no condition key: it has no prefix such as aws: or s3:", quote(name))
		s.suggestion = l.nearestKey(key, st)
		return s, true
	}
	s.suggestion = l.nearestKey(key, st)
	switch {
	case service == "aws":
		s.message = "there is no global condition key " + name
	case s.suggestion != "":
		s.message = "there is no condition key " + name
	default:
		s.message = fmt.Sprintf("%s is no condition key that the catalog of %s knows, nor like one", name, catalog.DataDate)
		s.remedy = "check the key in the documentation of the service"
		s.severity, s.milder = Note, true
	}
	return s, true
}

// CheckKey says what is wrong with a condition key that a question fixes, and with its
// values: that no request has it, and which one was probably meant, or that it never has
// such a value; "" when nothing is known against them.
func CheckKey(key string, values []string) string {
	l := &linter{cat: catalog.Default()}
	if s, unknown := l.strangeKey(key, &policy.Statement{}); unknown {
		if s.suggestion != "" {
			if strings.EqualFold(s.suggestion, key) { // of one that ends with the name of a tag, without it
				return s.message + " without the name of a tag behind it"
			}
			return s.message + "; did you mean " + s.suggestion + "?"
		}
		return s.message
	}
	for _, v := range values {
		var what string
		switch typ := l.typeOf(strings.ToLower(key)); typ {
		case "IPAddress":
			if _, err := netip.ParseAddr(v); err != nil {
				what = "one address"
			}
		case "Bool":
			if !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
				what = "true or false"
			}
		case "Numeric":
			if _, err := strconv.ParseFloat(v, 64); err != nil {
				what = "a number"
			}
		}
		if what != "" {
			return fmt.Sprintf("%s is %s, and %s is not", key, what, quote(v))
		}
	}
	return ""
}

// nearestKey returns the key that was probably meant: a global one, one of the
// same prefix, or one of a service of the statement with a prefix left out.
func (l *linter) nearestKey(key string, st *policy.Statement) string {
	key, sub, tagged := strings.Cut(key, "/")
	service, name, _ := strings.Cut(key, ":")
	var list []string
	add := func(service string) {
		for _, k := range l.cat.ConditionKeys(service) {
			name, _, _ := strings.Cut(k.Name, "/")
			list = append(list, name)
		}
	}
	for _, k := range catalog.GlobalKeys() {
		name, _, _ := strings.Cut(k.Name, "/")
		list = append(list, name)
	}
	add(service)
	for i := range st.Actions {
		add(st.Actions[i].Service())
	}
	best, least := "", min(3, len(key)/6+1)+1
	for _, k := range list {
		lower := strings.ToLower(k)
		d := policy.Distance(key, lower, least)
		if _, rest, ok := strings.Cut(lower, ":"); ok && d > 1 && (name == "" && rest == service || rest == name) {
			d = 1 // the prefix is missing, or that of somebody else
		}
		if d < least {
			best, least = k, d
		}
	}
	if tagged && best != "" {
		return best + "/" + sub
	}
	return best
}

// elsewhere reports whether AWS documents a key for other actions than those of
// a statement only.
func (l *linter) elsewhere(c *policy.Condition, st *policy.Statement) bool {
	if st.NotAction || len(st.Actions) == 0 || keysBeyond[c.LowerKey()] {
		return false
	}
	if _, global := catalog.GlobalKey(c.LowerKey()); global {
		return false
	}
	for i := range st.Actions {
		if st.Actions[i].All() || !l.known(st.Actions[i].Text) {
			return false
		}
		for a := range l.cat.Match(st.Actions[i].Text) {
			if l.cat.HasKey(a.Name, c.LowerKey()) {
				return false
			}
		}
	}
	return true
}

// types finds operators that don't fit their key, and wildcards that are compared
// literally.
func (l *linter) types() {
	for _, st := range l.sound() {
		for i := range st.Conditions {
			c := &st.Conditions[i]
			if l.reported(l.places.Condition(st, c).Pointer, ruleKeyUnknown, ruleValueUnreadable) {
				continue
			}
			typ := l.typeOf(c.LowerKey())
			if _, global := catalog.GlobalKey(c.LowerKey()); typ == "String" && !global {
				typ = "" // the documentation says so of addresses, too
			}
			if why, better := misfitting(c, typ); why != "" {
				s := says{message: fmt.Sprintf("%s holds %s, and %s %s", c.Key, typ, c.Operator, why)}
				if better != "" {
					s.remedy = "use " + better
				}
				l.report(ruleKeyType, st, l.places.Condition(st, c), s)
				continue
			}
			l.literalWildcards(st, c)
		}
	}
}

// typeOf returns the type of a key as the catalog names it, "" when unknown.
func (l *linter) typeOf(key string) string {
	if g, ok := catalog.GlobalKey(key); ok {
		return g.Type
	}
	k, _ := l.cat.ConditionKey(key)
	return k.Type
}

// misfitting says why an operator can't compare values of a type, and which
// could. It names only pairs that never compare; numbers and dates are also
// documented as texts.
func misfitting(c *policy.Condition, typ string) (why, better string) {
	op := c.Operator.String()
	op = strings.TrimSuffix(op[strings.IndexByte(op, ':')+1:], "IfExists")
	not := ""
	if c.Operator.Negated() {
		not = "Not"
	}
	switch {
	case c.Operator.IsNull() || typ == "":
	case typ == "IPAddress" && strings.HasPrefix(op, "String"):
		if slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "/") }) {
			return "compares it as text, which a range never equals", not + "IpAddress"
		}
	case strings.HasSuffix(op, "IpAddress") && typ != "IPAddress":
		return "compares addresses", map[string]string{"ARN": "Arn" + not + "Like", "String": "String" + not + "Equals", "Bool": "Bool"}[typ]
	case typ == "IPAddress" && op != "BinaryEquals" && !strings.HasSuffix(op, "IpAddress"):
		return "reads no address", not + "IpAddress"
	case strings.HasPrefix(op, "Arn") && (typ == "Bool" || typ == "Numeric" || typ == "Date"):
		return "compares ARNs", map[string]string{"Bool": "Bool", "Numeric": "Numeric" + not + "Equals"}[typ]
	case op == "Bool" && (typ == "ARN" || typ == "Numeric" || typ == "Date"):
		return "compares true and false", map[string]string{"ARN": "ArnLike", "Numeric": "NumericEquals"}[typ]
	case (strings.HasPrefix(op, "Numeric") || strings.HasPrefix(op, "Date")) && (typ == "ARN" || typ == "Bool"):
		return "compares numbers or dates", map[string]string{"ARN": "Arn" + not + "Like", "Bool": "Bool"}[typ]
	}
	return "", ""
}

// literalWildcards finds wildcards under an operator that knows none, in values
// of keys that never hold these characters.
func (l *linter) literalWildcards(st *policy.Statement, c *policy.Condition) {
	op := c.Operator.String()
	if !strings.Contains(op, "StringEquals") && !strings.Contains(op, "StringNotEquals") || !neverWild(c.LowerKey()) {
		return
	}
	for i, v := range c.Values {
		if strings.ContainsAny(strings.NewReplacer("${*}", "", "${?}", "").Replace(v), "*?") {
			like := strings.Replace(strings.TrimSuffix(strings.Replace(op, "IgnoreCase", "", 1), "IfExists"), "Equals", "Like", 1)
			l.report(ruleWildcardLiteral, st, l.places.Item(l.places.Condition(st, c).Pointer, i), says{
				message: fmt.Sprintf("%s compares %s character by character, and no value of %s holds a wildcard", op, quote(v), c.Key),
				remedy:  "use " + like,
			})
		}
	}
}
