package main

import (
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
)

// aside are the files and folders that the process writes aside now.
var aside asides

type asides struct {
	mu    sync.Mutex
	names map[string]bool
	rest  func() // ends the watch for signals, which lasts while there are some
}

// removeIfEnded removes a file or folder when a signal ends the process, as Ctrl-C, a
// scheduler or a closed terminal does: what is written aside is of no use to anybody, and of
// an audit it may be gigabytes. The process then ends by that signal, as it would have
// without. done has to be called when the file is in its place, or removed.
func removeIfEnded(name string) (done func()) {
	aside.mu.Lock()
	defer aside.mu.Unlock()
	if aside.names == nil {
		aside.names = map[string]bool{}
	}
	if len(aside.names) == 0 {
		aside.rest = aside.watch()
	}
	aside.names[name] = true
	return func() {
		aside.mu.Lock()
		defer aside.mu.Unlock()
		delete(aside.names, name)
		if len(aside.names) == 0 && aside.rest != nil {
			aside.rest()
			aside.rest = nil
		}
	}
}

// watch waits for signals until rest is called: after that they do what they do anyhow, as
// for serve, which ends in its own way.
func (a *asides) watch() (rest func()) {
	ended, over := make(chan os.Signal, 1), make(chan struct{})
	if list := endSignals(); len(list) > 0 {
		signal.Notify(ended, list...)
	}
	go func() {
		select {
		case sig := <-ended:
			a.end(sig)
		case <-over:
		}
	}()
	return func() {
		signal.Stop(ended)
		close(over)
		select {
		case sig := <-ended: // it came just before
			go a.end(sig)
		default:
		}
	}
}

// endSignals are the signals that end the process: Ctrl-C, schedulers and closed terminals send
// them. Those that it was told to ignore, as by nohup, are none.
func endSignals() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
}

// end removes what is there and ends the process. Nothing is put in its place, nor begun,
// meanwhile.
func (a *asides) end(sig os.Signal) {
	a.mu.Lock()
	for name := range a.names {
		os.RemoveAll(name) //nolint:errcheck // there is nobody to tell
	}
	signal.Reset(sig)
	if self, err := os.FindProcess(os.Getpid()); err != nil || self.Signal(sig) != nil {
		os.Exit(exitEnded)
	}
}

// exitEnded is the exit code where the system has no signals, as shells have it for Ctrl-C.
const exitEnded = 130
