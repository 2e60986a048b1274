package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// raisings returns the way up by giving another principal every right, and
// becoming it.
func (pl *camp) raisings(st *state, certain bool) *[]leg {
	if pl.hopeless() {
		return nil
	}
	for _, m := range pl.c.methods {
		if m.Move != escalation.BecomeRaised && m.Move != escalation.PassRaised || !pl.offers(st, m) {
			continue
		}
		key := raiseKey{st.id, m, certain}
		last, known := pl.raised[key]
		if !known || last != nil && last.to == st.origin {
			var passedBy bool
			if last, passedBy = pl.raising(st, m, certain); !passedBy {
				pl.raised[key] = last
			}
		}
		if last != nil {
			way := *last
			way.ruling = pl.named(st, way.ruling)
			legs := append(slices.Clip(st.legs), way)
			return &legs
		}
	}
	return nil
}

type raiseKey struct {
	state   int
	m       *escalation.Method
	certain bool
}

// raising returns the way up by one method. passedBy says that others of the same
// policies may have another one.
func (pl *camp) raising(st *state, m *escalation.Method, certain bool) (last *leg, passedBy bool) {
	passedBy = isEntered(m)
	if pl.bars(st, m) {
		return nil, false
	}
	for _, to := range pl.targets(m).list {
		if pl.guarded(to) {
			continue
		}
		if to == st.origin {
			passedBy = true
			continue
		}
		v := pl.raises(st, m, to)
		if !v.fits(certain) {
			continue
		}
		end := pl.arrives(pl.state(to, raised(to), nil))
		end.because = nil // a policy that is not there yet
		if v = v.and(end); !v.fits(certain) {
			continue
		}
		return &leg{to: to, kind: m.ID, ruling: v}, passedBy
	}
	return nil, passedBy
}

// isEntered reports whether a method enters a role as its trust policy is.
func isEntered(m *escalation.Method) bool {
	return slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.Entered })
}

// raises decides whether a state may give a target every right and become it.
func (d *judge) raises(st *state, m *escalation.Method, to *inventory.Principal) ruling {
	in := always
	if isEntered(m) {
		if in = d.enters(st, to); in.never() {
			return in
		}
	}
	key := moveKey{st.id, m, to}
	v, known := d.moves.get(key)
	if !known {
		v = d.outfits(st, m, to)
		d.moves.put(key, v)
	}
	return v.and(in).given(ifOf(m)...)
}

// outfits decides all calls on a target but the one by which it is entered as it is.
func (d *judge) outfits(st *state, m *escalation.Method, to *inventory.Principal) ruling {
	v := always
	for _, n := range byEffort(m.Needs) {
		best := ruling{}
		switch n.On {
		case escalation.User:
			if to.Kind == inventory.User {
				for _, action := range n.Actions {
					w := ruling{}
					if grants(action) {
						w = d.empower(st, action, to)
					} else {
						w = d.call(st, action, to.ARN)
					}
					if w.better(&best) {
						best = w
					}
				}
			}
		case escalation.RolePolicy:
			if to.Kind == inventory.Role {
				best = d.rewriteOne(st, n.Actions[0], to)
			}
		case escalation.Role:
			switch {
			case n.Entered:
				continue
			case n.Actions[0] == "iam:PassRole":
				best = d.passes(st, to)
			case to.Kind != inventory.Role:
			case n.Actions[0] == "iam:UpdateAssumeRolePolicy":
				best = d.onRole(st, n, to, "")
			default:
				for _, action := range n.Actions {
					if w := d.empower(st, action, to); w.better(&best) {
						best = w
					}
				}
			}
		}
		if v = v.and(best); v.never() {
			return v
		}
	}
	return v
}

// policyIn says which managed policy a call names: those that attach or detach one do,
// no others (service authorization reference, IAM).
func policyIn(action, policyARN string) keyFact {
	if strings.HasPrefix(action, "iam:Attach") || strings.HasPrefix(action, "iam:Detach") {
		return is("iam:policyarn", policyARN)
	}
	return keyFact{"iam:policyarn", nil}
}

// grants reports whether an action puts or attaches a policy.
func grants(action string) bool {
	return strings.HasPrefix(action, "iam:Put") || strings.HasPrefix(action, "iam:Attach")
}

// byEffort lists needs as they are decided: what takes long last.
func byEffort(needs []escalation.Need) []*escalation.Need {
	effort := func(n *escalation.Need) int {
		if n.Actions[0] == "iam:PassRole" {
			return 1
		}
		return 0
	}
	out := make([]*escalation.Need, len(needs))
	for i := range needs {
		out[i] = &needs[i]
	}
	slices.SortStableFunc(out, func(a, b *escalation.Need) int { return effort(a) - effort(b) })
	return out
}

// passes decides whether a state may have some service act as a role.
func (d *judge) passes(st *state, to *inventory.Principal) ruling {
	best := ruling{}
	for _, m := range d.c.methods {
		if m.Move == escalation.Pass && d.offers(st, m) {
			if v := d.takes(st, m, to); v.better(&best) {
				best = v
			}
		}
	}
	return best
}

// empower decides whether a state may put or attach every right on a user or role.
func (d *judge) empower(st *state, action string, on *inventory.Principal) ruling {
	best := d.gives(st, action, on.ARN, d.boundaryOn(on))
	if best.never() {
		return d.empowerTwice(st, action, on)
	}
	return best
}

// gives decides a call that puts or attaches a policy which allows everything.
func (d *judge) gives(st *state, action, resource string, facts ...keyFact) ruling {
	best := ruling{}
	for _, policy := range d.mighty() {
		if v := d.call(st, action, resource, append(slices.Clip(facts), policyIn(action, policy))...); v.better(&best) {
			best = v
		}
		if best.certain() || !strings.HasPrefix(action, "iam:Attach") {
			break // certain, or no policy is named
		}
	}
	if best.never() && strings.HasPrefix(action, "iam:Attach") {
		return d.givesNew(st, action, resource, facts)
	}
	return best
}

// empowerTwice decides whether a state may attach to itself, or to somebody whom it
// becomes, what AWS gives all of IAM with, and whether that one may put every right on
// itself then: a Deny of the policies that give all leaves this.
func (d *judge) empowerTwice(st *state, action string, on *inventory.Principal) ruling {
	what, ok := strings.CutPrefix(action, "iam:Attach")
	if !ok {
		return ruling{}
	}
	v := d.call(st, action, on.ARN, d.boundaryOn(on), is("iam:policyarn", d.iamFull().ARN))
	if v.never() {
		return v
	}
	// A policy that allows more than IAM does not allow more of IAM.
	after := d.state(d.c.s.inv.Principal(on.ARN), raised(on), nil) // on may be a principal after changes
	then := d.call(after, "iam:Put"+what, on.ARN, d.boundaryOn(on), policyIn("iam:Put"+what, ""))
	then.because = nil // the policy that is not there yet
	return v.and(then)
}

// allowsEverything reports whether a document allows all without a condition, and
// denies nothing.
func allowsEverything(doc *policy.Document) bool {
	all := false
	for _, st := range doc.Statements {
		if st.Effect == policy.Deny || st.Broken {
			return false
		}
		all = all || !st.NotAction && !st.NotResource && len(st.Conditions) == 0 &&
			slices.ContainsFunc(st.Actions, func(a policy.Action) bool { return a.All() }) &&
			slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return r.Text == "*" })
	}
	return all
}
