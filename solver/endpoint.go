package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// An EndpointPolicy is the policy of one VPC endpoint, named vpce-….
type EndpointPolicy struct {
	ID       string
	Policies []Source
}

// sourceVpce is the key that says which endpoint a request came through.
const sourceVpce = "aws:sourcevpce"

// endpointPolicies lists the endpoints of the snapshot that have a policy.
func (s *Solver) endpointPolicies() (out []EndpointPolicy) {
	for _, r := range s.inv.Index().Endpoints() {
		out = append(out, EndpointPolicy{ID: lastPart(r.ARN), Policies: []Source{{Name: r.ARN, Doc: r.Policy}}})
	}
	return out
}

// addEndpoint makes a request that is said to come through an endpoint of the
// snapshot pass its policy.
func (c *Case) addEndpoint() {
	v := c.Context.Values[sourceVpce]
	if v.State != policy.Present {
		return
	}
	for i := range c.Endpoints {
		if c.Endpoints[i].ID == v.One {
			c.Endpoint, c.HasEndpoint = c.Endpoints[i].Policies, true
		}
	}
}

// throughEndpoints narrows a guard that demands an endpoint of the snapshot: a
// request through it has to pass its policy as well. The way a request takes is
// the caller's choice, so that no endpoint counts unless a condition asks for
// one (E135).
func (e *eval) throughEndpoints(g *guard.Expr) *guard.Expr {
	if !g.Open() || len(e.c.Endpoints) == 0 {
		return g
	}
	asked := g.Values(sourceVpce)
	for i := range e.c.Endpoints {
		ep := &e.c.Endpoints[i]
		if !slices.ContainsFunc(asked, func(v string) bool { return v == ep.ID || strings.ContainsAny(v, "*?$") }) {
			continue
		}
		e.rule("E135")
		p := e.principalPool(ep.Policies)
		e.note(GateEndpoint, ep.ID, &p)
		pass := guard.And(p.allow, guard.Not(p.deny))
		if ap := e.c.AccessPoint; ap != nil {
			pass = guard.And(pass, guard.Not(e.endpointBehind(ap, ep)))
		}
		other := policy.NewCondition("StringNotEquals", "aws:SourceVpce", []string{ep.ID})
		g = guard.And(g, guard.Or(e.condition(&other), pass))
	}
	return g
}

// endpointBehind tells when the policy of an endpoint denies what is asked of
// the bucket behind an access point.
func (e *eval) endpointBehind(ap *AccessPointFacts, ep *EndpointPolicy) *guard.Expr {
	front, asked := e.c, e.resource
	e.c, e.resource = ap.behind(front), ap.BucketResource
	p := e.principalPool(ep.Policies)
	if p.deny != guard.False {
		e.note(GateEndpoint, ep.ID, &p)
	}
	e.c, e.resource = front, asked
	return p.deny
}
