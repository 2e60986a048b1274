package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A renaming turns the answer for one caller of a class into that for another:
// inline policies are named after who carries them.
type renaming struct {
	from, to *inventory.Principal
	names    map[string]string // of policies; those that stay are left out
}

// labels pairs the policies that bear on the question, by their places on the
// two principals.
func (rn *renaming) labels(from, to []int) {
	old, now := labelsOf(rn.from, from), labelsOf(rn.to, to)
	for i := range old {
		if old[i] != now[i] {
			if rn.names == nil {
				rn.names = map[string]string{}
			}
			rn.names[old[i]] = now[i]
		}
	}
}

// labelsOf returns the names that answers use for some policies of a principal.
func labelsOf(p *inventory.Principal, places []int) (out []string) {
	at, next := 0, 0
	policiesOf(p, func(owner string, pol *inventory.Policy) {
		if next < len(places) && places[next] == at {
			out = append(out, pol.Label(owner))
			next++
		}
		at++
	})
	return out
}

// refs returns references with their policies renamed.
func (rn *renaming) refs(list []StatementRef) []StatementRef {
	touched := slices.ContainsFunc(list, func(r StatementRef) bool { return rn.names[r.Policy] != "" })
	if !touched {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		if name := rn.names[out[i].Policy]; name != "" && out[i].Type == policy.Identity.String() {
			out[i].Policy = name
		}
	}
	return sortRefs(out)
}

// grants returns grants with their policies renamed.
func (rn *renaming) grants(list []Grant) []Grant {
	if len(rn.names) == 0 || len(list) == 0 {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].Because = rn.refs(out[i].Because)
	}
	slices.SortFunc(out, compareGrants)
	return out
}

// hop returns a hop of another member of the class.
func (rn *renaming) hop(s *Solver, h *hop) *hop {
	if h == nil {
		return nil
	}
	out := *h
	out.from, out.because = s.actorOf(rn.to), rn.refs(h.because)
	return &out
}
