package solver

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
)

// Explain decides one request and says why: each gate in turn, the statements
// that decided, and for a denial what is missing. The error is a question
// error unless it is a bug.
func (s *Solver) Explain(principal, action, resource string) (*ExplainAnswer, error) {
	c, err := s.Case(Question{Principal: principal, Action: action, Resource: resource})
	if err != nil {
		return nil, err
	}
	d := Explain(c)
	s.doubtOutsider(c, &d)
	ans := explained(c, &d)
	ans.Notes = s.notesOn(s.targetOf(c.Resource))
	if d.Outcome != Allowed {
		if ans.Via, err = s.via(principal, c); err != nil {
			return nil, err
		}
	}
	return ans, nil
}

// explained writes a decision as an answer.
func explained(c *Case, d *Decision) *ExplainAnswer {
	blocks, _, exact := d.Guard.Blocks()
	ans := &ExplainAnswer{
		Pathfinder: "explain/1", Principal: c.Caller.ARN, Action: c.Action, Resource: c.Resource,
		Decision: d.Outcome.String(), Condition: blocks, BlockedBy: nonNil(d.BlockedBy), Because: nonNil(d.Because()),
		Missing: []string{}, Rules: nonNil(d.Rules), Unsure: d.Unsure, Confidence: "high", Unknown: []Gap{}, Gates: []GateAnswer{},
	}
	if d.Verdict() == Unknown {
		ans.Decision = "Unknown"
	}
	if d.LowConfidence() {
		ans.Confidence = "low"
	}
	for _, why := range d.Doubts {
		ans.Unknown = append(ans.Unknown, Gap{What: c.Resource, Why: why})
	}
	if !exact {
		for _, why := range d.Guard.Reasons() {
			ans.Unknown = append(ans.Unknown, Gap{What: c.Resource, Why: why + " is left open"})
		}
	}
	for i := range d.Gates {
		g := &d.Gates[i]
		blocks, _, _ := g.Guard.Blocks()
		ans.Gates = append(ans.Gates, GateAnswer{
			Gate: g.Name, Target: g.Target, Result: g.Result.String(), Condition: blocks, Because: nonNil(g.Because), Note: g.Note,
		})
	}
	if d.Outcome != Allowed {
		ans.Missing = missing(c, d)
	}
	for i := range d.Also {
		ans.Also = append(ans.Also, *explained(c.Also[i], &d.Also[i]))
	}
	return ans
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// missing says what would have to change for a denied request to be allowed:
// Deny statements to take away, and Allow statements to add.
func missing(c *Case, d *Decision) []string {
	out := []string{}
	for i := range d.Gates {
		g := &d.Gates[i]
		if g.Result != Denies || g.Name == GateRule || g.Name == GatePublicAccess {
			if g.Result == Denies {
				out = append(out, g.Note)
			}
			continue
		}
		for _, r := range g.Because {
			out = append(out, fmt.Sprintf("%s of %s must no longer deny %s on %s%s", r.place(), r.Policy, c.Action, c.Resource, under(g.Guard)))
		}
	}
	for i := range d.Gates {
		if g := &d.Gates[i]; g.Name == GateSCP && g.Result != Denies && g.Result != Allows {
			out = append(out, fmt.Sprintf("a service control policy attached to %s that allows %s", g.Target, c.Action))
		}
	}
	who := c.Caller.ARN
	for _, gate := range d.BlockedBy {
		switch gate {
		case "identity":
			if hasDeny(d, GateIdentity) {
				continue
			}
			out = append(out, fmt.Sprintf("an identity policy of %s that allows %s on %s", who, c.Action, c.Resource))
		case "pb":
			if !hasDeny(d, GateBoundary) {
				out = append(out, fmt.Sprintf("the permissions boundary of %s has to allow %s on %s", who, c.Action, c.Resource))
			}
		case "session":
			if !hasDeny(d, GateSession) {
				out = append(out, fmt.Sprintf("a session policy that allows %s on %s", c.Action, c.Resource))
			}
		case "resource":
			if !hasDeny(d, GateResource) {
				out = append(out, fmt.Sprintf("a statement in %s that allows %s to %s", resourcePolicyName(c), c.Action, named1(&c.Caller)))
			}
		case "vpce":
			if !hasDeny(d, GateEndpoint) {
				out = append(out, "the endpoint policy has to allow "+c.Action)
			}
		}
	}
	return out
}

func hasDeny(d *Decision, gate string) bool {
	return slices.ContainsFunc(d.Gates, func(g Gate) bool { return g.Name == gate && g.Result == Denies })
}

func under(g *guard.Expr) string {
	if !g.Open() {
		return ""
	}
	blocks, _, _ := g.Blocks()
	return " when " + blocks.String()
}

// place names the statement inside its policy.
func (r StatementRef) place() string {
	if r.Sid != "" {
		return fmt.Sprintf("statement #%d (%s)", r.Statement, r.Sid)
	}
	return fmt.Sprintf("statement #%d", r.Statement)
}

func resourcePolicyName(c *Case) string {
	if strings.HasPrefix(strings.ToLower(c.Action), "sts:") {
		return "the trust policy of " + c.Resource
	}
	return "the resource policy of " + c.Resource
}

func named1(c *Caller) string {
	if c.hasAccount() && c.Account != "" {
		return c.ARN + " or its account " + c.Account
	}
	return c.ARN
}

// via lists the role paths by which the principal reaches the request although
// it may not make it itself.
func (s *Solver) via(principal string, c *Case) ([]Access, error) {
	start, err := s.resolvePrincipal(principal)
	if err != nil {
		return nil, err
	}
	paths, _ := s.pathsFrom(start)
	var out []Access
	t := s.targetOf(c.Resource)
	for i := range paths {
		p := &paths[i]
		end := s.actorOf(p.hops[len(p.hops)-1].to)
		cc := s.caseFor(&end, c.Action, t, c.Resource)
		d := Decide(cc)
		if d.Outcome != Allowed {
			continue
		}
		d = Explain(cc)
		blocks, _, _ := d.Guard.Blocks()
		if s.cfg.Unconditional && len(blocks) > 0 {
			continue
		}
		out = append(out, Access{
			Principal: start.caller.ARN, Resource: c.Resource, Path: p.steps(),
			Grants: []Grant{{Actions: []string{c.Action}, Resources: []string{c.Resource}, Condition: blocks, Because: d.Because(), Unsure: d.Unsure}},
		})
	}
	return out, nil
}
