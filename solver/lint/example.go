package lint

import "strings"

// example returns a text that a pattern and a documented form both cover, of all
// such one in whose variable parts the fewest separators stand, above all not
// before the last part: crossed weighs them. ok is false when there is none. Time
// O(len(pattern) × len(form)).
func example(pattern, form string) (text string, crossed int, ok bool) {
	e := exemplar{pattern: []rune(pattern), form: []rune(form)}
	e.memo = make([]instance, (len(e.pattern)+1)*(len(e.form)+1))
	in := e.from(0, 0)
	return in.text, in.crossed, in.ok
}

type exemplar struct {
	pattern, form []rune
	memo          []instance // by place in the pattern and in the form
}

// An instance is an example of what is left of both.
type instance struct {
	text    string
	crossed int
	ok      bool
	done    bool
}

func (e *exemplar) from(i, j int) instance {
	m := &e.memo[i*(len(e.form)+1)+j]
	if !m.done {
		*m = e.find(i, j)
		m.done = true
	}
	return *m
}

func (e *exemplar) find(i, j int) (best instance) {
	p, f := at(e.pattern, i), at(e.form, j)
	try := func(c string, crossed, i, j int) {
		in := e.from(i, j)
		in.text, in.crossed = c+in.text, in.crossed+crossed
		if in.ok && (!best.ok || in.crossed < best.crossed) {
			best = in
		}
	}
	switch {
	case p == 0 && f == 0:
		return instance{ok: true}
	case p == '*':
		try("", 0, i+1, j)
	case p == 0 && f != '*':
		return best
	}
	if f == '*' {
		try("", 0, i, j+1)
	}
	switch {
	case p == '*' && f != 0 && f != '*':
		try(filled(f), 0, i, j+1)
	case f == '*' && p != 0 && p != '*':
		try(filled(p), e.crosses(p, j), i+1, j)
	case f == 0 || p == 0 || p == '*' || f == '*':
	case p == '?':
		try(filled(f), 0, i+1, j+1)
	case f == '?':
		try(filled(p), e.crosses(p, j), i+1, j+1)
	case p == f:
		try(string(p), 0, i+1, j+1)
	}
	return best
}

// at returns a character, or 0 behind the end.
func at(list []rune, i int) rune {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// filled writes any character as one that no form gives a meaning.
func filled(c rune) string {
	if c == '?' {
		return "x"
	}
	return string(c)
}

// crosses weighs a character of the pattern that stands in a variable part: the
// last part of an ARN holds separators, others do not.
func (e *exemplar) crosses(c rune, j int) int {
	switch {
	case !strings.ContainsRune("/:", c):
		return 0
	case strings.Trim(string(e.form[j:]), "?*") == "":
		return 1
	}
	return 1000
}
