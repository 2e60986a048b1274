package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A renaming turns the answer for one caller of a class into that for another:
// the statements behind it are those at the same places of the other's policies.
type renaming struct {
	from, to   *inventory.Principal
	statements map[namedStatement]StatementRef // those that differ
}

// A namedStatement is a statement by the name of its policy.
type namedStatement struct {
	policy string
	index  int
}

// pair pairs the statements that bear on the question, by their places.
func (rn *renaming) pair(from, to []carriedStatement) {
	old, now := refsTo(rn.from, from), refsTo(rn.to, to)
	for i := range old {
		if old[i] != now[i] {
			if rn.statements == nil {
				rn.statements = map[namedStatement]StatementRef{}
			}
			rn.statements[namedStatement{old[i].Policy, old[i].Statement}] = now[i]
		}
	}
}

// refsTo returns how answers refer to some statements on a principal.
func refsTo(p *inventory.Principal, list []carriedStatement) (out []StatementRef) {
	at := 0
	policiesOf(p, func(owner string, pol *inventory.Policy) {
		for len(out) < len(list) && list[len(out)].policy == at {
			st := list[len(out)].st
			out = append(out, StatementRef{Policy: pol.Label(owner), Type: policy.Identity.String(), Statement: st.Index, Sid: st.Sid, stmt: st})
		}
		at++
	})
	return out
}

// refs returns references to the other's statements.
func (rn *renaming) refs(list []StatementRef) []StatementRef {
	var out []StatementRef
	for i := range list {
		now, ok := rn.statements[namedStatement{list[i].Policy, list[i].Statement}]
		if !ok || list[i].Type != now.Type {
			continue
		}
		if out == nil {
			out = slices.Clone(list)
		}
		out[i] = now
	}
	if out == nil {
		return list
	}
	return sortRefs(out)
}

// grants returns grants because of the other's statements.
func (rn *renaming) grants(list []Grant) []Grant {
	if len(rn.statements) == 0 || len(list) == 0 {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].Because = rn.refs(out[i].Because)
	}
	slices.SortFunc(out, compareGrants)
	return out
}

// hop returns the hop of the other.
func (rn *renaming) hop(s *Solver, h *hop) *hop {
	if h == nil {
		return nil
	}
	out := *h
	out.from, out.because = s.actorOf(rn.to), rn.refs(h.because)
	return &out
}
