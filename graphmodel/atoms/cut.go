package atoms

import (
	"cmp"
	"slices"
	"sync"
	"unicode/utf8"
)

// An Atom is a part of the space, not empty, on which all patterns agree.
type Atom struct {
	In      Bits   // the patterns that cover it, by index
	Witness string // one of its shortest texts
}

// defaultLimit is the number of states that Cut may make unless told: some
// ten megabytes for patterns that overlap little.
const defaultLimit = 100_000

// placesPerState bounds the places that are looked at, for each state that a
// search may make: states of many patterns cost more.
const placesPerState = 400

// Cut returns the atoms of patterns inside the texts that within covers, in
// the order of the witnesses by length in characters, then by text. It is not
// ok, and there is no list, when more than limit automaton states would be
// needed, or 400 times as many places looked at; limit 0 stands for 100,000.
//
// A breadth-first search over the sets of places that a text can have come to
// in all patterns at once: a state is entered first by a shortest text. Time
// and memory O(states × patterns); for patterns that share a beginning and
// then differ the states are about as many as the characters behind it. What is
// sure to cover all that goes on needs no places any more.
func Cut(within Pattern, patterns []Pattern, limit int) (list []Atom, ok bool) {
	if limit <= 0 {
		limit = defaultLimit
	}
	work := placesPerState * limit
	return CutFor(within, patterns, limit, &work)
}

// CutFor is [Cut] with a bound for the places that are looked at, which is
// lessened by those that were.
func CutFor(within Pattern, patterns []Pattern, limit int, work *int) (list []Atom, ok bool) {
	m, start := newMachine(within, patterns)
	if len(start) == 0 || start[0] >= m.within {
		return nil, true
	}
	s := newSearch(m, len(patterns))
	defer s.done()
	ends := m.endings()
	if !s.begin(start, ends, work) {
		return nil, false
	}
	for at := int32(0); int(at) < len(s.nodes); at++ {
		n := s.nodes[at]
		if len(s.nodes) > limit {
			return nil, false
		}
		for _, c := range m.candidates(s.places[n.from:n.to]) {
			if *work -= n.to - n.from; *work < 0 {
				return nil, false
			}
			s.next = m.step(s.next[:0], s.places[n.from:n.to], c)
			if len(s.next) > 0 && s.next[0] < m.within {
				s.visit(m.settle(s.next, ends), at, c)
			}
		}
	}
	if len(s.nodes) > limit {
		return nil, false
	}
	slices.SortFunc(s.atoms, func(a, b Atom) int {
		return cmp.Or(cmp.Compare(utf8.RuneCountInString(a.Witness), utf8.RuneCountInString(b.Witness)),
			cmp.Compare(a.Witness, b.Witness))
	})
	return s.atoms, true
}

// A node is a state and how it was entered first.
type node struct {
	from, to int   // its places
	parent   int32 // the node before, or -1
	char     rune  // what was read then
	twin     int32 // the next node of the same hash, or -1
}

// A search is the state of one Cut.
type search struct {
	*machine
	room
	prefix []rune // of all texts
	found  map[string]bool
	atoms  []Atom
	in     Bits
}

// A room is what a search writes to. The next one takes it over: most searches are short,
// and there are many.
type room struct {
	nodes      []node
	places     []int32 // of all nodes
	seen       map[uint64]int32
	next, then []int32
}

var rooms = sync.Pool{New: func() any { return &room{seen: map[uint64]int32{}} }}

// maxRoom is how many nodes a room has that is kept.
const maxRoom = 1 << 11

func newSearch(m *machine, patterns int) *search {
	return &search{machine: m, room: *rooms.Get().(*room), found: map[string]bool{}, in: NewBits(patterns)}
}

// done gives back what the search wrote to.
func (s *search) done() {
	if len(s.nodes) > maxRoom {
		return // a map keeps its size
	}
	clear(s.seen)
	s.nodes, s.places = s.nodes[:0], s.places[:0]
	r := s.room
	rooms.Put(&r)
}

// begin visits the first state at which texts within differ: up to there, where most of an
// ARN is written out, each has one behind it. It reports whether there was work left.
func (s *search) begin(start, ends []int32, work *int) bool {
	m, state := s.machine, append(s.then[:0], start...)
	for state = m.settle(state, ends); len(state) == 1 || state[1] >= m.within; {
		e := &m.els[state[0]]
		if e.kind != char || e.fold {
			break
		}
		if *work -= len(state); *work < 0 {
			return false
		}
		s.prefix = append(s.prefix, e.char)
		s.next = m.settle(m.step(s.next[:0], state, e.char), ends)
		state, s.next = s.next, state
	}
	s.then = state
	s.visit(state, -1, 0)
	return true
}

// visit enters state unless it was entered before.
func (s *search) visit(state []int32, parent int32, c rune) {
	h := hash(state)
	twin := int32(-1)
	if at, ok := s.seen[h]; ok {
		twin = at
		for ; at >= 0; at = s.nodes[at].twin {
			if n := s.nodes[at]; slices.Equal(s.places[n.from:n.to], state) {
				return
			}
		}
	}
	at := int32(len(s.nodes))
	s.seen[h] = at
	from := len(s.places)
	s.places = append(s.places, state...)
	s.nodes = append(s.nodes, node{from: from, to: len(s.places), parent: parent, char: c, twin: twin})
	if !s.accepted(state, s.in) {
		return
	}
	if key := s.in.Key(); !s.found[key] {
		s.found[key] = true
		s.atoms = append(s.atoms, Atom{In: slices.Clone(s.in), Witness: s.text(at)})
	}
}

// text returns what was read on the way to a node.
func (s *search) text(at int32) string {
	var b []rune
	for ; s.nodes[at].parent >= 0; at = s.nodes[at].parent {
		b = append(b, s.nodes[at].char)
	}
	slices.Reverse(b)
	return string(s.prefix) + string(b)
}

// hash mixes the places of a state (FNV-1a, one round a place).
func hash(state []int32) uint64 {
	h := uint64(14695981039346656037)
	for _, k := range state {
		h = (h ^ uint64(k)) * 1099511628211
	}
	return h
}
