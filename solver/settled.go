package solver

import (
	"slices"

	"pathfinder/graphmodel/guard"
)

// barred reports whether nothing that could be said of the resource lets the caller in:
// the action never works from another account, or takes no unsigned calls (E130, E197,
// E199, E204, E211).
func (e *eval) barred() bool {
	c := &e.c.Caller
	unsigned := c.Kind == CallerAnonymous
	if (unsigned || c.hasAccount() && e.c.ResourceAccount != "" && c.Account != e.c.ResourceAccount) && e.ownOnly() {
		return true
	}
	return unsigned && e.service != "lambda" && e.unsigned() == guard.False // which URLs there are may not be known
}

// needsOwn reports whether the caller needs a permission of its own whatever is said of
// the resource, which lies in another account (E90), and all that could hold one was read.
func (e *eval) needsOwn() bool {
	c := &e.c.Caller
	switch {
	case !c.hasAccount() || c.External || e.c.asker != "" || e.c.ResourceAccount == "" || c.Account == e.c.ResourceAccount,
		e.assumesRoot(),
		e.service == "execute-api",                    // an authorizer may let in whomever it likes (E207)
		e.service == "kms" && grantOperations[e.name]: // a grant may be enough (E193)
		return false
	}
	return !slices.ContainsFunc(slices.Concat(e.c.Identity, e.c.Boundary, e.c.Session), func(src Source) bool {
		return len(src.Doc.Faults) > 0 && src.Doc.Damaged()
	})
}

// restrained reports whether all in doubt about a request is what control policies keep
// out: they let nobody in.
func (e *eval) restrained() bool {
	var control []string
	for _, level := range slices.Concat(e.c.SCPs, e.c.RCPs) {
		for i := range level.Policies {
			if src := &level.Policies[i]; len(src.Doc.Faults) > 0 && src.Doc.Damaged() {
				control = append(control, notRead(src))
			}
		}
	}
	return !slices.ContainsFunc(e.doubts, func(why string) bool { return !slices.Contains(control, why) })
}

// openDoubts returns the doubts that bear on a denial: no key lets in whom the
// policies of what it encrypts don't (E179).
func (c *Case) openDoubts(doubts []string) []string {
	if c.keyDoubt == "" {
		return doubts
	}
	return slices.DeleteFunc(slices.Clone(doubts), func(why string) bool { return why == c.keyDoubt })
}

// settled reports whether a request is denied for certain, whatever was not read of the
// resource, and of the control policies.
func (e *eval) settled(s *side) bool {
	switch {
	case e.barred(), e.restrained() && s.granted == guard.False:
		return true
	}
	return e.needsOwn() && guard.And(s.identity.allow, guard.And(s.boundary.allow, s.session.allow)) == guard.False
}

// settled reports whether all that is asked is denied for certain, likewise.
func (l *labels) settled() bool {
	e, sp := l.s.r.e, l.sp
	switch {
	case e.barred(), e.restrained() && sp.Intersect(l.asked, l.granted).IsEmpty():
		return true
	}
	return e.needsOwn() && sp.Intersect(l.asked, sp.Intersect(l.identity, sp.Intersect(l.boundary, l.session))).IsEmpty()
}
