package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pathfinder/benchmarks/internal/measure"
	"pathfinder/benchmarks/orggen"
)

// An organization is one that was generated, or will be.
type organization struct {
	dir      string
	accounts int
	Size     size         `json:"size"`
	Names    orggen.Names `json:"names"`
}

// about is the file beside a kept organization that says what is in it.
func (org *organization) about() string { return org.dir + ".json" }

// organization says where the one with n accounts is.
func (o *options) organization(home string, n int) *organization {
	return &organization{accounts: n, dir: filepath.Join(home, fmt.Sprintf("%d-accounts-%d-principals-%d-resources-seed-%d", n, o.principals, o.resources, o.seed))}
}

// size measures all stages on the organization with n accounts. What was
// measured before an error is returned with it.
func (o *options) size(ctx context.Context, home string, n int) ([]figure, error) {
	org := o.organization(home, n)
	kept, err := org.load()
	if err != nil {
		return nil, err
	}
	runs := o.runs
	if n*o.principals >= large {
		runs = 1
	}
	var all []figure
	for _, s := range stages {
		if s.name == "generate" {
			if kept {
				continue
			}
		} else if !o.wanted(s.name) {
			continue
		}
		f, err := o.stage(ctx, &s, org, runs)
		if err != nil {
			return all, fmt.Errorf("%d accounts: %w", n, err)
		}
		if s.name == "generate" {
			if err := o.settle(ctx, org); err != nil {
				return all, err
			}
			f.Size = org.Size
		}
		if o.wanted(s.name) {
			all = append(all, f)
			told(f)
		}
	}
	return all, nil
}

// told writes what was measured to where errors go: a large size takes long.
func told(f figure) {
	_, _ = fmt.Fprintf(os.Stderr, "%d accounts: %s: wall %s, CPU %s, peak %s\n",
		f.Size.Accounts, f.Stage, measure.Time(f.Wall), measure.Time(f.CPU), measure.Bytes(f.Peak))
}

func (o *options) wanted(name string) bool { return len(o.only) == 0 || slices.Contains(o.only, name) }

// load reads what is known of a kept organization. kept is false when there is
// none, or it was not finished.
func (org *organization) load() (kept bool, err error) {
	text, err := os.ReadFile(org.about())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(text, org)
}

// settle counts what is in a new organization and writes it down beside it.
func (o *options) settle(ctx context.Context, org *organization) error {
	var out outcome
	if _, err := o.inside(ctx, countStage, org, &out); err != nil {
		return err
	}
	org.Size = out.Size
	text, err := json.MarshalIndent(org, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(org.about(), append(text, '\n'), 0o600)
}

// stage measures one stage.
func (o *options) stage(ctx context.Context, s *stage, org *organization, runs int) (figure, error) {
	var samples []measure.Sample
	for range runs {
		var sample measure.Sample
		var err error
		if s.inside != nil {
			var out outcome
			if sample, err = o.inside(ctx, s.name, org, &out); err == nil && s.name == "generate" {
				org.Names = out.Names
			}
			sample.Wall, sample.CPU = out.Wall, out.CPU
		} else {
			sample, err = measure.Run(ctx, measure.Command{Path: o.binary, Args: s.command(org), Env: o.env(), Out: io.Discard, Fine: []int{3}})
		}
		if err != nil {
			return figure{}, fmt.Errorf("%s: %w", s.name, err)
		}
		samples = append(samples, sample)
	}
	return figure{Stage: s.name, Size: org.Size, Runs: runs, Sample: measure.Median(samples)}, nil
}

// inside runs a stage of this program in a process of its own.
func (o *options) inside(ctx context.Context, name string, org *organization, out *outcome) (measure.Sample, error) {
	self, err := os.Executable()
	if err != nil {
		return measure.Sample{}, err
	}
	var printed bytes.Buffer
	s, err := measure.Run(ctx, measure.Command{Path: self, Args: o.childArgs(name, org), Env: o.env(), Out: &printed})
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(printed.Bytes(), out)
}

func (o *options) env() []string {
	if o.limit == "" {
		return nil
	}
	return []string{"GOMEMLIMIT=" + o.limit}
}
