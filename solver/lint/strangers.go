package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// strangers finds Allow statements for everybody that somebody meets who has
// nothing to do with the document (E13). What its Denies cut out counts.
func (l *linter) strangers() {
	if l.doc.Kind != policy.Resource && l.doc.Kind != policy.Trust || l.doc.Damaged() {
		return
	}
	var open []*policy.Statement
	for _, st := range l.sound() {
		everyone := slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Everyone })
		if everyone && st.Effect == policy.Allow && !st.NotPrincipal && !l.reported(l.places.Statement(st).Pointer, ruleNeverTrue, ruleDead) {
			open = append(open, st)
		}
	}
	if len(open) == 0 {
		return
	}
	views, ok := solver.StrangerViews(l.doc)
	if !ok {
		return
	}
	for _, st := range open {
		if !slices.ContainsFunc(views, func(v solver.View) bool { return !surviving(&v, l.doc, st).IsEmpty() }) {
			continue
		}
		if overgrown(views) {
			return
		}
		i := slices.IndexFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Everyone })
		s := says{message: nameOf(st) + " is for everybody, and somebody of any other account meets it: nothing limits who"}
		if l.doc.Kind == policy.Trust {
			s.message = nameOf(st) + " lets users of every AWS account become the role: nothing limits who"
			s.severity, s.milder = Error, true
		}
		l.report(ruleStar, st, l.principalPlace(st, i), s)
	}
}

// surviving returns the requests of a statement that no Deny of the document
// covers.
func surviving(v *solver.View, doc *policy.Document, st *policy.Statement) *permission.Label {
	left := v.Statements[st.Index].Requests
	for _, o := range doc.Statements {
		if o.Effect == policy.Deny {
			left = v.Space.Subtract(left, v.Statements[o.Index].Requests)
		}
	}
	return left
}

// passRole finds statements that let any role be passed to any service. Whoever
// has all actions, or all of IAM, does not need iam:PassRole.
func (l *linter) passRole() {
	if l.doc.Kind != policy.Identity || l.doc.Damaged() {
		return
	}
	const action, key = "iam:PassRole", "iam:PassedToService"
	var open []*policy.Statement
	for _, st := range l.sound() {
		if st.Effect == policy.Allow && !st.NotAction && namesPassRole(st) >= 0 && coversRoles(st) >= 0 && !l.reported(l.places.Statement(st).Pointer, ruleDead) {
			open = append(open, st)
		}
	}
	if len(open) == 0 {
		return
	}
	anyService := policy.NewCondition("StringEquals", key, []string{"a-service-that-nobody-names.amazonaws.com"})
	views, ok := solver.Views(l.doc, solver.Apart{Tests: []policy.Condition{anyService}})
	if !ok {
		return
	}
	for _, st := range open {
		sp := views[0].Space
		asked := sp.Requests(sp.Named([]string{action}), sp.AllResources(), sp.Test(&anyService))
		if sp.Intersect(surviving(&views[0], l.doc, st), asked).IsEmpty() || sp.Overgrown() {
			continue
		}
		at := l.places.Item(l.element(st, "Action", false), namesPassRole(st))
		which := "every role"
		if !st.NotResource {
			which = quote(st.Resources[coversRoles(st)].Text)
		}
		l.report(rulePassRole, st, at, says{message: fmt.Sprintf("%s may pass %s to any service: nothing tests %s", nameOf(st), which, key)})
	}
}

// namesPassRole returns the entry that is about iam:PassRole in particular.
func namesPassRole(st *policy.Statement) int {
	return slices.IndexFunc(st.Actions, func(a policy.Action) bool {
		return strings.HasPrefix(strings.ToLower(a.Text), "iam:p") && a.Match("iam", "passrole")
	})
}

// coversRoles returns the entry that covers every role of some account.
func coversRoles(st *policy.Statement) int {
	if st.NotResource {
		return 0
	}
	return slices.IndexFunc(st.Resources, func(r policy.ResourcePattern) bool {
		if r.Text == "*" {
			return true
		}
		f := strings.SplitN(r.Text, ":", 6)
		return len(f) == 6 && (f[2] == "iam" || f[2] == "*") &&
			arn.Covers(arn.NewGlob(f[5]), arn.NewGlob("role/*"))
	})
}
