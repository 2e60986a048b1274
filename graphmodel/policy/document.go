package policy

import "slices"

// Kind is the place a policy hangs in. It decides which elements may stand in
// it (E6), and how its resource patterns are read (E37).
type Kind uint8

// The kinds of policy documents.
const (
	KindInvalid Kind = iota
	Identity         // managed or inline policy of a user, group or role
	Boundary         // permissions boundary
	Session          // session policy
	Trust            // role trust policy
	Resource         // bucket, queue, key … policy
	SCP              // service control policy
	RCP              // resource control policy
	Endpoint         // VPC endpoint policy
)

// String names the kind as answers do, such as "identity-policy".
func (k Kind) String() string {
	switch k {
	case Identity:
		return "identity-policy"
	case Boundary:
		return "permissions-boundary"
	case Session:
		return "session-policy"
	case Trust:
		return "trust-policy"
	case Resource:
		return "resource-policy"
	case SCP:
		return "service-control-policy"
	case RCP:
		return "resource-control-policy"
	case Endpoint:
		return "endpoint-policy"
	case KindInvalid:
	}
	return "invalid"
}

// HasPrincipal reports whether statements of this kind name principals.
func (k Kind) HasPrincipal() bool {
	return k == Trust || k == Resource || k == RCP || k == Endpoint
}

// completesARNs reports whether short resource ARNs are filled up (E37).
func (k Kind) completesARNs() bool {
	return k == Identity || k == Boundary || k == SCP
}

// The two versions of the policy language (E2). A document without Version
// behaves as Version2008.
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// A Document is one policy.
type Document struct {
	Kind       Kind
	Version    string // as written; "" when absent
	ID         string
	Statements []*Statement // in document order, broken ones included
	Faults     []Fault      // in document order

	text   string
	folded bool // text lacks the whitespace that Text has
}

// Text returns the JSON the document was read from.
func (d *Document) Text() []byte {
	if d.folded {
		return Indent([]byte(d.text))
	}
	return []byte(d.text)
}

// Sound returns the text that [ParseSound] reads the document from; ok is false
// when it was read from another one.
func (d *Document) Sound() (text string, ok bool) { return d.text, d.folded }

// Variables reports whether ${…} is special in this document (E3).
func (d *Document) Variables() bool { return d.Version == Version2012 }

// Denies reports whether some statement is a Deny.
func (d *Document) Denies() bool {
	return slices.ContainsFunc(d.Statements, func(st *Statement) bool { return st.Effect == Deny })
}

// Unreadable reports whether the document as a whole could not be read. Its
// statements, if there are any, then never match.
func (d *Document) Unreadable() bool {
	for _, f := range d.Faults {
		if f.Statement < 0 && f.Severity == Broken {
			return true
		}
	}
	return false
}

// Damaged reports whether anything of the document had to be left out, so
// that decisions that could depend on it are uncertain (E11).
func (d *Document) Damaged() bool {
	for _, f := range d.Faults {
		if f.Severity == Broken {
			return true
		}
	}
	return false
}

// Effect is Allow or Deny.
type Effect uint8

// The effects. The zero Effect belongs to broken statements and never matches.
const (
	EffectInvalid Effect = iota
	Allow
	Deny
)

// String returns "Allow" or "Deny".
func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case Deny:
		return "Deny"
	case EffectInvalid:
	}
	return "invalid"
}

// A Statement is one statement of a document.
type Statement struct {
	Index int // counted from 0
	Sid   string

	// Principals is nil when the element is absent. NotPrincipal says that the
	// list is one of exceptions (E25).
	Principals []Principal
	Actions    []Action
	// Resources is empty when the element is absent: the statement then speaks
	// about the thing that carries the policy.
	Resources  []ResourcePattern
	Conditions []Condition // all must hold (E46)

	Effect       Effect
	Broken       bool // left out: see the document's faults
	HasPrincipal bool
	NotPrincipal bool
	NotAction    bool
	NotResource  bool
}
