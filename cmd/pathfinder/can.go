package main

import (
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const canHelp = `Lists what a principal reaches, itself and through the roles it can assume.

PRINCIPAL is the ARN of a user, role, account root or identity provider, a
service such as ec2.amazonaws.com, or "anonymous". Without RESOURCE, everything
in the snapshot is asked about. Pictures leave out actions that work on no
particular resource, such as sts:GetCallerIdentity.`

func (a *app) can() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "can PRINCIPAL [RESOURCE] [ACTION...]",
		Short: "Everything that a principal reaches",
		Long:  canHelp,
		Example: `  pathfinder can arn:aws:iam::111122223333:user/worker1 -s fixtures/queue
  pathfinder can arn:aws:iam::111122223333:user/worker1 sqs:SendMessage -s fixtures/queue --unconditional
  pathfinder can anonymous acme-prod-customer-data -s fixtures/acme`,
		Args: between(1, -1),
	}
	q := a.newQuestion(cmd, append([]string{"table", "json", "csv", "jsonl"}, pictureFormats...)...)
	q.pathFlags(cmd.Flags())
	q.sessionFlag(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return q.can(cmd, args[0], args[1:]) }
	return cmd
}

func (q *question) can(cmd *cobra.Command, principal string, rest []string) error {
	if err := q.resolve(q.app); err != nil {
		return err
	}
	resource := ""
	if len(rest) > 0 && !solver.IsAction(rest[0]) {
		resource, rest = rest[0], rest[1:]
	}
	if err := q.checkActions(rest); err != nil {
		return err
	}
	q.soon = true
	s, err := q.open(cmd)
	if err != nil {
		return err
	}
	answer, err := s.Can(principal, resource, rest)
	if err != nil {
		return err
	}
	if q.format == "json" {
		answer.Notes = append(answer.Notes, q.doubts...)
	}
	o := q.options(q.app, q.accounts)
	err = q.writeAccess(answer, answer.Access, answer.IdentityCenter,
		func(w io.Writer) error { return render.Can(w, answer, o) },
		func(w io.Writer) error {
			return q.picture(cmd.Context(), w, s.CanPicture(answer), o)
		})
	return finish(err, answer.Complete)
}
