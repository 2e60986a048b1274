package solver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// A rank says how good a witness is.
type rank uint8

// The ranks, from one that nothing can better.
const (
	rankBest    rank = iota // a request that AWS knows, for certain
	rankStrange             // its action carries other keys
	rankMadeUp              // its action is made on other resources, or unknown
	rankOpen                // it depends on what is not known
)

// offer makes a witness of what was found for a lead: a request that AWS knows,
// if there is one near. text is a resource that makes the difference, or "" when
// none is known yet. It reports whether there is a witness.
func (t *contest) offer(s *direction, l lead, r region, text string) bool {
	e := example{contest: t, lead: l, rank: rankOpen + 1}
	if text == "*" {
		e.known("*")
	} else {
		e.look(r)
	}
	if text != "*" && e.rank > rankStrange {
		e.makeUp(r)
	}
	if text != "" && e.rank > rankMadeUp {
		e.try(t.actions[0], text, rankMadeUp)
	}
	if e.request == nil {
		return false
	}
	if s.witness == nil || e.rank < s.rank {
		s.witness, s.rank = t.witness(e.request), e.rank
	}
	return true
}

// An example is the best request that a search for one has come across.
type example struct {
	*contest
	lead    lead
	request *permission.Request
	rank    rank
}

// try looks at one request, at best of a rank.
func (e *example) try(action, resource string, best rank) bool {
	here := e.at(resource, arn.RunOn)
	g := e.difference(e.lead, here)
	if g == e.sp.Never() || e.sp.Overgrown() {
		return false
	}
	r := e.sp.Context(g)
	if best == rankBest {
		for key := range r.Context {
			if !catalog.Default().HasKey(action, key) {
				best = rankStrange
			}
		}
	}
	exactly := e.at(resource, arn.Exact)
	if exactly.sure.Key() != here.sure.Key() && e.difference(e.lead, exactly) == e.sp.Never() {
		r.Open = append(r.Open, openQuestion("E35"))
	}
	if len(r.Open) > 0 {
		best = rankOpen
	}
	if best < e.rank {
		r.Action, r.Resource = action, resource
		e.request, e.rank = &r, best
	}
	return e.rank == rankBest
}

// account returns the account that resources of examples are of, where it makes no
// difference.
func (t *contest) account() string { return cmp.Or(t.on.owner, someAccount) }

// makeUp tries resources in another partition of AWS, and such of no form that
// AWS knows.
func (e *example) makeUp(r region) {
	action := e.actions[0]
	service, _, _ := strings.Cut(action, ":")
	list := append(fillings(r.pattern, e.partition, e.account()), "arn:"+e.partition+":"+strings.ToLower(service)+":"+someRegion+":"+e.account()+":"+someName)
	if a, known := catalog.Default().Action(action); known {
		for _, form := range formsOf(&a) {
			list = append(list, ofForm(form, anotherPartition(e.partition), e.account()))
		}
	}
	for _, text := range list {
		if arn.Like(e.bounds, text) && e.try(action, text, rankMadeUp) || e.rank <= rankMadeUp {
			return
		}
	}
}

// known tries the actions that are made on no resource.
func (e *example) known(resource string) {
	for _, name := range e.actions {
		if a, known := catalog.Default().Action(name); known && a.WildcardOnly && e.try(a.Name, resource, rankBest) {
			return
		}
	}
}

// maxForms bounds the forms of ARNs for which texts are computed, and formWork
// the work for each.
const (
	maxForms = 6
	formWork = 20_000
)

// look tries resources of a region that an action of the issue is made on:
// first such as a person would write, and then any that the form of the ARN
// allows.
func (e *example) look(r region) {
	var forms []struct {
		action string
		glob   arn.Glob
	}
	for _, name := range e.actions {
		a, known := catalog.Default().Action(name)
		if !known {
			continue
		}
		for _, form := range formsOf(&a) {
			g := permission.Form(form, e.partition)
			if e.fill(a.Name, g, r.pattern, form) {
				return
			}
			forms = append(forms, struct {
				action string
				glob   arn.Glob
			}{a.Name, g})
		}
	}
	if e.request != nil {
		return
	}
	for _, f := range forms[:min(len(forms), maxForms)] {
		work := min(formWork, e.on.work)
		text, found, _ := atoms.Find(atoms.Fields(f.glob), e.near(region{}), e.quest(e.lead, &work))
		if found && e.try(f.action, text, rankBest) {
			return
		}
	}
}

// formsOf lists the forms of the resources that an action is made on, the
// shortest first.
func formsOf(a *catalog.Action) []string {
	var out []string
	for _, ref := range a.ResourceTypes {
		out = append(out, ref.Type.ARNs...)
	}
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Compare(len(ofForm(a, "", someAccount)), len(ofForm(b, "", someAccount)))
	})
	return out
}

// fill tries texts of one form, made from the form and from a pattern.
func (e *example) fill(action string, g arn.Glob, p arn.Pattern, form string) bool {
	list := fillings(p, e.partition, e.account())
	if p.All() {
		list = nil
	}
	for _, text := range append(list, ofForm(form, e.partition, e.account()), ofForm(form, e.partition, otherAccount)) {
		if (arn.Like(g, text) || arn.Like(g, owned(text))) && arn.Like(e.bounds, text) && e.try(action, text, rankBest) {
			return true
		}
	}
	return false
}

// owned puts an account and a region into an ARN that has none: resources of AWS
// itself, such as its SSM documents, lack what the documented form has.
func owned(text string) string {
	f := strings.SplitN(text, ":", 6)
	if len(f) < 6 {
		return text
	}
	f[3], f[4] = cmp.Or(f[3], someRegion), cmp.Or(f[4], someAccount)
	return strings.Join(f, ":")
}

// What stands in examples for what is not fixed.
const (
	someName    = "example"
	someAccount = "111122223333"
	someRegion  = "us-east-1"

	otherAccount = "444455556666" // where the first one makes no difference
)

// ofForm fills in a documented form such as
// arn:${Partition}:s3:::${BucketName}/${ObjectName}.
func ofForm(form, partition, account string) string {
	var b strings.Builder
	for {
		i := strings.Index(form, "${")
		j := strings.IndexByte(form, '}')
		if i < 0 || j < i {
			return b.String() + form
		}
		b.WriteString(form[:i])
		switch form[i+2 : j] {
		case "Partition":
			b.WriteString(partition)
		case "Account":
			b.WriteString(account)
		case "Region":
			b.WriteString(someRegion)
		default:
			b.WriteString(someName)
		}
		form = form[j+1:]
	}
}

// fillings writes words in the place of the wildcards of a pattern.
func fillings(p arn.Pattern, partition, account string) (out []string) {
	run, one := string(arn.NewGlob("*")), string(arn.NewGlob("?"))
	fields := strings.SplitN(string(p.Glob()), ":", 6)
	if len(fields) < 6 {
		return nil
	}
	for _, ends := range []string{someName, "", someName + "/" + someName} {
		for _, places := range [][2]string{{someRegion, account}, {"", ""}, {someRegion, ""}, {"", account}, {someRegion, otherAccount}, {"", otherAccount}} {
			text := "arn"
			for i, f := range fields[1:] {
				word := [5]string{partition, "s3", places[0], places[1], ends}[i]
				text += ":" + strings.ReplaceAll(strings.ReplaceAll(f, run, word), one, "x")
			}
			if len(out) == 0 || out[len(out)-1] != text {
				out = append(out, text)
			}
		}
	}
	return out
}

// witness writes a request as answers do.
func (t *contest) witness(r *permission.Request) *Witness {
	w := &Witness{Principal: t.c.Caller.ARN, Action: r.Action, Resource: r.Resource, Context: map[string]any{}}
	if w.Principal == "" {
		w.Principal = "*"
	}
	put := func(key string, v policy.Value) {
		switch {
		case v.State != policy.Present:
		case v.Multi:
			w.Context[key] = v.Many
		default:
			w.Context[key] = v.One
		}
	}
	for key, v := range t.c.Context.Values {
		put(key, v)
	}
	for key, v := range r.Context {
		put(key, v)
	}
	for _, q := range r.Open {
		w.If = append(w.If, spoken(q))
	}
	w.Own, w.Without = t.on.by().own, t.on.by().without
	// Of somebody of an account the condition on the caller says who it is.
	if name, ok := w.Context["aws:username"].(string); ok && name != "" && t.c.Caller.Kind == CallerOutsider && t.c.Caller.Account != "" {
		w.Principal = "arn:" + t.c.Caller.Partition + ":iam::" + t.c.Caller.Account + ":user/" + name // E74
		delete(w.Context, "aws:username")
	}
	if who, ok := w.Context["aws:principalarn"].(string); ok && t.c.Caller.Kind == CallerOutsider {
		if t.sp.Alike("aws:principalarn", who, w.Principal) {
			delete(w.Context, "aws:principalarn")
			return w
		}
		for _, one := range append([]string{who}, t.passers(w.Principal)...) {
			if _, err := ParseCaller(one); err == nil && t.sp.Alike("aws:principalarn", who, one) {
				w.Principal = one
				delete(w.Context, "aws:principalarn")
				return w
			}
		}
	}
	return w
}

// passers lists principals of the account of somebody, one of each kind.
func (t *contest) passers(somebody string) []string {
	root := strings.TrimSuffix(somebody, arn.Resource(somebody))
	return []string{root + "user/" + someName, root + "role/" + someName, root + "root"}
}

// spoken writes an open question: a test as key, operator and values, and any
// other as it stands.
func spoken(q string) string {
	parts := strings.Split(q, "\x00")
	if len(parts) < 3 {
		return q
	}
	operator, not := strings.CutPrefix(parts[0], "not ")
	values := parts[2:]
	out := keyName(parts[1], nil) + " " + operator + " " + strings.Join(values[:min(len(values), maxQuestions)], ", ")
	if more := len(values) - maxQuestions; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	if not {
		return "not " + out
	}
	return out
}

// spell writes the keys of the witnesses as AWS does.
func (x *comparing) spell(docs ...*policy.Document) {
	written := keysWritten(docs...)
	for i := range x.sides {
		w := x.sides[i].witness
		if w == nil {
			continue
		}
		spelled := make(map[string]any, len(w.Context))
		for key, v := range w.Context {
			spelled[keyName(key, written)] = v
		}
		w.Context = spelled
	}
}
