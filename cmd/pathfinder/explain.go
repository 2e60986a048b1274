package main

import (
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
)

const explainHelp = `Shows the decision for one request: what each gate does with it, in the order in
which AWS asks them, with the statements that decide. For a denial it says what
is missing, and which roles would reach it.`

func (a *app) explain() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain PRINCIPAL ACTION RESOURCE",
		Short: "Why one request is allowed or denied",
		Long:  explainHelp,
		Example: `  pathfinder explain arn:aws:iam::111122223333:user/worker1 sqs:SendMessage \
    arn:aws:sqs:us-east-1:123456789012:queue1 -s fixtures/queue
  pathfinder explain arn:aws:iam::111122223333:user/worker1 sqs:SendMessage \
    arn:aws:sqs:us-east-1:123456789012:queue1 -s fixtures/queue --as-of 2014-11-30T13:30:00Z`,
		Args: between(3, 3),
	}
	q := a.newQuestion(cmd, "table", "json")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return q.explain(cmd, args[0], args[1], args[2]) }
	return cmd
}

func (q *question) explain(cmd *cobra.Command, principal, action, resource string) error {
	if err := q.resolve(q.app); err != nil {
		return err
	}
	if err := checkActions([]string{action}); err != nil {
		return err
	}
	s, err := q.open(cmd)
	if err != nil {
		return err
	}
	answer, err := s.Explain(principal, action, resource)
	if err != nil {
		return err
	}
	err = q.write(q.app, func(w io.Writer) error {
		if q.format == "json" {
			return render.JSON(w, answer)
		}
		return render.Explain(w, answer, q.options(q.app, q.accounts))
	})
	return finish(err, answer.Decision != "Unknown")
}
