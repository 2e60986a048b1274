package solver

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
