package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
)

const cacheEnv = "PATHFINDER_CACHE"

// facts are what a command has read, which may come from compiled snapshots.
type facts struct {
	opened  []*collector.Facts
	mistake bool // a compiled snapshot was damaged, or stale: read the snapshots themselves
	soon    bool // the question is soon answered: find out meanwhile whether a compiled snapshot is stale
}

// cache says where compiled snapshots are kept.
func (a *app) cache(off bool) collector.Cache {
	switch dir := a.env(cacheEnv); {
	case off || dir == "off":
		return collector.Cache{Off: true}
	default:
		return collector.Cache{Dir: dir, Aside: removeIfEnded}
	}
}

// load reads the facts at path.
func (a *app) load(path string, noCache bool) (*inventory.Inventory, error) {
	load := collector.Load
	switch {
	case a.mistake:
		load = collector.Reload
	case a.soon:
		load = collector.LoadAhead
	}
	f, err := load(path, a.cache(noCache))
	if err != nil {
		return nil, err
	}
	a.opened = append(a.opened, f)
	return f.Inventory, nil
}

// damage returns why what was read can't be trusted.
func (a *app) damage() error {
	var errs []error
	for _, f := range a.opened {
		errs = append(errs, f.Err())
	}
	return errors.Join(errs...)
}

// sure renders an answer before anybody sees it, where that may find a compiled
// snapshot damaged, and is an error if it does.
func (a *app) sure(render func(io.Writer) error) (func(io.Writer) error, error) {
	for _, f := range a.opened {
		if !f.Compiled() {
			continue
		}
		var b bytes.Buffer
		if err := errors.Join(render(&b), a.damage()); err != nil {
			return nil, err
		}
		return func(w io.Writer) error {
			_, err := w.Write(b.Bytes())
			return err
		}, nil
	}
	return render, nil
}

// surely asks a question once more, of the snapshot itself, when what was
// compiled of it turns out to be damaged. What is worth it is compiled for the
// next question, after the answer.
func (a *app) surely(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := a.attempt(func() error { return run(cmd, args) })
		if a.damage() != nil {
			a.opened, a.mistake = nil, true
			err = run(cmd, args)
		}
		for _, f := range a.opened {
			bar := a.newBar("compile for the next question")
			f.Keep(bar.progress)
			bar.end()
		}
		return err
	}
}

// attempt runs a question. If facts that were damaged made it fail in a way
// that nothing else can, that is an error, too.
func (a *app) attempt(run func() error) (err error) {
	defer func() {
		if a.damage() == nil {
			return
		}
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	return run()
}
