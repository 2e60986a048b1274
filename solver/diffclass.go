package solver

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// A text is not compared for each person. People of one class are compared once,
// and the others of the class get the entries of the first with their own names.
// In one class are those
//
//   - whose own requests on the text come out alike on each side (see audience),
//     or who may do nothing with it themselves;
//   - who get to the same roles of those that may do something with it, by hops
//     under the same conditions;
//   - of whom the snapshots say the same facts differently, and leave the same
//     unknown.
//
// Whoever is no user or role of a snapshot is in no class.

// likeness returns what the requests of a caller on the text come to on one side:
// equal keys are equal but for names. It is "" for who is like nobody else.
func (x *diffText) likeness(side int, a *actor) string {
	if !a.plain() {
		return ""
	}
	own, ok := x.audienceOf(side).likeness(a.principal)
	if !ok {
		return ""
	}
	b := append(make([]byte, 0, len(own)+64), own...)
	if slices.ContainsFunc(a.principal.Account.SCPs, func(p *inventory.Policy) bool { return p.ARN == "" }) {
		b = append(append(b, 0xfd), a.principal.Account.ID...) // answers name them by it
	}
	if p := a.principal.Boundary; p != nil {
		b = append(append(append(b, 'b'), p.Label(a.caller.ARN)...), 0)
		b = appendPointer(b, p.Doc)
	}
	return string(appendBit(appendBit(b, a.caller.FromToken), a.caller.Web))
}

// audienceOf returns the audience of all that is asked about the text on a side.
func (x *diffText) audienceOf(side int) *audience[struct{}] {
	if x.audiences[side] == nil {
		s, t := x.d.sides[side].s, x.targets[side]
		if t == nil {
			t = s.targetOf(x.text)
		}
		q := newAudience[struct{}](s, t, x.asks, nil, nil)
		if x.text == "*" && !x.d.sides[side].readsOwner() {
			q.anyone = false // what has no policies lies in everybody's own account
		}
		x.audiences[side] = q
	}
	return x.audiences[side]
}

// likeness returns what is equal for callers of one class; ok is false for a
// caller that is asked about by itself.
func (q *audience[R]) likeness(p *inventory.Principal) (key string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	v := q.view(q.s.crowdOf(p))
	if v.apart {
		return "", false
	}
	byName := isNamed(q.named, p)
	if key = v.prefix; byName || !v.tells.none() {
		key += q.facts(v, p, byName)
	}
	return key, true
}

// renamingOf turns references to the statements of one member of a class into
// those of another.
func (q *audience[R]) renamingOf(from, to *inventory.Principal) renaming {
	q.mu.Lock()
	defer q.mu.Unlock()
	rn := renaming{from: from, to: to}
	rn.pair(q.viewOf(from).spoken, q.viewOf(to).spoken)
	return rn
}

// A lane is how one person gets to the text on one side.
type lane struct {
	own  bool // by itself
	ways []*way
	cut  bool
	// doubts are about hops to those who may do anything of what could be asked:
	// nobody knows then what is new by any way.
	doubts []string
}

// laneOf finds the ways of somebody on a side whose ends may do anything, there or
// in the other snapshot: what stops them is told then.
func (x *diffText) laneOf(side int, start *actor) (l lane) {
	if start == nil || x.text != "*" && x.targets[side] == nil {
		return l
	}
	l.own = x.counts(side, start)
	r := x.d.sides[side].through(side, start, x.isGuest(start), x.read[side])
	l.cut = r.cut
	for _, w := range r.ways {
		if len(w.doubts) > 0 && x.reaches(side, &w.end) && x.opens(w) {
			l.doubts = appendNew(l.doubts, w.doubts...)
		}
		if x.passes(w) {
			l.ways = append(l.ways, w)
		}
	}
	return l
}

// opens reports whether the last caller of a way may do anything of what could be
// asked, whatever differs.
func (x *diffText) opens(w *way) bool {
	for _, p := range x.whole {
		if e := x.solve(p, []standing{w.standing}).by[w.key]; e != nil && !e.lost() && !e.label.IsEmpty() {
			return true
		}
	}
	return false
}

// passes reports whether the last caller of a way comes into question.
func (x *diffText) passes(w *way) bool {
	known := &x.passing[w.side]
	if w.last >= len(*known) {
		*known = append(*known, make([]int8, w.last+1-len(*known))...)
	}
	if (*known)[w.last] == 0 {
		(*known)[w.last] = -1
		if x.counts(w.side, &w.end) {
			(*known)[w.last] = 1
		}
	}
	return (*known)[w.last] > 0
}

// counts reports whether a caller comes into question on a side, and may do
// anything there or in the other snapshot.
func (x *diffText) counts(side int, a *actor) bool {
	if !x.reaches(side, a) {
		return false
	}
	if x.may(side, a) {
		return true
	}
	there := x.d.sides[1-side].same(a, x.targets[1-side])
	if there == nil || !x.reaches(1-side, there) {
		return false
	}
	there.caller.FromToken, there.caller.Web = a.caller.FromToken, a.caller.Web
	return x.may(1-side, there)
}

// classOf returns a key that is equal for people of one class, "" for somebody
// who is in none.
func (x *diffText) classOf(who *person, listed bool, lanes *[2]lane) string {
	name := who.arn()
	if name == x.text {
		return "" // what differs of it differs of both ends
	}
	b := appendBit(make([]byte, 0, 256), listed)
	for i, a := range who {
		switch {
		case a == nil:
			b = append(b, 'x')
			continue
		case !a.plain() || x.d.sides[i].s.cfg.Singly:
			return ""
		case lanes[i].own:
			own := x.likeness(i, a)
			if own == "" {
				return ""
			}
			b = append(append(append(b, 'y'), own...), 0xff)
		default:
			b = append(b, 'n')
		}
		b = appendBit(b, lanes[i].cut)
		b = append(append(b, strings.Join(lanes[i].doubts, "\x02")...), 0)
		for _, w := range lanes[i].ways {
			b = binary.LittleEndian.AppendUint32(b, w.id)
		}
		b = append(append(b, 0xff), x.d.sides[i].gapAbout(name, a.caller.Account)...)
	}
	if who[0] != nil && who[1] != nil {
		b = append(append(b, 0), strings.Join(x.d.differing(who[0], who[1]), "\x01")...)
	}
	return string(b)
}

// between compares the access of everybody in question.
func (x *diffText) between(starts, ends map[string]*person) {
	classes := map[string]*betweening{}
	for _, name := range slices.Sorted(maps.Keys(starts)) {
		who, listed := starts[name], ends[name] != nil
		var lanes [2]lane
		for i, a := range who {
			lanes[i] = x.laneOf(i, a)
		}
		key := x.classOf(who, listed, &lanes)
		b := classes[key]
		if b != nil && key != "" {
			x.tellLike(b, who, &lanes)
			continue
		}
		b = x.comparing(who, listed, &lanes)
		b.compare()
		x.tell(b)
		classes[key] = b
	}
}

// tell notes what came of a comparison.
func (x *diffText) tell(b *betweening) {
	switch {
	case len(b.doubts) == 0:
		for i := range b.found {
			b.at[i] = len(x.found[i])
			x.found[i] = append(x.found[i], b.found[i]...)
		}
	case b.differ:
		for _, why := range b.doubts {
			x.gaps.add(x.text, why, b.name)
		}
	case x.listed:
		for _, why := range b.doubts {
			x.gaps.add(x.text, why, "")
		}
	}
}

// tellLike notes what came of a comparison for another one of the class.
func (x *diffText) tellLike(b *betweening, who *person, lanes *[2]lane) {
	name := who.arn()
	if len(b.doubts) > 0 {
		if b.differ {
			x.tell(&betweening{name: name, doubts: b.doubts, differ: true})
		}
		return
	}
	var own [2]*renaming
	for side := range b.found {
		for i := range b.found[side] {
			a := &x.found[side][b.at[side]+i]
			now, same := x.renamed(b, side, i, who, lanes, &own)
			if same {
				a.Principals = append(a.Principals, name)
				continue
			}
			x.found[side] = append(x.found[side], now)
		}
	}
}

// renamed returns an entry as another one of the class has it; same says that
// they differ in nothing but who it is.
func (x *diffText) renamed(b *betweening, side, i int, who *person, lanes *[2]lane, own *[2]*renaming) (out DiffAccess, same bool) {
	a, name := &b.found[side][i], who.arn()
	same = true
	out = *a
	out.Principal, out.Principals, out.Path = name, []string{name}, slices.Clone(a.Path)
	out.Path[0].Principal = name
	if n := b.by[side][i]; n >= 0 {
		was, now := b.lanes[side].ways[n].p.hops[0].because, lanes[side].ways[n].p.hops[0].because
		same = slices.Equal(was, now)
		out.Path[1].Because = now
	} else {
		for i, has := range who {
			if own[i] == nil {
				own[i] = &renaming{}
				if lanes[i].own {
					*own[i] = x.audienceOf(i).renamingOf(b.who[i].principal, has.principal)
				}
			}
			same = same && len(own[i].statements) == 0
		}
		out.Grants = renamedGrants(a.Grants, own[side], own[1-side])
	}
	if same {
		return out, true
	}
	out.Changed = slices.Clone(a.Changed)
	for i := range out.Changed {
		if out.Changed[i].Of == b.name {
			out.Changed[i].Of = name
		}
	}
	return out, false
}

// renamedGrants returns grants because of other statements, and stopped by others.
func renamedGrants(list []Grant, because, stopped *renaming) []Grant {
	if len(because.statements)+len(stopped.statements) == 0 {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].Because, out[i].Stopped = because.refs(out[i].Because), stopped.refs(out[i].Stopped)
	}
	slices.SortFunc(out, compareGrants)
	return out
}
