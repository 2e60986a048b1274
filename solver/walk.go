package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// walk goes along a path with what its sessions carry, and narrows the
// conditions of its hops to what they leave possible. ok is false when no
// choice of session tags and source identity gets to the end. p.end then says
// what the last session carries.
func (s *Solver) walk(p *path) (ok bool) {
	keys := s.carriedOn(p)
	if len(keys) == 0 {
		return true
	}
	h := unknownHistory
	p.hops = slices.Clone(p.hops)
	for i := range p.hops {
		hop := &p.hops[i]
		t := s.taken(hop, keys, h)
		if t.call == guard.False {
			return false
		}
		h, hop.when, hop.guard = t.next, t.call, t.blocks
	}
	if h.open() {
		return true
	}
	end := s.last(p)
	if when := newEval(&Case{Caller: end.caller, Context: s.ctx}, false).resolved(h.when()); when != guard.True {
		p.end = inTermsOf(when, when)
	}
	return true
}

// A taking is a step from a history, and what came of it.
type taking struct {
	next   *history
	call   *guard.Expr // False when it can't be made
	blocks guard.Blocks
}

type takingKey struct {
	pair
	keys string
	from *history
}

// taken takes a step, each from the same history at most once.
func (s *Solver) taken(h *hop, keys []carriedKey, from *history) taking {
	id := takingKey{pair: pairOf(&h.from, h.to), from: from}
	for i := range keys {
		id.keys += keys[i].tag + "\x00"
	}
	s.edges.mu.Lock()
	t, ok := s.edges.taken[id]
	s.edges.mu.Unlock()
	if ok {
		return t
	}
	st := s.edges.step(h)
	asked := st.assume
	st.keys, st.roleTags, st.fixed = keys, h.to.Tags, s.ctx
	st.substitute(&h.from, s.ctx)
	t.next, t.call = st.take(from)
	if t.call != guard.False {
		t.call = inTermsOf(t.call, asked)
		t.blocks, _, _ = t.call.Blocks()
	}
	s.edges.mu.Lock()
	defer s.edges.mu.Unlock()
	if len(s.edges.taken) >= maxTaken {
		clear(s.edges.taken)
	}
	s.edges.taken[id] = t
	return t
}

// maxTaken bounds the steps that are remembered.
const maxTaken = 1 << 16

// substitute fills in what the facts fix of the caller's keys.
func (st *step) substitute(from *actor, ctx Context) {
	if !st.compares {
		return
	}
	e := newEval(&Case{Caller: from.caller, Context: ctx}, false)
	for i := range st.keys {
		if v := e.Value(st.keys[i].session); v.State != policy.Open {
			for _, g := range []**guard.Expr{&st.assume, &st.tag, &st.source} {
				*g = substituted(*g, &st.keys[i], v)
			}
		}
	}
}

// inTermsOf writes a condition with the keys of another one alone: what has to
// hold of the others can be had.
func inTermsOf(e, of *guard.Expr) *guard.Expr {
	keep := map[string]bool{"": true} // also what is asked in words
	for _, k := range of.Keys() {
		keep[strings.ToLower(k)] = true
	}
	tests, opaque := e.Tests()
	sp := permission.NewSpace(permission.Config{Tests: tests, Opaque: opaque, MaxNodes: maxContexts})
	out, _ := sp.Expr(sp.Forget(sp.When(e), keep))
	if sp.Overgrown() {
		return e
	}
	return out
}

// step asks about the three actions that go into one call (E136, E145, E148).
func (e *assumeEdges) step(h *hop) *step {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := pairOf(&h.from, h.to)
	st, ok := e.steps[key]
	if !ok {
		t := e.targets[h.to.ARN]
		ask := func(action string) *guard.Expr {
			return effectOn(e.s.caseFor(&h.from, action, t, h.to.ARN)).when()
		}
		st = step{assume: h.asked, tag: ask("sts:TagSession"), source: ask("sts:SetSourceIdentity")}
		for _, g := range []*guard.Expr{st.assume, st.tag, st.source} {
			for _, k := range g.Keys() {
				st.tagKeys = st.tagKeys || strings.EqualFold(k, "aws:TagKeys")
				st.transitive = st.transitive || strings.EqualFold(k, "sts:TransitiveTagKeys")
			}
			tests, _ := g.Tests()
			st.compares = st.compares || slices.ContainsFunc(tests, func(c policy.Condition) bool { return len(c.Variables()) > 0 })
		}
		e.steps[key] = st
	}
	return &st
}

// carriedOn lists the keys that sessions on a path may carry and that some
// policy on it reads.
func (s *Solver) carriedOn(p *path) (keys []carriedKey) {
	read := slices.Clone(s.readOfSessions())
	for i := range p.hops {
		read = append(read, s.readBy(p.hops[i].from.principal)...)
		read = append(read, s.readBy(p.hops[i].to)...)
		read = append(read, s.readIn(p.hops[i].to.Trust)...)
	}
	slices.Sort(read)
	for _, name := range slices.Compact(read) {
		k := carriedKey{request: "aws:requesttag/" + name, session: "aws:principaltag/" + name, tag: name}
		if name == "" {
			k = carriedKey{request: "sts:sourceidentity", session: "aws:sourceidentity"}
		}
		if len(keys) < maxCarried {
			keys = append(keys, k)
		}
	}
	return keys
}

// readOfSessions lists what the policies of resources and endpoints read of
// sessions, as readIn does.
func (s *Solver) readOfSessions() []string {
	s.sessionOnce.Do(func() {
		for _, a := range s.inv.Accounts {
			for _, r := range a.Resources {
				if r.Policy != nil {
					s.sessionReads = append(s.sessionReads, s.readIn(r.Policy)...)
				}
			}
		}
		if org := s.inv.Organization; org != nil {
			s.inv.Documents(func(_ string, p *inventory.Policy) {
				if p.Doc.Kind == policy.RCP {
					s.sessionReads = append(s.sessionReads, s.readIn(p.Doc)...)
				}
			})
		}
		slices.Sort(s.sessionReads)
		s.sessionReads = slices.Compact(s.sessionReads)
	})
	return s.sessionReads
}

// readBy lists what the policies on a principal read of its sessions.
func (s *Solver) readBy(p *inventory.Principal) (out []string) {
	if p == nil {
		return nil
	}
	a := actor{principal: p}
	c := &Case{}
	s.addIdentity(c, &a)
	if acct := p.Account; s.inv.Organization != nil && acct.Unit != nil {
		c.SCPs = scpLevels(acct, func(u *inventory.Unit) []*inventory.Policy { return u.SCPs }, acct.SCPs)
	}
	for _, src := range c.documents() {
		out = append(out, s.readIn(src.Doc)...)
	}
	return out
}

// readIn lists the names of the session tags that a document reads, from the
// session or from the call that makes it, in lower case; "" is the source
// identity.
func (s *Solver) readIn(doc *policy.Document) []string {
	if names, ok := s.docReads.Load(doc); ok {
		return names.([]string)
	}
	var out []string
	add := func(key string) {
		for _, prefix := range []string{"aws:principaltag/", "aws:requesttag/"} {
			if name, ok := strings.CutPrefix(key, prefix); ok {
				out = append(out, name)
			}
		}
		if key == "aws:sourceidentity" || key == "sts:sourceidentity" {
			out = append(out, "")
		}
	}
	for _, st := range doc.Statements {
		for i := range st.Resources {
			for _, k := range st.Resources[i].Variables() {
				add(k)
			}
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			add(c.LowerKey())
			for _, k := range c.Variables() {
				add(k)
			}
			if (c.LowerKey() == "aws:tagkeys" || c.LowerKey() == "sts:transitivetagkeys") && doc.Kind == policy.Trust && !c.Operator.IsNull() {
				for _, v := range c.Values {
					if !strings.ContainsAny(v, "*?$") {
						out = append(out, strings.ToLower(v))
					}
				}
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	s.docReads.Store(doc, out)
	return out
}
