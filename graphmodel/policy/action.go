package policy

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// An Action is an entry of an Action or NotAction element, ready for matching.
type Action struct {
	Text    string
	service string   // lower case; "" when all
	name    arn.Glob // lower case
	all     bool     // the lone "*", or "*:*"
}

// NewAction reads an action pattern. ok is false when AWS would refuse it: no
// service prefix, or a wildcard in it (E12, E28). "*:*", as AWS Security Hub and others
// call every right, can't mean anything but that, wherever it is taken.
func NewAction(text string) (a Action, ok bool) {
	if text == "*" || text == "*:*" {
		return Action{Text: text, all: true}, true
	}
	service, name, found := strings.Cut(text, ":")
	if !found || service == "" || name == "" || strings.ContainsAny(service, "*?") {
		return Action{Text: text}, false
	}
	return Action{
		Text:    text,
		service: strings.ToLower(service),
		name:    arn.NewGlob(strings.ToLower(name)),
	}, true
}

// Match reports whether the pattern covers the action service:name, both given
// in lower case (E27). Unknown actions are matched like any other (E30).
func (a *Action) Match(service, name string) bool {
	if a.all {
		return true
	}
	return a.service == service && a.name.Match(name)
}

// All reports whether the pattern is the lone "*".
func (a *Action) All() bool { return a.all }

// Service returns the lower-case service prefix, or "" for the lone "*".
func (a *Action) Service() string { return a.service }

// MatchAction reports whether the statement speaks about the action, both
// parts in lower case (E29 for NotAction).
func (s *Statement) MatchAction(service, name string) bool {
	for i := range s.Actions {
		if s.Actions[i].Match(service, name) {
			return !s.NotAction
		}
	}
	return s.NotAction
}
