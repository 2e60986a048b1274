package permission

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A Label is a set of requests of a space. Equal sets of one space are the same
// pointer.
type Label struct {
	id   uint32
	rows []row // by id of their column; no action stands in two
}

// A row is a set of actions that go with the same resources and contexts.
type row struct {
	actions *ActionSet
	col     *column
}

// A column is a set of pairs of a resource and a context.
type column struct {
	id    uint32
	cells []cell // by id of their guard; no atom stands in two
}

// A cell is a set of atoms that go with the same contexts.
type cell struct {
	res   *resSet
	guard *Guard
}

// A resSet is a set of atoms of a space, interned.
type resSet struct {
	id    uint32
	words []uint64
}

func (r *resSet) empty() bool { return len(r.words) == 0 }

func (r *resSet) has(i int) bool { return i/64 < len(r.words) && r.words[i/64]&(1<<(i%64)) != 0 }

// labels interns the labels of a space and remembers what they combine to.
type labels struct {
	res     map[string]*resSet
	resMemo map[setPair]*resSet
	cols    map[string]*column
	colMemo map[setPair]*column
	byKey   map[string]*Label
	memo    map[setPair]*Label
	lastRes uint32
	lastCol uint32
	last    uint32
	key     []byte // scratch

	noRes   *resSet
	noCol   *column
	nothing *Label
}

func newLabels() *labels {
	l := &labels{
		res: map[string]*resSet{}, resMemo: map[setPair]*resSet{}, cols: map[string]*column{}, colMemo: map[setPair]*column{},
		byKey: map[string]*Label{}, memo: map[setPair]*Label{},
	}
	l.noRes = l.resources(nil)
	l.noCol = l.column(nil)
	l.nothing = l.label(nil)
	return l
}

// resources returns the one set with these bits.
func (l *labels) resources(words []uint64) *resSet {
	for len(words) > 0 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	l.key = l.key[:0]
	for _, w := range words {
		l.key = binary.LittleEndian.AppendUint64(l.key, w)
	}
	if r, ok := l.res[string(l.key)]; ok {
		return r
	}
	l.lastRes++
	r := &resSet{id: l.lastRes, words: slices.Clone(words)}
	l.res[string(l.key)] = r
	return r
}

func (l *labels) combineRes(op setOp, a, b *resSet) *resSet {
	switch {
	case a == b && op == opSub, a.empty() && op != opOr, b.empty() && op == opAnd:
		return l.noRes
	case a == b, b.empty():
		return a
	case a.empty():
		return b
	}
	n := min(len(a.words), len(b.words))
	switch rel := relate(a.words[:n], b.words[:n], len(a.words) > n, len(b.words) > n); {
	case op == opAnd && rel == apart, op == opSub && rel == inside:
		return l.noRes
	case op == opAnd && rel == inside, op == opSub && rel == apart, op == opOr && rel == around:
		return a
	case op == opAnd && rel == around, op == opOr && rel == inside:
		return b
	}
	pair := setPair{op, a.id, b.id}
	if c, ok := l.resMemo[pair]; ok {
		return c
	}
	words := make([]uint64, max(len(a.words), len(b.words)))
	copy(words, a.words)
	for i := range words {
		var w uint64
		if i < len(b.words) {
			w = b.words[i]
		}
		switch op {
		case opAnd:
			words[i] &= w
		case opOr:
			words[i] |= w
		case opSub:
			words[i] &^= w
		}
	}
	c := l.resources(words)
	remember(l.resMemo, pair, c)
	return c
}

func remember[V any](memo map[setPair]V, pair setPair, v V) {
	if len(memo) >= maxMemo {
		clear(memo)
	}
	memo[pair] = v
}

// column returns the one column with these cells, which are disjoint; cells
// with equal guards are joined.
func (l *labels) column(cells []cell) *column {
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.guard.id, b.guard.id) })
	joined := cells[:0]
	for _, c := range cells {
		if n := len(joined); n > 0 && joined[n-1].guard == c.guard {
			joined[n-1].res = l.combineRes(opOr, joined[n-1].res, c.res)
			continue
		}
		joined = append(joined, c)
	}
	l.key = l.key[:0]
	for _, c := range joined {
		l.key = binary.AppendUvarint(l.key, uint64(c.guard.id))
		l.key = binary.AppendUvarint(l.key, uint64(c.res.id))
	}
	if c, ok := l.cols[string(l.key)]; ok {
		return c
	}
	l.lastCol++
	c := &column{id: l.lastCol, cells: slices.Clone(joined)}
	l.cols[string(l.key)] = c
	return c
}

// combineCols applies op to two columns, atom by atom.
func (s *Space) combineCols(op setOp, a, b *column) *column {
	l := s.labels
	switch {
	case a == b && op == opSub, a == l.noCol && op != opOr, b == l.noCol && op == opAnd:
		return l.noCol
	case a == b, b == l.noCol:
		return a
	case a == l.noCol:
		return b
	}
	pair := setPair{op, a.id, b.id}
	if c, ok := l.colMemo[pair]; ok {
		return c
	}
	var out []cell
	add := func(res *resSet, g *Guard) {
		if !res.empty() && g != s.guards.no {
			out = append(out, cell{res, g})
		}
	}
	rest := make([]*resSet, len(b.cells)) // what of b no cell of a meets
	for j := range b.cells {
		rest[j] = b.cells[j].res
	}
	for _, x := range a.cells {
		left := x.res
		for j, y := range b.cells {
			both := l.combineRes(opAnd, x.res, y.res)
			if both.empty() {
				continue
			}
			add(both, s.guards.combine(op, x.guard, y.guard))
			left, rest[j] = l.combineRes(opSub, left, both), l.combineRes(opSub, rest[j], both)
		}
		if op != opAnd {
			add(left, x.guard)
		}
	}
	if op == opOr {
		for j, y := range b.cells {
			add(rest[j], y.guard)
		}
	}
	c := l.column(out)
	remember(l.colMemo, pair, c)
	return c
}

// label returns the one label with these rows, which are disjoint; rows of the
// same column were joined.
func (l *labels) label(rows []row) *Label {
	l.key = l.key[:0]
	for _, r := range rows {
		l.key = binary.AppendUvarint(l.key, uint64(r.col.id))
		l.key = binary.AppendUvarint(l.key, uint64(r.actions.id))
	}
	if x, ok := l.byKey[string(l.key)]; ok {
		return x
	}
	l.last++
	x := &Label{id: l.last, rows: slices.Clone(rows)}
	l.byKey[string(l.key)] = x
	return x
}

// build sorts and joins disjoint rows.
func (s *Space) build(rows []row) *Label {
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.col.id, b.col.id) })
	joined := rows[:0]
	for _, r := range rows {
		if n := len(joined); n > 0 && joined[n-1].col == r.col {
			joined[n-1].actions = s.pool.combine(opOr, joined[n-1].actions, r.actions)
			continue
		}
		joined = append(joined, r)
	}
	return s.labels.label(joined)
}

// combine applies op to two labels, action by action.
func (s *Space) combine(op setOp, a, b *Label) *Label {
	l := s.labels
	switch {
	case a == b && op == opSub, a == l.nothing && op != opOr, b == l.nothing && op == opAnd:
		return l.nothing
	case a == b, b == l.nothing:
		return a
	case a == l.nothing:
		return b
	}
	pair := setPair{op, a.id, b.id}
	if c, ok := l.memo[pair]; ok {
		return c
	}
	out := make([]row, 0, len(a.rows)+len(b.rows))
	add := func(actions *ActionSet, col *column) {
		if !actions.IsEmpty() && col != l.noCol {
			out = append(out, row{actions, col})
		}
	}
	rest := make([]*ActionSet, len(b.rows))
	for j := range b.rows {
		rest[j] = b.rows[j].actions
	}
	for _, x := range a.rows {
		left := x.actions
		for j, y := range b.rows {
			both := s.pool.combine(opAnd, x.actions, y.actions)
			if both.IsEmpty() {
				continue
			}
			add(both, s.combineCols(op, x.col, y.col))
			left, rest[j] = s.pool.combine(opSub, left, both), s.pool.combine(opSub, rest[j], both)
		}
		if op != opAnd {
			add(left, x.col)
		}
	}
	if op == opOr {
		for j, y := range b.rows {
			add(rest[j], y.col)
		}
	}
	c := s.build(out)
	remember(l.memo, pair, c)
	return c
}
