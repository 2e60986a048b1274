package compiled

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
)

// ordered writes where the ARNs of a section begin, 8 bytes each, in the order of
// the ARNs.
func ordered(arns []byte) []byte {
	type place struct {
		arn string
		at  int
	}
	var list []place
	c := &cursor{b: arns}
	for len(c.b) > 0 {
		at := len(arns) - len(c.b)
		list = append(list, place{c.text(), at})
	}
	slices.SortFunc(list, func(a, b place) int { return cmp.Or(strings.Compare(a.arn, b.arn), cmp.Compare(a.at, b.at)) })
	var r record
	for _, p := range list {
		r.u64(uint64(p.at)) //nolint:gosec // not negative
	}
	return r.b
}

// ordered returns the ARN at a place of the order.
func (f *File) ordered(i uint64) (arn string, ok bool) {
	order, arns := f.h.sections[secARNOrder], f.h.sections[secARNs]
	b := f.p.at(order.off+8*i, 8)
	if b == nil {
		return "", false
	}
	at := binary.LittleEndian.Uint64(b)
	if at >= arns.len {
		f.p.fail(secARNOrder.String())
		return "", false
	}
	head := f.p.at(arns.off+at, min(binary.MaxVarintLen64, arns.len-at))
	if head == nil {
		return "", false
	}
	n, size := binary.Uvarint(head)
	if size <= 0 || n > arns.len-at-uint64(size) {
		f.p.fail(secARNs.String())
		return "", false
	}
	all := f.p.at(arns.off+at+uint64(size), n)
	return text(all), all != nil
}

// ResourcesUnder implements [inventory.Index].
func (x index) ResourcesUnder(prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		lo, n := uint64(0), x.f.h.sections[secARNOrder].len/8
		for hi := n; lo < hi; {
			mid := lo + (hi-lo)/2
			arn, ok := x.f.ordered(mid)
			if !ok {
				return
			}
			if arn < prefix {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for ; lo < n; lo++ {
			if arn, ok := x.f.ordered(lo); !ok || !strings.HasPrefix(arn, prefix) || !yield(arn) {
				return
			}
		}
	}
}
