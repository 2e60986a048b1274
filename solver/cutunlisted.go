package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// alone lists those whom the question names by themselves and whom answers list only
// where something names them, such as services, sessions, and principals of accounts
// outside the snapshot: what lets everybody in, or their account, lets them in as well.
func (c *cutter) alone() (out []actor) {
	seen := map[string]bool{}
	for _, a := range slices.Concat(c.from.alone, c.keep.alone) {
		if a.apart() && !seen[a.caller.ARN] {
			seen[a.caller.ARN] = true
			out = append(out, a)
		}
	}
	return out
}

// apart reports whether answers list an actor only where something names it.
func (a *actor) apart() bool { return !a.plain() && a.caller.Kind != CallerAnonymous }

// nameAlone adds the ways of those alone that were not listed.
func (c *cutter) nameAlone(now *reduced) {
	for _, a := range c.alone() {
		f := now.s.finder()
		for _, w := range c.waysOf(now, f, a) {
			listed := func(o cutWay) bool {
				return o.at == w.at && o.path.start.caller.ARN == a.caller.ARN && slices.EqualFunc(o.path.hops, w.path.hops, func(x, y hop) bool { return x.to.ARN == y.to.ARN })
			}
			if !slices.ContainsFunc(c.base, listed) {
				f.hops(&w.path)
				c.base = append(c.base, w)
			}
		}
		c.note(f.gaps())
	}
}

// waysOf lists the ways of one start.
func (c *cutter) waysOf(now *reduced, f *finder, start actor) (out []cutWay) {
	s := now.s
	for i := range c.places {
		t := now.target(i)
		var paths []path
		// Of a trust that names a service itself answers do tell.
		if start.caller.hasAccount() || len(s.lookup.Trusting("*")) > 0 {
			paths, _ = s.pathsFrom(start, s.readOf(t))
		}
		for _, p := range append([]path{{start: start}}, paths...) {
			if end := s.last(&p); s.mayReach(&end, t) {
				if grants := f.grants(&end, t, c.places[i].asks); len(grants) > 0 {
					way := cutWay{path: p, at: i, grants: grants}
					way.named = c.namedOn(&way)
					out = append(out, way)
				}
			}
		}
	}
	return out
}

// unlisted lists the unwanted ways of those whom answers list only where something
// names them, and whom what names everybody may still let in.
func (c *cutter) unlisted(now *reduced, base []cutWay) (out []cutWay) {
	f := now.s.finder()
	seen := map[string]bool{}
	for _, w := range base {
		start := now.s.again(&w.path.start)
		if !start.apart() || seen[start.caller.ARN] {
			continue
		}
		seen[start.caller.ARN] = true
		out = append(out, c.waysOf(now, f, start)...)
	}
	return out
}

// reopen leaves those who were set aside and still have a way: what was removed for
// others may have closed it.
func (c *cutter) reopen(now *reduced, list []cutWay) {
	var aside []cutWay
	for i := range c.base {
		if c.opened[c.base[i].path.start.caller.ARN] != nil {
			aside = append(aside, c.base[i])
		}
	}
	list = append(slices.Clip(list), c.unlisted(now, aside)...)
	maps.DeleteFunc(c.opened, func(who string, _ *CutOpen) bool {
		return !slices.ContainsFunc(list, func(w cutWay) bool { return w.path.start.caller.ARN == who })
	})
}

// meantSomebody refuses patterns that mean nobody: that nobody is left then would be
// no answer.
func (c *cutter) meantSomebody() error {
	for _, text := range slices.Concat(c.q.From, c.q.Keep) {
		if !strings.ContainsAny(text, "*?") {
			continue
		}
		g := arn.NewGlob(text)
		meant := slices.ContainsFunc(c.base, func(o cutWay) bool { return g.Match(o.path.start.caller.ARN) })
		for name := range c.s.inv.Index().PrincipalARNs() {
			if meant = meant || g.Match(name); meant {
				break
			}
		}
		if !meant {
			return questionErr("%s is the name of nobody: neither of a user or role of the snapshot, nor of whom policies name; give others by their full ARNs, or their account by its id", text)
		}
	}
	return nil
}
