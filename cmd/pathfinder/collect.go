package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"pathfinder/collector/live"
	"pathfinder/collector/snapshot"
	"pathfinder/render"
)

const collectHelp = `Reads the facts of one account or a whole organization from AWS into a snapshot
folder. It only reads. Credentials are found as the AWS CLI finds them.

Run it with credentials of the management account, or of a delegated
administrator of AWS Organizations, and with the name of a role that can be
assumed in every other account: deploy/ has templates for it, and --print-policy
prints the permissions it needs. Without --role-name only the caller's own account
is read.

What cannot be read is recorded in the manifest, and the exit code is 3. An
interrupted collection goes on with --resume, which also tries again what could
not be read.`

// collectFlags are the flags of collect.
type collectFlags struct {
	live.Config
	printPolicy, dryRun bool
	format              string
}

func (a *app) collect() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "collect --out DIR",
		Short: "Read an account or an organization from AWS into a snapshot folder",
		Long:  collectHelp,
		Example: `  pathfinder collect --print-policy --role-name audit/PathfinderRead > policy.json
  pathfinder collect --out snapshot --role-name audit/PathfinderRead --dry-run
  pathfinder collect --out snapshot --role-name audit/PathfinderRead
  pathfinder collect --out snapshot --role-name audit/PathfinderRead --resume
  pathfinder collect --out mine --only iam,s3,kms --regions eu-central-1`,
		Args: between(0, 0),
	}
	var c collectFlags
	c.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case c.printPolicy:
			return a.printPolicy(&c)
		case c.dryRun:
			return a.dryRun(cmd.Context(), &c)
		}
		return a.runCollect(cmd.Context(), &c)
	}
	return cmd
}

func (c *collectFlags) flags(cmd *cobra.Command) {
	var names []string
	for _, s := range live.Services() {
		names = append(names, s.Name)
	}
	f := cmd.Flags()
	f.StringVarP(&c.Out, "out", "o", "", "the snapshot folder to write, new or empty")
	f.StringSliceVar(&c.Accounts, "accounts", nil, "read only these `IDS` (default: all active accounts of the organization)")
	f.StringVar(&c.RoleName, "role-name", "", "the `ROLE` to assume in every other account, with its path")
	f.StringVar(&c.ExternalID, "external-id", "", "the external id that the role's trust policy asks for")
	f.StringSliceVar(&c.Regions, "regions", nil, "read only these `REGIONS` (default: all that are enabled in each account)")
	f.StringSliceVar(&c.Only, "only", nil, "read only these `SERVICES`: "+strings.Join(names, ", "))
	f.StringSliceVar(&c.Skip, "skip", nil, "leave out these `SERVICES`")
	f.StringVar(&c.Profile, "profile", "", "the profile of the AWS configuration (default $AWS_PROFILE)")
	f.StringVar(&c.Region, "region", "", "the region to call first (default: the configured one)")
	f.StringVar(&c.Source, "source", live.SourceDirect, "`SOURCE` of the facts: direct, or config-aggregator to ask AWS Config first what is where")
	f.StringVar(&c.Aggregator, "aggregator", "", "the `NAME` of the aggregator of AWS Config, if there are several")
	f.IntVar(&c.MaxConcurrency, "max-concurrency", 0, "at most `N` calls at one time (default 50)")
	f.BoolVar(&c.Resume, "resume", false, "go on with an interrupted collection, and try again what could not be read")
	f.BoolVar(&c.Force, "force", false, "replace the snapshot that is in the folder")
	f.BoolVar(&c.Compress, "compress", false, "write .json.zst files")
	f.BoolVar(&c.printPolicy, "print-policy", false, "print the permissions that this takes, and call nothing")
	f.BoolVar(&c.dryRun, "dry-run", false, "print the accounts, the regions and the number of calls, and collect nothing")
	f.StringVarP(&c.format, "format", "f", "table", "how --dry-run is written: table or json")
	for _, name := range []string{"only", "skip"} {
		if err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic("BUG: " + err.Error())
		}
	}
	cmd.MarkFlagsMutuallyExclusive("print-policy", "dry-run")
}

func (a *app) printPolicy(c *collectFlags) error {
	text, err := live.Policy(live.PolicyOptions{Only: c.Only, Skip: c.Skip, Source: c.Source, RoleName: c.RoleName, Region: cmp.Or(c.Region, a.env("AWS_REGION"))})
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(text)
	return err
}

func (a *app) runCollect(ctx context.Context, c *collectFlags) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	bars := a.newBars()
	c.Progress = bars.event
	report, err := live.Collect(ctx, c.Config)
	bars.end()
	switch {
	case errors.Is(err, live.ErrInterrupted):
		a.summary(report)
		return interrupted{err}
	case err != nil:
		return err
	}
	if report.Complete {
		fmt.Fprintf(a.stderr, "%s is finished: there is nothing to resume\n", render.Clean(c.Out))
		if !unread(report.Gaps) {
			return nil
		}
		a.gaps(report.Gaps)
		fmt.Fprintln(a.stderr, "To read that with other options, collect anew: name another folder, or give --force.")
		return errNotAllRead
	}
	fmt.Fprintf(a.stderr, "%s written: %d %s\n", render.Clean(c.Out), report.Accounts, plural(report.Accounts, "account"))
	a.summary(report)
	if unread(report.Gaps) {
		return errNotAllRead
	}
	return nil
}

// interruptible returns a context that Ctrl-C ends, or a scheduler or closed terminal; a
// second time kills.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	list := endSignals()
	if len(list) == 0 {
		return context.WithCancel(ctx)
	}
	ctx, stop := signal.NotifyContext(ctx, list...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// unread reports whether something is missing that was asked for.
func unread(gaps []snapshot.Gap) bool {
	return slices.ContainsFunc(gaps, func(g snapshot.Gap) bool { return !strings.HasPrefix(g.Why, "left out by --") })
}

// maxGaps bounds the gaps that the summary tells one by one.
const maxGaps = 10

// summary tells what the collection did.
func (a *app) summary(r *live.Report) {
	fmt.Fprintf(a.stderr, "%d calls in %s, %d throttled, %d repeated", r.Calls, r.Duration.Round(time.Second/10), r.Throttled, r.Repeated)
	if r.Kept > 0 {
		fmt.Fprintf(a.stderr, "; %d of %d parts were there from before", r.Kept, r.Kept+r.Units)
	}
	fmt.Fprintln(a.stderr)
	a.gaps(r.Gaps)
}

// gaps tells what could not be read, by reason.
func (a *app) gaps(list []snapshot.Gap) {
	why := make(map[string]int)
	for _, g := range list {
		why[gapLine(g)]++
	}
	lines := slices.SortedFunc(maps.Keys(why), func(x, y string) int { return cmp.Or(cmp.Compare(why[y], why[x]), cmp.Compare(x, y)) })
	if len(lines) > 0 {
		fmt.Fprintf(a.stderr, "%d %s not read, see manifest.json:\n", len(list), plural(len(list), "fact"))
	}
	for i, line := range lines {
		if i == maxGaps {
			fmt.Fprintf(a.stderr, "  and %d other reasons\n", len(lines)-maxGaps)
			break
		}
		fmt.Fprintf(a.stderr, "%6d  %s\n", why[line], render.Clean(line))
	}
}

func gapLine(g snapshot.Gap) string {
	if g.Service == "" {
		return g.Why
	}
	return g.Service + ": " + g.Why
}

func (a *app) dryRun(ctx context.Context, c *collectFlags) error {
	if err := oneOf("format", c.format, []string{"table", "json"}); err != nil {
		return err
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	plan, err := live.DryRun(ctx, c.Config)
	if err != nil {
		return err
	}
	if c.format == "json" {
		return json.MarshalWrite(a.stdout, plan, jsontext.WithIndent("  "))
	}
	return planTable(a.stdout, plan)
}

// planTable writes a plan for people.
func planTable(w io.Writer, p *live.Plan) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s:\n", len(p.Accounts), plural(len(p.Accounts), "account"))
	for _, acct := range p.Accounts {
		fmt.Fprintf(&b, "  %s  %s\n", acct.ID, render.Clean(acct.Name))
	}
	fmt.Fprintf(&b, "%d %s: %s\n", len(p.Regions), plural(len(p.Regions), "region"), strings.Join(p.Regions, ", "))
	for _, g := range p.LeftOut {
		fmt.Fprintf(&b, "not read: %s\n", render.Clean(strings.Join(slices.DeleteFunc([]string{g.Account, g.Service, g.What, g.Why}, func(s string) bool { return s == "" }), ": ")))
	}
	fmt.Fprintf(&b, "at least %d calls, and for each thing that is there:\n", p.Calls)
	for _, s := range p.Services {
		fmt.Fprintf(&b, "  %-16s %7d calls, then %d each\n", s.Name, s.Calls, s.Each)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
