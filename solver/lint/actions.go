package lint

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// actions finds entries of Action and NotAction that match nothing (E12, E30).
func (l *linter) actions() {
	for _, st := range l.sound() {
		list := l.element(st, "Action", st.NotAction)
		for i := range st.Actions {
			a := &st.Actions[i]
			if a.All() || l.known(a.Text) {
				continue
			}
			if s, ok := l.unknownAction(a); ok {
				l.report(ruleActionNothing, st, l.places.Item(list, i), s)
			}
		}
	}
}

// known reports whether the catalog has an action that a pattern covers.
func (l *linter) known(pattern string) bool {
	for range l.cat.Match(pattern) {
		return true
	}
	return false
}

// CheckActions refuses what is no name or pattern of an action in a question, and
// patterns that no action of the catalog falls under: nothing found would be no answer.
// A full name may be newer than the catalog, which is never complete: it is asked about,
// and its note says which one was probably meant.
func CheckActions(list []string) (notes []solver.Gap, err error) {
	for _, text := range list {
		if err := solver.CheckAction(text); err != nil {
			return nil, err
		}
		switch doubt := unknownAction(text); {
		case doubt == "":
		case strings.ContainsAny(text, "*?"):
			return nil, errors.New(doubt)
		default:
			notes = append(notes, solver.Gap{What: text, Why: doubt})
		}
	}
	return notes, nil
}

// unknownAction says what is wrong with the name or pattern of an action that the
// catalog does not know, and which one was probably meant; "" when it knows it, or
// nothing is known against it.
func unknownAction(text string) string {
	l := &linter{cat: catalog.Default()}
	a, ok := policy.NewAction(text)
	if !ok || a.All() || l.known(text) {
		return ""
	}
	s, ok := l.unknownAction(&a)
	switch {
	case !ok:
		return ""
	case s.suggestion != "":
		return s.message + "; did you mean " + s.suggestion + "?"
	case s.remedy != "":
		return s.message + "; " + s.remedy
	}
	return s.message
}

// unknownAction says what is wrong with a pattern that covers no action of the
// catalog. Without a correction in sight it may be an action that is too new.
func (l *linter) unknownAction(a *policy.Action) (s says, ok bool) {
	service, name, _ := strings.Cut(a.Text, ":")
	if silentActions[strings.ToLower(a.Text)] {
		return s, false
	}
	if better, ok := apiNames[strings.ToLower(a.Text)]; ok {
		s.message = fmt.Sprintf("%s matches nothing: it is a call of the API, and the action that it needs has another name", quote(a.Text))
		s.suggestion = better
		if strings.Contains(better, " ") {
			s.suggestion, s.remedy = "", "write "+better
		}
		return s, true
	}
	if !slices.Contains(l.cat.Services(), a.Service()) {
		return l.unknownService(a, service, name), true
	}
	s.message = fmt.Sprintf("%s matches nothing: no action of %s has such a name", quote(a.Text), a.Service())
	if near := nearestAction(name, l.cat.Actions(a.Service())); near != "" {
		s.suggestion = service + ":" + near
		return s, true
	}
	s.message = fmt.Sprintf("%s is no action that the catalog of %s knows, nor like one", quote(a.Text), catalog.DataDate)
	s.remedy = "check the name in the documentation of " + a.Service()
	s.severity, s.milder = Note, true
	return s, true
}

func (l *linter) unknownService(a *policy.Action, service, name string) (s says) {
	better := serviceAliases[a.Service()]
	if better == "" {
		better = nearestService(a.Service(), l.cat.Services())
	}
	if better != "" && l.known(better+":"+name) {
		s.message = fmt.Sprintf("%s matches nothing: there is no service prefix %s", quote(a.Text), quote(service))
		s.suggestion = better + ":" + name
		return s
	}
	s.message = fmt.Sprintf("%s is of a service that the catalog of %s does not know", quote(a.Text), catalog.DataDate)
	s.remedy = "check the prefix in the documentation of the service"
	s.severity, s.milder = Note, true
	return s
}

// nearestAction returns the action name, or pattern, that was probably meant by
// one that matches nothing: a slip away, and with the same verb. Wildcards at the
// end stay.
func nearestAction(name string, list []catalog.Action) string {
	stem := strings.TrimRight(name, "*")
	stars := name[len(stem):]
	if strings.ContainsAny(stem, "*?") || len(stem) < 4 {
		return ""
	}
	best, least := "", edits(stem)+1
	low, first := strings.ToLower(stem), verb(stem)
	for i := range list {
		_, have, _ := strings.Cut(list[i].Name, ":")
		from, to := len(have), len(have)
		if stars != "" { // the beginning of a name will do
			from, to = max(1, len(stem)-least), min(len(have), len(stem)+least)
		}
		if from > to || from-len(low) >= least || len(low)-to >= least {
			continue // too long or too short
		}
		folded := strings.ToLower(have)
		for n := from; n <= to; n++ {
			d := policy.Distance(low, folded[:n], least)
			if d < least && policy.Distance(first, verb(have), 2) < 2 {
				best, least = have[:n]+stars, d
			}
		}
	}
	return best
}

// verb returns the first word of an action name, in lower case.
func verb(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return strings.ToLower(name[:i])
		}
	}
	return strings.ToLower(name)
}

// edits is how many edits a name may be away from the one that was meant.
func edits(name string) int { return min(2, len(name)/5+1) }

// nearestService returns the prefix that was probably meant.
func nearestService(name string, list []string) string {
	best, least := "", min(2, len(name)/3)+1
	for _, s := range list {
		if d := policy.Distance(name, s, least); d < least {
			best, least = s, d
		}
	}
	return best
}
