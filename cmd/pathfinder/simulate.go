package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pathfinder/render"
	"pathfinder/solver/casefile"
)

const simulateHelp = `Decides a batch of cases, one JSON object a line (or a JSON array), and writes one
line for each, in the same order. FILE may be "-" for stdin, and may be longer than
memory. No snapshot is needed. What a line holds says what it asks:

  request    a whole decision, from the policies and settings beside it
             -> {"id", "decision", "blockedBy", "rules"}
  operator   whether one condition holds for one value
             -> {"id", "result": true|false}
  element    whether one element of a statement matches: Action, NotAction,
             Resource, NotResource -> true|false; Principal, NotPrincipal ->
             "Match", "AccountLevelMatch", "SessionRoleMatch" or "NoMatch";
             s3BucketPolicyIsPublic: whether S3 calls a bucket policy public

docs/simulate.md lists all fields. A line may say in "expect" what it should get.
With --check, only lines that get something else are written, and then how many
hold; the exit code is 1 if any differs. A line that can't be read ends the run
with exit code 2 and its number and id.`

func (a *app) simulate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "simulate FILE",
		Short: "Decide a batch of cases, or check what they expect",
		Long:  simulateHelp,
		Example: `  pathfinder simulate --check fixtures/cases/cases.jsonl
  echo '{"id":"1","request":{"principal":"arn:aws:iam::111122223333:user/ana","action":"s3:GetObject",
    "resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333"}}' | pathfinder simulate -
  echo '{"id":"2","operator":"IpAddress","conditionKey":"aws:SourceIp","policyValues":["10.0.0.0/8"],
    "requestValue":"10.1.2.3","expect":true}' | pathfinder simulate --check -
  echo '{"id":"3","element":"Resource","policyValues":["arn:aws:s3:::b/*"],"requestValue":"arn:aws:s3:::b/k"}
    {"id":"4","element":"Principal","policyValues":{"AWS":"111122223333"},
     "requestValue":"arn:aws:iam::111122223333:user/ana"}' | pathfinder simulate -`,
		Args: between(1, 1),
	}
	check := cmd.Flags().Bool("check", false, "compare with what the cases expect")
	out := cmd.Flags().StringP("out", "o", "", "write to `FILE` instead of stdout; it appears complete or not at all")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if *out == "" || *out == "-" {
			return a.simulateFile(args[0], a.stdout, *check)
		}
		var failed error // a failed check is an answer too
		err := writeFile(*out, func(w io.Writer) error {
			err := a.simulateFile(args[0], w, *check)
			if errors.Is(err, errCheckFailed) {
				failed, err = err, nil
			}
			return err
		})
		return cmp.Or(err, failed)
	}
	return cmd
}

func (a *app) simulateFile(name string, w io.Writer, check bool) (err error) {
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read from
		in = f
	} else {
		name = "stdin"
	}
	if in, err = textOf(in); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out := bufio.NewWriter(w)
	defer func() { err = errors.Join(err, out.Flush()) }()
	var c checker
	enc := json.NewEncoder(out)
	yield := func(r casefile.Result) error { return writeResult(enc, r) }
	if check {
		yield = func(r casefile.Result) error { return c.take(out, r) }
	}
	if err := casefile.Run(in, yield); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if check {
		return c.sum(out)
	}
	return nil
}

// A line is a result with every field that its kind promises, empty or not.
type line struct {
	casefile.Result
	BlockedBy *[]string `json:"blockedBy,omitempty"`
	Rules     *[]string `json:"rules,omitempty"`
}

func writeResult(enc *json.Encoder, r casefile.Result) error {
	l := line{Result: r}
	if r.Answer == "" {
		if r.BlockedBy == nil {
			r.BlockedBy = []string{}
		}
		if r.Rules == nil {
			r.Rules = []string{}
		}
		l.BlockedBy, l.Rules = &r.BlockedBy, &r.Rules
	}
	return enc.Encode(l)
}

// A checker counts the cases that hold.
type checker struct{ expecting, holding, silent int }

// take writes a case that differs.
func (c *checker) take(w io.Writer, r casefile.Result) error {
	if !r.Expects {
		c.silent++
		return nil
	}
	c.expecting++
	if r.Differs == "" {
		c.holding++
		return nil
	}
	_, err := fmt.Fprintf(w, "%s: %s\n", render.Clean(r.ID), render.Clean(r.Differs))
	return err
}

// sum writes the last line.
func (c *checker) sum(w io.Writer) error {
	text := fmt.Sprintf("%d of %d hold", c.holding, c.expecting)
	if c.silent > 0 {
		text += fmt.Sprintf(" (%d more expect nothing)", c.silent)
	}
	if _, err := fmt.Fprintln(w, text); err != nil {
		return err
	}
	if c.holding < c.expecting {
		return errCheckFailed
	}
	return nil
}
