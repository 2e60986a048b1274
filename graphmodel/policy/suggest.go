package policy

import "strings"

// The names that the policy language has, for suggestions.
var (
	topElements = []string{"Version", "Id", "Statement"}
	elements    = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
	principalTypes = []string{"AWS", "Service", "Federated", "CanonicalUser"}
)

// didYouMean asks whether the name of list nearest to word was meant; it is ""
// when none is near.
func didYouMean(word string, list []string) string {
	if s := nearest(word, list); s != "" {
		return "; did you mean " + s + "?"
	}
	return ""
}

// nearest returns the name of list that takes the fewest edits to make of
// word, apart from case, or "" when that is more than a third of it.
func nearest(word string, list []string) string {
	best, least := "", max(len(word), 3)/3+1
	for _, s := range list {
		if d := Distance(strings.ToLower(word), strings.ToLower(s), least); d < least {
			best, least = s, d
		}
	}
	return best
}

// Distance is the number of bytes to insert, delete or replace to make b of a
// (Levenshtein), or limit if it is not below that.
func Distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	// Cells more than limit off the diagonal never count: they take as many steps.
	var room [64]int
	row := room[:]
	if len(b) >= len(room) {
		row = make([]int, len(b)+1)
	}
	for j := range min(len(b), limit) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		from, to := max(0, i-limit), min(len(b), i+limit+1)
		diagonal := row[from]
		row[from] = i + 1
		if from > 0 {
			row[from] = limit
		}
		if to == i+limit+1 {
			row[to] = limit
		}
		least := row[from]
		for j := from; j < to; j++ {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
			least = min(least, cost)
		}
		if least >= limit {
			return limit // it never gets less
		}
	}
	return min(row[len(b)], limit)
}

// suggestOperator asks whether a known operator was meant. Prefix and suffix
// are taken off first, as they are most of the name.
func suggestOperator(name string) string {
	prefix, rest, found := strings.Cut(name, ":")
	if !found {
		prefix, rest = "", name
	}
	var names []string
	for i := range ops {
		if ops[i].name != "" {
			names = append(names, ops[i].name)
		}
	}
	suffix := ""
	if i := strings.Index(strings.ToLower(rest), "ifexist"); i > 0 && len(rest)-i <= len("IfExists") {
		rest, suffix = rest[:i], "IfExists"
	}
	s := nearest(rest, names)
	switch {
	case s == "":
		return ""
	case s == "Null":
		return "; Null stands without ForAllValues:, ForAnyValue: and IfExists (E51)"
	case prefix == "":
		return "; did you mean " + s + suffix + "?"
	}
	if set := nearest(prefix, []string{"ForAllValues", "ForAnyValue"}); set != "" {
		return "; did you mean " + set + ":" + s + suffix + "?"
	}
	return ""
}
