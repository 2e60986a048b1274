package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver"
)

const diffHelp = `Says which access two snapshots differ in: who gained what, and who lost what, by
which way and under which conditions. It is about requests, not about texts: what
both snapshots allow, or both deny, is no difference, however it came about.

OLD and NEW are snapshot folders, or anything that import takes. With --plan or
--template NEW is as it will be after the apply or the deployment; without NEW it
is OLD after that, which shows what the change opens and closes. ACTION is a name
or a pattern such as s3:Get*.

What could differ or not, because a snapshot does not hold it, is listed as not
known, neither gained nor lost; the exit code is then 3.

With --fail-on-gain the exit code is 1 if anybody gained access.`

// A difference holds the flags of diff.
type difference struct {
	*question
	ask        solver.DiffQuestion
	failOnGain bool
}

func (a *app) diff() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW] [ACTION...]",
		Short: "Which access two snapshots differ in: who gained and lost what",
		Long:  diffHelp,
		Example: `  pathfinder diff fixtures/change/before fixtures/change/after
  pathfinder diff fixtures/change/before fixtures/change/after sqs:SendMessage --fail-on-gain
  pathfinder diff fixtures/change/before fixtures/change/after --resource ledger --format json`,
		Args: between(1, -1),
	}
	d := &difference{question: a.newQuestion(cmd, "table", "json", "csv", "jsonl")}
	f := cmd.Flags()
	d.pathFlags(f)
	f.StringVar(&d.ask.Resource, "resource", "", "only access to this `RESOURCE`: an ARN, a pattern or a name")
	f.StringVar(&d.ask.Principal, "principal", "", "only access of this `PRINCIPAL`: an ARN, a pattern or a name")
	f.BoolVar(&d.failOnGain, "fail-on-gain", false, "exit code 1 if anybody gained access")
	if err := f.MarkHidden("snapshot"); err != nil { // the arguments name both
		panic("BUG: " + err.Error())
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return d.run(cmd, args) }
	return cmd
}

func (d *difference) run(cmd *cobra.Command, args []string) error {
	if err := d.resolve(d.app); err != nil {
		return err
	}
	old, later, actions, err := d.snapshots(args)
	if err != nil {
		return err
	}
	if err := d.checkActions(actions); err != nil {
		return err
	}
	d.ask.Actions = actions
	answer, err := d.compare(cmd, old, later)
	if err != nil {
		return err
	}
	err = d.write(d.app, func(w io.Writer) error {
		switch d.format {
		case "json":
			answer.Notes = append(answer.Notes, d.doubts...)
			return render.JSON(w, answer)
		case "csv":
			return render.DiffCSV(w, answer)
		case "jsonl":
			return render.DiffJSONLines(w, answer)
		}
		return render.Diff(w, answer, d.options(d.app, d.accounts))
	})
	if err == nil && d.failOnGain && len(answer.Gained) > 0 {
		return errCheckFailed
	}
	return finish(err, answer.Complete)
}

// snapshots tells the snapshots from the actions.
func (d *difference) snapshots(args []string) (old, later string, actions []string, err error) {
	if d.snapshot != "" {
		return "", "", nil, errors.New("diff takes its snapshots as arguments: diff OLD NEW")
	}
	switch named := len(args) > 1 && !solver.IsAction(args[1]); {
	case named:
		return args[0], args[1], args[2:], nil
	case len(d.list) == 0:
		return "", "", nil, errors.New("compared with what? give diff OLD NEW, or diff OLD --plan FILE, or diff OLD --template FILE")
	}
	return args[0], args[0], args[1:], nil
}

// compare opens both snapshots, under the same assumptions, and asks.
func (d *difference) compare(cmd *cobra.Command, old, later string) (*solver.DiffAnswer, error) {
	var solvers [2]*solver.Solver
	names := map[string]string{}
	changes := d.overlays
	for i, path := range []string{old, later} {
		if d.snapshot, d.overlays = path, changes; i == 0 {
			d.overlays = overlays{} // the old one is as it is
		}
		s, err := d.open(cmd)
		if err != nil {
			return nil, err
		}
		solvers[i] = s
		for id, name := range d.accounts {
			names[id] = name
		}
	}
	d.accounts = names
	return solver.Diff(solvers[0], solvers[1], d.ask)
}
