package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// A writer writes labels as grants, and puts actions together that come out
// alike.
type writer struct {
	f      *finder
	t      *target
	groups map[string]*Grant
	plain  bool    // statements behind grants are left out
	draft  []Grant // of the label that is being written
}

// grants returns what was written, in a stable order.
func (w *writer) grants() []Grant {
	out := make([]Grant, 0, len(w.groups))
	for _, g := range w.groups {
		slices.Sort(g.Actions)
		g.Actions = slices.Compact(g.Actions)
		out = append(out, *g)
	}
	slices.SortFunc(out, compareGrants)
	return out
}

// compareGrants orders by resources, then actions, then everything else.
func compareGrants(a, b Grant) int {
	if c := cmp.Or(slices.Compare(a.Resources, b.Resources), slices.Compare(a.Actions, b.Actions)); c != 0 {
		return c
	}
	return strings.Compare(a.key(), b.key())
}

// unwritten says why a grant does not tell all that it covers.
const unwritten = "what is covered can't be written in patterns"

// write writes one label about what was asked.
func (w *writer) write(x *effective, asked string) {
	w.f.note(w.t, x)
	w.draft = w.draft[:0]
	if !x.lost() {
		for part := range x.parts {
			w.part(x, part, asked)
		}
	}
	if x.lost() { // by now, if not before
		w.f.unknown[Gap{What: w.t.name, Why: tooMany}] = true
		w.f.lost[tooMany] = true
		return
	}
	for i := range w.draft {
		w.add(&w.draft[i])
	}
}

// some reports whether write would write anything.
func (w *writer) some(x *effective, asked string) bool {
	w.draft = w.draft[:0]
	for part := range x.parts {
		if w.part(x, part, asked); len(w.draft) > 0 {
			return !x.lost()
		}
	}
	return false
}

// A part is a piece of a label with what is known about the open patterns on
// which it depends: the request is covered by those of in, and by none of out.
type part struct {
	permission.Piece
	when    *permission.Guard // its contexts, the questions about open patterns answered
	in, out []openPattern     // at most one of in
}

// maxOpen bounds the open patterns by which one piece is split.
const maxOpen = 4

// parts yields all parts of the label.
func (x *effective) parts(yield func(*part) bool) {
	for _, p := range x.space.Pieces(x.label) {
		for _, part := range x.partsOf(p) {
			if !yield(&part) {
				return
			}
		}
	}
}

// partsOf splits a piece by the open patterns on which it depends.
func (x *effective) partsOf(p permission.Piece) []part {
	parts := []part{{Piece: p, when: p.When}}
	_, questions := x.space.Keys(p.When)
	split := 0
	for _, q := range questions {
		o, ok := x.open[q]
		if !ok {
			continue
		}
		if split++; split > maxOpen {
			break
		}
		var next []part
		for _, part := range parts {
			if len(part.in) > 0 { // no pattern says what two of them cover
				next = append(next, part)
				continue
			}
			no, yes := x.space.Answered(part.when, q)
			both := x.space.AndGuards(no, yes)
			add := func(when *permission.Guard, in, out []openPattern) {
				if when != x.space.Never() {
					part := part
					part.when, part.in, part.out = when, append(slices.Clip(part.in), in...), append(slices.Clip(part.out), out...)
					next = append(next, part)
				}
			}
			add(both, nil, nil)
			add(x.space.SubGuards(yes, both), []openPattern{o}, nil)
			add(x.space.SubGuards(no, both), nil, []openPattern{o})
		}
		parts = next
	}
	return parts
}

// part writes one part of a label.
func (w *writer) part(x *effective, p *part, asked string) {
	e, _ := x.space.Expr(p.when)
	open := len(p.in)+len(p.out) > 0
	if open && x.given != nil { // a pattern does not say what its variable can be
		e = guard.And(e, x.given)
	}
	cond, ok := w.f.blocks(w.t, e)
	if !ok || w.f.s.cfg.Unconditional && (len(cond) > 0 || open) {
		return
	}
	traced := []permission.Traced[StatementRef]{{Piece: p.Piece}}
	if !w.plain {
		traced = permission.Trace(x.space, p.Piece, x.because)
	}
	for _, named := range traced {
		for _, leaning := range permission.Apart(x.space, named.Piece, x.unsure) {
			p.Resources = leaning.Resources
			places, whole := x.places(p, asked)
			if !whole {
				w.f.unknown[Gap{What: w.t.name, Why: unwritten + "; some of " + asked + " is not"}] = true
				w.f.lost[unwritten] = true
			}
			g := Grant{Actions: x.space.Names(leaning.Actions), Condition: cond, Because: sortRefs(slices.Clone(nonNil(named.From)))}
			if len(leaning.From) > 0 {
				g.Unsure = slices.Clone(leaning.From)
				slices.Sort(g.Unsure)
				g.Unsure = slices.Compact(g.Unsure)
			}
			if len(g.Unsure) > 0 || len(x.doubts) > 0 && !w.plain { // doubts are about all that was asked together
				g.Confidence = "low"
			}
			for _, at := range places {
				g.Resources, g.Except = at.resources, at.except
				w.draft = append(w.draft, g)
			}
		}
	}
}

func (w *writer) add(g *Grant) {
	key := g.key()
	if have := w.groups[key]; have != nil {
		have.Actions = append(have.Actions, g.Actions...)
		return
	}
	one := *g
	w.groups[key] = &one
}

// A place is what a grant covers.
type place struct{ resources, except []string }

// places writes what a part covers, inside of what is asked.
// exact is false when it is more than the part covers.
func (x *effective) places(p *part, asked string) (out []place, exact bool) {
	within := arn.NewGlob(asked)
	var except []string
	for _, o := range p.out {
		texts, ok := o.inside(within)
		if !ok {
			return []place{{resources: []string{asked}}}, false
		}
		except = append(except, texts...)
	}
	if len(p.in) == 0 {
		if out, exact = x.terms(p.Resources); !exact {
			out = []place{{resources: []string{asked}}}
		}
	} else if out, exact = x.placesIn(p, p.in[0], within); len(out) == 0 {
		out = []place{{resources: []string{asked}}}
	}
	for i := range out {
		out[i].except = append(out[i].except, except...)
		slices.Sort(out[i].except)
		out[i].tidy()
	}
	return out, exact
}

// tidy leaves out resources that an exception covers, as long as there are others, and
// exceptions from none of those that are left. Patterns with open variables stay, and so
// does the request without a resource, which is written like a pattern for all.
func (p *place) tidy() {
	apart := func(text string) bool { return text == "*" || hasVariable(text) }
	if len(p.except) == 0 || slices.ContainsFunc(slices.Concat(p.resources, p.except), apart) {
		return
	}
	excepted := func(text string) bool {
		return slices.ContainsFunc(p.except, func(e string) bool { return arn.Covers(arn.NewGlob(e), arn.NewGlob(text)) })
	}
	left := slices.DeleteFunc(slices.Clone(p.resources), excepted)
	if len(left) == 0 || len(left) == len(p.resources) {
		return
	}
	p.resources = left
	p.except = slices.DeleteFunc(p.except, func(e string) bool {
		return !slices.ContainsFunc(left, func(text string) bool { return arn.Overlaps(arn.NewGlob(e), arn.NewGlob(text)) })
	})
	if len(p.except) == 0 {
		p.except = nil
	}
}

// placesIn writes what a part covers of an open pattern.
func (x *effective) placesIn(p *part, o openPattern, within arn.Glob) (out []place, exact bool) {
	texts, ok := o.inside(within)
	if !ok {
		return nil, false
	}
	// What the pattern covers besides is not in the part. A pattern with
	// exceptions can't stand among exceptions; the part may be easier to write.
	at := place{resources: texts}
	beside, exact := x.terms(x.space.Both(x.space.Covered(o.wide), x.space.Others(p.Resources)))
	for _, t := range beside {
		if exact = exact && len(t.except) == 0; len(t.except) == 0 {
			at.except = append(at.except, t.resources...)
		}
	}
	if exact {
		return []place{at}, true
	}
	terms, _, ok := x.space.Terms(p.Resources)
	for i := range terms {
		here := place{except: globTexts(terms[i].Except)}
		for _, g := range terms[i].Globs {
			narrow, fits := narrowed(texts, g)
			here.resources, ok = append(here.resources, narrow...), ok && fits
		}
		out = append(out, here)
	}
	if !ok {
		return []place{at}, false
	}
	return out, true
}

// terms writes a set of resources as patterns with exceptions.
func (x *effective) terms(r permission.Resources) (out []place, ok bool) {
	terms, _, ok := x.space.Terms(r)
	if !ok {
		return nil, false
	}
	all := place{}
	for i := range terms {
		t := &terms[i]
		if len(terms) > 1 && len(t.Except) > 0 && overlapsOthers(terms, i) {
			out = append(out, place{globTexts(t.Globs), globTexts(t.Except)})
			continue
		}
		all.resources = append(all.resources, globTexts(t.Globs)...)
		all.except = append(all.except, globTexts(t.Except)...)
	}
	if len(all.resources) > 0 {
		slices.Sort(all.resources)
		slices.Sort(all.except)
		all.except = slices.Compact(all.except)
		out = append(out, all)
	}
	return out, true
}

// overlapsOthers reports whether what term i leaves out may be in another term,
// so that their exceptions can't be put together.
func overlapsOthers(terms []atoms.Term, i int) bool {
	for j := range terms {
		if j == i {
			continue
		}
		for _, g := range terms[j].Globs {
			if slices.ContainsFunc(terms[i].Except, func(e arn.Glob) bool { return arn.Overlaps(e, g) }) {
				return true
			}
		}
	}
	return false
}

func globTexts(globs []arn.Glob) (out []string) {
	for _, g := range globs {
		text := g.Policy()
		if g == "*" { // the request without a resource
			text = "*"
		}
		out = append(out, text)
	}
	return out
}
