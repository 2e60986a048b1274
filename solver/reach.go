package solver

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A hop is one role assumption that is allowed.
type hop struct {
	from    actor
	to      *inventory.Principal // a role
	kind    string
	asked   *guard.Expr  // what policies ask of the call
	when    *guard.Expr  // the condition of this hop alone (E227), after what came before: see walk
	guard   guard.Blocks // when, as it is written
	because []StatementRef
	doubts  []string
}

// assumeEdges decides who may assume which role.
type assumeEdges struct {
	s     *Solver
	roles sync.Map // *inventory.Principal → *entrance

	mu    sync.Mutex // guards what follows
	steps map[pair]step
	taken map[takingKey]taking
}

// An entrance is all that is known of who may assume one role.
type entrance struct {
	role   *inventory.Principal
	target *target

	mu sync.Mutex
	// members answers for users and roles of the snapshot, by classes; nil before anybody
	// asked, and once all is there.
	members *audience[*hop]
	all     []hop // into the role, by the ARN of who makes them; once it was asked for
	done    bool
	// others are the hops of everybody else that were decided; nil: denied.
	others map[pair]*hop
}

// A pair is a caller and a role, by their names. A caller with session policies
// is another one than without, and an account outside another one than its root user,
// whose name it has.
type pair struct {
	kind         CallerKind
	caller, role string
	limited      bool
}

func pairOf(a *actor, role *inventory.Principal) pair {
	return pair{a.caller.Kind, a.name(), role.ARN, len(a.session) > 0}
}

// name tells an actor from all others: anybody is not the same on each resource, as those
// whom a resource names are no part of it there.
func (a *actor) name() string {
	if x := a.caller.stranger; x != nil && x.mark != "" {
		return a.caller.ARN + " but " + x.mark
	}
	return a.caller.ARN
}

func newAssumeEdges(s *Solver) *assumeEdges {
	return &assumeEdges{s: s, steps: map[pair]step{}, taken: map[takingKey]taking{}}
}

// entrance returns what is known of a role.
func (e *assumeEdges) entrance(role *inventory.Principal) *entrance {
	if known, ok := e.roles.Load(role); ok {
		return known.(*entrance)
	}
	en := &entrance{role: role, target: e.s.targetOf(role.ARN), others: map[pair]*hop{}}
	known, _ := e.roles.LoadOrStore(role, en)
	return known.(*entrance)
}

// asked returns members, and begins with them. The entrance is locked.
func (en *entrance) asked() *audience[*hop] {
	if en.members == nil {
		e := en.target.s.edges
		en.members = newAudience(e.s, en.target, []ask{{en.role.ARN, []string{"sts:AssumeRole"}}},
			func(a *actor) *hop { return e.decide(a, en) },
			func(h *hop, rn *renaming) *hop { return rn.hop(e.s, h) })
		en.members.closed = namesOnly(en.role.Trust)
	}
	return en.members
}

// namesOnly reports whether a trust policy lets in accounts and callers that it
// names, and nobody as one of everybody: whom it does not name itself, its own
// policies have to let assume the role (E88, E95).
func namesOnly(doc *policy.Document) bool {
	for _, st := range doc.Statements {
		if graphmodel.Everybody(st) {
			return false
		}
	}
	return true
}

// hop returns the hop of one caller into one role, or nil. The caller has to
// be one that the trust policy names: others can't get in (E95).
func (e *assumeEdges) hop(a *actor, role *inventory.Principal) *hop {
	if a.principal == role {
		return nil // assuming itself leads nowhere new
	}
	en := e.entrance(role)
	if a.plain() {
		return en.of(a.principal)
	}
	en.mu.Lock()
	defer en.mu.Unlock()
	return e.other(a, en)
}

// of returns the hop of a user or role of the snapshot, or nil.
func (en *entrance) of(p *inventory.Principal) *hop {
	en.mu.Lock()
	all, members := en.all, (*audience[*hop])(nil)
	if !en.done {
		members = en.asked()
	}
	en.mu.Unlock()
	if members != nil {
		return members.of(p)
	}
	i, found := slices.BinarySearchFunc(all, p.ARN, func(h hop, arn string) int { return strings.Compare(h.from.caller.ARN, arn) })
	for ; found && i < len(all) && all[i].from.caller.ARN == p.ARN; i++ {
		if all[i].from.plain() {
			return &all[i]
		}
	}
	return nil
}

// plain reports whether an actor is a user or role of the snapshot of which
// nothing else is said.
func (a *actor) plain() bool {
	return a.principal != nil && a.principal.ARN == a.caller.ARN && a.history == nil && len(a.session) == 0
}

// other decides about a caller that is in no class, at most once.
func (e *assumeEdges) other(a *actor, en *entrance) *hop {
	key := pairOf(a, en.role)
	h, ok := en.others[key]
	if !ok {
		h = e.decide(a, en)
		en.others[key] = h
	}
	return h
}

// callersOf returns the hops into a role, by the ARN of who makes them: of
// everybody whom the trust policy names. Who is not named can't get in: a role
// insists on its trust policy (E95).
func (e *assumeEdges) callersOf(role *inventory.Principal) []hop {
	en := e.entrance(role)
	en.mu.Lock()
	defer en.mu.Unlock()
	if en.done {
		return en.all
	}
	en.done = true
	who := &invited{s: e.s}
	who.named(role.ARN, graphmodel.AssumeRole)
	who.settle()
	for _, a := range who.accounts {
		en.entering(a, func(p *inventory.Principal, h *hop) {
			if p != role {
				en.all = append(en.all, *h)
			}
		})
	}
	for i := range who.others {
		a := &who.others[i]
		if a.principal == role {
			continue
		}
		h := (*hop)(nil)
		if a.plain() {
			h = en.asked().of(a.principal)
		} else {
			h = e.other(a, en)
		}
		if h != nil {
			en.all = append(en.all, *h)
		}
	}
	slices.SortStableFunc(en.all, func(a, b hop) int { return strings.Compare(a.from.caller.ARN, b.from.caller.ARN) })
	en.members = nil // it remembers what it was asked: as much as the hops, for each role
	return en.all
}

// decide decides whether a caller may assume a role.
func (e *assumeEdges) decide(a *actor, en *entrance) *hop {
	action, kind := assumeAction(&a.caller)
	x := effectOn(e.s.caseFor(a, action, en.target, en.role.ARN))
	if x.never() {
		return nil
	}
	when := x.when()
	blocks, truth, exact := when.Blocks()
	if truth == policy.False {
		return nil
	}
	doubts := x.doubts
	if !exact {
		doubts = append(slices.Clip(doubts), when.Reasons()...)
	}
	return &hop{from: *a, to: en.role, kind: kind, asked: when, when: when, guard: blocks, because: x.reasons(), doubts: doubts}
}

// assumeAction returns the call by which a caller assumes a role, and the name
// of the hop (E136, E150).
func assumeAction(c *Caller) (action, kind string) {
	if c.Kind == CallerFederated {
		if strings.Contains(c.ARN, ":saml-provider/") {
			return "sts:AssumeRoleWithSAML", "assume-role-with-saml"
		}
		return "sts:AssumeRoleWithWebIdentity", "assume-role-with-web-identity"
	}
	return "sts:AssumeRole", "assume-role"
}

// A path is a start and the hops it makes.
type path struct {
	start actor
	hops  []hop
	// end is the condition on what the last session carries; nil when it may be
	// anything. See walk.
	end    *guard.Expr
	unsure []string // why what the sessions carry was not followed in full
}

// last returns who arrives at the end.
func (s *Solver) last(p *path) actor {
	if len(p.hops) == 0 {
		return p.start
	}
	h := &p.hops[len(p.hops)-1]
	a := s.actorOf(h.to)
	a.history = p.end
	// Of a path it is known how its session was made; claims end with it (E227).
	a.caller.Web, a.caller.FromToken = h.web(), h.web()
	return a
}

// madeAlike reports whether the same is known of two sessions of a role about who made
// them: a token, somebody else, or either.
func madeAlike(a, b *actor) bool {
	return a.caller.FromToken == b.caller.FromToken && a.caller.Web == b.caller.Web
}

// steps writes a path as answers do.
func (p *path) steps() []Step {
	steps := []Step{{Principal: p.start.caller.ARN}}
	for i := range p.hops {
		h := &p.hops[i]
		steps = append(steps, Step{Principal: h.to.ARN, Kind: h.kind, Condition: h.guard, Because: h.because})
	}
	return steps
}

func (p *path) conditional() bool {
	return slices.ContainsFunc(p.hops, func(h hop) bool { return len(h.guard) > 0 })
}

// has reports whether a path passes through a principal.
func (p *path) has(arn string) bool {
	return p.start.caller.ARN == arn || slices.ContainsFunc(p.hops, func(h hop) bool { return h.to.ARN == arn })
}

// pathsTo finds the paths by which anybody gets a session of the role (E225): for
// each start the shortest ones, and longer ones as long as all shorter ones
// depend on a condition. cut says that some were left out.
//
// It walks backwards from the role, one hop a round, never through a
// principal twice, so cycles end.
func (s *Solver) pathsTo(role *inventory.Principal, asked []carriedName) (found []path, cut bool) {
	book, round := newPathBook(), []path{{}}
	for n := 0; len(round) > 0 && (s.cfg.MaxHops == nil || n < *s.cfg.MaxHops); n++ {
		var next []path
		for i := range round {
			at := role
			if len(round[i].hops) > 0 {
				at = round[i].start.principal
			}
			for _, h := range s.edges.callersOf(at) {
				who := h.from.caller.ARN
				if s.cfg.Unconditional && len(h.guard) > 0 || book.settled[who] || h.from.principal == role || round[i].has(who) {
					continue
				}
				p := path{start: h.from, hops: append([]hop{h}, round[i].hops...)}
				if !book.room(who, len(next)) || !s.walk(&p, asked, book.full(who)) || !book.list(who, !p.conditional() && p.end == nil) {
					continue
				}
				found = append(found, p)
				if h.from.principal != nil && h.from.principal.Kind == inventory.Role {
					next = append(next, p)
				}
			}
		}
		book.turn()
		round = next
	}
	slices.SortStableFunc(found, comparePaths)
	return found, book.cut
}

// comparePaths orders by start, then length, then the roles passed.
func comparePaths(a, b path) int {
	if c := cmp.Or(strings.Compare(a.start.caller.ARN, b.start.caller.ARN), cmp.Compare(len(a.hops), len(b.hops))); c != 0 {
		return c
	}
	return slices.CompareFunc(a.hops, b.hops, func(x, y hop) int { return strings.Compare(x.to.ARN, y.to.ARN) })
}

// pathsFrom finds the paths by which one principal gets sessions of roles, in
// the same way forwards.
func (s *Solver) pathsFrom(start actor, asked []carriedName) (found []path, cut bool) {
	return s.pathsBeside(start, asked, func(*hop) bool { return true })
}

// pathsBeside is pathsFrom with longer paths also where all shorter ones that
// depend on no condition begin with a hop that does not count.
func (s *Solver) pathsBeside(start actor, asked []carriedName, counts func(first *hop) bool) (found []path, cut bool) {
	book, round := newPathBook(), []path{{start: start}}
	for n := 0; len(round) > 0 && (s.cfg.MaxHops == nil || n < *s.cfg.MaxHops); n++ {
		var next []path
		for i := range round {
			at := start
			if k := len(round[i].hops); k > 0 {
				at = s.actorOf(round[i].hops[k-1].to)
			}
			for _, h := range s.hopsFrom(&at) {
				if s.cfg.Unconditional && len(h.guard) > 0 || book.settled[h.to.ARN] || round[i].has(h.to.ARN) {
					continue
				}
				p := path{start: start, hops: append(slices.Clone(round[i].hops), h)}
				if !book.room(h.to.ARN, len(next)) || !s.walk(&p, asked, book.full(h.to.ARN)) || !book.list(h.to.ARN, !p.conditional() && p.end == nil && counts(&p.hops[0])) {
					continue
				}
				next = append(next, p)
			}
		}
		book.turn()
		found = append(found, next...)
		round = next
	}
	slices.SortStableFunc(found, comparePaths)
	return found, book.cut
}

// hopsFrom lists the roles an actor may assume, by ARN. Only roles whose trust
// policy names it, its account or everybody come into question.
func (s *Solver) hopsFrom(a *actor) (hops []hop) {
	names := []string{a.caller.ARN, a.caller.RoleARN, a.caller.Account, "*"}
	var roles []*inventory.Principal
	for _, name := range names {
		roles = append(roles, s.lookup.Trusting(name)...)
	}
	slices.SortFunc(roles, func(x, y *inventory.Principal) int { return strings.Compare(x.ARN, y.ARN) })
	for _, r := range slices.Compact(roles) {
		if h := s.edges.hop(a, r); h != nil {
			hops = append(hops, *h)
		}
	}
	return hops
}
