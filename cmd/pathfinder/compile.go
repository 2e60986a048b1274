package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"pathfinder/collector"
	"pathfinder/render"
)

const compileHelp = `Compiles a snapshot, a folder or an archive, into one file that questions read in
place of it, in no time whatever its size. Without -o the file is put where
questions look for it: .compiled in the snapshot folder, or the user's cache
folder when nothing can be written there. With -o it goes where you say; give
that file with -s.

Questions do this by themselves for snapshots that take long to read. A file
that does not hold what the snapshot says is never used: when the snapshot
changes, when the file is damaged, and after an update of pathfinder, it is made
again. $PATHFINDER_CACHE names another folder for such files; "off" does without
them, as --no-cache does for one question.`

func (a *app) compile() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compile SNAPSHOT",
		Short: "Make a snapshot quick to ask about",
		Long:  compileHelp,
		Example: `  pathfinder compile fixtures/acme --out acme.compiled
  pathfinder who-can acme-prod-customer-data -s acme.compiled --out customer-data.csv`,
		Args: between(1, 1),
	}
	var out string
	cmd.Flags().StringVarP(&out, "out", "o", "", "write to `FILE`; it appears complete or not at all")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		bar := a.newBar("compile")
		done, err := collector.Compile(args[0], out, a.cache(false), bar.progress)
		bar.end()
		if err != nil {
			return err
		}
		return tellCompiled(a.stdout, done)
	}
	return cmd
}

// tellCompiled tells what was done.
func tellCompiled(w io.Writer, c *collector.Compilation) error {
	_, err := fmt.Fprintf(w, "%s, %s of %s: %s into %s\n", render.Clean(c.From), count(len(c.Inventory.Accounts), "account"), count(c.Files, "file"), size(c.Bytes), render.Clean(c.File))
	return err
}

// size writes a number of bytes for people.
func size(n int64) string {
	const unit = 1024
	switch {
	case n < unit:
		return fmt.Sprintf("%d B", n)
	case n < unit*unit:
		return fmt.Sprintf("%.1f KiB", float64(n)/unit)
	case n < unit*unit*unit:
		return fmt.Sprintf("%.1f MiB", float64(n)/unit/unit)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/unit/unit/unit)
}

// bar is one bar on a terminal's stderr, and nothing otherwise.
type bar struct {
	name string
	all  *mpb.Progress // nil: no terminal
	bar  *mpb.Bar
}

func (a *app) newBar(name string) *bar {
	f, ok := a.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{name: name, all: mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))}
}

// progress shows how much is done.
func (b *bar) progress(done, total int) {
	if b.all == nil {
		return
	}
	if b.bar == nil {
		b.bar = b.all.AddBar(int64(total), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(b.name+" ")), mpb.AppendDecorators(decor.CountersNoUnit("%d / %d")))
	}
	b.bar.SetCurrent(int64(done))
}

func (b *bar) end() {
	if b.bar != nil {
		b.bar.Abort(true)
	}
	if b.all != nil {
		b.all.Wait()
	}
}
