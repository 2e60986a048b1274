package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// expand writes what a label gives one caller on one resource: what it gave the
// first of them, with other names.
func (v *Survey) expand(l *surveyLabel, p *inventory.Principal, r *inventory.Resource) []Grant {
	if l.rep.rep == nil {
		return l.grants
	}
	rn := renaming{from: l.rep.rep, to: p}
	sv := &surveyor{s: v.s, v: v}
	rn.pair(sv.heard(v.s.crowdOf(l.rep.rep), l.target), sv.heard(v.s.crowdOf(p), r.ARN))
	grants := rn.grants(l.grants)
	if l.target == r.ARN {
		return grants
	}
	grants = slices.Clone(grants)
	for i := range grants {
		g := &grants[i]
		g.Resources, g.Except = moved(g.Resources, l.target, r.ARN), moved(g.Except, l.target, r.ARN)
		g.Because = slices.Clone(g.Because)
		for j := range g.Because {
			if g.Because[j].Policy == l.target {
				g.Because[j].Policy = r.ARN
			}
		}
		g.Because = sortRefs(g.Because)
	}
	slices.SortFunc(grants, compareGrants)
	return grants
}

// moved writes patterns about one resource as the same about another.
func moved(list []string, from, to string) []string {
	if len(list) == 0 {
		return list
	}
	out := make([]string, len(list))
	for i, s := range list {
		if rest, ok := strings.CutPrefix(s, from); ok {
			s = to + rest
		}
		out[i] = s
	}
	slices.Sort(out)
	return out
}

// heard lists the statements of a crowd that bear on a target, in order.
func (sv *surveyor) heard(cr *crowd, text string) (out []carriedStatement) {
	t := sv.subjectOf(text, sv.s.inv.Resource(text), nil)
	for i, c := range cr.policies {
		for _, st := range c.doc.Statements {
			if st.Broken {
				continue
			}
			if _, _, heard := t.appendHeard(nil, st); heard {
				out = append(out, carriedStatement{i, st})
			}
		}
	}
	return out
}
