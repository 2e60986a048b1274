package main

import (
	"maps"
	"slices"
	"strings"
)

// grants says who may do what: actions by principal.
type grants map[string]map[string]bool

func (g grants) add(principal, action string) {
	if g[principal] == nil {
		g[principal] = map[string]bool{}
	}
	g[principal][action] = true
}

// A difference is a principal and an action that one side alone allows.
type difference struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	// Ours says that pathfinder allows it and the peer does not; else it is the
	// other way round.
	Ours bool `json:"ours"`
	// Rule is the rule that explains it, "" when none does, and Why says it in
	// words.
	Rule string `json:"rule"`
	Why  string `json:"why,omitempty"`
}

// compare fills in what both sides allow and what one alone does, sorted. What
// the peer refused to answer is no difference.
func compare(a *asked, mine grants, theirs *answer) {
	refused := grants{}
	for _, r := range theirs.Refused {
		for _, action := range r.Actions {
			refused.add(r.Principal, action)
		}
	}
	both := maps.Clone(mine)
	maps.Copy(both, theirs.Grants)
	for _, principal := range slices.Sorted(maps.Keys(both)) {
		var actions []string
		for action := range mine[principal] {
			actions = append(actions, action)
		}
		for action := range theirs.Grants[principal] {
			if !mine[principal][action] {
				actions = append(actions, action)
			}
		}
		slices.Sort(actions)
		same := false
		for _, action := range actions {
			ours, theirs := mine[principal][action], theirs.Grants[principal][action]
			switch {
			case ours && theirs:
				a.Both++
				same = true
				continue
			case refused[principal][action]:
				continue
			}
			a.Differences = append(a.Differences, difference{Principal: principal, Action: action, Ours: ours})
		}
		if same {
			a.Principals++
		}
	}
}

// A group is all differences of one question that have one explanation.
type group struct {
	rule, why  string
	ours       bool
	list       []difference
	principals int
}

// groups sorts differences by explanation: those without one first, then the
// larger ones.
func groups(list []difference) []group {
	byKey := map[string]*group{}
	for _, d := range list {
		key := d.Rule + "\x00" + d.Why
		if d.Ours {
			key += "\x00"
		}
		g := byKey[key]
		if g == nil {
			g = &group{rule: d.Rule, why: d.Why, ours: d.Ours}
			byKey[key] = g
		}
		if len(g.list) == 0 || g.list[len(g.list)-1].Principal != d.Principal {
			g.principals++
		}
		g.list = append(g.list, d)
	}
	out := make([]group, 0, len(byKey))
	for _, g := range byKey {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(x, y group) int {
		if (x.rule == "") != (y.rule == "") {
			if x.rule == "" {
				return -1
			}
			return 1
		}
		if len(x.list) != len(y.list) {
			return len(y.list) - len(x.list)
		}
		if c := strings.Compare(x.rule+x.why, y.rule+y.why); c != 0 || x.ours == y.ours {
			return c
		}
		if x.ours {
			return -1
		}
		return 1
	})
	return out
}
