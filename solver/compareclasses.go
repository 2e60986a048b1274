package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// callersIn lists callers between whom statements tell: one for each entry of
// their Principal elements, one of each account that their conditions name, one
// that none but "*" names, and services where "*" may stand for them (E13). It is
// a single nil for documents that name no principals.
func callersIn(kind policy.Kind, statements []*policy.Statement) []*Caller {
	if !kind.HasPrincipal() {
		return []*Caller{nil}
	}
	byARN := map[string]*Caller{}
	accounts := map[string]bool{}
	root := false
	for _, st := range statements {
		root = root || st.NotPrincipal
		for i := range st.Principals {
			p := &st.Principals[i]
			if c := callerBehind(p); c != nil {
				byARN[c.ARN] = c
			}
			if p.Account != "" && p.Account != cloudFront {
				accounts[p.Account] = true
			}
		}
		for i := range st.Conditions {
			for _, id := range accountsIn(&st.Conditions[i]) {
				accounts[id] = true
			}
			if c := &st.Conditions[i]; strings.HasPrefix(c.LowerKey(), "aws:principalservicename") {
				for _, v := range c.Values {
					byARN[v] = &Caller{Kind: CallerService, ARN: plain(v), Partition: "aws"}
				}
			}
			if c := &st.Conditions[i]; strings.HasPrefix(c.LowerKey(), "aws:principalisawsservice") || strings.HasPrefix(c.LowerKey(), "aws:source") {
				byARN["\xfe"] = &Caller{Kind: CallerService, ARN: "any-service.amazonaws.com", Partition: "aws"}
			}
		}
	}
	for id := range accounts {
		some := outsiderOf(id)
		byARN[some.ARN] = some
		if root { // NotPrincipal spares root users in another way (E98)
			c := &Caller{Kind: CallerRoot, ARN: "arn:aws:iam::" + id + ":root", Partition: "aws", Account: id}
			byARN[c.ARN+" "] = c
		}
	}
	other := "999999999999"
	for accounts[other] {
		other = other[1:] + "0"
	}
	byARN["\xff1"] = outsiderOf(other)
	byARN["\xff2"] = &Caller{Kind: CallerAnonymous, ARN: "anonymous"}
	var out []*Caller
	for _, k := range slices.Sorted(maps.Keys(byARN)) {
		out = append(out, byARN[k])
	}
	return out
}

// accountsIn lists accounts that a condition tells from others.
func accountsIn(c *policy.Condition) (out []string) {
	for _, v := range c.Values {
		switch c.LowerKey() {
		case "aws:principalarn":
			v = arn.Account(v)
		case "aws:principalaccount", "kms:calleraccount":
		default:
			return nil
		}
		if v = strings.ReplaceAll(v, "?", "7"); strings.Contains(v, "*") && v != "*" && len(v) <= 12 {
			v = strings.Replace(v, "*", strings.Repeat("7", 13-len(v)), 1)
			v = strings.ReplaceAll(v, "*", "")
		}
		if arn.IsAccountID(v) {
			out = append(out, v)
		}
	}
	return out
}

// plain returns a text that a pattern covers.
func plain(pattern string) string { return strings.NewReplacer("*", "", "?", "x").Replace(pattern) }

func outsiderOf(id string) *Caller {
	return &Caller{Kind: CallerOutsider, ARN: "arn:aws:iam::" + id + ":user/somebody", Partition: "aws", Account: id}
}

// callerBehind returns a caller whom an entry names, apart from those that stand
// for whole accounts.
func callerBehind(p *policy.Principal) *Caller {
	switch p.Kind {
	case policy.User, policy.RoleSession, policy.FederatedUser, policy.Service, policy.Federated:
		if c, err := ParseCaller(p.Text); err == nil {
			return &c
		}
	case policy.Role:
		if c, err := ParseCaller(p.Text); err == nil {
			c.SessionName = "session"
			return &c
		}
	case policy.Canonical:
		return &Caller{Kind: CallerOutsider, ARN: p.Text, Partition: "aws", CanonicalID: p.Text, External: true}
	case policy.UniqueID:
		c := &Caller{Kind: CallerUser, ARN: p.Text, Partition: "aws", Account: "000000000000", UniqueID: p.Text}
		if strings.HasPrefix(p.Text, "AROA") {
			c.Kind, c.SessionName, c.RoleARN = CallerSession, "session", p.Text
		}
		return c
	case policy.Nobody, policy.Everyone, policy.Account:
	}
	return nil
}

// maxValues bounds the ways of filling in variables that are tried.
const maxValues = 256

// variableValues lists ways of fixing the keys that stand in variables: absent,
// a value that nothing else in the statements is like, and all that a segment of
// a pattern or a condition on the key could single out. Between them they show
// every difference, since a pattern with a variable filled in differs from
// others only by where they single the value out. whole is false when there are
// too many.
func variableValues(statements []*policy.Statement) (out []map[string]policy.Value, whole bool) {
	keys := map[string]bool{}
	for _, st := range statements {
		for i := range st.Resources {
			for _, k := range st.Resources[i].Variables() {
				keys[k] = true
			}
		}
		for i := range st.Conditions {
			for _, k := range st.Conditions[i].Variables() {
				keys[k] = true
			}
		}
	}
	out, whole = []map[string]policy.Value{{}}, true
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if policy.Multivalued(key) {
			continue // it fills in nothing (E68)
		}
		values := append([]policy.Value{policy.Single("name-" + key[strings.IndexByte(key, ':')+1:]), absent}, singledOut(key, statements)...)
		var next []map[string]policy.Value
		for _, m := range out {
			for _, v := range values {
				if len(next) == maxValues {
					whole = false
					break
				}
				more := maps.Clone(m)
				more[key] = v
				next = append(next, more)
			}
		}
		out = next
	}
	return out, whole
}

// singledOut lists values of a key that the statements tell from others: those
// that its own conditions name, and what other patterns and values have where
// the variable stands.
func singledOut(key string, statements []*policy.Statement) (out []policy.Value) {
	seen := map[string]bool{}
	add := func(text string) {
		for _, s := range []string{
			strings.NewReplacer("*", "", "?", "x").Replace(text), strings.NewReplacer("*", "x", "?", "x").Replace(text),
		} {
			if s != "" && !seen[s] {
				seen[s] = true
				out = append(out, policy.Single(s))
			}
		}
	}
	uses, plain := textsOf(key, statements)
	for _, u := range uses {
		if u.place == "" {
			continue
		}
		for _, p := range plain {
			if p.place == u.place {
				alike(key, u.text, p.text, add)
			}
		}
	}
	for _, p := range plain {
		if p.place == key {
			add(p.text)
		}
	}
	return out
}

// A placed text stands in a Resource element, or is a value of a condition key.
type placed struct{ place, text string }

// textsOf lists the texts with the variable and those without any.
func textsOf(key string, statements []*policy.Statement) (uses, plain []placed) {
	put := func(place, text string, variables []string) {
		switch {
		case slices.Contains(variables, key):
			uses = append(uses, placed{place, text})
		case len(variables) == 0:
			plain = append(plain, placed{place, text})
		default: // another variable: its fixed parts count
			plain = append(plain, placed{place, text})
		}
	}
	for _, st := range statements {
		for i := range st.Resources {
			put("Resource", st.Resources[i].Text, st.Resources[i].Variables())
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			for _, v := range c.Values {
				put(c.LowerKey(), v, c.Variables())
			}
		}
	}
	return uses, plain
}

// alike adds what a text has where another one has the variable: the same
// segment when nothing before it can shift it, and otherwise any segment.
func alike(key, use, text string, add func(string)) {
	cut := func(s string) []string {
		return strings.FieldsFunc(inOnePiece(s), func(r rune) bool { return r == '/' || r == ':' })
	}
	other, marked := cut(text), cut(use)
	at := slices.IndexFunc(marked, func(s string) bool { return strings.Contains(strings.ToLower(s), inOnePiece("${"+key)) })
	shifts := at < 0 || at >= len(other) || slices.ContainsFunc(other[:at], func(s string) bool { return strings.Contains(s, "*") }) ||
		slices.ContainsFunc(marked[:at], func(s string) bool { return strings.Contains(s, "*") && s != "*" })
	for i, s := range other {
		if (i == at || shifts) && s != "*" && !strings.Contains(s, "${") {
			add(s)
			if at >= 0 && at < len(marked) { // what is written around the variable
				before, rest, _ := strings.Cut(marked[at], "${")
				_, after, _ := strings.Cut(rest, "}")
				add(strings.TrimSuffix(strings.TrimPrefix(s, before), after))
			}
		}
	}
}

// inOnePiece hides the colons and slashes in the names of variables.
func inOnePiece(text string) string {
	parts := strings.Split(text, "${")
	for i := 1; i < len(parts); i++ {
		name, rest, closed := strings.Cut(parts[i], "}")
		parts[i] = strings.NewReplacer(":", "\x00", "/", "\x00").Replace(name)
		if closed {
			parts[i] += "}" + rest
		}
	}
	return strings.Join(parts, "${")
}
