package main

import (
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const explainHelp = `Shows the decision for one request and the statements that decide it. For a denial
it says which statements come closest to allowing it and why they do not, what
would have to change, and which roles would reach it. With --verbose it goes on
with every gate, in the order in which AWS asks them, and every statement.`

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
	q.sessionFlag(cmd.Flags())
	verbose := cmd.Flags().BoolP("verbose", "v", false, "also show every gate, and every statement with why it does or does not match")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return q.explain(cmd, args[0], args[1], args[2], *verbose)
	}
	return cmd
}

func (q *question) explain(cmd *cobra.Command, principal, action, resource string, verbose bool) error {
	if err := q.resolve(q.app); err != nil {
		return err
	}
	if err := q.checkActions([]string{action}); err != nil {
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
			if !verbose {
				answer.Brief()
			}
			answer.Notes = append(answer.Notes, q.doubts...)
			return render.JSON(w, answer)
		}
		opts := q.options(q.app, q.accounts)
		opts.Verbose = verbose
		return render.Explain(w, answer, opts)
	})
	return finish(err, certain(answer))
}

// certain reports whether nothing that is not known could change the decision.
// An explicit denial stands whatever else there is.
func certain(a *solver.ExplainAnswer) bool {
	return a.Decision == solver.ExplicitlyDenied.String() || a.Decision != "Unknown" && len(a.Unknown) == 0
}
