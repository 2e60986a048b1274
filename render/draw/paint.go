package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/fogleman/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const (
	pointScale = 96.0 / 72 * 2 // pixels a point: twice the resolution of a plain screen
	maxPixels  = 32 << 20      // of an image; 128 MiB in memory
	textFit    = 0.94          // the Go fonts are wider than Arial, which Graphviz measures with
)

// paint turns an SVG of Graphviz into a PNG. It knows the few elements that
// Graphviz writes.
func paint(w io.Writer, doc []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	p := &painter{faces: map[string]font.Face{}}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the SVG: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := p.element(dec, start); err != nil {
				return fmt.Errorf("paint <%s>: %w", start.Name.Local, err)
			}
		}
	}
	if p.ctx == nil {
		return errors.New("the SVG has no <svg>")
	}
	return png.Encode(w, paletted(p.img))
}

// painter holds the image and where SVG coordinates lie in it.
type painter struct {
	ctx   *gg.Context
	img   *image.RGBA
	scale float64
	dx    float64
	dy    float64
	faces map[string]font.Face
}

func (p *painter) element(dec *xml.Decoder, e xml.StartElement) error {
	a := attributesOf(&e)
	if p.ctx == nil && e.Name.Local != "svg" {
		return errors.New("outside of <svg>")
	}
	switch e.Name.Local {
	case "svg":
		return p.begin(a)
	case "g":
		if _, move, ok := strings.Cut(a["transform"], "translate("); ok {
			xy, err := numbers(strings.TrimSuffix(move, ")"), 2)
			if err != nil {
				return err
			}
			p.dx, p.dy = xy[0], xy[1]
		}
	case "polygon", "polyline":
		return p.polygon(a, e.Name.Local == "polygon")
	case "path":
		return p.path(a)
	case "ellipse":
		v, err := numbers(a["cx"]+" "+a["cy"]+" "+a["rx"]+" "+a["ry"], 4)
		if err != nil {
			return err
		}
		p.ctx.DrawEllipse((v[0]+p.dx)*p.scale, (v[1]+p.dy)*p.scale, v[2]*p.scale, v[3]*p.scale)
		return p.finish(a)
	case "text":
		return p.text(dec, &e, a)
	}
	return nil
}

// begin makes the image.
func (p *painter) begin(a attributes) error {
	box, err := numbers(a["viewBox"], 4)
	if err != nil {
		return err
	}
	p.scale = min(pointScale, math.Sqrt(maxPixels/max(1, box[2]*box[3])))
	width, height := int(math.Ceil(box[2]*p.scale)), int(math.Ceil(box[3]*p.scale))
	if width < 1 || height < 1 || width > maxPixels || height > maxPixels {
		return fmt.Errorf("no image of %d × %d pixels", width, height)
	}
	p.img = image.NewRGBA(image.Rect(0, 0, width, height))
	p.ctx = gg.NewContextForRGBA(p.img)
	return nil
}

func (p *painter) polygon(a attributes, closed bool) error {
	points, err := numbers(a["points"], 0)
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(points); i += 2 {
		p.ctx.LineTo((points[i]+p.dx)*p.scale, (points[i+1]+p.dy)*p.scale)
	}
	if closed {
		p.ctx.ClosePath()
	}
	return p.finish(a)
}

// path follows a move and the curves after it.
func (p *painter) path(a attributes) error {
	move, curves, ok := strings.Cut(strings.TrimPrefix(a["d"], "M"), "C")
	if !ok {
		return fmt.Errorf("no curve in %q", a["d"])
	}
	v, err := numbers(move+" "+curves, 0)
	if err != nil {
		return err
	}
	if len(v)%6 != 2 {
		return fmt.Errorf("%d numbers in a path", len(v))
	}
	for i := range v {
		if i%2 == 0 {
			v[i] = (v[i] + p.dx) * p.scale
		} else {
			v[i] = (v[i] + p.dy) * p.scale
		}
	}
	p.ctx.MoveTo(v[0], v[1])
	for i := 2; i < len(v); i += 6 {
		p.ctx.CubicTo(v[i], v[i+1], v[i+2], v[i+3], v[i+4], v[i+5])
	}
	return p.finish(a)
}

// finish fills and strokes the path at hand.
func (p *painter) finish(a attributes) error {
	defer p.ctx.ClearPath()
	if c, ok := shade(a["fill"]); ok {
		p.ctx.SetColor(c)
		p.ctx.FillPreserve()
	}
	c, ok := shade(a["stroke"])
	if !ok {
		return nil
	}
	width, err := a.number("stroke-width", 1)
	if err != nil {
		return err
	}
	p.ctx.SetColor(c)
	p.ctx.SetLineWidth(width * p.scale)
	p.ctx.SetDash()
	if dashes := a["stroke-dasharray"]; dashes != "" {
		v, err := numbers(dashes, 0)
		if err != nil {
			return err
		}
		for i := range v {
			v[i] *= p.scale
		}
		p.ctx.SetDash(v...)
	}
	p.ctx.Stroke()
	return nil
}

func (p *painter) text(dec *xml.Decoder, e *xml.StartElement, a attributes) error {
	var s string
	if err := dec.DecodeElement(&s, e); err != nil {
		return err
	}
	xy, err := numbers(a["x"]+" "+a["y"], 2)
	if err != nil {
		return err
	}
	size, err := a.number("font-size", 14)
	if err != nil {
		return err
	}
	face, err := p.face(a["font-weight"] == "bold", size*p.scale*textFit)
	if err != nil {
		return err
	}
	ink, ok := shade(a["fill"])
	if !ok {
		ink = color.RGBA{A: 0xff}
	}
	// The context's own way to draw text passes every letter through a
	// transformation: blurred, and half of the time of a picture.
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(ink), Face: face}
	if laid, err := a.number("textLength", 0); err != nil {
		return err
	} else if has := float64(d.MeasureString(s)) / 64; laid > 0 && has > laid*p.scale {
		if d.Face, err = p.face(a["font-weight"] == "bold", size*p.scale*textFit*laid*p.scale/has); err != nil {
			return err
		}
	}
	anchor := map[string]float64{"middle": 0.5, "end": 1}[a["text-anchor"]]
	x := (xy[0]+p.dx)*p.scale - anchor*float64(d.MeasureString(s))/64
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6((xy[1] + p.dy) * p.scale * 64)}
	d.DrawString(s)
	return nil
}

// face returns a face of the Go fonts, made once a size.
func (p *painter) face(bold bool, size float64) (font.Face, error) {
	key := fmt.Sprintf("%t %.1f", bold, size)
	if f := p.faces[key]; f != nil {
		return f, nil
	}
	data := goregular.TTF
	if bold {
		data = gobold.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		return nil, err
	}
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		return nil, err
	}
	p.faces[key] = f
	return f, nil
}

// attributes are those of one element.
type attributes map[string]string

func attributesOf(e *xml.StartElement) attributes {
	a := attributes{}
	for _, attr := range e.Attr {
		a[attr.Name.Local] = attr.Value
	}
	return a
}

func (a attributes) number(name string, otherwise float64) (float64, error) {
	if a[name] == "" {
		return otherwise, nil
	}
	return strconv.ParseFloat(a[name], 64)
}

// shade returns one of the colours that our pictures use; ok is false for
// none.
func shade(s string) (c color.RGBA, ok bool) {
	switch s {
	case "white":
		s = "#ffffff"
	case "black":
		s = "#000000"
	}
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != len("#rrggbb") {
		return color.RGBA{}, false
	}
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}, true
}

// numbers reads numbers apart by blanks or commas: want of them, or any
// count when want is 0.
func numbers(s string, want int) ([]float64, error) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	if want > 0 && len(fields) != want {
		return nil, fmt.Errorf("%d numbers in %q, not %d", len(fields), s, want)
	}
	out := make([]float64, len(fields))
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
