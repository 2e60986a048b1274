package lint

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// variables finds policy variables where the version knows none (E3, E67), and those
// that name no condition key, so that no request has a value for them.
func (l *linter) variables() {
	if l.doc.Variables() {
		l.eachVariable(l.unknownVariable)
		return
	}
	version := "version " + l.doc.Version
	if l.doc.Version == "" {
		version = "a document without Version"
	}
	told := "" // the first one of each text is enough
	l.eachVariable(func(st *policy.Statement, at policy.Place, v string) {
		if at.Pointer != told {
			told = at.Pointer
			l.report(ruleVariables2008, st, at, says{message: version + " takes " + v + " as plain text"})
		}
	})
}

// eachVariable goes through the policy variables of resources and condition values.
func (l *linter) eachVariable(do func(st *policy.Statement, at policy.Place, v string)) {
	for _, st := range l.sound() {
		list := l.element(st, "Resource", st.NotResource)
		for i := range st.Resources {
			for _, v := range variablesIn(st.Resources[i].Text) {
				do(st, l.places.Item(list, i), v)
			}
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			for k, text := range c.Values {
				for _, v := range variablesIn(text) {
					do(st, l.places.Item(l.places.Condition(st, c).Pointer, k), v)
				}
			}
		}
	}
}

// variablesIn lists the policy variables of a text, as they stand there.
func variablesIn(text string) (out []string) {
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			return out
		}
		text = text[i:]
		j := strings.IndexByte(text, '}')
		if j < 0 {
			return out
		}
		name := text[2:j]
		if strings.Contains(name, ":") || name == "*" || name == "?" || name == "$" {
			out = append(out, text[:j+1])
		}
		text = text[j:]
	}
}

// unknownVariable reports a variable that names no global condition key, or is a slip away
// from a key of a service. About other names of services it is silent: some, such as
// Transfer Family, have variables that are no condition keys.
func (l *linter) unknownVariable(st *policy.Statement, at policy.Place, v string) {
	written, rest, or := strings.Cut(strings.Trim(v, "${}"), ",")
	key := strings.ToLower(strings.TrimSpace(written))
	service, _, named := strings.Cut(key, ":")
	if _, global := catalog.GlobalKey(key); global || !named || strings.ContainsAny(service, "./") {
		return
	}
	if _, known := l.cat.ConditionKey(key); known {
		return
	}
	better := l.nearestKey(key, st)
	if service != "aws" && (better == "" || !slices.Contains(l.cat.Services(), service)) {
		return
	}
	s := says{message: fmt.Sprintf("there is no condition key %s, so no request has a value for %s, and what holds it matches nothing", strings.TrimSpace(written), v)}
	if or {
		s.message = fmt.Sprintf("there is no condition key %s, so %s is always its default", strings.TrimSpace(written), v)
		rest = "," + rest
	}
	if better != "" {
		s.suggestion = "${" + better + rest + "}"
	}
	l.report(ruleVariableUnknown, st, at, s)
}
