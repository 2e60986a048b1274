package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
)

// maxEscalatedTo bounds the resources of one question to which escalations are followed: each
// is a search over the whole snapshot.
const maxEscalatedTo = 16

// An EscalatedAccess is a user or role that gets to a resource which it does not reach as
// things stand: by changing policies, taking over others, or having services act for it (E224).
type EscalatedAccess struct {
	Principal string `json:"principal"`
	Resource  string `json:"resource"`
	// Path ends with who reaches the resource then, which may be the principal itself. Each
	// step but the first has the id of a method as its kind, or that of a step of other
	// answers.
	Path []Step `json:"path"`
	// Condition is what all steps and the access together ask, nil for nothing; If what else
	// has to be true, in words.
	Condition guard.Blocks   `json:"condition"`
	If        []string       `json:"if,omitempty"`
	Because   []StatementRef `json:"because"`
}

// Certain reports whether it depends on nothing that is open.
func (a *EscalatedAccess) Certain() bool { return len(a.Condition) == 0 && len(a.If) == 0 }

// WhoCanEscalating is WhoCan with who gets there by escalating, too: everybody whom the
// answer does not list, or lists under conditions alone while it gets there without any. Each
// is told by the shortest way that was found, one without conditions before others. How many
// roles are assumed on the way is not bounded by Config.MaxHops.
func (s *Solver) WhoCanEscalating(resource string, actions []string) (*WhoCanAnswer, error) {
	return s.whoCan(resource, actions, true)
}

// escalatedTo lists who gets to one resource by escalating, and notes of whom not everything was
// followed. have is what is reached anyway.
func (f *finder) escalatedTo(resource string, set *actionSet, have []Access) (out []EscalatedAccess) {
	s := f.s
	ways := s.waysTo(resource)
	reached := map[string]bool{} // whether without conditions
	for i := range have {
		if a := &have[i]; slices.Contains(ways, a.Resource) {
			reached[a.Principal] = reached[a.Principal] || !a.Conditional()
		}
	}
	c := newClimb(s, true, s.care(), s.goalOn(resource, set, lettingMethods()))
	c.ascend(true)
	if !s.cfg.Unconditional {
		c.ascend(false)
	}
	for p, e := range c.found {
		if free, listed := reached[p.ARN]; free || listed && !e.Certain() || e.Path == nil {
			continue
		}
		out = append(out, EscalatedAccess{
			Principal: p.ARN, Resource: resource, Path: e.Path, Condition: e.Condition, If: e.If, Because: e.Because,
		})
	}
	slices.SortFunc(out, func(a, b EscalatedAccess) int { return strings.Compare(a.Principal, b.Principal) })
	for _, g := range c.cut() {
		f.unknown[g] = true
	}
	return out
}
