package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

const (
	maxTurns = 64    // states of one principal that are followed
	maxLooks = 1_000 // further ones, of which those of every right count
)

// turns lists what a principal may turn itself into, itself first. cut says that there is
// more. What it does for certain is followed first: one change may come about by several calls, of
// which one asks for nothing.
func (d *judge) turns(from *state) (list []*state, cut bool) {
	list = []*state{from}
	seen := map[int]bool{from.id: true}
	var ends []*state
	up, looks := false, 0
	d.left = false
	open := map[*state]bool{} // what turns into more under conditions
	for _, certain := range []bool{true, false} {
		sure := len(list)
		for i := 0; i < len(list) && !(cut && up); i++ {
			st := list[i]
			if !certain && i < sure && !open[st] {
				continue // all of it is followed
			}
			if v := d.arrives(st); v.certain() {
				up = up || st.certain()
				continue
			}
			d.turnsOf(st, func(next *state) {
				switch {
				case next == nil || seen[next.id]:
					return
				case certain && !next.certain():
					open[st] = true
					return
				}
				seen[next.id] = true
				if len(list) < maxTurns {
					list = append(list, next)
					return
				}
				cut = true
				if looks++; looks > maxLooks || up || len(ends) == maxTurns {
					return
				}
				if v := d.arrives(next); !v.never() {
					up = v.certain() && next.certain()
					ends = append(ends, next)
				}
			})
		}
		if up || len(open) == 0 {
			break
		}
	}
	list, cut = append(list, ends...), cut || d.left
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
	return list, cut
}

// turnsOf yields what a state may turn itself into by one method.
func (d *judge) turnsOf(st *state, yield func(*state)) {
	guarded := d.guarded(st.origin)
	for _, m := range d.c.methods {
		if on := m.Needs[0].On; guarded && on != escalation.OwnPolicy && on != escalation.OwnBound { // customers keep their policies on it
			continue
		}
		if !d.offers(st, m) {
			continue
		}
		d.changesOn(st, m, st.p, func(ch *change) {
			v := d.named(st, ch.v.given(ifOf(m)...))
			legs := append(slices.Clip(st.legs), leg{st.origin, m.ID, ch.through, ch.calls, v})
			yield(d.state(st.origin, ch.p, legs))
		})
	}
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
