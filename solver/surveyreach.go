package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// A reach is who gets sessions of which roles, by any number of hops: the
// closure of the assume edges (E234), over their strongly connected components.
type reach struct {
	all, certain closure
	components   int
	chains       int64
}

// A closure holds, for each principal, the roles it reaches, by number. Many
// share one list.
type closure struct {
	component []uint32   // of each node
	sets      [][]uint32 // of each component, in order
	rows      *rows
}

// rows are edges in compressed rows: those of node n lead to to[off[n]:off[n+1]].
// Principals come first, by number; then the groups of callers that edges are
// stored as. A principal leads to its groups, a group to roles.
type rows struct {
	principals uint32
	off, to    []uint32
}

func (r *rows) of(n uint32) []uint32 { return r.to[r.off[n]:r.off[n+1]] }

// An arc is an edge before it stands in a row.
type arc struct{ from, to uint32 }

// newRows sorts arcs into rows. Time O(nodes + arcs).
func newRows(principals, nodes uint32, arcs []arc) *rows {
	r := &rows{principals: principals, off: make([]uint32, nodes+1), to: make([]uint32, len(arcs))}
	for _, a := range arcs {
		r.off[a.from+1]++
	}
	for i := range nodes {
		r.off[i+1] += r.off[i]
	}
	next := slices.Clone(r.off)
	for _, a := range arcs {
		r.to[next[a.from]] = a.to
		next[a.from]++
	}
	return r
}

// closure closes the assume edges of a survey.
func (v *Survey) closure(principals uint32) *reach {
	all, certain := v.arcs(principals)
	out := &reach{all: closeRows(all), certain: closeRows(certain)}
	out.components = len(out.all.sets)
	for n := range principals {
		roles := out.all.of(n)
		out.chains += int64(len(roles))
		if _, self := slices.BinarySearch(roles, n); self {
			out.chains--
		}
	}
	return out
}

// arcs lists the assume edges, and those of them that need no open condition.
func (v *Survey) arcs(principals uint32) (all, certain *rows) {
	g := grouping{nodes: principals, of: map[*mates]uint32{}}
	for _, x := range v.accounts {
		users := uint32(len(x.account.Held().Users)) //nolint:gosec // as for principals
		for i := range x.edges {
			r, to := &x.edges[i], x.first+users+uint32(i) //nolint:gosec // as for principals
			for _, b := range r.bases {
				for j, l := range b.labels {
					if l != nil {
						g.add(&b.split.parties[j].mates, r.except, to, l)
					}
				}
			}
			for j := range r.own {
				g.add(r.own[j].mates, nil, to, r.own[j].label)
			}
		}
	}
	return newRows(principals, g.nodes, g.arcs), newRows(principals, g.nodes, g.sure)
}

// A grouping makes nodes of groups of callers.
type grouping struct {
	nodes      uint32
	of         map[*mates]uint32
	arcs, sure []arc
}

// add adds the edges of some callers, without exceptions, into a role.
func (g *grouping) add(who *mates, except []uint32, to uint32, l *label) {
	certain := l.certain()
	edge := func(from uint32) {
		g.arcs = append(g.arcs, arc{from, to})
		if certain {
			g.sure = append(g.sure, arc{from, to})
		}
	}
	without := func(n uint32) bool {
		_, found := slices.BinarySearch(except, n)
		return found
	}
	if len(who.members) == 1 || slices.ContainsFunc(who.members, without) {
		for _, n := range who.members {
			if !without(n) {
				edge(n)
			}
		}
		return
	}
	id, known := g.of[who]
	if !known {
		id = g.nodes
		g.nodes++
		g.of[who] = id
		for _, n := range who.members {
			g.arcs, g.sure = append(g.arcs, arc{n, id}), append(g.sure, arc{n, id})
		}
	}
	edge(id)
}

// closeRows finds what each node reaches: components in one walk, and their sets in
// the order in which Tarjan's algorithm ends them, successors first.
func closeRows(r *rows) closure {
	nodes := uint32(len(r.off) - 1) //nolint:gosec // as for principals
	c := closure{component: make([]uint32, nodes), rows: r}
	t := tarjan{rows: r, index: make([]uint32, nodes), low: make([]uint32, nodes), component: c.component}
	for i := range c.component {
		c.component[i] = noComponent
	}
	t.found = func(members []uint32) {
		c.sets = append(c.sets, c.union(members))
	}
	for n := range nodes {
		if t.index[n] == 0 {
			t.walk(n)
		}
	}
	return c
}

// of returns the roles that a principal reaches, in order. Itself is among them
// when it may assume itself, or is on a cycle.
func (c *closure) of(n uint32) []uint32 { return c.sets[c.component[n]] }

// union returns what the members of a component reach.
func (c *closure) union(members []uint32) []uint32 {
	r := c.rows
	var sets [][]uint32
	var own []uint32
	for _, n := range members {
		for _, to := range r.of(n) {
			if to < r.principals {
				own = append(own, to)
			}
			if at := c.component[to]; at != noComponent && int(at) < len(c.sets) && len(c.sets[at]) > 0 {
				sets = append(sets, c.sets[at])
			}
		}
	}
	if len(own) == 0 && len(sets) <= 1 {
		if len(sets) == 0 {
			return nil
		}
		return sets[0] // shared
	}
	out := own
	for _, s := range sets {
		out = append(out, s...)
	}
	slices.Sort(out)
	return slices.Clip(slices.Compact(out))
}

const noComponent = ^uint32(0)

// tarjan walks a graph without recursion: chains of roles can be long.
type tarjan struct {
	rows          *rows
	index, low    []uint32 // 0: not seen
	component     []uint32
	clock, number uint32
	stack         []uint32
	calls         []call
	found         func(members []uint32)
}

// A call is a node that is being walked, and how far.
type call struct{ node, next uint32 }

func (t *tarjan) walk(start uint32) {
	t.enter(start)
	for len(t.calls) > 0 {
		at := &t.calls[len(t.calls)-1]
		if row := t.rows.of(at.node); at.next < uint32(len(row)) { //nolint:gosec // as for principals
			to := row[at.next]
			at.next++
			switch {
			case t.index[to] == 0:
				t.enter(to)
			case t.component[to] == noComponent:
				t.low[at.node] = min(t.low[at.node], t.index[to])
			}
			continue
		}
		n := at.node
		t.calls = t.calls[:len(t.calls)-1]
		if len(t.calls) > 0 {
			up := t.calls[len(t.calls)-1].node
			t.low[up] = min(t.low[up], t.low[n])
		}
		if t.low[n] == t.index[n] {
			t.leave(n)
		}
	}
}

func (t *tarjan) enter(n uint32) {
	t.clock++
	t.index[n], t.low[n] = t.clock, t.clock
	t.stack, t.calls = append(t.stack, n), append(t.calls, call{node: n})
}

// leave ends the component of n.
func (t *tarjan) leave(n uint32) {
	at := len(t.stack) - 1
	for t.stack[at] != n {
		at--
	}
	members := t.stack[at:]
	for _, m := range members {
		t.component[m] = t.number
	}
	t.found(members)
	t.number++
	t.stack = t.stack[:at]
}

// Reaches tells whether a principal may get a session of a role by some chain,
// and whether by one on which no hop has an open condition. What the sessions of
// a chain carry is left aside: a chain that only tags of a session open counts.
func (v *Survey) Reaches(principal, role string) (possible, certain bool) {
	from, to := v.s.inv.Principal(principal), v.s.inv.Principal(role)
	if from == nil || to == nil || from == to {
		return false, false
	}
	n, m := v.number(from), v.number(to)
	_, possible = slices.BinarySearch(v.reach.all.of(n), m)
	_, certain = slices.BinarySearch(v.reach.certain.of(n), m)
	return possible, certain
}

func (v *Survey) number(p *inventory.Principal) uint32 { return v.of[p.Account].numbers[p] }
