package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
	"pathfinder/render"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

const auditHelp = `Looks at the whole organization: who has which access, and what a security team
would act on. Into the folder DIR it writes

  findings.json   what was found: severity, path, statements, conditions, remedy
  findings.sarif  the same for code scanning
  summary.html    a page for people, which needs nothing else
  access.parquet  one row for each access of a principal to a resource
                  (--format csv or jsonl for another form)
  audit.sqlite    all of it in tables that can be queried

docs/audit.md has recipes, docs/audit-schema.md the tables.

A finding keeps its id as long as the problem is there. --baseline FILE marks what
is accepted: the findings.json of an earlier night, or a list of ids. --fail-on
makes the exit code 1 if there is a finding of this severity, or a worse one, that
is not accepted. What could not be read is listed; the exit code is then 3.`

// An auditing holds the flags of audit.
type auditing struct {
	*app
	overlays
	snapshot      string
	dir           string
	format        string
	baseline      string
	failOn        string
	selected      []string
	sensitive     []string
	production    []string
	vendors       []string
	noEscalations bool
	noTables      bool
}

func (a *app) audit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit --out DIR",
		Short: "The whole organization: findings, and a table of all access",
		Long:  auditHelp,
		Example: `  pathfinder audit -s fixtures/acme --out audit
  pathfinder audit -s fixtures/acme --out audit --sensitive tag:data=secret --fail-on high
  pathfinder audit -s fixtures/acme --out tonight --baseline audit/findings.json`,
		Args: between(0, 0),
	}
	t := &auditing{app: a}
	f := cmd.Flags()
	f.StringVarP(&t.snapshot, "snapshot", "s", "", "where the facts are: a snapshot folder, one of iam-collect, authorization details, or what else import takes (default $"+snapshotEnv+")")
	f.StringVarP(&t.dir, "out", "o", "", "the folder `DIR` to write to; it is made where it is missing")
	f.StringVarP(&t.format, "format", "f", "parquet", "the form of the table of all access: "+strings.Join(tableFormats, ", "))
	f.StringVar(&t.baseline, "baseline", "", "a `FILE` of accepted findings: findings.json of an earlier audit, or a list of ids")
	f.StringVar(&t.failOn, "fail-on", "", "exit code 1 if a finding of this `SEVERITY`, or a worse one, is not accepted: info, low, medium, high, critical")
	f.StringSliceVar(&t.selected, "select", nil, "only these `KINDS` of findings")
	f.StringArrayVar(&t.sensitive, "sensitive", nil, "resources that hold what must not leave: `WHICH` is a name, an ARN, a pattern of either, tag:KEY=VALUE, or tag:KEY; repeat it for several")
	f.StringArrayVar(&t.production, "production", nil, "accounts of production: a `PATTERN` of ids, names, or names of organizational units (default: whose name, unit or tags say so)")
	f.StringArrayVar(&t.vendors, "vendor", nil, "who an account outside belongs to: `ID=NAME`; repeat it for several")
	f.BoolVar(&t.noEscalations, "no-escalations", false, "leave out who gets more than it has by changing policies, passing roles and the like")
	f.BoolVar(&t.noTables, "no-tables", false, "leave out access.* and audit.sqlite")
	t.overlayFlags(a, f)
	err := errors.Join(
		cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(tableFormats, cobra.ShellCompDirectiveNoFileComp)),
		cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"info", "low", "medium", "high", "critical"}, cobra.ShellCompDirectiveNoFileComp)),
	)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	cmd.RunE = func(*cobra.Command, []string) error { return t.run() }
	return cmd
}

// tableFormats are the forms of the table of all access.
var tableFormats = []string{"parquet", "csv", "jsonl"}

func (t *auditing) run() error {
	if t.dir == "" {
		return errors.New("where to? give --out DIR")
	}
	if err := oneOf("format", t.format, tableFormats); err != nil {
		return err
	}
	failOn := audit.Severity(0)
	if t.failOn != "" {
		var err error
		if failOn, err = audit.ParseSeverity(t.failOn); err != nil {
			return fmt.Errorf("--fail-on: %w", err)
		}
	}
	accepted, err := t.accepted()
	if err != nil {
		return err
	}
	vendors, err := vendorsOf(t.vendors)
	if err != nil {
		return err
	}
	path, err := t.snapshotPath(t.snapshot)
	if err != nil {
		return err
	}
	step := t.steps()
	defer step.end()
	step.say("reading " + path)
	inv, err := t.openWith(t.app, path)
	if err != nil {
		return err
	}
	s, err := solver.New(solver.Config{Inventory: inv, Assume: solver.Assumptions{From: inv.Created}})
	if err != nil {
		return err
	}
	step.say("solving")
	survey := s.Survey(0)
	step.say("looking for findings")
	rep, err := audit.Run(audit.Config{
		Solver: s, Inventory: inv, Survey: survey, Select: t.selected, Sensitive: t.sensitive, Production: t.production,
		Vendors: vendors, NoEscalations: t.noEscalations,
	})
	if err != nil {
		return err
	}
	rep.Accept(accepted, time.Now())
	if err := t.damage(); err != nil {
		return err
	}
	step.say("writing")
	files, err := t.write(inv, survey, rep, path)
	if err != nil {
		return err
	}
	step.end()
	opts := (&output{}).options(t.app, accountNames(inv))
	for _, w := range rep.Warnings {
		fmt.Fprintf(t.stderr, "warning: %s\n", render.Clean(w)) //nolint:errcheck // only shown
	}
	if err := render.Audit(t.stdout, rep, t.dir, files, opts); err != nil {
		return err
	}
	if t.failOn != "" && rep.Worst(failOn) {
		return errCheckFailed
	}
	return finish(nil, rep.Complete)
}

// maxBaseline bounds what is read of a baseline: the findings of the largest audits have
// some ten MiB.
const maxBaseline = 256 << 20

func (t *auditing) accepted() ([]audit.Accepted, error) {
	if t.baseline == "" {
		return nil, nil
	}
	f, err := os.Open(t.baseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	text, err := readText(f, maxBaseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", t.baseline, err)
	}
	list, err := audit.ReadBaseline(bytes.TrimPrefix(text, []byte(snapshot.ByteOrderMark)))
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", t.baseline, err)
	}
	return list, nil
}

var vendorPattern = regexp.MustCompile(`^([0-9]{12})=(.+)$`)

func vendorsOf(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range list {
		m := vendorPattern.FindStringSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("--vendor %s: give ID=NAME, such as 123456789012=Example", text)
		}
		out[m[1]] = m[2]
	}
	return out, nil
}

// write puts all files in place, once every one of them is complete. It returns their
// names.
func (t *auditing) write(inv *inventory.Inventory, survey *solver.Survey, rep *audit.Report, path string) (files []string, err error) {
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	stage, err := os.MkdirTemp(t.dir, unfinished+"*") // with mode 0700
	if err != nil {
		return nil, fmt.Errorf("--out %s: %w", t.dir, err)
	}
	defer removeIfEnded(stage)()
	defer os.RemoveAll(stage) //nolint:errcheck // empty after all went well
	stats := survey.Stats()
	names := accountNames(inv)
	summary := &render.Summary{
		Report: rep, Snapshot: path, Created: inv.Created, Version: thisVersion().Version, Accounts: names,
		Entries: survey.Entries(), Exposed: survey.MostExposed(20), Powerful: survey.MostPowerful(20), Stats: &stats,
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"findings.json", func(w io.Writer) error { return render.JSON(w, rep) }},
		{"findings.sarif", func(w io.Writer) error { return render.AuditSARIF(w, rep, thisVersion().Version) }},
		{"summary.html", summary.HTML},
	} {
		if err := writeFile(filepath.Join(stage, f.name), f.write); err != nil {
			return nil, err
		}
		files = append(files, f.name)
	}
	if !t.noTables {
		more, err := t.writeTables(stage, inv, survey, rep, path)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	for _, name := range files { // all of them or none
		if info, err := os.Stat(filepath.Join(t.dir, name)); err == nil && info.IsDir() {
			return nil, fmt.Errorf("--out %s: %s is a folder there: move it away", t.dir, name)
		}
	}
	for _, name := range files {
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(t.dir, name)); err != nil {
			return nil, err
		}
	}
	for _, format := range tableFormats { // of an earlier audit
		if name := "access." + format; !slices.Contains(files, name) {
			if err := os.Remove(filepath.Join(t.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return nil, err
			}
		}
	}
	return files, nil
}

// steps tell on a terminal what a long command is at.
type steps struct {
	w    io.Writer // nil: no terminal
	told bool
}

func (a *app) steps() *steps {
	if width(a.stderr) == 0 {
		return &steps{}
	}
	return &steps{w: a.stderr}
}

func (s *steps) say(what string) {
	if s.w != nil {
		fmt.Fprintf(s.w, "\r\x1b[K%s …", render.Clean(what)) //nolint:errcheck // only shown
		s.told = true
	}
}

func (s *steps) end() {
	if s.told {
		fmt.Fprint(s.w, "\r\x1b[K") //nolint:errcheck // only shown
		s.told = false
	}
}
