package solver

// maxPaths bounds the paths that are listed from one principal to one role, but for one that
// depends on no condition: the others are left out, and the answer says so.
const maxPaths = 8

// maxSearch bounds the partial paths that one search holds, and those beyond maxPaths that
// it looks at.
const maxSearch = 50_000

// A pathBook says which paths of one search are listed. Paths are told apart by whom the
// search gets to with them.
type pathBook struct {
	listed, tried map[string]int
	// settled are those to whom a path without a condition is known from an earlier round,
	// which has fewer hops; free those to whom one is from this round.
	settled, free map[string]bool
	beyond        int  // paths that were tried beyond maxPaths
	cut           bool // some are left out
}

func newPathBook() *pathBook {
	return &pathBook{listed: map[string]int{}, tried: map[string]int{}, settled: map[string]bool{}, free: map[string]bool{}}
}

// room reports whether one more path is to be looked at, where the round holds some.
func (b *pathBook) room(who string, held int) bool {
	many := false
	if b.tried[who]++; b.tried[who] > maxPaths {
		b.beyond++
		many = b.beyond > maxSearch
	}
	if b.listed[who] >= maxPaths && b.free[who] || held >= maxSearch || many {
		b.cut = true
		return false
	}
	return true
}

// full reports whether nothing is left to be told of paths that depend on conditions: as many are
// listed as there is room for, and that some are left out is known.
func (b *pathBook) full(who string) bool { return b.cut && b.listed[who] >= maxPaths }

// list reports whether a path that can be gone is listed. without says that it depends on
// no condition.
func (b *pathBook) list(who string, without bool) bool {
	if b.listed[who] >= maxPaths && !without {
		b.cut = true
		return false
	}
	b.listed[who]++
	b.free[who] = b.free[who] || without
	return true
}

// turn ends a round.
func (b *pathBook) turn() {
	for who, ok := range b.free {
		b.settled[who] = b.settled[who] || ok
	}
	clear(b.free)
}
