package measure

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// starterArg is the hidden command by which a program becomes the small process
// that starts what is measured.
const starterArg = "measured-process"

// starter is the program to start processes with; "" for this one.
var starter string

// Main makes all later calls of [Run] start their processes from a small one.
// It is called first in main, and does not return in that small process.
func Main() {
	if len(os.Args) > 2 && os.Args[1] == starterArg {
		os.Exit(start(os.Args[2], os.Args[3:]))
	}
	if self, err := os.Executable(); err == nil && pipes {
		starter = self
	}
}

// start runs a process, writes what it cost to file 3, and returns its exit
// code.
func start(path string, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	s, err := run(cmd)
	told := os.NewFile(3, "cost")
	if json.NewEncoder(told).Encode(s) != nil || told.Close() != nil {
		return startFailed
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() >= 0 {
		return exit.ExitCode()
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return startFailed
	}
	return 0
}

// startFailed is the exit code for a process that did not start or was killed,
// as shells have it.
const startFailed = 127

// runApart runs a command from a small process.
func runApart(ctx context.Context, c Command, said *tail) (s Sample, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return s, err
	}
	defer func() { _ = read.Close() }()
	cmd := exec.CommandContext(ctx, starter, append([]string{starterArg, c.Path}, c.Args...)...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = append(os.Environ(), c.Env...), c.Dir, c.Out, said
	cmd.ExtraFiles = []*os.File{write}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it stops what it started
	cmd.WaitDelay = 10 * time.Second
	err = cmd.Start()
	_ = write.Close() // the process has its own
	if err != nil {
		return s, err
	}
	cost := json.NewDecoder(read).Decode(&s)
	return s, errors.Join(cmd.Wait(), cost)
}
