//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pathfinder/collector"
)

// endedEnv names where a process of its own writes aside, until it is ended.
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
		left, status := endedBy(t, sig)
		if !status.Signaled() || status.Signal() != sig {
			t.Errorf("%v: it ended with %v", sig, status)
		}
		if len(left) != 1 || left[0] != "earlier" {
			t.Errorf("%v: it left %v, want what is in its place alone", sig, left)
		}
	}
}

// A process that is ended while it compiles leaves nothing in the cache.
func TestEndedWhileCompiling(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(endedEnv); dir != "" {
		a := app{env: func(string) string { return dir }}
		_, err := collector.Compile("../../fixtures/acme", "", a.cache(false), func(int, int) {
			if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
				t.Errorf("it writes %v aside: %v", list, err)
			}
			fmt.Println("ready")
			select {}
		})
		t.Fatal(err)
	}
	left, status := endedBy(t, syscall.SIGTERM)
	if !status.Signaled() || status.Signal() != syscall.SIGTERM || len(left) > 0 {
		t.Errorf("it ended with %v and left %v", status, left)
	}
}

// When nothing is written aside any more, a signal does what others make of it.
func TestEndedLater(t *testing.T) {
	t.Parallel()
	if os.Getenv(endedEnv) != "" {
		removeIfEnded("one")()
		other := make(chan os.Signal, 1)
		signal.Notify(other, syscall.SIGTERM)
		fmt.Println("ready")
		<-other
		return
	}
	if _, status := endedBy(t, syscall.SIGTERM); !status.Exited() || status.ExitStatus() != 0 {
		t.Errorf("it ended with %v", status)
	}
}

// A signal that the process was told to ignore, as by nohup, does not end it.
func TestEndedIgnores(t *testing.T) {
	t.Parallel()
	if os.Getenv(endedEnv) != "" {
		signal.Ignore(syscall.SIGHUP)
		removeIfEnded("one")
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		select {}
	}
	if _, status := endedBy(t, syscall.SIGTERM); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v", status)
	}
}

// endedBy runs the test once more, as a process of its own, ends it by a signal when it is
// ready, and tells how it ended and what it left in its folder.
func endedBy(t *testing.T, sig syscall.Signal) (left []string, status syscall.WaitStatus) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this test itself
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
	late := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() }) // which the status tells
	defer late.Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		left = append(left, e.Name())
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		t.Fatalf("it ended with %v", cmd.ProcessState)
	}
	return left, status
}
