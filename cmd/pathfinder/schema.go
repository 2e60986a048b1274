package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pathfinder/collector/snapshot"
)

const schemaHelp = `Prints the JSON Schema of one kind of file in a snapshot folder, or lists the
kinds.`

func (a *app) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "JSON Schemas of the files in a snapshot",
		Long:  schemaHelp,
		Example: `  pathfinder schema
  pathfinder schema resources`,
		Args:      between(0, 1),
		ValidArgs: snapshot.SchemaNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := fmt.Fprintln(a.stdout, strings.Join(snapshot.SchemaNames(), "\n"))
				return err
			}
			text, ok := snapshot.Schema(args[0])
			if !ok {
				return oneOf("schema", args[0], snapshot.SchemaNames())
			}
			_, err := a.stdout.Write(text)
			return err
		},
	}
}
