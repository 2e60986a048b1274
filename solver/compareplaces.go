package solver

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/policy"
)

// A listing is patterns that stand for one another: those of one statement, or
// one with an open variable.
type listing struct {
	fit      arn.Fit // how they have to cover a resource, at least
	patterns []arn.Pattern
	globs    []arn.Glob // of each, covering more
	compiled []atoms.Pattern
	byStart  map[string][]int // those of which all texts begin so, ascending
	starts   []string         // the keys of byStart, sorted
	longest  int              // of starts
}

// list returns the number of a list of patterns that cover a resource by a fit, or
// a better one.
func (t *contest) list(fit arn.Fit, patterns ...arn.Pattern) int {
	if len(patterns) == 0 {
		return -1
	}
	b := []byte{'0' + byte(fit)}
	for _, p := range patterns {
		b = append(p.AppendKey(b), 1)
	}
	key := string(b)
	i, ok := t.index[key]
	if !ok {
		i = len(t.lists)
		one := listing{fit: fit, patterns: patterns, byStart: map[string][]int{}}
		for k, p := range patterns {
			g := p.Glob()
			one.globs = append(one.globs, g)
			start := beginning(g)
			one.byStart[start] = append(one.byStart[start], k)
			if fit == arn.Exact {
				one.compiled = append(one.compiled, atoms.ResourceExact(p))
			} else {
				one.compiled = append(one.compiled, atoms.Resource(p))
			}
		}
		one.starts = slices.Sorted(maps.Keys(one.byStart))
		for _, start := range one.starts {
			one.longest = max(one.longest, len(start))
		}
		t.index[key], t.lists = i, append(t.lists, one)
	}
	return i
}

// at returns what is known of a resource, when patterns have to fit it so well.
func (t *contest) at(resource string, fit arn.Fit) outlook {
	in := atoms.NewBits(len(t.lists) + 1)
	for i := range t.lists {
		if t.lists[i].covers(resource, fit) {
			in.Add(i)
		}
		t.on.work -= len(t.lists[i].patterns)
	}
	return outlook{in, in}
}

// canRunOn reports whether a pattern covers anything only because of a '*' that runs on
// past a colon (E35).
func canRunOn(p arn.Pattern) bool {
	_, list := p.Elements()
	return len(list) > 0
}

// askew reports whether a pattern covers what its author can have meant only because
// of a '*' that runs on past a colon: it lacks a field, so that what stands in that
// of the account is none (E35, E37).
func askew(p arn.Pattern) bool {
	if !canRunOn(p) {
		return false
	}
	text := p.String()
	account := arn.Account(text)
	return strings.Count(text, ":") < 5 || account != "" && !arn.IsAccountID(account) && !strings.ContainsAny(account, "*?")
}

func (l *listing) covers(resource string, fit arn.Fit) bool {
	for i, g := range l.globs { // which is faster than the pattern
		if g.Match(resource) && l.patterns[i].Match(resource) >= max(fit, l.fit) {
			return true
		}
	}
	return false
}

// within returns what is known of all resources of a region: the lists that cover
// it with one pattern.
func (t *contest) within(r region) outlook {
	o := outlook{atoms.NewBits(len(t.lists) + 1), atoms.NewBits(len(t.lists) + 1)}
	own := fields(r.pattern, r.glob)
	runs := canRunOn(r.pattern)
	looked := len(t.terms) // what difference does with the answer
	defer func() { t.on.work -= looked / placesPerWork }()
	for i := range t.lists {
		o.maybe.Add(i)
		list := &t.lists[i]
		for k := range list.startingAbove(r.start) { // no others cover all of it
			p := list.patterns[k]
			looked++
			if p.All() || (list.fit < arn.Exact || !runs) && (p == r.pattern || own != nil && coversFields(fields(p, list.globs[k]), own)) {
				o.sure.Add(i)
				break
			}
		}
	}
	o.maybe.Add(len(t.lists))
	return o
}

// fields splits a pattern of a whole ARN, nil for any other.
func fields(p arn.Pattern, g arn.Glob) []string {
	if p.All() || strings.Count(p.String(), ":") < 5 {
		return nil
	}
	return strings.SplitN(string(g), ":", 6)
}

// coversFields reports whether a pattern covers all that another one does, also
// where a '*' that ends a field of it runs on past the colon (E35): there, the
// first one has to run on as well, and to have no other wildcard that could have
// taken what is in front.
func coversFields(wide, narrow []string) bool {
	run := string(arn.NewGlob("*"))
	for i := range wide {
		w, n := wide[i], narrow[i]
		if w == n || w == run {
			continue
		}
		if !arn.Covers(arn.Glob(w), arn.Glob(n)) {
			return false
		}
		if head, runs := strings.CutSuffix(w, run); i < 5 && strings.HasSuffix(n, run) && (!runs || arn.Glob(head).HasWildcard()) {
			return false
		}
	}
	return wide != nil
}

// A region is where a lead applies: what one pattern covers, or everything.
type region struct {
	pattern  arn.Pattern
	glob     arn.Glob
	compiled atoms.Pattern
	start    string
}

// region returns where a lead applies; ok is false when it doesn't.
func (t *contest) region(l lead) (r region, ok bool) {
	if l.at < 0 {
		return region{pattern: arn.NewPattern(arn.NewGlob("*"), false), glob: arn.NewGlob("*"), compiled: atoms.Fields(t.bounds)}, true
	}
	e := newEval(t.c, false)
	of := &l.st.Resources[l.at]
	p, state, _ := of.Expand(e)
	switch state {
	case policy.Absent:
		return r, false
	case policy.Open:
		p = of.Wide(e)
	case policy.Present:
	}
	g := p.Glob()
	return region{p, g, atoms.Resource(p), beginning(g)}, true
}

// near compiles the lists and all resources that there are, without patterns
// that share nothing with a region, as far as their beginnings tell.
func (t *contest) near(r region) []atoms.Pattern {
	out := make([]atoms.Pattern, 0, len(t.lists)+1)
	for i := range t.lists {
		list := &t.lists[i]
		at := slices.Collect(list.startingAbove(r.start))
		for k := range list.startingBelow(r.start) {
			at = append(at, k)
		}
		slices.Sort(at)
		parts := make([]atoms.Pattern, len(at))
		for n, k := range at {
			parts[n] = list.compiled[k]
		}
		out = append(out, atoms.Union(parts))
	}
	return append(out, atoms.Fields(t.bounds))
}

// startingAbove yields the patterns whose beginning is that of a text.
func (l *listing) startingAbove(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := range min(len(text), l.longest) + 1 {
			for _, k := range l.byStart[text[:n]] {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// startingBelow yields the patterns whose beginning is longer than a text, and
// begins with it.
func (l *listing) startingBelow(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		from, _ := slices.BinarySearch(l.starts, text)
		for _, start := range l.starts[from:] {
			if !strings.HasPrefix(start, text) {
				return
			}
			for _, k := range l.byStart[start] {
				if start != text && !yield(k) {
					return
				}
			}
		}
	}
}

// beginning returns what all texts of a pattern begin with.
func beginning(g arn.Glob) string {
	for i := range len(g) {
		if g[i : i+1].HasWildcard() {
			return string(g[:i])
		}
	}
	return string(g)
}
