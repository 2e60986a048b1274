package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
	"pathfinder/render/view"
	"pathfinder/solver"
	"pathfinder/solver/lint"
)

// question holds the flags of commands that ask the solver.
type question struct {
	*app
	output
	overlays
	pictureFlags
	snapshot      string
	context       []string
	unset         []string
	maxHops       int
	unconditional bool
	asOf          string
	session       []string // files of session policies

	doubts []solver.Gap // about names of actions and keys, for answers in JSON: elsewhere the warnings are enough
	keyed  bool         // whether the condition keys have been looked at

	inventory *inventory.Inventory // once the snapshot is open
	accounts  map[string]string    // names by id, likewise
	facts     view.Facts           // likewise
}

const snapshotEnv = "PATHFINDER_SNAPSHOT"

// newQuestion adds the shared flags to a command.
func (a *app) newQuestion(cmd *cobra.Command, formats ...string) *question {
	q := &question{app: a}
	q.snapshotFlags(cmd.Flags())
	q.output.flags(a, cmd, formats)
	if slices.Contains(formats, "svg") {
		q.pictureFlags.flags(cmd)
	}
	return q
}

// snapshotFlags adds the flags about what is asked about.
func (q *question) snapshotFlags(f *pflag.FlagSet) {
	f.StringVarP(&q.snapshot, "snapshot", "s", "", "where the facts are: a snapshot folder, one of iam-collect, authorization details, or what else import takes (default $"+snapshotEnv+")")
	f.StringArrayVar(&q.context, "context", nil, "fix a condition key: `KEY=VALUE`; KEY= for absent; repeat it for several values")
	f.StringArrayVar(&q.unset, "assume-unset", nil, "take a condition `KEY` as absent where AWS does not always set it")
	f.StringVar(&q.asOf, "as-of", "", "ask about this `TIME`: 2026-11-01 or 2026-11-01T12:00:00Z")
	q.overlayFlags(q.app, f)
}

// pathFlags adds the flags about role paths.
func (q *question) pathFlags(f *pflag.FlagSet) {
	f.IntVar(&q.maxHops, "max-hops", 0, "at most `N` role assumptions on a path; 0 for direct access only (default unlimited)")
	f.BoolVar(&q.unconditional, "unconditional", false, "only access that no open condition restricts")
}

// sessionFlag adds the flag about the principal's own session.
func (q *question) sessionFlag(f *pflag.FlagSet) {
	f.StringArrayVar(&q.session, "session-policy", nil, "PRINCIPAL is a session that was made with the session policy in `FILE`; repeat it for several")
}

// sessionPolicies reads the session policies of the question.
func (q *question) sessionPolicies() (out []solver.Source, err error) {
	for _, name := range q.session {
		text, err := readPolicyFile(name)
		if err != nil {
			return nil, fmt.Errorf("--session-policy: %w", err)
		}
		doc := policy.Parse(text, policy.Session)
		for _, f := range doc.Faults {
			if f.Severity == policy.Broken {
				return nil, fmt.Errorf("--session-policy %s: %s", name, f)
			}
		}
		out = append(out, solver.Source{Name: name, Doc: doc})
	}
	return out, nil
}

// open reads the snapshot and makes the solver.
func (q *question) open(cmd *cobra.Command) (*solver.Solver, error) {
	cfg := solver.Config{Unconditional: q.unconditional}
	if cmd.Flags().Changed("max-hops") {
		if q.maxHops < 0 {
			return nil, fmt.Errorf("--max-hops %d: give 0 or more", q.maxHops)
		}
		cfg.MaxHops = &q.maxHops
	}
	var err error
	if cfg.Assume, err = q.assumptions(); err != nil {
		return nil, err
	}
	q.checkKeys()
	if cfg.Session, err = q.sessionPolicies(); err != nil {
		return nil, err
	}
	path, err := q.snapshotPath(q.snapshot)
	if err != nil {
		return nil, err
	}
	if cfg.Inventory, err = q.openWith(q.app, path); err != nil {
		return nil, err
	}
	q.inventory, q.facts = cfg.Inventory, factsOf(cfg.Inventory)
	q.accounts = q.facts.Accounts
	return solver.New(cfg)
}

// snapshotPath returns where the facts are: as the flag says, or the environment.
func (a *app) snapshotPath(flag string) (string, error) {
	if flag == "" {
		flag = a.env(snapshotEnv)
	}
	if flag == "" {
		return "", errors.New("which snapshot? give --snapshot PATH, or set " + snapshotEnv)
	}
	return flag, nil
}

// accountNames returns the names of the accounts by id.
func accountNames(inv *inventory.Inventory) map[string]string {
	names := make(map[string]string, len(inv.Accounts))
	for _, a := range inv.Accounts {
		names[a.ID] = a.Name
	}
	return names
}

// assumptions reads the flags that fix facts about requests.
func (q *question) assumptions() (solver.Assumptions, error) {
	var as solver.Assumptions
	var err error
	if as.Values, err = contextValues(q.context); err != nil {
		return as, err
	}
	for _, key := range q.unset {
		if !isKey(key) {
			return as, fmt.Errorf("--assume-unset %s: not a condition key, such as aws:SourceIp", key)
		}
		as.Unset = append(as.Unset, strings.ToLower(key))
	}
	if as.AsOf, err = moment(q.asOf); err != nil {
		return as, err
	}
	return as, nil
}

// contextValues reads KEY=VALUE pairs.
func contextValues(pairs []string) (map[string]policy.Value, error) {
	values := map[string][]string{}
	absent := map[string]bool{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || !isKey(key) {
			return nil, fmt.Errorf("--context %s: give KEY=VALUE, such as aws:SourceIp=192.0.2.1", pair)
		}
		key = strings.ToLower(key)
		if absent[key] || value == "" && len(values[key]) > 0 {
			return nil, fmt.Errorf("--context %s: the key is said to be absent, and given a value", key)
		}
		if value == "" {
			absent[key] = true
			continue
		}
		values[key] = append(values[key], value)
	}
	out := make(map[string]policy.Value, len(values)+len(absent))
	for key := range absent {
		out[key] = policy.Value{}
	}
	for key, list := range values {
		if len(list) > 1 || policy.Multivalued(key) {
			out[key] = policy.List(list)
			continue
		}
		out[key] = policy.Single(list[0])
	}
	return out, nil
}

// isKey reports whether s looks like a condition key: service:Name.
func isKey(s string) bool {
	i := strings.IndexByte(s, ':')
	return i > 0 && i < len(s)-1 && !strings.ContainsAny(s, " \t\n*")
}

// moment reads a time, or a day at midnight UTC.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--as-of %s: give a day such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z", s)
}

// checkActions refuses what is no action to ask about before the snapshot is read, and
// warns of names that are not known.
func (q *question) checkActions(list []string) (err error) {
	if q.doubts, err = lint.CheckActions(list); err != nil {
		return err
	}
	q.warn(q.doubts)
	return nil
}

// checkKeys warns of condition keys that no request has, and of values that they never
// have. What is fixed so changes nothing, and the answer would not show it.
func (q *question) checkKeys() {
	if q.keyed {
		return
	}
	q.keyed = true
	var doubts []solver.Gap
	for _, pair := range append(slices.Clone(q.context), q.unset...) {
		key, value, _ := strings.Cut(pair, "=")
		var values []string
		if value != "" {
			values = []string{value}
		}
		if why := lint.CheckKey(key, values); why != "" {
			doubts = append(doubts, solver.Gap{What: key, Why: why})
		}
	}
	q.warn(doubts)
	q.doubts = append(q.doubts, doubts...)
}

// warn shows doubts about the question.
func (q *question) warn(doubts []solver.Gap) {
	if q.mistake { // it was said already
		return
	}
	for _, d := range doubts {
		fmt.Fprintf(q.stderr, "warning: %s\n", render.Clean(d.Why)) //nolint:errcheck // only shown
	}
}
