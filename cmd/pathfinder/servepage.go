package main

import (
	"io"

	"pathfinder/render/explorer"
	"pathfinder/render/serve"
	"pathfinder/render/view"
)

// explorerPage says what serve shows: the explorer, which asks it. accounts returns the
// names of accounts by id, once the snapshot is open. The page says its own policy.
func explorerPage(accounts func() map[string]string) serve.Config {
	return serve.Config{
		Page: func(w io.Writer, v *view.View) error {
			return explorer.Page(w, v, explorer.Options{Accounts: accounts(), Server: true})
		},
		Positions: explorer.Positions,
	}
}
