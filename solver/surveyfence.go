package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// A fence is what the organization's service control policies above an account,
// and the policies of endpoints, say to an ear.
type fence struct {
	texts    [][]byte          // in turn with specials, one more
	specials []*heardStatement // that don't say the same of all targets
	number   uint32            // when there are none
	tests    []*policy.Condition
	patterns []*policy.ResourcePattern

	session, foreign, itself, digits, apart, route bool
}

// fenceOf reads the fence of the account as an ear hears it.
func (w *walker) fenceOf(e *ear) (f fence) {
	p := standpoint{own: w.x.account.ID}
	b := []byte{'f'}
	read := func(doc *policy.Document) {
		if len(doc.Faults) > 0 && doc.Damaged() {
			f.apart = true
			b = appendPointer(append(b, 'd'), doc)
		}
		for _, st := range doc.Statements {
			sp := w.hear(e, doc, st)
			if sp == nil {
				continue
			}
			b = w.appendSpoken(append(b, 1), &p, e, sp)
			f.session, f.route, f.digits = f.session || sp.terms.session, f.route || sp.terms.route, f.digits || sp.digits
			f.tests, f.patterns = append(f.tests, sp.terms.all...), append(f.patterns, sp.patterns...)
			if e.tellsTargets(sp) {
				f.specials, f.texts = append(f.specials, sp), append(f.texts, slices.Clone(b))
				b = b[:0]
			}
		}
	}
	a := w.x.account
	if w.sv.s.limited(a) {
		for _, l := range w.sv.s.position(a).scps {
			b = append(b, 0xfe)
			for i := range l.Policies {
				read(l.Policies[i].Doc)
			}
		}
	}
	for i := range w.sv.s.endpoints { // which conditions may ask for (E135)
		b = append(b, 0xfd)
		for _, src := range w.sv.s.endpoints[i].Policies {
			read(src.Doc)
		}
	}
	f.texts = append(f.texts, b)
	f.foreign, f.itself = p.foreign, p.itself
	if len(f.specials) == 0 {
		f.number = w.sv.fences.number(b)
	}
	return f
}

// appendSpoken writes a statement without its resources and principals, as an ear
// hears it.
func (w *walker) appendSpoken(b []byte, p *standpoint, e *ear, sp *heardStatement) []byte {
	b = appendBit(b, sp.st.Effect == policy.Allow)
	if e.whole {
		return sp.appendWhole(b)
	}
	b = append(append(append(append(b, 2), sp.calls.Key()...), 2), sp.asks.Key()...)
	return append(w.appendConditions(b, p, sp.doc, sp.st), 4)
}

// fenceAt returns the number of what the fence says of a target, and whether that holds
// numbers of accounts: see appendCover.
func (w *walker) fenceAt(f *fence, t *surveyTarget) (fence uint32, numbers bool) {
	if len(f.specials) == 0 {
		return f.number, false
	}
	b := make([]byte, 0, 512)
	for i, sp := range f.specials {
		b = append(b, f.texts[i]...)
		var here, there bool
		b, here = t.appendCover(append(b, 8), sp.st)
		if t.key != nil && !sp.asks.Empty() {
			b, there = t.key.appendCover(append(b, 'k'), sp.st)
		}
		numbers = numbers || here || there
	}
	return w.sv.fences.number(append(b, f.texts[len(f.specials)]...)), numbers
}

// appendCover writes how a statement covers a target and what lies inside of it,
// and what it reads of it. numbers says that this holds numbers of accounts: they are
// written as they are, and policies of callers relative to their account.
func (t *surveyTarget) appendCover(b []byte, st *policy.Statement) (out []byte, numbers bool) {
	from := len(b)
	for j := range t.asks {
		var c coverage
		at := len(b)
		b, c = t.coverRow(append(b, 0), st, j)
		b[at] = byte('0' + c)
	}
	b = t.appendRead(b, st, readsTags(st))
	return append(b, 9), holdsNumber(b[from:])
}

// gather puts units together into parties.
func (h *hall) gather() {
	at := map[partyKey]*party{}
	for i := range h.units {
		u := &h.units[i]
		key := keyOf(&u.says, u.plain, u.standing, 0)
		p := at[key]
		if p == nil {
			p = &party{says: u.says, plain: u.plain, standing: u.standing}
			at[key] = p
			h.parties = append(h.parties, p)
		}
		p.members = append(p.members, u.members...)
	}
	for _, p := range h.parties {
		slices.Sort(p.members)
	}
}

// A partyKey identifies a party within an account.
type partyKey struct{ calls, asks, within, asksWithin, plain, standing, facts uint32 }

func keyOf(s *voicing, plain, standing, facts uint32) partyKey {
	k := partyKey{calls: s.calls.id, asks: s.asks.id, plain: plain, standing: standing, facts: facts}
	if s.within != nil {
		k.within, k.asksWithin = s.within.id+1, s.asksWithin.id+1
	}
	return k
}

// A split is the parties of a hall, told apart by some tests as well.
type split struct {
	parties []*party
	of      []int32 // by place in the account
}

// split tells the parties apart by what tests of the organization's policies and of
// a target come to.
func (w *walker) split(h *hall, t *surveyTarget) *split {
	all := bothTell(&tells{tests: h.fence.tests, patterns: h.fence.patterns}, &t.tells)
	id := all.id()
	if s := h.splits[id]; s != nil {
		return s
	}
	apart, wide := tells{patterns: all.patterns}, tells{}
	for _, c := range all.tests {
		if accountWide(c) {
			wide.tests = append(wide.tests, c)
		} else {
			apart.tests = append(apart.tests, c)
		}
	}
	s := w.splitBy(h, &apart)
	if !wide.none() {
		s = w.mark(s, &wide)
	}
	h.splits[id] = s
	return s
}

// splitBy tells the parties apart by tests that may come to something else for each of
// their members.
func (w *walker) splitBy(h *hall, apart *tells) *split {
	id := apart.id()
	if s := h.splits[id]; s != nil {
		return s
	}
	s := &split{of: make([]int32, len(w.x.principals))}
	if apart.none() {
		s.parties = h.parties
		for i, p := range h.parties {
			for _, n := range p.members {
				s.of[n-w.x.first] = int32(i) //nolint:gosec // memory ends long before 2³¹
			}
		}
	} else {
		w.part(h, s, apart)
	}
	h.splits[id] = s
	return s
}

// mark notes what tests come to for parties, which is the same for all members of one.
// Time O(parties): nearly all policies that are open to an organization ask for it, each
// with a test of its own.
func (w *walker) mark(s *split, wide *tells) *split {
	out := &split{of: s.of, parties: make([]*party, len(s.parties))}
	known := map[uint32]uint32{} // by standing
	var b []byte
	for i, p := range s.parties {
		facts, ok := known[p.standing]
		if !ok {
			b = append(b[:0], 't')
			for _, c := range wide.tests {
				b = appendNumber(b, w.outcome(c, p.members[0]-w.x.first))
			}
			facts = w.sv.facts.number(b)
			known[p.standing] = facts
		}
		b = appendNumber(appendNumber(append(b[:0], 'w'), p.facts), facts)
		out.parties[i] = &party{says: p.says, plain: p.plain, standing: p.standing, facts: w.sv.facts.number(b), mates: p.mates}
	}
	return out
}

// part tells the members of the parties apart.
func (w *walker) part(h *hall, s *split, all *tells) {
	lists := make([][]uint32, len(all.tests))
	for i, c := range all.tests {
		lists[i] = w.tested(c)
	}
	numbers := map[string]uint32{}
	var b []byte
	for _, p := range h.parties {
		var parts []*party
		var last, at uint32 // the facts of the member before, and its place in s.parties
		for _, n := range p.members {
			place := n - w.x.first
			b = w.facts(b[:0], place, all, lists)
			facts, ok := numbers[string(b)]
			if !ok {
				facts = w.sv.facts.number(b)
				numbers[string(b)] = facts
			}
			if parts == nil || facts != last {
				i := slices.IndexFunc(parts, func(q *party) bool { return q.facts == facts })
				if i < 0 {
					i = len(parts)
					parts = append(parts, &party{
						says: p.says, plain: p.plain, standing: p.standing, facts: facts,
					})
				}
				last, at = facts, uint32(i) //nolint:gosec // memory ends long before 2³²
			}
			parts[at].members = append(parts[at].members, n)
			s.of[place] = int32(uint32(len(s.parties)) + at) //nolint:gosec // as above
		}
		if len(parts) == 1 {
			parts[0].members = p.members
		}
		s.parties = append(s.parties, parts...)
	}
}

// facts writes what tests come to for one principal of the account. lists remember it
// by test and place.
func (w *walker) facts(b []byte, place uint32, all *tells, lists [][]uint32) []byte {
	b = append(b, 't')
	for i, c := range all.tests {
		if lists[i][place] == 0 {
			lists[i][place] = w.outcome(c, place)
		}
		b = appendNumber(b, lists[i][place])
	}
	if len(all.patterns) > 0 {
		whole := subject{}
		b = whole.appendTells(b, &tells{patterns: all.patterns}, w.evalOf(place))
	}
	return b
}

// outcome numbers what a test comes to for one principal of the account.
func (w *walker) outcome(c *policy.Condition, place uint32) uint32 {
	test, _ := appendTest(nil, c, w.evalOf(place))
	return w.sv.outcomes.number(test)
}

// tested holds what a test comes to for the principals of the account, by place; 0
// where nobody asked yet.
func (w *walker) tested(c *policy.Condition) []uint32 {
	list := w.outcomes[c]
	if list == nil {
		list = make([]uint32, len(w.x.principals))
		w.outcomes[c] = list
	}
	return list
}

// accountKeys are keys whose values are the same for all users, and for all roles,
// of one account.
var accountKeys = set("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "kms:calleraccount",
	"aws:principaltype", "aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist")

// accountWide reports whether a test comes to the same for all members of a party.
func accountWide(c *policy.Condition) bool {
	return !slices.ContainsFunc(append(c.Variables(), c.LowerKey()), func(k string) bool {
		k = strings.ToLower(k)
		return tellsApart(k) && !accountKeys[k]
	})
}
