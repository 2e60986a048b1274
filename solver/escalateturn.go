package solver

import (
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// maxTurns bounds the states of one principal that are followed.
const maxTurns = 24

// turns lists what a principal may turn itself into, itself first.
func (d *judge) turns(from *state) []*state {
	list := []*state{from}
	seen := map[int]bool{from.id: true}
	for i := 0; i < len(list) && len(list) < maxTurns; i++ {
		st := list[i]
		if v := d.admin(st); v.certain() {
			continue
		}
		d.turnsOf(st, func(next *state) {
			if next != nil && !seen[next.id] && len(list) < maxTurns {
				seen[next.id] = true
				list = append(list, next)
			}
		})
	}
	// What is certain goes first.
	slices.SortStableFunc(list, func(a, b *state) int {
		switch {
		case a.certain() == b.certain():
			return len(a.legs) - len(b.legs)
		case a.certain():
			return -1
		}
		return 1
	})
	return list
}

// turnsOf yields what a state may turn itself into by one method.
func (d *judge) turnsOf(st *state, yield func(*state)) {
	form := formOf(st)
	turn := func(m *escalation.Method, what, through string, p *inventory.Principal, v ruling) {
		if v.never() {
			return
		}
		v = d.named(st, v.given(ifOf(m)...))
		legs := append(slices.Clip(st.legs), leg{st.origin, m.ID, through, v})
		yield(d.state(st.origin, p, form+m.ID+" "+what, legs))
	}
	isRaised := slices.ContainsFunc(st.p.Inline, func(p *inventory.Policy) bool { return p.Doc == everything })
	guarded := d.guarded(st.origin)
	for _, m := range d.c.methods {
		if on := m.Needs[0].On; guarded && on != escalation.OwnPolicy && on != escalation.OwnBound { // customers keep their policies on it
			continue
		}
		if !d.offers(st, m) {
			continue
		}
		switch m.Move {
		case escalation.Raise:
			if !isRaised {
				turn(m, "", "", raised(st.p), d.raise(st, m))
			}
		case escalation.Version:
			for _, pol := range ownPolicies(st.p) {
				v := d.call(st, m.Needs[0].Actions[0], pol.ARN)
				if v.never() {
					continue
				}
				for _, w := range pol.Versions {
					turn(m, pol.ARN+" "+w.ID, pol.ARN+" "+w.ID, replaced(st.p, pol, &inventory.Policy{Name: pol.Name, ARN: pol.ARN, Doc: w.Doc}), v)
				}
			}
		case escalation.Join:
			if st.p.Kind != inventory.User {
				continue
			}
			for _, g := range d.in.Held().Groups {
				if len(g.Inline)+len(g.Attached) > 0 && !slices.Contains(st.p.Groups, g) {
					q := *st.p
					q.Groups = append(slices.Clip(q.Groups), g)
					turn(m, g.ARN, g.ARN, &q, d.call(st, m.Needs[0].Actions[0], g.ARN))
				}
			}
		case escalation.Unbound:
			if st.p.Boundary != nil {
				q := *st.p
				q.Boundary = nil
				turn(m, "", st.p.Boundary.ARN, &q, d.unbind(st, m))
			}
		case escalation.Undeny:
			d.undeny(st, m, turn)
		case escalation.Tag:
			d.tag(st, m, turn)
		}
	}
}

// formOf writes what was changed before a state came about.
func formOf(st *state) (form string) {
	for _, l := range st.legs {
		form += l.kind + " " + l.through + ","
	}
	return form
}

// isServiceLinked reports whether only a service has sessions of a role.
func isServiceLinked(p *inventory.Principal) bool {
	return strings.HasPrefix(p.Path, "/aws-service-role/")
}

// guarded reports whether nobody but AWS changes a role: that of a service, or one
// that Identity Center keeps (IAM user guide, "Service-linked roles"; Identity Center
// user guide, "Permission sets", 2026 crawl).
func (d *judge) guarded(p *inventory.Principal) bool {
	return isServiceLinked(p) || strings.HasPrefix(p.Path, "/aws-reserved/")
}

func ifOf(m *escalation.Method) []string {
	if m.If == "" {
		return nil
	}
	return []string{m.If}
}

// ownPolicies lists the customer managed policies on a principal and its groups.
func ownPolicies(p *inventory.Principal) (list []*inventory.Policy) {
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		if isCustomers(pol, p.Account) && !slices.Contains(list, pol) {
			list = append(list, pol)
		}
	})
	return list
}

func isCustomers(pol *inventory.Policy, a *inventory.Account) bool {
	return strings.Contains(pol.ARN, ":iam::"+a.ID+":policy/")
}

// replaced returns p with another policy in place of one; nil takes it away.
func replaced(p *inventory.Principal, old, with *inventory.Policy) *inventory.Principal {
	swap := func(list []*inventory.Policy) (out []*inventory.Policy) {
		for _, pol := range list {
			switch {
			case pol != old:
				out = append(out, pol)
			case with != nil:
				out = append(out, with)
			}
		}
		return out
	}
	q := *p
	q.Inline, q.Attached = swap(p.Inline), swap(p.Attached)
	q.Groups = slices.Clone(p.Groups)
	for i, g := range q.Groups {
		h := *g
		h.Inline, h.Attached = swap(g.Inline), swap(g.Attached)
		q.Groups[i] = &h
	}
	return &q
}

// administrator is the policy of AWS that allows everything.
func (d *judge) administrator() string {
	return "arn:" + d.in.Partition + ":iam::aws:policy/AdministratorAccess"
}

// maxVersions is how many versions a managed policy may have. Source: IAM user guide,
// "IAM and AWS STS quotas", 2026 crawl.
const maxVersions = 5

// raise decides whether a state may give itself every right by a method.
func (d *judge) raise(st *state, m *escalation.Method) ruling {
	best := ruling{}
	try := func(v ruling) {
		if v.better(&best) {
			best = v
		}
	}
	n := &m.Needs[len(m.Needs)-1]
	for _, action := range n.Actions {
		switch n.On {
		case escalation.SelfUser, escalation.SelfRole:
			if n.WithNewPolicy {
				try(d.ownNew(st, m.Needs[0].Actions[0], action))
				continue
			}
			try(d.empower(st, action, st.p))
		case escalation.OwnGroup:
			for _, g := range st.p.Groups {
				try(d.call(st, action, g.ARN, policyIn(action, d.administrator())))
			}
		case escalation.OwnPolicy:
			try(d.rewriteOne(st, action, st.p))
		}
	}
	return best
}

// boundaryOn is the key that tells the boundary of who is changed.
func (d *judge) boundaryOn(p *inventory.Principal) keyFact {
	if p.Boundary == nil {
		return keyFact{"iam:permissionsboundary", nil}
	}
	return is("iam:permissionsboundary", p.Boundary.ARN)
}

// rewriteOne decides whether a state may make a new version of a policy on somebody.
func (d *judge) rewriteOne(st *state, action string, on *inventory.Principal) (best ruling) {
	for _, pol := range ownPolicies(on) {
		if v := d.rewrite(st, action, pol); v.better(&best) {
			best = v
		}
	}
	return best
}

// rewrite decides whether a state may make a new version of a policy.
func (d *judge) rewrite(st *state, action string, pol *inventory.Policy) ruling {
	v := d.call(st, action, pol.ARN)
	if len(pol.Versions)+1 >= maxVersions {
		v = v.and(d.call(st, "iam:DeletePolicyVersion", pol.ARN))
	}
	return v
}

// unbind decides whether a state may take off, or loosen, its permissions boundary.
func (d *judge) unbind(st *state, m *escalation.Method) ruling {
	action := m.Needs[0].Actions[0]
	if m.Needs[0].On == escalation.OwnBound {
		if !isCustomers(st.p.Boundary, st.p.Account) {
			return ruling{}
		}
		return d.rewrite(st, action, st.p.Boundary)
	}
	if strings.HasPrefix(action, "iam:Put") {
		return d.call(st, action, st.p.ARN, is("iam:permissionsboundary", d.administrator()))
	}
	return d.call(st, action, st.p.ARN, d.boundaryOn(st.p))
}

// undeny yields states without a policy that denies something.
func (d *judge) undeny(st *state, m *escalation.Method, turn func(*escalation.Method, string, string, *inventory.Principal, ruling)) {
	denies := func(pol *inventory.Policy) bool { return pol.Doc.Denies() }
	kind := "User"
	if st.p.Kind == inventory.Role {
		kind = "Role"
	}
	drop := func(list []*inventory.Policy, action, resource string) {
		for _, pol := range list {
			if denies(pol) {
				turn(m, pol.Name+pol.ARN, pol.Label(resource), replaced(st.p, pol, nil), d.call(st, action, resource, policyIn(action, pol.ARN)))
			}
		}
	}
	drop(st.p.Attached, "iam:Detach"+kind+"Policy", st.p.ARN)
	drop(st.p.Inline, "iam:Delete"+kind+"Policy", st.p.ARN)
	for _, g := range st.p.Groups {
		drop(g.Attached, "iam:DetachGroupPolicy", g.ARN)
		drop(g.Inline, "iam:DeleteGroupPolicy", g.ARN)
		if slices.ContainsFunc(g.Attached, denies) || slices.ContainsFunc(g.Inline, denies) {
			q := *st.p
			q.Groups = slices.DeleteFunc(slices.Clone(q.Groups), func(h *inventory.Group) bool { return h == g })
			turn(m, g.ARN, g.ARN, &q, d.call(st, "iam:RemoveUserFromGroup", g.ARN))
		}
	}
}

// tag yields the state with the tags that its policies ask for, where it may set
// them.
func (d *judge) tag(st *state, m *escalation.Method, turn func(*escalation.Method, string, string, *inventory.Principal, ruling)) {
	tags := map[string]string{}
	policiesOf(st.p, func(_ string, pol *inventory.Policy) {
		for _, s := range pol.Doc.Statements {
			for i := range s.Conditions {
				c := &s.Conditions[i]
				name, ok := strings.CutPrefix(c.LowerKey(), "aws:principaltag/")
				if ok && len(c.Values) > 0 && !strings.ContainsAny(c.Values[0], "*?$") && s.Effect == policy.Allow {
					tags[c.Key[len(c.Key)-len(name):]] = c.Values[0]
				}
			}
		}
	})
	if len(tags) == 0 {
		return
	}
	action := "iam:TagUser"
	if st.p.Kind == inventory.Role {
		action = "iam:TagRole"
	}
	v, all := always, map[string]string{}
	for k, t := range st.p.Tags {
		all[k] = t
	}
	names := make([]string, 0, len(tags))
	for k := range tags {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		all[k] = tags[k]
		v = v.and(d.call(st, action, st.p.ARN, is("aws:requesttag/"+strings.ToLower(k), tags[k]), is("aws:tagkeys", k)))
	}
	q := *st.p
	q.Tags = all
	turn(m, strconv.Itoa(len(names))+st.p.ARN, strings.Join(names, ", "), &q, v)
}
