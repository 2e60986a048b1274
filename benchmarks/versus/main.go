package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"pathfinder/benchmarks/internal/measure"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
)

func main() {
	measure.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(os.Stderr, "versus:", err)
	}
	os.Exit(code)
}

// options are what the command line says.
type options struct {
	source    // where the organization comes from
	resource  string
	actions   string
	runs      int
	peerRuns  int
	peer      string
	index     bool
	threads   int
	list      int
	format    string
	questions []question
}

// A question is asked of both sides.
type question struct {
	Name     string   `json:"name"`
	Resource string   `json:"resource"`
	Actions  []string `json:"actions"`
	all      bool     // every action of the resource
}

func parse(args []string) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("versus", flag.ContinueOnError)
	o.flags(f)
	f.StringVar(&o.resource, "resource", "", "ARN to ask about (default: the bucket of a generated organization that is open to all of it)")
	f.StringVar(&o.actions, "action", "one,all", "comma-separated actions, each a question; one: s3:ListBucket; all: every action of the resource, in one question")
	f.IntVar(&o.runs, "runs", 5, "runs of pathfinder to take medians of")
	f.IntVar(&o.peerRuns, "peer-runs", 1, "runs of the peer to take medians of")
	f.StringVar(&o.peer, "peer", "auto", "iam-lens, iam-simulate (its engine under a driver of ours), or auto: iam-lens where it can be installed")
	f.BoolVar(&o.index, "index", false, "the peer uses an index of the actions that principals' policies name")
	f.IntVar(&o.threads, "threads", 0, "threads of the driver (default: one a processor)")
	f.IntVar(&o.list, "list", 10, "differences to list of each rule; --format json has all")
	f.StringVar(&o.format, "format", "table", "table or json")
	if err := f.Parse(args); err != nil {
		return nil, flag.ErrHelp
	}
	var errs []error
	if f.NArg() > 0 {
		errs = append(errs, fmt.Errorf("unexpected argument %q", f.Arg(0)))
	}
	if o.runs < 1 || o.peerRuns < 1 {
		errs = append(errs, errors.New("--runs and --peer-runs must be at least one"))
	}
	if o.peer != "auto" && o.peer != lensName && o.peer != engineName {
		errs = append(errs, fmt.Errorf("--peer: %q is none of auto, %s, %s", o.peer, lensName, engineName))
	}
	if o.format != "table" && o.format != "json" {
		errs = append(errs, fmt.Errorf("--format: %q is neither table nor json", o.format))
	}
	if o.folder != "" && o.resource == "" {
		errs = append(errs, errors.New("--org needs --resource: which one to ask about"))
	}
	return o, errors.Join(errs...)
}

// ask makes the questions.
func (o *options) ask(resource string) error {
	for part := range strings.SplitSeq(o.actions, ",") {
		q := question{Name: strings.TrimSpace(part), Resource: resource}
		switch q.Name {
		case "one":
			q.Actions = []string{"s3:ListBucket"}
		case "all":
			q.all = true
			for _, a := range catalog.Default().ActionsFor(resource) {
				if a.Service() == arn.Service(resource) { // what a who-can without actions asks for
					q.Actions = append(q.Actions, a.Name)
				}
			}
		default:
			q.Actions = []string{q.Name}
		}
		if len(q.Actions) == 0 {
			return fmt.Errorf("no action applies to %s", resource)
		}
		if q.Name = q.Actions[0]; q.all {
			q.Name = fmt.Sprintf("all %d actions", len(q.Actions))
		}
		o.questions = append(o.questions, q)
	}
	return nil
}

// run returns the exit code.
func run(ctx context.Context, args []string) (int, error) {
	o, err := parse(args)
	if err != nil {
		return 2, err
	}
	temp, err := os.MkdirTemp("", "pathfinder-versus-")
	if err != nil {
		return 2, err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	p, err := o.install(ctx, temp)
	if err != nil {
		return 2, err
	}
	ours := &ours{binary: filepath.Join(temp, "pathfinder"), snapshot: filepath.Join(temp, "snapshot")}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", ours.binary, "pathfinder/cmd/pathfinder").CombinedOutput(); err != nil {
		return 2, fmt.Errorf("building pathfinder, which needs its repository as the working directory: %w: %s", err, out)
	}
	folder, resource, err := o.organization(temp)
	if err != nil {
		return 2, err
	}
	if o.resource != "" {
		resource = o.resource
	}
	if err := o.ask(resource); err != nil {
		return 2, err
	}
	ours.folder = folder
	if err := ours.prepare(ctx); err != nil {
		return 2, err
	}
	r := &report{System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), CPUs: runtime.NumCPU(), Peer: p.title(), PeerNote: p.note()}
	if err := o.measure(ctx, ours, p, r); err != nil {
		return 2, err
	}
	if err := explainAll(ours.snapshot, r); err != nil {
		return 2, err
	}
	if err := r.write(os.Stdout, o.format, o.list); err != nil {
		return 2, err
	}
	return r.code(), nil
}

// measure asks every question of both sides and compares the answers. What is
// measured is told on the way: a peer may take an hour.
func (o *options) measure(ctx context.Context, ours *ours, p peer, r *report) error {
	for _, q := range o.questions {
		a := asked{Question: q}
		mine, rows, err := ours.ask(ctx, q, o.runs)
		if err != nil {
			return err
		}
		for _, x := range rows {
			told(q, x)
		}
		theirs, sample, err := askPeer(ctx, p, ours.folder, q, o.peerRuns)
		if err != nil {
			return err
		}
		last := row{Who: p.title(), Runs: o.peerRuns, Sample: sample, peer: true}
		told(q, last)
		a.Rows = append(rows, last)
		a.Simulations, a.Refused, a.NotFound = theirs.Simulations, theirs.Refused, theirs.NotFound
		compare(&a, mine, theirs)
		r.Asked = append(r.Asked, a)
	}
	return nil
}

// told writes what was measured to where errors go.
func told(q question, x row) {
	_, _ = fmt.Fprintf(os.Stderr, "%s: %s: wall %s, CPU %s, peak %s\n",
		q.Name, x.Who, measure.Time(x.Wall), measure.Time(x.CPU), measure.Bytes(x.Peak))
}
