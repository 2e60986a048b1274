package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// Config says what an audit is about.
type Config struct {
	// Solver tells what is certain only as far as it knows the time: from when the
	// snapshot was made on, see [solver.Assumptions].
	Solver    *solver.Solver
	Inventory *inventory.Inventory
	Survey    *solver.Survey // of Solver
	// Select names the kinds to look for; none means all.
	Select []string
	// Sensitive says which resources hold what must not leave: "tag:KEY=VALUE",
	// "tag:KEY", a name, an ARN, or a pattern of names or ARNs.
	Sensitive []string
	// Production says which accounts are production's: patterns of names, ids, or names
	// of organizational units; none means accounts whose name, unit or tags say so.
	Production []string
	// Vendors maps account ids to the names of whoever they belong to, besides those
	// that are known.
	Vendors map[string]string
	// NoEscalations leaves out who gets more than it has by what an attacker does.
	NoEscalations bool
}

// A Report is what an audit found.
type Report struct {
	Pathfinder string       `json:"pathfinder"` // "findings/1"
	Findings   []Finding    `json:"findings"`   // worst first, then by kind, account and resource
	Unknown    []solver.Gap `json:"unknown"`
	Complete   bool         `json:"complete"`
	// Gone are the ids of accepted findings that are there no more, Expired
	// those whose day has passed, Worse those that are worse than what was accepted.
	Gone    []string `json:"gone,omitempty"`
	Worse   []string `json:"worse,omitempty"`
	Expired []string `json:"expired,omitempty"`
	// Unsought are accepted findings that are not there, of which it is not known whether
	// they were looked for.
	Unsought []string `json:"unsought,omitempty"`

	// Warnings are about options that name nothing, in words.
	Warnings []string `json:"warnings,omitempty"`

	looked map[string]bool // the kinds that were looked for in full
}

// A check looks for one kind of finding.
type check struct {
	Kind
	look func(*auditor) []Finding
}

// auditor is an audit under way.
type auditor struct {
	Config
	unknown   map[solver.Gap]bool
	ascents   []solver.Escalation                       // see climbs
	let       map[*inventory.Resource][]solver.Outsider // see outsiders
	adminARNs map[string]bool                           // see admins
	ranks     map[string]string                         // see rank
}

// Run looks for everything that is selected. An error is a question error: a kind that
// does not exist, or a pattern that says nothing.
func Run(cfg Config) (*Report, error) {
	a := &auditor{Config: cfg, unknown: map[solver.Gap]bool{}}
	for _, name := range cfg.Select {
		if !slices.ContainsFunc(checks, func(c check) bool { return c.Name == name }) {
			return nil, fmt.Errorf("there is no kind of finding %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	for _, g := range cfg.Solver.Missing() {
		a.unknown[g] = true
	}
	rep := &Report{Pathfinder: "findings/1", Findings: []Finding{}, Unknown: []solver.Gap{}, looked: map[string]bool{}}
	rep.Warnings = a.idleOptions()
	for _, c := range checks {
		if len(cfg.Select) == 0 || slices.Contains(cfg.Select, c.Name) {
			rep.Findings = append(rep.Findings, c.look(a)...)
			if a.inFull(c.Name) {
				rep.looked[c.Name] = true
			}
		}
	}
	a.eachResource(func(r *inventory.Resource) { a.outsiders(r) }) // what tables hold of them may be lost, whatever was looked for
	for i := range rep.Findings {
		f := &rep.Findings[i]
		a.unlessShut(f)
		f.Assigned = cfg.Solver.Assigned(f.Path, append([]string{f.Principal, f.Resource}, f.Others...)...)
	}
	for _, g := range cfg.Solver.Lost() {
		a.unknown[g] = true
	}
	slices.SortStableFunc(rep.Findings, func(x, y Finding) int {
		return cmp.Or(-cmp.Compare(x.Severity, y.Severity), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Account, y.Account),
			strings.Compare(x.Resource, y.Resource), strings.Compare(x.Principal, y.Principal), strings.Compare(x.ID, y.ID))
	})
	for g := range a.unknown {
		rep.Unknown = append(rep.Unknown, g)
	}
	slices.SortFunc(rep.Unknown, func(x, y solver.Gap) int {
		return cmp.Or(strings.Compare(x.What, y.What), strings.Compare(x.Why, y.Why))
	})
	rep.Complete = len(rep.Unknown) == 0
	return rep, nil
}

// unlessShut says of what is in an account that nobody uses now, or comes from one, what has
// to happen first.
func (a *auditor) unlessShut(f *Finding) {
	ids := []string{f.Account, arn.Account(f.Principal)}
	for i := range f.Path {
		ids = append(ids, arn.Account(f.Path[i].Principal))
	}
	for _, id := range ids {
		acct := a.Inventory.Account(id)
		if acct == nil || !acct.Shut() {
			continue
		}
		if f.Certain == Certain && f.Severity > Low {
			f.Severity--
			f.Reason += ", if its account is opened again"
		}
		f.Certain, f.If = Possible, append(f.If, reopened(acct))
		return
	}
}

// reopened says what has to happen to an account that is shut.
func reopened(acct *inventory.Account) string {
	return fmt.Sprintf("account %s is opened again, which is %s", acct.ID, acct.State)
}

// inFull reports whether the options of an audit leave nothing of a kind out: what it does
// not find is not there.
func (a *auditor) inFull(kind string) bool {
	switch kind {
	case "sensitive-reach":
		return len(a.Sensitive) > 0
	case "privilege-escalation", "unused-with-power":
		return !a.NoEscalations
	}
	return true
}

// Kinds lists the kinds of findings there are.
func Kinds() []Kind {
	out := make([]Kind, len(checks))
	for i := range checks {
		out[i] = checks[i].Kind
	}
	return out
}

func names() (out []string) {
	for _, k := range Kinds() {
		out = append(out, k.Name)
	}
	return out
}

// checks are the kinds of findings there are, by file.
var checks = slices.Concat(exposureChecks, identityChecks, escalationChecks)
