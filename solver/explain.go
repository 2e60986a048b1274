package solver

import (
	"slices"

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
	s.doubtAround(c, &d)
	ans := explained(c, &d)
	t := s.targetOf(c.Resource)
	if !t.makes(c.Action) { // what is made is not there yet
		ans.Notes = s.unseen(c.Resource)
	}
	ans.Notes = slices.Concat(ans.Notes, misplaced(c), s.notesOn(t), furtherTypes(c))
	if d.Outcome != Allowed {
		if ans.Via, err = s.via(principal, c); err != nil {
			return nil, err
		}
	}
	ans.IdentityCenter = s.Center(ans.Via, ans.Principal, ans.Resource)
	return ans, nil
}

// explained writes a decision as an answer.
func explained(c *Case, d *Decision) *ExplainAnswer {
	blocks, open := conditionOf(c, d)
	ans := &ExplainAnswer{
		Pathfinder: "explain/1", Principal: c.Caller.ARN, Action: c.Action, Resource: c.Resource,
		Decision: d.word(), Condition: blocks, BlockedBy: nonNil(d.BlockedBy), Because: nonNil(d.Because()),
		Missing: []string{}, Rules: nonNil(d.Rules), Unsure: d.Unsure, Confidence: "high", Unknown: []Gap{}, Gates: []GateAnswer{},
	}
	if d.LowConfidence() {
		ans.Confidence = "low"
	}
	for _, why := range d.Doubts {
		ans.Unknown = append(ans.Unknown, Gap{What: c.Resource, Why: why})
	}
	for _, why := range open {
		ans.Unknown = append(ans.Unknown, Gap{What: c.Resource, Why: why + " is left open"})
	}
	for i := range d.Gates {
		g := &d.Gates[i]
		blocks, _, _ := g.Guard.Blocks()
		ans.Gates = append(ans.Gates, GateAnswer{
			Gate: g.Name, Target: g.Target, Result: g.Result.String(), Condition: blocks, Because: nonNil(g.Because), Note: g.Note,
		})
	}
	own := d
	if len(c.Also) > 0 {
		alone := *c
		alone.Also = nil
		first := Explain(&alone)
		own = &first
	}
	w := newWhy(c, own)
	ans.Considered = w.considered
	if i := slices.IndexFunc(ans.Gates, func(g GateAnswer) bool { return g.Gate == GateResource }); i >= 0 && w.delegated() {
		ans.Gates[i].Note = "naming the account only leaves it to identity policies, and none allows it"
	}
	if own.Outcome != Allowed {
		ans.Missing, ans.Near, ans.Summary = w.missing(), w.near(), w.summary()
	}
	if len(c.Also) > 0 {
		alone := *c
		alone.Also = nil
		blocks, _ := conditionOf(&alone, own)
		ans.Own = &OwnDecision{
			Decision: own.word(), Condition: blocks, BlockedBy: nonNil(own.BlockedBy), Because: nonNil(own.Because()),
			Missing: slices.Clone(ans.Missing),
		}
	}
	for i := range d.Also {
		also := explained(c.Also[i], &d.Also[i])
		ans.Also = append(ans.Also, *also)
		ans.Missing = append(ans.Missing, also.Missing...)
		if own.Outcome == Allowed && ans.Summary == "" && also.Summary != "" {
			ans.Summary = "it also needs " + also.Action + ", and " + also.Summary
		}
	}
	if d.Outcome != Allowed && ans.Summary == "" {
		ans.Summary = "its checks ask for conditions that no single request can meet"
	}
	return ans
}

// conditionOf returns the condition under which a request is allowed, and what
// no condition can say. It comes from the symbolic engine, which knows what
// conditions of one key have to do with each other.
func conditionOf(c *Case, d *Decision) (blocks guard.Blocks, open []string) {
	when := d.Guard
	if when.Open() {
		when = effectOn(c).when()
	}
	blocks, _, exact := when.Blocks()
	if !exact {
		open = when.Reasons()
	}
	return blocks, open
}

// word returns the decision as answers write it.
func (d *Decision) word() string {
	if d.Verdict() == Unknown {
		return "Unknown"
	}
	return d.Outcome.String()
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// via lists the role paths by which the principal reaches the request although
// it may not make it itself.
func (s *Solver) via(principal string, c *Case) ([]Access, error) {
	start, err := s.resolvePrincipal(principal)
	if err != nil {
		return nil, err
	}
	paths, _ := s.pathsFrom(start, s.readOf(s.targetOf(c.Resource)))
	var out []Access
	t := s.targetOf(c.Resource)
	for i := range paths {
		p := &paths[i]
		end := s.last(p)
		cc := s.questionFor(&end, c.Action, t, c.Resource)
		x := effectOn(cc)
		if x.never() {
			continue
		}
		blocks, _, _ := x.when().Blocks()
		if s.cfg.Unconditional && len(blocks) > 0 {
			continue
		}
		out = append(out, Access{
			Principal: start.caller.ARN, Resource: c.Resource, Path: p.steps(),
			Grants: []Grant{{Actions: []string{c.Action}, Resources: []string{c.Resource}, Condition: blocks, Because: x.reasons(), Unsure: x.leanings()}},
		})
	}
	return out, nil
}
