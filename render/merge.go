package render

import (
	"slices"
	"strings"

	"pathfinder/solver"
)

// merged joins grants for people to read: those that differ in their
// statements only, and those that fill what others leave out. Together they
// grant what they granted before. Time O(n²) in the grants of one entry.
func merged(grants []solver.Grant) []solver.Grant {
	return filled(joinedGrants(filled(joinedGrants(grants))))
}

// joinedGrants joins grants with the same terms.
func joinedGrants(grants []solver.Grant) []solver.Grant {
	var out []solver.Grant
	for _, g := range grants {
		i := slices.IndexFunc(out, func(o solver.Grant) bool {
			return sameTerms(&o, &g) && slices.Equal(o.Resources, g.Resources) && slices.Equal(o.Except, g.Except)
		})
		if i < 0 {
			out = append(out, g)
			continue
		}
		out[i].Actions = slices.Concat(out[i].Actions, g.Actions)
		slices.Sort(out[i].Actions)
		out[i].Actions = slices.Compact(out[i].Actions)
	}
	return out
}

// sameTerms reports whether two grants hold under the same condition, equally
// sure.
func sameTerms(a, b *solver.Grant) bool {
	return a.Confidence == b.Confidence && slices.Equal(a.Unsure, b.Unsure) && a.Condition.String() == b.Condition.String()
}

// filled takes out of each grant's exceptions what another grants: "a/* but not
// a/b/*" and "a/b/*" are "a/*".
func filled(grants []solver.Grant) []solver.Grant {
	out := slices.Clone(grants)
	for i := range out {
		for k := range out {
			if i != k {
				fill(&out[i], &out[k])
			}
		}
	}
	return slices.DeleteFunc(out, func(g solver.Grant) bool { return len(g.Actions) == 0 })
}

// fill lets wide take over the actions of hole, if hole is all of one of its
// exceptions.
func fill(wide, hole *solver.Grant) {
	if len(hole.Resources) != 1 || len(hole.Except) > 0 || !sameTerms(wide, hole) {
		return
	}
	i := slices.Index(wide.Except, hole.Resources[0])
	if i < 0 || !inside(hole.Resources[0], wide.Resources) || !containsAll(hole.Actions, wide.Actions) {
		return
	}
	for k, other := range wide.Except {
		if k != i && !apart(other, wide.Except[i]) {
			return
		}
	}
	wide.Except = slices.Delete(slices.Clone(wide.Except), i, i+1)
	hole.Actions = slices.DeleteFunc(slices.Clone(hole.Actions), func(a string) bool { return slices.Contains(wide.Actions, a) })
}

// inside reports whether one of the patterns, which end in a star, covers all
// of resource. It may miss that several do together.
func inside(resource string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		start, ok := strings.CutSuffix(p, "*")
		return ok && !strings.ContainsAny(start, "*?") && strings.HasPrefix(resource, start)
	})
}

// apart reports whether two patterns are sure to share nothing: what stands
// before their first wildcards differs.
func apart(a, b string) bool {
	a, b = a[:literal(a)], b[:literal(b)]
	n := min(len(a), len(b))
	return a[:n] != b[:n]
}

func literal(pattern string) int {
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return i
	}
	return len(pattern)
}

func containsAll(set, subset []string) bool {
	return !slices.ContainsFunc(subset, func(s string) bool { return !slices.Contains(set, s) })
}
