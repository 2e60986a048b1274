package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `Pathfinder finds out who can reach which AWS resource, by which path, and under
which conditions. It reads facts from a snapshot folder and decides as AWS does.

Exit codes: 0 answered, 1 a check that you asked for failed, 2 bad usage or
input, 3 answered but something is not known, 70 a fault of pathfinder.`

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "pathfinder",
		Short:         "Who can reach which AWS resource, how, and under which conditions",
		Long:          rootHelp,
		Example:       "  pathfinder who-can acme-prod-customer-data -s fixtures/acme",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(&cobra.Group{ID: "questions", Title: "Questions:"}, &cobra.Group{ID: "facts", Title: "Facts:"})
	for _, c := range []*cobra.Command{a.whoCan(), a.can(), a.paths(), a.explain(), a.diff(), a.compare(), a.simulate(), a.lint(), a.audit(), a.cut(), a.graph()} {
		c.GroupID = "questions"
		c.RunE = a.surely(c.RunE)
		root.AddCommand(c)
	}
	serve := a.serve()
	serve.GroupID = "questions"
	root.AddCommand(serve)
	for _, c := range []*cobra.Command{a.collect(), a.importFacts(), a.compile(), a.snapshots(), a.schema()} {
		c.GroupID = "facts"
		root.AddCommand(c)
	}
	version := a.version()
	root.AddCommand(version)
	asked := root.Flags().Bool("version", false, "print the versions, as the command does")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *asked {
			return version.RunE(version, nil)
		}
		return unknownCommand(cmd, args)
	}
	return root
}

// strict has the commands that the library brings refuse what there isn't, as ours do. They
// write where root does, which has to be set.
func strict(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				if cmd, rest, err := root.Find(args); err == nil && cmd.HasSubCommands() && len(rest) > 0 {
					return unknownCommand(cmd, rest)
				}
				return nil
			}
		case "completion":
			c.Args, c.RunE = cobra.ArbitraryArgs, unknownCommand
		}
	}
}

// flagError says of a flag that can't be read where to look. Behind the name of a command
// that there isn't no flag can be.
func flagError(cmd *cobra.Command, err error) error {
	if args := cmd.Flags().Args(); cmd.HasSubCommands() && len(args) > 0 {
		return unknownCommand(cmd, args)
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if wants := map[string]string{"int": "a whole number", "bool": "true or false"}[bad.GetFlag().Value.Type()]; wants != "" {
			err = fmt.Errorf("--%s %s: give %s", bad.GetFlag().Name, bad.GetValue(), wants)
		}
	}
	return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
}

// unknownCommand is reached without a command, or with one that there isn't.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	message := fmt.Sprintf("there is no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", message, strings.Join(near, " or "))
	}
	return fmt.Errorf("%s; %s --help lists them", message, cmd.CommandPath())
}

// between takes from least to most arguments and says what they are.
func between(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return fmt.Errorf("%d %s given; usage: %s", len(args), plural(len(args), "argument"), cmd.UseLine())
	}
}

// oneOf checks a value against a list and suggests.
func oneOf(what, value string, list []string) error {
	if slices.Contains(list, value) {
		return nil
	}
	return fmt.Errorf("there is no %s %q; use one of %s", what, value, strings.Join(list, ", "))
}
