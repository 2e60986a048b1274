package solver

import (
	"runtime"
	"sync"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/internal/parallel"
)

// A Survey is the access of every user and role to every resource and role of
// the snapshot, through all actions, itself and through chains of roles.
//
// It solves classes, not pairs, and of a class not each question anew. Policies
// are broken up into atoms: an effect, conditions, and how far a target is covered
// (surveysaying.go, surveycover.go). What a caller's policies say to targets of a
// kind is a voice: which atoms speak about which calls (surveyvoice.go). Callers of
// one account with equal voices are a party (surveyhall.go), targets whose
// documents say the same are a class (surveytarget.go, surveybase.go), and what a
// party may do with a class is a label (surveylabel.go). A label is words of bits, a
// bit for each call; what atoms come to together is asked of the engine once for
// each set of them, and holds for every call about which the same atoms speak.
//
// Each account is gone through twice: once for what it holds itself, and once for
// what others hold and let it reach, so that what is known of its callers is needed
// only while somebody is there.
//
// Names of accounts are written as "own" or "other" in all that is compared, so
// that the stack stamped into a thousand accounts costs little more than that of
// one. What can't be compared is solved by itself; the answers are the same.
//
// A Survey is immutable and safe for concurrent use.
type Survey struct {
	s        *Solver
	sv       *surveyor
	accounts []*surveyed
	of       map[*inventory.Account]*surveyed
	reach    *reach
	stats    SurveyStats
	// rolesOnly leaves resources and chains out.
	rolesOnly bool
}

// Roster is [Solver.Roster] of whom was surveyed.
func (v *Survey) Roster() *Roster { return v.s.Roster() }

// SurveyStats counts what a survey came to.
type SurveyStats struct {
	Accounts, Principals, Resources int
	// Labels are the different labels. Accesses are the pairs of callers that
	// nothing tells apart, and a class of resources or a single one, with a label;
	// Direct are the pairs of a single principal and a resource behind these.
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
	access     []reached                       // by resource
	edges      []reached                       // by role

	mu   sync.Mutex // guards what follows, and what others add to access and edges
	jobs []job
}

// reached says who reaches a target.
type reached struct {
	bases  []*base
	own    []entry  // of some callers, who are not as the bases say
	except []uint32 // these callers, by number
}

// A base says who of an account reaches the targets of a class, as far as no statement
// tells the target apart.
type base struct {
	x      *surveyed
	split  *split
	labels []*label // by party; nil for nothing
	open   []int32  // the parties of whom nothing is known: all targets so far name them or are about them
	pairs  int64    // of members with a label
}

// An entry is callers with what they may do.
type entry struct {
	*mates
	label *label
}

// mates are callers of one account of which a survey tells none apart.
type mates struct {
	members []uint32 // numbers of principals, in order
}

// Survey solves everything. workers is the number of accounts that are worked on
// at a time, 0 for one a processor; the result does not depend on it.
func (s *Solver) Survey(workers int) *Survey {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	v := &Survey{s: s, of: map[*inventory.Account]*surveyed{}}
	next := v.solve(workers)
	v.count(int(next))
	v.reach = v.closure(next)
	v.stats.Components, v.stats.Chains = v.reach.components, v.reach.chains
	return v
}

// surveyOfRoles solves who may assume which role in one hop, and nothing else.
func (s *Solver) surveyOfRoles() *Survey {
	v := &Survey{s: s, of: map[*inventory.Account]*surveyed{}, rolesOnly: true}
	v.solve(runtime.GOMAXPROCS(0))
	return v
}

// solve finds who reaches what directly, and returns the number of principals.
func (v *Survey) solve(workers int) uint32 {
	next := uint32(0)
	for _, a := range v.s.inv.Accounts {
		x := &surveyed{account: a, first: next}
		v.accounts = append(v.accounts, x)
		v.of[a] = x
		next += uint32(len(a.Held().Users) + len(a.Held().Roles)) //nolint:gosec // memory ends long before 2³²
	}
	v.sv = newSurveyor(v)
	v.each(workers, v.enroll)
	v.each(workers, func(x *surveyed) { v.sv.walker(x).account() })
	v.each(workers, func(x *surveyed) { v.sv.walker(x).others() })
	return next
}

// each hands the accounts to some workers.
func (v *Survey) each(workers int, work func(*surveyed)) {
	parallel.Each(workers, len(v.accounts), func(i int) { work(v.accounts[i]) })
}

// enroll numbers the principals of an account.
func (v *Survey) enroll(x *surveyed) {
	x.principals = x.account.Principals()
	x.numbers = make(map[*inventory.Principal]uint32, len(x.principals))
	for i, p := range x.principals {
		x.numbers[p] = x.first + uint32(i) //nolint:gosec // as above
	}
}

// count counts what was found.
func (v *Survey) count(principals int) {
	st := &v.stats
	st.Accounts, st.Principals = len(v.accounts), principals
	labels, bases := map[*label]bool{}, map[*base]bool{}
	add := func(list []reached) (groups int, pairs int64) {
		for i := range list {
			r := &list[i]
			for _, b := range r.bases {
				pairs += b.pairs
				for _, n := range b.within(r.except) {
					if b.labelOf(n) != nil {
						pairs--
					}
				}
				if bases[b] {
					continue
				}
				bases[b] = true
				for _, l := range b.labels {
					if l != nil {
						labels[l] = true
						groups++
					}
				}
			}
			for j := range r.own {
				if l := r.own[j].label; l != nil {
					labels[l] = true
					groups++
					pairs += int64(len(r.own[j].members))
				}
			}
		}
		return groups, pairs
	}
	for _, x := range v.accounts {
		st.Resources += len(x.account.Held().Resources)
		groups, pairs := add(x.access)
		st.Accesses, st.Direct = st.Accesses+groups, st.Direct+pairs
		groups, pairs = add(x.edges)
		st.Groups, st.Edges = st.Groups+groups, st.Edges+pairs
	}
	st.Labels = len(labels)
}

// within cuts numbers in order down to those of the account: who is excepted from what is
// open to an organization is of all of its accounts.
func (b *base) within(numbers []uint32) []uint32 {
	n := uint32(len(b.x.principals)) //nolint:gosec // as above
	if n == 0 {
		return nil
	}
	return between(numbers, b.x.first, b.x.first+n-1)
}

// labelOf returns the label of a principal by number; nil for none, or when it is
// of another account.
func (b *base) labelOf(n uint32) *label {
	x := b.x
	if n < x.first || int(n-x.first) >= len(x.principals) {
		return nil
	}
	return b.labels[b.split.of[n-x.first]]
}
