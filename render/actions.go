package render

import (
	"slices"
	"strings"
	"unicode"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
)

// Actions compresses full action names into the few patterns that cover them,
// and no other name of universe. Patterns end at a word: "s3:Get*", never
// "s3:Ge*". Names that universe lacks count as part of it. The result is
// sorted. Time O(n log n) for n names, times the words of a name.
func Actions(names, universe []string) []string {
	wanted := make(map[string]bool, len(names))
	for _, n := range names {
		wanted[strings.ToLower(n)] = true
	}
	byFold := make(map[string]string, len(universe)+len(names))
	for _, n := range slices.Concat(universe, names) {
		byFold[strings.ToLower(n)] = n
	}
	all := make([]string, 0, len(byFold))
	for fold := range byFold {
		all = append(all, fold)
	}
	slices.Sort(all)
	var out []string
	for len(all) > 0 {
		service, _, _ := strings.Cut(all[0], ":")
		n := prefixed(all, service+":")
		if n == 0 { // a name without a service
			n = 1
		}
		out = compress(out, all[:n], len(service)+1, wanted, byFold)
		all = all[n:]
	}
	slices.Sort(out)
	return out
}

// compress appends the patterns for the wanted names among group, which is
// sorted and whose members agree in their first at bytes.
func compress(out, group []string, at int, wanted map[string]bool, byFold map[string]string) []string {
	have := 0
	for _, fold := range group {
		if wanted[fold] {
			have++
		}
	}
	switch {
	case have == 0:
		return out
	case len(group) == 1:
		return append(out, byFold[group[0]])
	case have == len(group):
		return append(out, byFold[group[0]][:at]+"*")
	}
	if len(group[0]) == at { // a name that starts the others: "s3:GetObject"
		if wanted[group[0]] {
			out = append(out, byFold[group[0]])
		}
		group = group[1:]
	}
	for len(group) > 0 {
		end := min(len(group[0]), wordEnd(byFold[group[0]], at))
		n := prefixed(group, group[0][:end])
		out = compress(out, group[:n], end, wanted, byFold)
		group = group[n:]
	}
	return out
}

// prefixed returns how many names at the start of sorted have the prefix.
func prefixed(sorted []string, prefix string) int {
	n := 0
	for n < len(sorted) && strings.HasPrefix(sorted[n], prefix) {
		n++
	}
	return n
}

// wordEnd returns where the word that starts at at ends: before the next
// capital that follows a small letter or a digit.
func wordEnd(name string, at int) int {
	for i := at + 1; i < len(name); i++ {
		if unicode.IsUpper(rune(name[i])) && !unicode.IsUpper(rune(name[i-1])) {
			return i
		}
	}
	return len(name)
}

// applicable remembers which actions work on a resource.
type applicable map[string][]string

// of returns the names of the actions that work on any of the resources: all of
// the service where the catalog can't tell.
func (a applicable) of(resources []string) []string {
	var out []string
	for _, r := range resources {
		names, ok := a[r]
		if !ok {
			actions := catalog.Default().ActionsFor(r)
			if len(actions) == 0 {
				actions = catalog.Default().Actions(arn.Service(r))
			}
			for _, action := range actions {
				names = append(names, action.Name)
			}
			a[r] = names
		}
		out = append(out, names...)
	}
	return out
}
