package place

import (
	"cmp"
	"math"
	"slices"

	"pathfinder/render/view"
)

// Sizes in the unit of the points: a pixel, when nothing is zoomed. The page
// draws frames around the cells with the same numbers (web/src/frames.js).
const (
	CellW, CellH = 150, 40
	Left, Top    = 20, 20 // where the point of a node lies in its cell
	Pad          = 12     // between a frame and what is in it
	Head         = 24     // for the name of a frame
	gap          = 48     // between those who act and what is reached
	aisle        = 28     // between frames
	window       = 1.4    // how much wider than high a window is
	sweeps       = 3      // how often the order is improved
	step         = 8      // rows are shifted by up to four of these
)

// A Point is where a node stands; y grows downwards.
type Point struct{ X, Y float64 }

// A Rect is the area of a frame. It is empty for a frame that holds no node.
type Rect struct{ X, Y, W, H float64 }

// A Layout is parallel to the nodes and the frames of a view.
type Layout struct {
	Nodes  []Point
	Frames []Rect
}

// Of places the nodes of a view.
func Of(v *view.View) Layout {
	p := newPlacer(v)
	p.arrange()
	for range sweeps {
		// One side at a time: two that follow each other at once change places for
		// ever.
		for _, groups := range [...][][]int{p.reached, p.acting} {
			p.improve(groups)
			p.arrange()
		}
	}
	return Layout{Nodes: p.points, Frames: p.areas[:len(v.Frames)]}
}

// A placer holds the tree of frames; the last one stands for the whole.
type placer struct {
	inside  [][]int // frame → the frames in it
	acting  [][]int // frame → its nodes that act, in order
	reached [][]int
	near    [][]int // node → its neighbours
	points  []Point
	areas   []Rect
}

func newPlacer(v *view.View) *placer {
	whole := len(v.Frames)
	p := &placer{
		inside: make([][]int, whole+1), acting: make([][]int, whole+1), reached: make([][]int, whole+1),
		near: make([][]int, len(v.Nodes)), points: make([]Point, len(v.Nodes)), areas: make([]Rect, whole+1),
	}
	frames := make(map[string]int, whole)
	for i := range v.Frames {
		f := &v.Frames[i]
		parent, ok := frames[f.Parent]
		if !ok || f.Parent == "" {
			parent = whole
		}
		p.inside[parent] = append(p.inside[parent], i)
		// Only frames before it can be its parents, so that there are no circles.
		if _, twice := frames[f.ID]; !twice {
			frames[f.ID] = i
		}
	}
	nodes := make(map[string]int, len(v.Nodes))
	for i := range v.Nodes {
		n := &v.Nodes[i]
		if _, twice := nodes[n.ID]; !twice {
			nodes[n.ID] = i
		}
		f, ok := frames[n.Frame]
		if !ok {
			f = whole
		}
		if n.Kind == "resource" {
			p.reached[f] = append(p.reached[f], i)
		} else {
			p.acting[f] = append(p.acting[f], i)
		}
	}
	for i := range v.Edges {
		from, ok1 := nodes[v.Edges[i].From]
		to, ok2 := nodes[v.Edges[i].To]
		if ok1 && ok2 && from != to {
			p.near[from] = append(p.near[from], to)
			p.near[to] = append(p.near[to], from)
		}
	}
	return p
}

// arrange gives every node the cell that its order says.
func (p *placer) arrange() {
	whole := len(p.areas) - 1
	middle := p.measureInside(whole)
	height := max(middle.H, CellH)
	left := beside(len(p.acting[whole]), height)
	right := beside(len(p.reached[whole]), height)
	x := 0.0
	if left.cols > 0 {
		p.put(p.acting[whole], left, 0, Head)
		x = left.width() + gap
	}
	p.settleInside(whole, x, 0)
	if right.cols > 0 {
		if middle.W > 0 {
			x += middle.W + gap
		}
		p.put(p.reached[whole], right, x, Head)
	}
}

// measure finds how large frame f is, and keeps it in its area.
func (p *placer) measure(f int) {
	in := p.measureInside(f)
	own := p.own(f)
	if in.W == 0 && own.W == 0 {
		p.areas[f] = Rect{}
		return
	}
	h := own.H + in.H
	if own.H > 0 && in.H > 0 {
		h += aisle
	}
	p.areas[f] = Rect{W: max(own.W, in.W) + 2*Pad, H: h + 2*Pad + Head}
}

// own is the size of the cells of frame f's own nodes.
func (p *placer) own(f int) Rect {
	a, r := squarish(len(p.acting[f])), squarish(len(p.reached[f]))
	w := a.width() + r.width()
	if a.cols > 0 && r.cols > 0 {
		w += gap
	}
	return Rect{W: w, H: max(a.height(), r.height())}
}

// measureInside stands the frames in f on shelves, the tallest first, and
// returns what they need together. Their areas hold where they are in it.
func (p *placer) measureInside(f int) Rect {
	area, widest := 0.0, 0.0
	order := make([]int, 0, len(p.inside[f]))
	for _, c := range p.inside[f] {
		p.measure(c)
		if s := p.areas[c]; s.W > 0 {
			area += (s.W + aisle) * (s.H + aisle)
			widest = max(widest, s.W)
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.areas[b].H, p.areas[a].H) })
	// Several widths are tried, for the one that fills a window best.
	best, width := math.Inf(1), 0.0
	for _, aspect := range [...]float64{0.8, 1.2, 1.6, 2, 2.5, 3, 4, 6} {
		w := max(widest, math.Sqrt(area*aspect))
		if s := p.shelve(order, w); max(s.W, s.H*window) < best {
			best, width = max(s.W, s.H*window), w
		}
	}
	return p.shelve(order, width)
}

// shelve stands frames beside and below each other, at most as wide as width.
func (p *placer) shelve(order []int, width float64) Rect {
	var all Rect
	x, y, shelf := 0.0, 0.0, 0.0
	for _, c := range order {
		s := &p.areas[c]
		if x > 0 && x+s.W > width {
			x, y, shelf = 0, y+shelf+aisle, 0
		}
		s.X, s.Y = x, y
		x += s.W + aisle
		shelf = max(shelf, s.H)
		all.W, all.H = max(all.W, s.X+s.W), max(all.H, y+shelf)
	}
	return all
}

// settleInside moves the frames in f, whose areas are relative, to x and y.
func (p *placer) settleInside(f int, x, y float64) {
	for _, c := range p.inside[f] {
		s := &p.areas[c]
		if s.W == 0 {
			continue
		}
		s.X, s.Y = s.X+x, s.Y+y
		top, left := s.Y+Pad+Head, s.X+Pad
		acting, reached := squarish(len(p.acting[c])), squarish(len(p.reached[c]))
		p.put(p.acting[c], acting, left, top)
		at := left
		if acting.cols > 0 {
			at += acting.width() + gap
		}
		p.put(p.reached[c], reached, at, top)
		if own := p.own(c); own.H > 0 {
			top += own.H + aisle
		}
		p.settleInside(c, left, top)
	}
}

// put gives nodes the cells of a grid row by row.
func (p *placer) put(nodes []int, g grid, x, y float64) {
	for i, n := range nodes {
		row := i / g.cols
		p.points[n] = Point{x + float64(i%g.cols)*CellW + shift(row) + Left, y + float64(row)*CellH + Top}
	}
}

// improve orders the nodes of each group, one a frame, by where their neighbours
// stand.
func (p *placer) improve(groups [][]int) {
	wish := make([]Point, len(p.points))
	for i, near := range p.near {
		if len(near) == 0 {
			wish[i] = p.points[i]
			continue
		}
		for _, j := range near {
			wish[i].X += p.points[j].X / float64(len(near))
			wish[i].Y += p.points[j].Y / float64(len(near))
		}
	}
	whole := len(p.areas) - 1
	for f, nodes := range groups {
		cols := squarish(len(nodes)).cols
		if f == whole {
			cols = beside(len(nodes), max(p.measureInside(whole).H, CellH)).cols
		}
		order(nodes, wish, cols)
	}
}

// order sorts nodes into rows by the height they wish for, and each row from
// left to right. Nodes that wish for the same keep their order.
func order(nodes []int, wish []Point, cols int) {
	slices.SortStableFunc(nodes, func(a, b int) int { return cmp.Compare(wish[a].Y, wish[b].Y) })
	for i := 0; i < len(nodes); i += cols {
		row := nodes[i:min(i+cols, len(nodes))]
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(wish[a].X, wish[b].X) })
	}
}

// A grid is a block of cells.
type grid struct{ cols, rows int }

func (g grid) width() float64 {
	w := float64(g.cols) * CellW
	if g.rows > 1 {
		w += 4 * step
	}
	return w
}

func (g grid) height() float64 { return float64(g.rows) * CellH }

// shift moves rows apart, so that an edge along a column does not run through
// the nodes between its ends.
func shift(row int) float64 { return float64(row*3%5) * step }

// squarish is a grid for n nodes that is about as wide as it is high.
func squarish(n int) grid {
	if n == 0 {
		return grid{}
	}
	cols := max(1, int(math.Round(math.Sqrt(float64(n)*CellH/CellW))))
	return grid{cols, (n + cols - 1) / cols}
}

// beside is a grid for n nodes that is not much higher than height, unless that
// is low.
func beside(n int, height float64) grid {
	if n == 0 {
		return grid{}
	}
	cols := max(1, min(int(math.Ceil(float64(n)*CellH/height)), squarish(n).cols))
	return grid{cols, (n + cols - 1) / cols}
}
