package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const graphHelp = `Draws a part of the snapshot, or writes it for other tools. --view says which:

  access        what belongs to what, who may assume which role, and which statements
                grant what; with --around, the part around one node
  trust         which account can enter which, and who from outside
  account       one account (--account): its principals and resources, who can become
                its roles, and who reaches its resources directly
  chains        who can become which role; with --around, to and from one principal
  organization  organizational units, accounts, and the SCPs and RCPs on each
  blast         what one principal (--from) reaches, itself and through roles

What behaves alike is drawn as one, and what is too much to read is put together or
left out; the picture says so.`

func (a *app) graph() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Architecture diagrams: trust between accounts, an account, chains, the organization",
		Long:  graphHelp,
		Example: `  pathfinder graph --view trust -s fixtures/acme --out trust.svg
  pathfinder graph --account acme-data -s fixtures/acme --out account.png
  pathfinder graph --from arn:aws:iam::500000000005:user/developer-1 -s fixtures/acme --out blast.svg
  pathfinder graph --view organization -s fixtures/acme --theme dark --out organization.svg
  pathfinder graph -s fixtures/acme --around arn:aws:s3:::acme-prod-customer-data --hops 1 --out access.svg`,
		Args: between(0, 0),
	}
	g := &graphing{question: a.newQuestion(cmd, append([]string{"table", "json"}, pictureFormats...)...)}
	f := cmd.Flags()
	f.StringVar(&g.view, "view", "", "what is shown (default access, or what --account and --from ask for)")
	f.StringVar(&g.query.Around, "around", "", "only the part around this `ARN` or unique name")
	f.IntVar(&g.query.Hops, "hops", 2, "how many steps around it, in the view access")
	f.StringVar(&g.account, "account", "", "the `ACCOUNT` to show, by number or unique name")
	f.StringVar(&g.from, "from", "", "the `PRINCIPAL` whose reach is shown")
	err := cmd.RegisterFlagCompletionFunc("view", cobra.FixedCompletions(graphViews, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("BUG: " + err.Error())
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return g.run(cmd) }
	return cmd
}

// graphViews are the values of --view.
var graphViews = []string{"access", "trust", "account", "chains", "organization", "blast"}

// graphing is what the flags of graph say.
type graphing struct {
	*question
	view, account, from string
	query               solver.GraphQuery
}

func (g *graphing) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	if g.view == "" {
		switch {
		case g.account != "" && g.from != "":
			return errors.New("--account and --from are of different views: give one")
		case g.account != "":
			g.view = "account"
		case g.from != "":
			g.view = "blast"
		default:
			g.view = "access"
		}
	}
	if err := oneOf("view", g.view, graphViews); err != nil {
		return err
	}
	for _, only := range []struct {
		flag  string
		views []string
	}{
		{"account", []string{"account"}}, {"from", []string{"blast"}}, {"around", []string{"access", "chains"}}, {"hops", []string{"access"}},
	} {
		if changed(only.flag) && !slices.Contains(only.views, g.view) {
			return fmt.Errorf("--%s is not for --view %s", only.flag, g.view)
		}
	}
	switch {
	case g.view == "account" && g.account == "":
		return errors.New("which account? give --account ID")
	case g.view == "blast" && g.from == "":
		return errors.New("whose reach? give --from PRINCIPAL")
	case changed("hops") && g.query.Around == "":
		return errors.New("--hops needs --around")
	case g.query.Hops < 0:
		return fmt.Errorf("--hops %d: give 0 or more", g.query.Hops)
	}
	return g.resolve(g.app)
}

func (g *graphing) run(cmd *cobra.Command) error {
	if err := g.check(cmd); err != nil {
		return err
	}
	s, err := g.open(cmd)
	if err != nil {
		return err
	}
	answer, err := g.answer(s)
	if err != nil {
		return err
	}
	if g.view == "organization" {
		g.facts.Units = nil // they are nodes
	}
	o := g.options(g.app, g.accounts)
	err = g.write(g.app, func(w io.Writer) error {
		switch g.format {
		case "json":
			return render.JSON(w, answer)
		case "table":
			return render.Graph(w, answer, o)
		}
		return g.picture(cmd.Context(), w, answer, o)
	})
	return finish(err, answer.Complete)
}

func (g *graphing) answer(s *solver.Solver) (*solver.GraphAnswer, error) {
	switch g.view {
	case "trust":
		return s.TrustMap(), nil
	case "account":
		return s.AccountGraph(g.account)
	case "chains":
		return s.RoleChains(g.query.Around)
	case "organization":
		return s.OrganizationTree()
	case "blast":
		answer, err := s.Can(g.from, "", nil)
		if err != nil {
			return nil, err
		}
		return s.CanPicture(answer), nil
	}
	if g.format == "html" {
		return s.DecidedGraph(g.query) // the page answers questions from it
	}
	return s.Graph(g.query)
}
