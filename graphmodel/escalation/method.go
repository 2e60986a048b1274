package escalation

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Move says what becomes of who uses a method.
type Move string

// The moves. Those from Open on move nobody.
const (
	Raise        Move = "raise"         // the caller gives itself every right
	Version      Move = "version"       // … those of another version of a policy on it
	Join         Move = "join"          // … those of a group
	Unbound      Move = "unbound"       // … what its permissions boundary kept from it
	Undeny       Move = "undeny"        // … what a policy on it denied
	Tag          Move = "tag"           // … what policies grant to its tags
	Found        Move = "found"         // it makes a new user or role of every right
	Become       Move = "become"        // it becomes the target
	BecomeRaised Move = "become-raised" // … after giving it every right
	Provider     Move = "provider"      // it becomes any role that an identity provider lets in
	Pass         Move = "pass"          // it has a service act as a role of its choice
	PassRaised   Move = "pass-raised"   // … after giving it every right
	Run          Move = "run"           // it takes over what acts as a role already
	SSO          Move = "sso"           // it becomes a role of IAM Identity Center
	SSORaised    Move = "sso-raised"    // … after giving it every right

	Open    Move = "open"    // it changes who is let in to a resource, which is none of IAM's
	Enabler Move = "enabler" // it only helps other methods
	Limited Move = "limited" // what it opens is no role or user
	Covered Move = "covered" // other methods say the same
	Hop     Move = "hop"     // it is an assume edge of the graph itself
	Closed  Move = "closed"  // the service is gone
	None    Move = "none"    // nobody gets more than it has
)

// Moves reports whether the method makes an edge between principals.
func (m Move) Moves() bool {
	switch m {
	case Open, Enabler, Limited, Covered, Hop, Closed, None:
		return false
	}
	return true
}

// The things that calls are made on, besides types of resources.
const (
	Self       = "self"         // the caller, user or role
	SelfUser   = "self-user"    // the caller, which is a user
	SelfRole   = "self-role"    // the caller, which is a role
	OwnGroup   = "own-group"    // a group that the caller is in
	OwnPolicy  = "own-policy"   // a customer managed policy on the caller or its groups
	OwnBound   = "own-boundary" // a customer managed policy that is the caller's boundary
	User       = "user"         // the target, a user
	Role       = "role"         // the target, a role
	RolePolicy = "role-policy"  // a customer managed policy on the target
	Group      = "group"        // a group that the caller is not in
	SAMLOIDC   = "provider"     // an identity provider that the target trusts
	NewUser    = "new-user"     // a user that is not there yet
	NewRole    = "new-role"     // a role, likewise
	NewPolicy  = "new-policy"   // a policy, likewise
	NewGroup   = "new-group"    // a group, likewise
	NewProfile = "new-profile"  // an instance profile, likewise
	Profile    = "held-profile" // an instance profile that holds a role
	Any        = "any"          // "*", or whatever the caller likes
)

// A Need is a call that has to be allowed.
type Need struct {
	Actions []string // one of them is enough; full names
	// On is one of the constants, or "" for Types.
	On string
	// Types are the resource types that the call names all of, such as
	// "ssm:document"; none means those that the catalog calls required.
	Types []string
	// Profiled says that an instance profile has to deliver the target, Entered
	// that the target's trust policy has to let the caller in as it is, NewPolicy
	// that the call names a policy made by the need before.
	Profiled, Entered, WithNewPolicy bool
}

// A Method is one way to more permissions.
type Method struct {
	ID    string // part of findings: never changed
	Move  Move
	Needs []Need // all have to be allowed
	// Services are service principals, or identity providers that AWS runs; the
	// role has to trust one of them.
	Services []string
	// If says what else has to be true that a snapshot does not hold; of methods
	// that move nobody, why. "" for nothing.
	If string
	// Needed are things that have to be there, each with the call that makes one.
	Needed []Needed
	// Runs is what runs as the role of a Run, as the catalog names types of resources, such
	// as "lambda:function", where a snapshot may hold it; RunsIf what has to be true where it
	// doesn't.
	Runs, RunsIf string
	// Passed are further roles that have to be passed, by the service that each trusts.
	Passed []Passed
	// Trusted are further services that the role has to trust.
	Trusted []string
	// Reads are calls that the role itself has to be allowed.
	Reads []Read
	// AssumesIf is what has to be true unless the role goes on by assuming another one.
	AssumesIf string
}

// A Read is calls that a role makes on something of a type, as the catalog names it.
type Read struct {
	If, Type string
	Actions  []string
}

// A Passed is a role that has to be passed to a service besides the one that is taken over.
type Passed struct{ If, Service string }

// A Needed is a thing that has to be there unless the caller may make it.
type Needed struct{ If, Unless string }

// Calls lists the actions of the method, alternatives joined by "|".
func (m *Method) Calls() []string {
	var out []string
	for i := range m.Needs {
		if c := strings.Join(m.Needs[i].Actions, "|"); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

//go:embed methods.txt
var text string

// All lists the methods, in the order of the file. Nobody may change it.
var All = sync.OnceValue(func() []Method {
	list, err := parse(text)
	if err != nil {
		panic("BUG: methods.txt: " + err.Error())
	}
	return list
})

// parse reads the file: "id | move | needs | services | if" a line, with needs apart
// by ";", each "action|action @thing words", services apart by ",". What has to be there
// may end in one of these, and several such stand apart by ";":
//
//	WHAT unless CALL               the caller may make it by that call
//	WHAT unless passing SERVICE    it may pass a second role to that service
//	WHAT unless reading TYPE by A, B  the role is allowed that on such a thing
//	WHAT unless assuming           the role goes on by assuming another one
//	WHAT as held TYPE              a snapshot says whether such a thing runs as the role
//	trusting SERVICE               the role trusts that service, too
func parse(text string) (list []Method, err error) {
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		col := append(strings.Split(line, " | "), "", "", "")
		m := Method{ID: col[0], Move: Move(col[1])}
		for part := range strings.SplitSeq(col[4], ";") {
			part = strings.TrimSpace(part)
			if what, ok := strings.CutSuffix(part, " unless assuming"); ok {
				m.AssumesIf = what
			} else if what, service, ok := strings.Cut(part, " unless passing "); ok {
				m.Passed = append(m.Passed, Passed{what, service})
			} else if service, ok := strings.CutPrefix(part, "trusting "); ok {
				m.Trusted = append(m.Trusted, service)
			} else if what, text, ok := strings.Cut(part, " unless reading "); ok {
				thing, calls, _ := strings.Cut(text, " by ")
				m.Reads = append(m.Reads, Read{what, thing, strings.Split(calls, ", ")})
			} else if what, call, ok := strings.Cut(part, " unless "); ok {
				m.Needed = append(m.Needed, Needed{what, call})
			} else if what, thing, ok := strings.Cut(part, " as held "); ok {
				m.RunsIf, m.Runs = what, thing
			} else {
				m.If = part
			}
		}
		if seen[m.ID] {
			return nil, fmt.Errorf("line %d: %s stands twice", n+1, m.ID)
		}
		seen[m.ID] = true
		for part := range strings.SplitSeq(col[2], ";") {
			need, err := parseNeed(part)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			m.Needs = append(m.Needs, need)
		}
		for s := range strings.SplitSeq(col[3], ",") {
			if s = strings.TrimSpace(s); s != "" {
				m.Services = append(m.Services, s)
			}
		}
		list = append(list, m)
	}
	return list, nil
}

func parseNeed(text string) (Need, error) {
	calls, on, _ := strings.Cut(strings.TrimSpace(text), " @")
	n := Need{Actions: strings.Split(calls, "|")}
	words := strings.Fields(on)
	if len(words) == 0 {
		return n, nil
	}
	switch strings.Join(words[1:], " ") {
	case "":
	case "profiled":
		n.Profiled = true
	case "entered":
		n.Entered = true
	case "with new-policy":
		n.WithNewPolicy = true
	default:
		return n, fmt.Errorf("%q is not understood", on)
	}
	if strings.Contains(words[0], ":") {
		n.Types = strings.Split(words[0], ",")
	} else {
		n.On = words[0]
	}
	return n, nil
}
