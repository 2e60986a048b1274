package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
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
			v, through := always, ""
			if m.Move == escalation.SSORaised {
				if !pl.c.hasPermissionSets() || !pl.keepsIdentityCenter() {
					continue
				}
				v = pl.things(st, m).and(pl.assigned())
			} else {
				v, through = pl.newPrincipal(st, m)
			}
			if v = v.given(ifOf(m)...); !v.fits(certain) {
				continue
			}
			legs := append(slices.Clip(st.legs), leg{to: st.origin, kind: m.ID, through: through, ruling: pl.named(st, v)})
			return &legs
		}
	}
	return nil
}

// assigned decides whether who has every right in an account of its choice, as a role of
// Identity Center, is at the top.
func (d *judge) assigned() (best ruling) {
	if d.c.goal == nil {
		return always
	}
	for _, a := range d.accountsAssigned() {
		there := newJudge(d.c, a)
		n := &newcomer{d: there, kind: "role"}
		v := there.reaches(n.state(n.principal("aws-reserved/sso.amazonaws.com/pathfinder-probe", nil)))
		v.because = nil // policies that are not there yet
		if v.better(&best) {
			best = v
		}
		if best.certain() {
			break
		}
	}
	return best
}

// newPrincipal decides whether a state may make a principal and give it every
// right: all calls on one name. One that has to carry a permissions boundary counts if
// that allows what an administrator does. A user may come to its rights by a group.
func (d *judge) newPrincipal(st *state, m *escalation.Method) (ruling, string) {
	kind := "role"
	if m.Needs[0].On == escalation.NewUser {
		kind = "user"
	}
	n := d.newcomerBy(st, m, kind)
	join := slices.IndexFunc(n.needs, func(need escalation.Need) bool { return need.On == escalation.Group })
	if join < 0 {
		v := n.made()
		if v.never() {
			n.given = d.iamFull()
			v = n.made()
		}
		return v, ""
	}
	action := n.needs[join].Actions[0]
	n.needs = slices.Delete(slices.Clone(n.needs), join, join+1)
	best, through := ruling{}, ""
	for _, g := range d.in.Held().Groups {
		joins := d.call(st, action, g.ARN)
		if joins.never() || len(g.Inline)+len(g.Attached) == 0 {
			continue
		}
		n.group = g
		if v := joins.and(n.made()); v.better(&best) {
			best, through = v, g.ARN
		}
	}
	return best, through
}

// maxBoundaries bounds the boundaries that are tried on something new; those that take nothing
// away come first.
const maxBoundaries = 16

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
	wide := func(name string) bool {
		b := d.boundaries()[name]
		return b != nil && allowsEverything(b.Doc)
	}
	slices.SortStableFunc(list, func(a, b string) int {
		switch x, y := wide(a), wide(b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	if len(list) > maxBoundaries {
		d.left, list = true, list[:maxBoundaries]
	}
	return list
}

// boundaries are the policies that are somebody's boundary, and those that could be.
func (d *judge) boundaries() map[string]*inventory.Policy {
	if d.bounds == nil {
		d.bounds = map[string]*inventory.Policy{d.administrator(): {Name: "AdministratorAccess", ARN: d.administrator(), Doc: everything}}
		for _, p := range d.in.Principals() {
			if b := p.Boundary; b != nil && d.bounds[b.ARN] == nil {
				d.bounds[b.ARN] = b
			}
		}
		for name, pol := range d.managed() {
			if d.bounds[name] == nil {
				d.bounds[name] = pol
			}
		}
	}
	return d.bounds
}

// wideBoundaries lists the boundaries that take nothing away, that of AWS first.
func (d *judge) wideBoundaries() []string {
	if d.widest == nil {
		d.widest = []string{d.administrator()}
		for _, name := range slices.Sorted(maps.Keys(d.boundaries())) {
			if allowsEverything(d.bounds[name].Doc) {
				d.widest = appendNew(d.widest, name)
			}
		}
	}
	return d.widest
}

// hasPermissionSets reports whether the snapshot holds a role of Identity Center.
func (c *climb) hasPermissionSets() bool {
	for _, a := range c.s.inv.Accounts {
		if slices.ContainsFunc(a.Held().Roles, (*inventory.Principal).IsPermissionSet) {
			return true
		}
	}
	return false
}
