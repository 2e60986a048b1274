package solver

import (
	"cmp"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/internal/parallel"
)

// Escalations are edges of another kind than role assumption (E224): package escalation
// lists which calls make one, and this engine decides whether a user or role may
// make them, as it decides everything else. They start at a principal as it stands,
// or at what it can turn itself into (escalateturn.go), and end at a principal, or at
// every right of the account.
//
// Who gets to be an administrator is found backwards from those who are: in rounds,
// everybody who gets to one of the last round joins. What is certain is found
// first, then what depends on conditions, or on things that the snapshot does not
// hold. For those who get nowhere near, the principals that they can take over are
// listed if these may do something that they may not.
//
// Who gets to one resource is found in the same way, from those who reach it (escalategoal.go).
//
// The rest is as for other edges: principals of one crowd share answers, and a
// principal whose policies allow none of the calls of a method costs a look at the
// bits of its documents.

// An Escalation is a principal that has, or gets, more than its policies say.
type Escalation struct {
	Principal *inventory.Principal
	// Admin says that it ends with every right that service control policies
	// leave in the account of the last principal of the path.
	Admin bool
	// Abroad says that the principal is an administrator of its own account, or gets to
	// be one, and that the path goes on to one of another account.
	Abroad bool
	// Path begins with the principal; it is nil for who is an administrator by
	// its own policies. Each further step says how: by a method's id, or as
	// the steps of other answers do.
	Path []Step
	// Others are further principals that the last step leads to, and More is how many of them
	// are not listed, or at least that many.
	Others []string
	More   int
	// Condition is what all calls together ask, nil for nothing; If what else
	// has to be true, in words.
	Condition guard.Blocks
	If        []string
	Because   []StatementRef
}

// Certain reports whether it depends on nothing that is open.
func (e *Escalation) Certain() bool { return len(e.Condition) == 0 && len(e.If) == 0 }

// Methods lists the ids of the methods on the path.
func (e *Escalation) Methods() []string {
	var out []string
	for i := range e.Path {
		if k := e.Path[i].Kind; k != "" && !strings.HasPrefix(k, "assume-role") {
			out = append(out, k)
		}
	}
	return out
}

// Escalations finds all principals of the snapshot that are administrators, get to
// be, or can take over another one that may do what they may not. They come by
// account and ARN. Without methods only role assumptions lead anywhere. Gaps are those of
// whom not everything was followed, and who may get further than it is told.
func (s *Solver) Escalations(methods bool) ([]Escalation, []Gap) {
	return s.escalations(methods, s.care())
}

// care is how a solver comes by decisions.
func (s *Solver) care() care {
	if s.cfg.Singly {
		return thorough
	}
	return shared
}

func (s *Solver) escalations(methods bool, care care) ([]Escalation, []Gap) {
	c := newClimb(s, methods, care, nil)
	for _, certain := range []bool{true, false} {
		c.ascend(certain)
	}
	abroad, gaps := c.abroad(), c.cut()
	c.sideways()
	out := make([]Escalation, 0, len(c.found)+len(abroad))
	for _, f := range c.found {
		out = append(out, f)
	}
	out = append(out, abroad...) // behind what they are at home
	slices.SortStableFunc(out, func(a, b Escalation) int {
		return cmp.Or(strings.Compare(a.Principal.Account.ID, b.Principal.Account.ID), strings.Compare(a.Principal.ARN, b.Principal.ARN))
	})
	return out, gaps
}

// cut lists those of whom not everything was followed, and who were not found to be
// administrators.
func (c *climb) cut() (gaps []Gap) {
	for _, pl := range c.camps {
		for _, cl := range pl.climbers {
			if cl.cut && c.at[cl.p] == nil {
				gaps = append(gaps, Gap{What: cl.p.ARN, Why: "there are more ways for it to change its own policies, groups, tags or limits, or those of others, than are followed: some by which it escalates may be missing"})
			}
		}
		for _, p := range pl.account.Principals() {
			if pl.crowded[p] && c.at[p] == nil {
				gaps = append(gaps, Gap{What: p.ARN, Why: fmt.Sprintf("it assumes more than %d roles that may escalate together with others, which is how many are followed: some ways by which it escalates may be missing", maxTeam)})
			}
		}
	}
	return gaps
}

// A leg is a step of a path before it is written.
type leg struct {
	to      *inventory.Principal
	kind    string
	through string   // the group or policy by which it works, "" for none
	calls   []string // that are made, nil for those of the method
	ruling
}

// certainLegs reports whether a way depends on nothing.
func certainLegs(legs []leg) bool {
	return !slices.ContainsFunc(legs, func(l leg) bool { return !l.certain() })
}

// A summit is a principal that is an administrator or gets to be one.
type summit struct {
	p    *inventory.Principal
	legs []leg // on from here
}

// steps counts those of the way.
func (sm *summit) steps() (n int) {
	for i := range sm.legs {
		if sm.legs[i].kind != "" { // else it says what the last one is
			n++
		}
	}
	return n
}

// A care says how decisions are come by; they are the same.
type care uint8

const (
	shared    care = iota // what is decided for one account is used for others
	forgetful             // likewise, and of one account nothing is kept: see visit
	alone                 // each account by itself
	thorough              // likewise, each decision by the engine: see plainly
)

// A climb is the search over one snapshot.
type climb struct {
	s       *Solver
	calls   *callIndex
	methods []*escalation.Method // that move somebody
	opens   []*escalation.Method // that write policies of what is to be reached; none without a goal
	splits  []parted
	today   today
	found   map[*inventory.Principal]Escalation
	at      map[*inventory.Principal]*summit
	camps   []*camp
	byID    map[*inventory.Account]*camp
	common  *common
	care    care
	goal    *goal // nil for every right of an account
}

// A camp is an account with who may climb there.
type camp struct {
	*judge
	account  *inventory.Account
	climbers []*climber
	settled  int                           // how many ids the states of climbers have
	crowded  map[*inventory.Principal]bool // who acts as more than are followed together
	fresh    []*summit                     // of the last round
	all      []*summit
}

// A climber is a principal whose policies allow the calls of some method.
type climber struct {
	p      *inventory.Principal
	states []*state // as it stands, and what it turns itself into
	cut    bool     // it turns itself into more
}

func newClimb(s *Solver, methods bool, care care, goal *goal) *climb {
	c := &climb{
		s: s, goal: goal, found: map[*inventory.Principal]Escalation{}, at: map[*inventory.Principal]*summit{},
		common: &common{kept: map[string]keptRuling{}, forms: map[string]uint32{}},
		byID:   map[*inventory.Account]*camp{}, today: todayOf(s.inv), care: care,
	}
	all := escalation.All()
	for i := range all {
		if methods && all[i].Move.Moves() {
			c.methods = append(c.methods, &all[i])
		}
	}
	if goal != nil {
		c.opens = lettingMethods()
	}
	c.calls, c.splits = newCallIndex(append(slices.Clip(c.methods), c.opens...)), splitsOf(c.methods)
	for _, a := range s.inv.Accounts {
		pl := &camp{account: a, judge: newJudge(c, a), crowded: map[*inventory.Principal]bool{}}
		c.camps = append(c.camps, pl)
		c.byID[a] = pl
	}
	c.visit(func(_ int, pl *camp) { pl.settle() })
	return c
}

// maxNoted is of how many principals what a visit finds out is kept for the next one. It
// takes fifteen kilobytes for each, and finding it out again a seventh of the time that an
// audit takes.
const maxNoted = 50_000

// visit calls f for every account, on all processors.
func (c *climb) visit(f func(i int, pl *camp)) {
	kept := maxNoted
	if c.care == forgetful {
		kept = 0
	}
	keeps := make([]bool, len(c.camps)) // the first accounts, for as long as there is room
	for i, pl := range c.camps {
		kept -= len(pl.account.Principals())
		keeps[i] = kept >= 0
	}
	parallel.Each(runtime.GOMAXPROCS(0), len(c.camps), func(i int) {
		pl := c.camps[i]
		f(i, pl)
		if !keeps[i] {
			pl.forget()
		}
	})
}

// settle finds who is an administrator, and who may climb.
func (pl *camp) settle() {
	for _, p := range pl.account.Principals() {
		cl := &climber{p: p}
		st := pl.start(p)
		if st == nil {
			continue
		}
		cl.states, cl.cut = pl.turns(st)
		pl.climbers = append(pl.climbers, cl)
	}
	pl.settled = len(pl.first)
}

// ascend adds everybody who gets to be an administrator, with certainty or at all.
func (c *climb) ascend(certain bool) {
	for _, pl := range c.camps {
		pl.fresh = slices.Clone(pl.all)
	}
	for n := 0; ; n++ {
		next := make([][]*summit, len(c.camps))
		c.visit(func(i int, pl *camp) { next[i] = pl.round(certain, n) })
		entered := c.entered(certain)
		grown := false
		for i, pl := range c.camps {
			pl.fresh = nil
			ways := append(next[i], entered[pl]...)
			slices.SortStableFunc(ways, func(a, b *summit) int { return a.steps() - b.steps() }) // the nearest is told
			for _, sm := range ways {
				if c.at[sm.p] == nil {
					c.at[sm.p] = sm
					c.found[sm.p] = sm.escalation()
					pl.fresh, pl.all = append(pl.fresh, sm), append(pl.all, sm)
					grown = true
				}
			}
		}
		switch {
		case n == 0: // those of an earlier search have not been taken over yet
			for _, pl := range c.camps {
				pl.fresh = slices.Clone(pl.all)
			}
		case !grown:
			return
		}
	}
}

// assumers yields the wanted users and roles that may assume a role, with the leg to it.
func (c *climb) assumers(role *inventory.Principal, wanted func(*inventory.Principal) bool) iter.Seq2[*inventory.Principal, leg] {
	return func(yield func(*inventory.Principal, leg) bool) {
		for _, h := range c.s.edges.callersOf(role) {
			from := h.from.principal
			if !h.from.plain() || !wanted(from) {
				continue
			}
			if v := c.today.apply(c.s.edges.ruling(&h), from); !v.never() && !yield(from, leg{to: role, kind: h.kind, ruling: v}) {
				return
			}
		}
	}
}

// entered lists who enters roles of the last round.
func (c *climb) entered(certain bool) map[*camp][]*summit {
	out := map[*camp][]*summit{}
	for _, pl := range c.camps {
		for _, sm := range pl.fresh {
			if sm.p.Kind != inventory.Role {
				continue
			}
			for from, hop := range c.assumers(sm.p, func(p *inventory.Principal) bool { return c.at[p] == nil }) {
				if hop.fits(certain) {
					home := c.byID[from.Account]
					out[home] = append(out[home], &summit{p: from, legs: append([]leg{hop}, sm.legs...)})
				}
			}
		}
	}
	return out
}

// round lists who of an account is an administrator as it stands, in round 0; who makes
// itself one, in round 1; or who gets to be one by taking over somebody of the last
// round.
func (pl *camp) round(certain bool, n int) (out []*summit) {
	if pl.c.goal != nil && n == 0 {
		return pl.arrived(certain)
	}
	for _, cl := range pl.climbers {
		if pl.c.at[cl.p] != nil {
			continue
		}
		pl.left = false
		if legs := pl.climb(cl, certain, n); legs != nil {
			out = append(out, &summit{p: cl.p, legs: *legs})
		}
		cl.cut = cl.cut || pl.left
	}
	if n == 1 {
		out = append(out, pl.lifted(certain)...)
		if certain { // what is open for several is too much to follow
			out = append(out, pl.teamed()...)
		}
	}
	return out
}

// climb returns the shortest way up for one principal, nil when there is none.
func (pl *camp) climb(cl *climber, certain bool, n int) *[]leg {
	switch n {
	case 0:
		return pl.standing(cl.states[:1], certain)
	case 1:
		if legs := pl.standing(cl.states[1:], certain); legs != nil {
			return legs
		}
		if legs := pl.foundings(cl, certain); legs != nil {
			return legs
		}
	}
	for _, st := range cl.states {
		if certain && !st.certain() {
			continue
		}
		for _, m := range pl.methodsOf(st) {
			within := pl.targets(m)
			next := pl.fresh
			if m.Move == escalation.SSO && len(within.list) > 0 {
				next = pl.c.freshEverywhere()
			}
			if !slices.ContainsFunc(next, func(sm *summit) bool { return within.of[sm.p] != nil }) {
				continue
			}
			if v := pl.things(st, m); !v.fits(certain) {
				continue
			}
			for _, sm := range next {
				if sm.p == cl.p {
					continue
				}
				if v := goingOn(pl.takes(st, m, sm.p), m, sm.legs); v.fits(certain) {
					legs := append(slices.Clone(st.legs), leg{to: sm.p, kind: m.ID, ruling: pl.named(st, v)})
					legs = append(legs, sm.legs...)
					return &legs
				}
			}
		}
		if legs := pl.enterings(st, certain); legs != nil {
			return legs
		}
		if n == 1 { // these need nobody who is up
			if pl.c.goal != nil {
				if legs := pl.openings(st, certain); legs != nil {
					return legs
				}
			}
			if legs := pl.raisings(st, certain); legs != nil {
				return legs
			}
			if legs := pl.outfittings(st, certain); legs != nil {
				return legs
			}
		}
	}
	return nil
}

// standing returns the way to the first state that is an administrator.
func (pl *camp) standing(states []*state, certain bool) *[]leg {
	for _, st := range states {
		if v := pl.arrives(st); v.fits(certain) && (!certain || st.certain()) {
			legs := slices.Clone(st.legs)
			if v.when != guard.True || len(st.legs) == 0 {
				legs = append(legs, leg{to: st.p, ruling: pl.named(st, v)})
			}
			return &legs
		}
	}
	return nil
}

// freshEverywhere lists who joined in the last round, in any account.
func (c *climb) freshEverywhere() (out []*summit) {
	for _, pl := range c.camps {
		out = append(out, pl.fresh...)
	}
	return out
}
