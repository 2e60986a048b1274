package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// An atom is a part of what a question asks about on which no policy in play
// makes a difference, apart from the smaller atoms inside of it: a pattern,
// and a resource in it to ask Decide about.
type atom struct {
	pattern string
	glob    arn.Glob
	witness string
}

// filler stands where a pattern leaves the text open. No policy spells it, so
// a witness is inside no other pattern by accident.
const filler = "\u00a4"

func newAtom(g arn.Glob) atom {
	pattern := g.String()
	return atom{pattern: pattern, glob: g, witness: strings.NewReplacer("*", filler, "?", "\u00a5").Replace(pattern)}
}

// atomsOf cuts what is asked into atoms, by the resource patterns of the
// documents of a case that speak about the action. What is asked and has no
// wildcard is one atom, and so is "*", the request without a resource (E39).
//
// The atoms of nested patterns, such as prefixes, are exact. Two patterns that
// overlap without one being inside the other get no atom of their own for
// what both cover.
func atomsOf(asked arn.Glob, c *Case, e *eval) []atom {
	if asked == arn.NewGlob("*") {
		return []atom{{pattern: "*", glob: asked, witness: "*"}}
	}
	atoms := []atom{newAtom(asked)}
	if !asked.HasWildcard() {
		return atoms
	}
	seen := map[arn.Glob]bool{asked: true}
	for _, src := range c.documents() {
		for _, st := range src.Doc.Statements {
			if st.Broken || !st.MatchAction(e.service, e.name) {
				continue
			}
			for i := range st.Resources {
				p, state, _ := st.Resources[i].Expand(e)
				if state != policy.Present || p.All() {
					continue
				}
				for _, g := range append(within(asked, p.Glob()), c.withinBehind(p.Glob())...) {
					if !seen[g] {
						seen[g] = true
						atoms = append(atoms, newAtom(g))
					}
				}
			}
		}
	}
	for _, key := range c.objectKeys {
		if g := arn.Literal(key); asked.Match(key) && !seen[g] {
			seen[g] = true
			atoms = append(atoms, newAtom(g))
		}
	}
	slices.SortFunc(atoms, func(a, b atom) int { return strings.Compare(a.pattern, b.pattern) })
	return atoms
}

// withinBehind lists the patterns of what is asked of an access point, by a
// pattern about the bucket behind it (E175).
func (c *Case) withinBehind(p arn.Glob) (out []arn.Glob) {
	if c.AccessPoint == nil {
		return nil
	}
	point, _, inside := strings.Cut(c.Resource, "/object/")
	bucket, _, _ := strings.Cut(c.AccessPoint.BucketResource, "/")
	if !inside {
		return nil
	}
	for _, g := range within(arn.NewGlob(c.AccessPoint.BucketResource), p) {
		if key, ok := strings.CutPrefix(string(g), string(arn.Literal(bucket+"/"))); ok {
			out = append(out, arn.Literal(point+"/object/")+arn.Glob(key))
		}
	}
	return out
}

// documents lists every document of a case.
func (c *Case) documents() []*Source {
	var out []*Source
	lists := [][]Source{c.Identity, c.Boundary, c.Session, c.Resources, c.Endpoint}
	for _, l := range slices.Concat(c.SCPs, c.RCPs) {
		lists = append(lists, l.Policies)
	}
	if c.AccessPoint != nil {
		lists = append(lists, c.AccessPoint.Policies)
		for _, l := range c.AccessPoint.BucketRCPs {
			lists = append(lists, l.Policies)
		}
	}
	for i := range c.Endpoints {
		lists = append(lists, c.Endpoints[i].Policies)
	}
	for _, list := range lists {
		for i := range list {
			out = append(out, &list[i])
		}
	}
	return out
}

// within lists the patterns of what both asked and p cover: nothing when p
// covers all that is asked, since then it makes no difference.
func within(asked, p arn.Glob) []arn.Glob {
	switch {
	case arn.Covers(p, asked) || !arn.Overlaps(p, asked):
		return nil
	case arn.Covers(asked, p):
		return []arn.Glob{p}
	}
	prefix, ok := arn.Prefix(asked)
	if !ok {
		return nil
	}
	var out []arn.Glob
	for _, rest := range p.After(prefix) {
		out = append(out, arn.Literal(prefix)+rest)
	}
	return out
}
