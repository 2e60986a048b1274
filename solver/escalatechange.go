package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// What a principal may do to its own policies, groups, tags and limits it may do to
// those of others, by the same calls.

// A change is how a user or role comes to other policies, tags or limits.
type change struct {
	what    string // equal for equal changes by one method
	through string // the group or policy by which it works, "" for none
	p       *inventory.Principal
	v       ruling
	calls   []string // that are made, nil for those of the method
}

// A turning is given changes as they are found.
type turning func(what, through string, p *inventory.Principal, v ruling, calls ...string)

// changesOn yields what a state may make of a user or role by a method, which may be
// itself. One after which it has every right already is not given it again.
func (d *judge) changesOn(st *state, m *escalation.Method, on *inventory.Principal, yield func(*change)) {
	turn := func(what, through string, p *inventory.Principal, v ruling, calls ...string) {
		if !v.never() {
			yield(&change{what, through, p, v, calls})
		}
	}
	switch m.Move {
	case escalation.Raise:
		d.raise(st, m, on, turn)
	case escalation.Version:
		for _, pol := range ownPolicies(on) {
			v := d.call(st, m.Needs[0].Actions[0], pol.ARN)
			if v.never() {
				continue
			}
			for _, w := range pol.Versions {
				turn(pol.ARN+" "+w.ID, pol.ARN+" "+w.ID, replaced(on, pol, switched(pol, w)), v)
			}
		}
	case escalation.Join:
		if on.Kind == inventory.User {
			d.join(st, m, on, turn)
		}
	case escalation.Unbound:
		if on.Boundary != nil {
			d.unbind(st, m, on, turn)
		}
	case escalation.Undeny:
		d.undeny(st, on, turn)
	case escalation.Tag:
		d.tag(st, on, turn)
	}
}

// raise yields somebody with every right, as far as a state may give it. A document that
// denies something is gone once another one is written in its place.
func (d *judge) raise(st *state, m *escalation.Method, on *inventory.Principal, turn turning) {
	plain := ruling{}
	var written []func()
	try := func(over []*inventory.Policy, what string, v ruling) {
		if p := overwritten(on, over); p != nil {
			written = append(written, func() { turn(what, "", p, v) })
		} else if v.better(&plain) {
			plain = v
		}
	}
	later := func(what, through string, p *inventory.Principal, v ruling, calls ...string) {
		written = append(written, func() { turn(what, through, p, v, calls...) })
	}
	n := &m.Needs[len(m.Needs)-1]
	for _, action := range n.Actions {
		writes := strings.HasPrefix(action, "iam:Put")
		switch n.On {
		case escalation.SelfUser, escalation.SelfRole:
			switch {
			case n.WithNewPolicy:
				try(nil, "", d.ownNew(st, m.Needs[0].Actions[0], action, on))
			case writes:
				try(on.Inline, "over", d.empower(st, action, on))
			default:
				v := d.empower(st, action, on)
				try(nil, "", v)
				if !v.certain() {
					d.attached(st, action, on, nil, later)
				}
			}
		case escalation.OwnGroup:
			for _, g := range on.Groups {
				v := d.gives(st, action, g.ARN)
				if writes {
					try(g.Inline, g.ARN, v)
					continue
				}
				try(nil, "", v)
				if !v.certain() {
					d.attached(st, action, on, g, later)
				}
			}
		case escalation.OwnPolicy:
			for _, pol := range ownPolicies(on) {
				try([]*inventory.Policy{pol}, pol.ARN, d.rewrite(st, action, pol))
			}
		case escalation.NewGroup:
			if on.Kind != inventory.User {
				continue
			}
			n := d.newcomerBy(st, m, "group")
			v := n.together("")
			try(nil, "", v)
			if n.given = d.iamFull(); v.never() {
				q := *on
				q.Groups = append(slices.Clip(q.Groups), &inventory.Group{ARN: n.arn("pathfinder-probe"), Name: "pathfinder-probe", Account: d.in, Attached: []*inventory.Policy{n.given}})
				later("with all of IAM", n.given.ARN, &q, n.together(""))
			}
		}
	}
	if !isRaised(on) {
		turn("", "", raised(on), plain)
	}
	for _, w := range written {
		w()
	}
}

// isRaised reports whether somebody was given every right.
func isRaised(p *inventory.Principal) (yes bool) {
	policiesOf(p, func(_ string, pol *inventory.Policy) { yes = yes || pol.Doc == everything })
	return yes
}

// overwritten returns a principal with every right in place of those of some policies on
// it that deny something; nil when none does.
func overwritten(p *inventory.Principal, list []*inventory.Policy) (out *inventory.Principal) {
	for _, pol := range list {
		if !pol.Doc.Denies() {
			continue
		}
		if out == nil {
			out = p
		}
		out = replaced(out, pol, &inventory.Policy{Name: pol.Name, ARN: pol.ARN, Doc: everything})
	}
	return out
}

// join yields a user in another group. One without policies helps who may give it some.
func (d *judge) join(st *state, m *escalation.Method, on *inventory.Principal, turn turning) {
	for _, g := range d.in.Held().Groups {
		if slices.ContainsFunc(on.Groups, func(h *inventory.Group) bool { return h.ARN == g.ARN }) || len(g.Inline)+len(g.Attached) == 0 && !d.fills(st, g) {
			continue
		}
		q := *on
		q.Groups = append(slices.Clip(q.Groups), asOn(on, g))
		slices.SortFunc(q.Groups, func(a, b *inventory.Group) int { return strings.Compare(a.ARN, b.ARN) }) // whichever came first
		turn(g.ARN, g.ARN, &q, d.call(st, m.Needs[0].Actions[0], g.ARN))
	}
}

// fills reports whether a state may give a group policies.
func (d *judge) fills(st *state, g *inventory.Group) bool {
	for _, action := range []string{"iam:PutGroupPolicy", "iam:AttachGroupPolicy"} {
		if st.may(d.c.calls, []string{action}) {
			if v := d.gives(st, action, g.ARN); !v.never() {
				return true
			}
		}
	}
	return false
}

// unbind yields somebody without its permissions boundary, or with a wider one in its place.
func (d *judge) unbind(st *state, m *escalation.Method, on *inventory.Principal, turn turning) {
	action := m.Needs[0].Actions[0]
	bound := func(what string, as *inventory.Policy, v ruling) {
		q := *on
		q.Boundary = as
		turn(what, on.Boundary.ARN, &q, v)
	}
	wide := func(arn string) *inventory.Policy { return &inventory.Policy{ARN: arn, Doc: everything} }
	switch {
	case m.Needs[0].On == escalation.OwnBound && !isCustomers(on.Boundary, on.Account):
	case action == "iam:SetDefaultPolicyVersion":
		for _, w := range on.Boundary.Versions {
			bound(w.ID, switched(on.Boundary, w), d.call(st, action, on.Boundary.ARN))
		}
	case m.Needs[0].On == escalation.OwnBound:
		bound("", wide(on.Boundary.ARN), d.rewrite(st, action, on.Boundary))
	case strings.HasPrefix(action, "iam:Put"):
		for _, name := range d.wideBoundaries() { // one is as good as another
			if name == on.Boundary.ARN {
				continue
			}
			v := d.call(st, action, on.ARN, is("iam:permissionsboundary", name))
			if bound(name, wide(name), v); v.certain() {
				break
			}
		}
	default:
		bound("", nil, d.call(st, action, on.ARN, d.boundaryOn(on)))
	}
}

// lessOne returns policies without one of them.
func lessOne(list []*inventory.Policy, one *inventory.Policy) []*inventory.Policy {
	return slices.DeleteFunc(slices.Clone(list), func(p *inventory.Policy) bool { return p == one })
}

// switched returns a policy with another version as its default one.
func switched(pol *inventory.Policy, to inventory.PolicyVersion) *inventory.Policy {
	out := &inventory.Policy{Name: pol.Name, ARN: pol.ARN, Doc: to.Doc, Versions: []inventory.PolicyVersion{{ID: "(the default before)", Doc: pol.Doc}}}
	for _, v := range pol.Versions {
		if v.ID != to.ID {
			out.Versions = append(out.Versions, v)
		}
	}
	return out
}

// asOn returns a group with its policies as they are on a user that it is to have: a
// managed policy has one default version.
func asOn(p *inventory.Principal, g *inventory.Group) *inventory.Group {
	own := map[string]*inventory.Policy{}
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		if pol.ARN != "" {
			own[pol.ARN] = pol
		}
	})
	h := *g
	h.Attached = slices.Clone(h.Attached)
	for i, pol := range h.Attached {
		if same := own[pol.ARN]; same != nil && pol.ARN != "" {
			h.Attached[i] = same
		}
	}
	return &h
}

// undeny yields principals without a policy that denies something.
func (d *judge) undeny(st *state, on *inventory.Principal, turn turning) {
	denies := func(pol *inventory.Policy) bool { return pol.Doc.Denies() }
	kind := kindIn(on)
	drop := func(list []*inventory.Policy, action, resource string, without func(*inventory.Principal, *inventory.Policy)) {
		for _, pol := range list {
			if !denies(pol) {
				continue
			}
			facts := []keyFact{policyIn(action, pol.ARN)}
			if catalog.Default().HasKey(action, "iam:permissionsboundary") {
				facts = append(facts, d.boundaryOn(on))
			}
			q := *on
			without(&q, pol)
			turn(resource+" "+pol.Name+pol.ARN, pol.Label(resource), &q, d.call(st, action, resource, facts...), action)
		}
	}
	drop(on.Attached, "iam:Detach"+kind+"Policy", on.ARN, func(q *inventory.Principal, pol *inventory.Policy) { q.Attached = lessOne(q.Attached, pol) })
	drop(on.Inline, "iam:Delete"+kind+"Policy", on.ARN, func(q *inventory.Principal, pol *inventory.Policy) { q.Inline = lessOne(q.Inline, pol) })
	for i, g := range on.Groups {
		group := func(q *inventory.Principal) *inventory.Group {
			h := *g
			q.Groups = slices.Clone(q.Groups)
			q.Groups[i] = &h
			return &h
		}
		drop(g.Attached, "iam:DetachGroupPolicy", g.ARN, func(q *inventory.Principal, pol *inventory.Policy) {
			h := group(q)
			h.Attached = lessOne(h.Attached, pol)
		})
		drop(g.Inline, "iam:DeleteGroupPolicy", g.ARN, func(q *inventory.Principal, pol *inventory.Policy) { h := group(q); h.Inline = lessOne(h.Inline, pol) })
		if slices.ContainsFunc(g.Attached, denies) || slices.ContainsFunc(g.Inline, denies) {
			q := *on
			q.Groups = slices.DeleteFunc(slices.Clone(q.Groups), func(h *inventory.Group) bool { return h == g })
			const action = "iam:RemoveUserFromGroup"
			turn(g.ARN, g.ARN, &q, d.call(st, action, g.ARN), action)
		}
	}
}
