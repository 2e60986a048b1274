package solver

import (
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A newcomer is a user, role or group that a state may make and give every right.
type newcomer struct {
	d     *judge
	st    *state
	m     *escalation.Method
	needs []escalation.Need // the calls that are made on it
	kind  string            // "user", "role" or "group"
	names []string          // that are tried
	group *inventory.Group  // from which it has its rights, nil when they are given to it
	given *inventory.Policy // that is attached to it, nil for what allows everything
}

func (d *judge) newcomerBy(st *state, m *escalation.Method, kind string) *newcomer {
	n := &newcomer{d: d, st: st, m: m, needs: m.Needs, kind: kind}
	for i := range m.Needs {
		for _, action := range m.Needs[i].Actions {
			n.names = appendNew(n.names, d.names(st, action, kind)...)
		}
	}
	return n
}

// made decides whether the state may make it, and whether it is an administrator then.
func (n *newcomer) made() ruling {
	v := n.d.anywhere(n.st, n.d.patternsOf(typeOf("iam", n.kind))[0], n.needs, manner{})
	if v.never() {
		return v
	}
	if free := n.decide(v, "").and(n.leaves("")); !free.never() {
		return free
	}
	best := ruling{}
	for _, bound := range n.d.demanded(n.st, n.m) {
		if w := n.decide(v, bound).and(n.freed(bound)); w.better(&best) {
			best = w
		}
	}
	return best
}

// decide decides all calls on it with a boundary, "" for none. anywhere is what they come
// to whatever they carry; the keys about what is made are told apart by asking about one
// of its kind.
func (n *newcomer) decide(anywhere ruling, boundary string) ruling {
	if free := n.each(boundary); free.never() {
		return free
	}
	if free := n.together(boundary); (anywhere.when != guard.True || boundary != "") && !free.never() {
		return free
	}
	return anywhere
}

// call decides a call on it by one name. It is given the policy of AWS that allows
// everything.
func (n *newcomer) call(need *escalation.Need, name, boundary string) (best ruling) {
	carries := keyFact{"iam:permissionsboundary", nil}
	if boundary != "" {
		carries = is(carries.key, boundary)
	}
	made := n.arn(name)
	for _, action := range need.Actions {
		w := ruling{}
		switch {
		case n.given == nil:
			w = n.d.gives(n.st, action, made, carries)
		case !strings.HasPrefix(action, "iam:Put"): // what is put names no policy
			w = n.d.call(n.st, action, made, carries, policyIn(action, n.given.ARN))
		}
		if w.better(&best) {
			best = w
		}
	}
	return best
}

func (n *newcomer) arn(name string) string {
	return "arn:" + n.d.in.Partition + ":iam::" + n.d.in.ID + ":" + n.kind + "/" + name
}

// each decides the calls on any name each.
func (n *newcomer) each(boundary string) ruling {
	v := always
	for i := range n.needs {
		best := ruling{}
		for _, name := range n.names {
			if w := n.call(&n.needs[i], name, boundary); w.better(&best) {
				best = w
			}
		}
		v = v.and(best)
	}
	return v
}

// together decides all calls on one of the names.
func (n *newcomer) together(boundary string) (best ruling) {
	for _, name := range n.names {
		v := always
		for i := range n.needs {
			v = v.and(n.call(&n.needs[i], name, boundary))
		}
		if v.better(&best) {
			best = v
		}
	}
	return best
}

// freed decides whether somebody new comes to every right though it is made with a
// boundary: as that takes nothing away, or as it is taken off, exchanged or rewritten, by
// who made it or by itself.
func (n *newcomer) freed(boundary string) ruling {
	best := n.leaves(boundary)
	bound, known := n.d.boundaries()[boundary]
	if !known {
		bound = &inventory.Policy{ARN: boundary, Doc: &policy.Document{}} // it is to be got rid of
	}
	for _, name := range n.names {
		if best.certain() {
			break
		}
		within := n.state(n.principal(name, bound))
		makers := []*state{n.st}
		if known {
			makers = append(makers, within)
		}
		for _, by := range makers {
			for _, m := range n.d.c.methods {
				if m.Move != escalation.Unbound || !n.d.offersOn(by, m, within.p.Kind) {
					continue
				}
				n.d.unbind(by, m, within.p, func(_, _ string, p *inventory.Principal, v ruling, _ ...string) {
					after := n.rises(n.state(p))
					if after.because = nil; by == within {
						v.because = nil // policies that are not there yet
					}
					if v = v.and(after); v.better(&best) {
						best = v
					}
				})
			}
		}
	}
	return best
}

// leaves decides whether the newcomer of every right is an administrator within a boundary,
// "" for none.
func (n *newcomer) leaves(boundary string) ruling {
	best, bound := ruling{}, n.d.boundaries()[boundary]
	for _, name := range n.names {
		v := n.rises(n.state(n.principal(name, bound)))
		if boundary != "" && bound == nil {
			v = v.given("the permissions boundary " + boundary + ", which the snapshot does not hold, allows what it is to do")
		}
		if n.group == nil {
			v.because = nil // policies that are not there yet
		}
		if v.better(&best) {
			best = v
		}
	}
	return best
}

// rises decides whether the newcomer is an administrator, or makes itself one by what its
// group, or the policy that it was given, allows.
func (n *newcomer) rises(st *state) ruling {
	best := n.d.arrives(st)
	if n.group == nil && n.given == nil || best.certain() {
		return best
	}
	for _, m := range n.d.c.methods {
		if m.Move != escalation.Raise || !n.d.offers(st, m) {
			continue
		}
		n.d.changesOn(st, m, st.p, func(ch *change) {
			if v := ch.v.and(n.d.arrives(n.state(ch.p))); v.better(&best) {
				best = v
			}
		})
	}
	return best
}

// principal is the newcomer of every right, by a name and within a boundary, nil for none.
func (n *newcomer) principal(name string, boundary *inventory.Policy) *inventory.Principal {
	p := &inventory.Principal{
		Kind: inventory.User, ARN: n.arn(name), Name: name[strings.LastIndexByte(name, '/')+1:], Path: "/", Account: n.d.in,
		Boundary: boundary,
	}
	switch {
	case n.group != nil:
		p.Groups = []*inventory.Group{n.group}
	case n.given != nil:
		p.Attached = []*inventory.Policy{n.given}
	default:
		p.Inline = []*inventory.Policy{{Name: "(every right)", Doc: everything}}
	}
	if n.kind == "role" {
		p.Kind, p.Trust = inventory.Role, letsInNobody
	}
	return p
}

// state makes a state of a newcomer.
func (n *newcomer) state(p *inventory.Principal) *state {
	place := Caller{Account: n.d.in.ID}
	n.d.c.s.place(&place)
	st := &state{origin: p, p: p, fresh: true}
	st.look(n.d.c.calls)
	st.a = actor{caller: n.d.c.s.standing(p, place, map[*policy.Document]Caller{}), principal: p}
	st.a.caller.ARN = p.ARN
	if p.Kind == inventory.Role {
		st.a.caller.RoleARN = p.ARN
	}
	st.id = n.d.number(st, "")
	return st
}

// letsInNobody is the trust policy of a role that somebody may make: who may assume it is
// its maker's choice.
var letsInNobody = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[]}`), policy.Trust)
