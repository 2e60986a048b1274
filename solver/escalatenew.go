package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// foundings returns the way up by a new principal of every right.
func (pl *camp) foundings(cl *climber, certain bool) *[]leg {
	for _, st := range cl.states {
		for _, m := range pl.c.methods {
			if m.Move != escalation.Found && m.Move != escalation.SSORaised || !pl.offers(st, m) || certain && !st.certain() {
				continue
			}
			v := always
			if m.Move == escalation.SSORaised {
				if !pl.c.hasPermissionSets() || !pl.keepsIdentityCenter() {
					continue
				}
				v = pl.things(st, m)
			} else {
				v = pl.newPrincipal(st, m)
			}
			if v = v.given(ifOf(m)...); !v.fits(certain) {
				continue
			}
			legs := append(slices.Clip(st.legs), leg{to: st.origin, kind: m.ID, ruling: pl.named(st, v)})
			return &legs
		}
	}
	return nil
}

// newPrincipal decides whether a state may make a principal and give it every
// right: all calls on one name. One that has to carry a permissions boundary counts if
// that allows what an administrator does.
func (d *judge) newPrincipal(st *state, m *escalation.Method) ruling {
	kind := "role"
	if m.Needs[0].On == escalation.NewUser {
		kind = "user"
	}
	n := d.newcomerBy(st, m, kind)
	v := d.anywhere(st, d.patternsOf(typeOf("iam", n.kind))[0], m.Needs)
	if v.never() {
		return v
	}
	if free := n.decide(v, "").and(n.leaves("")); !free.never() {
		return free
	}
	best := ruling{}
	for _, bound := range d.demanded(st, m) {
		if w := n.decide(v, bound).and(n.freed(bound)); w.better(&best) {
			best = w
		}
	}
	return best
}

// A newcomer is a user, role or group that a state may make and give every right.
type newcomer struct {
	d     *judge
	st    *state
	m     *escalation.Method
	kind  string   // "user", "role" or "group"
	names []string // that are tried
}

func (d *judge) newcomerBy(st *state, m *escalation.Method, kind string) *newcomer {
	n := &newcomer{d: d, st: st, m: m, kind: kind}
	for i := range m.Needs {
		for _, action := range m.Needs[i].Actions {
			n.names = appendNew(n.names, d.names(st, action, kind)...)
		}
	}
	return n
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
		if w := n.d.gives(n.st, action, made, carries); w.better(&best) {
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
	for i := range n.m.Needs {
		best := ruling{}
		for _, name := range n.names {
			if w := n.call(&n.m.Needs[i], name, boundary); w.better(&best) {
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
		for i := range n.m.Needs {
			v = v.and(n.call(&n.m.Needs[i], name, boundary))
		}
		if v.better(&best) {
			best = v
		}
	}
	return best
}

// maxBoundaries bounds the boundaries that are tried on something new.
const maxBoundaries = 4

// demanded lists the boundaries that statements about what makes a principal ask for, as
// far as they are written in full or hang on somebody.
func (d *judge) demanded(st *state, m *escalation.Method) (list []string) {
	for _, action := range m.Needs[0].Actions {
		for _, g := range d.patternsFor(st, action, "iam:permissionsboundary") {
			if text := g.Policy(); !strings.ContainsAny(text, "*?$") {
				list = appendNew(list, text)
			}
			for _, bound := range slices.Sorted(maps.Keys(d.boundaries())) {
				if g.Match(bound) {
					list = appendNew(list, bound)
				}
			}
		}
	}
	for _, r := range d.speaking(st, m.Needs[0].Actions[0]).identity {
		for i := range r.st.Conditions {
			if c := &r.st.Conditions[i]; r.st.Effect == policy.Deny && c.LowerKey() == "iam:permissionsboundary" {
				list = appendNew(list, c.Values...)
				list = appendNew(list, d.administrator())
			}
		}
	}
	list = slices.DeleteFunc(list, func(text string) bool { return !arn.Is(text) || strings.ContainsAny(text, "*?$") })
	return list[:min(len(list), maxBoundaries)]
}

// boundaries are the policies that are somebody's boundary, and those that could be, as
// they hang on somebody.
func (d *judge) boundaries() map[string]*inventory.Policy {
	if d.bounds == nil {
		d.bounds = map[string]*inventory.Policy{d.administrator(): {Name: "AdministratorAccess", ARN: d.administrator(), Doc: everything}}
		for _, p := range d.in.Principals() {
			for _, pol := range append(ownPolicies(p), p.Boundary) {
				if pol != nil && pol.ARN != "" && d.bounds[pol.ARN] == nil {
					d.bounds[pol.ARN] = pol
				}
			}
		}
	}
	return d.bounds
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
				n.d.unbind(by, m, within.p, func(_, _ string, p *inventory.Principal, v ruling) {
					after := n.d.admin(n.state(p))
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

// wideBoundaries lists some boundaries that take nothing away, that of AWS first.
func (d *judge) wideBoundaries() []string {
	list := []string{d.administrator()}
	for _, name := range slices.Sorted(maps.Keys(d.boundaries())) {
		if allowsEverything(d.bounds[name].Doc) && len(list) < maxBoundaries {
			list = appendNew(list, name)
		}
	}
	return list
}

// leaves decides whether the newcomer of every right is an administrator within a boundary,
// "" for none.
func (n *newcomer) leaves(boundary string) ruling {
	if boundary != "" && n.d.boundaries()[boundary] == nil {
		return always.given("the permissions boundary " + boundary + ", which hangs on nobody, allows what an administrator does")
	}
	best := ruling{}
	for _, name := range n.names {
		v := n.d.admin(n.state(n.principal(name, n.d.boundaries()[boundary])))
		v.because = nil // policies that are not there yet
		if v.better(&best) {
			best = v
		}
	}
	return best
}

// principal is the newcomer of every right, by a name and within a boundary, nil for none.
func (n *newcomer) principal(name string, boundary *inventory.Policy) *inventory.Principal {
	p := &inventory.Principal{
		Kind: inventory.User, ARN: n.arn(name), Name: name[strings.LastIndexByte(name, '/')+1:], Path: "/", Account: n.d.in,
		Inline: []*inventory.Policy{{Name: "(every right)", Doc: everything}}, Boundary: boundary,
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

// ownNew decides whether a state may make a policy and attach it to somebody: both
// calls on one name.
func (d *judge) ownNew(st *state, create, attach string, on *inventory.Principal) ruling {
	names := d.names(st, create, "policy")
	makes, attaches := d.patternsFor(st, create, ""), d.patternsFor(st, attach, "iam:policyarn")
	for _, g := range attaches {
		if _, name, ok := strings.Cut(g.Policy(), ":policy/"); ok && len(names) < 2*maxNames && !d.isTaken("policy", someOf(name)) {
			names = appendNew(names, someOf(name))
		}
	}
	best := ruling{}
	for _, name := range names {
		made := "arn:" + d.in.Partition + ":iam::" + d.in.ID + ":policy/" + name
		v := d.call(st, create, made)
		if !v.never() {
			v = v.and(d.call(st, attach, on.ARN, d.boundaryOn(on), is("iam:policyarn", made)))
		}
		if v.better(&best) {
			best = v
		}
	}
	makes = slices.DeleteFunc(makes, func(g arn.Glob) bool {
		_, name, ok := strings.Cut(g.Policy(), ":policy/")
		return ok && !strings.ContainsAny(name, "*?") && d.isTaken("policy", name)
	})
	meet := slices.ContainsFunc(attaches, func(g arn.Glob) bool {
		return slices.ContainsFunc(makes, func(h arn.Glob) bool { return arn.Overlaps(g, h) })
	})
	if !best.never() || !meet {
		return best
	}
	// Both speak of some name, and of none of those that were tried.
	v := d.anywhere(st, d.patternsOf(typeOf("iam", "policy"))[0], []escalation.Need{{Actions: []string{create}}})
	return v.and(d.call(st, attach, on.ARN, d.boundaryOn(on)))
}

// patternsFor lists the resources of Allow statements about an action, or the values of
// their conditions on a key in lower case.
func (d *judge) patternsFor(st *state, action, key string) (list []arn.Glob) {
	for _, r := range d.speaking(st, action).identity {
		if r.st.Effect != policy.Allow {
			continue
		}
		for i := range r.st.Resources {
			if key == "" {
				list = append(list, arn.NewGlob(r.st.Resources[i].Text))
			}
		}
		for i := range r.st.Conditions {
			if c := &r.st.Conditions[i]; key != "" && c.LowerKey() == key {
				for _, value := range c.Values {
					list = append(list, arn.NewGlob(value))
				}
			}
		}
	}
	return list
}

// hasPermissionSets reports whether the snapshot holds a role of Identity Center.
func (c *climb) hasPermissionSets() bool {
	for _, a := range c.s.inv.Accounts {
		if slices.ContainsFunc(a.Held().Roles, isPermissionSet) {
			return true
		}
	}
	return false
}
