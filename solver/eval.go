package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// eval is the state of deciding one check: one action on one resource.
type eval struct {
	c        *Case
	service  string // lower case
	name     string // lower case
	resource string
	trace    bool

	rules  *wordList
	unsure *wordList
	doubts []string
	gates  []Gate

	// What stays from one decision to the next; see evals.
	empty   wordList
	actions map[string]lowerAction
}

func newEval(c *Case, trace bool) *eval {
	e := &eval{}
	e.start(c, trace)
	return e
}

// start makes the state ready for one check.
func (e *eval) start(c *Case, trace bool) {
	a := e.lowered(c.Action)
	e.c, e.service, e.name, e.resource, e.trace = c, a.service, a.name, c.Resource, trace
	e.rules, e.unsure, e.doubts, e.gates = &e.empty, &e.empty, slices.Clone(c.Doubts), nil
}

// rule notes that the decision rests on a rule.
func (e *eval) rule(id string) { e.rules = e.rules.with(id) }

// lean notes that the decision rests on a rule that AWS leaves unclear.
func (e *eval) lean(id string) {
	e.rule(id)
	e.unsure = e.unsure.with(id)
}

// doubt notes something missing or damaged that could change the outcome.
func (e *eval) doubt(why string) {
	if !slices.Contains(e.doubts, why) {
		e.doubts = append(e.doubts, why)
	}
}

// A pool is what the policies of one kind say together (E85): the conditions
// under which some statement allows, and under which some statement denies.
type pool struct {
	allow, deny         *guard.Expr
	allowRefs, denyRefs []StatementRef
}

func newPool() pool { return pool{allow: guard.False, deny: guard.False} }

// result sums a pool up for the trace.
func (p *pool) result() (Result, *guard.Expr, []StatementRef) {
	switch {
	case p.deny != guard.False:
		return Denies, p.deny, p.denyRefs
	case p.allow != guard.False:
		return Allows, p.allow, p.allowRefs
	}
	return Silent, guard.True, nil
}

// note adds a pool to the trace.
func (e *eval) note(name, target string, p *pool) {
	if !e.trace {
		return
	}
	r, g, refs := p.result()
	e.gates = append(e.gates, Gate{Name: name, Target: target, Result: r, Guard: g, Because: sortRefs(slices.Clone(refs))})
}

// pool reads policies that name no principals.
func (e *eval) pool(sources []Source) pool {
	p := newPool()
	for i := range sources {
		src := &sources[i]
		e.damage(src)
		for _, s := range src.Doc.Statements {
			p.add(e, src, s, e.applies(s))
		}
	}
	return p
}

// principalPool reads policies that name principals, for gates where it does
// not matter by which kind of entry the caller is named (RCPs, endpoints).
func (e *eval) principalPool(sources []Source) pool {
	p := newPool()
	for i := range sources {
		src := &sources[i]
		e.damage(src)
		for _, s := range src.Doc.Statements {
			g := e.applies(s)
			if g == guard.False {
				continue
			}
			who := guard.False
			for _, k := range e.principals(s, src.Doc.Kind) {
				who = guard.Or(who, k)
			}
			p.add(e, src, s, guard.And(g, who))
		}
	}
	return p
}

func (p *pool) add(e *eval, src *Source, s *policy.Statement, g *guard.Expr) {
	if g == guard.False {
		return
	}
	switch s.Effect {
	case policy.Allow:
		p.allow = guard.Or(p.allow, g)
		if e.trace {
			p.allowRefs = append(p.allowRefs, ref(src, s))
		}
	case policy.Deny:
		p.deny = guard.Or(p.deny, g)
		if e.trace {
			p.denyRefs = append(p.denyRefs, ref(src, s))
		}
	case policy.EffectInvalid:
	}
}

func ref(src *Source, s *policy.Statement) StatementRef {
	return StatementRef{Policy: src.Name, Type: src.Doc.Kind.String(), Statement: s.Index, Sid: s.Sid, stmt: s}
}

// damage notes documents of which something had to be left out (E11).
func (e *eval) damage(src *Source) {
	if len(src.Doc.Faults) > 0 && src.Doc.Damaged() {
		e.rule("E11")
		e.doubt(notRead(src))
	}
}

// notRead says what is missing of a document.
func notRead(src *Source) string {
	return src.Doc.Kind.String() + " " + src.Name + " could not be read in full: " + broken(src.Doc).Message
}

// applies tells under which condition a statement speaks about the request,
// its principals left aside.
func (e *eval) applies(s *policy.Statement) *guard.Expr {
	if s.Broken || !s.MatchAction(e.service, e.name) {
		return guard.False
	}
	g := e.resources(s)
	for i := range s.Conditions {
		if g == guard.False {
			return g
		}
		g = guard.And(g, e.condition(&s.Conditions[i]))
	}
	return g
}

// condition tests one condition; what is left open becomes a guard.
func (e *eval) condition(c *policy.Condition) *guard.Expr {
	alone := c.MissesSet()
	if alone {
		e.lean("E64")
		if e.c.asks {
			return e.withoutSet(c)
		}
	}
	if c.LowerKey() == "aws:sourceip" && e.c.Context.Values["aws:viaawsservice"].One == "true" {
		e.lean("E129") // kept from the first call, or not
	}
	g := tested(c, e)
	switch {
	case !g.Open():
	case c.LowerKey() == mfaPresent && e.c.Caller.mixed():
		return e.eitherSession(c)
	case alone:
		return guard.Atom(c.AbsenceTest())
	}
	return g
}

// tested tests a condition; what ctx leaves open becomes a guard.
func tested(c *policy.Condition, ctx policy.Context) *guard.Expr {
	switch c.Test(ctx) {
	case policy.True:
		return guard.True
	case policy.False:
		return guard.False
	case policy.Unknown:
	}
	return guard.Atom(c.Resolve(ctx))
}

// resources tells under which condition the Resource element covers the
// request's resource (E33 to E43).
func (e *eval) resources(s *policy.Statement) *guard.Expr {
	if len(s.Resources) == 0 {
		return guard.Of(!s.NotResource) // the policy is about its carrier
	}
	covered, valued, runOn := guard.False, guard.True, false
	for i := range s.Resources {
		r := &s.Resources[i]
		p, state, _ := r.Expand(e)
		switch state {
		case policy.Absent:
			if s.NotResource {
				e.lean("E73")
				return guard.False
			}
		case policy.Open:
			covered = guard.Or(covered, e.openResource(r))
			if s.NotResource {
				valued = guard.And(valued, e.valued(r))
			}
		case policy.Present:
			switch p.Match(e.resource) {
			case arn.Exact:
				return guard.Of(!s.NotResource)
			case arn.RunOn:
				runOn = true
			case arn.NoFit:
			}
		}
	}
	if runOn {
		e.lean("E35")
		covered = guard.True
	}
	if s.NotResource {
		return guard.And(valued, guard.Not(covered))
	}
	return covered
}

// valued tells when the open variables of a NotResource pattern have values:
// without, the statement does not apply (E73).
func (e *eval) valued(r *policy.ResourcePattern) *guard.Expr {
	g := guard.True
	for ctx := policy.Context(e); ; {
		_, state, key := r.Expand(ctx)
		if state != policy.Open {
			return g
		}
		if _, state, _ := r.Expand(given{ctx, strings.ToLower(key), absent}); state == policy.Absent {
			c := policy.NewCondition("Null", key, []string{"false"})
			if g = guard.And(g, e.condition(&c)); g != guard.True {
				e.lean("E73")
			}
		}
		ctx = given{ctx, strings.ToLower(key), present("x")} // on to the next variable
	}
}

// given is a context with one key fixed.
type given struct {
	policy.Context
	key   string
	value policy.Value
}

// Value returns what the request holds under key.
func (g given) Value(key string) policy.Value {
	if key == g.key {
		return g.value
	}
	return g.Context.Value(key)
}

// openResource turns a pattern with an open variable into a condition on it.
func (e *eval) openResource(r *policy.ResourcePattern) *guard.Expr {
	c, fit, ok := r.OpenCondition(e, e.resource)
	if fit == arn.RunOn {
		e.lean("E35")
	}
	switch {
	case fit == arn.NoFit:
		return guard.False
	case ok:
		return guard.Atom(c)
	}
	return guard.Opaque("whether " + r.Text + " covers " + e.resource)
}
