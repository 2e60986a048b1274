package cloudformation

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// Config says what is deployed.
type Config struct {
	Templates  []string // [NAME=]FILE, or a folder that cdk synth wrote
	Parameters []string // [STACK.]KEY=VALUE
	Resources  []string // [NAME=]FILE: output of describe-stack-resources
	Account    string   // of stacks that do not say it
	Region     string   // likewise
}

// A Report tells what deploying changes in a snapshot.
type Report struct {
	Changes []overlay.Change
	Gaps    []snapshot.Gap
	Notes   []string // what was assumed, for people
}

// Apply returns the snapshot as it is once the templates are deployed. s itself
// stays as it is.
func Apply(s *snapshot.Snapshot, cfg Config) (*snapshot.Snapshot, *Report, error) {
	var o opener
	defer o.close()
	var sources []source
	for _, arg := range cfg.Templates {
		list, err := o.open(arg)
		if err != nil {
			return nil, nil, fmt.Errorf("--template: %w", err)
		}
		sources = append(sources, list...)
	}
	if cfg.Account != "" && !arn.IsAccountID(cfg.Account) {
		return nil, nil, fmt.Errorf("--template-account %s: give an account id of 12 digits", quote(cfg.Account))
	}
	lists, err := resourceLists(cfg.Resources)
	if err != nil {
		return nil, nil, err
	}
	given, err := parameters(cfg.Parameters, sources)
	if err != nil {
		return nil, nil, err
	}
	d := &deployment{edit: overlay.Edit(s, "template"), before: overlay.Edit(s, ""), lists: lists, said: make(map[string]bool), left: maxSpent}
	for i := range sources {
		src := &sources[i]
		list, env := lists.match(src.env.name, len(sources) == 1)
		src.env.fill(env)
		src.env.fill(environment{account: cfg.Account, region: cfg.Region})
		if err := d.guess(&src.env, s); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", src.t.file, err)
		}
		for name, v := range given[i] {
			src.given[name] = v
		}
		d.stacks = append(d.stacks, d.newStack(src.t, src.env, src.given, list))
	}
	d.deploy(s)
	return d.edit.Snapshot(), &Report{Changes: d.edit.Changes(), Gaps: d.edit.Gaps(), Notes: d.notes}, nil
}

// fill takes what is not known yet from another environment.
func (e *environment) fill(from environment) {
	e.name, e.account, e.region = cmp.Or(e.name, from.name), cmp.Or(e.account, from.account), cmp.Or(e.region, from.region)
}

var regionName = regexp.MustCompile(`^[a-z0-9-]+$`)

// guess takes what nobody said from the snapshot, where it leaves no choice, and
// says so.
func (d *deployment) guess(env *environment, s *snapshot.Snapshot) error {
	if env.account == "" {
		ids := d.edit.Accounts()
		if len(ids) != 1 {
			return errors.New("to which account is it deployed? give --template-account ID")
		}
		env.account = ids[0]
		d.noteOnce("--template-account: taken to be " + env.account + ", the only account of the snapshot")
	}
	if !arn.IsAccountID(env.account) {
		return fmt.Errorf("%s is not an account id of 12 digits", quote(env.account))
	}
	if env.region == "" {
		if regions := regionsOf(s, env.account); len(regions) == 1 {
			env.region = regions[0]
			env.guessed = "--template-region: taken to be " + env.region + ", the only one with resources of account " + env.account
		}
	}
	if env.region != "" && !regionName.MatchString(env.region) {
		return fmt.Errorf("%s is not a region, such as eu-central-1", quote(env.region))
	}
	if env.partition = d.edit.Partition(env.account); env.region != "" && env.partition == "aws" {
		env.partition = partitionOf(env.region)
	}
	return nil
}

func (d *deployment) noteOnce(note string) {
	if !slices.Contains(d.notes, note) {
		d.notes = append(d.notes, note)
	}
}

// regionsOf lists the regions that an account has resources in.
func regionsOf(s *snapshot.Snapshot, account string) (regions []string) {
	for _, a := range s.Accounts {
		if a.Info.ID != account {
			continue
		}
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				if region := cmp.Or(r.Region, arn.Region(r.ARN)); region != "" {
					regions = append(regions, region)
				}
			}
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions)
}

// parameters sorts the values that were given by the templates that declare
// them.
func parameters(args []string, sources []source) ([]map[string]*value, error) {
	out := make([]map[string]*value, len(sources))
	for i := range out {
		out[i] = make(map[string]*value)
		if sources[i].given == nil {
			sources[i].given = make(map[string]*value)
		}
	}
	for _, arg := range args {
		key, val, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("--template-parameter %s: give KEY=VALUE, or STACK.KEY=VALUE", quote(key))
		}
		stack, name, named := strings.Cut(key, ".")
		if !named {
			stack, name = "", key
		}
		found := false
		for i, src := range sources {
			if stack != "" && stack != src.env.name || src.t.parameters.get(name) == nil {
				continue
			}
			out[i][name], found = text(val), true
		}
		if !found { // the value may be a secret
			return nil, fmt.Errorf("--template-parameter %s: no template that was given declares this parameter", quote(key))
		}
	}
	return out, nil
}
