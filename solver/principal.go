package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// kind is the kind of entry by which a statement names the caller (E26). It
// decides which limits apply (E87).
type kind uint8

const (
	kindEveryone kind = iota
	kindAccount
	kindUser
	kindRole
	kindSession
	kindFedSession
	kindFedViaUser
	kindService
	kindFederated
	kindNarrowed // everyone under conditions of which AWS does not say what it says of everyone (E89)
	kindACL      // an ACL grant: opens the owner's side only (E170)
	numKinds
)

// kinds holds, for each kind of entry, the condition under which the caller is
// named by one.
type kinds [numKinds]*guard.Expr

func noKinds() kinds {
	var k kinds
	for i := range k {
		k[i] = guard.False
	}
	return k
}

// any returns the condition under which the caller is named at all: what a
// Deny asks (E97).
func (k *kinds) any() *guard.Expr { return k.of(allKinds) }

// of returns the condition under which the caller is named by one of the kinds.
func (k *kinds) of(list []kind) *guard.Expr {
	g := guard.False
	for _, i := range list {
		g = guard.Or(g, k[i])
	}
	return g
}

var (
	allKinds = []kind{
		kindEveryone, kindAccount, kindUser, kindRole, kindSession,
		kindFedSession, kindFedViaUser, kindService, kindFederated, kindNarrowed, kindACL,
	}
	// directKinds by-pass boundary and session policy in the same account,
	// limitedKinds only the identity policies (E86, E89). An account only delegates (E88).
	directKinds  = slices.Concat(clearKinds, []kind{kindNarrowed})
	clearKinds   = []kind{kindEveryone, kindUser, kindSession, kindFedSession}
	limitedKinds = []kind{kindRole, kindFedViaUser}
)

// principals tells by which kinds of entries a statement names the caller, and
// under which conditions; several entries are alternatives (E22). in is the kind of the document.
func (e *eval) principals(s *policy.Statement, in policy.Kind) kinds {
	k := noKinds()
	if s.NotPrincipal {
		k[kindEveryone] = e.notPrincipal(s)
		return k
	}
	for i := range s.Principals {
		if at, g := e.entry(&s.Principals[i], in); g != guard.False {
			k[at] = guard.Or(k[at], g)
		}
	}
	if c := &e.c.Caller; s.Effect == policy.Allow && c.hasAccount() && k[kindEveryone] != guard.False && byConditions(s) {
		k[kindEveryone], k[kindNarrowed] = guard.False, k[kindEveryone]
	}
	return k
}

// byConditions reports whether a statement has conditions besides those on ARNs of
// principals: of everybody narrowed by these AWS says what it says of everybody (E89).
func byConditions(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return c.LowerKey() != "aws:principalarn" })
}

// entry compares one entry of a Principal element with the caller.
func (e *eval) entry(p *policy.Principal, in policy.Kind) (kind, *guard.Expr) {
	c := &e.c.Caller
	switch p.Kind {
	case policy.Everyone:
		// A token bearer is nobody's principal yet; gates see it all the same.
		return kindEveryone, guard.Of(c.Kind != CallerFederated || in == policy.RCP || in == policy.Endpoint)
	case policy.Account:
		if !c.hasAccount() || p.Account != c.Account || in != policy.Endpoint {
			return kindAccount, guard.Of(c.hasAccount() && p.Account == c.Account)
		}
		return kindAccount, e.throughGateway()
	case policy.Canonical:
		return kindAccount, guard.Of(e.canonical(p.Text))
	case policy.User:
		if c.Kind == CallerFederatedUser {
			return kindFedViaUser, guard.Of(p.Text == c.FederatedBy)
		}
		return kindUser, guard.Of(c.Kind == CallerUser && p.Text == c.ARN)
	case policy.Role:
		return kindRole, guard.Of(c.Kind == CallerSession && p.Text == c.RoleARN)
	case policy.RoleSession:
		return kindSession, e.session(p.Text)
	case policy.FederatedUser:
		return kindFedSession, guard.Of(c.Kind == CallerFederatedUser && p.Text == c.ARN)
	case policy.UniqueID:
		k := kindUser
		if c.Kind == CallerSession {
			k = kindRole
		}
		return k, guard.Of((c.Kind == CallerUser || c.Kind == CallerSession) && p.Text == c.UniqueID)
	case policy.Service:
		if c.Kind != CallerService {
			return kindService, guard.False
		}
		return kindService, e.sameService(p.Text)
	case policy.Federated:
		return kindFederated, guard.Of(c.Kind == CallerFederated && p.Text == c.ARN)
	case policy.Nobody:
	}
	return kindEveryone, guard.False
}

// throughGateway tells whether an endpoint policy that names the caller's account
// means the caller: that of a gateway endpoint means the root user only, and
// S3 and DynamoDB have endpoints of both kinds (E134).
func (e *eval) throughGateway() *guard.Expr {
	if e.c.Caller.Kind == CallerRoot || !gatewayServices[e.service] {
		return guard.True
	}
	e.lean("E134")
	if e.c.asks {
		return guard.Not(unclear("E134"))
	}
	return guard.False
}

// canonical reports whether a canonical user id stands for the caller (E19).
func (e *eval) canonical(id string) bool {
	c := &e.c.Caller
	switch {
	case c.CanonicalID != "":
		return id == c.CanonicalID
	case !c.hasAccount() || c.Account == "":
		return false
	case c.Account == cloudFront && e.c.Canonical[id] == "":
		e.lean("E19") // any identity of CloudFront has an id that nobody knows
		return false
	}
	return e.c.Canonical[id] == c.Account
}

// sameService compares a service principal with the caller. In the region of
// the resource a service answers to its plain name and to the one that holds
// the region (E20).
func (e *eval) sameService(text string) *guard.Expr {
	name := e.c.Caller.ARN
	if strings.EqualFold(text, name) {
		return guard.True
	}
	if e.c.asks { // in whichever region
		return guard.And(guard.Of(sameHost(text, name, cmp.Or(regionIn(text), regionIn(name)))), unclear("E20"))
	}
	if !sameHost(text, name, cmp.Or(arn.Region(e.c.Resource), e.c.ResourceRegion)) {
		return guard.False
	}
	e.lean("E20")
	return guard.True
}

// regionIn returns the region in the name of a service, "" for a plain name.
func regionIn(service string) string {
	_, rest, _ := strings.Cut(service, ".")
	if region, _, _ := strings.Cut(rest, "."); strings.Count(region, "-") >= 2 {
		return region
	}
	return ""
}

// sameHost reports whether two names are of one service in a region.
func sameHost(a, b, region string) bool {
	return region != "" && strings.EqualFold(plainService(a, region), plainService(b, region))
}

// plainService takes the region out of the name of a service.
func plainService(name, region string) string {
	service, rest, _ := strings.Cut(name, ".")
	if host, ok := strings.CutPrefix(rest, region+"."); ok {
		return service + "." + host
	}
	return name
}

// session compares a session ARN with the caller. When the session name is
// open, whoever makes the session chooses it (E142).
func (e *eval) session(text string) *guard.Expr {
	c := &e.c.Caller
	if c.Kind != CallerSession {
		return guard.False
	}
	if c.SessionName != "" {
		return guard.Of(text == c.sessionARN())
	}
	name, ok := strings.CutPrefix(text, c.sessionARN())
	switch {
	case !ok || name == "":
		return guard.False
	case c.UniqueID == "":
		return guard.Opaque("whether the session is named " + name)
	}
	return e.condition(&[]policy.Condition{policy.NewCondition("StringEquals", "aws:userid", []string{c.UniqueID + ":" + name})}[0])
}

// sessionARN returns the ARN of the session, which leaves the role's path out
// (E17); without a session name it ends with the slash before it.
func (c *Caller) sessionARN() string {
	name := c.RoleARN[strings.LastIndexByte(c.RoleARN, '/')+1:]
	return "arn:" + c.Partition + ":sts::" + c.Account + ":assumed-role/" + name + "/" + c.SessionName
}

// notPrincipal tells whether a NotPrincipal list leaves the caller out of the
// exceptions (E25, E98).
func (e *eval) notPrincipal(s *policy.Statement) *guard.Expr {
	c := &e.c.Caller
	if e.c.HasBoundary && (c.Kind == CallerUser || c.Kind == CallerSession) && s.Effect == policy.Deny {
		e.rule("E98")
		return guard.True
	}
	var account, own bool
	for i := range s.Principals {
		p := &s.Principals[i]
		switch at, g := e.entry(p, policy.Resource); {
		case g != guard.True:
		case p.Kind == policy.Everyone:
			return guard.False
		case at == kindAccount:
			account = true
		case at == kindSession: // its role has to be listed as well
		default:
			own = true
		}
	}
	switch c.Kind {
	case CallerRoot:
		return guard.Of(!account)
	case CallerService, CallerFederated:
		return guard.Of(!own)
	case CallerUser, CallerSession, CallerFederatedUser, CallerOutsider:
		if own != account || c.Kind == CallerFederatedUser {
			e.lean("E98") // of federated users AWS says nothing
			if e.c.asks {
				return unclear("E98")
			}
		}
		return guard.Of(!own || !account)
	case CallerAnonymous, CallerInvalid:
	}
	return guard.True
}
