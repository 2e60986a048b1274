package permission

import (
	"iter"
	"math/bits"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
)

// An ActionSet is a set of actions of a space. Equal sets of one space are the
// same pointer.
type ActionSet struct {
	id    uint32
	off   int        // words left out before the first
	words []uint64   // neither begins nor ends with an empty one
	mask  uint64     // which words, counted modulo 64, are not empty
	next  *ActionSet // another set of the same hash
}

// IsEmpty reports whether no action is in the set.
func (a *ActionSet) IsEmpty() bool { return len(a.words) == 0 }

// Len returns the number of actions in the set.
func (a *ActionSet) Len() int {
	n := 0
	for _, w := range a.words {
		n += bits.OnesCount64(w)
	}
	return n
}

func (a *ActionSet) has(i int) bool {
	w := i/64 - a.off
	return w >= 0 && w < len(a.words) && a.words[w]&(1<<(i%64)) != 0
}

// all yields the numbers of the actions in the set, ascending.
func (a *ActionSet) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range a.words {
			for ; w != 0; w &= w - 1 {
				if !yield((a.off+i)*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// A setOp is an operation on sets, bit by bit.
type setOp uint8

const (
	opAnd setOp = iota
	opOr
	opSub
)

// actionPool interns the action sets of a space and numbers its actions.
type actionPool struct {
	cat   *catalog.Catalog
	only  bool   // extra are all actions there are
	extra *Names // that the catalog lacks
	byKey map[uint64]*ActionSet
	memo  map[setPair]*ActionSet
	empty *ActionSet
	every *ActionSet
	last  uint32
	words []uint64 // scratch
	room  []uint64 // see keep
}

type setPair struct {
	op   setOp
	a, b uint32
}

// maxMemo bounds what a space remembers of its work. Beyond it is forgotten.
const maxMemo = 1 << 18

// newActionPool numbers the actions of only, or without it those of the catalog and
// further names.
func newActionPool(names []string, only *Names) *actionPool {
	p := &actionPool{
		cat: catalog.Default(), only: only != nil, extra: only, byKey: map[uint64]*ActionSet{}, memo: map[setPair]*ActionSet{},
	}
	if !p.only {
		p.extra = NewNames(slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			_, known := p.cat.Action(strings.ToLower(name))
			return known
		}))
	}
	p.empty = p.intern(0, nil)
	full := make([]uint64, (p.len()+63)/64)
	for i := range full {
		full[i] = ^uint64(0)
	}
	if len(full) > 0 {
		full[len(full)-1] >>= (64 - p.len()%64) % 64
	}
	p.every = p.intern(0, full)
	return p
}

// known returns how many actions of the catalog are numbered.
func (p *actionPool) known() int {
	if p.only {
		return 0
	}
	return p.cat.NumActions()
}

func (p *actionPool) len() int { return p.known() + len(p.extra.list) }

func (p *actionPool) name(i int) string {
	if n := p.known(); i >= n {
		return p.extra.list[i-n]
	}
	a, _ := p.cat.ByID(catalog.ActionID(i)) //nolint:gosec // below NumActions
	return a.Name
}

// intern returns the one set with these bits.
func (p *actionPool) intern(off int, words []uint64) *ActionSet {
	for len(words) > 0 && words[0] == 0 {
		off, words = off+1, words[1:]
	}
	for len(words) > 0 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		off = 0
	}
	h := uint64(off)*0x9e3779b97f4a7c15 + uint64(len(words))
	for _, w := range words {
		h = (h ^ w) * 0xff51afd7ed558ccd
		h ^= h >> 29
	}
	twin := p.byKey[h]
	for a := twin; a != nil; a = a.next {
		if a.off == off && slices.Equal(a.words, words) {
			return a
		}
	}
	p.last++
	a := &ActionSet{id: p.last, off: off, words: p.keep(words), next: twin}
	for i, w := range words {
		if w != 0 {
			a.mask |= 1 << ((off + i) % 64)
		}
	}
	p.byKey[h] = a
	return a
}

// keep copies words into memory that sets share.
func (p *actionPool) keep(words []uint64) []uint64 {
	if len(words) > cap(p.room)-len(p.room) {
		p.room = make([]uint64, 0, max(512, len(words)))
	}
	from := len(p.room)
	p.room = append(p.room, words...)
	return p.room[from:len(p.room):len(p.room)]
}

// A relation is how one set stands to another one.
type relation uint8

const (
	crossing relation = iota
	apart             // they share nothing
	inside            // the first is a part of the second
	around            // the second is a part of the first
)

// relate tells how a stands to b, in a look at their words: most sets of
// different statements are about different services.
func (a *ActionSet) relate(b *ActionSet) relation {
	if a.mask&b.mask == 0 {
		return apart
	}
	from, to := max(a.off, b.off), min(a.off+len(a.words), b.off+len(b.words))
	if from >= to {
		return apart
	}
	x, y := a.words[from-a.off:to-a.off], b.words[from-b.off:to-b.off]
	return relate(x, y, len(a.words) > len(x), len(b.words) > len(y))
}

// relate tells how x stands to y, where moreX and moreY say that a set goes on
// beside the words of the other.
func relate(x, y []uint64, moreX, moreY bool) relation {
	var both, onlyX, onlyY uint64
	y = y[:len(x)]
	for i, w := range x {
		both |= w & y[i]
		onlyX |= w &^ y[i]
		onlyY |= y[i] &^ w
		if both != 0 && onlyX != 0 && onlyY != 0 {
			return crossing
		}
	}
	switch {
	case both == 0:
		return apart
	case onlyX == 0 && !moreX:
		return inside
	case onlyY == 0 && !moreY:
		return around
	}
	return crossing
}

// combine applies op to two sets. Time O(words), once for each pair.
func (p *actionPool) combine(op setOp, a, b *ActionSet) *ActionSet {
	switch {
	case a == b && op == opSub:
		return p.empty
	case a == b:
		return a
	case a.IsEmpty() || b.IsEmpty():
		switch {
		case op == opAnd:
			return p.empty
		case b.IsEmpty():
			return a
		case op == opOr:
			return b
		}
		return a
	}
	switch rel := a.relate(b); {
	case op == opAnd && rel == apart, op == opSub && rel == inside:
		return p.empty
	case op == opAnd && rel == inside, op == opSub && rel == apart, op == opOr && rel == around:
		return a
	case op == opAnd && rel == around, op == opOr && rel == inside:
		return b
	}
	key := setPair{op, a.id, b.id}
	if c, ok := p.memo[key]; ok {
		return c
	}
	lo, hi := min(a.off, b.off), max(a.off+len(a.words), b.off+len(b.words))
	p.words = append(p.words[:0], make([]uint64, hi-lo)...)
	copy(p.words[a.off-lo:], a.words)
	switch op {
	case opAnd:
		for i := range p.words {
			j := i + lo - b.off
			if j < 0 || j >= len(b.words) {
				p.words[i] = 0
				continue
			}
			p.words[i] &= b.words[j]
		}
	case opOr:
		for i, w := range b.words {
			p.words[i+b.off-lo] |= w
		}
	case opSub:
		for i, w := range b.words {
			p.words[i+b.off-lo] &^= w
		}
	}
	c := p.intern(lo, p.words)
	if len(p.memo) >= maxMemo {
		clear(p.memo)
	}
	p.memo[key] = c
	return c
}

// union returns what is in any of many sets, without those in between that combine
// would keep.
func (p *actionPool) union(list []*ActionSet) *ActionSet {
	words := make([]uint64, (p.len()+63)/64)
	for _, a := range list {
		for i, w := range a.words {
			words[a.off+i] |= w
		}
	}
	return p.intern(0, words)
}

// match returns the actions that a pattern such as "s3:Get*" covers, without
// regard to case (E27).
func (p *actionPool) match(pattern string) *ActionSet {
	if pattern == "*" {
		return p.every
	}
	words := make([]uint64, (p.len()+63)/64)
	if !p.only {
		for a := range p.cat.Match(pattern) {
			words[a.ID/64] |= 1 << (a.ID % 64)
		}
	}
	p.extra.index.match(strings.ToLower(pattern), func(i int) {
		i += p.known()
		words[i/64] |= 1 << (i % 64)
	})
	return p.intern(0, words)
}

// of returns the set of actions with the given names; names that the space does
// not know are left out.
func (p *actionPool) of(names []string) *ActionSet {
	words := make([]uint64, (p.len()+63)/64)
	for _, n := range names {
		i, ok := p.extra.number(n)
		i += p.known()
		if !ok && !p.only {
			var a catalog.Action
			a, ok = p.cat.Action(n)
			i = int(a.ID)
		}
		if ok {
			words[i/64] |= 1 << (i % 64)
		}
	}
	return p.intern(0, words)
}
