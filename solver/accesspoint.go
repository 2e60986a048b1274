package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// throughAccessPoint decides a request to an access point: its policy and the
// bucket's side both have to permit (E175 to E177).
func (e *eval) throughAccessPoint(s *side, ap *AccessPointFacts) {
	e.rule("E175")
	e.network(s, ap)
	front := e.readGrants(ap.Policies, e.resource)
	e.note(GateAccessPoint, "", &front.pool)
	s.addDeny(GateAccessPoint, &front.pool)
	own, back, owner := e.behind(s, ap)

	c := &e.c.Caller
	if e.restrictedAccessPoint(ap) {
		e.cutPublic(s, &front, "the policy of the access point is public")
		back.kinds = noKinds()
	}
	bucketSide := back.kinds.any()
	if c.hasAccount() && c.Account == owner {
		if bucketSide = guard.Or(bucketSide, own); bucketSide == guard.False {
			e.lean("E175")
		}
	}
	if owner != ap.BucketAccount && strings.HasSuffix(accessPointName(e.resource), ".mrap") {
		e.rule("E177") // no way to objects that another account owns
		bucketSide = guard.False
	}
	if bucketSide == guard.False {
		s.block(GateResource)
	}
	s.granted = guard.And(e.formula(s, &front.kinds, e.c.ResourceAccount), bucketSide)
	if c.hasAccount() && c.Account != owner {
		s.granted = guard.And(s.granted, guard.And(s.identity.allow, guard.And(s.boundary.allow, s.session.allow)))
	}
	e.becauseOf(s, &front.pool)
	if e.trace {
		s.refs = append(s.refs, back.pool.allowRefs...)
	}
	e.explainSilence(s, &front.kinds, e.c.ResourceAccount)
}

// accessPointName cuts the name of the access point out of its ARN, or out of
// that of an object behind it.
func accessPointName(resource string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(arn.Resource(resource), "accesspoint/"), "/")
	return name
}

// network stops requests to an access point of a VPC that come from elsewhere,
// whatever policies say (E175).
func (e *eval) network(s *side, ap *AccessPointFacts) {
	if ap.VPC == "" {
		return
	}
	inside := policy.NewCondition("StringEquals", "aws:SourceVpc", []string{ap.VPC})
	g := e.condition(&inside)
	s.open = guard.And(s.open, g)
	s.narrow(GateAccessPoint, g)
	r := Allows
	if g == guard.False {
		s.block(GateAccessPoint)
		r = Denies
	}
	if e.trace {
		e.gates = append(e.gates, Gate{Name: GateAccessPoint, Result: r, Guard: g, Note: "the access point takes requests from " + ap.VPC + " only"})
	}
}

// behind reads the bucket's side of a request through an access point: the
// same call, asked of what lies behind it. It adds the Denies of all policies
// to s, and returns when the caller's own policies permit it, what the bucket
// lets in, and who owns what is asked.
func (e *eval) behind(s *side, ap *AccessPointFacts) (own *guard.Expr, back grantSide, owner string) {
	front, asked := e.c, e.resource
	e.c, e.resource = ap.behind(front), ap.BucketResource
	own = e.ownBehind(s)
	e.gatesBehind(s)
	back = e.readGrants(e.c.Resources, e.resource)
	e.note(GateResource, "", &back.pool)
	s.addDeny(GateResource, &back.pool)
	owner = ap.BucketAccount
	e.c, e.resource = front, asked
	if e.c.S3 != nil {
		owner = e.s3(s, &back, ap.BucketResource, ap.BucketAccount)
	}
	return own, back, owner
}

// behind makes the case of the bucket's side.
func (ap *AccessPointFacts) behind(front *Case) *Case {
	c := *front
	c.Resource, c.ResourceAccount, c.AccessPoint = ap.BucketResource, ap.BucketAccount, nil
	if ap.BucketAccount != front.ResourceAccount || ap.BucketRCPs != nil {
		c.RCPs, c.ResourceInManagement = ap.BucketRCPs, ap.BucketInManagement
		c.ResourceOrgID, c.ResourceOrgPath = ap.BucketOrgID, ap.BucketOrgPath
	}
	c.ResourceTags = ap.BucketTags
	return &c
}

// ownBehind reads the caller's own policies about the bucket, and tells when
// they permit the call there.
func (e *eval) ownBehind(s *side) *guard.Expr {
	c := &e.c.Caller
	if !c.hasAccount() {
		return guard.False
	}
	if c.Kind == CallerRoot || c.External {
		return guard.True
	}
	identity := e.pool(e.c.Identity)
	e.denyBehind(s, GateIdentity, "", &identity)
	own := identity.allow
	if e.c.HasBoundary && !c.ServiceLinked {
		p := e.pool(e.c.Boundary)
		e.denyBehind(s, GateBoundary, "", &p)
		own = guard.And(own, p.allow)
	}
	if e.c.HasSession {
		p := e.pool(e.c.Session)
		e.denyBehind(s, GateSession, "", &p)
		return guard.And(own, p.allow)
	}
	return guard.And(own, guard.Of(c.Kind != CallerFederatedUser))
}

// gatesBehind adds the Denies of organizations and of the endpoint about the
// bucket. Their Allows were asked for the access point.
func (e *eval) gatesBehind(s *side) {
	if e.underSCPs() {
		for i := range e.c.SCPs {
			p := e.pool(e.c.SCPs[i].Policies)
			e.denyBehind(s, GateSCP, e.c.SCPs[i].Target, &p)
		}
	}
	if e.underRCPs() {
		e.rule("E116")
		for i := range e.c.RCPs {
			p := e.principalPool(e.c.RCPs[i].Policies)
			e.denyBehind(s, GateRCP, e.c.RCPs[i].Target, &p)
		}
	}
	if e.c.HasEndpoint {
		p := e.principalPool(e.c.Endpoint)
		e.denyBehind(s, GateEndpoint, "", &p)
	}
}

// denyBehind adds a Deny that speaks about the bucket; the trace holds the
// gate twice then.
func (e *eval) denyBehind(s *side, gate, target string, p *pool) {
	if p.deny == guard.False {
		return
	}
	e.note(gate, target, p)
	s.addDeny(gate, p)
}

// restrictedAccessPoint reports whether RestrictPublicBuckets cuts the caller
// off because the access point's own policy is public; one of a VPC never is
// (E173 to E175).
func (e *eval) restrictedAccessPoint(ap *AccessPointFacts) bool {
	if ap.VPC != "" || !ap.RestrictPublicBuckets && (e.c.S3 == nil || !e.c.S3.RestrictPublicBuckets) {
		return false
	}
	return e.c.Caller.Kind != CallerService && !e.spared(ap.BucketAccount) && e.publicPolicy(ap.Policies)
}
