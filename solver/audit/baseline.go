package audit

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Accepted is a finding that somebody has looked at and lives with.
type Accepted struct {
	ID     string `json:"id"`
	Reason string `json:"reason,omitempty"`
	// Until is the last day on which it is accepted, "2027-01-31"; "" for ever.
	Until string `json:"until,omitempty"`
	// Severity is the worst that it may be; nil for any.
	Severity *Severity `json:"severity,omitempty"`
	// Kind is what sort of finding it is; "" when it is not known.
	Kind string `json:"kind,omitempty"`
}

// ReadBaseline reads what is accepted: a file {"pathfinder":"baseline/1",
// "accepted":[{"id","reason","until","severity","kind"}]}, a list of ids, or the findings
// of an earlier audit, all of which then are, as bad as they were, and those that were
// accepted then until the same day.
func ReadBaseline(text []byte) ([]Accepted, error) {
	var list []Accepted
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		var ids []string
		if err := json.Unmarshal(text, &ids); err != nil {
			return nil, notBaseline(err)
		}
		for _, id := range ids {
			list = append(list, Accepted{ID: id})
		}
	} else {
		var file struct {
			Pathfinder string     `json:"pathfinder"`
			Accepted   []Accepted `json:"accepted"`
			Findings   []struct {
				Accepted
				Then *Acceptance `json:"accepted"`
			} `json:"findings"`
		}
		if err := json.Unmarshal(text, &file); err != nil {
			return nil, notBaseline(err)
		}
		switch list = file.Accepted; file.Pathfinder {
		case "baseline/1":
		case "findings/1":
			for _, f := range file.Findings {
				a := Accepted{ID: f.ID, Severity: f.Severity, Kind: f.Kind}
				if f.Then != nil {
					a.Reason, a.Until = f.Then.Reason, f.Then.Until
				}
				list = append(list, a)
			}
		default:
			return nil, errors.New("it is neither a baseline (\"pathfinder\":\"baseline/1\") nor the findings of an audit (\"findings/1\")")
		}
	}
	for i, a := range list {
		if a.ID == "" {
			return nil, fmt.Errorf("entry %d has no id", i+1)
		}
		if !strings.HasPrefix(a.ID, "pf-") {
			return nil, fmt.Errorf("entry %d, %s: it is no id of a finding, such as pf-0123456789abcdef", i+1, a.ID)
		}
		if a.Until != "" {
			if _, err := time.Parse(time.DateOnly, a.Until); err != nil {
				return nil, fmt.Errorf("entry %d, %s: until %q is no day such as 2027-01-31", i+1, a.ID, a.Until)
			}
		}
	}
	return list, nil
}

// notBaseline says what is wrong with a text in words of the file, not of the program.
func notBaseline(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at := cmp.Or(wrong.Field, "the list")
		return fmt.Errorf("%s must not hold a JSON %s at byte %d: give the findings.json of an audit, {\"pathfinder\":\"baseline/1\",\"accepted\":[{\"id\":\"pf-…\"}]}, or a list of ids [\"pf-…\"]",
			at, wrong.Value, wrong.Offset)
	}
	return fmt.Errorf("it is no JSON: %w", err)
}

// Accept marks the findings that are accepted on a day, and notes what is
// accepted but gone. Entries whose day has passed, and those of findings that are worse
// than what was accepted, count as not there, and are noted. What was not looked for is
// not gone; of an entry without a kind that can be told only if everything was.
func (r *Report) Accept(list []Accepted, day time.Time) {
	at := map[string]*Accepted{}
	today := day.UTC().Format(time.DateOnly)
	for i := range list {
		a := &list[i]
		if a.Until != "" && a.Until < today {
			r.Expired = append(r.Expired, a.ID)
			continue
		}
		at[a.ID] = a
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if a := at[f.ID]; a != nil && a.Severity != nil && f.Severity > *a.Severity {
			r.Worse = append(r.Worse, f.ID)
			delete(at, f.ID)
		} else if a != nil {
			f.Accepted = &Acceptance{Reason: a.Reason, Until: a.Until}
			delete(at, f.ID)
		}
	}
	for id, a := range at {
		switch {
		case a.Kind != "" && r.looked[a.Kind] || a.Kind == "" && len(r.looked) == len(checks):
			r.Gone = append(r.Gone, id)
		case a.Kind == "":
			r.Unsought = append(r.Unsought, id)
		}
	}
	slices.Sort(r.Gone)
	slices.Sort(r.Unsought)
	slices.Sort(r.Worse)
	slices.Sort(r.Expired)
}

// Worst reports whether a finding that is not accepted is at least this bad.
func (r *Report) Worst(than Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Accepted == nil && f.Severity >= than })
}

// Counts returns how many findings there are of each severity, from info to critical,
// of those that are not accepted, and how many are.
func (r *Report) Counts() (open [Critical + 1]int, accepted int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Accepted != nil {
			accepted++
		} else {
			open[f.Severity]++
		}
	}
	return open, accepted
}
