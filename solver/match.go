package solver

import (
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A Naming says how a statement names a caller, and thereby what is left to
// the caller's own policies (E87).
type Naming uint8

// The namings, from none to the strongest.
const (
	NotNamed       Naming = iota
	NamedByAccount        // its account's own policies decide (E88)
	NamedByRole           // of a session: its role; of a federated user: the user behind it. Boundary and session policy still limit (E86)
	NamedDirectly         // itself, or everybody
)

// Names tells how the Principal or NotPrincipal element of a statement of a
// resource policy certainly names the caller of c, by the same rules as Decide.
func Names(c *Case, s *policy.Statement) Naming {
	k := newEval(c, false).principals(s, policy.Resource)
	named := NotNamed
	for i, g := range k {
		if g == guard.True {
			named = max(named, namings[i])
		}
	}
	return named
}

// namings tells what the kinds of entries are worth (E86).
var namings = [numKinds]Naming{
	kindEveryone: NamedDirectly, kindUser: NamedDirectly, kindSession: NamedDirectly, kindFedSession: NamedDirectly,
	kindNarrowed: NamedDirectly,
	kindService:  NamedDirectly, kindFederated: NamedDirectly,
	kindRole: NamedByRole, kindFedViaUser: NamedByRole,
	kindAccount: NamedByAccount,
}
