package solver

import (
	"cmp"
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
// asked is what the policies about what is asked read of sessions. With free, nothing but a path
// that depends on no condition is wanted, and ok is false as soon as it can't be one.
func (s *Solver) walk(p *path, asked []carriedName, free bool) (ok bool) {
	keys, all := s.carriedOn(p, asked)
	if len(keys) == 0 {
		return p.made()
	}
	if p.unsure = nil; !all {
		p.unsure = append(p.unsure, "more session tags bear on the way there than are told apart")
	}
	h := unknownHistory
	p.hops = slices.Clone(p.hops)
	for i := range p.hops {
		hop := &p.hops[i]
		t := s.taken(hop, keys, h)
		if t.call == guard.False || free && len(t.blocks) > 0 && !t.call.Reads(mfaPresent) { // of which made may know more
			return false
		}
		h, hop.when, hop.guard = t.next, t.call, t.blocks
		if t.loose {
			p.unsure = appendNew(p.unsure, "it compares session tags with each other in a way that is not followed")
		}
	}
	if !p.made() {
		return false
	}
	if h.open() {
		return true
	}
	end := s.last(p)
	if end.caller.SessionTags {
		end.caller.Tags = nil // the history says what came of them
	}
	if when := newEval(&Case{Caller: end.caller, Context: s.ctx}, false).resolved(h.when()); when != guard.True {
		p.end = inTermsOf(when, when)
	}
	return true
}

// made narrows the conditions of hops to what their callers carry as the hops before
// made their sessions. ok is false when the path can't be gone.
func (p *path) made() (ok bool) {
	for i := 1; i < len(p.hops); i++ {
		h := &p.hops[i]
		if !h.from.caller.mixed() || !h.when.Reads(mfaPresent) {
			continue
		}
		p.hops = slices.Clone(p.hops)
		h = &p.hops[i]
		h.when = madeBy(h.when, p.hops[i-1].web())
		var truth policy.Truth
		if h.guard, truth, _ = h.when.Blocks(); truth == policy.False {
			return false
		}
	}
	return true
}

// A taking is a step from a history, and what came of it.
type taking struct {
	next   *history
	call   *guard.Expr // False when it can't be made
	blocks guard.Blocks
	loose  bool // a comparison of carried keys was left open
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
		id.keys += keys[i].session + "\x00" + strings.Join(keys[i].spelled, "\x01") + "\x00"
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
	st.roleHasMore = s.tagsUnread[h.to.ARN]
	st.web, st.unique = h.web(), h.to.UniqueID
	st.substitute(&h.from, s.ctx)
	t.loose = st.loose()
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
	sp := permission.NewSpace(permission.Config{Tests: tests, Opaque: opaque, Domains: inEvery(nil, tests), MaxNodes: maxContexts})
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
		t := e.entrance(h.to).target
		ask := func(action string) *guard.Expr {
			return effectOn(e.s.caseFor(&h.from, action, t, h.to.ARN)).when()
		}
		st = step{assume: oneByOne(h.asked), tag: oneByOne(ask("sts:TagSession")), source: oneByOne(ask("sts:SetSourceIdentity"))}
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
// policy on it reads, or one of what is asked about. all is false when there are
// more than are told apart.
func (s *Solver) carriedOn(p *path, asked []carriedName) (keys []carriedKey, all bool) {
	var read []carriedName // what limits a call counts most, then what is read of sessions
	for i := range p.hops {
		read = append(read, s.readIn(p.hops[i].to.Trust)...)
	}
	limits := len(read)
	for i := range p.hops {
		read = append(read, s.readBy(p.hops[i].from.principal)...)
		read = append(read, s.readBy(p.hops[i].to)...)
	}
	at := map[string]int{}
	tags, source := passable(p)
	for j, n := range append(read, asked...) {
		if kind := n.key().kind; j >= limits && (kind == carriedSource && !source || kind == carriedTag && !tags) || kind == carriedClaim && !p.hops[0].web() {
			continue // no call on the way can pass it
		}
		if k := n.key(); k.kind > carriedSource {
			if _, fixed := s.ctx.Values[k.session]; fixed {
				continue // the question says it of every request
			}
		}
		i, known := at[n.name]
		switch {
		case known:
			keys[i].spell(n.spelled)
			continue
		case len(keys) == maxCarried:
			return keys, false
		}
		at[n.name] = len(keys)
		k := n.key()
		k.spell(n.spelled)
		keys = append(keys, k)
	}
	return keys, true
}

// passable reports whether some call on a path may pass tags, or a source
// identity.
func passable(p *path) (tags, source bool) {
	for i := range p.hops {
		tags = tags || trusts(p.hops[i].to.Trust, "tagsession")
		source = source || trusts(p.hops[i].to.Trust, "setsourceidentity")
	}
	return tags, source
}

// A carriedName is a key of sessions that a document reads.
type carriedName struct {
	name    string // of a tag, in lower case; for others see key
	spelled string // as written
}

// The names of what is no tag. No tag begins so.
const (
	namesSource = "\x00source"
	namesUser   = "\x00user"
	namesClaim  = "\x00claim " // and the key
)

func (n carriedName) key() carriedKey {
	switch claim, isClaim := strings.CutPrefix(n.name, namesClaim); {
	case n.name == namesSource:
		return carriedKey{kind: carriedSource, request: "sts:sourceidentity", session: "aws:sourceidentity"}
	case n.name == namesUser:
		return carriedKey{kind: carriedUser, request: "sts:rolesessionname", session: "aws:userid"}
	case isClaim:
		return carriedKey{kind: carriedClaim, request: claim, session: claim}
	}
	return carriedKey{request: "aws:requesttag/" + n.name, session: "aws:principaltag/" + n.name, tag: n.name}
}

// web reports whether a hop is made by a token or an assertion.
func (h *hop) web() bool { return h.from.caller.Kind == CallerFederated }

// readOfAll lists what the policies of resources, roles and organizations read
// of sessions, for questions about everything.
func (s *Solver) readOfAll() []carriedName {
	s.sessionOnce.Do(func() {
		for _, a := range s.inv.Accounts {
			for _, r := range a.Held().Resources {
				if r.Policy != nil {
					s.sessionReads = append(s.sessionReads, s.readIn(r.Policy)...)
				}
			}
			for _, r := range a.Held().Roles {
				s.sessionReads = append(s.sessionReads, s.readIn(r.Trust)...)
			}
		}
		s.inv.Documents(func(_ string, p *inventory.Policy) {
			if p.Doc.Kind == policy.RCP {
				s.sessionReads = append(s.sessionReads, s.readIn(p.Doc)...)
			}
		})
		s.sessionReads = distinct(s.sessionReads)
	})
	return s.sessionReads
}

// readOf lists what the policies about some targets read of sessions.
func (s *Solver) readOf(targets ...*target) (out []carriedName) {
	for _, t := range targets {
		for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
			if r == nil {
				continue
			}
			if r.Policy != nil {
				out = append(out, s.readIn(r.Policy)...)
			}
			if key := s.inv.Resource(r.EncryptionKey); key != nil && key.Policy != nil {
				out = append(out, s.readIn(key.Policy)...)
			}
		}
		if t.role != nil {
			out = append(out, s.readIn(t.role.Trust)...)
		}
		for _, l := range t.rcps {
			for i := range l.Policies {
				out = append(out, s.readIn(l.Policies[i].Doc)...)
			}
		}
	}
	for i := range s.endpoints {
		for _, src := range s.endpoints[i].Policies {
			out = append(out, s.readIn(src.Doc)...)
		}
	}
	return distinct(out)
}

// readOfResources is readOf for the resources of a question.
func (s *Solver) readOfResources(resources []string) []carriedName {
	if len(resources) > 4 {
		return s.readOfAll()
	}
	var targets []*target
	for _, r := range resources {
		for _, text := range s.waysTo(r) {
			targets = append(targets, s.targetOf(text))
		}
	}
	return s.readOf(targets...)
}

func distinct(list []carriedName) []carriedName {
	slices.SortFunc(list, func(a, b carriedName) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.spelled, b.spelled))
	})
	return slices.Compact(list)
}

// readBy lists what the policies on a principal read of its sessions.
func (s *Solver) readBy(p *inventory.Principal) (out []carriedName) {
	if p == nil {
		return nil
	}
	a := actor{principal: p}
	c := &Case{}
	s.addIdentity(c, &a)
	if acct := p.Account; s.inv.Organization != nil && acct.Unit != nil {
		c.SCPs = s.position(acct).scps
	}
	for _, src := range c.documents() {
		out = append(out, s.readIn(src.Doc)...)
	}
	return out
}

// readIn lists the session tags that a document reads, from the session or from
// the call that makes it, and whether it reads the source identity.
func (s *Solver) readIn(doc *policy.Document) []carriedName {
	if names, ok := s.docReads.Load(doc); ok {
		return names.([]carriedName)
	}
	var out []carriedName
	add := func(key string) {
		lower := strings.ToLower(key)
		for _, prefix := range []string{"aws:principaltag/", "aws:requesttag/"} {
			if name, ok := strings.CutPrefix(lower, prefix); ok {
				out = append(out, carriedName{name, key[len(prefix):]})
			}
		}
		switch {
		case lower == "aws:sourceidentity", lower == "sts:sourceidentity":
			out = append(out, carriedName{name: namesSource})
		case lower == "aws:userid", lower == "sts:rolesessionname":
			out = append(out, carriedName{name: namesUser})
		case isClaim(lower) && keptClaims[lower[strings.LastIndexByte(lower, ':')+1:]]:
			out = append(out, carriedName{name: namesClaim + lower})
		}
	}
	for _, st := range doc.Statements {
		if slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.RoleSession }) {
			add("aws:userid")
		}
		for i := range st.Resources {
			for _, k := range st.Resources[i].Variables() {
				add(k)
			}
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			add(c.Key)
			for _, k := range c.Variables() {
				add(k)
			}
			if (c.LowerKey() == "aws:tagkeys" || c.LowerKey() == "sts:transitivetagkeys") && doc.Kind == policy.Trust && !c.Operator.IsNull() {
				for _, v := range c.Values {
					if !strings.ContainsAny(v, "*?$") {
						out = append(out, carriedName{strings.ToLower(v), v})
					}
				}
			}
		}
	}
	out = distinct(out)
	s.docReads.Store(doc, out)
	return out
}
