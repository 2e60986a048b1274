package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// callersIn lists callers between whom statements tell, by their Principal
// elements and by conditions on the caller: one for each entry, one of each
// account and service that is named, and others that only "*" names. It is a
// single nil for documents that name no principals.
func callersIn(kind policy.Kind, statements []*policy.Statement) []*Caller {
	if !kind.HasPrincipal() {
		return []*Caller{nil}
	}
	byARN := map[string]*Caller{}
	add := func(c *Caller) { byARN[c.ARN+string('0'+rune(c.Kind))] = c }
	accounts := map[string]bool{}
	root := triesRoot(kind, statements)
	for _, st := range statements {
		for i := range st.Principals {
			p := &st.Principals[i]
			if c := callerBehind(p); c != nil {
				add(c)
			}
			if p.Account != "" && p.Account != cloudFront {
				accounts[p.Account] = true
			}
		}
		for i := range st.Conditions {
			about(&st.Conditions[i], accounts, add)
		}
	}
	in := partitionsIn(statements)
	for id := range accounts {
		for _, partition := range in {
			add(outsiderOf(partition, id))
			if root {
				add(&Caller{Kind: CallerRoot, ARN: "arn:" + partition + ":iam::" + id + ":root", Partition: partition, Account: id})
			}
		}
	}
	other := otherAccountThan(accounts)
	for _, partition := range in[1:] {
		add(outsiderOf(partition, other))
	}
	var out []*Caller
	for _, k := range slices.Sorted(maps.Keys(byARN)) {
		out = append(out, byARN[k])
	}
	return append(out, outsiderOf(in[0], other), &Caller{Kind: CallerService, ARN: "example.amazonaws.com"}, &Caller{Kind: CallerAnonymous, ARN: "anonymous"})
}

// otherAccountThan returns an account that is none of some.
func otherAccountThan(accounts map[string]bool) string {
	other := "999999999999"
	for accounts[other] {
		other = other[1:] + "0"
	}
	return other
}

// triesRoot reports whether root users are told from others of their account:
// some endpoints take an account for its root user (E134), and NotPrincipal spares
// root users in another way (E98).
func triesRoot(kind policy.Kind, statements []*policy.Statement) bool {
	return kind == policy.Endpoint || slices.ContainsFunc(statements, func(st *policy.Statement) bool { return st.NotPrincipal })
}

// taken lists tests that hold for the callers of an account, or of a role, that
// are looked at by themselves, by what such callers have under a key (E216, E74,
// E80): the others of the account and the other sessions of the role have not.
func taken(c *Caller, kind policy.Kind, statements []*policy.Statement) (out []policy.Condition) {
	var arns, names, ids []string
	for _, st := range statements {
		for i := range st.Principals {
			p := &st.Principals[i]
			switch {
			case c.Kind == CallerOutsider && p.Account == c.Account && p.Kind == policy.User:
				arns, names = append(arns, p.Text), append(names, p.Text[strings.LastIndexByte(p.Text, '/')+1:])
			case c.Kind == CallerOutsider && p.Account == c.Account && p.Kind == policy.Role:
				arns = append(arns, p.Text)
			case c.anySession() && p.Kind == policy.RoleSession:
				if one, err := ParseCaller(p.Text); err == nil && one.RoleARN == c.RoleARN {
					ids = append(ids, "*:"+one.SessionName)
				}
			}
		}
	}
	if c.Kind == CallerOutsider && c.Account != "" && triesRoot(kind, statements) {
		arns = append(arns, "arn:"+c.Partition+":iam::"+c.Account+":root")
	}
	if len(arns) > 0 {
		out = append(out, policy.NewCondition("StringEquals", "aws:PrincipalArn", arns))
	}
	if len(names) > 0 {
		out = append(out, policy.NewCondition("StringEquals", "aws:username", names))
	}
	if len(ids) > 0 {
		out = append(out, policy.NewCondition("StringLike", "aws:userid", ids))
	}
	return out
}

// anySession reports whether a caller stands for all sessions of a role that no
// entry names.
func (c *Caller) anySession() bool { return c.Kind == CallerSession && c.ARN == c.RoleARN }

// userIDs is what all values of aws:userid are like that a caller may have (E80, E82);
// "" when nothing is known, or all.
func (c *Caller) userIDs() arn.Glob {
	switch {
	case c.Kind == CallerOutsider:
		return arn.NewGlob("?*")
	case c.Kind == CallerUser && c.UniqueID == "":
		return arn.NewGlob("AIDA?*")
	case c.Kind != CallerSession:
		return ""
	}
	id, name := arn.Literal(c.UniqueID), arn.Literal(c.SessionName)
	if id == "" {
		id = arn.NewGlob("AROA?*")
	}
	if name == "" || c.anySession() {
		name = arn.NewGlob("?*")
	} else if c.UniqueID != "" {
		return ""
	}
	return id + arn.Literal(":") + name
}

// about notes the accounts and services that a condition on the caller names.
func about(c *policy.Condition, accounts map[string]bool, add func(*Caller)) {
	for _, v := range c.Values {
		switch c.LowerKey() {
		case "aws:principalarn":
			if f := strings.SplitN(v, ":", 6); len(f) == 6 && f[4] != "" && f[4] != "*" {
				accounts[accountLike(f[4])] = true
			}
		case "aws:principalaccount":
			accounts[accountLike(v)] = true
		case "aws:principalservicename", "aws:principalservicenameslist":
			add(&Caller{Kind: CallerService, ARN: strings.NewReplacer("*", "", "?", "x").Replace(v)})
		}
	}
}

// accountLike returns an account that a pattern covers, if it covers one.
func accountLike(pattern string) string {
	id := strings.ReplaceAll(pattern, "?", "0")
	return strings.Replace(id, "*", strings.Repeat("0", max(0, 13-len(id))), 1)
}

func outsiderOf(partition, id string) *Caller {
	return &Caller{Kind: CallerOutsider, ARN: "arn:" + partition + ":iam::" + id + ":user/somebody", Partition: partition, Account: id}
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

// singledOut lists values of a key that make a request possible which is none
// with another value: those that statements with the key in a variable share with
// what else draws a request, and those that tests of the key itself ask for.
//
// A request has to be in what helps, and out of what hinders. So the patterns
// that help draw it, and so do the exceptions of what hinders; all others drive it
// away, and for those a value that nothing is like will do.
func singledOut(key string, help, hinder []*policy.Statement) (out []policy.Value) {
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
	uses, others := drawn(key, help, hinder)
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

// comparedAsText reports whether all tests of a key compare texts, so that values
// are told apart by what they are like.
func comparedAsText(key string, statements []*policy.Statement) bool {
	return !slices.ContainsFunc(statements, func(st *policy.Statement) bool {
		return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
			name := c.Operator.String()
			return c.LowerKey() == key && slices.ContainsFunc([]string{"IpAddress", "Numeric", "Date", "Binary"}, func(s string) bool { return strings.Contains(name, s) })
		})
	})
}

// A placed text stands in a Resource element, or is a value of a condition key.
type placed struct{ place, text string }

// mark stands in a text for the variable that is looked at.
const mark = "\x01"

// drawn lists the texts that draw a request: with the variable, and without it.
// Other variables stand for anything.
func drawn(key string, help, hinder []*policy.Statement) (uses, others []placed) {
	seen := map[placed]bool{}
	put := func(place, text string) {
		p := placed{place, singled(text, key)}
		switch {
		case seen[p]:
		case strings.Contains(p.text, mark):
			uses = append(uses, p)
		default:
			others = append(others, p)
		}
		seen[p] = true
	}
	for i, st := range slices.Concat(help, hinder) {
		helps := i < len(help)
		for k := range st.Resources {
			if helps != st.NotResource {
				put("Resource", st.Resources[k].Text)
			}
		}
		for k := range st.Conditions {
			c := &st.Conditions[k]
			switch name := c.Operator.String(); {
			case c.Operator.IsNull():
			case strings.HasPrefix(name, "Bool"):
				put(c.LowerKey(), "true")
				put(c.LowerKey(), "false")
			case helps != c.Operator.Negated():
				for _, v := range c.Values {
					put(c.LowerKey(), v)
				}
			}
		}
	}
	return uses, others
}

// singled writes a mark for the first use of a variable and '*' for all other
// variables.
func singled(text, key string) string {
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
