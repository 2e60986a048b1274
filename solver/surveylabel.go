package solver

import (
	"sync"

	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/inventory"
)

// A label is what callers of a class may do with targets of a class: its calls, by
// the terms on which they are allowed.
type label struct {
	once  sync.Once
	calls []allowed
	lost  map[string]bool // why some calls are left out; nil for none
}

// allowed is calls that are allowed on the same terms.
type allowed struct {
	on   *allowance
	bits atoms.Bits
}

func (l *label) empty() bool { return len(l.calls) == 0 }

// certain reports whether something is allowed without an open condition.
func (l *label) certain() bool {
	for i := range l.calls {
		if a := l.calls[i].on; len(a.Condition) == 0 && len(a.Unsure) == 0 {
			return true
		}
	}
	return false
}

// A labelKey is what a label depends on: what bears on all calls, and the voices of
// policies and boundary.
type labelKey struct{ setting, calls, within uint32 }

// A settingKey is what bears on all calls of some callers on some targets.
type settingKey struct {
	shape, cells, fence, crossing           uint32 // of the target, the organization, and accounts
	flags, facts, named, asks, asksInBounds uint32 // of the callers
}

// A verdictKey is what bears on one call.
type verdictKey struct{ setting, set uint32 }

// A verdict says on which terms calls are allowed about which the same atoms speak
// in one setting. It is found out for the calls that are asked about.
type verdict struct {
	mu    sync.Mutex
	known atoms.Bits
	calls []allowed
	lost  []lost
}

// lost is calls of which something is left out.
type lost struct {
	why  string
	bits atoms.Bits
}

// labelBook holds all labels, and what they were made of.
type labelBook struct {
	mu         sync.RWMutex
	labels     map[labelKey]*label
	settings   map[settingKey]uint32
	verdicts   map[verdictKey]*verdict
	allowances map[string]*allowance
}

func newLabelBook() labelBook {
	return labelBook{
		labels: map[labelKey]*label{}, settings: map[settingKey]uint32{},
		verdicts: map[verdictKey]*verdict{}, allowances: map[string]*allowance{},
	}
}

// found looks a key up in one of the maps of a book, and makes what is missing.
func found[K comparable, V any](mu *sync.RWMutex, m map[K]V, key K, missing func() V) V {
	mu.RLock()
	v, ok := m[key]
	mu.RUnlock()
	if ok {
		return v
	}
	mu.Lock()
	defer mu.Unlock()
	if v, ok = m[key]; !ok {
		v = missing()
		m[key] = v
	}
	return v
}

// A visit is the callers of one account before one target.
type visit struct {
	h     *hall
	t     *surveyTarget
	home  bool // the target is of the same account
	fence uint32
	// numbers says that what the fence says of the target holds numbers of accounts.
	numbers bool
	shape   uint32
	split   *split // the callers, as far as anything tells them apart
	// crossing tells what differs for callers from elsewhere.
	crossing []byte
}

// visit prepares labels of the callers of the account on a target.
func (w *walker) visit(t *surveyTarget) *visit {
	h := w.hall(&t.ear)
	q := &visit{h: h, t: t, home: w.x.account.ID == t.account, shape: w.shapeOf(t), split: w.split(h, t)}
	q.fence, q.numbers = w.fenceAt(&h.fence, t)
	if q.home {
		return q
	}
	q.crossing = append(q.crossing, 'x')
	if t.loose {
		q.crossing = append(append(q.crossing, w.x.account.ID...), t.text...)
	}
	return q
}

// shapeOf returns the shape of a target for callers of the account: another one when
// it is another account, which the target's documents mention.
func (w *walker) shapeOf(t *surveyTarget) uint32 {
	from := w.x.account.ID
	if from == t.account || !t.mentioned[from] {
		return t.shape
	}
	n, ok := w.seen[t]
	if !ok {
		n = w.subjectOf(t.text, t.resource, t.role, from).shape
		w.seen[t] = n
	}
	return n
}

// mayEnter reports whether callers whom the target does not name may get in at all.
// Across accounts their own policies have to allow it (E92).
func (q *visit) mayEnter(says *voicing) bool {
	return says.calls.allows || says.calls.apart || q.home && q.t.open
}

// label returns the label of some callers; nil when nothing is allowed. who is one of them,
// by are the entries by which the target names them.
func (w *walker) label(q *visit, who *inventory.Principal, p *party, says *voicing, by []byte) *label {
	if len(by) == 0 && !q.mayEnter(says) {
		return nil
	}
	book := &w.sv.labels
	whole := says.calls.partial || says.calls.apart || q.h.fence.apart || q.h.fence.route || q.t.ear.whole || q.t.route
	session := q.t.role != nil || q.t.session || q.h.fence.session || says.calls.session || says.asks.session
	whole = whole || says.asks.partial && len(w.sv.s.endpoints) > 0 // its conditions may ask for an endpoint
	foreign := q.h.fence.foreign || says.calls.foreign || says.asks.foreign
	itself := q.t.from.itself || q.h.fence.itself || says.calls.itself || says.asks.itself
	digits := q.t.digits || q.numbers || q.h.fence.digits || says.calls.digits || says.asks.digits
	s := settingKey{shape: q.shape, cells: q.t.ear.cells.id, fence: q.fence, flags: p.plain, facts: p.facts}
	s.named, s.asks = w.sv.namings.number(by), says.asks.id
	key := labelKey{calls: says.calls.id}
	if in := says.within; in != nil {
		key.within, s.asksInBounds = in.id+1, says.asksWithin.id+1
		whole = whole || in.partial || in.apart
		session, foreign = session || in.session || says.asksWithin.session, foreign || in.foreign || says.asksWithin.foreign
		itself, digits = itself || in.itself || says.asksWithin.itself, digits || in.digits || says.asksWithin.digits
	}
	if session {
		s.flags = p.standing
	}
	crossing := q.crossing
	if foreign && !q.home {
		crossing = append(append(append([]byte{}, crossing...), 'f'), q.t.account...)
	}
	if itself && digits { // the numbers of accounts do count
		crossing = append(append(append(append([]byte{}, crossing...), 'd'), w.x.account.ID...), q.t.account...)
	}
	if says.calls.apart || q.h.fence.apart {
		crossing = append(append(append([]byte{}, crossing...), 'a'), q.t.text...)
	}
	s.crossing = w.sv.namings.number(crossing)
	key.setting = found(&book.mu, book.settings, s, func() uint32 { return uint32(len(book.settings) + 1) }) //nolint:gosec // memory ends long before 2³²
	l := found(&book.mu, book.labels, key, func() *label { return &label{} })
	l.once.Do(func() { w.solve(l, q, who, says, key, whole, len(by) > 0) })
	w.sv.s.losing(q.t.text, l.lost)
	if l.empty() {
		return nil
	}
	return l
}

// solve puts a label together from verdicts.
func (w *walker) solve(l *label, q *visit, who *inventory.Principal, says *voicing, key labelKey, whole, named bool) {
	c := q.t.ear.cells
	var parts []voicePart
	if whole {
		set := appendNumber(appendNumber([]byte{'w'}, key.calls), key.within)
		parts = []voicePart{{set: w.sv.voices.sets.number(set), bits: c.all, allows: true}}
	} else {
		parts = w.sv.voices.partsOf(c, says.calls, says.within)
	}
	book := &w.sv.labels
	for i := range parts {
		part := &parts[i]
		if !part.allows && !named && !(q.home && q.t.open) {
			continue
		}
		v := found(&book.mu, book.verdicts, verdictKey{key.setting, part.set}, func() *verdict { return &verdict{known: c.empty()} })
		calls, gone := w.verdict(v, q, who, part.bits)
		for _, a := range calls {
			l.add(a)
		}
		for _, x := range gone {
			if l.lost == nil {
				l.lost = map[string]bool{}
			}
			l.lost[x.why] = true
		}
	}
}

// add adds calls to a label.
func (l *label) add(a allowed) {
	for i := range l.calls {
		if l.calls[i].on == a.on {
			l.calls[i].bits.Or(a.bits)
			return
		}
	}
	l.calls = append(l.calls, a)
}

// verdict returns the terms of some calls, and those of which something is left out,
// asking the engine about those that nobody asked about yet.
func (w *walker) verdict(v *verdict, q *visit, who *inventory.Principal, about atoms.Bits) (out []allowed, gone []lost) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if missing := about.Minus(v.known); !missing.Empty() {
		calls, left := w.ask(q, who, missing)
		v.calls, v.lost = append(v.calls, calls...), append(v.lost, left...)
		v.known.Or(missing)
	}
	for _, x := range v.lost {
		if !x.bits.And(about).Empty() {
			gone = append(gone, x)
		}
	}
	for _, a := range v.calls {
		if here := a.bits.And(about); !here.Empty() {
			out = append(out, allowed{a.on, here})
		}
	}
	return out, gone
}

// ask asks the engine which calls a caller may make.
func (w *walker) ask(q *visit, who *inventory.Principal, about atoms.Bits) (out []allowed, gone []lost) {
	a := w.sv.s.actorOf(who)
	t := w.sv.s.targetOf(q.t.text)
	if q.t.role != nil {
		h := w.sv.s.edges.decide(&a, &entrance{role: q.t.role, target: t})
		if h == nil {
			return nil, nil
		}
		on := w.allowance(q, &a, &Grant{Condition: h.guard, Unsure: h.doubts})
		return []allowed{{on, about}}, nil
	}
	c := q.t.ear.cells
	for j := range c.asks {
		row := &c.asks[j]
		var actions []string
		places := map[string]int{}
		for i, name := range row.actions {
			if about.Has(row.first + i) {
				actions = append(actions, name)
				places[name] = row.first + i
			}
		}
		if len(actions) == 0 {
			continue
		}
		f := w.sv.s.finder()
		for _, g := range f.terms(&a, t, []ask{{q.t.asks[j].text, actions}}) {
			b := c.empty()
			for _, name := range g.Actions {
				b.Add(places[name])
			}
			out = append(out, allowed{w.allowance(q, &a, &g), b})
		}
		for why := range f.lost {
			b := c.empty()
			for _, at := range places {
				b.Add(at)
			}
			gone = append(gone, lost{why, b})
		}
	}
	return out, gone
}
