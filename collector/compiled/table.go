package compiled

import "sync/atomic"

// chunk is how many entries of a table are made at a time.
const chunk = 256

// A table holds what has been decoded of a numbered list, so that everything is
// decoded once and has one address. Nothing is made for what nobody asks about.
// Safe for concurrent use.
type table[T any] struct {
	n      int
	chunks []atomic.Pointer[[chunk]atomic.Pointer[T]]
}

func newTable[T any](n int) *table[T] {
	return &table[T]{n: n, chunks: make([]atomic.Pointer[[chunk]atomic.Pointer[T]], (n+chunk-1)/chunk)}
}

// get returns entry i, made by build unless it has been made. Two goroutines may
// build the same one; both get what was ready first.
func (t *table[T]) get(i int, build func(i int) *T) *T {
	at := &t.chunks[i/chunk]
	c := at.Load()
	if c == nil {
		at.CompareAndSwap(nil, new([chunk]atomic.Pointer[T]))
		c = at.Load()
	}
	slot := &c[i%chunk]
	if v := slot.Load(); v != nil {
		return v
	}
	slot.CompareAndSwap(nil, build(i))
	return slot.Load()
}
