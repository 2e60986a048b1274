package solver

import (
	"slices"

	"pathfinder/graphmodel/inventory"
)

// CutPicture returns the graph of the unwanted ways, in which the edges that rest on
// a grant to be removed are marked.
func (s *Solver) CutPicture(a *CutAnswer) *GraphAnswer {
	g := s.picture("What to cut on the ways to "+a.Resource, a.access, a.public, a.Resource, "Nobody unwanted reaches it").knowing(a.Unknown, a.Complete)
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Cut = slices.ContainsFunc(e.Because, func(r StatementRef) bool {
			return slices.ContainsFunc(a.Cut, func(c CutGrant) bool { return s.removes(&c, r, e.From) })
		})
	}
	return g
}

// removes reports whether the removal of a grant removes a statement from what a
// principal holds.
func (s *Solver) removes(c *CutGrant, r StatementRef, holder string) bool {
	if c.Type != TypeAttachment {
		return r.compare(c.StatementRef) == 0
	}
	p := s.inv.Principal(holder)
	return r.Policy == c.Policy && p != nil && (slices.Contains(c.Places, p.ARN) ||
		slices.ContainsFunc(p.Groups, func(g *inventory.Group) bool { return slices.Contains(c.Places, g.ARN) }))
}
