package solver

import (
	"encoding/binary"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A surveyor makes a survey. What it remembers is shared by its workers.
type surveyor struct {
	s       *Solver
	v       *Survey
	shapes  sync.Map // *policy.Statement → string: see says
	numbers sync.Map // what statements say → the same string
	next    atomic.Int64
	labels  sync.Map // string → *surveyLabel
	mates   sync.Map // matesKey → []*mates
}

func newSurveyor(v *Survey) *surveyor {
	return &surveyor{s: v.s, v: v}
}

// account surveys what an account holds.
func (sv *surveyor) account(x *surveyed) {
	a := x.account
	w := &walker{sv: sv, x: x, spoken: map[spokenKey]voice{}, crowds: map[crowdKey]*voice{}}
	for i, r := range a.Held().Resources {
		t := sv.subjectOf(r.ARN, r, nil)
		x.access = append(x.access, w.target(uint32(i), t)...) //nolint:gosec // as for principals
	}
	for i, r := range a.Held().Roles {
		t := sv.subjectOf(r.ARN, nil, r)
		x.edges = append(x.edges, w.target(uint32(i), t)...) //nolint:gosec // as for principals
	}
}

// A walker goes through the targets of one account.
type walker struct {
	sv     *surveyor
	x      *surveyed
	spoken map[spokenKey]voice
	crowds map[crowdKey]*voice // whose policies say the same of all targets of a service
}

// target lists who reaches one target, group by group.
func (w *walker) target(at uint32, t *surveyTarget) (out []reached) {
	s := w.sv.s
	who := &invited{s: s}
	if t.role == nil {
		if w.x.account.IAM {
			who.account(w.x.account)
		} else {
			who.add(s.rootOf(w.x.account.ID, arn.Partition(t.text)))
		}
	}
	kind := graphmodel.ResourceGrant
	if t.role != nil {
		kind = graphmodel.AssumeRole
	}
	seen := map[graphmodel.Node]bool{}
	for n := range s.lookup.In(t.text, kind) {
		switch {
		case seen[n]:
		case n.Kind == graphmodel.Public:
			for _, a := range t.everyone.list(s) {
				who.account(a)
			}
			who.add(s.outsider("", arn.Partition(t.text)))
		default:
			who.node(n, arn.Partition(t.text))
		}
		seen[n] = true
	}
	add := func(m *mates, l *surveyLabel) {
		if !l.empty() {
			out = append(out, reached{at, m, l})
		}
	}
	for _, a := range who.accounts {
		for _, cr := range s.community(a).crowds {
			w.crowd(t, cr, add)
		}
	}
	who.settle()
	for i := range who.others {
		w.other(t, &who.others[i], add)
	}
	return out
}

// crowd lists who of a crowd reaches the target.
func (w *walker) crowd(t *surveyTarget, cr *crowd, add func(*mates, *surveyLabel)) {
	v := w.voiceOf(t, cr)
	mayEnter := v.allows || v.apart || t.open && cr.account.ID == t.account // across accounts its own policies have to allow (E92)
	if !mayEnter && !t.namesSomeOf(cr) {
		return
	}
	for _, m := range w.sv.matesOf(cr, t) {
		if len(t.named) == 0 || !t.namesSomeOf(cr) {
			add(m, w.label(t, m, &v, ""))
			continue
		}
		var rest []uint32
		for _, n := range m.members {
			p := w.sv.principal(cr.account, n)
			if name := t.name(p); name != "" {
				one := &mates{crowd: cr, members: []uint32{n}, rep: p, facts: m.facts}
				add(one, w.label(t, one, &v, name))
				continue
			}
			rest = append(rest, n)
		}
		if len(rest) > 0 && mayEnter {
			one := &mates{crowd: cr, members: rest, rep: w.sv.principal(cr.account, rest[0]), facts: m.facts}
			add(one, w.label(t, one, &v, ""))
		}
	}
}

// other asks about somebody who is no user or role of these accounts.
func (w *walker) other(t *surveyTarget, a *actor, add func(*mates, *surveyLabel)) {
	if a.principal != nil {
		x := w.sv.v.of[a.principal.Account]
		if a.principal == t.role || x == nil {
			return
		}
		cr := w.sv.s.crowdOf(a.principal)
		v := w.voiceOf(t, cr)
		one := &mates{crowd: cr, members: []uint32{x.numbers[a.principal]}, rep: a.principal, facts: w.sv.factsOf(cr, a.principal, t)}
		add(one, w.label(t, one, &v, t.name(a.principal)))
		return
	}
	b := append([]byte{'o'}, t.shape...)
	name, alone := a.caller.ARN, t.alone
	home := w.sv.s.inv.Account(a.caller.Account)
	switch {
	case a.caller.Kind == CallerRoot && home != nil && home.IAM:
		name = "root" + w.sv.standing(home)
		w.sv.s.eachSCP(home, func(doc *policy.Document) { b = append(b, w.document(t, doc).key...) })
		if alone = alone || home != w.x.account; home != w.x.account && (t.loose || t.accounts[home.ID]) {
			name += home.ID
		}
		all := w.sv.limits(home, t.service)
		all.add(t.tells)
		b = append(b, w.sv.outcome(a, &all)...)
	case a.caller.Kind != CallerRoot:
		b = append(b, t.services...)
		if t.own(name) {
			name = strings.Replace(name, w.x.account.ID, "@", 1)
		}
	}
	b = append(append(b, 0xfd), name...)
	b = append(append(b, 0), byte(a.caller.Kind))
	b = append(b, flagsOf(&a.caller)...)
	if alone {
		b = append(append(b, 0), t.text...)
	}
	one := &mates{other: a}
	add(one, w.solve(string(b), t, one))
}

// label returns the label of some callers of a target. name is how the target
// names them.
func (w *walker) label(t *surveyTarget, m *mates, v *voice, name string) *surveyLabel {
	b := append(make([]byte, 0, 256), t.shape...)
	standing := m.crowd.standing
	if t.role == nil && !t.session && !v.session {
		standing.SessionTags, standing.NoSourceIdentity, standing.FromToken, standing.Web = false, false, false, false
	}
	b = append(append(b, 0xff), flagsOf(&standing)...)
	b = append(append(b, w.sv.standing(m.crowd.account)...), 0xff)
	b = append(append(b, v.key...), 0xff)
	b = append(b, m.facts...)
	alone := t.alone || v.apart
	if from := m.crowd.account; from != w.x.account {
		alone = true
		b = append(b, 'x')
		if t.loose || t.accounts[from.ID] {
			b = append(b, from.ID...)
		}
	}
	if name != "" {
		b = append(append(b, 0xfc), name...)
		alone = true
	}
	if alone {
		b = append(append(b, 0xfb), t.text...)
	}
	if v.apart {
		b = append(append(b, 0), m.rep.ARN...)
	}
	return w.solve(string(b), t, m)
}

// solve solves a label, or finds it solved.
func (w *walker) solve(key string, t *surveyTarget, m *mates) *surveyLabel {
	known, ok := w.sv.labels.Load(key)
	if !ok {
		known, _ = w.sv.labels.LoadOrStore(key, &surveyLabel{})
	}
	l := known.(*surveyLabel)
	l.once.Do(func() { l.solve(w.sv, t, m) })
	return l
}

// solve asks about the callers and the target that came first.
func (l *surveyLabel) solve(sv *surveyor, t *surveyTarget, m *mates) {
	l.rep, l.target = m, t.text
	l.grants, l.hop = sv.ask(m, t)
}

// ask asks the engine about one caller and one target.
func (sv *surveyor) ask(m *mates, t *surveyTarget) ([]Grant, *hop) {
	a := m.other
	if a == nil {
		made := sv.s.actorOf(m.rep)
		a = &made
	}
	if t.made == nil {
		t.made = sv.s.targetOf(t.text)
		if t.role == nil {
			set := actionSet{globs: []string{t.service + ":*"}} // as who-can asks without actions
			t.questions = set.asks(t.text)
		}
	}
	if t.role != nil {
		return nil, sv.s.edges.decide(a, &entrance{role: t.role, target: t.made})
	}
	return sv.s.finder().grants(a, t.made, t.questions), nil
}

// principal returns a principal by its number.
func (sv *surveyor) principal(a *inventory.Account, n uint32) *inventory.Principal {
	x := sv.v.of[a]
	return x.principals[n-x.first]
}

// standing says where an account's callers stand: equal for accounts under the
// same policies of the organization.
func (sv *surveyor) standing(a *inventory.Account) string {
	org := sv.s.inv.Organization
	if org == nil || a.Unit == nil {
		return ""
	}
	var b []byte
	sv.s.eachSCP(a, func(doc *policy.Document) { b = appendPointer(b, doc) })
	return string(b)
}

// A matesKey identifies a crowd as some targets see it.
type matesKey struct {
	cr    *crowd
	tells string // which tests tell its members apart
}

// matesOf splits a crowd by what the tests of its policies, of its account and of
// the target come to.
func (sv *surveyor) matesOf(cr *crowd, t *surveyTarget) []*mates {
	all := sv.tellsOf(cr, t.service)
	all.add(t.tells)
	key := matesKey{cr, all.id()}
	if known, ok := sv.mates.Load(key); ok {
		return known.([]*mates)
	}
	x := sv.v.of[cr.account]
	var list []*mates
	byFacts := map[string]*mates{}
	for _, p := range cr.members {
		facts := sv.facts(p, &all)
		m := byFacts[facts]
		if m == nil {
			m = &mates{crowd: cr, rep: p, facts: facts}
			byFacts[facts] = m
			list = append(list, m)
		}
		m.members = append(m.members, x.numbers[p])
	}
	known, _ := sv.mates.LoadOrStore(key, list)
	return known.([]*mates)
}

// factsOf returns what the tests come to for one principal.
func (sv *surveyor) factsOf(cr *crowd, p *inventory.Principal, t *surveyTarget) string {
	all := sv.tellsOf(cr, t.service)
	all.add(t.tells)
	return sv.facts(p, &all)
}

func (sv *surveyor) facts(p *inventory.Principal, all *tells) string {
	if all.none() {
		return ""
	}
	a := sv.s.actorOf(p)
	return sv.outcome(&a, all)
}

// outcome writes what tests come to for an actor.
func (sv *surveyor) outcome(a *actor, all *tells) string {
	whole := subject{} // patterns with variables count as a whole
	return string(whole.appendTells(nil, all, newEval(&Case{Caller: a.caller, Context: sv.s.ctx}, false)))
}

// tellsOf gathers the tests by which members of a crowd may differ.
func (sv *surveyor) tellsOf(cr *crowd, service string) (all tells) {
	if !cr.speaksOf(map[string]bool{service: true, "kms": true}) && !sv.s.limited(cr.account) {
		return all
	}
	for _, c := range cr.policies {
		all.listen(c.doc, service)
	}
	if cr.boundary != nil {
		all.listen(cr.boundary, service)
	}
	all.add(sv.limits(cr.account, service))
	return all
}

// limits gathers the tests of the service control policies above an account.
func (sv *surveyor) limits(a *inventory.Account, service string) (all tells) {
	sv.s.eachSCP(a, func(doc *policy.Document) { all.listen(doc, service) })
	return all
}

// listen adds the tests of a document's statements about a service, and about
// KMS, which others ask.
func (t *tells) listen(doc *policy.Document, service string) {
	for _, st := range doc.Statements {
		if !st.Broken && (speaksTo(st, service) || speaksTo(st, "kms")) {
			t.add(tellsOf(st))
		}
	}
}

// limited reports whether service control policies stand above an account.
func (s *Solver) limited(a *inventory.Account) bool {
	return s.inv.Organization != nil && s.inv.Organization.SCPs && a.Unit != nil
}

// eachSCP visits the service control policies above an account.
func (s *Solver) eachSCP(a *inventory.Account, visit func(*policy.Document)) {
	if !s.limited(a) {
		return
	}
	for _, p := range a.SCPs {
		visit(p.Doc)
	}
	for u := a.Unit; u != nil; u = u.Parent {
		for _, p := range u.SCPs {
			visit(p.Doc)
		}
	}
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
