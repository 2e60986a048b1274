package solver

import (
	"fmt"
	"slices"
)

// A way is a path with its last caller.
type way struct {
	standing
	p    path
	end  actor
	last int // equal for ways of a side whose ends are alike in all
	// id is equal for ways of a side that differ in nothing but their starts, and
	// the statements by which these make the first hop.
	id     uint32
	doubts []string // about its hops
	told   bool     // it is told under the name of its start; see tells and guests
}

// A betweening compares what one person may do with one text, by all ways.
type betweening struct {
	x      *diffText
	who    *person
	name   string
	listed bool // its own access counts, and not only that through roles
	lanes  *[2]lane
	ways   [2][]*way
	doubts []string
	found  [2][]DiffAccess // what is there only in the old, only in the new snapshot
	by     [2][]int        // for each of found its way among those of the lane, -1 for the person itself
	at     [2]int          // where found begins in that of the text
	some   [2]bool         // there is any access
	hidden bool            // something was not written, as a doubt leaves it open
	differ bool            // there is a difference, as it seems
}

// comparing prepares to compare the access of one person. listed says that its
// own access counts: of strangers who become roles the entry of all strangers
// tells.
func (x *diffText) comparing(who *person, listed bool, lanes *[2]lane) *betweening {
	b := &betweening{x: x, who: who, name: who.arn(), listed: listed, lanes: lanes}
	for i, a := range who {
		if lanes[i].own {
			own := &way{standing: standingOf(i, a), p: path{start: *a}, end: *a, told: listed}
			b.ways[i] = append(b.ways[i], own)
		}
		b.ways[i] = append(b.ways[i], lanes[i].ways...)
		b.doubt(lanes[i].doubts...)
		if lanes[i].cut {
			b.doubt("there are more paths than are compared; narrow the question with --max-hops")
		}
	}
	return b
}

// compare finds what differs.
func (b *betweening) compare() {
	for i := range b.x.asks {
		b.ask(i)
	}
	b.differ = b.hidden || len(b.found[0])+len(b.found[1]) > 0
	b.doubtPresence(b.differ)
}

// may reports whether a caller may do anything by itself, or nobody knows. Most
// callers on a way may nothing, and the others are compared in one space.
func (x *diffText) may(side int, a *actor) bool {
	key := x.likeness(side, a)
	if key != "" {
		key = appendSide(side, key)
	} else {
		key = standingOf(side, a).key
	}
	if yes, ok := x.able[key]; ok {
		return yes
	}
	one := standingOf(side, a)
	yes := false
	for _, p := range x.portions {
		e := x.solve(p, []standing{one}).by[one.key]
		yes = yes || e != nil && (e.lost() || !e.label.IsEmpty() || !e.refused && len(e.doubts)+len(e.beside) > 0)
	}
	x.able[key] = yes
	return yes
}

func (b *betweening) doubt(why ...string) { b.doubts = appendNew(b.doubts, why...) }

// hide notes why nobody can tell whether something is a difference.
func (b *betweening) hide(why string) {
	b.hidden = true
	b.doubt(why)
}

// ask compares the ways for one ask.
func (b *betweening) ask(at int) {
	p := b.portion(at)
	if p == nil {
		return
	}
	var list []standing
	for _, side := range b.ways {
		for i := range side {
			list = append(list, side[i].standing)
		}
	}
	s := b.x.solve(p, list)
	for _, side := range b.ways {
		for i := range side {
			if !b.sound(s, side[i]) {
				return
			}
		}
	}
	for side := range b.ways {
		for i := range b.ways[side] {
			b.extra(s, at, side, b.ways[side][i])
		}
	}
}

// sound notes what is not known of a way. It is false when nothing can be
// compared.
func (b *betweening) sound(s *solution, w *way) bool {
	e := s.by[w.key]
	if e == nil {
		return true
	}
	if e.lost() {
		b.doubt(tooMany)
		return false
	}
	if !e.refused {
		b.doubt(e.doubts...)
		b.doubt(e.beside...)
	}
	if e.label.IsEmpty() {
		return true
	}
	b.some[w.side] = true
	return true
}

// doubtPresence notes what is not known of whether somebody, or something, is
// there.
func (b *betweening) doubtPresence(differ bool) {
	d, who, x := b.x.d, b.who, b.x
	for i, side := range d.sides {
		other := who[1-i]
		switch {
		case x.missing[i] != "" && b.some[1-i]:
			b.doubt(x.missing[i])
		case who[i] != nil && other != nil && who[i].caller.External && !other.caller.External && (b.some[i] || x.text == "*" && b.some[1-i]):
			b.doubt(fmt.Sprintf("account %s is not in the %s snapshot: what its own policies allow is unknown", who[i].caller.Account, side.word))
		}
		if !differ {
			continue
		}
		for _, a := range who {
			if a != nil && a.principal != nil {
				if why := side.gapAbout(b.name, a.caller.Account); why != "" {
					b.doubt(why)
				}
				break
			}
		}
		if other != nil && other.caller.NoProvider {
			b.doubt(side.unsureOfProvider(&other.caller)...)
		}
		if why := side.gapAbout(x.text, x.owner); why != "" && x.text != "*" {
			b.doubt(why)
		}
		b.doubtRoles(i)
	}
}

// doubtRoles notes the roles, on ways of the other snapshot that make a difference,
// of which this one does not know whether they are there or who enters them, while
// what it knows lets them in: the same ways may be in it.
func (b *betweening) doubtRoles(i int) {
	side, x := b.x.d.sides[i], b.x
	for _, n := range b.by[1-i] {
		if n < 0 {
			continue
		}
		hops := b.lanes[1-i].ways[n].p.hops
		for at := range hops {
			role := x.d.sides[1-i].s.actorOf(hops[at].to)
			if why := side.gapAbout(role.caller.ARN, role.caller.Account); why != "" {
				b.doubt(why)
				continue
			}
			there := side.same(&role, x.targets[i])
			if there != nil && there.caller.External && (x.text == "*" || x.letsIn(i, there)) {
				b.doubt(fmt.Sprintf("account %s is not in the %s snapshot: who becomes %s is unknown", role.caller.Account, side.word, role.caller.ARN))
			}
		}
	}
}

// letsIn reports whether a caller may do anything on a side of what could be asked,
// itself or through roles.
func (x *diffText) letsIn(side int, a *actor) bool {
	if x.targets[side] == nil {
		return false
	}
	return x.reaches(side, a) && x.may(side, a) ||
		slices.ContainsFunc(x.d.sides[side].through(side, a, x.isGuest(a), x.read[side]).ways, x.opens)
}

// extra notes what a way of one side has beyond all ways of the other one.
func (b *betweening) extra(s *solution, at, side int, w *way) {
	e := s.by[w.key]
	if e == nil || e.label.IsEmpty() || !w.told {
		return
	}
	mine := remainder{label: e.label}
	for i := range w.p.hops {
		mine.hops = append(mine.hops, w.p.hops[i].when)
	}
	list := []remainder{mine}
	var open []remainder // what others let through if their sessions carry the right thing
	for i := range b.ways[1-side] {
		o := b.ways[1-side][i]
		theirs := s.by[o.key]
		if theirs == nil || theirs.label.IsEmpty() {
			continue
		}
		hops, ok := alongside(&w.p, &o.p)
		if !ok {
			continue
		}
		label := theirs.label
		if o.end.caller.ARN != w.end.caller.ARN {
			x := s.extent(o.key)
			if label = x.sure; x.maybe != x.sure {
				open = append(open, remainder{hops, x.maybe})
			}
		}
		if list, ok = beyond(s.sp, list, hops, label); !ok {
			b.hide("the ways there depend on each other in too many ways to be told apart")
			return
		}
	}
	for _, r := range list {
		for _, o := range open {
			if r.meets(s.sp, o.hops, o.label) {
				b.hide("whether another way lets the same through depends on what the sessions on it carry")
				return
			}
		}
		if s.sp.Overgrown() {
			b.hide(tooMany)
			return
		}
		b.write(s, at, side, w, r)
	}
}
