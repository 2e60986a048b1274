package solver

import (
	"encoding/json"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
)

// The shapes of answers are a promise to scripts: see docs/formats.md.

// WhoCanAnswer says who reaches a resource, how, and under which conditions.
type WhoCanAnswer struct {
	Pathfinder string        `json:"pathfinder"` // "who-can/1"
	Resource   string        `json:"resource"`
	Actions    []string      `json:"actions"` // as asked; patterns
	Access     []Access      `json:"access"`
	Public     *PublicAccess `json:"public"` // nil when anonymous callers reach nothing
	// Escalations are who gets there by escalating; nil when nobody asked.
	Escalations []EscalatedAccess `json:"escalations,omitzero"`
	Unknown     []Gap             `json:"unknown"`
	Complete    bool              `json:"complete"`
	// Notes are things a reader should know although they open nothing, such
	// as a trust in a deleted role.
	Notes []Gap `json:"notes,omitempty"`
	// IdentityCenter says who may enter as roles of permission sets on the ways; nil for none.
	IdentityCenter *CenterAnswer `json:"identityCenter,omitempty"`
}

// CanAnswer says what one principal reaches, itself and through roles.
type CanAnswer struct {
	Pathfinder     string        `json:"pathfinder"` // "can/1"
	Principal      string        `json:"principal"`
	Resource       string        `json:"resource,omitempty"` // as asked; "" for everything in the snapshot
	Actions        []string      `json:"actions"`
	Access         []Access      `json:"access"`
	Unknown        []Gap         `json:"unknown"`
	Complete       bool          `json:"complete"`
	Notes          []Gap         `json:"notes,omitempty"`          // as in WhoCanAnswer
	IdentityCenter *CenterAnswer `json:"identityCenter,omitempty"` // as in WhoCanAnswer
}

// Access is one way of one principal to one resource.
type Access struct {
	Principal string  `json:"principal"`
	Resource  string  `json:"resource"`
	Path      []Step  `json:"path"`
	Grants    []Grant `json:"grants"`
	// External says that the principal's account is outside the snapshot: what
	// its own policies allow is unknown, and taken to be everything.
	External bool `json:"external,omitempty"`
}

// Conditional reports whether every grant, or some hop of the path, depends on
// an open condition.
func (a *Access) Conditional() bool {
	for i := range a.Path {
		if len(a.Path[i].Condition) > 0 {
			return true
		}
	}
	for i := range a.Grants {
		if !a.Grants[i].Conditional() {
			return false
		}
	}
	return true
}

// Conditional reports whether the grant depends on an open condition: also when
// a variable in what it covers is open.
func (g *Grant) Conditional() bool {
	return len(g.Condition) > 0 || slices.ContainsFunc(g.Resources, hasVariable) || slices.ContainsFunc(g.Except, hasVariable)
}

// hasVariable reports whether a pattern holds a variable: "${*}" and the like
// are the character (E70).
func hasVariable(text string) bool {
	return strings.Contains(characters.Replace(text), "${")
}

var characters = strings.NewReplacer("${*}", "", "${?}", "", "${$}", "")

// A Step is a principal on a path. The first has no kind; the others say how
// the one before becomes this one, under which condition, and because of which
// statements.
type Step struct {
	Principal string `json:"principal"`
	Kind      string `json:"kind,omitempty"` // "assume-role", "assume-role-with-web-identity" …
	// Through is the group, policy or the like by which an escalation works, where
	// there is one.
	Through   string         `json:"through,omitempty"`
	Condition guard.Blocks   `json:"condition"`
	Because   []StatementRef `json:"because,omitempty"`

	calls []string
}

// Calls lists the calls that an escalation makes in a step, of those that its method
// names; nil for all of them.
func (s *Step) Calls() []string { return s.calls }

// MarshalJSON leaves the condition out of the first step.
func (s Step) MarshalJSON() ([]byte, error) {
	if s.Kind == "" {
		return json.Marshal(struct {
			Principal string `json:"principal"`
		}{s.Principal})
	}
	type plain Step
	return json.Marshal(plain(s))
}

// A Grant is a set of actions on resources with one condition.
type Grant struct {
	Actions   []string       `json:"actions"` // full names, sorted
	Resources []string       `json:"resources"`
	Except    []string       `json:"except,omitempty"`
	Condition guard.Blocks   `json:"condition"`
	Because   []StatementRef `json:"because"`
	// Stopped are the Deny statements of the other snapshot that deny it there;
	// of a difference alone.
	Stopped []StatementRef `json:"stopped,omitempty"`
	// Confidence is "low" when the grant leans on the rules in Unsure.
	Confidence string   `json:"confidence,omitempty"`
	Unsure     []string `json:"unsure,omitempty"`
}

// PublicAccess is what anonymous callers reach.
type PublicAccess struct {
	Grants []Grant `json:"grants"`
}

// A Gap is something the snapshot does not hold, or holds damaged, that could
// change the answer.
type Gap struct {
	What string `json:"what"` // a principal, a resource, a policy
	Why  string `json:"why"`
}

// ExplainAnswer is the decision for one request, gate by gate.
type ExplainAnswer struct {
	Pathfinder string         `json:"pathfinder"` // "explain/1"
	Principal  string         `json:"principal"`
	Action     string         `json:"action"`
	Resource   string         `json:"resource"`
	Decision   string         `json:"decision"` // Allowed, ExplicitlyDenied, ImplicitlyDenied, Unknown
	Condition  guard.Blocks   `json:"condition"`
	BlockedBy  []string       `json:"blockedBy"`
	Gates      []GateAnswer   `json:"gates"`
	Because    []StatementRef `json:"because"`
	Missing    []string       `json:"missing"`
	Rules      []string       `json:"rules"`
	Unsure     []string       `json:"unsure,omitempty"`
	Confidence string         `json:"confidence"` // high or low
	Unknown    []Gap          `json:"unknown"`
	Notes      []Gap          `json:"notes,omitempty"` // as in WhoCanAnswer
	// Summary says in a clause what decided a denial.
	Summary string `json:"summary,omitempty"`
	// Near are the statements that come closest to allowing a denied request,
	// best first.
	Near []Considered `json:"near,omitempty"`
	// Considered are all statements that bear on the check.
	Considered []Considered `json:"considered,omitempty"`
	// Own is the decision without the further checks in Also; nil when there
	// are none.
	Own *OwnDecision `json:"own,omitempty"`
	// Via lists role paths that reach it although the principal itself does not.
	Via []Access `json:"via,omitempty"`
	// Also are the further checks of the same call, such as kms:Decrypt.
	Also           []ExplainAnswer `json:"also,omitempty"`
	IdentityCenter *CenterAnswer   `json:"identityCenter,omitempty"` // as in WhoCanAnswer
}

// OwnDecision is what the first of several checks of a call comes to.
type OwnDecision struct {
	Decision  string         `json:"decision"`
	Condition guard.Blocks   `json:"condition"`
	BlockedBy []string       `json:"blockedBy"`
	Because   []StatementRef `json:"because"`
	Missing   []string       `json:"missing"`
}

// Brief leaves the list of all statements out.
func (a *ExplainAnswer) Brief() {
	a.Considered = nil
	for i := range a.Also {
		a.Also[i].Brief()
	}
}

// GateAnswer is one gate of an ExplainAnswer.
type GateAnswer struct {
	Gate      string         `json:"gate"`
	Target    string         `json:"target,omitempty"`
	Result    string         `json:"result"` // allow, deny, silent
	Condition guard.Blocks   `json:"condition"`
	Because   []StatementRef `json:"because"`
	Note      string         `json:"note,omitempty"`
}

// GraphAnswer is an access graph for drawing and for other tools.
type GraphAnswer struct {
	Pathfinder string      `json:"pathfinder"` // "graph/1"
	Title      string      `json:"title"`
	Nodes      []GraphNode `json:"nodes"`
	Edges      []GraphEdge `json:"edges"`
	// Notes say what the picture leaves out.
	Notes    []string `json:"notes,omitempty"`
	Unknown  []Gap    `json:"unknown"`
	Complete bool     `json:"complete"`
}

// GraphNode is a node of a GraphAnswer.
type GraphNode struct {
	ID      string `json:"id"`   // an ARN, an id, or a name such as "anonymous"
	Kind    string `json:"kind"` // organization, unit, account, user, root, role, group, provider, service, public, resource
	Label   string `json:"label"`
	Account string `json:"account,omitempty"` // the account it stands in; "" for none
	Type    string `json:"type,omitempty"`    // of a resource, as CloudFormation names it
	// Lines are more to say about it, such as the policies attached to a unit.
	Lines []string `json:"lines,omitempty"`
	// Denies are more lines, about what takes away.
	Denies []string `json:"denies,omitempty"`
	// External says that it lies outside the snapshot's accounts.
	External bool `json:"external,omitempty"`
	// Focus says that the question was about it.
	Focus bool `json:"focus,omitempty"`
}

// GraphEdge is an edge of a GraphAnswer. It leads from who acts to what is
// reached.
type GraphEdge struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	Kind      string         `json:"kind"` // contains, member-of, assume-role, access, identity-grant, resource-grant, enters
	Actions   []string       `json:"actions,omitempty"`
	Label     string         `json:"label,omitempty"` // short: "s3:Get*, s3:List* if aws:SourceIp"
	Condition guard.Blocks   `json:"condition"`
	Because   []StatementRef `json:"because,omitempty"`
	// Open says that each way an edge between accounts stands for has an open
	// condition, and Weight how many users and roles have one.
	Open   bool `json:"open,omitempty"`
	Weight int  `json:"weight,omitempty"`
	Cut    bool `json:"cut,omitempty"` // some of it is to be removed; see CutPicture
}
