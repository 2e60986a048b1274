package main

import (
	"io"

	"pathfinder/render/explorer"
	"pathfinder/render/view"
)

// writeExplorer writes a page in which a graph can be walked and searched, for
// -f html. The page holds all of the view, and needs nothing else.
func writeExplorer(w io.Writer, v *view.View) error {
	return explorer.Page(w, v, explorer.Options{})
}
