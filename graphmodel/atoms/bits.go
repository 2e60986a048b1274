package atoms

import "math/bits"

// Bits is a set of small numbers, such as indices of patterns.
type Bits []uint64

// NewBits returns a set that can hold the numbers below n.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// Has reports whether i is in the set; a number it can't hold is not.
func (b Bits) Has(i int) bool {
	return i >= 0 && i/64 < len(b) && b[i/64]>>(i%64)&1 != 0
}

// Add puts i, a number that it can hold, into the set.
func (b Bits) Add(i int) { b[i/64] |= 1 << (i % 64) }

// The operations below want sets of one size.

func (b Bits) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty reports whether nothing is in the set.
func (b Bits) Empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// Or puts all of o into b.
func (b Bits) Or(o Bits) {
	for i, w := range o {
		b[i] |= w
	}
}

// both counts what b and o share.
func (b Bits) both(o Bits) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

// within reports whether o holds all of b.
func (b Bits) within(o Bits) bool {
	for i, w := range b {
		if w&^o[i] != 0 {
			return false
		}
	}
	return true
}

// Minus returns what b holds and o does not.
func (b Bits) Minus(o Bits) Bits {
	out := make(Bits, len(b))
	for i, w := range b {
		out[i] = w &^ o[i]
	}
	return out
}

// And returns what b and o share.
func (b Bits) And(o Bits) Bits {
	out := make(Bits, len(b))
	for i, w := range b {
		out[i] = w & o[i]
	}
	return out
}

// Key returns a map key that equal sets of one size share.
func (b Bits) Key() string {
	out := make([]byte, 0, 8*len(b))
	for _, w := range b {
		for s := 0; s < 64; s += 8 {
			out = append(out, byte(w>>s))
		}
	}
	return string(out)
}
