package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A grantSide is what the policies of one resource say: by which
// kinds of entries it lets the caller in.
type grantSide struct {
	kinds kinds
	pool  pool // deny, and the references of both effects
}

// readGrants reads policies that hang on the resource. resource is what is
// asked of their carrier.
func (e *eval) readGrants(sources []Source, resource string) grantSide {
	g := grantSide{kinds: noKinds(), pool: newPool()}
	asked := e.resource
	e.resource = resource
	for i := range sources {
		src := &sources[i]
		e.damage(src)
		for _, s := range src.Doc.Statements {
			e.readGrant(&g, src, s)
		}
	}
	e.resource = asked
	return g
}

func (e *eval) readGrant(g *grantSide, src *Source, s *policy.Statement) {
	holds := e.applies(s)
	if holds == guard.False || s.Effect == policy.Deny && e.unlocks() {
		return
	}
	named := e.principals(s, src.Doc.Kind)
	who := named.any()
	if who == guard.False {
		return
	}
	if s.Effect == policy.Allow && !e.takesToken(s, src.Doc.Kind, &named) {
		return
	}
	g.pool.add(e, src, s, guard.And(holds, who))
	if s.Effect != policy.Allow {
		return
	}
	if e.c.Caller.Kind == CallerService && named[kindEveryone] != guard.False {
		e.lean("E13")
	}
	for i := range named {
		g.kinds[i] = guard.Or(g.kinds[i], guard.And(holds, named[i]))
	}
}

// takesToken reports whether STS lets a statement of a trust policy admit the
// bearer of a token: for some issuers it refuses at run time what names no
// claim (E153, E154).
func (e *eval) takesToken(s *policy.Statement, in policy.Kind, named *kinds) bool {
	c := &e.c.Caller
	if in != policy.Trust || c.Kind != CallerFederated || named[kindFederated] == guard.False {
		return true
	}
	host := claimsOf(c.ARN)
	claim, ok := tokenClaims[host]
	if !ok || slices.ContainsFunc(s.Conditions, func(t policy.Condition) bool { return t.LowerKey() == host+":"+claim.key }) {
		return true
	}
	if claim.refused {
		e.rule(claim.rule)
	} else {
		e.lean(claim.rule)
	}
	return !claim.refused
}

// unlocks reports whether the owner's root user repairs a bucket policy, which
// the policy itself can't forbid (E181).
func (e *eval) unlocks() bool {
	c := &e.c.Caller
	if c.Kind != CallerRoot || e.service != "s3" || c.Account != e.c.ResourceAccount {
		return false
	}
	ok := e.name == "getbucketpolicy" || e.name == "putbucketpolicy" || e.name == "deletebucketpolicy"
	if ok {
		e.rule("E181")
	}
	return ok
}

// resourceSide reads what hangs on the resource and applies the formula of the
// same account or across accounts (E86, E90).
func (e *eval) resourceSide(s *side) {
	if ap := e.c.AccessPoint; ap != nil {
		e.throughAccessPoint(s, ap)
		return
	}
	g := e.readGrants(e.c.spoken(e.service, e.name), e.resource)
	e.note(GateResource, "", &g.pool)
	s.addDeny(GateResource, &g.pool)
	owner := e.adjust(s, &g, e.resource)
	alone := e.kmsGrants(s, &g)
	s.granted = e.formula(s, &g.kinds, owner)
	if s.granted != guard.True && alone != guard.False {
		e.lean("E193")
		s.granted = guard.Or(s.granted, alone)
	}
	e.becauseOf(s, &g.pool)
	e.explainSilence(s, &g.kinds, owner)
}

// becauseOf gathers the statements that may stand behind an allowed request.
func (e *eval) becauseOf(s *side, resource *pool) {
	if !e.trace {
		return
	}
	s.refs = append(s.refs, s.identity.allowRefs...)
	s.refs = append(s.refs, resource.allowRefs...)
}

// formula tells when the two sides together let the caller in.
func (e *eval) formula(s *side, k *kinds, owner string) *guard.Expr {
	c := &e.c.Caller
	limits := guard.And(s.boundary.allow, s.session.allow)
	own := guard.And(s.identity.allow, limits)
	switch {
	case !c.hasAccount():
		e.rule("E122")
		if c.Kind == CallerAnonymous {
			e.rule("E130")
			return guard.And(k.any(), e.unsigned())
		}
		return k.any()
	case e.assumesRoot(): // fixedAnswer let nobody through who may not (E162)
		e.rule("E162")
		return own
	case c.Account != owner:
		e.rule("E90")
		return guard.And(own, k.any()) // "*" is no exception (E92)
	}
	e.rule("E86")
	g := k.of(clearKinds)
	if e.service == "sts" && c.Kind == CallerUser && e.c.HasBoundary && k[kindUser] != guard.False && s.boundary.allow != guard.True {
		e.lean("E138")
	}
	g = guard.Or(g, guard.And(k.of(limitedKinds), limits))
	if e.insists() {
		e.rule("E95")
		own = guard.And(own, k.any()) // within what the account is given (E188)
	}
	g = guard.Or(g, own)
	all := guard.Or(g, k[kindNarrowed])
	if all != g && s.deny != guard.True && s.open != guard.False {
		e.lean("E89")
	}
	return all
}

// spoken returns the policies on the resource that speak about an action: those of
// search domains do about HTTP calls alone (E212).
func (c *Case) spoken(service, name string) []Source {
	if configures(service, name) {
		return nil
	}
	return c.Resources
}

// configures reports whether an action is about a search domain itself, and not a call
// of what it holds: identity policies alone decide then. Source: OpenSearch guide,
// "Resource-based policies" (E212).
func configures(service, name string) bool {
	return service == "es" && !strings.HasPrefix(name, "eshttp")
}

// insists reports whether the resource lets nobody in without its own policy:
// KMS keys and roles (E95, E187). KMS actions without a key have none (E189).
func (e *eval) insists() bool {
	switch e.service {
	case "kms":
		return strings.Contains(e.resource, ":key/")
	case "sts":
		return strings.Contains(e.resource, ":role/")
	}
	return false
}

// adjust applies what services add to their resource policies (E96) and
// returns the account that owns the resource for this request.
func (e *eval) adjust(s *side, g *grantSide, resource string) (owner string) {
	owner = e.c.ResourceAccount
	c := &e.c.Caller
	if e.service == "s3" && e.c.S3 != nil {
		owner = e.s3(s, g, resource, e.c.ResourceAccount)
	}
	if (c.Kind == CallerAnonymous || c.hasAccount() && c.Account != owner) && e.ownOnly() {
		g.kinds = noKinds()
	}
	e.share(g)
	if openWithoutPolicy[e.service+":"+e.name] && len(e.c.Resources) == 0 {
		e.rule("E209")
		g.kinds[kindEveryone] = guard.True
	}
	return owner
}

// ownOnly reports whether the action never works from another account, nor for
// anonymous callers, who are of none.
func (e *eval) ownOnly() bool {
	if list, ok := shareable[e.service]; ok && !list[e.name] {
		e.rule(shareRules[e.service])
		return true
	}
	if ownAccountOnly[e.service+":"+e.name] {
		e.rule(cmp.Or(shareRules[e.service], "E94"))
		return true
	}
	return false
}

var shareRules = map[string]string{"kms": "E197", "secretsmanager": "E204", "backup": "E211", "s3express": "E178", "sqs": "E199"}

// explainSilence names the gates that would have to allow and do not.
func (e *eval) explainSilence(s *side, k *kinds, owner string) {
	if s.granted == guard.True {
		return
	}
	c := &e.c.Caller
	if e.assumesRoot() {
		owner = c.Account // no policy of the other side has a say
	}
	lets := k.any()
	named := lets != guard.False
	s.narrow(GateIdentity, s.identity.allow)
	s.narrow(GateBoundary, s.boundary.allow)
	s.narrow(GateSession, s.session.allow)
	s.narrow(GateResource, lets)
	if c.hasAccount() {
		if s.identity.allow == guard.False && (c.Account != owner || !named || k.of(limitedKinds) == guard.False) {
			s.block(GateIdentity)
		}
		if s.boundary.allow == guard.False {
			s.block(GateBoundary)
		}
		if s.session.allow == guard.False {
			s.block(GateSession)
		}
	}
	if !named && (!c.hasAccount() || c.Account != owner || e.insists()) {
		s.block(GateResource)
	}
}
