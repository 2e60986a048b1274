package permission

import (
	"encoding/binary"
	"slices"
)

// A Guard is a set of contexts of a space: those in which something holds. Equal
// sets of one space are the same pointer.
type Guard struct {
	id    uint32
	level int      // the variable it asks about; leaves have len(vars)
	kids  []*Guard // one for each class of the variable; nil for leaves
}

// guards interns the nodes of a space and remembers what they combine to.
type guards struct {
	vars     []*variable // in the order in which diagrams ask
	byKey    map[string]*Guard
	memo     map[setPair]*Guard
	no, yes  *Guard // the leaves
	possible *Guard // the contexts that requests can carry
	last     uint32
	limit    int    // of nodes; 0 for none
	over     bool   // the limit was reached: what is combined since then means nothing
	key      []byte // scratch
}

func newGuards(vars []*variable) *guards {
	g := &guards{vars: vars, byKey: map[string]*Guard{}, memo: map[setPair]*Guard{}}
	g.no, g.yes = &Guard{id: 0, level: len(vars)}, &Guard{id: 1, level: len(vars)}
	g.last, g.possible = 1, g.yes
	return g
}

// node returns the one node that asks about a variable and goes on with kids.
func (g *guards) node(level int, kids []*Guard) *Guard {
	if !slices.ContainsFunc(kids, func(k *Guard) bool { return k != kids[0] }) {
		return kids[0] // the answer makes no difference
	}
	g.key = binary.AppendUvarint(g.key[:0], uint64(level)) //nolint:gosec // small
	for _, k := range kids {
		g.key = binary.AppendUvarint(g.key, uint64(k.id))
	}
	if n, ok := g.byKey[string(g.key)]; ok {
		return n
	}
	if g.limit > 0 && len(g.byKey) >= g.limit {
		g.over = true
	}
	g.last++
	n := &Guard{id: g.last, level: level, kids: slices.Clone(kids)}
	g.byKey[string(g.key)] = n
	return n
}

// combine applies op to two sets of contexts. Time O(nodes of a × nodes of b).
func (g *guards) combine(op setOp, a, b *Guard) *Guard {
	switch {
	case a == b && op == opSub, a == g.no && op != opOr, b == g.no && op == opAnd, b == g.yes && op == opSub:
		return g.no
	case a == b, b == g.no, a == g.yes && op == opOr, b == g.yes && op == opAnd:
		return a
	case a == g.no, b == g.yes && op == opOr, a == g.yes && op == opAnd:
		return b
	}
	if g.over {
		return g.no
	}
	if op != opSub && a.id > b.id {
		a, b = b, a
	}
	pair := setPair{op, a.id, b.id}
	if c, ok := g.memo[pair]; ok {
		return c
	}
	level := min(a.level, b.level)
	kids := make([]*Guard, len(g.vars[level].classes))
	for i := range kids {
		kids[i] = g.combine(op, a.at(level, i), b.at(level, i))
	}
	c := g.node(level, kids)
	if len(g.memo) >= maxMemo {
		clear(g.memo)
	}
	g.memo[pair] = c
	return c
}

// without combines what a set comes to for each answer to an opaque question, so that
// it asks none. Time O(nodes of n), and that of combining.
func (g *guards) without(op setOp, n *Guard) *Guard {
	if n.kids == nil || g.over {
		return n
	}
	pair := setPair{op, n.id, n.id} // which combine does not ask for
	if c, ok := g.memo[pair]; ok {
		return c
	}
	kids := make([]*Guard, len(n.kids))
	for i, k := range n.kids {
		kids[i] = g.without(op, k)
	}
	var c *Guard
	if g.vars[n.level].key == "" {
		c = g.combine(op, kids[0], kids[1])
	} else {
		c = g.node(n.level, kids)
	}
	g.memo[pair] = c
	return c
}

// at follows the answer i to the question of a level.
func (n *Guard) at(level, i int) *Guard {
	if n.level != level {
		return n
	}
	return n.kids[i]
}

// literal returns the contexts in which the variable has one of the classes.
func (g *guards) literal(level int, in func(class int) bool) *Guard {
	kids := make([]*Guard, len(g.vars[level].classes))
	for i := range kids {
		kids[i] = g.no
		if in(i) {
			kids[i] = g.yes
		}
	}
	return g.node(level, kids)
}

// pick follows one way to yes: for each variable that matters a class, the first
// that leads there; -1 for the others.
func (g *guards) pick(n *Guard) []int {
	out := make([]int, len(g.vars))
	for i := range out {
		out[i] = -1
	}
	for n != g.yes {
		for i, k := range n.kids {
			if k != g.no {
				out[n.level], n = i, k
				break
			}
		}
	}
	return out
}

// holds reports whether a context of the picked classes is in a set; where any
// class will do, it is of the first. It marks the variables that it looks at.
func (g *guards) holds(n *Guard, point []int, asked []bool) bool {
	for n.kids != nil {
		asked[n.level] = true
		n = n.kids[max(point[n.level], 0)]
	}
	return n == g.yes
}

// levels marks the variables that a set depends on.
func (g *guards) levels(n *Guard, seen map[*Guard]bool, out []bool) {
	if n.kids == nil || seen[n] {
		return
	}
	seen[n], out[n.level] = true, true
	for _, k := range n.kids {
		g.levels(k, seen, out)
	}
}
