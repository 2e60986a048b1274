package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/benchmarks/orggen"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns 0, or 2 when the command line is wrong or writing fails.
func run(args []string, stdout, stderr io.Writer) int {
	if err := generate(args, stdout, stderr); err != nil {
		if err != flag.ErrHelp { // it is printed already
			_, _ = fmt.Fprintln(stderr, "orggen:", err)
		}
		return 2
	}
	return 0
}

func generate(args []string, stdout, stderr io.Writer) error {
	var cfg orggen.Config
	flags := flag.NewFlagSet("orggen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&cfg.Accounts, "accounts", 10, "accounts of the organization")
	flags.IntVar(&cfg.Principals, "principals", 50, "users and roles of each account")
	flags.IntVar(&cfg.Resources, "resources", 20, "resources of each account")
	flags.IntVar(&cfg.OUDepth, "ou-depth", 2, "organizational units between the root and an account, up to 5")
	flags.Uint64Var(&cfg.Seed, "seed", 1, "equal seeds give equal bytes")
	flags.Float64Var(&cfg.Shares.Stamped, "stamped", 0.6, "share of roles and resources that are the same in every account")
	flags.BoolVar(&cfg.ManagedOnly, "managed-only", false, "principals have policies that AWS manages, and no others")
	flags.IntVar(&cfg.Workers, "workers", 0, "accounts that are made at a time (default: one a processor)")
	out := flags.String("out", "", "folder to write `DIR`")
	layout := flags.String("layout", "snapshot", "snapshot or iam-collect")
	compress := flags.Bool("compress", false, "write the snapshot as .json.zst")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *out == "":
		return fmt.Errorf("say where to write, with --out DIR")
	}
	// What is 0 on the command line is meant, and not the default.
	if cfg.Shares.Stamped == 0 {
		cfg.Shares.Stamped = -1
	}
	if cfg.Resources == 0 {
		cfg.Resources = -1
	}
	sink, err := open(*layout, *out, *compress)
	if err != nil {
		return err
	}
	names, err := orggen.Generate(cfg, sink)
	if err != nil {
		return err
	}
	if err := json.MarshalWrite(stdout, names, jsontext.WithIndent("  ")); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout)
	return err
}

func open(layout, dir string, compress bool) (orggen.Sink, error) {
	switch layout {
	case "snapshot":
		return orggen.Folder(dir, compress)
	case "iam-collect":
		return orggen.Collected(dir)
	}
	return nil, fmt.Errorf("layout %q is not known; write snapshot or iam-collect", layout)
}
