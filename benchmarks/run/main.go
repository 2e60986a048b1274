package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"pathfinder/benchmarks/internal/measure"
)

func main() {
	measure.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		if err := child(os.Args[2:], os.Stdout); err != nil {
			fail(err)
		}
		return
	}
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fail(err)
	}
	if err := o.run(ctx, os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	_, _ = fmt.Fprintln(os.Stderr, "run:", err)
	os.Exit(2)
}

// options are what the command line says.
type options struct {
	accounts   []int
	principals int
	resources  int
	seed       uint64
	runs       int
	dir        string
	format     string
	limit      string
	only       []string

	binary string // pathfinder, built for this run
}

// large is the number of principals from which on a stage runs once.
const large = 200_000

func parse(args []string) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("run", flag.ContinueOnError)
	accounts := f.String("accounts", "10,100,1000", "sizes to measure: numbers of accounts")
	f.IntVar(&o.principals, "principals", 200, "users and roles of each account")
	f.IntVar(&o.resources, "resources", 20, "resources of each account")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the organizations")
	f.IntVar(&o.runs, "runs", 5, fmt.Sprintf("runs to take medians of; one from %s principals on", measure.Count(large)))
	f.StringVar(&o.dir, "dir", "", "keep the organizations in `DIR`, and use those that are there (default: a temporary folder)")
	f.StringVar(&o.format, "format", "table", "table or json")
	f.StringVar(&o.limit, "memory-limit", "", "GOMEMLIMIT of all stages, such as 2GiB")
	only := f.String("stages", "", "stages to run, by name (default: all): "+strings.Join(names(), ", "))
	if err := f.Parse(args); err != nil {
		return nil, flag.ErrHelp
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	for part := range strings.SplitSeq(*accounts, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("--accounts: %q is no number of accounts", part)
		}
		o.accounts = append(o.accounts, n)
	}
	if *only != "" {
		for part := range strings.SplitSeq(*only, ",") {
			o.only = append(o.only, strings.TrimSpace(part))
		}
	}
	return o, o.check()
}

func (o *options) check() error {
	var errs []error
	if o.runs < 1 {
		errs = append(errs, fmt.Errorf("--runs: %d is less than one", o.runs))
	}
	if o.format != "table" && o.format != "json" {
		errs = append(errs, fmt.Errorf("--format: %q is neither table nor json", o.format))
	}
	for _, name := range o.only {
		if !slices.Contains(names(), name) {
			errs = append(errs, fmt.Errorf("--stages: there is no stage %q, only %s", name, strings.Join(names(), ", ")))
		}
	}
	return errors.Join(errs...)
}

// run measures all sizes, smallest first as asked for, and writes the table.
func (o *options) run(ctx context.Context, w io.Writer) error {
	temp, err := os.MkdirTemp("", "pathfinder-run-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	o.binary = filepath.Join(temp, "pathfinder")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", o.binary, "pathfinder/cmd/pathfinder").CombinedOutput(); err != nil {
		return fmt.Errorf("building pathfinder, which needs its repository as the working directory: %w: %s", err, out)
	}
	home := o.dir
	if home == "" {
		home = temp
	}
	var all []figure
	for _, n := range o.accounts {
		figures, err := o.size(ctx, home, n)
		all = append(all, figures...)
		if err != nil {
			return errors.Join(err, o.write(w, all)) // what was measured is not lost
		}
		if o.dir == "" {
			if err := os.RemoveAll(o.organization(home, n).dir); err != nil {
				return err
			}
		}
	}
	return o.write(w, all)
}

func (o *options) write(w io.Writer, all []figure) error {
	if o.format == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(report{System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), CPUs: runtime.NumCPU(), Seed: o.seed, Figures: all})
	}
	return writeTable(w, all)
}
