package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"pathfinder/benchmarks/internal/measure"
	"pathfinder/graphmodel"
)

// childCommand is the hidden command by which this program runs a stage in a
// process of its own.
const childCommand = "stage"

// An outcome is what such a process prints.
type outcome struct {
	Wall time.Duration `json:"wall"`
	CPU  time.Duration `json:"cpu"`
	site
}

// childArgs are the arguments of childCommand for a stage.
func (o *options) childArgs(name string, org *organization) []string {
	return []string{
		childCommand, "--name", name, "--dir", org.dir, "--accounts", fmt.Sprint(org.accounts),
		"--principals", fmt.Sprint(o.principals), "--resources", fmt.Sprint(o.resources), "--seed", fmt.Sprint(o.seed),
	}
}

// countStage is no row of the table: it says how much there is.
const countStage = "count"

// child runs one stage and prints what it came to.
func child(args []string, w io.Writer) error {
	var out outcome
	f := flag.NewFlagSet(childCommand, flag.ContinueOnError)
	name := f.String("name", "", "")
	f.StringVar(&out.dir, "dir", "", "")
	f.IntVar(&out.cfg.Accounts, "accounts", 0, "")
	f.IntVar(&out.cfg.Principals, "principals", 0, "")
	f.IntVar(&out.cfg.Resources, "resources", 0, "")
	f.Uint64Var(&out.cfg.Seed, "seed", 0, "")
	if err := f.Parse(args); err != nil {
		return err
	}
	if out.cfg.Resources == 0 {
		out.cfg.Resources = -1 // the generator's word for none
	}
	if err := out.do(*name); err != nil {
		return fmt.Errorf("%s: %w", *name, err)
	}
	return json.NewEncoder(w).Encode(out)
}

func (out *outcome) do(name string) error {
	if name == countStage {
		return count(&out.site)
	}
	i := slices.IndexFunc(stages, func(s stage) bool { return s.name == name && s.inside != nil })
	if i < 0 {
		return fmt.Errorf("no such stage")
	}
	return stages[i].inside(&out.site, func(work func() error) error {
		cpu, start := measure.CPU(), time.Now()
		err := work()
		out.Wall, out.CPU = time.Since(start), measure.CPU()-cpu
		return err
	})
}

// count reads the organization and counts what is in it.
func count(s *site) error {
	inv, err := s.open()
	if err != nil {
		return err
	}
	s.Size.Accounts = len(inv.Accounts)
	for _, a := range inv.Accounts {
		s.Size.Principals += len(a.Principals())
		s.Size.Resources += len(a.Held().Resources)
	}
	g, err := graphmodel.Build(inv)
	if err != nil {
		return err
	}
	s.Size.Edges = g.NumEdges()
	return nil
}
