package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
	"pathfinder/solver/lint"
)

const lintHelp = `Finds mistakes in policy documents: actions and ARNs that match nothing, with the
nearest correction, statements that are dead or that others make superfluous,
conditions that always or never hold, a Deny that cuts nothing, trusts in deleted
or unknown principals, and what opens more than it says. docs/lint.md lists the
rules.

FILE is a policy document, a folder (every .json file below it that holds a policy,
or can't be read), or "-" for stdin; without FILE and snapshot it is stdin. What
kind of policy a document is, its text tells, or --type. With --snapshot and no
FILE every document of the snapshot is looked at, those that AWS manages excepted;
with FILE the snapshot says which principals and accounts there are.

Findings do not change the exit code, unless --fail-on asks for it.`

type linting struct {
	*app
	output
	overlays
	snapshot string
	kind     string
	failOn   string
}

func (a *app) lint() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lint [FILE...]",
		Short: "Mistakes in policy documents, with their place and remedy",
		Long:  lintHelp,
		Example: `  pathfinder lint fixtures/broken-policies
  pathfinder lint fixtures/broken-policies/003-console-policy-list-all-on-bucket-arns.json -f sarif
  pathfinder lint -s fixtures/stale-trust`,
	}
	l := &linting{app: a}
	f := cmd.Flags()
	f.StringVarP(&l.snapshot, "snapshot", "s", "", "where the facts are: a snapshot folder, one of iam-collect, authorization details, or what else import takes (default $"+snapshotEnv+")")
	f.StringVar(&l.kind, "type", "", "the kind of the documents in files: identity, boundary, session, trust, resource, scp, rcp, endpoint (default: what the text tells)")
	f.StringVar(&l.failOn, "fail-on", "", "exit with 1 if there is a finding of this `SEVERITY` or a worse one: error, warning, note")
	l.overlayFlags(a, f)
	l.flags(a, cmd, []string{"table", "json", "sarif"})
	cmd.RunE = func(_ *cobra.Command, args []string) error { return l.run(args) }
	return cmd
}

func (l *linting) run(files []string) error {
	if err := l.resolve(l.app); err != nil {
		return err
	}
	failOn, err := lint.ParseSeverity(l.failOn)
	if err != nil && l.failOn != "" {
		return fmt.Errorf("--fail-on: %w", err)
	}
	kind, ok := policy.ParseKind(l.kind)
	if l.kind != "" && !ok {
		return fmt.Errorf("--type %s: there is no such kind of policy; use identity, boundary, session, trust, resource, scp, rcp or endpoint", l.kind)
	}
	answer, err := l.answer(files, kind)
	if err != nil {
		return err
	}
	err = l.write(l.app, func(w io.Writer) error {
		switch l.format {
		case "json":
			return render.JSON(w, answer)
		case "sarif":
			return render.SARIF(w, answer, thisVersion().Version)
		}
		return render.Lint(w, answer, l.options(l.app, nil))
	})
	if err == nil && l.failOn != "" && answer.Reaches(failOn) {
		return errCheckFailed
	}
	return err
}

// answer looks at the files, or at the snapshot.
func (l *linting) answer(files []string, kind policy.Kind) (*lint.Answer, error) {
	path := l.snapshot
	if path == "" {
		path = l.env(snapshotEnv)
	}
	var facts *inventory.Inventory
	if path != "" {
		var err error
		if facts, err = l.openWith(l.app, path); err != nil {
			return nil, err
		}
	}
	switch {
	case len(files) > 0:
	case facts != nil && l.kind != "":
		return nil, errors.New("--type is about files; a snapshot says what its documents are")
	case facts != nil:
		return lint.NewAnswer(lint.Snapshot(facts)), nil
	case isTerminal(l.stdin):
		return nil, errors.New("which policies? name files or folders, pipe a document, or give --snapshot PATH")
	default:
		files = []string{"-"}
	}
	var findings []lint.Finding
	documents, err := policyFiles(files, l.stdin)
	for _, d := range documents {
		as := kind
		if as == policy.KindInvalid {
			as = policy.Recognize(d.text)
		}
		findings = append(findings, lint.Document(policy.Parse(d.text, as), lint.Options{File: d.name, Facts: facts})...)
	}
	return lint.NewAnswer(findings, len(documents)), err
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
