package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// A crew is those of whom a list of a question speaks.
type crew struct {
	anonymous, outside bool
	accounts, named    map[string]bool
	globs              []arn.Glob
	alone              []actor // those of named, and of accounts with no users and roles in the snapshot
}

// crewOf reads a list of principals, patterns, accounts, "anonymous" and "outside".
func (s *Solver) crewOf(list []string) (*crew, error) {
	w := &crew{accounts: map[string]bool{}, named: map[string]bool{}}
	for _, text := range list {
		switch {
		case text == "anonymous":
			w.anonymous = true
		case text == "outside":
			w.outside = true
		case arn.IsAccountID(text):
			w.accounts[text] = true
			if a := s.inv.Account(text); a == nil || !a.IAM {
				w.alone = append(w.alone, s.outsider(text, ""))
			}
		case strings.ContainsAny(text, "*?"):
			w.globs = append(w.globs, arn.NewGlob(text))
		default:
			a, err := s.namedPrincipal(text)
			if err != nil {
				return nil, err
			}
			w.named[a.caller.ARN] = true
			w.alone = append(w.alone, s.standIn(a))
		}
	}
	return w, nil
}

// standIn returns who answers list under the name of an actor: of the root user of an
// account that the snapshot does not hold, somebody of that account.
func (s *Solver) standIn(a actor) actor {
	if c := &a.caller; c.Kind == CallerRoot {
		if held := s.inv.Account(c.Account); held == nil || !held.IAM {
			return s.outsider(c.Account, c.Partition)
		}
	}
	return a
}

// has reports whether a caller is one of them.
func (w *crew) has(c *Caller) bool {
	switch {
	case w.names(c):
		return true
	case c.Kind == CallerAnonymous:
		return w.outside
	case w.outside && (c.External || c.Kind == CallerOutsider), c.hasAccount() && w.accounts[c.Account]:
		return true
	}
	return slices.ContainsFunc(w.globs, func(g arn.Glob) bool { return g.Match(c.ARN) })
}

// names reports whether a caller is named itself, and not as one of many.
func (w *crew) names(c *Caller) bool {
	return w.named[c.ARN] || w.anonymous && c.Kind == CallerAnonymous
}
