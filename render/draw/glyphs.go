package draw

import (
	"fmt"
	"strings"

	"pathfinder/render"
)

// A stroke is a line of a glyph in a box of 16 × 16: of points, or a circle.
type stroke struct {
	points []float64 // x, y, x, y …
	closed bool
	circle [3]float64 // x, y, radius; radius 0 for none
}

func line(points ...float64) stroke  { return stroke{points: points} }
func shape(points ...float64) stroke { return stroke{points: points, closed: true} }
func circle(x, y, r float64) stroke  { return stroke{circle: [3]float64{x, y, r}} }

// glyphs are our own signs for kinds of nodes.
var glyphs = map[render.Glyph][]stroke{
	render.GlyphUser:         {circle(8, 5, 3), line(2, 14.5, 2.6, 11.5, 5, 9.8, 11, 9.8, 13.4, 11.5, 14, 14.5)},
	render.GlyphRole:         {shape(1, 11.5, 15, 11.5, 15, 13, 1, 13), line(4, 11.5, 4.7, 4, 8, 5.2, 11.3, 4, 12, 11.5)},
	render.GlyphGroup:        {circle(5.5, 5.5, 2.5), circle(11.5, 6.5, 2), line(1, 14, 1.6, 11, 3.5, 9.6, 7.5, 9.6, 9.4, 11, 10, 14), line(11, 10, 13, 10, 14.6, 11.4, 15, 14)},
	render.GlyphRoot:         {shape(2, 13, 2, 4.5, 5.5, 8, 8, 3, 10.5, 8, 14, 4.5, 14, 13)},
	render.GlyphAccount:      {shape(2, 3, 14, 3, 14, 13.5, 2, 13.5), line(2, 6.5, 14, 6.5), line(4.5, 9.5, 8, 9.5), line(4.5, 11.5, 10.5, 11.5)},
	render.GlyphUnit:         {shape(1.5, 3.5, 6, 3.5, 7.5, 5.5, 14.5, 5.5, 14.5, 13, 1.5, 13)},
	render.GlyphOrganization: {shape(6, 2, 10, 2, 10, 5, 6, 5), shape(1.5, 11, 5.5, 11, 5.5, 14, 1.5, 14), shape(10.5, 11, 14.5, 11, 14.5, 14, 10.5, 14), line(8, 5, 8, 8, 3.5, 8, 3.5, 11), line(8, 8, 12.5, 8, 12.5, 11)},
	render.GlyphPublic:       {circle(8, 8, 6.5), line(1.5, 8, 14.5, 8), line(8, 1.5, 5.6, 4.5, 5, 8, 5.6, 11.5, 8, 14.5, 10.4, 11.5, 11, 8, 10.4, 4.5, 8, 1.5)},
	render.GlyphService:      {shape(8, 1.5, 13.6, 4.7, 13.6, 11.3, 8, 14.5, 2.4, 11.3, 2.4, 4.7), circle(8, 8, 2.5)},
	render.GlyphProvider:     {shape(1.5, 3.5, 14.5, 3.5, 14.5, 12.5, 1.5, 12.5), circle(5, 7, 1.6), line(2.8, 11, 3.4, 9.8, 6.6, 9.8, 7.2, 11), line(9, 6.5, 12.8, 6.5), line(9, 9, 12.8, 9)},
	render.GlyphBucket:       {line(2, 4, 4, 13.5, 12, 13.5, 14, 4), shape(2, 4, 5, 2.6, 11, 2.6, 14, 4, 11, 5.4, 5, 5.4)},
	render.GlyphKey:          {circle(4.8, 8, 3), line(7.8, 8, 15, 8, 15, 11), line(12, 8, 12, 10.5)},
	render.GlyphQueue:        {line(1.5, 4, 14.5, 4), line(1.5, 12, 14.5, 12), shape(3, 6, 5, 6, 5, 10, 3, 10), shape(7, 6, 9, 6, 9, 10, 7, 10), shape(11, 6, 13, 6, 13, 10, 11, 10)},
	render.GlyphTopic:        {circle(4, 8, 2), line(7.2, 5.2, 8.2, 8, 7.2, 10.8), line(10, 3.6, 11.6, 8, 10, 12.4), line(12.6, 2, 14.8, 8, 12.6, 14)},
	render.GlyphTable:        {shape(2, 3, 14, 3, 14, 13, 2, 13), line(2, 6.3, 14, 6.3), line(2, 9.6, 14, 9.6), line(6.5, 3, 6.5, 13)},
	render.GlyphFunction:     {line(5.5, 4, 1.5, 8, 5.5, 12), line(10.5, 4, 14.5, 8, 10.5, 12), line(9, 3, 7, 13)},
	render.GlyphSecret:       {shape(3, 7, 13, 7, 13, 14, 3, 14), line(5, 7, 5, 4.2, 6.4, 2.4, 9.6, 2.4, 11, 4.2, 11, 7), line(8, 9.5, 8, 11.5)},
	render.GlyphResource:     {shape(8, 1.5, 14, 4.7, 14, 11.3, 8, 14.5, 2, 11.3, 2, 4.7), line(2, 4.7, 8, 8, 14, 4.7), line(8, 8, 8, 14.5)},
}

// glyph writes a glyph into a box of an SVG, and nothing else that Graphviz doesn't
// write.
func glyph(b *strings.Builder, g render.Glyph, color string, x, y, size float64) {
	scale := size / 16
	for _, s := range glyphs[g] {
		if r := s.circle[2]; r > 0 {
			fmt.Fprintf(b, `<ellipse fill="none" stroke="%s" stroke-width="1.2" cx="%.2f" cy="%.2f" rx="%.2f" ry="%.2f"/>`+"\n",
				color, x+s.circle[0]*scale, y+s.circle[1]*scale, r*scale, r*scale)
			continue
		}
		points := s.points
		if s.closed {
			points = append(points[:len(points):len(points)], points[0], points[1])
		}
		fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="1.2" points="`, color)
		for i := 0; i < len(points); i += 2 {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(b, "%.2f,%.2f", x+points[i]*scale, y+points[i+1]*scale)
		}
		b.WriteString("\"/>\n")
	}
}
