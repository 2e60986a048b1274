package solver

import (
	"slices"
	"sync"

	"pathfinder/graphmodel/atoms"
)

// A voice is all that some policies say about calls on a target, or on all
// targets that no statement tells apart: which atoms speak about which calls.
// Equal voices are one.
type voice struct {
	id     uint32
	shares []share // by atom
	// allows says that some Allow speaks about a call; for the rest see atom.
	allows, partial, apart, session, foreign, itself, digits bool
}

// A share is an atom with the calls that it speaks about.
type share struct {
	atom *atom
	bits atoms.Bits
}

// A joint names two voices.
type joint struct{ a, b uint32 }

// voices holds all voices.
type voices struct {
	mu     sync.RWMutex
	of     map[string]*voice
	joined map[joint]*voice
	// parts are the calls that two voices, of policies and boundary, say the same
	// about.
	parts map[partsKey][]voicePart
	// sets numbers sets of atoms.
	sets numbers
}

// silent says nothing.
var silent = &voice{}

// find returns the voice of some shares, which it may sort and keep.
func (v *voices) find(shares []share) *voice {
	shares = united(shares)
	if len(shares) == 0 {
		return silent
	}
	key := make([]byte, 0, 128)
	for i := range shares {
		key = append(appendNumber(key, shares[i].atom.id), shares[i].bits.Key()...)
	}
	v.mu.RLock()
	known := v.of[string(key)]
	v.mu.RUnlock()
	if known != nil {
		return known
	}
	made := &voice{shares: slices.Clip(shares)}
	for i := range shares {
		a := shares[i].atom
		made.allows, made.partial, made.apart = made.allows || a.allow, made.partial || a.partial, made.apart || a.apart
		made.session, made.foreign = made.session || a.session, made.foreign || a.foreign
		made.itself, made.digits = made.itself || a.itself, made.digits || a.digits
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if known = v.of[string(key)]; known == nil {
		known = made
		known.id = uint32(len(v.of) + 1) //nolint:gosec // memory ends long before 2³²
		v.of[string(key)] = known
	}
	return known
}

// united sorts shares, and puts those of one atom together.
func united(list []share) []share {
	slices.SortFunc(list, func(a, b share) int { return int(a.atom.id) - int(b.atom.id) })
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && out[n-1].atom == s.atom {
			both := slices.Clone(out[n-1].bits)
			both.Or(s.bits)
			out[n-1].bits = both
			continue
		}
		out = append(out, s)
	}
	return out
}

// join returns what two voices say together.
func (v *voices) join(a, b *voice) *voice {
	switch {
	case a == b || b == silent:
		return a
	case a == silent:
		return b
	}
	key := joint{min(a.id, b.id), max(a.id, b.id)}
	v.mu.RLock()
	known := v.joined[key]
	v.mu.RUnlock()
	if known != nil {
		return known
	}
	known = v.find(slices.Concat(a.shares, b.shares))
	v.mu.Lock()
	defer v.mu.Unlock()
	v.joined[key] = known
	return known
}

// A partsKey names the voices of policies and boundary on some cells.
type partsKey struct{ v, boundary, cells uint32 }

// A voicePart is some calls about which two voices say the same: the atoms of a set.
type voicePart struct {
	set    uint32
	bits   atoms.Bits
	allows bool // some Allow of the policies is among the atoms
}

// partsOf splits calls by the atoms that speak about them. boundary is nil for
// none.
func (v *voices) partsOf(c *cells, says, boundary *voice) []voicePart {
	key := partsKey{v: says.id, cells: c.id}
	if boundary != nil {
		key.boundary = boundary.id + 1
	}
	v.mu.RLock()
	known, ok := v.parts[key]
	v.mu.RUnlock()
	if ok {
		return known
	}
	known = v.split(c, says, boundary)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.parts[key] = known
	return known
}

func (v *voices) split(c *cells, says, boundary *voice) []voicePart {
	sets := make([][]byte, c.n)
	allows := make([]bool, c.n)
	for i := range c.n {
		sets[i], allows[i] = cellSet(nil, says, i)
		if boundary != nil {
			sets[i], _ = cellSet(append(sets[i], 'b'), boundary, i)
		}
	}
	for from, to := range c.links { // the call needs the other one as well
		sets[from] = append(append(slices.Clip(sets[from]), 'n'), sets[to]...)
	}
	var out []voicePart
	at := map[string]int{}
	for i := range c.n {
		j, ok := at[string(sets[i])]
		if !ok {
			j = len(out)
			at[string(sets[i])] = j
			out = append(out, voicePart{set: v.sets.number(append([]byte{'s'}, sets[i]...)), bits: c.empty(), allows: allows[i]})
		}
		out[j].bits.Add(i)
	}
	return out
}

// cellSet writes the atoms that speak about a call.
func cellSet(b []byte, v *voice, cell int) (out []byte, allows bool) {
	for i := range v.shares {
		if s := &v.shares[i]; s.bits.Has(cell) {
			b, allows = appendNumber(b, s.atom.id), allows || s.atom.allow
		}
	}
	return b, allows
}
