package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// sides is everything that bears on a group of actions of one caller, read. The
// names are those of the gates of Decide.
type sides struct {
	q *inquiry
	r *reader
	c *Case

	fixed    bool // no policy has a say (E96)
	allowed  bool // the fixed answer
	scps     [][]speech
	rcps     []speech
	endpoint []speech
	account  accountSide
	unsigned *guard.Expr // when an unsigned call is taken, of anonymous callers
	grants   []speech    // of the resource or, when the call goes through one, of the access point
	behind   *behindSide
	keys     keyGrants
	also     *guard.Expr // what holds for all that is asked: further checks, and the session's history
	further  []further
	routes   []route
	objects  []object
}

// An accountSide is what hangs on the caller.
type accountSide struct {
	free                        bool // nothing does: a root user, or somebody outside the snapshot
	identity, boundary, session []speech
	noBoundary, noSession       bool
}

// A behindSide is the bucket's side of a call through an access point.
type behindSide struct {
	r       *reader
	ap      *AccessPointFacts
	c       *Case
	account accountSide
	denies  []speech // of organizations and endpoint
	grants  []speech
	network *guard.Expr
}

// keyGrants are what grants on a KMS key give (E191).
type keyGrants struct {
	kinds kinds
	alone *guard.Expr
}

// A route is a VPC endpoint that a condition asks for (E135).
type route struct {
	other  *guard.Expr // the request takes another one, or none
	policy []speech
}

// An object has settings of its own.
type object struct {
	pattern arn.Pattern
	c       *Case
}

// read reads what bears on some actions, for all of which c stands.
func (q *inquiry) read(c *Case, asked *group) *sides {
	s := q.side(c, newReader(q, c, asked))
	q.sides = append(q.sides, s)
	for _, also := range c.Also {
		s.readFurther(also)
	}
	if c.history != nil { // of what the facts fix nothing is left
		if known := s.r.e.resolved(c.history); q.apart {
			s.also = guard.And(s.also, known)
		} else {
			q.v.Given = known
			q.v.expr(known)
		}
	}
	q.v.expr(s.also)
	return s
}

// side reads one check.
func (q *inquiry) side(c *Case, r *reader) *sides {
	s := &sides{q: q, r: r, c: c, also: guard.True}
	q.v.Actions = append(q.v.Actions, r.asked.actions...)
	if c.neededBy != "" {
		r.e.rule(c.neededBy)
	}
	if outcome, rule, _, ok := r.e.fixedAnswer(); ok {
		r.e.rule(rule)
		s.fixed, s.allowed = true, outcome == Allowed
	} else {
		s.readPolicies()
	}
	return s
}

// resolved returns what the facts about a request leave of an expression.
func (e *eval) resolved(g *guard.Expr) *guard.Expr {
	return mapped(g, e.condition)
}

func (s *sides) readPolicies() {
	c, r := s.c, s.r
	if r.e.underSCPs() {
		for i := range c.SCPs {
			s.scps = append(s.scps, r.pool(c.SCPs[i].Policies))
		}
	}
	if c.Caller.Kind == CallerAnonymous {
		s.unsigned = r.e.unsigned()
		s.q.v.expr(s.unsigned)
	}
	if r.e.underRCPs() {
		for i := range c.RCPs {
			s.rcps = append(s.rcps, r.principalPool(c.RCPs[i].Policies)...)
		}
	}
	if c.HasEndpoint {
		s.endpoint = r.principalPool(c.Endpoint)
	}
	s.account = r.account()
	if ap := c.AccessPoint; ap != nil {
		s.grants = r.grants(ap.Policies)
		s.readBehind(ap)
	} else {
		s.grants = r.grants(c.spoken(r.e.service, r.e.name))
		s.readKeyGrants()
	}
	s.readRoutes()
}

// account reads what hangs on the caller itself.
func (r *reader) account() (a accountSide) {
	c := &r.e.c.Caller
	if !c.hasAccount() {
		return a
	}
	if c.Kind == CallerRoot || c.External {
		a.free = true
		return a
	}
	a.identity = r.pool(r.e.c.Identity)
	if a.noBoundary = !r.e.c.HasBoundary || c.ServiceLinked; !a.noBoundary {
		a.boundary = r.pool(r.e.c.Boundary)
	}
	if r.e.c.HasSession {
		a.session = r.pool(r.e.c.Session)
	} else {
		a.noSession = c.Kind != CallerFederatedUser
	}
	return a
}

func (s *sides) readKeyGrants() {
	g := grantSide{kinds: noKinds()}
	free := side{boundary: pool{allow: guard.True}, session: pool{allow: guard.True}}
	s.keys.alone = s.r.e.kmsGrants(&free, &g)
	s.keys.kinds = g.kinds
	for _, k := range g.kinds {
		s.q.v.expr(k)
	}
}

// readBehind reads the same call asked of the bucket behind an access point.
func (s *sides) readBehind(ap *AccessPointFacts) {
	b := &behindSide{ap: ap, c: ap.behind(s.c), network: guard.True}
	s.behind = b
	if ap.VPC != "" {
		inside := policy.NewCondition("StringEquals", "aws:SourceVpc", []string{ap.VPC})
		b.network = s.r.e.condition(&inside)
		s.q.v.expr(b.network)
	}
	b.r = newReader(s.q, b.c, s.r.asked)
	b.r.e.resource = ap.BucketResource
	b.r.e.doubts = nil
	if !s.q.literal {
		b.r.mapped = mapBehind(s.c)
	}
	b.account = b.r.account()
	if b.r.e.underSCPs() {
		for i := range b.c.SCPs {
			b.denies = append(b.denies, b.r.pool(b.c.SCPs[i].Policies)...)
		}
	}
	if b.r.e.underRCPs() {
		for i := range b.c.RCPs {
			b.denies = append(b.denies, b.r.principalPool(b.c.RCPs[i].Policies)...)
		}
	}
	if b.c.HasEndpoint {
		b.denies = append(b.denies, b.r.principalPool(b.c.Endpoint)...)
	}
	b.denies = denials(b.denies)
	b.grants = b.r.grants(b.c.Resources)
}

// denials leaves the Deny statements.
func denials(list []speech) []speech {
	return slices.DeleteFunc(list, func(sp speech) bool { return sp.st.Effect != policy.Deny })
}

// mapBehind returns how patterns about a bucket's objects read as patterns
// about the objects of the access point of c.
func mapBehind(c *Case) *mapping {
	point, _, _ := strings.Cut(c.Resource, "/object/")
	bucket, _, _ := strings.Cut(c.AccessPoint.BucketResource, "/")
	return &mapping{behind: bucket + "/", front: point + "/object/"}
}

// readRoutes reads the policies of endpoints that conditions ask for. Every
// other part has to be read by then.
func (s *sides) readRoutes() {
	eps := s.c.Endpoints
	for i := range eps {
		asked := slices.ContainsFunc(s.q.v.Tests[s.q.from:], func(t policy.Condition) bool {
			return t.LowerKey() == sourceVpce && slices.ContainsFunc(t.Values, func(v string) bool {
				return v == eps[i].ID || strings.ContainsAny(v, "*?$")
			})
		})
		if !asked {
			continue
		}
		other := policy.NewCondition("StringNotEquals", "aws:SourceVpce", []string{eps[i].ID})
		rt := route{other: s.r.e.condition(&other), policy: s.r.principalPool(eps[i].Policies)}
		if b := s.behind; b != nil {
			rt.policy = append(rt.policy, denials(b.r.principalPool(eps[i].Policies))...)
		}
		s.q.v.expr(rt.other)
		s.routes = append(s.routes, rt)
	}
}

// addObject notes an object with settings of its own.
func (s *sides) addObject(q *inquiry, key string, c *Case) {
	o := object{pattern: arn.NewPattern(arn.Literal(key), false), c: c}
	q.v.Resources = append(q.v.Resources, o.pattern)
	s.objects = append(s.objects, o)
}
