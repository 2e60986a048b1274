package measure

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A Sample is the cost of one process.
type Sample struct {
	Wall time.Duration `json:"wallNanoseconds"`
	CPU  time.Duration `json:"cpuNanoseconds"`
	Peak int64         `json:"peakBytes"` // 0 where the system does not say
}

// A Command is a process to measure.
type Command struct {
	Path string
	Args []string
	Env  []string // added to that of this process
	Dir  string
	// Out takes what the process prints; nil drops it.
	Out io.Writer
	// Fine are exit codes besides 0 with which the process answered.
	Fine []int
}

// Run runs a command once. The error holds the end of what the process printed
// as errors.
func Run(ctx context.Context, c Command) (Sample, error) {
	said := &tail{}
	var s Sample
	var err error
	if starter != "" {
		s, err = runApart(ctx, c, said)
	} else {
		cmd := exec.CommandContext(ctx, c.Path, c.Args...)
		cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = append(os.Environ(), c.Env...), c.Dir, c.Out, said
		s, err = run(cmd)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && slices.Contains(c.Fine, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return s, fmt.Errorf("%s %s: %w: %s", c.Path, strings.Join(c.Args, " "), err, said)
	}
	return s, nil
}

// run runs a command and measures it.
func run(cmd *exec.Cmd) (Sample, error) {
	start := time.Now()
	err := cmd.Run()
	s := Sample{Wall: time.Since(start)}
	if p := cmd.ProcessState; p != nil {
		s.CPU, s.Peak = p.UserTime()+p.SystemTime(), peakOf(p)
	}
	return s, err
}

// tail keeps the end of what is written to it.
type tail struct{ b bytes.Buffer }

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if extra := t.b.Len() - tailSize; extra > 0 {
		t.b.Next(extra)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(t.b.String()) }

// Median returns the median of each figure by itself. Of an even number it is
// the lower of the two in the middle, which was measured.
func Median(samples []Sample) Sample {
	if len(samples) == 0 {
		return Sample{}
	}
	return Sample{
		Wall: middle(samples, func(s Sample) time.Duration { return s.Wall }),
		CPU:  middle(samples, func(s Sample) time.Duration { return s.CPU }),
		Peak: middle(samples, func(s Sample) int64 { return s.Peak }),
	}
}

func middle[T cmp.Ordered](samples []Sample, of func(Sample) T) T {
	list := make([]T, len(samples))
	for i, s := range samples {
		list[i] = of(s)
	}
	slices.Sort(list)
	return list[(len(list)-1)/2]
}
