package view

import (
	"cmp"
	"fmt"
	"slices"
)

// Limits of what [View.Fit] leaves: more nobody can read at a look.
const (
	MaxNodes = 100
	MaxEdges = 120
)

// readable is how many nodes a picture may have before groups of two are folded.
const readable = 40

// Fit makes a view small enough for a picture. It folds what is alike in an account,
// and across accounts. While that leaves too much, it goes on step by step, and notes
// each: what has edges to the same, whatever they say; what reaches the same; resources
// of a type; what is of one kind in an account; accounts; what is of one kind in an
// organizational unit; and in the end it keeps the nodes with most edges.
func (v *View) Fit() *View {
	v = v.Fold(3)
	if len(v.Nodes) > readable {
		v = v.Fold(2)
	}
	steps := []func(*View) *View{
		func(v *View) *View { return v.fold(2, likeness{across: true}) },
		(*View).loosely,
		(*View).reach,
		func(v *View) *View { return v.resourcesByType().loosely() },
		(*View).reach,
		(*View).byKind,
		(*View).byAccount,
		(*View).loosely,
		(*View).byKind,
		(*View).most,
	}
	for _, step := range steps {
		if v.fits() {
			break
		}
		v = step(v)
	}
	return v
}

// loosely folds what has edges to and from the same nodes.
func (v *View) loosely() *View {
	out := v.fold(2, likeness{loosely: true})
	if len(out.Nodes) < len(v.Nodes) {
		out.note("What leads to and from the same is drawn as one, though not each by all the actions.")
	}
	return out
}

// reach folds what reaches the same nodes, whoever leads to it.
func (v *View) reach() *View {
	out := v.fold(2, likeness{loosely: true, outward: true})
	if len(out.Nodes) < len(v.Nodes) {
		out.note("What reaches the same is drawn as one, though not each by all the actions, and not each from all that lead to it.")
	}
	return out
}

// resourcesByType shows the resources of a type in an account as one.
func (v *View) resourcesByType() *View {
	out := v.by(func(n *Node) string {
		if n.Kind != "resource" {
			return ""
		}
		return n.Frame + "\x00" + n.Type
	})
	if len(out.Nodes) < len(v.Nodes) {
		out.note("Resources of a type in an account are drawn as one: an arrow says that some of them are reached, not each.")
	}
	return out
}

func (v *View) fits() bool { return len(v.Nodes) <= MaxNodes && len(v.Edges) <= MaxEdges }

// by merges the nodes of which of says the same; what the question was about stays
// by itself.
func (v *View) by(of func(*Node) string) *View {
	var groups [][]int
	place := map[string]int{}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		key := of(n)
		if n.Focus || key == "" {
			groups = append(groups, []int{i})
			continue
		}
		k, ok := place[key]
		if !ok {
			k = len(groups)
			place[key] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	return v.merge(groups, false)
}

// byKind shows what is of one kind in an account, or in a unit, as one. Accounts that
// are in none stay apart: nothing says that they have anything in common.
func (v *View) byKind() *View {
	out := v.by(func(n *Node) string {
		if n.Kind == "account" && n.Frame == "" {
			return ""
		}
		return n.Frame + "\x00" + n.Kind + "\x00" + n.Type + "\x00" + fmt.Sprint(n.External)
	})
	out.note("What is of one kind in a frame is drawn as one: an arrow says that some of it has the access, not each.")
	return out
}

// byAccount shows accounts as nodes.
func (v *View) byAccount() *View {
	frame := map[string]Frame{}
	for _, f := range v.Frames {
		frame[f.ID] = f
	}
	out := v.by(func(n *Node) string { return n.Account })
	now := map[string]string{} // ids
	for i := range out.Nodes {
		n := &out.Nodes[i]
		now[n.ID] = n.ID
		if n.Account != "" && !n.Focus && len(n.Members) > 0 {
			n.Kind, n.Type, n.Lines, n.Denies, n.Members, n.Label = "account", "", nil, nil, nil, cmp.Or(frame[n.Account].Label, n.Account)
			now[n.ID] = n.Account
			n.ID, n.Frame = now[n.ID], frame[n.Account].Parent
		}
	}
	for i := range out.Edges {
		e := &out.Edges[i]
		e.From, e.To = now[e.From], now[e.To]
	}
	out.Frames = out.used()
	out.note("Accounts are drawn as one: an arrow says that something in one reaches something in the other.")
	return out
}

// most keeps the nodes with most edges, and the edges that stand for most.
func (v *View) most() *View {
	out := *v
	degree := map[string]int{}
	for i := range v.Edges {
		degree[v.Edges[i].From] += v.Edges[i].Count
		degree[v.Edges[i].To] += v.Edges[i].Count
	}
	order := make([]int, len(v.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &v.Nodes[a], &v.Nodes[b]
		return cmp.Or(truth(y.Focus)-truth(x.Focus), degree[y.ID]-degree[x.ID])
	})
	order = order[:min(MaxNodes, len(order))]
	slices.Sort(order)
	kept := map[string]bool{}
	out.Nodes = nil
	for _, i := range order {
		kept[v.Nodes[i].ID] = true
		out.Nodes = append(out.Nodes, v.Nodes[i])
	}
	if n := v.count() - out.count(); n > 0 {
		out.note(fmt.Sprintf("And %d more that have fewer edges and are not drawn.", n))
	}
	out.Edges = nil
	for i := range v.Edges {
		if e := &v.Edges[i]; kept[e.From] && kept[e.To] {
			out.Edges = append(out.Edges, *e)
		}
	}
	if n := len(out.Edges) - MaxEdges; n > 0 {
		slices.SortStableFunc(out.Edges, func(a, b Edge) int { return b.Count - a.Count })
		n = 0
		for i := range out.Edges[MaxEdges:] {
			n += out.Edges[MaxEdges+i].Count
		}
		out.Edges = out.Edges[:MaxEdges]
		out.note(fmt.Sprintf("And %d more arrows between these that stand for less and are not drawn.", n))
	}
	out.Frames = out.used()
	return &out
}

// count counts what the nodes stand for.
func (v *View) count() (n int) {
	for i := range v.Nodes {
		n += v.Nodes[i].Count()
	}
	return n
}

// note adds a note; the list may be shared with another view.
func (v *View) note(s string) {
	if !slices.Contains(v.Notes, s) {
		v.Notes = append(slices.Clip(v.Notes), s)
	}
}
