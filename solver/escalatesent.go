package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// unpassed is the condition of a hop without what it asks of tags and of a source identity
// that the caller may not pass: without sts:TagSession, or sts:SetSourceIdentity, a request
// that carries them fails as a whole (E145, E148). What sessions carry on may be passed
// anyway. Where policies on a way read tags, walk decides this, with what came before.
func (e *assumeEdges) unpassed(h *hop) *guard.Expr {
	a := &h.from
	if a.caller.Kind != CallerUser && (a.caller.Kind != CallerSession || a.caller.SessionTags || !a.caller.NoSourceIdentity) {
		return h.when
	}
	sent := unsent{tags: readsPassedTags(h.when), source: h.when.Reads("sts:sourceidentity")}
	mayNot := func(action string) bool {
		return effectOn(e.s.caseFor(a, action, e.entrance(h.to).target, h.to.ARN)).never()
	}
	sent.tags = sent.tags && mayNot("sts:TagSession")
	sent.source = sent.source && mayNot("sts:SetSourceIdentity")
	if !sent.tags && !sent.source {
		return h.when
	}
	return h.when.Given(sent)
}

// unsent is a request of which nothing is known but that it passes no tags, or no source
// identity.
type unsent struct{ tags, source bool }

// Value returns that keys about what is not passed are absent, and of others that they are
// open.
func (u unsent) Value(key string) policy.Value {
	if u.tags && isPassedTag(key) || u.source && key == "sts:sourceidentity" {
		return policy.Value{}
	}
	return openValue
}

func readsPassedTags(when *guard.Expr) bool {
	return slices.ContainsFunc(when.Keys(), func(key string) bool { return isPassedTag(strings.ToLower(key)) })
}
