package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// An Entry says how many principals of one account can assume roles of another.
type Entry struct {
	From       string `json:"from"` // account ids
	To         string `json:"to"`
	Principals int    `json:"principals"` // of From, that can assume some role of To
	Roles      int    `json:"roles"`      // of To, that some principal of From can assume
	// Certain says that one of them can without an open condition.
	Certain bool `json:"certain"`
}

// Entries lists which accounts' principals can assume roles of which other
// accounts, in one hop, by both ids. Who is let in from outside the snapshot is not
// among them: see [Solver.Outsiders].
func (v *Survey) Entries() []Entry {
	type pair struct{ from, to *surveyed }
	found := map[pair]*Entry{}
	who := map[pair]map[uint32]bool{}
	for _, to := range v.accounts {
		for i := range to.edges {
			counted := map[pair]bool{}
			v.groupsOf(&to.edges[i], func(from *surveyed, members []uint32, except []uint32, l *label) {
				if from == to || l == nil {
					return
				}
				p := pair{from, to}
				e := found[p]
				if e == nil {
					e = &Entry{From: from.account.ID, To: to.account.ID}
					found[p], who[p] = e, map[uint32]bool{}
				}
				some := false
				for _, n := range members {
					if _, without := slices.BinarySearch(except, n); !without {
						who[p][n], some = true, true
					}
				}
				if !some {
					return
				}
				e.Certain = e.Certain || l.certain()
				if !counted[p] {
					counted[p] = true
					e.Roles++
				}
			})
		}
	}
	out := make([]Entry, 0, len(found))
	for p, e := range found {
		if e.Principals = len(who[p]); e.Principals > 0 {
			out = append(out, *e)
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To)) })
	return out
}

// groupsOf yields the groups that reach a target, with their labels.
func (v *Survey) groupsOf(r *reached, yield func(from *surveyed, members, except []uint32, l *label)) {
	for _, b := range r.bases {
		for j, l := range b.labels {
			if l != nil {
				yield(b.x, b.split.parties[j].members, r.except, l)
			}
		}
	}
	for j := range r.own {
		if e := &r.own[j]; e.label != nil && len(e.members) > 0 {
			yield(v.home(e.members[0]), e.members, nil, e.label)
		}
	}
}

// left counts members but for some. Both are in order, and except may hold those of all
// accounts.
func left(members, except []uint32) int {
	n := len(members)
	if n == 0 {
		return 0
	}
	for _, m := range between(except, members[0], members[n-1]) {
		if _, among := slices.BinarySearch(members, m); among {
			n--
		}
	}
	return n
}

// between cuts numbers in order down to those from first to last.
func between(numbers []uint32, first, last uint32) []uint32 {
	from, _ := slices.BinarySearch(numbers, first)
	to, _ := slices.BinarySearch(numbers, last+1)
	return numbers[from:to]
}

// home returns the account of a principal by number.
func (v *Survey) home(n uint32) *surveyed {
	i, exact := slices.BinarySearchFunc(v.accounts, n, func(x *surveyed, n uint32) int { return cmp.Compare(x.first, n) })
	if !exact {
		i--
	}
	for len(v.accounts[i].principals) == 0 { // accounts without principals begin at the same number as the next one
		i++
	}
	return v.accounts[i]
}

// An Exposure counts who reaches a resource, or what a principal reaches.
type Exposure struct {
	ARN     string `json:"arn"`
	Account string `json:"account"`
	Count   int    `json:"count"`
}

// MostExposed lists the resources that most users and roles of the snapshot reach
// directly, by count, then ARN.
func (v *Survey) MostExposed(most int) []Exposure {
	var out []Exposure
	for _, x := range v.accounts {
		held := x.account.Held().Resources
		for i := range x.access {
			n := 0
			v.groupsOf(&x.access[i], func(_ *surveyed, members, except []uint32, _ *label) {
				n += left(members, except)
			})
			if n > 0 {
				out = append(out, Exposure{held[i].ARN, x.account.ID, n})
			}
		}
		if len(out) > 4*most+1024 {
			out = topExposures(out, most)
		}
	}
	return topExposures(out, most)
}

// MostPowerful lists the users and roles that reach most resources of the snapshot
// directly, by count, then ARN.
func (v *Survey) MostPowerful(most int) []Exposure {
	counts := map[*mates]int{}
	single := map[uint32]int{}
	for _, x := range v.accounts {
		for i := range x.access {
			r := &x.access[i]
			for _, b := range r.bases {
				for j, l := range b.labels {
					if l != nil {
						counts[&b.split.parties[j].mates]++
					}
				}
				for _, n := range b.within(r.except) {
					if b.labelOf(n) != nil {
						single[n]--
					}
				}
			}
			for j := range r.own {
				if e := &r.own[j]; e.label != nil {
					counts[e.mates]++
				}
			}
		}
	}
	for m, n := range counts {
		for _, p := range m.members {
			single[p] += n
		}
	}
	out := make([]Exposure, 0, len(single))
	for n, count := range single {
		if count > 0 {
			p := v.principal(n)
			out = append(out, Exposure{p.ARN, p.Account.ID, count})
		}
	}
	return topExposures(out, most)
}

// principal returns a principal by number.
func (v *Survey) principal(n uint32) *inventory.Principal {
	x := v.home(n)
	return x.principals[n-x.first]
}

func topExposures(list []Exposure, most int) []Exposure {
	slices.SortFunc(list, func(a, b Exposure) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ARN, b.ARN)) })
	return list[:min(len(list), most)]
}
