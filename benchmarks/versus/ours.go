package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pathfinder/benchmarks/internal/measure"
)

// ours is pathfinder and where it finds the organization.
type ours struct {
	binary   string
	folder   string // of iam-collect
	snapshot string // what import makes of it
}

// A way is one way to put a question to pathfinder; each is a row.
type way struct {
	name string
	// answers says that the answer of this way is the one to compare.
	answers bool
	args    func(o *ours) []string
}

// ways are all rows of pathfinder.
var ways = []way{
	{"pathfinder, from the folder of iam-collect", false, func(o *ours) []string { return []string{"--snapshot", o.folder, "--max-hops", "0"} }},
	{"pathfinder, from its snapshot", true, func(o *ours) []string { return []string{"--snapshot", o.snapshot, "--max-hops", "0"} }},
	{"pathfinder, with all chains of roles", false, func(o *ours) []string { return []string{"--snapshot", o.snapshot} }},
}

// incomplete is the exit code of an answer that says what it does not know:
// iam-collect knows no ACLs, for one.
const incomplete = 3

// prepare makes a snapshot of the folder. That nothing was denied is what a
// peer takes for granted that has no word for what was not read.
func (o *ours) prepare(ctx context.Context) error {
	_, err := measure.Run(ctx, measure.Command{
		Path: o.binary, Args: []string{"import", o.folder, "--out", o.snapshot, "--nothing-denied"}, Fine: []int{incomplete},
	})
	return err
}

// ask puts a question in all ways, each in processes of its own.
func (o *ours) ask(ctx context.Context, q question, runs int) (mine grants, rows []row, err error) {
	for _, w := range ways {
		args := []string{"who-can", q.Resource}
		if !q.all {
			args = append(args, q.Actions...)
		}
		args = append(append(args, "--format", "json"), w.args(o)...)
		var samples []measure.Sample
		var printed bytes.Buffer
		for range runs {
			printed.Reset()
			s, err := measure.Run(ctx, measure.Command{Path: o.binary, Args: args, Out: &printed, Fine: []int{incomplete}})
			if err != nil {
				return nil, nil, err
			}
			samples = append(samples, s)
		}
		if w.answers {
			if mine, err = readOurs(printed.Bytes(), q); err != nil {
				return nil, nil, fmt.Errorf("answer of pathfinder: %w", err)
			}
		}
		rows = append(rows, row{Who: w.name, Runs: runs, Sample: measure.Median(samples)})
	}
	return mine, rows, nil
}

// readOurs reads an answer of who-can: who may do what of that which was asked,
// directly, on the resource itself.
func readOurs(text []byte, q question) (grants, error) {
	var ans struct {
		Access []struct {
			Principal, Resource string
			Path                []struct{}
			Grants              []struct{ Actions, Resources []string }
		}
	}
	if err := json.Unmarshal(text, &ans); err != nil {
		return nil, err
	}
	out := grants{}
	for _, a := range ans.Access {
		if len(a.Path) > 1 || a.Resource != q.Resource {
			continue
		}
		for _, g := range a.Grants {
			if !slices.ContainsFunc(g.Resources, func(r string) bool { return !strings.HasPrefix(r, q.Resource+"/") }) {
				continue // of what is in it
			}
			for _, action := range g.Actions {
				if slices.Contains(q.Actions, action) {
					out.add(a.Principal, action)
				}
			}
		}
	}
	return out, nil
}
