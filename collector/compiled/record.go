package compiled

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"
)

// A record is being written.
type record struct{ b []byte }

func (r *record) num(n uint64)  { r.b = binary.AppendUvarint(r.b, n) }
func (r *record) count(n int)   { r.num(uint64(n)) } //nolint:gosec // lengths are not negative
func (r *record) raw(b ...byte) { r.b = append(r.b, b...) }
func (r *record) u32(n uint32)  { r.b = binary.LittleEndian.AppendUint32(r.b, n) }
func (r *record) u64(n uint64)  { r.b = binary.LittleEndian.AppendUint64(r.b, n) }

func (r *record) bool(v bool) {
	if v {
		r.raw(1)
	} else {
		r.raw(0)
	}
}

// text writes a string, and returns where its bytes begin.
func (r *record) text(s string) int {
	r.count(len(s))
	at := len(r.b)
	r.b = append(r.b, s...)
	return at
}

func (r *record) texts(list []string) {
	r.count(len(list))
	for _, s := range list {
		r.text(s)
	}
}

// pairs writes a map in order of its keys; nil is another one than empty.
func (r *record) pairs(m map[string]string) {
	if m == nil {
		r.count(0)
		return
	}
	r.count(len(m) + 1)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		r.text(k)
		r.text(m[k])
	}
}

func (r *record) time(t time.Time) error {
	if t.IsZero() {
		r.count(0)
		return nil
	}
	b, err := t.MarshalBinary()
	r.text(string(b))
	return err
}

// A cursor reads a record. After the first thing that can't be there it is bad,
// and returns zero values.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) num() uint64 {
	n, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[size:]
	return n
}

// count reads how many things follow, each of which takes some bytes at least.
func (c *cursor) count(each int) int {
	n := c.num()
	if n > uint64(len(c.b)/each) { //nolint:gosec // lengths are not negative
		c.bad, c.b = true, nil
		return 0
	}
	return int(n) //nolint:gosec // at most len(c.b)
}

func (c *cursor) bytes(n int) []byte {
	if n > len(c.b) {
		c.bad, c.b = true, nil
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) byte() byte {
	if b := c.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (c *cursor) bool() bool { return c.byte() == 1 }

func (c *cursor) u64() uint64 {
	if b := c.bytes(8); len(b) == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) text() string { return text(c.bytes(c.count(1))) }

// several reads a list of things that take some bytes each at least.
func several[T any](c *cursor, each int, one func() T) []T {
	n := c.count(each)
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = one()
	}
	return list
}

func (c *cursor) texts() []string { return several(c, 1, c.text) }

func (c *cursor) pairs() map[string]string {
	n := c.num()
	if n == 0 {
		return nil
	}
	if n--; n > uint64(len(c.b)/2) { //nolint:gosec // lengths are not negative
		c.bad, c.b = true, nil
		return nil
	}
	m := make(map[string]string, n)
	for range n {
		k := c.text()
		m[k] = c.text()
	}
	return m
}

func (c *cursor) time() (t time.Time) {
	b := c.bytes(c.count(1))
	if len(b) > 0 && t.UnmarshalBinary(b) != nil {
		c.bad, t = true, time.Time{}
	}
	return t
}
