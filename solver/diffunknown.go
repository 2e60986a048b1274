package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// unknowns gathers what could differ or not, with those of whom.
type unknowns map[Gap]map[string]bool

// add notes a gap that leaves the access of a principal open; "" for nobody's
// in particular.
func (u unknowns) add(what, why, principal string) {
	g := Gap{What: what, Why: strings.TrimPrefix(why, what+" ")}
	if u[g] == nil {
		u[g] = map[string]bool{}
	}
	if principal != "" {
		u[g][principal] = true
	}
}

func (u unknowns) merge(other unknowns) {
	for g, who := range other {
		if u[g] == nil {
			u[g] = map[string]bool{}
		}
		maps.Copy(u[g], who)
	}
}

// list returns the gaps in a fixed order.
func (u unknowns) list() []DiffGap {
	out := []DiffGap{}
	for g, who := range u {
		out = append(out, DiffGap{Gap: g, Principals: slices.Sorted(maps.Keys(who))})
	}
	slices.SortFunc(out, compareGaps)
	return out
}

// inventoryGaps adds what the snapshots themselves say they lack, in one or
// both.
func (d *differ) inventoryGaps(u unknowns) {
	both := map[Gap][2]bool{}
	for i, side := range d.sides {
		for g := range side.s.lacks {
			in := both[g]
			in[i] = true
			both[g] = in
		}
	}
	for g, in := range both {
		switch in {
		case [2]bool{true, false}:
			g.Why += " (old snapshot)"
		case [2]bool{false, true}:
			g.Why += " (new snapshot)"
		}
		u.add(g.What, g.Why, "")
	}
}

// unread adds what the snapshots do not hold of a resource: it could differ
// whoever asks (E236).
func (x *diffText) unread() {
	for i, side := range x.d.sides {
		t := x.targets[i]
		if t == nil || !x.question.listed {
			continue
		}
		anybody := side.s.outsider("", arn.Partition(x.text))
		services := map[string]bool{}
		for _, k := range x.asks {
			for _, action := range k.actions {
				service, _, _ := strings.Cut(action, ":")
				if why := t.keyDoubt(action); why != "" {
					x.gaps.add(x.text, why, "")
				}
				if services[service] {
					continue
				}
				services[service] = true
				for _, why := range t.doubtsFor(&anybody, action) {
					x.gaps.add(x.text, why, "")
				}
			}
		}
	}
}
