package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// aside are the files and folders that the process writes aside now.
var aside asides

type asides struct {
	mu    sync.Mutex
	names map[string]bool
	watch sync.Once
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
	aside.names[name] = true
	aside.watch.Do(func() {
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		go func() { aside.end(<-ended) }()
	})
	return func() {
		aside.mu.Lock()
		defer aside.mu.Unlock()
		delete(aside.names, name)
	}
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
