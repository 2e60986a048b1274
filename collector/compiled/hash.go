package compiled

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
)

// An index is a list of entries, sorted by the hash of their keys, which is
// searched where it lies. An entry is entrySize bytes: the hash, where the key
// stands in the file and how long it is, how many refs there are, and the ref,
// or where in the lists the refs are.
const entrySize = 32

type indexKey struct {
	hash uint64
	word string
	at   uint64 // where the word stands in the file
	ref  ref
}

func compareKeys(a, b indexKey) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word), cmp.Compare(a.ref, b.ref))
}

// hash is FNV-1a with a finish that spreads it over 64 bits, so that entries
// lie about where their hash says.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// entries writes the entries of sorted keys, and the lists they need to lists.
func entries(keys []indexKey, lists *record) []byte {
	var r record
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].word == keys[0].word {
			n++
		}
		k := keys[0]
		to := uint64(k.ref)
		if n > 1 {
			to = uint64(len(lists.b))
			for i := range n {
				lists.u64(uint64(keys[i].ref))
			}
		}
		r.u64(k.hash)
		r.u64(k.at)
		r.u32(uint32(len(k.word))) //nolint:gosec // a string of JSON
		r.u32(uint32(n))           //nolint:gosec // fewer than refs
		r.u64(to)
		keys = keys[n:]
	}
	return r.b
}

// find returns the refs under a key of an index.
func (f *File) find(s section, word string) (first ref, more []byte) {
	x := f.h.sections[s]
	n := x.len / entrySize
	want := hash(word)
	for i := f.seek(x.off, n, want); i < n; i++ {
		e := f.p.at(x.off+i*entrySize, entrySize)
		if e == nil || binary.LittleEndian.Uint64(e) != want {
			return 0, nil
		}
		at, size := binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint32(e[16:])
		if size != uint32(len(word)) { //nolint:gosec // else it is not found
			continue
		}
		if key := f.p.at(at, uint64(size)); key == nil || !bytes.Equal(key, []byte(word)) {
			continue
		}
		count, to := uint64(binary.LittleEndian.Uint32(e[20:])), binary.LittleEndian.Uint64(e[24:])
		if count == 1 {
			return ref(to), e[24:32]
		}
		lists := f.h.sections[secLists]
		if to > lists.len || count*8 > lists.len-to || count == 0 {
			f.p.fail("a list lies outside of the file")
			return 0, nil
		}
		more = f.p.at(lists.off+to, count*8)
		if more == nil {
			return 0, nil
		}
		return ref(binary.LittleEndian.Uint64(more)), more
	}
	return 0, nil
}

// words yields the keys of an index, by their hashes.
func (f *File) words(s section) iter.Seq[string] {
	return func(yield func(string) bool) {
		x := f.h.sections[s]
		left := f.p.end // each key has a place of its own
		for i := range x.len / entrySize {
			e := f.p.at(x.off+i*entrySize, entrySize)
			if e == nil {
				return
			}
			at, size := binary.LittleEndian.Uint64(e[8:]), uint64(binary.LittleEndian.Uint32(e[16:]))
			if size > left {
				f.p.fail("keys lie over each other")
				return
			}
			left -= size
			key := f.p.at(at, size)
			if key == nil || !yield(text(key)) {
				return
			}
		}
	}
}

// guesses is how often seek guesses where a hash is. The first guess among n
// entries is off by about √n, each further one by the root of that.
const guesses = 3

// seek returns the first entry whose hash is not below want. Hashes are spread
// evenly: it guesses where want should be, closes in on the guess with growing
// steps, and halves what is left.
func (f *File) seek(off, n, want uint64) uint64 {
	lo, hi := uint64(0), n // entries below lo are smaller, those from hi on are not
	low, high := uint64(0), ^uint64(0)
	for round, step := 0, uint64(8); lo < hi; round++ {
		var mid uint64
		switch {
		case round < guesses:
			mid = between(lo, hi, low, high, want)
		case low == 0 && lo == 0 || hi-lo <= 2*step:
			mid = lo + (hi-lo)/2
		case round%2 == 0:
			mid = lo + step
		default:
			mid, step = hi-step, step*4
		}
		e := f.p.at(off+mid*entrySize, 8)
		if e == nil {
			return n
		}
		if v := binary.LittleEndian.Uint64(e); v < want {
			lo, low = mid+1, v
		} else {
			hi, high = mid, v
		}
	}
	return lo
}

// between guesses where want is among the entries from lo to hi, whose hashes
// are from low to high.
func between(lo, hi, low, high, want uint64) uint64 {
	if want < low || high <= low {
		return lo + (hi-lo)/2
	}
	h, l := bits.Mul64(want-low, hi-lo)
	if h >= high-low {
		return hi - 1
	}
	share, _ := bits.Div64(h, l, high-low)
	return min(lo+share, hi-1)
}
