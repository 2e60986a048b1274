package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const cutHelp = `Finds the smallest set of grants whose removal closes the unwanted ways to a
resource: Allow statements of identity, resource and trust policies, entries of
ACLs, grants of keys, and attachments of policies that AWS manages. That it closes
them is asked again of the snapshot without these grants. With each comes what to
change, and which other access is lost with it; then the principals that all ways
cross.

Unwanted are the ways of whoever --from names: a PRINCIPAL, a pattern of ARNs, an
account by its id, "anonymous", or "outside" for anonymous callers and accounts that
the snapshot does not hold. Without --from it is everybody. Whoever --keep names
loses no access to the resource, and neither do the roles that it goes through; if
that leaves a way open, the answer names both, and a Deny that closes it.

--leave names policies, or resources and roles with a policy, that stay as they are:
the smallest set may otherwise be a statement that you would not touch, such as the
one that lets an account manage its key.

Conditions are left alone: access under a condition is access. ACTION is a name or a
pattern such as s3:Get*.`

// A cutting holds the flags of cut.
type cutting struct {
	*question
	ask        solver.CutQuestion
	failOnOpen bool
}

func (a *app) cut() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cut --to RESOURCE [ACTION...]",
		Short: "The smallest set of grants whose removal closes unwanted ways to a resource",
		Long:  cutHelp,
		Example: `  pathfinder cut --to acme-prod-customer-data -s fixtures/acme
  pathfinder cut --to acme-prod-customer-data s3:GetObject --from 500000000005 -s fixtures/acme
  pathfinder cut --to acme-prod-customer-data --keep prod-deploy -s fixtures/acme --format json
  pathfinder cut --to acme-prod-customer-data s3:GetObject --leave arn:aws:kms:* -s fixtures/acme`,
		Args: between(0, -1),
	}
	c := &cutting{question: a.newQuestion(cmd, append([]string{"table", "json", "csv"}, pictureFormats...)...)}
	f := cmd.Flags()
	c.pathFlags(f)
	f.StringVar(&c.ask.Resource, "to", "", "the `RESOURCE` whose ways are to be closed: an ARN, a pattern or a name")
	f.StringArrayVar(&c.ask.From, "from", nil, "whose ways are unwanted: a `PRINCIPAL`, a pattern, an account, anonymous or outside; repeat it for several (default everybody)")
	f.StringArrayVar(&c.ask.Keep, "keep", nil, "who must lose no access to the resource: a `PRINCIPAL`, a pattern or an account; repeat it for several")
	f.StringArrayVar(&c.ask.Leave, "leave", nil, "what must not be changed: a `POLICY` by its ARN, or the ARN of a resource or role for what hangs on it, or a pattern; repeat it for several")
	f.BoolVar(&c.ask.Brief, "brief", false, "leave out what else the removal breaks, which takes longest to find")
	f.BoolVar(&c.failOnOpen, "fail-on-open", false, "exit code 1 if an unwanted way can't be closed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) }
	return cmd
}

func (c *cutting) run(cmd *cobra.Command, actions []string) error {
	if c.ask.Resource == "" {
		return errors.New("which resource? give --to RESOURCE")
	}
	if err := c.resolve(c.app); err != nil {
		return err
	}
	if err := c.checkActions(actions); err != nil {
		return err
	}
	s, err := c.open(cmd)
	if err != nil {
		return err
	}
	c.ask.Actions = actions
	answer, err := s.Cut(c.ask)
	if err != nil {
		return err
	}
	o := c.options(c.app, c.accounts)
	err = c.write(c.app, func(w io.Writer) error {
		switch c.format {
		case "json":
			answer.Notes = append(answer.Notes, c.doubts...)
			return render.JSON(w, answer)
		case "csv":
			return render.CutCSV(w, answer)
		case "table":
			return render.Cut(w, answer, o)
		}
		return c.picture(cmd.Context(), w, s.CutPicture(answer), o)
	})
	if err == nil && c.failOnOpen && !answer.Closed {
		return errCheckFailed
	}
	return finish(err, answer.Complete)
}
