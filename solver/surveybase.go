package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// base prepares to find who of the account reaches the targets of a class that no
// statement tells apart.
func (w *walker) base(q *visit) *base {
	b := &base{x: w.x, split: q.split, labels: make([]*label, len(q.split.parties)), open: make([]int32, len(q.split.parties))}
	for i := range b.open {
		b.open[i] = int32(i) //nolint:gosec // memory ends long before 2³¹
	}
	return b
}

// reach finds who of the account reaches a target: parties as all targets of its
// class, but for those who have statements about this very one.
func (w *walker) reach(out *reached, q *visit, b *base) {
	found := w.found(q, -1)
	w.settle(b, q, found)
	at := map[overrideKey]int{}
	for _, n := range slices.Sorted(maps.Keys(found)) {
		w.override(out, q, b, n, found[n], at)
	}
}

// settle finds out about the parties of a base of which nothing is known yet. It
// asks about members whom the target does not name and who have no statements about
// it; when there are none, the next target of the class may tell.
func (w *walker) settle(b *base, q *visit, found map[int32]*[4][]share) {
	left := b.open[:0]
	for _, i := range b.open {
		p := b.split.parties[i]
		if !q.mayEnter(&p.says) {
			continue
		}
		who := w.plainMember(q, p, found)
		if who == nil {
			left = append(left, i)
			continue
		}
		if l := w.label(q, who, p, &p.says, nil); l != nil {
			b.labels[i] = l
			b.pairs += int64(len(p.members))
		}
	}
	b.open = left
}

// plainMember returns somebody of a party whom a target does not name itself, and
// who has no statements about it; nil when there is nobody.
func (w *walker) plainMember(q *visit, p *party, found map[int32]*[4][]share) *inventory.Principal {
	for _, n := range p.members {
		place := n - w.x.first
		if found[q.h.unitOf[place]] != nil {
			continue
		}
		if who := w.x.principals[place]; who != q.t.role && len(q.t.namedBy(who)) == 0 {
			return who
		}
	}
	return nil
}

// An overrideKey tells the entries of one target apart.
type overrideKey struct {
	label *label
	facts uint32
}

// override notes what a unit may do about which particular statements speak.
func (w *walker) override(out *reached, q *visit, b *base, n int32, more *[4][]share, at map[overrideKey]int) {
	u := &q.h.units[n]
	says := w.together(u, more)
	if !q.mayEnter(&says) && !q.mayEnter(&u.says) {
		return
	}
	for _, m := range u.members {
		place := m - w.x.first
		i, who := b.split.of[place], w.x.principals[place]
		if who == q.t.role || len(q.t.namedBy(who)) > 0 {
			continue // see enter
		}
		p := b.split.parties[i]
		l := w.label(q, who, p, &says, nil)
		if l == b.labels[i] && !slices.Contains(b.open, i) {
			continue
		}
		out.except = append(out.except, m)
		if l == nil {
			continue
		}
		key := overrideKey{l, p.facts}
		n, ok := at[key]
		if !ok {
			at[key] = len(out.own)
			out.own = append(out.own, entry{&mates{[]uint32{m}}, l})
			continue
		}
		out.own[n].members = append(out.own[n].members, m)
	}
}

// together returns what a unit's policies say, of one target.
func (w *walker) together(u *unit, more *[4][]share) voicing {
	says := u.says
	for i, v := range []**voice{&says.calls, &says.asks, &says.within, &says.asksWithin} {
		if len(more[i]) > 0 && *v != nil {
			*v = w.sv.voices.join(*v, w.sv.voices.find(more[i]))
		}
	}
	return says
}

// found is what the specials that may be about a target, what lies behind it and its
// key say to each unit, or to one alone when only is not negative.
func (w *walker) found(q *visit, only int32) map[int32]*[4][]share {
	found := map[int32]*[4][]share{}
	if len(q.h.specials) == 0 {
		return found
	}
	clear(w.marks)
	once := func(n int32) {
		if !w.marks[n] {
			w.marks[n] = true
			w.special(q, &q.h.specials[n], found, only)
		}
	}
	q.h.about(q.t.text, once)
	if q.t.behind != nil {
		q.h.about(q.t.behind.text, once)
	}
	if q.t.key != nil {
		q.h.about(q.t.key.text, once)
	}
	return found
}

// special adds what a statement says of a target to what is said to each who
// carries it, or to one unit alone.
func (w *walker) special(q *visit, sp *special, found map[int32]*[4][]share, only int32) {
	var calls, asks []share
	tells, read := sp.tells(), false
	for _, who := range sp.holders {
		if only >= 0 && who.unit != only {
			continue
		}
		var say *told
		if tells {
			if say = q.h.units[who.unit].told[sp.st]; say == nil {
				continue
			}
		}
		if tells || !read {
			calls, asks = w.sharesAt(&q.h.ear, q.t, sp.heardStatement, say)
			read = true
		}
		if len(calls) == 0 && len(asks) == 0 {
			continue
		}
		f := found[who.unit]
		if f == nil {
			f = &[4][]share{}
			found[who.unit] = f
		}
		i := 0
		if who.within {
			i = 2
		}
		f[i], f[i+1] = append(f[i], calls...), append(f[i+1], asks...)
	}
}

// named lists the users and roles of the account whom the target's documents name
// themselves.
func (w *walker) named(t *surveyTarget) (list []*inventory.Principal) {
	for text := range t.named {
		for _, p := range w.principalsNamed(text) {
			if p.Account == w.x.account && p != t.role && len(t.namedBy(p)) > 0 && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, func(a, b *inventory.Principal) int { return int(w.x.numbers[a]) - int(w.x.numbers[b]) })
	return list
}

// one finds what one principal may do that the target names.
func (w *walker) one(out *reached, q *visit, p *inventory.Principal) {
	n := w.x.numbers[p]
	place := n - w.x.first
	unit := q.h.unitOf[place]
	says := q.h.units[unit].says
	if more := w.found(q, unit)[unit]; more != nil {
		says = w.together(&q.h.units[unit], more)
	}
	out.except = append(out.except, n) // override leaves it to this
	if l := w.label(q, p, q.split.parties[q.split.of[place]], &says, q.t.namedBy(p)); l != nil {
		out.own = append(out.own, entry{&mates{[]uint32{n}}, l})
	}
}

// principalsNamed finds the users and roles of the snapshot that an entry of a
// Principal element names.
func (w *walker) principalsNamed(text string) (out []*inventory.Principal) {
	s := w.sv.s
	if p := s.inv.Principal(text); p != nil {
		out = append(out, p)
	}
	if strings.Contains(text, ":assumed-role/") {
		parts := strings.Split(text, "/")
		if p := s.inv.RoleNamed(arn.Account(text), parts[1]); p != nil {
			out = append(out, p)
		}
	}
	return out
}
