package explorer

import (
	"cmp"
	"math"
	"slices"

	"pathfinder/render/view"
)

// Distances of a drawing: nodes of a column are apart by 1.
const (
	columnGap = 4.5 // between columns: room for names
	framePad  = 1.2 // between a frame and what is in it
	frameTop  = 1.2 // room for a frame's name
	sweeps    = 3   // over the columns, to put neighbours beside each other
)

// Positions returns where the nodes of a view stand, y upwards: in columns from the
// left, who acts, to the right, what is reached; frames lie in frames and side by side,
// and no two overlap. Its cost is about linear in nodes and edges.
func Positions(v *view.View) map[string][2]float64 {
	p := &placing{view: v, of: map[string][2]float64{}, nodes: map[string][]int{}, frames: map[string][]int{}}
	known := map[string]bool{}
	for i := range v.Frames {
		known[v.Frames[i].ID] = true
	}
	for i := range v.Frames {
		f := &v.Frames[i]
		if !known[f.Parent] {
			p.frames[""] = append(p.frames[""], i)
			continue
		}
		p.frames[f.Parent] = append(p.frames[f.Parent], i)
	}
	at := map[string]int{}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		at[n.ID] = i
		if known[n.Frame] {
			p.nodes[n.Frame] = append(p.nodes[n.Frame], i)
		} else {
			p.nodes[""] = append(p.nodes[""], i)
		}
	}
	p.near = make([][]int, len(v.Nodes))
	for i := range v.Edges {
		from, to := at[v.Edges[i].From], at[v.Edges[i].To]
		p.near[from], p.near[to] = append(p.near[from], to), append(p.near[to], from)
	}
	p.x, p.y = make([]float64, len(v.Nodes)), make([]float64, len(v.Nodes))
	all := p.root()
	for _, m := range all.nodes {
		p.of[v.Nodes[m.node].ID] = [2]float64{round(m.x), round(-m.y)}
	}
	return p.of
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// A placing knows what lies in what.
type placing struct {
	view   *view.View
	of     map[string][2]float64
	nodes  map[string][]int // by frame
	frames map[string][]int // by the frame around
	near   [][]int
	x, y   []float64 // within the innermost frame, so far
}

// A block is a rectangle with nodes in it, from its upper left corner.
type block struct {
	w, h  float64
	nodes []spot
}

type spot struct {
	node int
	x, y float64
}

// maxDepth is how deep frames may lie in each other; organizations have five levels.
const maxDepth = 64

// frame places what is in a frame: its own nodes in columns, and the frames in it
// around these.
func (p *placing) frame(id string, depth int) block {
	var blocks []block
	if own := p.nodes[id]; len(own) > 0 {
		blocks = append(blocks, p.columns(own))
	}
	if depth < maxDepth {
		for _, i := range p.frames[id] {
			b := p.frame(p.view.Frames[i].ID, depth+1)
			if len(b.nodes) > 0 {
				blocks = append(blocks, b.framed())
			}
		}
	}
	return shelves(blocks)
}

// root places everything: on the left what is in no frame, as are services and
// everybody.
func (p *placing) root() block {
	own := p.nodes[""]
	delete(p.nodes, "")
	inside := p.frame("", 0)
	if len(own) == 0 {
		return inside
	}
	b := p.columns(own)
	left := b.w + columnGap
	down := max(0, inside.h-b.h) / 2
	for i := range b.nodes {
		b.nodes[i].y += down
	}
	for _, s := range inside.nodes {
		b.nodes = append(b.nodes, spot{s.node, left + s.x, s.y})
	}
	return b
}

// framed is a block with room around it.
func (b block) framed() block {
	for i := range b.nodes {
		b.nodes[i].x += framePad
		b.nodes[i].y += framePad + frameTop
	}
	b.w, b.h = b.w+2*framePad, b.h+2*framePad+frameTop
	return b
}

// column says in which column a node of a kind stands.
func column(n *view.Node) int {
	switch n.Kind {
	case "public", "service", "provider", "organization":
		return 0
	case "user", "group", "unit":
		return 1
	case "resource":
		return 3
	}
	return 2
}

// columns places nodes in four columns, each as wide as it takes to be not too high,
// and orders each by where the neighbours stand.
func (p *placing) columns(nodes []int) block {
	var in [4][]int
	for _, i := range nodes {
		c := column(&p.view.Nodes[i])
		in[c] = append(in[c], i)
	}
	high := max(3, int(math.Ceil(math.Sqrt(float64(len(nodes))*columnGap))))
	b := block{}
	for range sweeps {
		b = block{}
		left := 0.5
		for c := range in {
			if len(in[c]) == 0 {
				continue
			}
			for k, i := range in[c] {
				p.x[i], p.y[i] = left+columnGap*float64(k/high), 0.5+float64(k%high)
				b.nodes = append(b.nodes, spot{i, p.x[i], p.y[i]})
				b.w, b.h = max(b.w, p.x[i]+0.5), max(b.h, p.y[i]+0.5)
			}
			left += columnGap * float64(1+(len(in[c])-1)/high)
		}
		for c := range in {
			p.sort(in[c], high)
		}
	}
	b.w += columnGap / 2 // for the names of the last column
	return b
}

// sort orders the nodes of a column by the middle of their neighbours.
func (p *placing) sort(nodes []int, high int) {
	middle := make(map[int]float64, len(nodes))
	for k, i := range nodes {
		sum, n := 0.0, 0
		for _, j := range p.near[i] {
			sum += p.y[j]
			n++
		}
		middle[i] = float64(k % high)
		if n > 0 {
			middle[i] = sum / float64(n)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
}

// shelves puts blocks side by side in rows, the highest first, so that the whole is
// about as wide as a screen.
func shelves(blocks []block) block {
	if len(blocks) == 1 {
		return blocks[0]
	}
	if len(blocks) == 0 {
		return block{}
	}
	area, widest := 0.0, 0.0
	for _, b := range blocks {
		area += (b.w + 1) * (b.h + 1)
		widest = max(widest, b.w)
	}
	width := max(widest, math.Sqrt(area*1.6))
	order := make([]int, len(blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(blocks[b].h, blocks[a].h) })
	var out block
	x, y, row := 0.0, 0.0, 0.0
	for _, i := range order {
		b := blocks[i]
		if x > 0 && x+b.w > width {
			x, y, row = 0, y+row+1, 0
		}
		for _, s := range b.nodes {
			out.nodes = append(out.nodes, spot{s.node, x + s.x, y + s.y})
		}
		out.w, out.h = max(out.w, x+b.w), max(out.h, y+b.h)
		x, row = x+b.w+1, max(row, b.h)
	}
	return out
}
