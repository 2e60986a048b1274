package draw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"pathfinder/render"
	"pathfinder/render/view"
)

// Limits of the largest view that is drawn; [view.View.Fit] keeps within them.
// Beyond them nobody can read the picture, and laying it out takes minutes.
const (
	MaxNodes = 500
	MaxEdges = 1500
)

// ErrTooLarge is wrapped by errors about views beyond the limits.
var ErrTooLarge = errors.New("the graph is too large to draw")

// SVG draws the view as an SVG document. It holds no script and no style sheet, and
// refers to nothing; texts keep the width they were laid out with, whatever fonts
// there are.
func SVG(ctx context.Context, w io.Writer, v *view.View, o render.Options) error {
	doc, err := svg(ctx, v, o)
	if err != nil {
		return err
	}
	_, err = w.Write(doc)
	return err
}

// PNG draws the view as a PNG image of twice the usual screen resolution, or
// less when it would get too large.
func PNG(ctx context.Context, w io.Writer, v *view.View, o render.Options) error {
	doc, err := svg(ctx, v, o)
	if err != nil {
		return err
	}
	return paint(w, doc)
}

// header stands in the place of Graphviz's, which refers to a document type on
// the web.
const header = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>` + "\n"

func svg(ctx context.Context, v *view.View, o render.Options) ([]byte, error) {
	if n := len(v.Nodes); n > MaxNodes {
		return nil, fmt.Errorf("%w: it has %d nodes, and %d is the limit", ErrTooLarge, n, MaxNodes)
	}
	if n := len(v.Edges); n > MaxEdges {
		return nil, fmt.Errorf("%w: it has %d edges, and %d is the limit", ErrTooLarge, n, MaxEdges)
	}
	var dot bytes.Buffer
	if err := render.DOT(&dot, v, o); err != nil {
		return nil, err
	}
	out, err := layout(ctx, dot.Bytes(), "svg")
	if err != nil && ctx.Err() == nil {
		// Its usual way to rank nodes gives up on some nestings of frames ("trouble in
		// init_rank"); the other way never does, but lets labels lie on nodes.
		out, err = layout(ctx, bytes.Replace(dot.Bytes(), []byte("graph ["), []byte("graph [newrank=true, "), 1), "svg")
	}
	if err != nil {
		return nil, err
	}
	start := bytes.Index(out, []byte("<svg"))
	if start < 0 {
		return nil, errors.New("graphviz wrote no SVG")
	}
	return finish(append([]byte(header), out[start:]...))
}
