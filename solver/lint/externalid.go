package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// externalID finds trusts in other accounts that work without an external id.
// With a snapshot, accounts that it knows are no strangers.
func (l *linter) externalID() {
	if l.doc.Kind != policy.Trust || l.doc.Damaged() {
		return
	}
	absent := absence("sts:ExternalId")
	var views []solver.View
	for _, st := range l.sound() {
		at := slices.IndexFunc(st.Principals, l.foreign)
		if st.Effect != policy.Allow || at < 0 || !st.MatchAction("sts", "assumerole") || ownPeople(st) || l.reported(l.places.Statement(st).Pointer, ruleNeverTrue, ruleDead) {
			continue
		}
		if views == nil {
			var ok bool
			if views, ok = solver.Views(l.doc, solver.Apart{Tests: []policy.Condition{absent}}); !ok {
				return
			}
		}
		without := slices.ContainsFunc(views, func(v solver.View) bool {
			asked := v.Space.Requests(v.Space.Named([]string{"sts:AssumeRole"}), v.Space.AllResources(), v.Space.Test(&absent))
			return !v.Space.Intersect(surviving(&v, l.doc, st), asked).IsEmpty()
		})
		if !without || overgrown(views) {
			continue
		}
		for i := range st.Principals {
			if p := &st.Principals[i]; l.foreign(*p) {
				l.report(ruleExternalID, st, l.principalPlace(st, i), l.vendor(p))
			}
		}
	}
}

func (l *linter) vendor(p *policy.Principal) says {
	if l.opts.Facts == nil {
		return says{
			message:  fmt.Sprintf("account %s may assume the role without an external id; it needs one if it is a vendor's", p.Account),
			severity: Note, milder: true,
		}
	}
	return says{message: fmt.Sprintf("account %s, which is not in the snapshot, may assume the role without an external id", p.Account)}
}

// foreign reports whether an entry names somebody of another account: with a
// snapshot, of one that it does not know.
func (l *linter) foreign(p policy.Principal) bool {
	switch p.Kind {
	case policy.Account, policy.User, policy.Role, policy.RoleSession:
	case policy.Nobody, policy.Everyone, policy.FederatedUser, policy.UniqueID, policy.Service, policy.Federated, policy.Canonical:
		return false
	}
	return p.Account != l.opts.Account && (l.opts.Facts == nil || l.opts.Facts.Account(p.Account) == nil)
}

// ownPeople reports whether a statement demands what no vendor has: membership
// of an organization, or a person who has signed in with a second factor.
func ownPeople(st *policy.Statement) bool {
	return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		switch c.LowerKey() {
		case "aws:principalorgid", "aws:principalorgpaths":
			return !c.Operator.Negated() && !c.Operator.IsNull()
		case "aws:multifactorauthpresent":
			return !c.Operator.IfExists && slices.ContainsFunc(c.Values, func(v string) bool { return strings.EqualFold(v, "true") })
		}
		return false
	})
}
