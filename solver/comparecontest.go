package solver

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// Where a statement of an issue stands, besides 0 and 1 for the two documents.
const inBoth = 2

// A contest sets the statements of an issue against each other, for one caller
// and with the keys of variables fixed.
type contest struct {
	on      *comparing
	c       *Case
	actions []string
	sp      *permission.Space // of contexts alone

	partition string // of the resources of examples

	none   bool     // requests without a resource count
	bounds arn.Glob // all resources there are
	lists  []listing
	index  map[string]int // of lists

	allow, deny [3][]*term
	terms       map[*policy.Statement]*term // those that can apply

	asks    bool // something is open that only a request knows, or nobody
	certain bool // only what depends on none of that is looked for
}

// A term is a statement of a contest.
type term struct {
	everything bool // it is about every resource
	not        bool // NotResource
	listed     int  // what it lists; -1 for nothing
	open       []openTerm
	valued     *permission.Guard // of NotResource: the variables have values
	when       *permission.Guard
}

// An openTerm is a pattern of which only a request knows the text.
type openTerm struct {
	wide  int // a listing that covers more
	holds *permission.Guard
}

// maxNodes bounds the conditions of one contest: see permission.Config.
const maxNodes = 20_000

func newContest(on *comparing, caller *Caller, fixed map[string]policy.Value, issue *issue) *contest {
	t := &contest{
		on: on, c: &Case{free: true, asks: true, Action: issue.actions[0]}, actions: issue.actions, index: map[string]int{},
		terms: map[*policy.Statement]*term{},
		none:  on.kind != policy.Trust && on.kind != policy.Resource, bounds: permission.AnyARN,
	}
	if t.partition = partitionsIn(issue.statements())[0]; caller != nil && caller.Partition != "" {
		t.partition = caller.Partition
	}
	if on.kind == policy.Trust {
		t.bounds = arn.Literal("arn:" + t.partition + ":iam::" + cmp.Or(on.owner, someAccount) + ":role/example") // trusts speak about their role alone
	}
	if caller != nil {
		t.c.Caller = *caller
	}
	t.c.Context.Values = map[string]policy.Value{}
	if within := t.c.Caller.userIDs(); within != "" {
		t.c.Context.Values["aws:userid"] = policy.Value{State: policy.Open, Within: within}
	}
	for key, v := range fixed { // what the caller fixes can't be chosen
		if own := newEval(t.c, false).Value(key); own.State == policy.Open && (own.Within == "" || own.Within.Match(v.One)) {
			t.c.Context.Values[key] = v
		}
	}
	t.read(issue)
	return t
}

// read reads the statements of an issue.
func (t *contest) read(issue *issue) {
	type read struct {
		cl    *clause
		when  *guard.Expr
		where int
	}
	var list []read
	var v vocabulary
	for where, statements := range [3][]*policy.Statement{issue.only[0], issue.only[1], issue.common} {
		for _, st := range statements {
			if cl, when := t.reading(st); cl != nil {
				v.expr(when)
				for _, o := range cl.open {
					v.Opaque = append(v.Opaque, o.question)
				}
				v.expr(cl.valued)
				if slices.ContainsFunc(cl.patterns, askew) {
					v.expr(unclear("E35"))
				}
				list = append(list, read{cl, when, where})
			}
		}
	}
	known := t.known(issue, v.Tests)
	v.expr(known)
	v.Domains = domainsOf(newEval(t.c, false), v.Tests)
	v.MaxNodes, v.Work = maxNodes, &t.on.work
	t.asks = len(v.Opaque) > 0
	t.sp = permission.NewSpace(v.Config)
	for _, r := range list {
		one := t.term(r.cl, r.when)
		t.terms[r.cl.st] = one
		switch r.cl.st.Effect {
		case policy.Allow:
			t.allow[r.where] = append(t.allow[r.where], one)
		case policy.Deny:
			t.deny[r.where] = append(t.deny[r.where], one)
		case policy.EffectInvalid:
		}
	}
	if known != guard.False {
		t.deny[inBoth] = append(t.deny[inBoth], &term{everything: true, listed: -1, when: t.sp.When(known), valued: t.sp.Always()})
	}
	if t.on.kind == policy.RCP || t.on.by().own { // RCPFullAWSAccess can't be detached; or an identity policy allows
		t.allow = [3][]*term{inBoth: {{everything: true, when: t.sp.Always()}}}
	}
}

// known tells when the caller is one that is looked at anyway, and in more
// detail, or nobody can be. A key that no statement is about makes no difference.
func (t *contest) known(issue *issue, tests []policy.Condition) *guard.Expr {
	out := guard.False
	e := newEval(t.c, false)
	counts := func(key string) bool {
		return t.c.Context.Values[key].State == policy.Present || slices.ContainsFunc(tests, func(c policy.Condition) bool { return c.LowerKey() == key })
	}
	for _, c := range taken(&t.c.Caller, t.on.kind, issue.statements()) {
		if counts(c.LowerKey()) {
			out = guard.Or(out, e.condition(&c))
		}
	}
	if t.c.Caller.Kind == CallerOutsider {
		out = guard.Or(out, contradictory(e, counts("aws:username"), counts("aws:principaltype")))
	}
	return out
}

// contradictory tells when keys of some principal of an account do not go together: users
// have a name, and nobody else (E74), and each has a type of its own (E216).
func contradictory(e *eval, names, types bool) *guard.Expr {
	when := func(operator, key string, values ...string) *guard.Expr {
		c := policy.NewCondition(operator, key, values)
		return e.condition(&c)
	}
	out := guard.False
	either := func(a, b *guard.Expr) {
		out = guard.Or(out, guard.Or(guard.And(a, guard.Not(b)), guard.And(guard.Not(a), b)))
	}
	if !names && !types {
		return out
	}
	user := when("ArnLike", "aws:PrincipalArn", "arn:*:iam::*:user/*")
	if names {
		either(when("Null", "aws:username", "false"), user)
	}
	if types {
		either(when("StringEquals", "aws:PrincipalType", principalTypes[CallerUser]), user)
		out = guard.Or(out, when("StringNotEquals", "aws:PrincipalType", principalTypes[CallerUser], principalTypes[CallerRoot],
			principalTypes[CallerSession], principalTypes[CallerFederatedUser]))
	}
	return out
}

// reading reads a statement: what it says of resources, and when it applies. It
// is nil for one that never does.
func (t *contest) reading(st *policy.Statement) (*clause, *guard.Expr) {
	e := newEval(t.c, false)
	cl := e.clause(nil, st)
	when := guard.True
	if t.on.kind.HasPrincipal() {
		when = t.on.naming(e, st)
	}
	terms := []*guard.Expr{when}
	for i := range st.Conditions {
		terms = append(terms, e.condition(&st.Conditions[i]))
	}
	when = guard.All(terms)
	if cl.void || when == guard.False || len(st.Resources) == 0 && st.NotResource {
		return nil, nil
	}
	return &cl, when
}

func (t *contest) term(cl *clause, when *guard.Expr) *term {
	out := &term{
		everything: len(cl.st.Resources) == 0, not: cl.st.NotResource, when: t.sp.When(when), valued: t.sp.When(cl.valued),
	}
	if slices.ContainsFunc(cl.patterns, askew) {
		out.listed = t.list(arn.Exact, cl.patterns...)
		out.open = append(out.open, openTerm{t.list(arn.RunOn, cl.patterns...), t.sp.When(unclear("E35"))})
	} else {
		out.listed = t.list(arn.RunOn, cl.patterns...)
	}
	for _, o := range cl.open {
		out.open = append(out.open, openTerm{t.list(arn.RunOn, o.wide), t.sp.When(guard.Opaque(o.question))})
	}
	return out
}

// domainsOf lists what is known of open keys that are certainly present.
func domainsOf(e *eval, tests []policy.Condition) map[string]arn.Glob {
	out := map[string]arn.Glob{}
	for i := range tests {
		key := tests[i].LowerKey()
		if v := e.Value(key); v.State == policy.Open && v.Within != "" {
			out[key] = v.Within
		}
	}
	return out
}

// An outlook is what is known of the resource of a request: the lists in sure
// cover it, and no others but some of maybe, which holds sure.
type outlook struct{ sure, maybe atoms.Bits }

// applies returns the contexts in which a statement applies: with most, to some
// of the resources of an outlook, and otherwise to all.
func (t *contest) applies(s *term, o outlook, most bool) *permission.Guard {
	if s.everything {
		return s.when
	}
	set := o.sure
	if most != s.not {
		set = o.maybe
	}
	listed := t.sp.Never()
	if set.Has(s.listed) {
		listed = t.sp.Always()
	}
	for _, p := range s.open {
		if set.Has(p.wide) {
			listed = t.sp.OrGuards(listed, p.holds)
		}
	}
	if s.not {
		return t.sp.AndGuards(t.sp.SubGuards(s.valued, listed), s.when)
	}
	return t.sp.AndGuards(listed, s.when)
}

// surely and perhaps leave nothing open of a statement, where that is asked for.
func (t *contest) surely(g *permission.Guard) *permission.Guard {
	if t.certain {
		return t.sp.Whatever(g)
	}
	return g
}

func (t *contest) perhaps(g *permission.Guard) *permission.Guard {
	if t.certain {
		return t.sp.Perhaps(g)
	}
	return g
}

// difference returns contexts in which one document permits a request because of
// a lead, and the other doesn't: some of them, and none only if there are none.
// For an outlook that leaves anything open they may be too many.
func (t *contest) difference(l lead, o outlook) *permission.Guard {
	g := t.surely(t.applies(t.terms[l.st], o, true))
	if g == t.sp.Never() {
		return g
	}
	var less []*permission.Guard
	take := func(list []*term) {
		for _, s := range list {
			if other := t.applies(s, o, false); other != t.sp.Never() {
				less = append(less, t.perhaps(other))
			}
		}
	}
	take(t.deny[inBoth])
	take(t.deny[l.more])
	if !l.deny() {
		take(t.allow[inBoth])
		take(t.allow[1-l.more])
		return t.sp.Beyond(g, less)
	}
	for _, where := range []int{inBoth, l.more} {
		for _, s := range t.allow[where] {
			if out := t.sp.Beyond(t.sp.AndGuards(g, t.surely(t.applies(s, o, true))), less); out != t.sp.Never() {
				return out
			}
		}
	}
	return t.sp.Never()
}

// search looks for a request at a lead, first for one that depends on nothing that
// is open.
func (t *contest) search(l lead) {
	s := &t.on.sides[l.more]
	if t.certain = t.asks; t.certain {
		t.searchAs(l)
		t.certain = false
	}
	if s.witness == nil || s.rank == rankOpen {
		t.searchAs(l)
	}
}

// searchAs looks for a request at a lead.
func (t *contest) searchAs(l lead) {
	s := &t.on.sides[l.more]
	r, ok := t.region(l)
	if t.terms[l.st] == nil || !ok || s.settled() {
		return
	}
	if s.witness != nil && s.rank < rankOpen {
		s.tries++
	}
	if t.difference(l, t.within(r)) != t.sp.Never() || t.sp.Overgrown() {
		t.searchRegion(l, r)
	}
	if t.none && l.at < 0 && !s.settled() && t.difference(l, t.at("*", arn.RunOn)) != t.sp.Never() {
		t.offer(s, l, region{}, "*")
	}
}

// searchRegion looks for a request about a resource.
func (t *contest) searchRegion(l lead, r region) {
	s := &t.on.sides[l.more]
	text, found, whole := t.find(l, r)
	switch {
	case t.sp.Overgrown():
		t.on.doubt(l.more, Gap{What: "the conditions", Why: "they combine in more ways than were told apart"})
	case found:
		t.offer(s, l, r, text)
	case !whole && (t.on.work < 0 || !t.offer(s, l, r, "")):
		t.on.doubt(l.more, Gap{What: "the resource patterns", Why: "they overlap in more ways than were told apart: " + r.pattern.String() + " and others"})
	}
}

// find looks for a resource in a region for which a lead makes a difference.
func (t *contest) find(l lead, r region) (text string, found, whole bool) {
	work := min(t.on.work, maxWork/4) // one lead leaves something for the others
	t.on.work -= work
	text, found, whole = atoms.Find(r.compiled, t.near(r), t.quest(l, &work))
	t.on.work += work
	return text, found, whole
}

// quest says what makes a difference.
func (t *contest) quest(l lead, work *int) atoms.Quest {
	all := len(t.lists)
	known := map[string]bool{}
	hopeless := func(o outlook) bool {
		key := o.sure.Key() + o.maybe.Key()
		out, ok := known[key]
		if !ok {
			out = !o.maybe.Has(all) || t.difference(l, o) == t.sp.Never()
			known[key] = out
			t.on.work -= workPerTerm * len(t.terms)
		}
		return out
	}
	return atoms.Quest{
		Hopeless: func(sure, maybe atoms.Bits) bool { return hopeless(outlook{sure, maybe}) },
		Wanted:   func(in atoms.Bits) bool { return !hopeless(outlook{in, in}) },
		Work:     work,
	}
}
