package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/solver"
)

// A Severity says how bad a finding is.
type Severity uint8

// The severities, from least to worst.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

var severities = [...]string{"info", "low", "medium", "high", "critical"}

// String returns the name that reports use, "info" to "critical".
func (s Severity) String() string { return severities[s] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// ParseSeverity reads the name of a severity, in any case.
func ParseSeverity(text string) (Severity, error) {
	for i, name := range severities {
		if strings.EqualFold(text, name) {
			return Severity(i), nil //nolint:gosec // five of them
		}
	}
	return 0, fmt.Errorf("there is no severity %q; use %s", text, strings.Join(severities[:], ", "))
}

// Certain and Possible say how sure a finding is: whether it holds as the snapshot
// stands, or only if an open condition is met or something is there that the snapshot
// does not say.
const (
	Certain  = "certain"
	Possible = "possible-if"
)

// A Finding is one thing to act on.
type Finding struct {
	ID   string `json:"id"`   // "pf-" and 16 hex digits; see [identify]
	Kind string `json:"kind"` // the name of a [Kind]

	Severity Severity `json:"severity"`
	Reason   string   `json:"reason"`    // why this severity
	Certain  string   `json:"certainty"` // Certain or Possible
	Title    string   `json:"title"`     // one line
	Detail   string   `json:"detail"`    // what it means, in sentences

	// Account is the account that has to act, 12 digits; "" for the organization's.
	Account string `json:"account,omitempty"`
	// Principal is who has the access, Resource what is reached, or what the finding
	// is about: ARNs, or names that answers use such as "anonymous" or an account.
	Principal string `json:"principal,omitempty"`
	Resource  string `json:"resource,omitempty"`
	// Others are further ones that the same statements make the same finding of.
	Others []string `json:"others,omitempty"`

	// Path leads from the principal to whoever touches the resource; one element for
	// direct access, none where nobody has to be followed.
	Path   []solver.Step  `json:"path,omitempty"`
	Grants []solver.Grant `json:"grants,omitempty"`
	// Assigned says who of Identity Center may enter as the roles of permission sets that
	// the finding is about, or on its path.
	Assigned []solver.AssignedRole `json:"assigned,omitempty"`
	// Condition is what has to hold; nil when nothing is left open. A finding is certain
	// under one that whoever calls can meet.
	Condition guard.Blocks `json:"condition"`
	// If lists, in words, what has to be true that the snapshot does not say.
	If         []string              `json:"if,omitempty"`
	Statements []solver.StatementRef `json:"statements,omitempty"`
	Remedy     Remedy                `json:"remedy"`
	// Tags are words to filter by, such as "access-analyzer:external".
	Tags []string `json:"tags,omitempty"`
	// Accepted says that the baseline holds it; nil for a finding to act on.
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// An Acceptance is why a finding is accepted, and until which day; both may be "".
type Acceptance struct {
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"`
}

// A Remedy says what to change.
type Remedy struct {
	Text string `json:"text"`
	// Policy and Statement name the statement to change; Policy is "" when it is no
	// statement that has to change.
	Policy    string `json:"policy,omitempty"`
	Statement *int   `json:"statement,omitempty"`
	// Change is the statement, condition or setting to write, as JSON where it is a
	// policy's.
	Change string `json:"change,omitempty"`
}

// A Kind is one sort of finding.
type Kind struct {
	Name  string // "public-access": part of ids, never changed
	Title string // for people, as a heading
	About string // what it says, why it matters, and what is left out
	Tags  []string
}

// identify makes the id of a finding from what it is about: its kind, and words that
// stay the same while the problem does.
func identify(kind string, about ...string) string {
	h := sha256.Sum256([]byte(kind + "\x00" + strings.Join(about, "\x00")))
	return "pf-" + hex.EncodeToString(h[:8])
}
