package solver

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Rows are the accesses of a survey, resource by resource: of users and roles by
// the groups that the survey has of them, of everybody else one by one. They are
// made as they are asked for. Rows are for one goroutine.
//
// They hold who who-can finds, by the same ways, with the same actions.
type Rows struct {
	v    *Survey
	into [][]uint32 // by role: who gets to it by a chain, by number
	sure [][]bool   // of into: whether for certain

	parties []Party
	number  map[string]uint32 // of parties that are no users or roles of the snapshot
	terms   []Terms
	byLabel map[labelIn]uint32
	byKey   map[string]uint32
	groups  map[*mates]uint32
	own     map[string]uint32 // groups that are no mates
	members [][]uint32        // of groups
	entries map[doorKey][]doorway
	ends    map[uint32][]doorway // by role: the outsiders that get to it
	tells   []bool               // by role: see tell
	carries []carriedKinds       // by role: what sessions on chains to it may carry
	chains  sync.Map             // chainsKey → *chains
	stamp   []uint32             // by principal: the resource that noted it last
	clock   uint32
	place   []int // by principal: where in the notes
}

// A Party is somebody that has access.
type Party struct {
	ARN     string // or another name that answers use, such as "anonymous"
	Account string // "" for services and anonymous callers
	Kind    string // user, role, root, service, provider, account, anonymous
	// Outside says that its account is not in the snapshot, or that it has none.
	Outside bool
}

// Terms are what may be done, and whether that depends on something.
type Terms struct {
	Actions []string // full names, sorted
	Levels  string   // such as "Read, Write"
	// Conditional says that all of it depends on open conditions, or on rules that AWS
	// leaves unclear.
	Conditional bool
	Condition   string // of direct access, in words; "" for none
}

// Direct is a group of parties that may do something with a resource themselves.
type Direct struct {
	Group uint32 // see Members
	Terms uint32
}

// Chained is a party that may do something with a resource by assuming roles.
type Chained struct {
	// Via is a role at the end of a chain: of those that depend on nothing, if there
	// are any, the first by its ARN.
	Party, Via, Terms uint32
}

// ResourceAccess is all access to a resource.
type ResourceAccess struct {
	Resource *inventory.Resource
	Direct   []Direct
	Chained  []Chained
	// Followed says that some chain to a role that has access comes to something else than
	// the role may do itself: Ways then are all chains with what each comes to.
	Followed bool
	Ways     []Way
}

// A Way is a chain to a role, with what its end may do with a resource.
type Way struct {
	Party, Role, Terms uint32
	Certain            bool // no hop has an open condition
}

type labelIn struct {
	l     *label
	cells uint32
}

type doorKey struct {
	trust   *policy.Document
	account *inventory.Account
}

// A doorway is somebody outside that gets into a role.
type doorway struct {
	party uint32
	sure  bool
}

// Rows begins with the rows.
func (v *Survey) Rows() *Rows {
	r := &Rows{
		v: v, number: map[string]uint32{}, byLabel: map[labelIn]uint32{}, byKey: map[string]uint32{},
		groups: map[*mates]uint32{}, own: map[string]uint32{}, entries: map[doorKey][]doorway{}, ends: map[uint32][]doorway{},
	}
	for _, x := range v.accounts {
		for _, p := range x.principals {
			kind := "user"
			if p.Kind == inventory.Role {
				kind = "role"
			}
			r.parties = append(r.parties, Party{ARN: p.ARN, Account: p.Account.ID, Kind: kind})
		}
	}
	n := uint32(len(r.parties)) //nolint:gosec // memory ends long before 2³²
	r.stamp, r.place = make([]uint32, n), make([]int, n)
	r.into, r.sure = make([][]uint32, n), make([][]bool, n)
	for p := range n {
		certain := v.reach.certain.of(p)
		for _, role := range v.reach.all.of(p) {
			if role != p {
				_, sure := slices.BinarySearch(certain, role)
				r.into[role], r.sure[role] = append(r.into[role], p), append(r.sure[role], sure)
			}
		}
	}
	r.tell()
	return r
}

// Parties lists everybody that has been met so far, by number: the users and roles of
// the snapshot first.
func (r *Rows) Parties() []Party { return r.parties }

// Terms lists the terms that have been met so far, by number.
func (r *Rows) Terms() []Terms { return r.terms }

// Members returns the parties of a group.
func (r *Rows) Members(group uint32) []uint32 { return r.members[group] }

// Groups returns how many groups have been met so far.
func (r *Rows) Groups() int { return len(r.members) }

// Each yields the accesses of every resource that somebody has access to, by
// account and ARN. It ends with the first error of yield.
func (r *Rows) Each(yield func(*ResourceAccess) error) error {
	// To follow chains is nearly all of the work. What it finds is numbered in order
	// afterwards, while the next ones are followed.
	ahead, stop := make(chan []*rowTarget, 1), make(chan struct{})
	var follower sync.WaitGroup
	follower.Go(func() {
		defer close(ahead)
		r.follower(func(some []*rowTarget) bool {
			select {
			case ahead <- some:
				return true
			case <-stop:
				return false
			}
		})
	})
	defer follower.Wait()
	defer close(stop)
	for some := range ahead {
		for _, t := range some {
			a := r.of(t)
			if len(a.Direct)+len(a.Chained) == 0 {
				continue
			}
			if err := yield(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// of returns the accesses of one resource.
func (r *Rows) of(t *rowTarget) *ResourceAccess {
	out := &ResourceAccess{Resource: t.res}
	r.clock++
	type note struct {
		party uint32
		via   uint32
		terms []uint32
		sure  bool // some chain is, and what is done at its end depends on nothing
	}
	var notes []note
	index := map[uint32]int{} // of outsiders
	meet := func(party, via, terms uint32, sure bool) {
		sure = sure && !r.terms[terms].Conditional
		at, known := 0, false
		if int(party) < len(r.stamp) {
			at, known = r.place[party], r.stamp[party] == r.clock
			if !known {
				r.place[party], r.stamp[party] = len(notes), r.clock
			}
		} else if at, known = index[party]; !known {
			index[party] = len(notes)
		}
		if !known {
			notes = append(notes, note{party, via, []uint32{terms}, sure})
			return
		}
		n := &notes[at]
		if sure && !n.sure || sure == n.sure && r.parties[via].ARN < r.parties[n.via].ARN {
			n.via, n.sure = via, sure
		}
		if !slices.Contains(n.terms, terms) {
			n.terms = append(n.terms, terms)
		}
	}
	apart := map[uint32]*chains{}
	for _, g := range t.parts {
		terms := r.termsOf(g.label, t.t.ear.cells)
		_, members := r.group(g.mates, g.except)
		for _, n := range members {
			if c := t.chains[n]; c != nil && !r.plain(n, terms, c) {
				apart[n] = c
			}
		}
	}
	out.Followed = len(apart) > 0
	behind := func(role, terms uint32) {
		add := func(party, terms uint32, sure bool) {
			if out.Followed {
				out.Ways = append(out.Ways, Way{party, role, terms, sure})
			}
			meet(party, role, terms, sure)
		}
		if c := apart[role]; c != nil {
			r.along(c, terms, add)
			return
		}
		for j, p := range r.into[role] {
			add(p, terms, r.sure[role][j])
		}
		for _, d := range r.doorways(role) {
			add(d.party, terms, d.sure)
		}
	}
	for _, g := range t.parts {
		terms := r.termsOf(g.label, t.t.ear.cells)
		group, members := r.group(g.mates, g.except)
		out.Direct = append(out.Direct, Direct{group, terms})
		for _, n := range members {
			behind(n, terms)
		}
	}
	for i := range t.others {
		o := &t.others[i]
		if grants := o.answer.grants; len(grants) > 0 {
			if o.answer.terms == 0 {
				o.answer.terms = r.termsFor(grants) + 1
			}
			out.Direct = append(out.Direct, Direct{r.single(r.party(&o.from)), o.answer.terms - 1})
		}
	}
	for k := range notes {
		n := &notes[k]
		out.Chained = append(out.Chained, Chained{n.party, n.via, r.joined(n.terms, n.sure)})
	}
	slices.SortFunc(out.Chained, func(a, b Chained) int { return cmp.Compare(a.Party, b.Party) })
	return out
}

// A directPart is some of the users and roles that have access to a resource themselves.
type directPart struct {
	mates  *mates
	except []uint32
	label  *label
	first  uint32 // of its members; no two parts share one
}

// directParts lists the parts that have members, by the first one: the order that the
// survey has them in depends on who was faster.
func directParts(reach *reached) []directPart {
	var list []directPart
	add := func(m *mates, except []uint32, l *label) {
		for _, n := range m.members {
			if _, out := slices.BinarySearch(except, n); !out {
				list = append(list, directPart{m, except, l, n})
				return
			}
		}
	}
	for _, b := range reach.bases {
		for j, l := range b.labels {
			if l != nil {
				add(&b.split.parties[j].mates, reach.except, l)
			}
		}
	}
	for j := range reach.own {
		if e := &reach.own[j]; e.label != nil {
			add(e.mates, nil, e.label)
		}
	}
	slices.SortFunc(list, func(a, b directPart) int { return cmp.Compare(a.first, b.first) })
	return list
}

// group numbers a group of users and roles without some of them.
func (r *Rows) group(m *mates, except []uint32) (id uint32, members []uint32) {
	if len(except) > 0 && slices.ContainsFunc(m.members, func(n uint32) bool { _, in := slices.BinarySearch(except, n); return in }) {
		var left []uint32
		for _, n := range m.members {
			if _, in := slices.BinarySearch(except, n); !in {
				left = append(left, n)
			}
		}
		return r.listed(left), left
	}
	id, ok := r.groups[m]
	if !ok {
		id = uint32(len(r.members)) //nolint:gosec // as above
		r.members = append(r.members, m.members)
		r.groups[m] = id
	}
	return id, m.members
}

// listed numbers a group by its members.
func (r *Rows) listed(members []uint32) uint32 {
	var key []byte
	for _, n := range members {
		key = binary.LittleEndian.AppendUint32(key, n)
	}
	id, ok := r.own[string(key)]
	if !ok {
		id = uint32(len(r.members)) //nolint:gosec // as above
		r.members = append(r.members, members)
		r.own[string(key)] = id
	}
	return id
}

func (r *Rows) single(party uint32) uint32 { return r.listed([]uint32{party}) }

// party numbers somebody that is no user or role of the snapshot.
func (r *Rows) party(a *actor) uint32 {
	c := &a.caller
	id, ok := r.number[c.ARN]
	if ok {
		return id
	}
	p := r.v.s.partyOf(a)
	id = uint32(len(r.parties)) //nolint:gosec // as above
	r.parties = append(r.parties, p)
	r.number[c.ARN] = id
	return id
}

// EachReach yields who gets sessions of which role by a chain of any length, by
// number, and whether for certain: users and roles, then those of outside. It
// ends with the first error of yield.
func (r *Rows) EachReach(yield func(party, role uint32, sure bool) error) error {
	for role := range uint32(len(r.into)) { //nolint:gosec // as above
		for i, p := range r.into[role] {
			if err := yield(p, role, r.sure[role][i]); err != nil {
				return err
			}
		}
		if r.parties[role].Kind != "role" {
			continue
		}
		for _, d := range r.doorways(role) {
			if err := yield(d.party, role, d.sure); err != nil {
				return err
			}
		}
	}
	return nil
}
