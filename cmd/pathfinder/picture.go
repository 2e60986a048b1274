package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pathfinder/render"
	"pathfinder/render/draw"
	"pathfinder/solver"
)

// pictureFormats are those that show an answer as a graph.
var pictureFormats = []string{"dot", "svg", "png"}

// drawPicture writes a graph in one of pictureFormats.
func drawPicture(ctx context.Context, w io.Writer, format string, a *solver.GraphAnswer, o render.Options) error {
	var err error
	switch format {
	case "dot":
		return render.DOT(w, a, o)
	case "svg":
		err = draw.SVG(ctx, w, a, o)
	case "png":
		err = draw.PNG(ctx, w, a, o)
	}
	if errors.Is(err, draw.ErrTooLarge) {
		return fmt.Errorf("%w; narrow the question (name actions, --unconditional, --max-hops 0, graph --around ARN --hops 1), or take --format json or dot", err)
	}
	return err
}
