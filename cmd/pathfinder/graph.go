package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const graphHelp = `Writes the access graph for drawing or for other tools: what belongs to what, who
may assume which role, and which statements grant what. With --around, only the
part around one node.`

func (a *app) graph() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "The access graph, or the part around one node",
		Long:  graphHelp,
		Example: `  pathfinder graph -s fixtures/queue --out access.svg
  pathfinder graph -s fixtures/acme --around arn:aws:s3:::acme-prod-customer-data --hops 1 --out access.svg`,
		Args: between(0, 0),
	}
	q := a.newQuestion(cmd, append([]string{"table", "json"}, pictureFormats...)...)
	var query solver.GraphQuery
	cmd.Flags().StringVar(&query.Around, "around", "", "only the part around this `ARN` or unique name")
	cmd.Flags().IntVar(&query.Hops, "hops", 2, "how many steps around it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return q.graph(cmd, query) }
	return cmd
}

func (q *question) graph(cmd *cobra.Command, query solver.GraphQuery) error {
	if query.Around == "" && cmd.Flags().Changed("hops") {
		return errors.New("--hops needs --around")
	}
	if query.Hops < 0 {
		return fmt.Errorf("--hops %d: give 0 or more", query.Hops)
	}
	if err := q.resolve(q.app); err != nil {
		return err
	}
	s, err := q.open(cmd)
	if err != nil {
		return err
	}
	answer, err := s.Graph(query)
	if err != nil {
		return err
	}
	o := q.options(q.app, q.accounts)
	err = q.write(q.app, func(w io.Writer) error {
		switch q.format {
		case "json":
			return render.JSON(w, answer)
		case "table":
			return render.Graph(w, answer, o)
		}
		return drawPicture(cmd.Context(), w, q.format, answer, o)
	})
	return finish(err, answer.Complete)
}
