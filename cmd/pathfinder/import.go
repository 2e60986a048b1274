package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
)

const importHelp = `Turns facts that another tool collected into a snapshot folder. SRC is recognized
by its content; what -s takes is the same:

  - a snapshot folder, or a zip archive of one
  - the folder of iam-collect, from the top, aws, or aws/<partition>
  - output of aws iam get-account-authorization-details: a file, a file of JSON
    lines (.jsonl), or a folder of such files; each may be compressed (.zst)

What a source lacks is in the manifest as a gap, and answers are incomplete where
that matters. iam-collect leaves out what it was denied to read just as what does
not exist, so a file that is absent counts as not read; --nothing-denied says that
its log shows no "Access denied", and an absent file then means none.

With --plan or --template the snapshot is written as it will be after the apply or
the deployment.`

func (a *app) importFacts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import SRC --out DIR",
		Short: "Turn collected facts into a snapshot folder",
		Long:  importHelp,
		Example: `  aws iam get-account-authorization-details > details.json
  pathfinder import details.json --out snapshot
  pathfinder import iam-data --out snapshot --nothing-denied
  pathfinder import fixtures/queue --out compressed --compress`,
		Args: between(1, 1),
	}
	var dir string
	var force bool
	var opts snapshot.WriteOptions
	var src collector.Options
	var o overlays
	f := cmd.Flags()
	f.StringVarP(&dir, "out", "o", "", "the snapshot folder to write, new or empty")
	f.BoolVar(&force, "force", false, "replace the snapshot that is in the folder")
	f.BoolVar(&opts.Compress, "compress", false, "write .json.zst files")
	f.BoolVar(&src.NothingDenied, "nothing-denied", false, "no call of iam-collect was denied: what has no file does not exist")
	o.overlayFlags(a, f)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if dir == "" {
			return errors.New("where to? give --out DIR")
		}
		if err := vacant(dir, force); err != nil {
			return err
		}
		s, err := collector.OpenSnapshotWith(args[0], src)
		if err != nil {
			return err
		}
		if s, err = o.changed(s); err != nil {
			return err
		}
		return a.importInto(dir, s, opts)
	}
	return cmd
}

// maxFaults bounds the faults of policies that are told one by one.
const maxFaults = 20

// reportFaults tells what is wrong with the policy documents of a snapshot: the
// statements that answers will leave out, and those that match nothing.
func (a *app) reportFaults(s *snapshot.Snapshot) error {
	inv, err := s.Inventory()
	if err != nil {
		return err
	}
	told, seen := 0, map[*policy.Document]bool{}
	inv.Documents(func(owner string, p *inventory.Policy) {
		if seen[p.Doc] {
			return
		}
		seen[p.Doc] = true
		for _, f := range slices.Concat(p.Doc.Faults, p.Doc.Review()) {
			if told++; told <= maxFaults {
				fmt.Fprintf(a.stderr, "%s: %s, %s: %s\n", f.Severity, render.Clean(owner), render.Clean(p.Name), render.Clean(f.String()))
			}
		}
	})
	if told > maxFaults {
		fmt.Fprintf(a.stderr, "and %d more faults of policies\n", told-maxFaults)
	}
	return nil
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// vacant makes sure that nothing is written over by accident.
func vacant(dir string, force bool) error {
	empty, err := snapshot.Vacant(dir)
	switch {
	case err != nil:
		return outError(err)
	case !empty && !force:
		return fmt.Errorf("--out %s: the folder is not empty; name a new one, or give --force to replace the snapshot in it", dir)
	}
	return nil
}

func (a *app) importInto(dir string, s *snapshot.Snapshot, opts snapshot.WriteOptions) error {
	if err := snapshot.Write(dir, s, opts); err != nil {
		return outError(err)
	}
	fmt.Fprintf(a.stderr, "%s written: %d %s\n", dir, len(s.Accounts), plural(len(s.Accounts), "account"))
	return a.reportFaults(s)
}
