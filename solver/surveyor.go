package solver

import (
	"encoding/binary"
	"slices"
	"sync"
	"unsafe"

	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A surveyor makes a survey. What it remembers is shared by its workers.
type surveyor struct {
	s *Solver
	v *Survey

	cells    cellBook
	atoms    atomBook
	voices   voices
	lectures sync.Map // lectureKey → *lecture, of policies that AWS manages
	labels   labelBook

	shapes, fences, flags, outcomes, facts, namings numbers
}

func newSurveyor(v *Survey) *surveyor {
	return &surveyor{
		s: v.s, v: v,
		cells:  cellBook{byKind: map[string]*cells{}, needs: map[*cells]*cells{}},
		atoms:  atomBook{of: map[string]*atom{}},
		voices: voices{of: map[string]*voice{}, joined: map[joint]*voice{}, parts: map[partsKey][]voicePart{}},
		labels: newLabelBook(),
	}
}

// A walker finds what the users and roles of one account reach.
type walker struct {
	sv       *surveyor
	x        *surveyed
	masks    map[maskKey]atoms.Bits
	terming  map[termsKey]*terms
	lectures map[lectureKey]*lecture
	halls    map[earKey]*hall
	classes  map[classKey]*base
	seen     map[*surveyTarget]uint32       // shapes of targets of other accounts
	marks    map[int32]bool                 // of specials that were looked at
	evals    []*eval                        // of principals, by place
	outcomes map[*policy.Condition][]uint32 // of tests, by place; 0 where nobody asked yet
}

func (sv *surveyor) walker(x *surveyed) *walker {
	return &walker{
		sv: sv, x: x, masks: map[maskKey]atoms.Bits{}, terming: map[termsKey]*terms{},
		lectures: map[lectureKey]*lecture{}, halls: map[earKey]*hall{}, classes: map[classKey]*base{},
		seen: map[*surveyTarget]uint32{}, marks: map[int32]bool{}, outcomes: map[*policy.Condition][]uint32{},
	}
}

// A job is a target of which the callers of another account are to be found out.
type job struct {
	t   *surveyTarget
	out *reached
	all bool // all users and roles may be let in, not only those whom the target names
}

// account finds who of the account reaches what it holds, and notes which other
// accounts are to be asked about it.
func (w *walker) account() {
	held := w.x.account.Held()
	w.x.access = make([]reached, len(held.Resources))
	if !w.sv.v.rolesOnly {
		for i, r := range held.Resources {
			w.target(&w.x.access[i], w.subjectOf(r.ARN, r, nil, ""))
		}
	}
	w.x.edges = make([]reached, len(held.Roles))
	for i, r := range held.Roles {
		w.target(&w.x.edges[i], w.subjectOf(r.ARN, nil, r, ""))
	}
}

// others finds who of the account reaches what other accounts hold.
func (w *walker) others() {
	for _, j := range w.x.jobs {
		w.enter(j.out, j.t, j.all)
	}
	w.x.jobs = nil
}

// target finds who of its own account reaches a target.
func (w *walker) target(out *reached, t *surveyTarget) {
	t.owner = w.x
	own := t.role == nil || t.accounts[t.account] || t.everyone.of(t.account) // a role insists on its trust policy (E95)
	w.enter(out, t, own && w.x.account.IAM)
	all := map[*inventory.Account]bool{}
	note := func(a *inventory.Account, letIn bool) {
		if a != nil && a.IAM && a != w.x.account {
			all[a] = all[a] || letIn
		}
	}
	for text := range t.named {
		for _, p := range w.principalsNamed(text) {
			note(p.Account, false)
		}
	}
	for id := range t.accounts {
		note(w.sv.s.inv.Account(id), true)
	}
	if t.role == nil {
		note(w.sv.s.inv.Account(t.account), true)
	}
	for _, a := range t.everyone.list(w.sv.s) {
		note(a, true)
	}
	for a, letIn := range all {
		x := w.sv.v.of[a]
		x.mu.Lock()
		x.jobs = append(x.jobs, job{t, out, letIn})
		x.mu.Unlock()
	}
}

// A classKey identifies the targets of an account that are in one class: of which
// everything is equal but whom their documents name, and which statements about
// particular targets cover them.
type classKey struct {
	owner        string
	shape, fence uint32
	ear          earKey
}

// enter finds who of the account reaches a target. all says that it is not only
// those whom the target names.
func (w *walker) enter(out *reached, t *surveyTarget, all bool) {
	named := w.named(t)
	if !all && len(named) == 0 {
		return
	}
	var part reached
	q := w.visit(t)
	if all {
		key := classKey{owner: t.account, shape: q.shape, fence: q.fence, ear: t.ear.key()}
		b := w.classes[key]
		if b == nil {
			b = w.base(q)
			w.classes[key] = b
		}
		part.bases = append(part.bases, b)
		w.reach(&part, q, b)
		if t.role != nil && t.role.Account == w.x.account { // assuming itself leads nowhere new
			part.except = append(part.except, w.x.numbers[t.role])
		}
	}
	for _, p := range named {
		w.one(&part, q, p)
	}
	for i := range part.own {
		slices.Sort(part.own[i].members)
	}
	t.owner.mu.Lock()
	defer t.owner.mu.Unlock()
	out.bases, out.own, out.except = append(out.bases, part.bases...), append(out.own, part.own...), append(out.except, part.except...)
	slices.Sort(out.except)
}

// id identifies which tests these are.
func (t *tells) id() string {
	b := make([]byte, 0, 8*(len(t.tests)+len(t.patterns)))
	for _, c := range t.tests {
		b = binary.LittleEndian.AppendUint64(b, uint64(uintptr(unsafe.Pointer(c)))) //nolint:gosec // an identity, never followed
	}
	for _, r := range t.patterns {
		b = binary.LittleEndian.AppendUint64(b, uint64(uintptr(unsafe.Pointer(r)))) //nolint:gosec // likewise
	}
	return string(b)
}

// limited reports whether service control policies stand above an account.
func (s *Solver) limited(a *inventory.Account) bool {
	return s.inv.Organization != nil && s.inv.Organization.SCPs && a.Unit != nil
}

// eachSCP visits the service control policies above an account.
func (s *Solver) eachSCP(a *inventory.Account, visit func(*policy.Document)) {
	if s.limited(a) {
		eachAbove(a, a.SCPs, func(u *inventory.Unit) []*inventory.Policy { return u.SCPs }, visit)
	}
}

// eachRCP visits the resource control policies above an account.
func (s *Solver) eachRCP(a *inventory.Account, visit func(*policy.Document)) {
	if s.inv.Organization != nil && s.inv.Organization.RCPs && a.Unit != nil {
		eachAbove(a, a.RCPs, func(u *inventory.Unit) []*inventory.Policy { return u.RCPs }, visit)
	}
}

// eachAbove visits the control policies of one kind on an account, and on the units above
// it.
func eachAbove(a *inventory.Account, own []*inventory.Policy, of func(*inventory.Unit) []*inventory.Policy, visit func(*policy.Document)) {
	for _, p := range own {
		visit(p.Doc)
	}
	for u := a.Unit; u != nil; u = u.Parent {
		for _, p := range of(u) {
			visit(p.Doc)
		}
	}
}
