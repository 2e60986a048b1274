package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"pathfinder/render"
)

// finish puts into an SVG of Graphviz what DOT can't say: the glyphs of nodes, and the
// width that each text was laid out with, so that it stays within its node in
// whatever font it is shown. Comments are left out.
func finish(doc []byte) ([]byte, error) {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	var b strings.Builder
	b.WriteString(header)
	var text *xml.StartElement // the <text> that is open
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return []byte(b.String()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the SVG: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "polygon" && glyphCell(&b, &t) {
				if err := dec.Skip(); err != nil {
					return nil, fmt.Errorf("read the SVG: %w", err)
				}
				continue
			}
			if t.Name.Local == "text" {
				open := t.Copy()
				text = &open
				continue // until what it holds is known
			}
			if err := open(&b, &t); err != nil {
				return nil, err
			}
		case xml.CharData:
			if text != nil {
				if err := open(&b, sized(text, string(t))); err != nil {
					return nil, err
				}
				text = nil
			}
			if err := xml.EscapeText(&b, bytes.Trim(t, "\n")); err != nil {
				return nil, err
			}
			if len(bytes.Trim(t, "\n")) == 0 {
				b.WriteByte('\n')
			}
		case xml.EndElement:
			if text != nil { // an empty one
				if err := open(&b, text); err != nil {
					return nil, err
				}
				text = nil
			}
			b.WriteString("</" + t.Name.Local + ">")
		}
	}
}

// open writes the start of an element. Names of attributes are Graphviz's own;
// xlink, which its tooltips use, is the one namespace beside that of SVG.
func open(b *strings.Builder, e *xml.StartElement) error {
	b.WriteString("<" + e.Name.Local)
	for _, a := range e.Attr {
		name := a.Name.Local
		switch {
		case a.Name.Space == "xmlns":
			name = "xmlns:" + name
		case strings.HasSuffix(a.Name.Space, "/xlink"):
			name = "xlink:" + name
		case strings.HasSuffix(a.Name.Space, "/namespace"):
			name = "xml:" + name
		}
		b.WriteString(" " + name + `="`)
		if err := xml.EscapeText(b, []byte(a.Value)); err != nil {
			return err
		}
		b.WriteByte('"')
	}
	b.WriteByte('>')
	return nil
}

// sized returns the start of a text with the width that it was laid out with.
func sized(e *xml.StartElement, text string) *xml.StartElement {
	a := attributesOf(e)
	size, err := a.number("font-size", 14)
	if err != nil {
		return e
	}
	width, known := widthOf(text, a["font-weight"] == "bold", size)
	if !known || width < 1 {
		return e
	}
	e.Attr = append(e.Attr,
		xml.Attr{Name: xml.Name{Local: "textLength"}, Value: fmt.Sprintf("%.2f", width)},
		xml.Attr{Name: xml.Name{Local: "lengthAdjust"}, Value: "spacingAndGlyphs"})
	return e
}

// glyphCell writes the glyph of a cell in the place of its polygon; false when the
// polygon is none.
func glyphCell(b *strings.Builder, e *xml.StartElement) bool {
	a := attributesOf(e)
	g, color, ok := render.GlyphIn(a["fill"])
	if !ok {
		return false
	}
	points, err := numbers(strings.ReplaceAll(a["points"], ",", " "), 0)
	if err != nil || len(points) < 6 || len(points)%2 != 0 {
		return false
	}
	left, top, right := math.Inf(1), math.Inf(1), math.Inf(-1)
	for i := 0; i < len(points); i += 2 {
		left, right = min(left, points[i]), max(right, points[i])
		top = min(top, points[i+1])
	}
	drawGlyph(b, g, color, left, top, right-left)
	return true
}
