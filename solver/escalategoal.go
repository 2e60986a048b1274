package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// The search for who gets to be an administrator (escalate.go) finds as well who gets to
// reach a resource: what counts as the top is then not every right, but what was asked about.

// A goal is what is to be reached. It is not changed once a search has begun.
type goal struct {
	parts []goalPart
	// direct are the users and roles that reach it as they stand, by account.
	direct map[*inventory.Account][]*inventory.Principal
	// become are the roles whose sessions are asked about: who becomes one is there.
	become map[*inventory.Principal]bool
	// lets are the users and roles that may make some call that lets in as they stand: by
	// their own policies, or by that of a door.
	lets map[*inventory.Principal]bool
	// admits are the accounts whose users and roles something lets in, whatever their own
	// policies say; nil for all.
	admits map[*inventory.Account]bool
}

// A goalPart is one resource, or a way to one, with what is asked of it.
type goalPart struct {
	text string
	asks []ask
	// door is what carries the policy that lets in, lock the key that it is encrypted
	// with, where what is asked needs it (E179); nil for none that the snapshot holds.
	door, lock *inventory.Resource
}

// goalOn returns what a question about one resource is after. opens are the calls that let in.
func (s *Solver) goalOn(resource string, set *actionSet, opens []*escalation.Method) *goal {
	g := &goal{
		direct: map[*inventory.Account][]*inventory.Principal{}, become: map[*inventory.Principal]bool{}, lets: map[*inventory.Principal]bool{},
		admits: map[*inventory.Account]bool{},
	}
	seen := map[*inventory.Principal]bool{}
	reached := func(t *target, asks []ask, yield func(*inventory.Principal)) {
		g.admit(s, t, asks)
		for _, r := range s.finder().direct(t, asks) {
			if p := r.actor.principal; p != nil && r.actor.plain() {
				yield(p)
			}
		}
	}
	start := func(p *inventory.Principal) {
		if !seen[p] {
			seen[p] = true
			g.direct[p.Account] = append(g.direct[p.Account], p)
		}
	}
	doors := map[*inventory.Resource]bool{}
	for _, text := range s.waysTo(resource) {
		part := goalPart{text: text, asks: set.asks(text)}
		t := s.targetOf(text)
		if part.door = t.carrier; t.carrier != nil && part.needsKey() {
			held := cmp.Or(t.bucket, t.carrier)
			if key := s.carrier(held.EncryptionKey); key != nil && key != held && !held.AWSManagedKey {
				part.lock = key
			}
		}
		g.parts = append(g.parts, part)
		reached(t, part.asks, start)
		if t.role != nil && part.asksSession() {
			g.become[t.role] = true
			start(t.role)
		}
		for _, r := range []*inventory.Resource{part.door, part.lock} {
			if r == nil || doors[r] {
				continue
			}
			doors[r] = true
			if k := (ask{r.ARN, opensOn(r.ARN, opens)}); len(k.actions) > 0 {
				reached(s.targetOf(r.ARN), []ask{k}, func(p *inventory.Principal) { g.lets[p] = true })
			}
		}
	}
	return g
}

// admit notes which accounts a target lets in. Where something of it was not read, it may be all.
func (g *goal) admit(s *Solver, t *target, asks []ask) {
	anybody := s.unstopped(t)
	for _, k := range asks {
		if s.inv.Account(t.account) == nil || slices.ContainsFunc(k.actions, func(a string) bool { return len(t.doubtsFor(&anybody, a)) > 0 }) {
			g.admits = nil
		}
	}
	if g.admits == nil {
		return
	}
	who := s.candidatesFor(t, asks)
	for _, a := range who.accounts {
		g.admits[a] = true
	}
	for i := range who.others {
		g.admits[s.inv.Account(who.others[i].caller.Account)] = true
	}
	named := func(doc *policy.Document) { // who is named may not be there yet
		for _, st := range doc.Statements {
			for _, p := range st.Principals {
				g.admits[s.inv.Account(p.Account)] = true
			}
		}
	}
	if t.role != nil && t.role.Trust != nil {
		named(t.role.Trust)
	}
	if t.carrier != nil && t.carrier.Policy != nil {
		named(t.carrier.Policy)
	}
}

// hopeless reports whether nobody of the account gets to what is to be reached by any policy of its
// own: to change policies there is of no use for that.
func (d *judge) hopeless() bool {
	g := d.c.goal
	return g != nil && g.admits != nil && !g.admits[d.in]
}

// actions yields what is asked, until that returns false.
func (p *goalPart) actions(yield func(string) bool) {
	for _, k := range p.asks {
		for _, action := range k.actions {
			if !yield(action) {
				return
			}
		}
	}
}

// needsKey reports whether something that is asked needs the key of what it is made on.
func (p *goalPart) needsKey() bool {
	for action := range p.actions {
		if len(kmsNeeds[strings.ToLower(action)]) > 0 {
			return true
		}
	}
	return false
}

// asksSession reports whether it is asked who gets a session of a role.
func (p *goalPart) asksSession() bool {
	for action := range p.actions {
		if strings.HasPrefix(action, "sts:AssumeRole") && action != "sts:AssumeRoot" {
			return true
		}
	}
	return false
}

// helpedBy reports whether a policy may allow something that is asked; without a goal none does.
func (g *goal) helpedBy(doc *policy.Document) bool {
	if g == nil {
		return false
	}
	for i := range g.parts {
		for action := range g.parts[i].actions {
			if mayAllow(doc, action) {
				return true
			}
		}
	}
	return false
}

// mayAllow reports whether a document allows an action in some request.
func mayAllow(doc *policy.Document, action string) bool {
	service, name := splitAction(action)
	return slices.ContainsFunc(doc.Statements, func(s *policy.Statement) bool {
		return s.Effect == policy.Allow && !s.Broken && s.MatchAction(service, name)
	})
}

// policies yields the policies on what is to be reached; none without a goal.
func (g *goal) policies(s *Solver, yield func(*policy.Document)) {
	if g == nil {
		return
	}
	for i := range g.parts {
		t := s.targetOf(g.parts[i].text)
		if t.role != nil {
			yield(t.role.Trust)
		}
		for _, r := range []*inventory.Resource{g.parts[i].door, g.parts[i].lock} {
			if r != nil && r.Policy != nil {
				yield(r.Policy)
			}
		}
	}
}

// arrives decides whether a state is at the top.
func (d *judge) arrives(st *state) ruling {
	if d.c.goal == nil {
		return d.admin(st)
	}
	return d.reaches(st)
}

type reachKey struct {
	state int
	arn   string // policies of resources name callers
}

// reaches decides whether a state may make some request that the goal is about.
func (d *judge) reaches(st *state) ruling {
	if d.hopeless() {
		return ruling{}
	}
	key := reachKey{st.id, st.origin.ARN}
	best, known := d.reached.get(key)
	if known {
		return best
	}
	for i := range d.c.goal.parts {
		if v := d.madeOn(st, &d.c.goal.parts[i], nil); v.better(&best) {
			best = v
		}
	}
	d.reached.put(key, best)
	return best
}

// madeOn decides whether a state may make some request that a part of the goal is about, once
// what it is made on was changed.
func (d *judge) madeOn(st *state, part *goalPart, change func(*target)) (best ruling) {
	s := d.c.s
	t := s.targetOf(part.text)
	if change != nil {
		change(t)
	}
	base := s.baseFor(&st.a, t)
	for _, k := range part.asks {
		x := t.effect(&st.a, base, k, false)
		if x == nil || x.never() {
			continue
		}
		v := ruling{when: x.when(), because: x.reasons(), ifs: doubtsOf(x)}
		if v = d.via(st, d.c.today.apply(v, st.origin)); v.better(&best) {
			best = v
		}
	}
	return best
}

// arrived lists who of an account reaches the goal as it stands.
func (pl *camp) arrived(certain bool) (out []*summit) {
	for _, p := range pl.c.goal.direct[pl.account] {
		if pl.c.at[p] != nil {
			continue
		}
		v := always
		if !pl.c.goal.become[p] {
			v = pl.reaches(pl.plain(p))
		}
		if v.fits(certain) {
			out = append(out, &summit{p: p, legs: []leg{{to: p, ruling: v}}})
		}
	}
	return out
}
