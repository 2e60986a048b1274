package render

import "testing"

// No colour of a theme looks like the cell of a glyph.
func TestGlyphFills(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range papers {
		p := &papers[i]
		colors := []string{p.back, p.text, p.muted, p.warn, p.frame, p.frameLine, p.unit, p.unitLine, p.outside, p.access, p.assume, p.enter, p.member, p.deny}
		for h := slate; h <= bare; h++ {
			c, ok := p.tints[h]
			if !ok {
				t.Errorf("theme %d has no hue %d", i, h)
			}
			colors = append(colors, c.fill, c.line)
			for g := NoGlyph + 1; g < numGlyphs; g++ {
				fill := glyphFill(c.fill, g)
				got, line, ok := GlyphIn(fill)
				if !ok || got != g || line != c.line {
					t.Errorf("%s is read as glyph %d in %s, %t; want %d in %s", fill, got, line, ok, g, c.line)
				}
				if seen[fill] {
					t.Errorf("%s says two things", fill)
				}
				seen[fill] = true
			}
		}
		for _, c := range colors {
			if _, _, ok := GlyphIn(c); ok {
				t.Errorf("theme %d: %s looks like the cell of a glyph", i, c)
			}
		}
	}
}
