package main

import (
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
)

const pathsHelp = `Lists each distinct path from a principal to a resource: the roles that are
assumed, the route by which the last of them is let in, what every edge and gate
on it lets through, and what comes out of all of them together.

A condition of a hop is about the request that assumes the role. What one hop
asks of the network or of MFA says nothing about the next; session tags and the
source identity are followed along the path.`

func (a *app) paths() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "paths PRINCIPAL RESOURCE [ACTION...]",
		Short: "Each path from a principal to a resource, edge by edge",
		Long:  pathsHelp,
		Example: `  pathfinder paths dev builds -s fixtures/session-tags
  pathfinder paths arn:aws:iam::111122223333:user/user1 mybucket -s fixtures/delegation`,
		Args: between(2, -1),
	}
	q := a.newQuestion(cmd, append([]string{"table", "json", "csv", "jsonl"}, pictureFormats...)...)
	q.pathFlags(cmd.Flags())
	q.sessionFlag(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return q.paths(cmd, args[0], args[1], args[2:]) }
	return cmd
}

func (q *question) paths(cmd *cobra.Command, principal, resource string, actions []string) error {
	if err := q.resolve(q.app); err != nil {
		return err
	}
	if err := q.checkActions(actions); err != nil {
		return err
	}
	s, err := q.open(cmd)
	if err != nil {
		return err
	}
	answer, err := s.Paths(principal, resource, actions)
	if err != nil {
		return err
	}
	if q.format == "json" {
		answer.Notes = append(answer.Notes, q.doubts...)
	}
	o := q.options(q.app, q.accounts)
	err = q.writeAccess(answer, answer.Access(), answer.IdentityCenter,
		func(w io.Writer) error { return render.Paths(w, answer, o) },
		func(w io.Writer) error {
			return q.picture(cmd.Context(), w, s.PathsPicture(answer), o)
		})
	return finish(err, answer.Complete)
}
