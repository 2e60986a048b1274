package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// callersIn lists callers between whom the Principal elements of statements tell:
// one for each entry, and one that none but "*" names. It is a single nil for
// documents that name no principals.
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
	uses, others := textsOf(key, statements)
	for _, u := range uses {
		for _, o := range others {
			if u.place == o.place {
				alike(u.text, o.text, add)
			}
		}
	}
	for _, o := range others {
		if o.place == key {
			add(o.text)
		}
	}
	return out
}

// A placed text stands in a Resource element, or is a value of a condition key.
type placed struct{ place, text string }

// mark stands in a text for the variable that is looked at.
const mark = "\x01"

// textsOf lists the texts with the variable, and those without it. Other
// variables stand for anything.
func textsOf(key string, statements []*policy.Statement) (uses, others []placed) {
	seen := map[placed]bool{}
	put := func(place, text string) {
		p := placed{place, marked(text, key)}
		switch {
		case seen[p]:
		case strings.Contains(p.text, mark):
			uses = append(uses, p)
		default:
			others = append(others, p)
		}
		seen[p] = true
	}
	for _, st := range statements {
		for i := range st.Resources {
			put("Resource", st.Resources[i].Text)
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			for _, v := range c.Values {
				put(c.LowerKey(), v)
			}
		}
	}
	return uses, others
}

// marked writes a mark for the first use of a variable and '*' for all other
// variables.
func marked(text, key string) string {
	var b strings.Builder
	for first := true; ; {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !ok || !closed {
			return b.String()
		}
		name, _, _ = strings.Cut(name, ",") // a default follows (E71)
		if first && strings.EqualFold(strings.TrimSpace(name), key) {
			first = false
			b.WriteString(mark)
		} else {
			b.WriteString("*")
		}
		text = after
	}
}

// alike adds what a text has where another one has the variable: when all before
// it is fixed, the parts that end where the rest can go on; and otherwise any
// segment, without what is written around the variable.
func alike(use, other string, add func(string)) {
	before, after, _ := strings.Cut(use, mark)
	if !arn.Overlaps(arn.NewGlob(before+"*"+after), arn.NewGlob(other)) {
		return
	}
	if rest, ok := strings.CutPrefix(other, before); ok && !strings.ContainsAny(before, "*?") {
		head := after[:min(len(after), 1)]
		for j := 1; j <= len(rest); j++ {
			if (j == len(rest) || strings.ContainsAny(rest[j:j+1], "/:*"+head)) && arn.Overlaps(arn.NewGlob(after), arn.NewGlob(rest[j:])) {
				if j < len(rest) && rest[j] == '*' {
					add(rest[:j+1]) // the value can take some of the run
					continue
				}
				add(rest[:j])
			}
		}
		return
	}
	around := func(r rune) bool { return strings.ContainsRune("/:*?", r) }
	left, right := before[strings.LastIndexFunc(before, around)+1:], after
	if i := strings.IndexFunc(after, around); i >= 0 {
		right = after[:i]
	}
	if arn.Is(other) {
		other = arn.Resource(other) // that is where variables stand (E41)
	}
	for _, s := range strings.FieldsFunc(other, func(r rune) bool { return r == '/' || r == ':' }) {
		if s == "*" {
			continue
		}
		if i := strings.Index(s, left); i >= 0 {
			s = s[i+len(left):]
		}
		if i := strings.LastIndex(s, right); i >= 0 {
			s = s[:i]
		}
		add(s)
	}
}
