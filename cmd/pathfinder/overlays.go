package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
	"pathfinder/collector/terraform"
	"pathfinder/graphmodel/inventory"
)

// overlays are the files that change a snapshot before it is asked about, with
// the flags that name them.
type overlays struct {
	list     []overlay // in the order in which they were given
	accounts []string
	region   string
	templates
	noCache bool
}

// An overlay is a file of changes. apply returns the snapshot as it is after
// them, and leaves the given one alone.
type overlay struct {
	file  string
	apply func(o *overlays, file string, s *snapshot.Snapshot) (*snapshot.Snapshot, error)
}

// overlayFlags adds the flags to a command.
func (o *overlays) overlayFlags(a *app, f *pflag.FlagSet) {
	f.Var(&overlayFlag{o, applyPlan}, "plan", "answer as after the apply of this Terraform plan: `FILE` holds what terraform show -json prints; repeat it for several")
	f.StringArrayVar(&o.accounts, "plan-account", nil, "where a plan does not say it: the account `ID` that it is applied to; PROVIDER=ID for one of its providers")
	f.StringVar(&o.region, "plan-region", "", "where a plan does not say it: the `REGION` that it is applied to")
	o.templateFlags(a, f)
	f.BoolVar(&o.noCache, "no-cache", false, "read the snapshot itself, and neither use nor keep what is compiled of it")
}

// overlayFlag appends to the list, so that flags of different names keep the
// order in which they were given.
type overlayFlag struct {
	to    *overlays
	apply func(o *overlays, file string, s *snapshot.Snapshot) (*snapshot.Snapshot, error)
}

func (f *overlayFlag) String() string { return "" }
func (f *overlayFlag) Type() string   { return "string" }

func (f *overlayFlag) Set(file string) error {
	f.to.list = append(f.to.list, overlay{file: file, apply: f.apply})
	return nil
}

// check refuses flags that say more about files that are not given.
func (o *overlays) check() error {
	switch {
	case len(o.list) == 0 && (len(o.accounts) > 0 || o.region != ""):
		return errors.New("--plan-account and --plan-region say more about a plan; give --plan FILE too")
	case len(o.Templates) == 0 && o.more():
		return errors.New("the flags --template-… say more about a template; give --template FILE too")
	}
	return nil
}

// changed returns the snapshot as it is after the overlays.
func (o *overlays) changed(s *snapshot.Snapshot) (_ *snapshot.Snapshot, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	for _, one := range o.list {
		if s, err = one.apply(o, one.file, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// openWith reads the facts at path, as they are after the overlays.
func (o *overlays) openWith(a *app, path string) (*inventory.Inventory, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if len(o.list) == 0 {
		return a.load(path, o.noCache)
	}
	s, err := collector.OpenSnapshot(path)
	if err != nil {
		return nil, err
	}
	if s, err = o.changed(s); err != nil {
		return nil, err
	}
	inv, err := s.Inventory()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used after the changes:\n%w", path, err)
	}
	return inv, nil
}

// applyPlan applies a plan of Terraform.
func applyPlan(o *overlays, file string, s *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	opts := terraform.Options{Region: o.region, Accounts: map[string]string{}}
	for _, text := range o.accounts {
		key, id, named := strings.Cut(text, "=")
		if !named {
			key, id = "", text
		}
		opts.Accounts[key] = id
	}
	plan, err := terraform.Read(file)
	if err != nil {
		return nil, fmt.Errorf("--plan: %w", err)
	}
	after, _, err := plan.Apply(s, opts)
	if err != nil {
		return nil, fmt.Errorf("--plan %s: %w", file, err)
	}
	return after, nil
}
