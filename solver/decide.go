package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Decide answers one case as AWS would, in the order of E83. It is the
// reference: small, literal, rule by rule.
func Decide(c *Case) Decision { return decide(c, false) }

// Explain is Decide with a trace: each gate, its result, and the statements.
func Explain(c *Case) Decision { return decide(c, true) }

func decide(c *Case, trace bool) Decision {
	e := evals.Get().(*eval)
	e.start(c, trace)
	d := e.decide()
	e.c, e.gates, e.doubts = nil, nil, nil
	evals.Put(e)
	for _, also := range c.Also {
		d.combine(decide(also, trace))
	}
	return d
}

// combine adds a further check of the same call (E32): the call succeeds only
// if every check does, and an explicit denial is the strongest word.
func (d *Decision) combine(o Decision) {
	d.Also = append(d.Also, o)
	d.Rules = appendNew(d.Rules, "E32")
	d.Rules = appendNew(d.Rules, o.Rules...)
	d.Unsure = appendNew(d.Unsure, o.Unsure...)
	switch certain := func(d *Decision) bool { return d.Outcome == ImplicitlyDenied && len(d.Doubts) == 0 }; {
	case certain(d) || certain(&o): // whatever the other check is in doubt about
		d.Doubts = nil
	default:
		d.Doubts = appendNew(d.Doubts, o.Doubts...)
	}
	d.grants = sortRefs(append(d.grants, o.grants...))
	switch {
	case d.Outcome == ExplicitlyDenied || o.Outcome == ExplicitlyDenied:
		d.Outcome = ExplicitlyDenied
	case d.Outcome == ImplicitlyDenied || o.Outcome == ImplicitlyDenied:
		d.Outcome = ImplicitlyDenied
	}
	d.BlockedBy = appendNew(d.BlockedBy, o.BlockedBy...)
	if d.Outcome == Allowed {
		if d.Guard = settle(guard.And(d.Guard, o.Guard)); d.Guard != guard.False {
			return
		}
		d.Outcome = ImplicitlyDenied // one call can't meet both conditions (E219)
		d.BlockedBy = appendNew(appendNew(d.BlockedBy, d.narrowed...), o.narrowed...)
	}
	d.Guard, d.grants = guard.False, nil
}

func appendNew(list []string, more ...string) []string {
	for _, s := range more {
		found := false
		for _, t := range list {
			found = found || s == t
		}
		if !found {
			list = append(list, s)
		}
	}
	return list
}

// A side is what the gates of one check add up to.
type side struct {
	deny     *guard.Expr // some Deny matches
	open     *guard.Expr // all gates are open
	identity pool
	boundary pool
	session  pool
	granted  *guard.Expr // the formula of E86 or E90 holds
	blocked  *wordList
	opposed  []string // gates that deny under a condition
	narrowed []string // gates that allow under a condition
	refs     []StatementRef
}

// decide answers one check (E96).
func (e *eval) decide() Decision {
	if e.c.neededBy != "" {
		e.rule(e.c.neededBy)
	}
	if outcome, rule, why, ok := e.fixedAnswer(); ok {
		e.rule(rule)
		e.doubts = nil // no fact that is missing could change it
		if e.trace {
			r := Denies
			if outcome == Allowed {
				r = Allows
			}
			e.gates = append(e.gates, Gate{Name: GateRule, Result: r, Guard: guard.True, Note: why})
		}
		return e.decision(outcome, guard.Of(outcome == Allowed), e.empty.with(blockCodes[GateRule]).words, nil)
	}
	s := side{deny: guard.False, open: guard.True, blocked: &e.empty}
	e.organization(&s)
	e.endpoint(&s)
	e.account(&s)
	e.resourceSide(&s)
	return e.conclude(&s)
}

// conclude turns the gates into a decision (E83, E84).
func (e *eval) conclude(s *side) Decision {
	e.rule("E83")
	if s.deny == guard.True {
		return e.decision(ExplicitlyDenied, guard.False, s.blocked.words, nil)
	}
	allowed := guard.And(s.open, s.granted) // SCPs limit resource policies, too (E112)
	g := settle(e.throughEndpoints(guard.And(allowed, guard.Not(s.deny))))
	switch {
	case g != guard.False:
		d := e.decision(Allowed, g, nil, s.refs)
		d.narrowed = s.narrowed
		return d
	case s.deny != guard.False && settle(allowed) != guard.False:
		return e.decision(ExplicitlyDenied, guard.False, appendNew(s.blocked.words, s.opposed...), nil)
	}
	if e.c.asker != "" && s.open != guard.False && (!e.c.HasSession || s.session.allow != guard.False) {
		e.rule("E104")
		e.doubt(e.c.asker)
	}
	if len(e.doubts) > 0 && e.settled(s) {
		e.doubts = nil
	}
	blocked := s.blocked.words
	if len(blocked) == 0 { // each gate allows, but not the same request
		blocked = s.narrowed
	}
	return e.decision(ImplicitlyDenied, guard.False, blocked, nil)
}

// settle folds a guard that every request meets, or none (E219).
func settle(g *guard.Expr) *guard.Expr {
	if g.Open() {
		if _, truth, exact := g.Blocks(); exact && truth != policy.Unknown {
			return guard.Of(truth == policy.True)
		}
	}
	return g
}

func (e *eval) decision(o Outcome, g *guard.Expr, blocked []string, refs []StatementRef) Decision {
	d := Decision{
		Outcome: o, Guard: g, Rules: e.rules.words, Unsure: e.unsure.words, Doubts: e.doubts, Gates: e.gates,
	}
	if o == Allowed {
		d.grants = sortRefs(refs)
	} else {
		d.BlockedBy, d.Doubts = blocked, e.c.openDoubts(d.Doubts)
	}
	return d
}

// block notes that a gate stops the request.
func (s *side) block(gate string) { s.blocked = s.blocked.with(blockCodes[gate]) }

// narrow notes that a gate allows under a condition.
func (s *side) narrow(gate string, allow *guard.Expr) {
	if allow.Open() {
		s.narrowed = appendNew(s.narrowed, blockCodes[gate])
	}
}

// blockCodes are the short names of gates in blockedBy.
var blockCodes = map[string]string{
	GateRule: "rule", GateIdentity: "identity", GateBoundary: "pb", GateSession: "session", GateSCP: "scp",
	GateRCP: "rcp", GateEndpoint: "vpce", GateResource: "resource", GatePublicAccess: "s3-bpa", GateAccessPoint: "access-point",
}

// addDeny adds the Deny statements of a gate.
func (s *side) addDeny(gate string, p *pool) {
	s.deny = guard.Or(s.deny, p.deny)
	switch {
	case p.deny == guard.True:
		s.block(gate)
	case p.deny != guard.False:
		s.opposed = appendNew(s.opposed, blockCodes[gate])
	}
}

// fixedAnswer returns the answers that no policy can change (E96).
func (e *eval) fixedAnswer() (o Outcome, rule, why string, ok bool) {
	c := &e.c.Caller
	assume := e.service == "sts" && e.name == "assumerole"
	switch {
	case e.service == "sts" && e.name == "getcalleridentity":
		return Allowed, "E100", "everybody may call sts:GetCallerIdentity", true
	case assume && c.Kind == CallerRoot:
		return ImplicitlyDenied, "E140", "the root user cannot assume roles", true
	case c.Kind == CallerFederatedUser && (e.service == "iam" || e.service == "sts"):
		return ImplicitlyDenied, "E104", "a federated user cannot call IAM or STS", true
	case c.Kind == CallerFederated && !bearerActions[e.service+":"+e.name]:
		return ImplicitlyDenied, "E150", "the bearer of a token can only assume a role with it", true
	case c.Kind == CallerFederated && c.NoProvider:
		return ImplicitlyDenied, "E150", "its account has no such identity provider: no token is taken for it", true
	case c.Kind == CallerFederated && c.Account != "" && arn.IsAccountID(e.c.ResourceAccount) && c.Account != e.c.ResourceAccount:
		return ImplicitlyDenied, "E150", "an identity provider lets into roles of its own account alone", true
	case assume && c.Kind != CallerService && strings.Contains(e.resource, ":role/aws-service-role/"):
		return ImplicitlyDenied, "E126", "only its service can assume a service-linked role", true
	case c.hasAccount() && !samePartition(c.Partition, arn.Partition(e.resource)):
		return ImplicitlyDenied, "E99", "principals and resources of different partitions never meet", true
	case e.reserved():
		return ImplicitlyDenied, "E131", "AWS keeps this for itself; no account can change it", true
	}
	rule, why = e.refusal()
	return ImplicitlyDenied, rule, why, rule != ""
}

func samePartition(a, b string) bool {
	return a == "" || b == "" || a == b || strings.ContainsAny(b, "*?")
}

// reserved reports whether the request changes something only AWS may change
// (E131).
func (e *eval) reserved() bool {
	c := &e.c.Caller
	if c.Kind == CallerService || c.ServiceLinked {
		return false
	}
	switch e.service {
	case "iam":
		for _, reads := range []string{"get", "list", "simulate", "generate"} {
			if strings.HasPrefix(e.name, reads) {
				return false
			}
		}
		if strings.Contains(e.resource, ":iam::aws:policy/") {
			// Attaching names the policy only in a condition key.
			return true
		}
		if strings.Contains(e.resource, ":role/aws-reserved/") {
			return true
		}
		if e.name == "passrole" && strings.Contains(e.resource, ":role/aws-service-role/") {
			e.lean("E126") // against E131: calls that name such a role need PassRole for it
			return false
		}
		return strings.Contains(e.resource, ":role/aws-service-role/") && e.name != "createservicelinkedrole" &&
			e.name != "deleteservicelinkedrole" && !strings.HasPrefix(e.name, "updateroledescription")
	case "kms":
		return strings.Contains(e.resource, ":alias/aws/") && strings.HasSuffix(e.name, "alias")
	}
	return false
}

// organization reads the SCPs of the caller's side and the RCPs of the
// resource's side (sections C3 and C4): each side has its own (E101).
func (e *eval) organization(s *side) {
	if e.underSCPs() {
		e.rule("E108")
		for i := range e.c.SCPs {
			l := &e.c.SCPs[i]
			p := e.pool(l.Policies)
			e.note(GateSCP, l.Target, &p)
			s.addDeny(GateSCP, &p)
			s.open = guard.And(s.open, p.allow) // every level has to allow
			s.narrow(GateSCP, p.allow)
			if p.allow == guard.False {
				s.block(GateSCP)
			}
		}
	}
	if e.underRCPs() {
		e.rule("E116")
		for i := range e.c.RCPs {
			l := &e.c.RCPs[i]
			p := e.principalPool(l.Policies)
			p.allow, p.allowRefs = guard.True, nil // RCPFullAWSAccess can't be detached
			e.note(GateRCP, l.Target, &p)
			s.addDeny(GateRCP, &p)
		}
	}
}

// underSCPs reports whether SCPs limit the caller (E110, E111).
func (e *eval) underSCPs() bool {
	c := &e.c.Caller
	return len(e.c.SCPs) > 0 && c.hasAccount() && !c.Management && !c.ServiceLinked && !(c.Kind == CallerRoot && rootTasks[e.service])
}

// underRCPs reports whether RCPs protect the resource from the call (E117 to
// E119).
func (e *eval) underRCPs() bool {
	if len(e.c.RCPs) == 0 || e.c.ResourceInManagement || e.c.Caller.ServiceLinked {
		return false
	}
	if e.service == "kms" && (e.name == "retiregrant" || e.c.AWSManagedKey || strings.Contains(e.resource, ":alias/aws/")) {
		e.rule("E118")
		return false
	}
	if e.service == "es" {
		e.lean("E119")
	}
	return rcpServices[e.service]
}

// endpoint reads the policy of the VPC endpoint that the request uses (E134).
func (e *eval) endpoint(s *side) {
	if !e.c.HasEndpoint {
		return
	}
	e.rule("E134")
	p := e.principalPool(e.c.Endpoint)
	e.note(GateEndpoint, "", &p)
	s.addDeny(GateEndpoint, &p)
	s.open = guard.And(s.open, p.allow)
	s.narrow(GateEndpoint, p.allow)
	if p.allow == guard.False {
		s.block(GateEndpoint)
	}
}

// account reads what hangs on the caller itself: identity policies, boundary
// and session policy (section C2).
func (e *eval) account(s *side) {
	c := &e.c.Caller
	s.identity, s.boundary, s.session = newPool(), newPool(), newPool()
	if !c.hasAccount() {
		return
	}
	if c.Kind == CallerRoot || c.External { // E93, E106; an outsider's own side is taken to allow
		s.identity.allow, s.boundary.allow, s.session.allow = guard.True, guard.True, guard.True
		return
	}
	s.identity = e.pool(e.c.Identity)
	e.note(GateIdentity, "", &s.identity)
	s.addDeny(GateIdentity, &s.identity)
	s.boundary.allow = guard.True
	if e.c.HasBoundary && !c.ServiceLinked {
		e.rule("E102")
		s.boundary = e.pool(e.c.Boundary)
		e.note(GateBoundary, "", &s.boundary)
		s.addDeny(GateBoundary, &s.boundary)
	}
	s.session.allow = guard.Of(c.Kind != CallerFederatedUser)
	if e.c.HasSession {
		e.rule("E103")
		s.session = e.pool(e.c.Session)
		e.note(GateSession, "", &s.session)
		s.addDeny(GateSession, &s.session)
	}
}
