package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const whoCanHelp = `Lists who reaches a resource: directly, through roles, and anonymously, each with
the actions and the conditions that remain open.

RESOURCE is an ARN, a pattern of ARNs, or the name of a bucket, queue … that only
one resource has. ACTION is a name or a pattern such as s3:Get*; without one,
every action that applies to the resource is asked about.

With --escalations, it lists as well who does not reach it as things stand and gets
there by changing policies, groups or boundaries, taking over users and roles, having
services act as a role, or writing the policy of the resource or of its key; each with
the shortest way. Who may already do something of what is asked is not listed again, so
name the ACTION that matters. That searches the whole snapshot.`

func (a *app) whoCan() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "who-can RESOURCE [ACTION...]",
		Short: "Who reaches a resource, how, and under which conditions",
		Long:  whoCanHelp,
		Example: `  pathfinder who-can acme-prod-customer-data -s fixtures/acme
  pathfinder who-can acme-prod-customer-data s3:GetObject -s fixtures/acme --format json
  pathfinder who-can acme-prod-customer-data s3:Get* -s fixtures/acme --out reach.svg
  pathfinder who-can acme-prod-customer-data s3:GetObject -s fixtures/acme --escalations
  pathfinder who-can mybucket -s fixtures/delegation --template fixtures/template/cdk.out`,
		Args: between(1, -1),
	}
	q := a.newQuestion(cmd, append([]string{"table", "json", "csv", "jsonl"}, pictureFormats...)...)
	q.pathFlags(cmd.Flags())
	escalations := cmd.Flags().Bool("escalations", false, "also list who gets there by changing policies, passing roles and the like")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return q.whoCan(cmd, args[0], args[1:], *escalations) }
	return cmd
}

func (q *question) whoCan(cmd *cobra.Command, resource string, actions []string, escalations bool) error {
	if err := q.resolve(q.app); err != nil {
		return err
	}
	if escalations {
		if cmd.Flags().Changed("max-hops") {
			return errors.New("--escalations follows a way however many roles are on it: leave out --max-hops")
		}
		if q.format == "csv" || q.format == "jsonl" {
			return fmt.Errorf("--escalations can't be written as %s, which holds grants alone: use --format json", q.format)
		}
	}
	if err := q.checkActions(actions); err != nil {
		return err
	}
	q.soon = true
	s, err := q.open(cmd)
	if err != nil {
		return err
	}
	ask := s.WhoCan
	if escalations {
		ask = s.WhoCanEscalating
	}
	answer, err := ask(resource, actions)
	if err != nil {
		return err
	}
	if q.format == "json" {
		answer.Notes = append(answer.Notes, q.doubts...)
	}
	o := q.options(q.app, q.accounts)
	err = q.writeAccess(answer, answer.Access, answer.IdentityCenter,
		func(w io.Writer) error { return render.WhoCan(w, answer, o) },
		func(w io.Writer) error {
			return q.picture(cmd.Context(), w, s.WhoCanPicture(answer, actions), o)
		})
	return finish(err, answer.Complete)
}

// writeAccess writes an answer that lists access, in the format asked for.
func (q *question) writeAccess(answer any, access []solver.Access, center *solver.CenterAnswer, table, picture func(io.Writer) error) error {
	return q.write(q.app, func(w io.Writer) error {
		switch q.format {
		case "json":
			return render.JSON(w, answer)
		case "csv":
			return render.CSV(w, access, center)
		case "jsonl":
			return render.JSONLines(w, access, center)
		case "table":
			return table(w)
		}
		return picture(w)
	})
}

// finish ends a command whose answer has been written.
func finish(err error, complete bool) error {
	if err == nil && !complete {
		return errIncomplete
	}
	return err
}
