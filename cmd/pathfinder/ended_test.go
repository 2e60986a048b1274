//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// endedEnv names what a process of its own writes aside, until it is ended.
const endedEnv = "PATHFINDER_TEST_ASIDE"

// A process that is ended leaves nothing that it wrote aside, and ends by the signal.
func TestEndedLeavesNothingAside(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(endedEnv); dir != "" {
		earlier := filepath.Join(dir, "earlier")
		removeIfEnded(earlier)() // this one was put in its place
		stage, err := os.MkdirTemp(dir, ".pathfinder-*")
		if err != nil {
			t.Fatal(err)
		}
		removeIfEnded(stage)
		half := filepath.Join(stage, "access.parquet")
		removeIfEnded(half)
		for _, name := range []string{half, earlier} {
			if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println("ready")
		select {}
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^TestEndedLeavesNothingAside$") //nolint:gosec // this test itself
		cmd.Env = append(os.Environ(), endedEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("the process said %q: %v", line, err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		err = cmd.Wait()
		if status, ok := syscall.WaitStatus(0), false; errors.As(err, &exit) {
			if status, ok = exit.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != sig {
				t.Errorf("%v: it ended by %v", sig, err)
			}
		} else {
			t.Errorf("%v: it ended by %v", sig, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 || left[0].Name() != "earlier" {
			t.Errorf("%v: it left %v, want what is in its place alone: %v", sig, left, err)
		}
	}
}
