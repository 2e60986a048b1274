package solver

import (
	"runtime"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/internal/parallel"
)

// follower yields all resources, some at a time, with the chains to them, until yield
// says no.
func (r *Rows) follower(yield func([]*rowTarget) bool) {
	out := outside{rows: r}
	for _, x := range r.v.accounts {
		w := r.v.sv.walker(x)
		out.enter(w)
		held := x.account.Held().Resources
		for from := 0; from < len(held); from += together {
			some := held[from:min(from+together, len(held))]
			subjects := make([]*rowTarget, len(some))
			for i, res := range some {
				subjects[i] = r.target(w, x, from+i, res)
				subjects[i].others = out.parties(subjects[i])
			}
			parallel.Each(runtime.GOMAXPROCS(0), len(some), func(i int) {
				r.followAll(subjects[i])
				out.ask(subjects[i])
			})
			if !yield(subjects) {
				return
			}
		}
	}
}

// together is how many resources are made ready at a time.
const together = 64

// A rowTarget is a resource of which the accesses are made.
type rowTarget struct {
	res    *inventory.Resource
	t      *surveyTarget
	target *target
	parts  []directPart
	asked  []carriedName // what its policies read of sessions
	kinds  carriedKinds  // of asked
	reads  string        // asked in one text
	chains map[uint32]*chains
	others []otherParty // in turn as they are numbered
}

func (r *Rows) target(w *walker, x *surveyed, i int, res *inventory.Resource) *rowTarget {
	t := &rowTarget{res: res, t: w.subjectOf(res.ARN, res, nil, ""), target: r.v.s.targetOf(res.ARN), parts: directParts(&x.access[i])}
	t.asked = r.v.s.readOf(t.target)
	t.kinds = kindsOf(t.asked)
	for _, n := range t.asked {
		t.reads += n.name + "\x00" + n.spelled + "\x00"
	}
	return t
}

// followAll follows the chains to the roles of which it matters.
func (r *Rows) followAll(t *rowTarget) {
	t.chains = map[uint32]*chains{}
	in := r.following(t.target, t.t.ear.cells.asksOf(t.t))
	for _, g := range t.parts {
		for _, n := range g.mates.members {
			if _, without := slices.BinarySearch(g.except, n); without || !r.told(n, t.kinds) {
				continue
			}
			if _, known := t.chains[n]; !known {
				t.chains[n] = r.follow(n, t, in)
			}
		}
	}
}

// doorways lists who of outside gets to a role, by any chain.
func (r *Rows) doorways(role uint32) []doorway {
	list, known := r.ends[role]
	if known {
		return list
	}
	at := map[uint32]int{}
	add := func(from uint32, sure bool) {
		for _, d := range r.enter(from) {
			d.sure = d.sure && sure
			if i, ok := at[d.party]; ok {
				list[i].sure = list[i].sure || d.sure
				continue
			}
			at[d.party] = len(list)
			list = append(list, d)
		}
	}
	add(role, true)
	for i, p := range r.into[role] {
		add(p, r.sure[role][i])
	}
	r.ends[role] = list
	return list
}

// enter lists who of outside may assume a role itself.
func (r *Rows) enter(n uint32) []doorway {
	p := r.v.principal(n)
	if p.Kind != inventory.Role {
		return nil
	}
	key := doorKey{p.Trust, p.Account}
	plain := !slices.ContainsFunc(p.Trust.Statements, func(st *policy.Statement) bool { return readsTags(st) || readsResource(st) })
	if list, ok := r.entries[key]; ok && plain {
		return list
	}
	list := []doorway{}
	for _, h := range r.v.s.hopsOfOthers(p, func(*Caller) bool { return true }) {
		list = append(list, doorway{r.party(&h.from), len(h.guard) == 0})
	}
	r.entries[key] = list
	return list
}
