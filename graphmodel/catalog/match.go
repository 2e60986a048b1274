package catalog

import (
	"iter"
	"slices"
	"strings"
)

// Match yields, in the order of their ids, the actions that an action pattern
// of a policy covers. In it "*" stands for any string and "?" for any single
// character. Time O(log n + actions that share the pattern's literal start).
func (c *Catalog) Match(pattern string) iter.Seq[Action] {
	pattern = strings.ToLower(pattern)
	prefix := pattern
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		prefix = pattern[:i]
	}
	return func(yield func(Action) bool) {
		// The most frequent patterns, "*" and "svc:Verb*", need no globbing.
		all := pattern == prefix+"*"
		names := c.tab.Folded
		start, _ := slices.BinarySearch(names, prefix)
		for i := start; i < len(names) && strings.HasPrefix(names[i], prefix); i++ {
			if (all || glob(pattern, names[i])) && !yield(c.action(i)) {
				return
			}
		}
	}
}

// glob reports whether s matches pattern with its wildcards * and ?. It goes
// back only to the last star, which is enough. Time O(len(pattern)*len(s)).
func glob(pattern, s string) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
