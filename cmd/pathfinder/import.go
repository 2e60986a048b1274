package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
)

const importHelp = `Turns facts that another tool collected into a snapshot folder. SRC is recognized
by its content: output of aws iam get-account-authorization-details or a folder
of such files, another snapshot, or a zip archive of one.`

func (a *app) importFacts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import SRC --out DIR",
		Short: "Turn collected facts into a snapshot folder",
		Long:  importHelp,
		Example: `  aws iam get-account-authorization-details > details.json
  pathfinder import details.json --out snapshot
  pathfinder import fixtures/queue --out compressed --compress`,
		Args: between(1, 1),
	}
	var dir string
	var force bool
	var opts snapshot.WriteOptions
	f := cmd.Flags()
	f.StringVarP(&dir, "out", "o", "", "the snapshot folder to write, new or empty")
	f.BoolVar(&force, "force", false, "replace the snapshot that is in the folder")
	f.BoolVar(&opts.Compress, "compress", false, "write .json.zst files")
	cmd.RunE = func(_ *cobra.Command, args []string) error { return a.importInto(dir, args[0], force, opts) }
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

func (a *app) importInto(dir, src string, force bool, opts snapshot.WriteOptions) error {
	if dir == "" {
		return errors.New("where to? give --out DIR")
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("--out %w", err)
	case len(entries) > 0 && !force:
		return fmt.Errorf("--out %s: the folder is not empty; name a new one, or give --force to replace the snapshot in it", dir)
	}
	s, err := collector.OpenSnapshot(src)
	if err != nil {
		return err
	}
	if err := snapshot.Write(dir, s, opts); err != nil {
		return fmt.Errorf("--out %w", err)
	}
	fmt.Fprintf(a.stderr, "%s written: %d %s\n", dir, len(s.Accounts), plural(len(s.Accounts), "account"))
	return a.reportFaults(s)
}
