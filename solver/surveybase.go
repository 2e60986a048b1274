package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// base prepares to find who of the account reaches the targets of a class that no
// statement tells apart.
func (w *walker) base(t *surveyTarget) *base {
	h := w.hall(&t.ear)
	b := &base{x: w.x, split: w.split(h, t)}
	b.labels = make([]*label, len(b.split.parties))
	b.open = make([]int32, len(b.split.parties))
	for i := range b.open {
		b.open[i] = int32(i) //nolint:gosec // memory ends long before 2³¹
	}
	return b
}

// reach finds who of an account reaches a target: parties as all targets of its
// class, but for those who have statements about this very one.
func (w *walker) reach(out *reached, b *base, t *surveyTarget) {
	h := w.hall(&t.ear)
	q := w.visit(h, t)
	found := map[int32]*[4][]share{}
	if len(h.specials) > 0 {
		w.about(h, t, func(n int32) { w.special(h, &h.specials[n], t, found, -1) })
	}
	w.settle(b, q, found)
	units := make([]int32, 0, len(found))
	for u := range found {
		units = append(units, u)
	}
	slices.Sort(units)
	at := map[overrideKey]int{}
	for _, n := range units {
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
		if !w.mayEnter(q, &p.says) {
			continue
		}
		who := q.h.plainMember(p, q.t, found)
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
func (h *hall) plainMember(p *party, t *surveyTarget, found map[int32]*[4][]share) *inventory.Principal {
	for _, n := range p.members {
		place := n - h.x.first
		if found[h.unitOf[place]] != nil {
			continue
		}
		who := h.x.principals[place]
		if who != t.role && (len(t.named) == 0 || len(t.namedBy(who)) == 0) {
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
	if !w.mayEnter(q, &says) && !w.mayEnter(q, &u.says) {
		return
	}
	for _, m := range u.members {
		p := b.split.parties[b.split.of[m-b.x.first]]
		who := b.x.principals[m-b.x.first]
		if who == q.t.role || len(q.t.named) > 0 && len(q.t.namedBy(who)) > 0 {
			continue // see enter and named
		}
		l := w.label(q, who, p, &says, nil)
		if i := b.split.of[m-b.x.first]; l == b.labels[i] && !slices.Contains(b.open, i) {
			continue
		}
		out.except = append(out.except, m)
		if l == nil {
			continue
		}
		key := overrideKey{l, p.facts}
		i, ok := at[key]
		if !ok {
			i = len(out.own)
			at[key] = i
			out.own = append(out.own, entry{&mates{members: []uint32{m}, rep: who}, l})
			continue
		}
		out.own[i].members = append(out.own[i].members, m)
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

// about looks at the specials that may be about a target, what lies behind it and
// its key, each once.
func (w *walker) about(h *hall, t *surveyTarget, look func(int32)) {
	clear(w.marks)
	once := func(n int32) {
		if !w.marks[n] {
			w.marks[n] = true
			look(n)
		}
	}
	h.about(t.text, once)
	if t.behind != nil {
		h.about(t.behind.text, once)
	}
	if t.key != nil {
		h.about(t.key.text, once)
	}
}

// special adds what a statement says of a target to what is said to each who
// carries it, or to one unit alone.
func (w *walker) special(h *hall, sp *special, t *surveyTarget, found map[int32]*[4][]share, only int32) {
	if only >= 0 && !slices.ContainsFunc(sp.holders, func(who holder) bool { return who.unit == only }) {
		return
	}
	var calls, asks []share
	tells := sp.tells()
	if !tells {
		if calls, asks = w.sharesAt(nil, nil, &h.ear, t, sp.heardStatement, nil, h.x.account.ID); len(calls) == 0 && len(asks) == 0 {
			return
		}
	}
	for _, who := range sp.holders {
		if only >= 0 && who.unit != only {
			continue
		}
		if tells {
			say, applies := h.units[who.unit].told[sp.st]
			if !applies {
				continue
			}
			if calls, asks = w.sharesAt(nil, nil, &h.ear, t, sp.heardStatement, say, h.x.account.ID); len(calls) == 0 && len(asks) == 0 {
				continue
			}
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

// named finds what users and roles may do whom the target's documents name
// themselves.
func (w *walker) named(out *reached, t *surveyTarget) {
	if len(t.named) == 0 {
		return
	}
	seen := map[*inventory.Principal]bool{}
	var list []*inventory.Principal
	for text := range t.named {
		for _, p := range w.principalsNamed(text) {
			if !seen[p] && p.Account == w.x.account {
				seen[p] = true
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, func(a, b *inventory.Principal) int { return int(w.x.numbers[a]) - int(w.x.numbers[b]) })
	for _, p := range list {
		by := t.namedBy(p)
		if len(by) == 0 || p == t.role {
			continue
		}
		w.one(out, t, p, by)
	}
}

// one finds what one principal may do that the target names.
func (w *walker) one(out *reached, t *surveyTarget, p *inventory.Principal, by []byte) {
	h := w.hall(&t.ear)
	n := h.x.numbers[p]
	place := n - h.x.first
	found := map[int32]*[4][]share{}
	unit := h.unitOf[place]
	w.about(h, t, func(n int32) { w.special(h, &h.specials[n], t, found, unit) })
	says := h.units[unit].says
	if more := found[unit]; more != nil {
		says = w.together(&h.units[unit], more)
	}
	sp := w.split(h, t)
	party := sp.parties[sp.of[place]]
	m := &mates{members: []uint32{n}, rep: p}
	l := w.label(w.visit(h, t), p, party, &says, by)
	if i := slices.IndexFunc(out.own, func(e entry) bool { return slices.Contains(e.members, n) }); i >= 0 {
		out.own[i].members = slices.DeleteFunc(out.own[i].members, func(m uint32) bool { return m == n })
		if len(out.own[i].members) == 0 {
			out.own = slices.Delete(out.own, i, i+1)
		}
	} else {
		out.except = append(out.except, n)
	}
	if l != nil {
		out.own = append(out.own, entry{m, l})
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
