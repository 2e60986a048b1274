package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// typeOf returns a resource type of the catalog.
func typeOf(service, name string) *catalog.ResourceType {
	for _, r := range catalog.Default().ResourceTypes(service) {
		if r.Name == name {
			return &r
		}
	}
	panic("BUG: the catalog has no " + service + " " + name)
}

// things decides the calls of a method that are not made on a principal: each on
// something of the state's choice, and those on one type on the same thing.
func (d *judge) things(st *state, m *escalation.Method) ruling {
	key := moveKey{st.id, m, nil}
	v, known := d.moves.get(key)
	if !known {
		needs := slices.Clip(m.Needs)
		how := manner{fixed: m.Move == escalation.Run}
		v = d.onThings(st, needs, how)
		for _, n := range m.Needed {
			maker := escalation.Need{Actions: []string{n.Unless}}
			if made := d.onThings(st, []escalation.Need{maker}, how); !made.certain() {
				v = v.given(n.If)
			} else if all := d.onThings(st, append(needs, maker), how); all.never() {
				v = v.given(n.If) // it makes one in another region
			} else {
				needs, v = append(needs, maker), all.given(v.ifs...)
			}
		}
		for _, p := range m.Passed {
			if passed := d.passesTo(st, p.Service); passed.certain() {
				v = v.and(passed)
			} else {
				v = v.given(p.If)
			}
		}
		d.moves.put(key, v)
	}
	return v
}

// A moveKey is a method and who uses it on whom.
type moveKey struct {
	state int
	m     *escalation.Method
	to    *inventory.Principal
}

// takes decides whether a state becomes a target by a method.
func (d *judge) takes(st *state, m *escalation.Method, to *inventory.Principal) ruling {
	if to == st.origin || to.Account != st.origin.Account && m.Move != escalation.SSO {
		return ruling{}
	}
	if d.targets(m).of[to] == nil || d.bars(st, m) {
		return ruling{}
	}
	things := d.things(st, m)
	if things.never() {
		return things
	}
	key := moveKey{st.id, m, to}
	v, known := d.moves.get(key)
	if !known || d.personally(m, to) {
		v = d.take(st, m, to, things)
		d.moves.put(key, v)
	}
	return v
}

// bars reports whether policies keep a state from some call of a method on a principal,
// whichever it is.
func (d *judge) bars(st *state, m *escalation.Method) bool {
	key := moveKey{st.id, m, nil}
	yes, known := d.barred[key]
	if known || d.c.care == thorough {
		return yes
	}
	for i := range m.Needs {
		n := &m.Needs[i]
		kind := map[string]string{escalation.Role: "role", escalation.User: "user", escalation.RolePolicy: "policy"}[n.On]
		if kind == "" || n.Entered {
			continue
		}
		on := onKind("arn:" + d.in.Partition + ":iam::" + d.in.ID + ":" + kind + "/*")
		yes = yes || !slices.ContainsFunc(n.Actions, func(action string) bool {
			o, _ := d.opinionOn(st, action, on)
			return o != refused || !needsNoMore(st, action)
		})
	}
	d.barred[key] = yes
	return yes
}

func (d *judge) take(st *state, m *escalation.Method, to *inventory.Principal, v ruling) ruling {
	if m.Runs != "" {
		held, what := d.onHeld(st, m, to), m.RunsIf
		if len(d.running(to)) > 0 {
			what = strings.Replace(what, "a ", "another ", 1)
		}
		if v = v.given(what); held.better(&v) {
			v = held
		}
	}
	if makesAnchor(m) && !d.takesNewAnchor(to) {
		return ruling{}
	}
	in := d.targets(m).of[to]
	v = v.and(in.lets)
	host := in.host
	for _, service := range m.Trusted {
		v, host = v.and(d.trusts(to, service)), service // to which it is passed
	}
	for i := range m.Reads {
		v = v.and(d.reads(to, &m.Reads[i]))
	}
	v = naming(v, m, to)
	for i := range m.Needs {
		if v.never() {
			return v
		}
		n := &m.Needs[i]
		switch n.On {
		case escalation.Role:
			v = v.and(associated(d.onRole(st, n, to, host), m))
		case escalation.User:
			v = v.and(d.anyOf(st, n, to.ARN))
		case escalation.SAMLOIDC:
			v = v.and(d.throughProvider(st, n, to))
		}
	}
	if m.AssumesIf != "" {
		v = v.given(m.AssumesIf)
	}
	return v.given(ifOf(m)...)
}

// onRole decides a call on the role that is taken over.
func (d *judge) onRole(st *state, n *escalation.Need, to *inventory.Principal, host string) ruling {
	switch {
	case to.Kind != inventory.Role, n.Actions[0] == "iam:UpdateAssumeRolePolicy" && d.guarded(to):
		return ruling{}
	case n.Profiled && len(to.InstanceProfiles) == 0 && !d.profilesUnread:
		return ruling{}
	case n.Actions[0] == "iam:PassRole":
		v := d.call(st, n.Actions[0], to.ARN, is("iam:passedtoservice", host))
		if n.Profiled && len(to.InstanceProfiles) == 0 {
			v = v.given("an instance profile delivers the role")
		}
		return v
	case n.Entered:
		return d.enters(st, to)
	}
	v := d.anyOf(st, n, to.ARN)
	if n.Actions[0] == "iam:UpdateAssumeRolePolicy" && !v.never() && d.keptOut(st, to) {
		v = v.given("somebody of another account is let in: the caller itself is denied sts:AssumeRole")
	}
	return v
}

// keptOut reports whether a state may not assume a role whatever the trust policy of it says:
// a Deny counts wherever it stands, and a control policy that does not allow it (E83). A
// boundary that merely does not allow it stops nobody whom the trust policy names (E87).
func (d *judge) keptOut(st *state, to *inventory.Principal) bool {
	r := d.speaking(st, "sts:AssumeRole")
	on := onOne(to.ARN)
	for _, list := range [][]remark{r.identity, r.boundary} {
		if standOf(list, on, false).denies {
			return true
		}
	}
	return !st.a.caller.Management && slices.ContainsFunc(r.levels, func(list []remark) bool {
		s := standOf(list, on, false)
		return s.denies || !s.allows && !s.perhaps
	})
}

// anyOf decides whether one of the actions of a need may be made on something.
func (d *judge) anyOf(st *state, n *escalation.Need, on string) ruling {
	best := ruling{}
	for _, action := range n.Actions {
		if v := d.call(st, action, on); v.better(&best) {
			best = v
		}
	}
	return best
}

// throughProvider decides whether a state may change an identity provider that a
// role trusts.
func (d *judge) throughProvider(st *state, n *escalation.Need, to *inventory.Principal) ruling {
	best := ruling{}
	if to.Kind != inventory.Role {
		return best
	}
	kind := ":oidc-provider/"
	if n.Actions[0] == "iam:UpdateSAMLProvider" {
		kind = ":saml-provider/"
	}
	for _, s := range to.Trust.Statements {
		for i := range s.Principals {
			p := &s.Principals[i]
			if s.Effect != policy.Allow || p.Kind != policy.Federated || !strings.Contains(p.Text, kind) || !strings.Contains(p.Text, ":"+d.in.ID+":") {
				continue
			}
			if v := d.call(st, n.Actions[0], p.Text).and(d.trusts(to, p.Text)); v.better(&best) {
				best = v
			}
		}
	}
	return best
}

// assignable lists the roles that Identity Center keeps, of every account of the
// organization where the account may manage them.
func (d *judge) assignable() (list []*inventory.Principal) {
	if !d.keepsIdentityCenter() {
		return nil
	}
	for _, a := range d.accountsAssigned() {
		for _, r := range a.Held().Roles {
			if r.IsPermissionSet() {
				list = append(list, r)
			}
		}
	}
	return list
}

// accountsAssigned lists the accounts for which the account may manage permission sets, if
// it may at all.
func (d *judge) accountsAssigned() (list []*inventory.Account) {
	org := d.c.s.inv.Organization
	for _, a := range d.c.s.inv.Accounts {
		if a != d.in && (org == nil || a.ID == org.ManagementAccount) {
			continue // access to the management account is not delegated (Identity Center user guide, "Delegated administration")
		}
		list = append(list, a)
	}
	return list
}

// keepsIdentityCenter reports whether the account may manage permission sets: that
// of management, or a delegated one, as far as is known.
func (d *judge) keepsIdentityCenter() bool {
	org := d.c.s.inv.Organization
	return org == nil || org.ManagementAccount == d.in.ID || slices.Contains(org.Delegated["sso.amazonaws.com"], d.in.ID)
}
