package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A weighing holds a document as sets of requests, one view for each kind of
// caller.
type weighing struct {
	*linter
	views []solver.View
	gone  map[int]bool // statements that are reported as dead or redundant
}

// sets finds what only the sets of requests can tell: conditions that always or
// never hold, statements that are dead, redundant or cut nothing, and
// ForAllValues without presence.
func (l *linter) sets() {
	w := weighing{linter: l, gone: map[int]bool{}}
	var also solver.Apart
	for _, st := range l.sound() {
		for i := range st.Conditions {
			if c := &st.Conditions[i]; c.Operator.Set == policy.ForAllValues {
				also.Tests = append(also.Tests, absence(c.Key))
			}
		}
	}
	var ok bool
	if w.views, ok = solver.Views(l.doc, also); !ok {
		return
	}
	list := l.sound()
	if !w.each(list, w.conditions, w.presence) || !w.each(list, w.dead) {
		return
	}
	if l.doc.Damaged() || !settledPrincipals(l.doc) {
		return // what is left out, or who is meant, could tip the scales
	}
	if len(list) > maxStatements {
		return // each would be set against all others
	}
	latest := slices.Clone(list)
	slices.Reverse(latest) // of two that are equal the later one is redundant
	_ = w.each(list, w.overruled) && w.each(latest, w.redundant) && w.each(list, w.idle)
}

// maxStatements bounds the statements that are set against each other. AWS takes no
// policy of five hundred.
const maxStatements = 5_000

// each asks about statements, one after the other. It gives up, without what was
// said last, when their conditions combine in more ways than are told apart.
func (w *weighing) each(list []*policy.Statement, ask ...func(*policy.Statement)) bool {
	for _, st := range list {
		said := len(w.out)
		for _, about := range ask {
			about(st)
		}
		if overgrown(w.views) {
			w.takeBack(said)
			return false
		}
	}
	return true
}

// overgrown reports whether nothing holds any longer of what views say.
func overgrown(views []solver.View) bool {
	return slices.ContainsFunc(views, func(v solver.View) bool { return v.Space.Overgrown() })
}

// absence is the test that a request carries no value under a key.
func absence(key string) policy.Condition {
	return policy.NewCondition("Null", key, []string{"true"})
}

// settledPrincipals reports whether entries of the document that look different
// are about different callers. An id may be that of somebody who is also named
// by ARN, a federated user is also a user, and in the policy of a gateway
// endpoint an account is its root user alone (E134).
func settledPrincipals(doc *policy.Document) bool {
	for _, st := range doc.Statements {
		for i := range st.Principals {
			switch st.Principals[i].Kind {
			case policy.Canonical, policy.UniqueID, policy.FederatedUser:
				return false
			case policy.Account:
				if doc.Kind == policy.Endpoint {
					return false
				}
			case policy.Nobody, policy.Everyone, policy.User, policy.Role, policy.RoleSession, policy.Service, policy.Federated:
			}
		}
	}
	return true
}

// everywhere reports whether something holds in every view in which a statement
// names the caller, and there is one.
func (w *weighing) everywhere(st *policy.Statement, holds func(*permission.Space, *solver.StatementView) bool) bool {
	some := false
	for i := range w.views {
		v := &w.views[i]
		s := &v.Statements[st.Index]
		if !s.Names {
			continue
		}
		if some = true; !holds(v.Space, s) {
			return false
		}
	}
	return some
}

// names reports whether a statement names a caller at all.
func (w *weighing) names(st *policy.Statement) bool {
	return w.everywhere(st, func(*permission.Space, *solver.StatementView) bool { return true })
}

// conditions finds those that always or never hold by themselves.
func (w *weighing) conditions(st *policy.Statement) {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if w.reported(w.places.Condition(st, c).Pointer, ruleValueUnreadable, ruleListKey, ruleKeyType, ruleKeyUnknown, ruleKeyElsewhere) {
			continue // and why is said already
		}
		always := w.everywhere(st, func(sp *permission.Space, s *solver.StatementView) bool { return s.Tests[i] == sp.Always() })
		never := w.everywhere(st, func(sp *permission.Space, s *solver.StatementView) bool { return s.Tests[i] == sp.Never() })
		whom := ""
		if w.doc.Kind.HasPrincipal() {
			whom = " for whomever the statement names"
		}
		switch {
		case always && !never:
			w.report(ruleAlwaysTrue, st, w.places.Condition(st, c), says{message: fmt.Sprintf("%s of %s holds whatever the request carries%s", c.Operator, c.Key, whom)})
		case never && !always:
			w.report(ruleNeverTrue, st, w.places.Condition(st, c), says{message: fmt.Sprintf("%s of %s holds for no request%s, so %s never applies", c.Operator, c.Key, whom, nameOf(st))})
		}
	}
}

// presence finds ForAllValues of an Allow that also meets requests without the
// key (E61).
func (w *weighing) presence(st *policy.Statement) {
	if st.Effect != policy.Allow {
		return
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if c.Operator.Set != policy.ForAllValues || w.reported(w.places.Condition(st, c).Pointer, ruleAlwaysTrue, ruleKeyUnknown, ruleKeyElsewhere) {
			continue
		}
		absent := absence(c.Key)
		without := w.everywhere(st, func(sp *permission.Space, s *solver.StatementView) bool {
			return sp.Under(s.Requests, sp.Test(&absent)).IsEmpty()
		})
		if without || !w.names(st) {
			continue
		}
		s := says{message: fmt.Sprintf("%s of %s also holds for a request without %s (E61)", c.Operator, c.Key, c.Key)}
		s.remedy = fmt.Sprintf("add \"Null\": {%q: \"false\"}", c.Key)
		switch {
		case c.LowerKey() == "aws:tagkeys":
			s.message += ": one that sends no tags"
			s.severity, s.milder = Note, true // most mean it so
		case !policy.Multivalued(c.LowerKey()):
			s.message += ", and the key has one value, for which the operator is not meant"
			s.remedy = "leave ForAllValues: out"
		}
		w.report(ruleForAllValues, st, w.places.Condition(st, c), s)
	}
}

// dead finds statements that meet no request at all.
func (w *weighing) dead(st *policy.Statement) {
	if !w.everywhere(st, func(_ *permission.Space, s *solver.StatementView) bool { return s.Requests.IsEmpty() }) {
		return
	}
	w.gone[st.Index] = true
	if w.reported(w.places.Statement(st).Pointer, ruleNeverTrue, ruleValueUnreadable, ruleListKey, ruleResourceNothing, ruleKeyType, ruleVariableOpen) {
		return // and why is said already
	}
	why := "its actions, resources and conditions leave no request"
	switch pair := w.contradiction(st); {
	case pair != "":
		why = pair
	case st.NotAction && allActions(st):
		why = "NotAction lists every action"
	case st.NotResource && allResources(st):
		why = "NotResource lists every resource"
	}
	w.report(ruleDead, st, w.places.Statement(st), says{message: fmt.Sprintf("%s %s no request: %s", nameOf(st), verbOf(st), why)})
}

func allActions(st *policy.Statement) bool {
	for i := range st.Actions {
		if st.Actions[i].All() {
			return true
		}
	}
	return false
}

func allResources(st *policy.Statement) bool {
	for i := range st.Resources {
		if st.Resources[i].Text == "*" {
			return true
		}
	}
	return false
}

func verbOf(st *policy.Statement) string {
	if st.Effect == policy.Deny {
		return "denies"
	}
	return "allows"
}

// contradiction names conditions of a statement that can't hold together: two,
// if two are enough.
func (w *weighing) contradiction(st *policy.Statement) string {
	clash := func(list ...int) bool {
		return w.everywhere(st, func(sp *permission.Space, s *solver.StatementView) bool {
			g := sp.Always()
			for _, i := range list {
				g = sp.AndGuards(g, s.Tests[i])
			}
			return g == sp.Never()
		})
	}
	name := func(i int) string { return st.Conditions[i].Operator.String() + " of " + st.Conditions[i].Key }
	all := make([]int, len(st.Conditions))
	for i := range st.Conditions {
		all[i] = i
		for k := range i {
			if clash(k, i) {
				return fmt.Sprintf("%s and %s never hold together", name(k), name(i))
			}
		}
	}
	if len(all) > 0 && clash(all...) {
		return "its conditions never hold together"
	}
	return ""
}

// others lists the statements of an effect that count besides st: not those that
// are gone, and not those whose NotPrincipal AWS reads in more than one way (E98).
func (w *weighing) others(st *policy.Statement, effect policy.Effect) (out []*policy.Statement) {
	for _, o := range w.sound() {
		if o != st && o.Effect == effect && !w.gone[o.Index] && !o.NotPrincipal {
			out = append(out, o)
		}
	}
	return out
}

// covered reports whether the statements of a list cover st: its requests, by
// entries that name the caller as strongly when that matters.
func (w *weighing) covered(st *policy.Statement, by []*policy.Statement, named bool) bool {
	weakest, strongest := solver.NotNamed, solver.NotNamed
	if named {
		weakest, strongest = solver.NamedByAccount, solver.NamedDirectly
	}
	return len(by) > 0 && w.eachView(func(v *solver.View) bool {
		for n := weakest; n <= strongest; n++ {
			all := v.Space.Nothing()
			for _, o := range by {
				all = v.Space.Union(all, v.Statements[o.Index].Named[n])
			}
			if !v.Space.SubsetOf(v.Statements[st.Index].Named[n], all) {
				return false
			}
		}
		return true
	})
}

func (w *weighing) eachView(holds func(*solver.View) bool) bool {
	for i := range w.views {
		if !holds(&w.views[i]) {
			return false
		}
	}
	return true
}

// reason lists the fewest statements of a list that it takes to cover st: one, or
// else all without which the others do not.
func (w *weighing) reason(st *policy.Statement, by []*policy.Statement, named bool) []*policy.Statement {
	for _, o := range by {
		if w.covered(st, []*policy.Statement{o}, named) {
			return []*policy.Statement{o}
		}
	}
	for i := 0; i < len(by); {
		less := append(append([]*policy.Statement{}, by[:i]...), by[i+1:]...)
		if w.covered(st, less, named) {
			by = less
			continue
		}
		i++
	}
	return by
}

// overruled finds an Allow of which the Denies of the document leave nothing.
func (w *weighing) overruled(st *policy.Statement) {
	if st.Effect != policy.Allow || w.gone[st.Index] || st.NotPrincipal || w.doc.Kind == policy.RCP {
		return
	}
	denies := w.others(st, policy.Deny)
	if !w.covered(st, denies, false) {
		return
	}
	w.gone[st.Index] = true
	w.report(ruleDead, st, w.places.Statement(st), says{
		message: fmt.Sprintf("%s allows nothing: the Deny of %s covers all of it", nameOf(st), namesOf(w.reason(st, denies, false))),
	})
}

// redundant finds a statement that others of its effect cover. How a statement
// names the caller decides which other policies still limit it (E87), so an Allow
// for an account does not stand for one that names the role.
func (w *weighing) redundant(st *policy.Statement) {
	if w.gone[st.Index] || st.NotPrincipal {
		return
	}
	named := st.Effect == policy.Allow && w.doc.Kind.HasPrincipal()
	others := w.others(st, st.Effect)
	if !w.covered(st, others, named) {
		return
	}
	w.gone[st.Index] = true
	by := w.reason(st, others, named)
	verb := " covers"
	if len(by) > 1 {
		verb = " cover"
	}
	w.report(ruleRedundant, st, w.places.Statement(st), says{
		message: fmt.Sprintf("%s changes nothing: %s%s every request that it %s", nameOf(st), namesOf(by), verb, verbOf(st)),
	})
}

// idle finds a Deny that cuts nothing out of what the document allows. Policies
// of organizations are parts of a whole, and are left alone.
func (w *weighing) idle(st *policy.Statement) {
	if st.Effect != policy.Deny || w.gone[st.Index] || st.NotPrincipal || w.doc.Kind == policy.SCP || w.doc.Kind == policy.RCP {
		return
	}
	var allows []*policy.Statement
	for _, o := range w.sound() {
		if o.Effect == policy.Allow {
			allows = append(allows, o)
		}
	}
	apart := len(allows) > 0 && w.eachView(func(v *solver.View) bool {
		for _, o := range allows {
			if !v.Space.Intersect(v.Statements[o.Index].Requests, v.Statements[st.Index].Requests).IsEmpty() {
				return false
			}
		}
		return true
	})
	if !apart || w.reported(w.places.Statement(st).Pointer, ruleNeverTrue, ruleActionNothing, ruleResourceNothing, ruleActionResource, ruleKeyUnknown, ruleKeyElsewhere) {
		return
	}
	w.report(ruleDenyIdle, st, w.places.Statement(st), says{
		message: strings.Join([]string{nameOf(st), "cuts nothing out of what the document allows; it may still guard against other policies"}, " "),
	})
}
