package audit

import (
	"encoding/json"
	"fmt"
	"slices"
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
}

// ReadBaseline reads what is accepted: a file {"pathfinder":"baseline/1",
// "accepted":[{"id","reason","until","severity"}]}, or the findings of an earlier
// audit, all of which then are, as bad as they were.
func ReadBaseline(text []byte) ([]Accepted, error) {
	var file struct {
		Pathfinder string     `json:"pathfinder"`
		Accepted   []Accepted `json:"accepted"`
		Findings   []struct {
			ID       string    `json:"id"`
			Severity *Severity `json:"severity"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	switch file.Pathfinder {
	case "baseline/1":
	case "findings/1":
		for _, f := range file.Findings {
			file.Accepted = append(file.Accepted, Accepted{ID: f.ID, Severity: f.Severity})
		}
	default:
		return nil, fmt.Errorf("it is neither a baseline (\"pathfinder\":\"baseline/1\") nor the findings of an audit (\"findings/1\")")
	}
	for i, a := range file.Accepted {
		if a.ID == "" {
			return nil, fmt.Errorf("entry %d has no id", i+1)
		}
		if a.Until != "" {
			if _, err := time.Parse(time.DateOnly, a.Until); err != nil {
				return nil, fmt.Errorf("entry %d, %s: until %q is no day such as 2027-01-31", i+1, a.ID, a.Until)
			}
		}
	}
	return file.Accepted, nil
}

// Accept marks the findings that are accepted on a day, and notes what is
// accepted but gone. Entries whose day has passed, and those of findings that are worse
// than what was accepted, count as not there, and are noted.
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
	for id := range at {
		r.Gone = append(r.Gone, id)
	}
	slices.Sort(r.Gone)
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
