package solver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/permission"
)

// A portion is an ask, or some of its actions.
type portion struct {
	ask
	id      string
	grouped [2]map[groupKey][]group // by side, of a part; what is asked in whole the target remembers
	of      *portion                // of which it is a part
}

// portions lists what is asked. name tells lists about one text apart; of a
// part of what could be asked about it, each portion groups actions by itself.
func portions(asks []ask, name string, part bool) (out []*portion) {
	for i, k := range asks {
		p := &portion{ask: k, id: fmt.Sprint(name, i)}
		if part {
			p.grouped = [2]map[groupKey][]group{{}, {}}
		}
		out = append(out, p)
	}
	return out
}

// part returns some of the actions of a portion.
func (x *diffText) part(p *portion, has map[string]bool) *portion {
	k := ask{p.resource, slices.DeleteFunc(slices.Clone(p.actions), func(name string) bool { return !has[name] })}
	id := p.id + " " + strings.Join(k.actions, " ")
	known := x.parts[id]
	if known == nil {
		known = &portion{ask: k, id: fmt.Sprint(p.id, " part ", len(x.parts)), grouped: [2]map[groupKey][]group{{}, {}}, of: p}
		x.parts[id] = known
	}
	return known
}

// target returns a target as it is asked about some actions.
func (p *portion) target(side int, t *target) *target {
	if p.grouped[side] == nil {
		return t
	}
	some := *t
	if some.grouped = p.grouped[side]; p.of != nil {
		some.partOf, some.whole = p.of.target(side, t), p.of.ask
	}
	return &some
}

// A delta is how a caller's own requests of one ask come out on the two sides.
type delta struct {
	differs, some bool
	unknown       bool     // nobody can tell
	actions       []string // those that differ
}

// delta compares the own requests of a caller; nil where it does not come into
// question.
func (x *diffText) delta(at int, both person) *delta {
	key := x.portions[at].id
	for i, a := range both {
		key += "\x00"
		if a == nil {
			continue
		}
		if like := x.likeness(i, a); like != "" {
			key += "l" + like
		} else {
			key += "k" + standingOf(i, a).key
		}
	}
	if known := x.deltas[key]; known != nil {
		return known
	}
	d := x.compared(at, both)
	x.deltas[key] = d
	return d
}

func (x *diffText) compared(at int, both person) *delta {
	d := &delta{}
	var list []standing
	for i, a := range both {
		if a != nil {
			list = append(list, standingOf(i, a))
		}
	}
	s := x.solve(x.portions[at], list)
	var labels [2]*permission.Label
	for _, one := range list {
		e := s.by[one.key]
		switch {
		case e == nil:
			continue
		case e.lost() || len(e.doubts)+len(e.beside) > 0 && !e.refused:
			return &delta{differs: true, some: true, unknown: true}
		case !e.label.IsEmpty():
			d.some = true
			labels[one.side] = e.label
		}
	}
	if labels[0] == labels[1] {
		return d
	}
	d.differs = true
	for i := range labels {
		if labels[i] == nil {
			labels[i] = s.sp.Nothing()
		}
	}
	names := map[string]bool{}
	for i, label := range labels {
		for _, p := range s.sp.Pieces(s.sp.Subtract(label, labels[1-i])) {
			for _, name := range s.sp.Names(p.Actions) {
				names[name] = true
			}
		}
	}
	if s.sp.Overgrown() {
		return &delta{differs: true, some: true, unknown: true}
	}
	d.actions = slices.Sorted(maps.Keys(names))
	return d
}

// portion returns what of an ask can make a difference for the person; nil when
// nothing can. Where it has the same ways on both sides, under the same conditions,
// only the actions can that come out differently at the end of one.
func (b *betweening) portion(at int) *portion {
	x := b.x
	whole := x.portions[at]
	if !b.steady() {
		return whole
	}
	names := map[string]bool{}
	add := func(both person) bool {
		d := x.delta(at, both)
		for _, name := range d.actions {
			names[name] = true
		}
		return !d.unknown
	}
	for i := range b.ways[0] {
		if !add(person{&b.ways[0][i].end, &b.ways[1][i].end}) {
			return whole
		}
	}
	switch len(names) {
	case 0:
		return nil
	case len(whole.actions):
		return whole
	}
	return x.part(whole, names)
}

// steady reports whether the person has the same ways on both sides.
func (b *betweening) steady() bool {
	d := b.x.d
	return !d.q.Thorough && len(d.sides[0].s.endpoints)+len(d.sides[1].s.endpoints) == 0 && b.who[0] != nil && b.who[1] != nil &&
		b.who[0].plain() && b.who[1].plain() && b.lanes[0].own == b.lanes[1].own && !b.lanes[0].cut && !b.lanes[1].cut &&
		slices.EqualFunc(b.lanes[0].ways, b.lanes[1].ways, func(v, w *way) bool {
			return slices.Equal(v.p.unsure, w.p.unsure) && (v.end.history == nil) == (w.end.history == nil) &&
				(v.end.history == nil || d.sides[0].exprKey(v.end.history) == d.sides[1].exprKey(w.end.history)) &&
				slices.EqualFunc(v.p.hops, w.p.hops, func(g, h hop) bool {
					return g.to.ARN == h.to.ARN && g.kind == h.kind && slices.Equal(g.doubts, h.doubts) &&
						d.sides[0].exprKey(g.when) == d.sides[1].exprKey(h.when)
				})
		})
}
