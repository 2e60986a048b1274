package solver

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Outcome is AWS's word for a decision (E84). The zero Outcome is a denial, so
// that a path that forgets to decide fails closed.
type Outcome uint8

// The outcomes.
const (
	ImplicitlyDenied Outcome = iota // nothing allows it
	ExplicitlyDenied                // a Deny matches
	Allowed                         // allowed, at least under the decision's guard
)

// String returns the word that answers use.
func (o Outcome) String() string {
	switch o {
	case ImplicitlyDenied:
		return "ImplicitlyDenied"
	case ExplicitlyDenied:
		return "ExplicitlyDenied"
	case Allowed:
		return "Allowed"
	}
	return "invalid"
}

// Verdict is what a person is told.
type Verdict uint8

// The verdicts, from least to most access.
const (
	Denied      Verdict = iota // whatever the request carries
	Unknown                    // denied as far as the facts go, and they do not go far enough
	Conditional                // allowed if the guard holds
	Granted                    // allowed
)

// String returns "denied", "unknown", "allowed if" or "allowed".
func (v Verdict) String() string {
	switch v {
	case Denied:
		return "denied"
	case Unknown:
		return "unknown"
	case Conditional:
		return "allowed if"
	case Granted:
		return "allowed"
	}
	return "invalid"
}

// A Decision answers one Case.
type Decision struct {
	Outcome Outcome
	// Guard is the open condition under which an Allowed request is allowed:
	// guard.True when there is none. It is guard.False for a denial.
	Guard *guard.Expr
	// BlockedBy names the gates that stop a denied request, in the order of
	// E83.
	BlockedBy []string
	// Rules are the numbers of the rules the decision rests on.
	Rules []string
	// Unsure are those of them that AWS leaves unclear (section J). Low
	// confidence is another word for there being one, or a doubt.
	Unsure []string
	// Doubts are facts that are missing or damaged and could change the
	// outcome (E11, E236).
	Doubts []string
	// Gates is the trace: nil unless the case was decided with Explain.
	Gates []Gate
	// Also are the decisions of the further checks of the same call.
	Also []Decision

	narrowed []string // the gates behind an open Guard, as in BlockedBy

	grants []StatementRef // statements behind an Allowed outcome
}

// Verdict sums the decision up for a person.
func (d *Decision) Verdict() Verdict {
	switch {
	case d.Outcome == Allowed && d.Guard == guard.True:
		return Granted
	case d.Outcome == Allowed:
		return Conditional
	case len(d.Doubts) > 0 && d.Outcome != ExplicitlyDenied:
		return Unknown
	}
	return Denied
}

// LowConfidence reports whether the decision leans on something unsure.
func (d *Decision) LowConfidence() bool { return len(d.Unsure) > 0 || len(d.Doubts) > 0 }

// Because lists the statements behind an Allowed outcome; it is filled by
// Explain only.
func (d *Decision) Because() []StatementRef { return d.grants }

// The names of gates, as answers print them.
const (
	GateRule         = "rule" // a fixed answer of AWS
	GateIdentity     = "identity"
	GateBoundary     = "boundary"
	GateSession      = "session"
	GateSCP          = "service-control"
	GateRCP          = "resource-control"
	GateEndpoint     = "endpoint"
	GateResource     = "resource"
	GateAccessPoint  = "access-point"
	GatePublicAccess = "block-public-access"
	GateACL          = "acl"
	GateShare        = "share"
	GateGrant        = "kms-grant"
)

// Result says what a gate did with the request.
type Result uint8

// The results.
const (
	Silent Result = iota // nothing in it speaks about the request
	Allows
	Denies
)

// String returns "silent", "allow" or "deny".
func (r Result) String() string {
	switch r {
	case Silent:
		return "silent"
	case Allows:
		return "allow"
	case Denies:
		return "deny"
	}
	return "invalid"
}

// A Gate is one step of the evaluation with what it did.
type Gate struct {
	Name    string
	Target  string // for policies of organizations: what they are attached to
	Result  Result
	Guard   *guard.Expr // under which the result holds
	Because []StatementRef
	Note    string // what a person should know about it
}

// A StatementRef points at a statement.
type StatementRef struct {
	Policy    string `json:"policy"`
	Type      string `json:"type"`
	Statement int    `json:"statement"`
	Sid       string `json:"sid,omitempty"`

	stmt *policy.Statement
}

// Text returns the statement it points at, or nil.
func (r StatementRef) Text() *policy.Statement { return r.stmt }

// compare orders references by type, policy and number.
func (r StatementRef) compare(o StatementRef) int {
	return cmp.Or(cmp.Compare(r.Type, o.Type), cmp.Compare(r.Policy, o.Policy), cmp.Compare(r.Statement, o.Statement))
}

// withoutRepeats drops repeats and keeps the order, in which remedies look for what to take
// away first. The list is the caller's own.
func withoutRepeats(refs []StatementRef) []StatementRef {
	out := refs[:0]
	for _, r := range refs {
		if !slices.ContainsFunc(out, func(o StatementRef) bool { return o.compare(r) == 0 }) {
			out = append(out, r)
		}
	}
	return out
}

// sortRefs sorts by type, policy and number, and drops repeats.
func sortRefs(refs []StatementRef) []StatementRef {
	slices.SortFunc(refs, StatementRef.compare)
	return slices.CompactFunc(refs, func(a, b StatementRef) bool { return a.compare(b) == 0 })
}
