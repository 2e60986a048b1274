package view

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"pathfinder/solver"
)

// Fold puts nodes into one that stand in the same frame, are of one kind, and
// have the same edges to the same others; groups of fewer than least stay as they
// are. It is exact: what a folded node has, each of its members has, to each
// member of the other end. What the question was about stays by itself.
func (v *View) Fold(least int) *View { return v.fold(least, likeness{}) }

// A likeness says what nodes need not have in common to be shown as one.
type likeness struct {
	across  bool // the account they stand in
	loosely bool // what their edges say: they must lead to and from the same nodes
	outward bool // the edges that lead to them, if some lead from them
}

// fold folds until nothing is left to fold.
func (v *View) fold(least int, like likeness) *View {
	for {
		groups := v.alike(like)
		merged := false
		for _, g := range groups {
			merged = merged || len(g) > 1 && len(g) >= least
		}
		if !merged {
			return v
		}
		whole := make([][]int, 0, len(groups))
		for _, g := range groups {
			if len(g) >= least {
				whole = append(whole, g)
				continue
			}
			for _, i := range g {
				whole = append(whole, []int{i})
			}
		}
		slices.SortFunc(whole, func(a, b []int) int { return a[0] - b[0] })
		v = v.merge(whole, !like.loosely)
	}
}

// alike groups the nodes that behave alike, each group in order, the groups by
// their first.
func (v *View) alike(like likeness) [][]int {
	words := map[string]uint32{}
	number := func(s string) uint32 {
		n, ok := words[s]
		if !ok {
			n = uint32(len(words)) //nolint:gosec // memory ends long before 2³²
			words[s] = n
		}
		return n
	}
	at := v.index()
	leads := make([]bool, len(v.Nodes)) // some edge leads from it
	for i := range v.Edges {
		leads[at[v.Edges[i].From]] = true
	}
	type mark struct{ other, word uint32 }
	ends := make([][]mark, len(v.Nodes))
	for i := range v.Edges {
		e := &v.Edges[i]
		says := e.Kind
		if !like.loosely {
			says = e.says()
		}
		from, to := at[e.From], at[e.To]
		ends[from] = append(ends[from], mark{uint32(to), number("→" + says)}) //nolint:gosec // as above
		if !like.outward || !leads[to] {
			ends[to] = append(ends[to], mark{uint32(from), number("←" + says)}) //nolint:gosec // as above
		}
	}
	var groups [][]int
	group := map[string]int{}
	var key []byte
	for i := range v.Nodes {
		n := &v.Nodes[i]
		if n.Focus {
			groups = append(groups, []int{i})
			continue
		}
		slices.SortFunc(ends[i], func(a, b mark) int {
			if a.other != b.other {
				return int(a.other) - int(b.other)
			}
			return int(a.word) - int(b.word)
		})
		ends[i] = slices.Compact(ends[i])
		key = n.appendLooks(key[:0], like.across)
		for _, m := range ends[i] {
			key = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(key, m.other), m.word)
		}
		g, ok := group[string(key)]
		if !ok {
			g = len(groups)
			group[string(key)] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// appendLooks appends what nodes must have in common to be shown as one.
func (n *Node) appendLooks(b []byte, across bool) []byte {
	for _, s := range slices.Concat([]string{n.Kind, n.Type}, n.Lines, []string{"\x01"}, n.Denies) {
		b = append(append(b, s...), 0)
	}
	if !across {
		b = append(append(b, n.Frame...), 0)
	}
	return append(b, byte('0'+truth(n.External)), byte('0'+truth(n.Cycle)), 0)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// says returns all that tells edges between the same nodes apart, but for the
// statements that they come from.
func (e *Edge) says() string {
	condition, _ := e.Condition.MarshalJSON()
	return strings.Join([]string{
		e.Kind, strings.Join(e.Actions, ","), e.Label, string(condition), fmt.Sprint(e.Some, e.Open, e.Cut, e.Deny),
	}, "\x00")
}

// merge makes one node of each group, and one edge of those that say the same
// between the same groups. exact says that each member has the edges of its group.
func (v *View) merge(groups [][]int, exact bool) *View {
	out := *v
	out.Nodes = make([]Node, 0, len(groups))
	up := v.parents()
	now := make(map[string]string, len(v.Nodes)) // ids
	loose := map[string]bool{}                   // new nodes whose members need not have the same edges
	for _, g := range groups {
		n := v.together(g, up)
		for _, i := range g {
			now[v.Nodes[i].ID] = n.ID
		}
		loose[n.ID] = !exact && len(g) > 1
		out.Nodes = append(out.Nodes, n)
	}
	out.Edges = v.moved(now, loose)
	if !exact {
		out.Edges = bundle(out.Edges, loose)
	}
	out.Frames = out.used()
	return &out
}

// together makes one node of several.
func (v *View) together(group []int, up map[string]string) Node {
	n := v.Nodes[group[0]]
	if len(group) == 1 {
		return n
	}
	n.Members = nil
	for _, i := range group {
		m := &v.Nodes[i]
		n.Members = append(n.Members, m.IDs()...)
		if m.Frame != n.Frame {
			n.Frame = around(up, n.Frame, m.Frame)
		}
		if m.Account != n.Account {
			n.Account = ""
		}
		if m.Label != n.Label {
			n.Label = ""
		}
		if m.Type != n.Type {
			n.Type = ""
		}
		if !slices.Equal(m.Lines, n.Lines) || !slices.Equal(m.Denies, n.Denies) {
			n.Lines, n.Denies = nil, nil
		}
		n.External = n.External && m.External
		n.Cycle = n.Cycle || m.Cycle
	}
	return n
}

// moved returns the edges between the nodes that stand for their ends now.
func (v *View) moved(now map[string]string, loose map[string]bool) []Edge {
	out := make([]Edge, 0, len(v.Edges))
	first := map[string]int{}
	for i := range v.Edges {
		e := v.Edges[i]
		e.From, e.To = now[e.From], now[e.To]
		if loose[e.From] || loose[e.To] {
			if e.From == e.To {
				continue // it doesn't leave what is shown as one
			}
			e = e.summary()
		}
		key := e.From + "\x00" + e.To + "\x00" + e.says()
		if k, ok := first[key]; ok {
			out[k].Count += e.Count
			out[k].Weight = max(out[k].Weight, e.Weight)
			out[k].Because = refs(out[k].Because, e.Because)
			continue
		}
		first[key] = len(out)
		out = append(out, e)
	}
	return out
}

// summary returns the edge as it is shown where it holds for some only.
func (e Edge) summary() Edge {
	e.Some = true
	if e.Condition != nil {
		e.Open, e.Condition = true, nil
	}
	return e
}

// bundle makes one edge of those of a kind between the same nodes, where one of these
// is loose; what holds under a condition only stays apart from what always holds.
func bundle(edges []Edge, loose map[string]bool) []Edge {
	out := edges[:0]
	first := map[string]int{}
	for i := range edges {
		e := edges[i]
		if !loose[e.From] && !loose[e.To] {
			out = append(out, e)
			continue
		}
		key := strings.Join([]string{e.From, e.To, e.Kind, fmt.Sprint(e.Cut, e.Deny, e.Conditional())}, "\x00")
		k, ok := first[key]
		if !ok {
			first[key] = len(out)
			out = append(out, e)
			continue
		}
		have := &out[k]
		have.Count += e.Count
		have.Weight = max(have.Weight, e.Weight)
		have.Some = have.Some || e.Some
		have.Open, have.Condition = have.Conditional(), nil
		have.Actions = union(have.Actions, e.Actions)
		have.Because = refs(have.Because, e.Because)
		if have.Label != e.Label {
			have.Label = ""
		}
	}
	return out
}

// Conditional reports whether the edge holds under a condition only.
func (e *Edge) Conditional() bool { return e.Open || len(e.Condition) > 0 }

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// maxRefs is how many statements an edge that stands for several names.
const maxRefs = 64

func refs(a, b []solver.StatementRef) []solver.StatementRef {
	if len(a) >= maxRefs {
		return a
	}
	out := slices.Clone(a)
	for _, r := range b {
		if len(out) < maxRefs && !slices.ContainsFunc(out, func(have solver.StatementRef) bool {
			return have.Policy == r.Policy && have.Type == r.Type && have.Statement == r.Statement
		}) {
			out = append(out, r)
		}
	}
	return out
}

// parents tells the frame around each frame.
func (v *View) parents() map[string]string {
	up := make(map[string]string, len(v.Frames))
	for i := range v.Frames {
		up[v.Frames[i].ID] = v.Frames[i].Parent
	}
	return up
}

// around returns the innermost frame around two frames; "" for none.
func around(parent map[string]string, a, b string) string {
	above := map[string]bool{}
	for ; a != ""; a = parent[a] {
		above[a] = true
	}
	for ; b != "" && !above[b]; b = parent[b] {
	}
	return b
}

// used returns the frames that nodes stand in, with those around them.
func (v *View) used() []Frame {
	parent := v.parents()
	needed := map[string]bool{}
	for i := range v.Nodes {
		for id := v.Nodes[i].Frame; id != "" && !needed[id]; id = parent[id] {
			needed[id] = true
		}
	}
	out := []Frame{}
	for _, f := range v.Frames {
		if needed[f.ID] {
			out = append(out, f)
		}
	}
	return out
}
