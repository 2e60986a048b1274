package main

import (
	"io"

	"pathfinder/render/explorer"
	"pathfinder/render/serve"
	"pathfinder/render/view"
)

// explorerPage says what serve shows: the explorer, which asks it. The page says its
// own policy.
func explorerPage() serve.Config {
	return serve.Config{
		Page: func(w io.Writer, v *view.View) error {
			return explorer.Page(w, v, explorer.Options{Server: true})
		},
		Positions: explorer.Positions,
	}
}
