package catalog

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// A hole stands for a variable part in the parsed form of an ARN pattern. It
// is a byte that neither patterns nor ARNs contain.
const hole = "\x00"

// An arnPattern is one ARN pattern of one type, ready to match.
type arnPattern struct {
	typ      int
	norm     string   // the pattern, every ${X} and * replaced by a hole
	literals []string // norm, cut at its holes
	openEnd  bool     // norm ends with a hole
	emptyEnd bool     // and that hole may be empty
	specific int      // number of literal characters
}

// An arnIndex holds the ARN patterns by the service part of the ARN, which is
// "" for patterns that leave it open.
type arnIndex struct {
	byService map[string][]arnPattern
	used      []bool // by type: some action uses it
}

func newARNIndex(tab *packed.Tables) *arnIndex {
	ix := &arnIndex{byService: map[string][]arnPattern{}, used: make([]bool, len(tab.Types))}
	for i := range tab.Actions {
		for _, r := range tab.RefLists[tab.Actions[i].Refs] {
			ix.used[r.Type] = true
		}
	}
	for i, t := range tab.Types {
		for _, a := range t.ARNs {
			p := parseARNPattern(i, a)
			service := ""
			if f := strings.SplitN(p.norm, ":", 4); len(f) == 4 && !strings.Contains(f[2], hole) {
				service = f[2]
			}
			ix.byService[service] = append(ix.byService[service], p)
		}
	}
	return ix
}

func parseARNPattern(typ int, pattern string) arnPattern {
	var b strings.Builder
	for rest := pattern; rest != ""; {
		i := strings.IndexAny(rest, "$*")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i] + hole)
		if end := strings.IndexByte(rest[i:], '}'); rest[i] == '$' && end >= 0 {
			i += end
		}
		rest = rest[i+1:]
	}
	p := arnPattern{typ: typ, norm: b.String()}
	p.literals = strings.Split(p.norm, hole)
	p.specific = len(p.norm) - len(p.literals) + 1
	p.openEnd = strings.HasSuffix(p.norm, hole)
	// The last element of a path may be empty: the root of an API has the ARN
	// api/stage/GET/. The only element of a name may not.
	if f := strings.SplitN(p.norm, ":", 6); len(f) == 6 {
		p.emptyEnd = p.openEnd && strings.HasSuffix(f[5], "/"+hole) && strings.Count(f[5], hole) > 1
	}
	return p
}

// match reports whether arn has the form of p. A variable part holds at least
// one character and no colon; it holds no slash unless a colon follows it, as
// in log-group:${LogGroupName}:log-stream:${LogStreamName}. The last part of
// an ARN holds anything: paths and qualifiers are often not in the pattern.
func (p *arnPattern) match(arn string) bool {
	rest, ok := strings.CutPrefix(arn, p.literals[0])
	return ok && p.matchHoles(p.literals[1:], rest)
}

// matchHoles matches rest with a hole before each of the literals.
func (p *arnPattern) matchHoles(literals []string, rest string) bool {
	if len(literals) == 0 {
		return rest == ""
	}
	lit := literals[0]
	if len(literals) == 1 && p.openEnd {
		return rest != "" || p.emptyEnd
	}
	stop := ":/"
	if strings.HasPrefix(lit, ":") {
		stop = ":"
	}
	for n := 1; n <= len(rest) && !strings.Contains(stop, rest[n-1:n]); n++ {
		if strings.HasPrefix(rest[n:], lit) && p.matchHoles(literals[1:], rest[n+len(lit):]) {
			return true
		}
	}
	return false
}

// refines reports whether p is a finer pattern that the open end of q would
// also cover: a resource below that of q, so that an ARN which matches both is
// not of q's type. That is so if p goes on where q's open end starts, and then
// has a slash, or a colon with a word: table/${T}/index/${I} refines
// table/${T}. A colon with another variable part only qualifies the same
// resource: function:${F}:${Alias} does not refine function:${F}.
func (p *arnPattern) refines(q *arnPattern, sameService bool) bool {
	if !q.openEnd || p.norm == q.norm {
		return false
	}
	tail, ok := strings.CutPrefix(p.norm, strings.TrimSuffix(q.norm, hole))
	if !ok {
		return false
	}
	if below, ok := strings.CutPrefix(tail, hole+":"); ok && !strings.HasPrefix(below, hole) {
		return true
	}
	// Words right at the open end, as in loadbalancer/app/${L}, set the two
	// apart only if one service has both types; es lists single iam roles.
	return strings.Contains(tail, "/") && (sameService || strings.HasPrefix(tail, hole+"/"))
}

// usersOfTypes returns the ids of the actions that use each type, ascending.
func usersOfTypes(tab *packed.Tables) [][]ActionID {
	out := make([][]ActionID, len(tab.Types))
	for i := range tab.Actions {
		for _, r := range tab.RefLists[tab.Actions[i].Refs] {
			out[r.Type] = append(out[r.Type], ActionID(i)) //nolint:gosec // the packed form has 32-bit indexes
		}
	}
	for i := range out {
		out[i] = slices.Clip(out[i])
	}
	return out
}
