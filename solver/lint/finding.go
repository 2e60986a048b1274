package lint

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says how sure a mistake is, and how bad.
type Severity uint8

// The severities. A Note may be on purpose; a Warning hardly is; an Error is
// refused by AWS, or opens something to the world.
const (
	Note Severity = iota
	Warning
	Error
)

// Severities lists the names from the worst.
var Severities = []string{"error", "warning", "note"}

// String returns the name as in SARIF: "error", "warning" or "note".
func (s Severity) String() string { return Severities[2-min(s, Error)] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity reads a name.
func ParseSeverity(text string) (Severity, error) {
	if i := slices.Index(Severities, text); i >= 0 {
		return Severity(2 - i), nil //nolint:gosec // 0 to 2
	}
	return Note, fmt.Errorf("there is no severity %q; use error, warning or note", text)
}

// A Finding is one mistake.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Place
	Message string `json:"message"` // the reason; lower case, names the value
	Remedy  string `json:"remedy"`  // what to do
	// Suggestion is the text that was probably meant in place of the one at
	// Place; "" when none is likely.
	Suggestion string `json:"suggestion,omitempty"`
}

// A Place is where a finding is: in a file, or in a policy of a snapshot.
type Place struct {
	File      string `json:"file,omitempty"`   // as the user named it
	Policy    string `json:"policy,omitempty"` // as answers name it
	Type      string `json:"type"`             // the kind of the document
	Line      int    `json:"line"`             // of the document, from 1
	Column    int    `json:"column"`           // in characters, from 1
	Pointer   string `json:"pointer"`          // JSON pointer; "" for the document as a whole
	Statement *int   `json:"statement"`        // counted from 0; null for the document as a whole
	Sid       string `json:"sid,omitempty"`
}

// Source names the document: the file, or else the policy.
func (p *Place) Source() string { return cmp.Or(p.File, p.Policy) }

// sortFindings sorts by place, then by rule.
func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
}
