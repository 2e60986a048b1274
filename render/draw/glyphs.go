package draw

import (
	"fmt"
	"strings"

	"pathfinder/render/glyph"
)

// drawGlyph writes a glyph into a box of an SVG, and nothing else that Graphviz doesn't
// write.
func drawGlyph(b *strings.Builder, g glyph.Glyph, color string, x, y, size float64) {
	scale := size / 16
	for _, s := range glyph.Strokes(g) {
		if r := s.Circle[2]; r > 0 {
			fmt.Fprintf(b, `<ellipse fill="none" stroke="%s" stroke-width="1.2" cx="%.2f" cy="%.2f" rx="%.2f" ry="%.2f"/>`+"\n",
				color, x+s.Circle[0]*scale, y+s.Circle[1]*scale, r*scale, r*scale)
			continue
		}
		points := s.Points
		if s.Closed {
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
