package solver

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// A standing is a caller of one side who makes the last request of a way.
type standing struct {
	side int
	a    *actor
	key  string // equal keys are callers of which the same is known
}

func standingOf(side int, a *actor) standing {
	key := fmt.Sprintf("%d\x00%s\x00%v%v\x00", side, a.caller.ARN, a.caller.FromToken, a.caller.Web)
	if a.history != nil {
		key += exprKey(a.history)
	}
	return standing{side, a, key}
}

// A solution is what some callers of both sides may do with what one ask is
// about, in one space.
type solution struct {
	q      *inquiry
	sp     *permission.Space
	sides  map[string][]*sides
	by     map[string]*effective // by key of the standing; none when no statement could allow anything
	traced map[string]*effective // likewise, with gates
	docs   map[string][]*Source  // that bear on a caller's requests
	// extents are by key of the standing; see extent
	extents map[string]extent
}

// solve reads all that bears on what callers may do with an ask. The same callers
// are read once.
func (x *diffText) solve(p *portion, list []standing) *solution {
	id := p.id
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = list[i].key
	}
	slices.Sort(keys)
	id += "\x00" + strings.Join(slices.Compact(keys), "\x00")
	if s := x.solved[id]; s != nil {
		return s
	}
	k := p.ask
	q := newInquiry(k.resource)
	q.apart = true
	s := &solution{q: q, sides: map[string][]*sides{}, by: map[string]*effective{}, traced: map[string]*effective{}, docs: map[string][]*Source{}, extents: map[string]extent{}}
	for _, one := range list {
		if _, done := s.sides[one.key]; done {
			continue
		}
		t := x.targetFor(one.side, one.a)
		base := x.d.sides[one.side].s.baseFor(one.a, t)
		from := len(q.sides)
		t = p.target(one.side, t)
		t.read(q, one.a, base, k)
		s.sides[one.key] = q.sides[from:len(q.sides):len(q.sides)]
		s.docs[one.key] = t.request(base, one.a, k.actions[0], k.resource).documents()
	}
	if len(q.sides) > 0 {
		s.sp = q.space()
		for key, list := range s.sides {
			if len(list) > 0 {
				s.by[key] = q.effective(s.sp, list, false)
				x.d.only(s.by[key])
			}
		}
	}
	if len(x.solved) >= maxSolved {
		clear(x.solved)
	}
	x.solved[id] = s
	return s
}

// maxSolved bounds the solutions that one ARN remembers.
const maxSolved = 512

// only leaves the access that needs no open condition, if that is what is asked.
func (d *differ) only(e *effective) {
	if !d.sides[1].s.cfg.Unconditional || e.lost() {
		return
	}
	sp, free := e.space, e.space.Nothing()
	for _, p := range sp.Pieces(e.label) {
		if p.When == sp.Always() {
			free = sp.Union(free, sp.Label(p))
		}
	}
	e.label = free
}

// gates returns what a caller may do with the labels of all gates.
func (s *solution) gates(key string) *effective {
	if e := s.traced[key]; e != nil || len(s.sides[key]) == 0 {
		return e
	}
	e := s.q.effective(s.sp, s.sides[key], true)
	s.traced[key] = e
	return e
}

// A remainder is what a way has beyond others: requests of its last caller, with
// a condition for each hop. The hops of one path are requests of their own, so
// that it holds for every choice of one request of each.
type remainder struct {
	hops  []*guard.Expr
	label *permission.Label
}

// maxRemainders bounds the parts into which the ways of one principal cut each
// other.
const maxRemainders = 64

// beyond takes what an other way lets through out of remainders. hops are the
// conditions of the other way for the hops of this one: the other way is open
// when they hold. ok is false when something can't be told.
func beyond(sp *permission.Space, list []remainder, hops []*guard.Expr, label *permission.Label) (out []remainder, ok bool) {
	for _, r := range list {
		shared := sp.Intersect(r.label, label)
		if shared.IsEmpty() {
			out = append(out, r)
			continue
		}
		if rest := sp.Subtract(r.label, label); !rest.IsEmpty() {
			out = append(out, remainder{r.hops, rest})
		}
		now := slices.Clone(r.hops)
		for i, when := range hops {
			in, rest, ok := apart(now[i], when)
			if !ok {
				return nil, false
			}
			if rest != guard.False {
				cut := slices.Clone(now)
				cut[i] = rest
				out = append(out, remainder{cut, shared})
			}
			if now[i] = in; in == guard.False {
				break
			}
		}
		if len(out) > maxRemainders {
			return nil, false
		}
	}
	return out, true
}

// apart splits a condition by another one.
func apart(e, by *guard.Expr) (in, out *guard.Expr, ok bool) {
	switch {
	case by == guard.True, e == guard.False:
		return e, guard.False, true
	case by == guard.False:
		return guard.False, e, true
	case exprKey(e) == exprKey(by):
		return e, guard.False, true
	}
	var cfg permission.Config
	for _, one := range []*guard.Expr{e, by} {
		tests, opaque := one.Tests()
		cfg.Tests, cfg.Opaque = append(cfg.Tests, tests...), append(cfg.Opaque, opaque...)
	}
	cfg.Domains, cfg.MaxNodes = inEvery(nil, cfg.Tests), maxContexts
	sp := permission.NewSpace(cfg)
	a, b := sp.When(e), sp.When(by)
	in, wholeIn := sp.Expr(sp.AndGuards(a, b))
	out, wholeOut := sp.Expr(sp.SubGuards(a, b))
	return in, out, wholeIn && wholeOut && !sp.Overgrown()
}

// alongside returns what another path asks of the hops of a path, True where it
// does not make the hop. ok is false when it makes a hop with a condition that the
// path does not: it may be closed while the path is open.
func alongside(p, other *path) (hops []*guard.Expr, ok bool) {
	hops = make([]*guard.Expr, len(p.hops))
	for i := range hops {
		hops[i] = guard.True
	}
	for i := range other.hops {
		h := &other.hops[i]
		if h.when == guard.True {
			continue
		}
		at := slices.IndexFunc(p.hops, func(mine hop) bool { return mine.from.caller.ARN == h.from.caller.ARN && mine.to.ARN == h.to.ARN })
		if at < 0 {
			return nil, false
		}
		hops[at] = h.when
	}
	return hops, true
}
