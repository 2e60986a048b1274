package atoms

// A Quest is what [Find] looks for.
type Quest struct {
	// Hopeless reports whether no text will do that all of sure cover, and none
	// but some of maybe, which holds sure. The sets are only lent.
	Hopeless func(sure, maybe Bits) bool
	// Wanted reports whether a text will do that exactly these patterns cover.
	Wanted func(in Bits) bool
	// Work bounds the search. It counts the places of patterns that are looked
	// at, and is lessened by what was used up.
	Work *int
}

// Find looks for a text within that will do: for a shortest one, as far as the
// patterns tell texts apart. whole is false when the work ran out before all
// was seen; no text was found then.
//
// It is the search of [Cut], but it does not go on behind a text of which
// nothing is hoped any more. Patterns that end with a run are sure from its
// beginning on, and others soon can't be met any more, so that where [Cut] would
// tell many atoms apart, what matters is often seen after a few characters.
func Find(within Pattern, patterns []Pattern, q Quest) (text string, found, whole bool) {
	m, start := newMachine(within, patterns)
	if len(start) == 0 || start[0] >= m.within {
		return "", false, true
	}
	s := newSearch(m, len(patterns))
	defer s.done()
	sure, maybe := NewBits(len(patterns)), NewBits(len(patterns))
	ends := m.endings()
	if !s.begin(start, ends, q.Work) {
		return "", false, false
	}
	done := 0 // atoms that were looked at
	for at := int32(0); int(at) < len(s.nodes); at++ {
		for ; done < len(s.atoms); done++ {
			if q.Wanted(s.atoms[done].In) {
				return s.atoms[done].Witness, true, true
			}
		}
		n := s.nodes[at]
		m.outlook(s.places[n.from:n.to], sure, maybe)
		if q.Hopeless(sure, maybe) {
			continue
		}
		for _, c := range m.candidates(s.places[n.from:n.to]) {
			if *q.Work -= n.to - n.from; *q.Work < 0 {
				return "", false, false
			}
			s.next = m.step(s.next[:0], s.places[n.from:n.to], c)
			if len(s.next) > 0 && s.next[0] < m.within {
				s.visit(m.settle(s.next, ends), at, c)
			}
		}
	}
	for ; done < len(s.atoms); done++ {
		if q.Wanted(s.atoms[done].In) {
			return s.atoms[done].Witness, true, true
		}
	}
	return "", false, true
}

// endings returns for each owner the first place where a run ends one of its
// lists, or -1: in such a place it covers every text that goes on.
func (m *machine) endings() []int32 {
	out := make([]int32, m.owners)
	for i := range out {
		out[i] = -1
	}
	for k := range m.els {
		if e := &m.els[k]; m.ending(e, k) && out[e.owner] < 0 {
			out[e.owner] = int32(k) //nolint:gosec // a place
		}
	}
	for _, o := range m.noStar { // whether they cover the text "*" is in their other places
		out[o] = -1
	}
	out[0] = -1
	return out
}

func (m *machine) ending(e *element, k int) bool {
	return e.kind == run && !e.bound && m.els[k+1].kind == end
}

// settle makes one state of all in which the same owners are sure and the others
// stand at the same places.
func (m *machine) settle(state, ends []int32) []int32 {
	out := state[:0]
	for i := 0; i < len(state); {
		owner, from, sure := m.els[state[i]].owner, i, false
		for ; i < len(state) && m.els[state[i]].owner == owner; i++ {
			sure = sure || ends[owner] >= 0 && m.ending(&m.els[state[i]], int(state[i]))
		}
		if sure {
			out = append(out, ends[owner], ends[owner]+1)
			continue
		}
		out = append(out, state[from:i]...)
	}
	return out
}

// outlook sets sure to the patterns that cover every text within that goes on
// from a state, and maybe to those that cover some as far as can be seen.
func (m *machine) outlook(state []int32, sure, maybe Bits) {
	clear(sure)
	clear(maybe)
	star := false
	for _, k := range state {
		e := &m.els[k]
		switch {
		case e.owner == 0:
		case m.guard != 0 && e.owner == m.guard:
			star = true
		default:
			maybe.Add(int(e.owner - 1))
			if m.ending(e, int(k)) {
				sure.Add(int(e.owner - 1))
			}
		}
	}
	if star { // the text may still become "*"
		for _, o := range m.noStar {
			if o != 0 {
				sure[(o-1)/64] &^= 1 << ((o - 1) % 64)
			}
		}
	}
}
