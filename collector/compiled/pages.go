package compiled

import (
	"encoding/binary"
	"sync/atomic"
	"unsafe"
)

// pages are the bytes of a file, of which each page is checked before anybody
// sees what is in it. Safe for concurrent use.
type pages struct {
	data    []byte
	sums    []byte // 4 bytes for each page
	end     uint64 // of the body
	checked []atomic.Uint32
	failed  atomic.Pointer[damagedError] // the first damage that was found
}

func newPages(data []byte, h *header) (*pages, error) {
	p := &pages{data: data, end: h.sums.off, sums: data[h.sums.off:]}
	if checksum(p.sums) != h.sumsCRC {
		return nil, damage("checksums")
	}
	p.checked = make([]atomic.Uint32, (len(p.sums)/4+31)/32)
	return p, nil
}

// fail notes that the file is damaged. What is read from it counts for nothing
// from then on.
func (p *pages) fail(part string) {
	p.failed.CompareAndSwap(nil, &damagedError{part})
}

// err returns the first damage that was found.
func (p *pages) err() error {
	if e := p.failed.Load(); e != nil {
		return e
	}
	return nil
}

// at returns part of the body, nil when it is damaged or not there.
func (p *pages) at(off, n uint64) []byte {
	if off < headerSize || off > p.end || n > p.end-off {
		p.fail("something lies outside of the file")
		return nil
	}
	if n == 0 {
		return []byte{}
	}
	first, last := (off-headerSize)/pageSize, (off+n-1-headerSize)/pageSize
	for i := first; i <= last; i++ {
		if !p.check(i) {
			return nil
		}
	}
	return p.data[off : off+n : off+n]
}

// A budget bounds what is understood of a section: records that lie over each
// other would make a small file a large inventory. What several goroutines read
// at the same time counts for each.
type budget struct {
	used atomic.Uint64
	of   uint64
}

// spend reports whether n more bytes may be understood.
func (b *budget) spend(p *pages, n int) bool {
	if b.used.Add(uint64(n)) <= 16*b.of+1<<20 { //nolint:gosec // not negative
		return true
	}
	p.fail("records lie over each other")
	return false
}

// check checks a page unless that has been done.
func (p *pages) check(i uint64) bool {
	word, bit := &p.checked[i/32], uint32(1)<<(i%32)
	if word.Load()&bit != 0 {
		return true
	}
	from := headerSize + i*pageSize
	to := min(from+pageSize, p.end)
	if checksum(p.data[from:to]) != binary.LittleEndian.Uint32(p.sums[i*4:]) {
		p.fail("a page does not have its checksum")
		return false
	}
	word.Or(bit)
	return true
}

// text returns bytes as a string that shares them: they never change, and stay
// for as long as the program runs.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // see above
}
