package atoms

import (
	"cmp"
	"encoding/binary"
	"slices"
	"unicode"

	"pathfinder/graphmodel/arn"
)

// Bits is a set of small numbers, those of patterns.
type Bits []uint64

// Has reports whether i is in the set.
func (b Bits) Has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

func (b Bits) set(i int) { b[i/64] |= 1 << (i % 64) }

// An Atom is a non-empty part of the space on which all patterns agree.
type Atom struct {
	In      Bits   // the patterns that cover it
	Witness string // a shortest text in it
}

// defaultLimit bounds the states of a cut when the caller does not.
const defaultLimit = 100_000

// Cut returns the atoms of the texts that within covers, in the order of the
// length of their witnesses and then of these. ok is false when more than limit
// states would be needed; 0 means 100,000.
func Cut(within Pattern, patterns []Pattern, limit int) (list []Atom, ok bool) {
	if limit == 0 {
		limit = defaultLimit
	}
	c := newCutter(within, patterns)
	c.enter(c.start(), -1, 0)
	for i := 0; i < len(c.states); i++ {
		if len(c.states) > limit {
			return nil, false
		}
		c.accept(i)
		c.expand(i)
	}
	slices.SortStableFunc(c.found, func(a, b Atom) int {
		return cmp.Or(cmp.Compare(len(a.Witness), len(b.Witness)), cmp.Compare(a.Witness, b.Witness))
	})
	return c.found, true
}

// A position is a place in one list of steps of one pattern.
type position struct {
	arn.Element
	end     bool // behind the last step
	fold    bool
	pattern int32 // 0 for within
	alt     int32
	// Positions of one list with the same room have no step between them that
	// takes a colon.
	room int32
}

type state struct {
	at     []int32 // active positions, ascending
	parent int32
	by     rune
}

type cutter struct {
	pos    []position
	starts []int32
	states []state
	byKey  map[string]int32
	found  []Atom
	seen   map[string]bool
	words  int
	inside int32 // positions below it belong to within

	key   []byte // scratch
	next  []int32
	chars []rune
}

func newCutter(within Pattern, patterns []Pattern) *cutter {
	c := &cutter{byKey: map[string]int32{}, seen: map[string]bool{}, words: (len(patterns) + 63) / 64}
	alt := int32(0)
	add := func(p Pattern, i int32) {
		for _, steps := range p.alts {
			c.starts = append(c.starts, int32(len(c.pos))) //nolint:gosec // bounded by the text of policies
			room := int32(0)
			for _, e := range steps {
				c.pos = append(c.pos, position{Element: e, fold: p.fold, pattern: i, alt: alt, room: room})
				if e.Kind == arn.Char && e.Rune == ':' || e.Kind != arn.Char && !e.Bound {
					room++
				}
			}
			c.pos = append(c.pos, position{end: true, pattern: i, alt: alt, room: room})
			alt++
		}
	}
	add(within, 0)
	c.inside = int32(len(c.pos)) //nolint:gosec // as above
	for i, p := range patterns {
		add(p, int32(i+1)) //nolint:gosec // as above
	}
	return c
}

func (c *cutter) start() []int32 {
	c.next = append(c.next[:0], c.starts...)
	return c.close()
}

// close lets runs be empty, drops positions from which nothing more can match
// than from a later one, and sorts.
func (c *cutter) close() []int32 {
	for i := 0; i < len(c.next); i++ {
		if p := &c.pos[c.next[i]]; !p.end && p.Kind == arn.AnyRun {
			c.next = append(c.next, c.next[i]+1)
		}
	}
	slices.Sort(c.next)
	c.next = slices.Compact(c.next)
	// From the back: a free run of a list makes all before it idle, a bound one
	// those before it in its room. It could swallow what they would match.
	out := len(c.next)
	alt, room, free := int32(-1), int32(-1), false
	for i := len(c.next) - 1; i >= 0; i-- {
		p := &c.pos[c.next[i]]
		if p.alt != alt {
			alt, room, free = p.alt, -1, false
		}
		if free || p.room == room {
			continue
		}
		if !p.end && p.Kind == arn.AnyRun {
			if p.Bound {
				room = p.room
			} else {
				free = true
			}
		}
		out--
		c.next[out] = c.next[i]
	}
	return c.next[out:]
}

// enter adds a state unless it is there, or nothing of the space is left.
func (c *cutter) enter(at []int32, parent int32, by rune) {
	if len(at) == 0 || at[0] >= c.inside {
		return
	}
	c.key = c.key[:0]
	last := int32(0)
	for _, p := range at {
		c.key = binary.AppendUvarint(c.key, uint64(p-last)) //nolint:gosec // ascending
		last = p
	}
	if _, have := c.byKey[string(c.key)]; have {
		return
	}
	c.byKey[string(c.key)] = int32(len(c.states)) //nolint:gosec // bounded by limit
	c.states = append(c.states, state{slices.Clone(at), parent, by})
}

// accept notes the atom of the text that leads to a state.
func (c *cutter) accept(i int) {
	in, ends := make(Bits, c.words), false
	for _, at := range c.states[i].at {
		if p := &c.pos[at]; p.end {
			if p.pattern == 0 {
				ends = true
				continue
			}
			if !ends {
				return // the text is not in the space
			}
			in.set(int(p.pattern - 1))
		}
	}
	if !ends {
		return
	}
	c.key = c.key[:0]
	for _, w := range in {
		c.key = binary.LittleEndian.AppendUint64(c.key, w)
	}
	if c.seen[string(c.key)] {
		return
	}
	c.seen[string(c.key)] = true
	c.found = append(c.found, Atom{in, c.text(i)})
}

func (c *cutter) text(i int) string {
	var out []rune
	for at := int32(i); c.states[at].parent >= 0; at = c.states[at].parent { //nolint:gosec // bounded by limit
		out = append(out, c.states[at].by)
	}
	slices.Reverse(out)
	return string(out)
}

// expand enters the states that one more character leads to.
func (c *cutter) expand(i int) {
	c.successors(i)
	for _, r := range c.chars {
		c.next = c.next[:0]
		for _, at := range c.states[i].at {
			p := &c.pos[at]
			if p.end || !covers(p.Element, r, p.fold) {
				continue
			}
			if p.Kind != arn.AnyRun {
				at++
			}
			c.next = append(c.next, at)
		}
		c.enter(c.close(), int32(i), r) //nolint:gosec // bounded by limit
	}
}

// successors lists the characters that make a difference in a state: those that
// stand there, the colon where wildcards stop at it, and one that is like all
// others.
func (c *cutter) successors(i int) {
	c.chars = c.chars[:0]
	add := func(r rune) {
		if !slices.Contains(c.chars, r) {
			c.chars = append(c.chars, r)
		}
	}
	wild := false
	for _, at := range c.states[i].at {
		switch p := &c.pos[at]; {
		case p.end:
		case p.Kind != arn.Char:
			wild = true
			if p.Bound {
				add(':')
			}
		default:
			add(p.Rune)
			for f := unicode.SimpleFold(p.Rune); p.fold && f != p.Rune; f = unicode.SimpleFold(f) {
				add(f)
			}
		}
	}
	slices.Sort(c.chars)
	if wild {
		c.chars = append(c.chars, other(c.chars))
	}
}

// other returns a character that is not in list and reads well.
func other(list []rune) rune {
	for _, r := range "xyzabcdefghijklmnopqrstuvw0123456789-_XYZABCDEFGHIJKLMNOPQRSTUVW" {
		if !slices.Contains(list, r) {
			return r
		}
	}
	for r := '\u00a1'; ; r++ {
		if unicode.IsLetter(r) && !slices.Contains(list, r) {
			return r
		}
	}
}
