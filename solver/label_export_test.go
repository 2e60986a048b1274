package solver

import (
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// LabelOf computes the labels of one principal on one resource and what is
// inside of it, for all actions that apply, and returns how many pieces they
// have.
func (s *Solver) LabelOf(principal, resource string) (compute func() int, err error) {
	a, err := s.resolvePrincipal(principal)
	if err != nil {
		return nil, err
	}
	set, err := newActionSet(orAll(nil, []string{resource}))
	if err != nil {
		return nil, err
	}
	t, asks := s.targetOf(resource), set.asks(resource)
	return func() int {
		n := 0
		base := s.baseFor(&a, t)
		for _, k := range asks {
			if x := t.effect(&a, base, k, false); x != nil {
				n += len(x.space.Pieces(x.label))
			}
		}
		return n
	}, nil
}

// LabelsIn reads identity policies in one space: for each document the requests
// that it allows and does not deny. coarse says that the space is of no use.
func LabelsIn(docs []*policy.Document) (sp *permission.Space, list []*permission.Label, coarse bool) {
	c := &Case{free: true}
	e := newEval(c, false)
	type read struct {
		cl   clause
		when *guard.Expr
		doc  int
	}
	var v vocabulary
	var all []read
	for i, d := range docs {
		for _, st := range d.Statements {
			r := read{e.clause(nil, st), guard.True, i}
			for j := range st.Conditions {
				r.when = guard.And(r.when, e.condition(&st.Conditions[j]))
			}
			v.add(&r.cl)
			v.expr(r.when)
			all = append(all, r)
		}
	}
	v.NoResource = true
	sp = permission.NewSpace(v.Config)
	if sp.Coarse() {
		return sp, nil, true
	}
	allow, deny := make([]*permission.Label, len(docs)), make([]*permission.Label, len(docs))
	for i := range docs {
		allow[i], deny[i] = sp.Nothing(), sp.Nothing()
	}
	for _, r := range all {
		l := sp.Under(r.cl.about(sp, actionsOf(sp, r.cl.st)), sp.When(r.when))
		if r.cl.st.Effect == policy.Allow {
			allow[r.doc] = sp.Union(allow[r.doc], l)
		} else {
			deny[r.doc] = sp.Union(deny[r.doc], l)
		}
	}
	for i := range docs {
		list = append(list, sp.Subtract(allow[i], deny[i]))
	}
	return sp, list, false
}
