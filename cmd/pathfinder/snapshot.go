package main

import (
	"github.com/spf13/cobra"
)

const snapshotHelp = `What is in a snapshot, whether it is sound, and how it is stored. docs/snapshot.md
describes the files.`

func (a *app) snapshots() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "snapshot info|verify|pack",
		Short:   "What is in a snapshot, whether it is sound, and how it is stored",
		Long:    snapshotHelp,
		Example: "  pathfinder snapshot info fixtures/acme\n  pathfinder snapshot verify fixtures/acme\n  pathfinder snapshot pack fixtures/acme --out acme.zip",
		Args:    cobra.ArbitraryArgs,
		RunE:    unknownCommand,
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddCommand(a.snapshotInfo(), a.snapshotVerify(), a.snapshotPack())
	return cmd
}
