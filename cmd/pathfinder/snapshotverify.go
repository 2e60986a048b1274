package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
	"pathfinder/render"
)

const snapshotVerifyHelp = `Reads every file of a snapshot and tells what is wrong in it, with file, line and
JSON pointer.

Errors make a snapshot unusable, or answers worse than they need be: what is no
JSON, ids that contradict each other, documents that are not the ones their hash
says, documents that are lost. With an error the exit code is 1. Warnings are
what looks like a mistake and may be meant, such as names that lead nowhere and
files that nothing reads; they leave the exit code at 0. Mistakes in policies are
found by lint.`

func (a *app) snapshotVerify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify PATH",
		Short: "Whether a snapshot is sound, and what is suspicious in it",
		Long:  snapshotVerifyHelp,
		Example: `  pathfinder snapshot verify fixtures/acme
  pathfinder snapshot verify fixtures/acme -f json`,
		Args: between(1, 1),
	}
	var o output
	o.flags(a, cmd, []string{"table", "json"})
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if err := o.resolve(a); err != nil {
			return err
		}
		problems, err := collector.Validate(args[0])
		if err != nil {
			return err
		}
		v := newVerification(args[0], problems)
		err = o.write(a, func(w io.Writer) error {
			if o.format == "json" {
				return render.JSON(w, v)
			}
			return v.table(w)
		})
		if err == nil && v.Errors > 0 {
			return errCheckFailed
		}
		return err
	}
	return cmd
}

// A verification is the answer of snapshot verify.
type verification struct {
	Pathfinder string            `json:"pathfinder"`
	Path       string            `json:"path"`
	Errors     int               `json:"errors"`
	Warnings   int               `json:"warnings"`
	Problems   []verifiedProblem `json:"problems"`
}

type verifiedProblem struct {
	Severity string `json:"severity"` // error or warning
	File     string `json:"file"`     // "" of the snapshot as a whole
	Line     int    `json:"line"`     // 0 when unknown
	Pointer  string `json:"pointer"`  // "" of the file as a whole
	Message  string `json:"message"`

	text string
}

func newVerification(path string, problems []*snapshot.Problem) *verification {
	v := &verification{Pathfinder: "snapshot-verify/1", Path: path, Problems: []verifiedProblem{}}
	for _, p := range problems {
		one := verifiedProblem{"error", p.File, p.Line, p.Pointer, p.Message, p.Error()}
		if p.Warning {
			one.Severity = "warning"
			v.Warnings++
		} else {
			v.Errors++
		}
		v.Problems = append(v.Problems, one)
	}
	return v
}

func (v *verification) table(w io.Writer) error {
	var b strings.Builder
	for _, p := range v.Problems {
		fmt.Fprintf(&b, "%s: %s\n", p.Severity, render.Clean(p.text))
	}
	fmt.Fprintf(&b, "%s, %s in %s\n", count(v.Errors, "error"), count(v.Warnings, "warning"), render.Clean(v.Path))
	_, err := io.WriteString(w, b.String())
	return err
}
