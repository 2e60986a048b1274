package solver

import (
	"iter"
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// Who may change somebody else's policies gets up by it in two ways that no one method
// says: it gives that one every right, and becomes it; or whoever becomes it is given every
// right by it, such as a user by a role whose sessions may put policies on users.

// isChange reports whether a method changes a principal, and neither makes nor becomes one
// (E233).
func isChange(m *escalation.Method) bool {
	switch m.Move {
	case escalation.Raise, escalation.Version, escalation.Join, escalation.Unbound, escalation.Undeny, escalation.Tag:
		return true
	}
	return false
}

// changes reports whether the policies of a state may allow a method that changes somebody.
func (d *judge) changes(st *state) bool {
	return slices.ContainsFunc(d.c.methods, func(m *escalation.Method) bool {
		return isChange(m) && (d.offersOn(st, m, inventory.User) || d.offersOn(st, m, inventory.Role))
	})
}

type liftKey struct {
	state int
	on    *inventory.Principal
}

// A lifting is changes, one after the other, by which somebody else becomes an
// administrator.
type lifting struct {
	legs []leg
	v    ruling // of all of them, and of what it is then
}

// fits reports whether there is a way that counts in a search.
func (l *lifting) fits(certain bool) bool { return l != nil && l.v.fits(certain) }

// A form is somebody as it is after changes.
type form struct {
	p     *inventory.Principal
	name  string
	legs  []leg
	v     ruling
	which []*escalation.Method
}

const (
	maxLifted  = 64 // of one principal, as another one changes it
	maxChanges = 3  // in a row
)

// lift decides whether a state may make somebody else an administrator, and how; nil
// where it may not. What takes one change is found first.
func (d *judge) lift(st *state, on *inventory.Principal) *lifting {
	if d.hopeless() {
		return nil
	}
	key := liftKey{st.id, on}
	if known, ok := d.lifts[key]; ok {
		d.left = d.left || known.left
		return known.best
	}
	var best *lifting
	before := d.left
	d.left = false
	var by []*escalation.Method
	for _, m := range d.c.methods {
		if isChange(m) && d.offersOn(st, m, on.Kind) {
			by = append(by, m)
		}
	}
	forms := []form{{p: on, v: always}}
	seen := map[string]bool{"": true}
	for i := 0; i < len(forms) && !best.fits(true); i++ {
		f := forms[i]
		if len(f.legs) == maxChanges || best != nil && len(best.legs) <= len(f.legs) {
			break
		}
		for _, m := range by {
			if again := m.Move == escalation.Raise || m.Move == escalation.Join; !again && slices.Contains(f.which, m) {
				continue // once is enough
			}
			d.changesOn(st, m, f.p, func(ch *change) {
				v := f.v.and(ch.v).given(ifOf(m)...)
				name := f.name + m.ID + " " + ch.what + ","
				if v.never() || seen[name] || best != nil && !v.better(&best.v) {
					return
				}
				seen[name] = true
				legs := append(slices.Clip(f.legs), leg{on, m.ID, ch.through, ch.calls, ch.v.given(ifOf(m)...)})
				if after := d.state(on, ch.p, nil); after != nil {
					end := d.arrives(after)
					end.because = nil // policies that are not there yet
					if w := v.and(end); !w.never() && (best == nil || w.better(&best.v)) {
						best = &lifting{legs, w}
						legs[len(legs)-1].ruling = legs[len(legs)-1].and(end)
						return
					}
				}
				if len(forms) >= maxLifted {
					d.left = true
				} else {
					forms = append(forms, form{ch.p, name, legs, v, append(slices.Clip(f.which), m)})
				}
			})
		}
	}
	left := d.left && !best.fits(true)
	d.lifts[key], d.left = lifted{best, left}, before || left
	return best
}

// A lifted is what lift found. left says that something that may be better was not tried.
type lifted struct {
	best *lifting
	left bool
}

// changed returns the steps of a lifting by a state.
func (d *judge) changed(st *state, l *lifting) (legs []leg) {
	for _, one := range l.legs {
		one.ruling = d.named(st, one.ruling)
		legs = append(legs, one)
	}
	return legs
}

// becomes returns the steps by which a state becomes another principal as it stands, nil
// for none. by are the methods that come into question.
func (pl *camp) becomes(st *state, to *inventory.Principal, by []*escalation.Method, certain bool) []leg {
	if to.Kind == inventory.Role && invites(to.Trust, st.origin, st.may(pl.c.calls, []string{"sts:AssumeRole"})) {
		if in := pl.entry(st, to, certain); in != nil {
			return in
		}
	}
	for _, m := range by {
		if v := pl.takes(st, m, to); v.fits(certain) {
			return []leg{{to: to, kind: m.ID, ruling: pl.named(st, v)}}
		}
	}
	return nil
}

// outfittings returns the way up by changing another principal so that it is an
// administrator, and becoming it. Most may become few, which is asked first.
func (pl *camp) outfittings(st *state, certain bool) *[]leg {
	if pl.hopeless() || !pl.changes(st) {
		return nil
	}
	by := pl.open(st, certain)
	for _, to := range pl.account.Principals() {
		if to == st.origin || pl.c.at[to] != nil || pl.guarded(to) {
			continue
		}
		last := pl.becomes(st, to, by, certain)
		if last == nil {
			continue
		}
		if l := pl.lift(st, to); l.fits(certain) {
			legs := append(append(slices.Clip(st.legs), pl.changed(st, l)...), last...)
			return &legs
		}
	}
	return nil
}

// lifted lists who becomes somebody that then gives it every right.
func (pl *camp) lifted(certain bool) (out []*summit) {
	if pl.hopeless() {
		return nil
	}
	in := &arrivals{pl: pl, certain: certain, known: map[*inventory.Principal][]arrival{}}
	for _, cl := range pl.climbers {
		st := cl.states[0]
		if pl.c.at[cl.p] != nil || !pl.changes(st) {
			continue
		}
		for from, way := range in.waysTo(cl.p) {
			if l := pl.lift(st, from); l.fits(certain) {
				out = append(out, &summit{p: from, legs: append(way, pl.changed(st, l)...)})
			}
		}
	}
	return out
}

// maxComers bounds those who are followed back from one principal.
const maxComers = 4096

// arrivals finds who becomes somebody of an account as both stand.
type arrivals struct {
	pl      *camp
	certain bool
	known   map[*inventory.Principal][]arrival
	takers  []taker // nil before it was asked
}

// An arrival is somebody with the step by which it becomes another one.
type arrival struct {
	from *inventory.Principal
	leg
}

// A taker is a climber with the methods by which it may become somebody at all.
type taker struct {
	*climber
	by []*escalation.Method
}

// waysTo yields who gets to somebody by any number of steps, the nearest first, with the
// steps.
func (in *arrivals) waysTo(p *inventory.Principal) iter.Seq2[*inventory.Principal, []leg] {
	return func(yield func(*inventory.Principal, []leg) bool) {
		type place struct {
			p   *inventory.Principal
			way []leg
		}
		seen := map[*inventory.Principal]bool{p: true}
		for queue := []place{{p, nil}}; len(queue) > 0 && len(seen) < maxComers; queue = queue[1:] {
			for _, a := range in.at(queue[0].p) {
				if seen[a.from] {
					continue
				}
				seen[a.from] = true
				way := append([]leg{a.leg}, queue[0].way...)
				if !yield(a.from, way) {
					return
				}
				queue = append(queue, place{a.from, way})
			}
		}
	}
}

// at lists who becomes somebody, each by one step.
func (in *arrivals) at(p *inventory.Principal) []arrival {
	list, known := in.known[p]
	if known {
		return list
	}
	pl := in.pl
	wanted := func(from *inventory.Principal) bool {
		return from != p && from.Account == pl.account && pl.c.at[from] == nil && !pl.guarded(from)
	}
	if p.Kind == inventory.Role {
		for from, hop := range pl.c.assumers(p, wanted) {
			if hop.fits(in.certain) {
				list = append(list, arrival{from, hop})
			}
		}
	}
	for _, t := range in.all() {
		if !wanted(t.p) {
			continue
		}
		st := t.states[0]
		for _, m := range t.by {
			if v := pl.takes(st, m, p); v.fits(in.certain) {
				list = append(list, arrival{t.p, leg{to: p, kind: m.ID, ruling: pl.named(st, v)}})
				break
			}
		}
	}
	in.known[p] = list
	return list
}

func (in *arrivals) all() []taker {
	if in.takers != nil {
		return in.takers
	}
	in.takers = []taker{}
	for _, cl := range in.pl.climbers {
		if by := in.pl.open(cl.states[0], in.certain); len(by) > 0 {
			in.takers = append(in.takers, taker{cl, by})
		}
	}
	return in.takers
}

// open lists the methods by which a state may become somebody, whoever that is.
func (pl *camp) open(st *state, certain bool) []*escalation.Method {
	return slices.DeleteFunc(pl.methodsOf(st), func(m *escalation.Method) bool {
		if len(pl.targets(m).list) == 0 || pl.bars(st, m) {
			return true
		}
		v := pl.things(st, m)
		return !v.fits(certain)
	})
}
