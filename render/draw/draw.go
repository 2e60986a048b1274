package draw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"pathfinder/render"
	"pathfinder/solver"
)

// MaxNodes is the size of the largest graph that is drawn. Beyond it nobody
// can read the picture, and laying it out takes minutes.
const MaxNodes = 500

// ErrTooLarge is wrapped by errors about graphs with more than MaxNodes nodes.
var ErrTooLarge = errors.New("the graph is too large to draw")

// SVG draws the graph as an SVG document.
func SVG(ctx context.Context, w io.Writer, a *solver.GraphAnswer, o render.Options) error {
	doc, err := svg(ctx, a, o)
	if err != nil {
		return err
	}
	_, err = w.Write(doc)
	return err
}

// PNG draws the graph as a PNG image of twice the usual screen resolution, or
// less when it would get too large.
func PNG(ctx context.Context, w io.Writer, a *solver.GraphAnswer, o render.Options) error {
	doc, err := svg(ctx, a, o)
	if err != nil {
		return err
	}
	return paint(w, doc)
}

// header stands in the place of Graphviz's, which refers to a document type on
// the web.
const header = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>` + "\n"

func svg(ctx context.Context, a *solver.GraphAnswer, o render.Options) ([]byte, error) {
	if n := len(a.Nodes); n > MaxNodes {
		return nil, fmt.Errorf("%w: it has %d nodes, and %d is the limit", ErrTooLarge, n, MaxNodes)
	}
	var dot bytes.Buffer
	if err := render.DOT(&dot, a, o); err != nil {
		return nil, err
	}
	out, err := layout(ctx, dot.Bytes(), "svg")
	if err != nil {
		return nil, err
	}
	start := bytes.Index(out, []byte("<svg"))
	if start < 0 {
		return nil, errors.New("graphviz wrote no SVG")
	}
	return append([]byte(header), out[start:]...), nil
}
