package solver

import (
	"runtime"
	"sync"
	"sync/atomic"

	"pathfinder/graphmodel/inventory"
)

// A Survey is the access of every user and role to every resource and role of
// the snapshot, through all actions, itself and through chains of roles.
//
// It solves classes, not pairs. What a caller may do with a resource depends on
// what the statements that cover it say, on where both stand, and on the facts
// that these statements read: callers and resources of which all that is equal
// have one label, which is solved once, by the same engine as any question.
// Statements are compared by what they say of the resource, so that the stack
// stamped into a thousand accounts costs little more than that of one. What can't
// be compared is solved by itself; the answers are the same.
//
// A Survey is immutable and safe for concurrent use.
type Survey struct {
	s        *Solver
	accounts []*surveyed
	of       map[*inventory.Account]*surveyed
	labels   []*surveyLabel
	reach    *reach
	stats    SurveyStats
}

// SurveyStats counts what a survey came to.
type SurveyStats struct {
	Accounts, Principals, Resources int
	// Labels are the different labels, Accesses the pairs of a group of
	// principals and a resource that reaches them, Direct the pairs of a single
	// principal and a resource behind these.
	Labels, Accesses int
	Direct           int64
	// Edges are the assume edges between principals and roles, Groups edges from
	// groups of principals that they are stored as.
	Edges  int64
	Groups int
	// Components are the strongly connected components of the assume edges,
	// Chains the pairs of a principal and a role that it reaches.
	Components int
	Chains     int64
}

// Stats returns what the survey came to.
func (v *Survey) Stats() SurveyStats { return v.stats }

// A surveyed is an account with who reaches what it holds.
type surveyed struct {
	account    *inventory.Account
	first      uint32 // the number of its first principal
	principals []*inventory.Principal
	numbers    map[*inventory.Principal]uint32 // of principals
	access     []reached                       // by resource, in order
	edges      []reached                       // by role, in order
}

// reached says that callers reach a target.
type reached struct {
	target uint32 // the place among the account's resources or roles
	who    *mates
	label  *surveyLabel
}

// mates are callers of one account of which a survey tells none apart.
type mates struct {
	crowd   *crowd
	members []uint32 // numbers of principals; none of an outsider
	rep     *inventory.Principal
	other   *actor // somebody who is no user or role of the snapshot
	facts   string // what the tests of their policies and account come to
}

// A surveyLabel is what callers of a class may do with targets of a class.
type surveyLabel struct {
	once   sync.Once
	rep    *mates
	target string  // the ARN of one of the targets
	grants []Grant // as the representative may do it there
	hop    *hop    // into a role
	number int     // from 1, in order of first use
}

func (l *surveyLabel) empty() bool { return len(l.grants) == 0 && l.hop == nil }

// Survey solves everything. workers is the number of accounts that are worked on
// at a time, 0 for one a processor; the result does not depend on it.
func (s *Solver) Survey(workers int) *Survey {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	v := &Survey{s: s, of: map[*inventory.Account]*surveyed{}}
	next := uint32(0)
	for _, a := range s.inv.Accounts {
		x := &surveyed{account: a, first: next}
		v.accounts = append(v.accounts, x)
		v.of[a] = x
		next += uint32(len(a.Held().Users) + len(a.Held().Roles)) //nolint:gosec // memory ends long before 2³²
	}
	sv := newSurveyor(v)
	sv.each(workers, func(x *surveyed) { sv.enroll(x) })
	sv.each(workers, func(x *surveyed) { sv.account(x) })
	v.count(int(next))
	v.reach = v.closure(next)
	v.stats.Components, v.stats.Chains = v.reach.components, v.reach.chains
	return v
}

// each hands the accounts to some workers.
func (sv *surveyor) each(workers int, work func(*surveyed)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(sv.v.accounts) {
					return
				}
				work(sv.v.accounts[i])
			}
		})
	}
	wg.Wait()
}

// enroll numbers the principals of an account.
func (sv *surveyor) enroll(x *surveyed) {
	x.principals = x.account.Principals()
	x.numbers = make(map[*inventory.Principal]uint32, len(x.principals))
	for i, p := range x.principals {
		x.numbers[p] = x.first + uint32(i) //nolint:gosec // as above
	}
}

// count numbers the labels in order of first use.
func (v *Survey) count(principals int) {
	st := &v.stats
	st.Accounts, st.Principals = len(v.accounts), principals
	note := func(l *surveyLabel) {
		if l.number == 0 {
			v.labels = append(v.labels, l)
			l.number = len(v.labels)
		}
	}
	for _, x := range v.accounts {
		st.Resources += len(x.account.Held().Resources)
		for i := range x.access {
			note(x.access[i].label)
			st.Accesses++
			st.Direct += int64(len(x.access[i].who.members))
		}
		for i := range x.edges {
			note(x.edges[i].label)
			st.Groups++
			st.Edges += int64(len(x.edges[i].who.members))
		}
	}
	st.Labels = len(v.labels)
}
