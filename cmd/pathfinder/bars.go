package main

import (
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"pathfinder/collector/live"
	"pathfinder/render"
)

// bars show a collection on a terminal: a bar for each account that is being read.
// Without a terminal they show nothing.
type bars struct {
	all *mpb.Progress // nil: no terminal

	mu   sync.Mutex
	bars map[string]*mpb.Bar // by barName; under mu
}

func (a *app) newBars() *bars {
	f, ok := a.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bars{}
	}
	return &bars{all: mpb.New(mpb.WithOutput(f), mpb.WithWidth(40)), bars: make(map[string]*mpb.Bar)}
}

func (b *bars) event(e live.Event) {
	if b.all == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	bar := b.bars[barName(e)]
	switch {
	case bar == nil && !e.Ended:
		bar = b.all.AddBar(int64(e.Units), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(barName(e), decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.CountersNoUnit("%d / %d")))
		b.bars[barName(e)] = bar
	case bar == nil:
		return
	case e.Ended:
		bar.Abort(true)
		delete(b.bars, barName(e))
		return
	}
	bar.SetCurrent(int64(e.Done))
}

func barName(e live.Event) string {
	switch {
	case e.Account == "":
		return e.Name
	case e.Name == "":
		return e.Account
	}
	return e.Account + " " + render.Clean(e.Name)
}

// end removes the bars.
func (b *bars) end() {
	if b.all != nil {
		b.all.Shutdown() // also bars of what was interrupted
	}
}
