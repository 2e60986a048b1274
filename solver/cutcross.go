package solver

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/simple"

	"pathfinder/graphmodel/inventory"
)

// crossed finds the principals that all ways of several unwanted ones cross: those
// that dominate them in the graph of all hops, read from what is asked about. A hop
// that no way can take, for what its session would have to carry, is an edge as well,
// so that there may be more such principals, but no fewer.
func (c *cutter) crossed() []CutCrossing {
	g := simple.NewDirectedGraph()
	const target = 0
	ids := map[string]int64{"": target}
	names := []string{""}
	node := func(name string) int64 {
		id, ok := ids[name]
		if !ok {
			id = int64(len(names))
			ids[name] = id
			names = append(names, name)
		}
		return id
	}
	edge := func(from, to int64) {
		if from != to {
			g.SetEdge(g.NewEdge(simple.Node(from), simple.Node(to)))
		}
	}
	var queue []*inventory.Principal
	reached := map[string]bool{}
	enter := func(p *inventory.Principal) {
		if p != nil && p.Kind == inventory.Role && !reached[p.ARN] {
			reached[p.ARN] = true
			queue = append(queue, p)
		}
	}
	for i := range c.base {
		p := &c.base[i].path
		if len(p.hops) == 0 {
			edge(target, node(p.start.caller.ARN))
			enter(p.start.principal)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		role := queue[0]
		for _, h := range c.s.edges.callersOf(role) {
			if c.s.cfg.Unconditional && len(h.guard) > 0 {
				continue
			}
			edge(node(role.ARN), node(h.from.caller.ARN))
			enter(h.from.principal)
		}
	}
	for _, a := range c.alone() {
		for _, h := range c.s.hopsFrom(&a) {
			if reached[h.to.ARN] && (!c.s.cfg.Unconditional || len(h.guard) == 0) {
				edge(node(h.to.ARN), node(a.caller.ARN))
			}
		}
	}
	if g.Node(target) == nil {
		return []CutCrossing{}
	}
	tree := flow.Dominators(simple.Node(target), g)
	starts := map[int64]int{}
	for _, who := range c.unwanted {
		for at := node(who); ; {
			starts[at]++
			over := tree.DominatorOf(at)
			if over == nil || over.ID() == target {
				break
			}
			at = over.ID()
		}
	}
	out := []CutCrossing{}
	for id, n := range starts {
		if n > 1 {
			out = append(out, CutCrossing{Principal: names[id], Starts: n, All: n == len(c.unwanted)})
		}
	}
	slices.SortFunc(out, func(a, b CutCrossing) int {
		return cmp.Or(-cmp.Compare(a.Starts, b.Starts), strings.Compare(a.Principal, b.Principal))
	})
	return out
}
