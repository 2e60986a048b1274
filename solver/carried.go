package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// byCaller are keys that some kinds of callers never carry: for whom a service calls (E124),
// through which network a request came (E221), and how its sender signed in (E216).
var byCaller = set("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths",
	"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
	"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:sourceidentity", "aws:calledvia")

// NeverCarried reports whether no request of those whom an entry of a Principal element
// names carries a condition key, whatever the request is: the entry then meets no test that
// needs the key. It says so only of keys about sources, networks and sign-in, and of claims
// of tokens of another provider.
func NeverCarried(p *policy.Principal, key string) bool {
	key = strings.ToLower(key)
	if p.Kind == policy.Federated && ofOtherProvider(key, p.Text) {
		return true
	}
	kinds := kindsNamed(p)
	return byCaller[key] && len(kinds) > 0 && !slices.ContainsFunc(kinds, carriers[key].has)
}

// kindsNamed lists the kinds of callers that an entry of a Principal element stands for; none
// for everybody, and for nobody in particular.
func kindsNamed(p *policy.Principal) []CallerKind {
	switch p.Kind {
	case policy.Account:
		return []CallerKind{CallerUser, CallerRoot, CallerSession, CallerFederatedUser}
	case policy.User:
		return []CallerKind{CallerUser, CallerFederatedUser}
	case policy.Role, policy.RoleSession:
		return []CallerKind{CallerSession}
	case policy.FederatedUser:
		return []CallerKind{CallerFederatedUser}
	case policy.Service:
		return []CallerKind{CallerService}
	case policy.Federated:
		return []CallerKind{CallerFederated}
	case policy.Nobody, policy.Everyone, policy.UniqueID, policy.Canonical:
	}
	return nil
}
