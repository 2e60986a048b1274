package solver

import (
	"slices"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// write notes one remainder as an entry.
func (b *betweening) write(s *solution, at, side int, w *way, r remainder) {
	f := b.x.d.sides[side].s.finder()
	grants := b.grants(f, s, at, side, w, r.label)
	steps := w.p.steps()
	for i, when := range r.hops {
		if when == w.p.hops[i].when {
			continue
		}
		blocks, truth, exact := when.Blocks()
		if !exact {
			b.doubt("the condition of the way through " + w.p.hops[i].to.ARN + " is left open")
		}
		if steps[i+1].Condition = blocks; truth != policy.True && len(blocks) == 0 {
			b.doubt("the condition of the way through " + w.p.hops[i].to.ARN + " is left open")
		}
	}
	for g := range f.unknown {
		b.doubt(g.Why)
	}
	if len(grants) == 0 {
		return
	}
	b.add(side, w, DiffAccess{
		Access:     Access{Principal: b.name, Resource: b.x.text, Path: steps, Grants: grants, External: w.p.start.caller.External},
		Principals: []string{b.name}, PrincipalIs: b.principalIs(side), ResourceIs: b.x.resourceIs, Changed: b.changes(w),
	})
}

// add notes an entry, together with one of the same way.
func (b *betweening) add(side int, w *way, a DiffAccess) {
	for i := range b.found[side] {
		have := &b.found[side][i]
		if slices.EqualFunc(have.Path, a.Path, func(x, y Step) bool {
			return x.Principal == y.Principal && x.Kind == y.Kind && x.Condition.String() == y.Condition.String()
		}) {
			have.Grants = append(have.Grants, a.Grants...)
			return
		}
	}
	b.found[side] = append(b.found[side], a)
	b.by[side] = append(b.by[side], slices.Index(b.lanes[side].ways, w))
}

// principalIs tells whether the principal is in one snapshot only.
func (b *betweening) principalIs(side int) string {
	if b.who[1-side] != nil {
		return ""
	}
	return [2]string{"gone", "new"}[side]
}

// changes lists what the snapshots say differently of what is on a way.
func (b *betweening) changes(w *way) []DiffChange {
	out := []DiffChange{}
	add := func(of string, facts []string) {
		for _, fact := range facts {
			if c := (DiffChange{of, fact}); !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	d := b.x.d
	people := []*actor{&w.p.start}
	for i := range w.p.hops {
		role := w.p.hops[i].to
		a := d.sides[w.side].s.actorOf(role)
		people = append(people, &a)
	}
	for i, a := range people {
		other := d.sides[1-w.side].same(a, b.x.targets[1-w.side])
		if other == nil || a.caller.External != other.caller.External {
			continue // the entry says that it is new or gone, or nobody knows what its account says
		}
		pair := person{a, other}
		if w.side == 1 {
			pair = person{other, a}
		}
		facts := d.differing(pair[0], pair[1])
		if a.caller.Kind == CallerOutsider { // what of it was told apart says nothing of it
			facts = slices.DeleteFunc(slices.Clone(facts), func(name string) bool { return name == "account" })
		}
		add(a.caller.ARN, facts)
		if i > 0 {
			add(a.caller.ARN, d.differingTarget(a.caller.ARN))
		}
	}
	add(b.x.text, b.x.facts)
	return out
}

// grants writes a label as grants, each with the statements behind it and those
// of the other side that stop it.
func (b *betweening) grants(f *finder, s *solution, at, side int, w *way, label *permission.Label) []Grant {
	e := s.gates(w.key)
	out := *e
	out.label, out.doubts, out.beside = label, nil, nil
	var others []string // the same caller on the other side, however it got there
	for i := range b.ways[1-side] {
		if o := b.ways[1-side][i]; o.end.caller.ARN == w.end.caller.ARN && !slices.Contains(others, o.key) {
			others = append(others, o.key)
		}
	}
	theirs := map[ofPolicy]bool{}
	out.because, out.unsure = slices.Clone(e.because), slices.Clone(e.unsure)
	for _, key := range others {
		for _, src := range s.docs[key] {
			b.x.d.sides[1-side].addStatements(theirs, src)
		}
		if o := s.gates(key); o != nil {
			out.unsure = append(out.unsure, o.unsure...)
			for i := range o.gates {
				out.because = append(out.because, stopping(o.gates[i].against)...)
			}
		}
	}
	if len(others) > 0 {
		for i := range e.gates {
			if g := &e.gates[i]; g.name == GateSCP || g.name == GateBoundary || g.name == GateSession || g.name == GateEndpoint {
				out.because = append(out.because, b.x.d.sides[side].only(theirs, g.because)...)
			}
		}
	}
	wr := writer{f: f, t: b.x.targetFor(side, &w.end), groups: map[string]*Grant{}}
	wr.write(&out, b.x.asks[at].resource)
	list := wr.grants()
	for i := range list {
		list[i].parted()
	}
	return list
}
